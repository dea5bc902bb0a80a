// Everything that happened to an article; any two moments of it compared, in text, fields, state and rights; the text of one taken up again
// as a new draft.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type AuditLine, type Comparison, type Edition, type Room, type Saved, type SavedContent } from './api'
import { moment } from './clock'
import { EditorBar } from './editor/page'
import { changeWords, doneBy, FieldTable, inZone } from './fields'
import { Runs, Say, useTitle } from './parts'
import { Difference } from './reading'
import { publishable } from './remarks'
import { go, useAddress } from './router'
import { count, of, t } from './words'

interface Happening { at: string, words: string, by: string, detail?: string, side?: string }

/** What a side is called; a line of the history by what was done and when. */
function asWords(side: string, list: Happening[], at?: string): string {
  const n = Number(side.slice(side.indexOf('-') + 1))
  if (side.startsWith('edition')) return t('editionN', { n })
  if (side.startsWith('version')) return t('versionN', { n })
  const h = list.find((h) => h.side === side)
  const when = h?.at ?? at
  return [h ? h.words : t('thatMoment'), when && moment(new Date(when), true)].filter(Boolean).join(', ')
}

export function History({ room, id }: { room: Room, id: string }): JSX.Element {
  const [article, set] = useState<Article>()
  const [list, show] = useState<Happening[]>([])
  const [older, page] = useState<Older>({})
  const [difference, compare] = useState<Comparison>()
  const [error, fail] = useState('')
  const address = useAddress()
  const pair = [address.searchParams.get('from') ?? '', address.searchParams.get('to') ?? ''] as const
  useTitle(`${t('history')} – ${room.name}`)
  useEffect(() => {
    load(id).then((all) => {
      set(all.article)
      show(all.list)
      page(all.older)
      if (!new URL(location.href).searchParams.has('from')) {
        const to = `version-${all.article.content_version}`
        const from = all.article.edition > 0 ? `edition-${all.article.edition}` : `version-${Math.max(1, all.article.content_version - 1)}`
        go(`/articles/${id}/history?from=${from}&to=${to}`, true)
      }
    }).catch((e) => fail(saying(e)))
  }, [id])
  useEffect(() => {
    if (!pair[0] || !pair[1]) return
    const stop = new AbortController()
    compare(undefined) // what is shown is what the address names
    get<Comparison>(`/articles/${id}/compare?from=${pair[0]}&to=${pair[1]}`, stop.signal).then((c) => { compare(c); fail('') }).catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    return () => stop.abort()
  }, [id, pair[0], pair[1]])
  const more = async (): Promise<void> => {
    try {
      const next = await happenings(id, older)
      show((was) => [...was, ...next.list].sort(newestFirst))
      page(next.older)
    } catch (e) {
      fail(saying(e))
    }
  }
  /** Takes a text into the pair; the one that was chosen longer ago goes out, and the older is compared with the newer. */
  const take = (side: string): void => {
    if (pair.includes(side)) return
    const at = (s: string): string => list.find((h) => h.side === s)?.at ?? ''
    const [from, to] = [pair[1], side].sort((a, b) => at(a).localeCompare(at(b)))
    go(`/articles/${id}/history?from=${from}&to=${to}`, true)
  }
  const restore = async (side: string): Promise<void> => {
    try {
      const version = (side === pair[0] ? difference!.from : difference!.to).content_version
      const now = await get<Article>('/articles/' + id)
      const v = await get<SavedContent>(`/articles/${id}/versions/${version}`)
      await ask('PUT', '/articles/' + id, { version: now.version, body: { ...v.content, body: publishable(v.content.body) } })
      go('/articles/' + id)
    } catch (e) {
      fail(saying(e))
    }
  }
  const d = difference
  const names = [asWords(pair[0], list, d?.from.at), asWords(pair[1], list, d?.to.at)] as const
  const changed = d ? d.body.filter((b) => b.kind !== 'same').length : 0
  return (
    <>
      <EditorBar room={room} article={article} plain words="" />
      <main id="main" class="work two">
        <nav class="panel" aria-labelledby="hh"><h2 id="hh">{t('everything')}</h2>
          <ol class="events" reversed>{list.map((h, i) => {
            const on = h.side !== undefined && pair.includes(h.side)
            const inside = <><b>{h.words}, {moment(new Date(h.at), true)}</b>{h.by} {h.detail && <span class="dim">{h.detail}</span>} {on && <span class="dim">{t('compared')}</span>}</>
            return <li key={h.at + i} class={on ? 'on' : ''}>{h.side ? <button type="button" aria-pressed={on} onClick={() => take(h.side!)}>{inside}</button> : inside}</li>
          })}</ol>
          {Boolean(older.version || older.line) && <p class="acts"><button class="b" type="button" onClick={() => void more()}>{t('showOlder')}</button></p>}
        </nav>
        <article class="sheet" aria-labelledby="cc" lang={article?.content.language}>
          {error && <Say warn>{error}</Say>}
          {d && <>
            <h1 id="cc" class="plain-h">{t('pair', { from: names[0], to: names[1] })}</h1>
            <p class="dim">{d.same ? d.beside.length === 0 ? t('nothingDiffersHere') : t('textSame') : <>{count('differBlocks', changed)} {d.fields.length > 0 && count('differFields', d.fields.length)} <ins>{t('addedSince', { side: names[0] })}</ins>, <del>{t('takenOutSince')}</del>.</>}</p>
            <p class="hl" dir="auto"><Runs runs={d.headline} /></p>
            {d.standfirst.length > 0 && <p class="stand" dir="auto"><Runs runs={d.standfirst} /></p>}
            <Difference body={d.body} />
            <FieldTable fields={d.fields} from={names[0]} to={names[1]} />
            <FieldTable fields={d.beside} from={names[0]} to={names[1]} title={t('besideText')} />
            <p class="acts">{pair.map((side, i) => (i === 0 ? d.from : d.to).content_version !== article?.content_version && (i === 0 || d.to.content_version !== d.from.content_version) &&
              <button key={side} class="b" type="button" onClick={() => void restore(side)}>{t('restoreAsDraft', { side: names[i]! })}</button>)}
              {article?.readers === 'published' && article.address && <a class="b bare" href={room.site + article.address + '/history'} target="_blank" rel="noopener">{t('readersHistory')}</a>}</p>
          </>}
        </article>
      </main>
    </>
  )
}

const savedOne = (v: Saved): Happening => ({ at: v.at, words: t('textSaved'), by: v.by, detail: t('versionN', { n: v.content_version }), side: 'version-' + v.content_version })

/** Below which versions and lines of the audit there may be more to show. */
interface Older { version?: number, line?: number }

const newestFirst = (a: Happening, b: Happening): number => b.at.localeCompare(a.at)

/** Saves and publications stand in the list as their texts. */
const asTexts = ['save', 'create', 'publish']

const happened = (l: AuditLine): Happening => ({
  at: l.at, words: of('act', l.act), by: doneBy(l.actor) + (l.role ? ', ' + of('role', l.role) : ''), side: 'line-' + l.n,
  detail: l.picture ? [l.picture.name, ...l.picture.fields.map(changeWords)].filter(Boolean).join('; ') : l.detail && inZone(l.detail),
})

const full = 100

async function happenings(id: string, below: Older): Promise<{ list: Happening[], older: Older }> {
  const before = (n?: number): string => n ? '&before=' + n : ''
  const [{ versions }, { audit }] = await Promise.all([
    below.version === 0 ? { versions: [] } : get<{ versions: Saved[] }>(`/articles/${id}/versions?limit=${full}${before(below.version)}`),
    below.line === 0 ? { audit: [] } : get<{ audit: AuditLine[] }>(`/articles/${id}/audit?limit=${full}${before(below.line)}`),
  ])
  return {
    list: [...versions.map(savedOne), ...audit.filter((l) => !asTexts.includes(l.act) && !l.for).map(happened)],
    older: { version: versions.length === full ? versions.at(-1)!.content_version : 0, line: audit.length === full ? audit.at(-1)!.n : 0 },
  }
}

async function load(id: string): Promise<{ article: Article, list: Happening[], older: Older }> {
  const [article, { editions }, { list, older }] = await Promise.all([
    get<Article>('/articles/' + id), get<{ editions: Edition[] }>(`/articles/${id}/editions`), happenings(id, {}),
  ])
  list.push(...(editions ?? []).map((e): Happening => ({ at: e.recorded, words: t('editionPublished', { n: e.number }), by: doneBy(e.by), detail: of('change', e.change) + (e.note ? ': ' + e.note : ''), side: 'edition-' + e.number })))
  return { article, list: list.sort(newestFirst), older }
}
