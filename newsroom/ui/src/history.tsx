// Everything that happened to an article; any two of its texts compared; one taken up again as a new draft.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type AuditLine, type Comparison, type Edition, type Room, type Saved, type SavedContent } from './api'
import { date, moment, timeNamed } from './clock'
import { EditorBar } from './editor/page'
import { Runs, Say, useTitle } from './parts'
import { FieldTable } from './publish'
import { Difference } from './reading'
import { publishable } from './remarks'
import { go, useAddress } from './router'
import { count, of, t } from './words'

interface Happening { at: string, words: string, by: string, detail?: string, side?: string }

const asWords = (side: string): string => side.startsWith('edition') ? t('editionN', { n: Number(side.slice(8)) }) : t('versionN', { n: Number(side.slice(8)) })

export function History({ room, id }: { room: Room, id: string }): JSX.Element {
  const [article, set] = useState<Article>()
  const [list, show] = useState<Happening[]>([])
  const [older, page] = useState<number>()
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
      const { versions } = await get<{ versions: Saved[] }>(`/articles/${id}/versions?limit=100&before=${older}`)
      show((was) => [...was, ...(versions ?? []).map(savedOne)].sort((a, b) => b.at.localeCompare(a.at)))
      page(versions?.length === 100 ? versions.at(-1)!.content_version : undefined)
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
      const version = side.startsWith('edition') ? difference!.from.content_version : Number(side.slice(8))
      const now = await get<Article>('/articles/' + id)
      const v = await get<SavedContent>(`/articles/${id}/versions/${version}`)
      await ask('PUT', '/articles/' + id, { version: now.version, body: { ...v.content, body: publishable(v.content.body) } })
      go('/articles/' + id)
    } catch (e) {
      fail(saying(e))
    }
  }
  const d = difference
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
          {older && <p class="acts"><button class="b" type="button" onClick={() => void more()}>{t('showOlder')}</button></p>}
        </nav>
        <article class="sheet" aria-labelledby="cc" lang={article?.content.language}>
          {error && <Say warn>{error}</Say>}
          {d && <>
            <h1 id="cc" class="plain-h">{t('pair', { from: asWords(pair[0]), to: asWords(pair[1]) })}</h1>
            <p class="dim">{d.same ? t('nothingDiffers') : <>{count('differBlocks', changed)} {d.fields.length > 0 && count('differFields', d.fields.length)} <ins>{t('addedSince', { side: asWords(pair[0]) })}</ins>, <del>{t('takenOutSince')}</del>.</>}</p>
            <p class="hl" dir="auto"><Runs runs={d.headline} /></p>
            {d.standfirst.length > 0 && <p class="stand" dir="auto"><Runs runs={d.standfirst} /></p>}
            <Difference body={d.body} />
            <FieldTable difference={d} />
            <p class="acts"><button class="b" type="button" onClick={() => void restore(pair[0])}>{t('restoreAsDraft', { side: asWords(pair[0]) })}</button>
              {article?.readers === 'published' && article.address && <a class="b bare" href={room.site + article.address + '/history'} target="_blank" rel="noopener">{t('readersHistory')}</a>}</p>
          </>}
        </article>
      </main>
    </>
  )
}

const savedOne = (v: Saved): Happening => ({ at: v.at, words: t('textSaved'), by: v.by, detail: t('versionN', { n: v.content_version }), side: 'version-' + v.content_version })

/** Instants in the words of the audit, on the newsroom's clock. */
const inZone = (s: string): string => s.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (iso) => date(new Date(iso)) + ', ' + timeNamed(new Date(iso)))

async function load(id: string): Promise<{ article: Article, list: Happening[], older?: number }> {
  const [article, { editions }, { versions }, { audit }] = await Promise.all([
    get<Article>('/articles/' + id), get<{ editions: Edition[] }>(`/articles/${id}/editions`), get<{ versions: Saved[] }>(`/articles/${id}/versions?limit=100`), get<{ audit: AuditLine[] }>(`/articles/${id}/audit?limit=200`),
  ])
  const list: Happening[] = [
    ...(editions ?? []).map((e) => ({ at: e.recorded, words: t('editionPublished', { n: e.number }), by: e.by, detail: of('change', e.change) + (e.note ? ': ' + e.note : ''), side: 'edition-' + e.number })),
    ...(versions ?? []).map(savedOne),
    ...(audit ?? []).filter((l) => !['save', 'create', 'publish'].includes(l.act) && !l.for).map((l) => ({ at: l.at, words: of('act', l.act), by: l.actor + (l.role ? ', ' + of('role', l.role) : ''), detail: l.detail && inZone(l.detail) })),
  ]
  list.sort((a, b) => b.at.localeCompare(a.at))
  return { article, list, older: versions?.length === 100 ? versions.at(-1)!.content_version : undefined }
}

