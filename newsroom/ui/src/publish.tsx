// Publishing asks one question about a live article: what kind of change is this?
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type Change, type Comparison, type Content, type Edition, type Receipt, type Room } from './api'
import { Checks, findingWords, Lawyer, stopsNow, useFindings } from './checks'
import { date, moment, timeNamed, zoneName } from './clock'
import { EditorBar } from './editor/page'
import { useNames } from './editor/fields'
import { FieldTable } from './fields'
import { onMoved } from './live'
import { Runs, Say, useKeys, useTitle } from './parts'
import { Difference, Reading } from './reading'
import { suggestionsIn } from './remarks'
import { go } from './router'
import { count, locale, of, t } from './words'

export const changes: Change[] = ['minor', 'update', 'correction', 'clarification', 'retraction']
const maxNote = 300

interface Found { article: Article, editions: Edition[], difference?: Comparison }

/** What is to be published, anew whenever somebody changes it. */
function usePublishing(id: string): { found?: Found, error: string } {
  const [found, set] = useState<Found>()
  const [error, fail] = useState('')
  const [round, again] = useState(0)
  useEffect(() => onMoved((m) => { if (m.article === id) again((n) => n + 1) }), [id])
  useEffect(() => {
    const stop = new AbortController()
    const load = async (): Promise<void> => {
      const [article, { editions }] = await Promise.all([get<Article>('/articles/' + id, stop.signal), get<{ editions: Edition[] }>(`/articles/${id}/editions`, stop.signal)])
      const difference = article.edition > 0 ? await get<Comparison>(`/articles/${id}/compare?from=edition-${article.edition}&to=version-${article.content_version}`, stop.signal) : undefined
      set({ article, editions: editions ?? [], difference })
    }
    load().catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    return () => stop.abort()
  }, [id, round])
  return { found, error }
}

export function Publish({ room, id }: { room: Room, id: string }): JSX.Element {
  const { found, error } = usePublishing(id)
  useTitle(`${t('publishIt')} – ${room.name}`)
  if (error) return <main id="main" class="work one"><section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say></section></main>
  if (!found) return <main id="main" aria-busy="true" />
  return <Panel room={room} {...found} />
}

/** A sentence ends with a stop; a headline has none. */
const stopped = (s: string): string => /[.!?।۔؟…]["”’»]?$/.test(s) ? s : s + t('fullStop')

/** The blocks of the newer text that came or changed, by their place in it. */
export function changedBlocks(body: Comparison['body']): { n: number, words: string }[] {
  const list: { n: number, words: string }[] = []
  let n = 0
  for (const b of body) {
    if (b.kind === 'removed') continue
    n += Math.max(b.count ?? 1, 1)
    if (b.kind === 'same') continue
    const words = (b.runs ?? []).filter((r) => r.kind !== 'removed').map((r) => r.text).join('').trim()
    list.push({ n, words: [...words].length > 50 ? [...words].slice(0, 50).join('') + '…' : words })
  }
  return list
}

/** One sentence for readers, made of what changed; the editor makes it good. */
function proposal(kind: Change, d: Comparison | undefined): string {
  if (!d || kind === 'minor' || kind === 'first') return ''
  const s = kind === 'retraction' ? t('noteRetraction') : kind === 'correction' ? corrected(d) : d.changed ? stopped(d.changed) : corrected(d)
  return [...s].length <= maxNote ? s : [...s].slice(0, maxNote - 1).join('') + '…'
}

/** What is right, then what was wrong. */
function corrected(d: Comparison): string {
  if (d.about === 'headline' && d.changed && d.was) return t('noteHeadline', { changed: d.changed, was: d.was })
  if (d.changed && d.was) return t(d.about === 'quotation' ? 'noteQuotation' : 'noteCorrection', { changed: stopped(d.changed), was: d.was })
  if (d.was) return t('noteWent', { was: d.was })
  if (d.changed) return stopped(d.changed)
  const f = d.fields.find((x) => x.after && x.before) ?? d.fields[0]
  if (!f) return ''
  const field = of('field', f.path)
  return f.before && f.after ? t('noteField', { field, before: f.before, after: f.after }) : f.after ? t('noteFieldNew', { field, after: f.after }) : t('noteWent', { was: f.before ?? '' })
}

function Panel({ room, article, editions, difference }: { room: Room } & Found): JSX.Element {
  const first = article.edition === 0
  const [kind, choose] = useState<Change | undefined>(first ? 'first' : undefined)
  const [note, write] = useState('')
  const [corrects, aim] = useState(0)
  const [error, fail] = useState('')
  const [busy, work] = useState(false)
  const [sure, insist] = useState(false)
  const words = useRef<HTMLTextAreaElement>(null)
  const key = useRef(crypto.randomUUID())
  const names = useNames(room, article.content)
  const section = article.content.section ? names(article.content.section) : ''
  const live = editions.at(-1)
  const { findings, fault } = useFindings(article)
  const doubts = kind === 'minor' ? (findings ?? []).filter((f) => f.check === 'minor') : []
  const aims = kind === 'correction' || kind === 'clarification'
  const paragraphs = useMemo(() => difference ? changedBlocks(difference.body) : [], [difference])
  const needs = kind !== undefined && kind !== 'first' && kind !== 'minor'
  const length = [...note.trim()].length
  const blocked = findings === undefined || stopsNow(findings, article, kind)
  const ready = kind !== undefined && !blocked && (!needs || (length > 0 && length <= maxNote))

  const pick = (k: Change): void => {
    choose(k)
    insist(false)
    if (note === '' || changes.some((c) => note === proposal(c, difference))) write(proposal(k, difference))
    if (k !== 'minor') requestAnimationFrame(() => words.current?.focus())
  }
  useKeys((e) => {
    const k = changes[Number(e.key) - 1]
    if (first || !k || e.target instanceof HTMLTextAreaElement || e.ctrlKey || e.metaKey || e.altKey) return
    e.preventDefault()
    pick(k)
  })
  const publish = async (): Promise<void> => {
    if (!ready || busy) return
    if (doubts.length > 0 && !sure) return insist(true)
    work(true)
    fail('')
    try {
      const r = await ask<Receipt>('POST', `/articles/${article.id}/publish`, { version: article.version, key: key.current, async: true, body: { change: kind, ...(needs ? { note: note.trim() } : {}), ...(aims && corrects ? { corrects } : {}) } })
      go(`/articles/${article.id}/receipt/${r.sequence}`)
    } catch (e) {
      fail(saying(e))
      work(false)
    }
  }
  const toSchedule = `/articles/${article.id}/schedule` + (first ? '' : '?' + new URLSearchParams({ change: kind ?? '', note: needs ? note.trim() : '', ...(aims && corrects ? { corrects: String(corrects) } : {}) }).toString())
  return (
    <>
      <EditorBar room={room} article={article} plain words={t('savedAt', { time: moment(new Date(article.saved_at), true), version: article.content_version })} />
      <main id="main" class="work pub">
        {difference ? <Changed difference={difference} section={section} content={article.content} /> : <Reading content={article.content} section={section} />}
        <form class="panel" aria-labelledby="pt" onSubmit={(e) => { e.preventDefault(); void publish() }}>
          <h1 id="pt">{t('publishEdition', { n: article.edition + 1 })}</h1>
          {live && <p class="dim">{t('liveSince', { n: live.number, time: moment(new Date(live.public)) + ' ' + zoneName(new Date(live.public)) })}</p>}
          {first && <FirstAddress id={article.id} />}
          {!first && difference?.same && <Say>{t('nothingDiffers')}</Say>}
          {!first && (
            <fieldset class="pick"><legend>{t('whatKind')}</legend>{changes.map((c, i) => (
              <label key={c}><input type="radio" name="k" checked={kind === c} onChange={() => pick(c)} /> <span><b>{of('change', c)} <kbd aria-hidden="true">{i + 1}</kbd></b><span>{of('means', c)}</span></span></label>
            ))}</fieldset>
          )}
          {doubts.length > 0 && <Say warn><b>{t('notMinor')}</b> {doubts.map(findingWords).join(' ')}{sure && <p>{t('minorStill')}</p>}</Say>}
          {needs && <div class={'f' + (length > maxNote ? ' bad' : '')}><label for="why">{of('ask', kind)}</label>
            <textarea id="why" ref={words} rows={3} value={note} lang={article.content.language} dir="auto" aria-describedby="why-hint" onInput={(e) => write(e.currentTarget.value.replaceAll(/[\r\n]+/g, ' '))}
              onKeyDown={(e) => { if (e.key === 'Enter' && !e.isComposing) { e.preventDefault(); void publish() } }} />
            <p class="hint" id="why-hint">{count('characters', length)} {of('noteHint', kind)}</p></div>}
          {aims && <Aim paragraphs={paragraphs} value={corrects} set={aim} />}
          {!first && kind && <section aria-labelledby="ar"><h2 id="ar">{t('asReaders')}</h2><AsRead kind={kind} note={note} article={article} room={room} /></section>}
          <Checks article={article} findings={findings} kind={kind} fault={fault} />
          <Lawyer room={room} article={article} findings={findings ?? []} />
          <Untaken article={article} />
          {error && <Say warn>{error}</Say>}
          <p class="acts"><button class="b go" disabled={!ready || busy}>{doubts.length > 0 && sure ? t('publishMinorStill') : first ? t('publishNow') : kind ? t('publishKind', { change: of('change', kind).toLocaleLowerCase(locale) }) : t('chooseKind')}</button>
            {ready && <a class="b" href={toSchedule}>{t('scheduleMore')}</a>}<a class="b bare" href={`/articles/${article.id}`}>{t('backToText')}</a></p>
        </form>
      </main>
    </>
  )
}

/** Which paragraph a correction or clarification is about. */
export function Aim({ paragraphs, value, set }: { paragraphs: { n: number, words: string }[], value: number, set: (n: number) => void }): JSX.Element | null {
  if (paragraphs.length === 0) return null
  return <div class="f"><label for="corrects">{t('correctsWhich')}</label>
    <select id="corrects" value={value} onChange={(e) => set(Number(e.currentTarget.value))}>
      <option value={0}>{t('correctsAll')}</option>
      {paragraphs.map((b) => <option key={b.n} value={b.n}>{t('correctsN', { n: b.n, words: b.words })}</option>)}
    </select></div>
}

function Changed({ difference: d, section, content }: { difference: Comparison, section: string, content: Content }): JSX.Element {
  return (
    <article class="sheet" aria-label={t('whatWillChange')} lang={content.language}>
      <p class="label">{section}</p><h2 class="hl" dir="auto"><Runs runs={d.headline} /></h2>
      {d.standfirst.length > 0 && <p class="stand" dir="auto"><Runs runs={d.standfirst} /></p>}
      <Difference body={d.body} />
      <FieldTable fields={d.fields} from={sideWords(d.from)} to={sideWords(d.to)} />
    </article>
  )
}

const sideWords = (s: Comparison['from']): string => s.edition ? t('editionN', { n: s.edition }) : t('versionN', { n: s.content_version })

function AsRead({ kind, note, article, room }: { kind: Change, note: string, article: Article, room: Room }): JSX.Element {
  const moves = kind !== 'minor'
  const firstAt = article.first_published ? new Date(article.first_published) : undefined
  const updated = article.updated ? new Date(article.updated) : undefined
  return (
    <div class="asread" lang={room.language}>
      {moves ? <p><span class="dim">{t('updated')}</span> {date(new Date())}, <b>{t('whenYouPress')}</b></p> : updated && <p><span class="dim">{t('updated')}</span> {date(updated)}, {timeNamed(updated)}</p>}
      {moves && note.trim() && <p class="why" data-wrong={kind !== 'update' ? '' : undefined} dir="auto">{kind !== 'update' && <b class="red">{of('change', kind)}: </b>}{note.trim()}</p>}
      {firstAt && <p><span class="dim">{t('firstPublished')}</span> {date(firstAt)}, {timeNamed(firstAt)}</p>}
    </div>
  )
}

/** What is suggested and goes out as it was before, with a way to each. */
export function Untaken({ article }: { article: Article }): JSX.Element | null {
  const ids = suggestionsIn(article.content.body)
  if (ids.length === 0) return null
  return <Say>{count('checkSuggestions', ids.length)} {ids.map((id, i) => <><a key={id} href={`/articles/${article.id}?at=suggestion-${id}`}>{t('suggestionN', { n: i + 1 })}</a> </>)}</Say>
}

function FirstAddress({ id }: { id: string }): JSX.Element {
  const [address, set] = useState('')
  useEffect(() => {
    get<{ address: string }>(`/articles/${id}/address`).then((a) => set(a.address)).catch((e) => set(saying(e)))
  }, [id])
  return <p>{t('willStandAt')} <span class="addr">{address}</span></p>
}
