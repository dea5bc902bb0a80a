// A text as it is read, without being edited.
import { Fragment, type JSX } from 'preact'
import { smallAddress, type Block, type Content, type Lead } from './api'
import { textOf } from './merge'
import { Runs } from './parts'
import { publishable } from './remarks'
import { count, of, t } from './words'

interface Node { type: string, attrs?: Record<string, unknown>, content?: Node[], marks?: { type: string, attrs?: Record<string, string> }[], text?: string }

const tags: Record<string, 'strong' | 'em' | 's' | 'code' | 'sub' | 'sup'> = { strong: 'strong', em: 'em', strike: 's', code: 'code', sub: 'sub', sup: 'sup' }

function Inline({ nodes }: { nodes?: Node[] }): JSX.Element {
  return <>{nodes?.map((n, i) => {
    if (n.type === 'hard_break') return <br key={i} />
    let out: JSX.Element = <>{n.text}</>
    for (const m of n.marks?.toReversed() ?? []) {
      const Tag = tags[m.type]
      if (Tag) out = <Tag>{out}</Tag>
      else if (m.type === 'lang') out = <span lang={m.attrs?.lang}>{out}</span>
      else out = <span class="linked">{out}</span>
    }
    return <span key={i}>{out}</span>
  })}</>
}

function BlockView({ node: n }: { node: Node }): JSX.Element {
  const kids = n.content?.map((c, i) => <BlockView key={i} node={c} />)
  const a = (n.attrs ?? {}) as Record<string, string>
  switch (n.type) {
    case 'heading': return a.level as unknown === 2 ? <h2><Inline nodes={n.content} /></h2> : <h3><Inline nodes={n.content} /></h3>
    case 'bullet_list': return <ul>{kids}</ul>
    case 'ordered_list': return <ol start={Number(a.start ?? 1)}>{kids}</ol>
    case 'list_item': return <li>{kids}</li>
    case 'quote': return <figure class="quote"><blockquote>{kids}</blockquote>{(a.name || a.role) && <figcaption>{[a.name, a.role].filter(Boolean).join(', ')}</figcaption>}</figure>
    case 'pull_quote': return <p class="pull"><Inline nodes={n.content} /></p>
    case 'figure': return <figure><img src={smallAddress(a.picture!, true)} alt={a.alt ?? ''} /><figcaption><Inline nodes={n.content} /> <span class="dim">{a.credit}</span></figcaption></figure>
    case 'gallery': return <div class="gallery-pictures">{kids}</div>
    case 'fact_box': return <aside class="fact">{a.title && <p><b>{a.title}</b></p>}{kids}</aside>
    case 'table': return <div class="table-scroll"><table><tbody>{kids}</tbody></table></div>
    case 'table_row': return <tr>{kids}</tr>
    case 'table_cell': return a.header ? <th><Inline nodes={n.content} /></th> : <td><Inline nodes={n.content} /></td>
    case 'embed': return <p class="embed">{a.title || a.url}</p>
    case 'code': return <pre><code>{textOf(n)}</code></pre>
    case 'rule': return <hr />
    default: return <p><Inline nodes={n.content} /></p>
  }
}

export function LeadView({ lead }: { lead: Lead }): JSX.Element {
  return <figure class="lead"><img src={smallAddress(lead.picture, true)} alt={lead.alt ?? ''} /><figcaption>{lead.caption} <span class="dim">{lead.credit}</span></figcaption></figure>
}

export function Reading({ content, section }: { content: Content, section: string }): JSX.Element {
  return (
    <article class="sheet" aria-label={t('article')} lang={content.language}>
      <p class="label">{section}</p><h2 class="hl" dir="auto">{content.headline}</h2>
      {content.standfirst && <p class="stand" dir="auto">{content.standfirst}</p>}
      {content.lead && <LeadView lead={content.lead} />}
      {content.dateline?.place && <p class="dl">{content.dateline.place}{content.dateline.agency && ` (${content.dateline.agency})`} —</p>}
      <div class="prose" dir="auto">{((publishable(content.body)?.content ?? []) as Node[]).map((n, i) => <BlockView key={i} node={n} />)}</div>
    </article>
  )
}

/** What differs, with what is the same folded into a line. */
export function Difference({ body }: { body: Block[] }): JSX.Element {
  return <div class="prose diff" dir="auto">{body.map((b, i) => {
    if (b.kind === 'same') return <p class="same" key={i}>{count('sameBlocks', b.count ?? 1)}</p>
    const away = b.how === 'moved' && b.kind === 'removed' // shown where it stands now
    const runs = (b.runs ?? []).length > 0 && !away && <Runs runs={b.runs!} breaks={b.how !== undefined} />
    return <Fragment key={i}>
      {shape(b) && <p class="shape">{shape(b)}</p>}
      {runs && (b.type === 'heading' ? <h2>{runs}</h2> : b.type === 'quote' ? <blockquote>{runs}</blockquote> : <p class="pre">{runs}</p>)}
      {b.detail && !b.was && <p class="same">{t('detailDiffers')}</p>}
    </Fragment>
  })}</div>
}

/** What happened to a block as a whole. That a paragraph or a heading came or went is said by its words. */
function shape(b: Block): string {
  const now = of('block', b.type ?? '')
  if (b.how === 'moved') return t(b.kind === 'added' ? 'movedHere' : 'movedAway', { block: now })
  if (b.how === 'split') return count('splitInto', b.count ?? 2, { block: now })
  if (b.how === 'merged') return count('mergedOf', b.count ?? 2, { block: now })
  if (b.was) return t('madeOf', { block: now, was: of('block', b.was) })
  if (b.kind === 'changed' || b.type === 'paragraph' || b.type === 'heading') return ''
  return t(b.kind === 'added' ? 'blockAdded' : 'blockRemoved', { block: now })
}
