// A live coverage as its editors work in it: one field to post from, the entries below, and how it goes on beside them.
import type { JSX } from 'preact'
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { ask, get, nameIn, Problem, saying, type Article, type Credit, type Doc, type Id, type Person, type Receipt, type Room } from './api'
import { EditorBar } from './editor/page'
import { onLive, Place } from './live'
import { instants, moment, wall, zoneName } from './clock'
import { Dialog, Kbd, Say, Square, useTitle } from './parts'
import { docOf, textOf } from './plain'
import { go } from './router'
import { number, of, t } from './words'

type State = 'planned' | 'live' | 'paused' | 'ended'
interface Entry {
  number: number, version: number, headline?: string, body?: Doc, byline?: Credit[], place?: string, key?: boolean, pinned?: boolean, correction?: string, at: string, posted: string,
  changed: string, deleted?: boolean, reason?: string, by: string, broken_out?: Id
}
interface Coverage { state: State, summary?: Doc, version: number, changed?: string, count: number, entries: Entry[] }
interface Done { live: Coverage, entry?: Entry, receipt: Receipt }

/** The states that follow one, the likeliest first. */
const next: Record<State, State[]> = { planned: ['live'], live: ['paused', 'ended'], paused: ['live', 'ended'], ended: ['live'] }
const page = 50
/** Whether how it goes on stands beside the entries; above them it is folded. */
const beside = matchMedia('(min-width:64rem)').matches

export function CoveragePage({ room, id }: { room: Room, id: Id }): JSX.Element {
  const [article, set] = useState<Article>()
  const [live, know] = useState<Coverage>()
  const [error, fail] = useState('')
  const [said, say] = useState('')
  useTitle(`${t('liveView')} – ${room.name}`)
  const refresh = useCallback(() => {
    get<Coverage>(`/articles/${id}/live?limit=${page}`).then((is) => know((was) => was ? { ...is, entries: joined(is.entries, was.entries) } : is)).catch((e) => fail(saying(e)))
  }, [id])
  useEffect(() => { get<Article>('/articles/' + id).then(set).catch((e) => fail(saying(e))) }, [id])
  useEffect(refresh, [refresh])
  useEffect(() => onLive((m) => { if (m.article === id) refresh() }), [id, refresh])
  useEffect(() => {
    const place = new Place(id)
    return () => place.leave()
  }, [id])
  const done = (d: Done): void => {
    say(d.receipt.confirmed ? t('liveOut', { n: d.receipt.addresses.length, ms: number(Math.max(1, Math.round(d.receipt.ms))) }) : t('notAllConfirmed'))
    know((was) => was && { ...was, ...d.live, entries: d.entry ? joined([d.entry], was.entries) : was.entries })
  }
  const more = (): void => {
    get<Coverage>(`/articles/${id}/live?limit=${page}&before=${live!.entries.at(-1)!.number}`).then((is) => know((was) => was && { ...was, entries: joined(was.entries, is.entries) })).catch((e) => fail(saying(e)))
  }
  if (error && !live) return <main id="main" class="work one"><section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say></section></main>
  if (!article || !live) return <main id="main" aria-busy="true" />
  const editor = room.me.role !== 'reporter'
  const published = article.readers === 'published'
  return (
    <>
      <EditorBar room={room} article={article} plain words={said} />
      <main id="main" class="work edit cover">
        <div class="sheet">
          <p class="state"><Square of={live.state === 'live' ? 'out' : ''} /><b class={live.state === 'live' ? 'red' : ''}>{of('live', live.state)}</b></p>
          <h1 dir="auto" lang={article.content.language}>{article.content.headline || t('untitled')}</h1>
          {!published && <Say>{t('livePublishFirst')} <a href={'/articles/' + id}>{t('backToText')}</a></Say>}
          {error && <Say warn>{error}</Say>}
          {published && editor && live.state === 'live' && <Post room={room} id={id} language={article.content.language} done={done} />}
          {published && editor && live.state !== 'live' && <Say>{t('liveNotOn')}</Say>}
        </div>
        <aside class="rail">
          {published && editor && <Steer id={id} live={live} language={article.content.language} done={done} refresh={refresh} />}
          <p class="acts">{article.address && <a class="b" href={room.site + article.address} target="_blank" rel="noopener">{t('seeAsReader')}</a>}<a class="b bare" href={`/articles/${id}`}>{t('liveText')}</a></p>
        </aside>
        <div class="sheet">
          <h2>{t('liveEntries')}</h2>
          <ol class="entries">{live.entries.map((e) => <Line key={e.number} id={id} entry={e} language={article.content.language} may={editor && published} chief={room.me.role === 'chief'} done={done} refresh={refresh} />)}</ol>
          {live.entries.length === 0 && <p class="dim">{t('nothingHere')}</p>}
          {live.entries.length > 0 && live.entries.at(-1)!.number > 1 && <p class="acts"><button class="b" type="button" onClick={more}>{t('showMore')}</button></p>}
        </div>
      </main>
    </>
  )
}

const same = (a: { day: string, time: string }, b: { day: string, time: string }): boolean => a.day === b.day && a.time === b.time

/** Entries by number, the greatest first; those of the first list count. */
function joined(first: Entry[], then: Entry[]): Entry[] {
  const by = new Map([...then, ...first].map((e) => [e.number, e]))
  return [...by.values()].sort((a, b) => b.number - a.number)
}

/** The one field: the first line is the headline where a blank line follows it. Ctrl or Cmd and Enter posts. */
function Post({ room, id, language, done }: { room: Room, id: Id, language?: string, done: (d: Done) => void }): JSX.Element {
  const [text, write] = useState(() => sessionStorage.getItem('post ' + id) ?? '')
  const [place, stand] = useState(() => localStorage.getItem('place') ?? '')
  const [by, sign] = useState(() => localStorage.getItem('byline') ?? '')
  const [people, find] = useState<Person[]>([])
  const [main, mark] = useState(false)
  const [error, fail] = useState('')
  const [busy, work] = useState(false)
  const key = useRef(crypto.randomUUID())
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => sessionStorage.setItem('post ' + id, text), [text])
  useEffect(() => { get<{ items: Person[] }>('/persons?limit=200').then((r) => find(r.items)).catch(() => undefined) }, []) // without them a name is only not offered
  const post = async (): Promise<void> => {
    if (busy || !text.trim()) return
    work(true)
    fail('')
    try {
      const d = await ask<Done>('POST', `/articles/${id}/entries`, { key: key.current, body: { ...words(text), place: place.trim() || undefined, key: main || undefined, byline: by ? [{ person: by }] : undefined } })
      key.current = crypto.randomUUID()
      write('')
      mark(false)
      done(d)
    } catch (e) {
      fail(saying(e))
    }
    work(false)
    field.current?.focus()
  }
  const keep = (name: string, value: string, f: (s: string) => void): void => {
    localStorage.setItem(name, value)
    f(value)
  }
  return (
    <form class="f" onSubmit={(e) => { e.preventDefault(); void post() }}>
      <label for="post">{t('livePost')}</label>
      <textarea id="post" ref={field} rows={5} lang={language} dir="auto" value={text} aria-describedby="post-hint" onInput={(e) => write(e.currentTarget.value)}
        onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); void post() } }} />
      <p class="hint" id="post-hint">{t('livePostHint')}</p>
      {error && <Say warn>{error}</Say>}
      <div class="acts gap">
        <button class="b go" disabled={busy || !text.trim()}>{t('livePostIt')} <Kbd>Ctrl Enter</Kbd></button>
        <label class="pair"><input type="checkbox" checked={main} onChange={(e) => mark(e.currentTarget.checked)} /> {t('liveKey')}</label>
        <label class="pair">{t('liveBy')} <select class="in" value={by} onChange={(e) => keep('byline', e.currentTarget.value, sign)}><option value="">{t('liveDesk')}</option>{people.map((p) => <option key={p.id} value={p.id}>{nameIn(p.names, room.language)}</option>)}</select></label>
        <label class="pair">{t('livePlace')} <input class="in" value={place} maxLength={100} dir="auto" onInput={(e) => keep('place', e.currentTarget.value, stand)} /></label>
      </div>
    </form>
  )
}

/** What the field holds, as the headline and the text of an entry. */
function words(text: string): { headline?: string, body?: Doc } {
  const [first = '', rest] = text.trim().split(/\n\s*\n([^]*)/)
  const headed = !first.includes('\n') && (rest !== undefined || first.length <= 120)
  return headed ? { headline: first.trim(), body: docOf(rest ?? '') } : { body: docOf(text) }
}

interface LineProps { id: Id, entry: Entry, language?: string, may: boolean, chief: boolean, done: (d: Done) => void, refresh: () => void }

function Line({ id, entry: e, language, may, chief, done, refresh }: LineProps): JSX.Element {
  const [editing, edit] = useState(false)
  const [removing, remove] = useState(false)
  const [error, fail] = useState('')
  const at = `/articles/${id}/entries/${e.number}`
  const act = async (f: () => Promise<void>): Promise<void> => {
    fail('')
    try {
      await f()
    } catch (x) {
      fail(saying(x))
      if (x instanceof Problem && x.status === 409) refresh()
    }
  }
  const whole = (change: Partial<Entry>): unknown => {
    const { headline, body, byline, place, key, pinned, correction } = { ...e, ...change }
    return { headline, body, byline, place: place || undefined, key, pinned, correction: correction || undefined, at: change.at }
  }
  const put = (change: Partial<Entry>): Promise<void> => act(async () => { done(await ask<Done>('PUT', at, { version: e.version, body: whole(change) })); edit(false) })
  return (
    <li class={e.pinned ? 'pinned' : ''}>
      <p class="dim small"><time dateTime={e.at}>{moment(new Date(e.at), true)}</time>, {e.by}{e.place && ', ' + e.place}{e.pinned && ', ' + t('livePinned')}{e.key && ', ' + t('liveKey')}</p>
      {e.deleted ? <p class="dim">{t('liveRemoved', { why: e.reason ?? '' })}</p> : editing
        ? <Edit entry={e} language={language} close={() => edit(false)} put={put} />
        : <div lang={language} dir="auto">{e.headline && <h3>{e.headline}</h3>}{e.correction && <p><b class="red">{of('change', 'correction')}</b> {e.correction}</p>}
          {textOf(e.body).text.split('\n\n').filter(Boolean).map((p, i) => <p key={i}>{p}</p>)}</div>}
      {error && <Say warn>{error}</Say>}
      {chief && !editing && <p class="acts"><a class="b bare red" href={`/redact?passage=${encodeURIComponent(`live_entry/${id}/${e.number}`)}`}>{t('redactMore')}</a></p>}
      {may && !e.deleted && !editing && <p class="acts">
        <button class="b bare" type="button" onClick={() => edit(true)}>{t('liveEdit')}</button>
        <button class="b bare" type="button" aria-pressed={e.pinned ?? false} onClick={() => void put({ pinned: !e.pinned })}>{e.pinned ? t('liveUnpin') : t('livePin')}</button>
        <button class="b bare" type="button" aria-pressed={e.key ?? false} onClick={() => void put({ key: !e.key })}>{t('liveKey')}</button>
        {e.broken_out ? <a class="b bare" href={'/articles/' + e.broken_out}>{t('liveItsArticle')}</a>
          : <button class="b bare" type="button" onClick={() => void act(async () => go('/articles/' + (await ask<Article>('POST', at + '/article', { version: e.version })).id))}>{t('liveBreakOut')}</button>}
        <button class="b bare red" type="button" onClick={() => remove(true)}>{t('liveRemove')}</button>
      </p>}
      {removing && <Removing close={() => remove(false)} remove={(why) => act(async () => { done(await ask<Done>('DELETE', `${at}?reason=${encodeURIComponent(why)}`, { version: e.version })); remove(false) })} />}
    </li>
  )
}

function Edit({ entry: e, language, close, put }: { entry: Entry, language?: string, close: () => void, put: (change: Partial<Entry>) => Promise<void> }): JSX.Element {
  const was = textOf(e.body)
  const [headline, head] = useState(e.headline ?? '')
  const [text, write] = useState(was.text)
  const [correction, correct] = useState(e.correction ?? '')
  const [place, stand] = useState(e.place ?? '')
  const at = new Date(e.at)
  const [when, date] = useState(wall(at))
  const is = same(when, wall(at)) ? at : instants(when.day, when.time)[0]
  const save = (): void => { if (is) void put({ headline: headline.trim(), body: text === was.text ? e.body : docOf(text), correction: correction.trim(), place: place.trim(), at: is === at ? undefined : is.toISOString() }) }
  return (
    <form class="f" lang={language} onSubmit={(x) => { x.preventDefault(); save() }} onKeyDown={(x) => { if (x.key === 'Enter' && (x.ctrlKey || x.metaKey)) { x.preventDefault(); save() } if (x.key === 'Escape') close() }}>
      <label>{t('headline')}<input class="in" value={headline} dir="auto" maxLength={300} onInput={(x) => head(x.currentTarget.value)} ref={(i) => { if (i && document.activeElement === document.body) i.focus() }} /></label>
      {was.plain ? <label>{t('body')}<textarea rows={5} dir="auto" value={text} onInput={(x) => write(x.currentTarget.value)} /></label> : <p class="hint">{t('liveNotPlain')}</p>}
      <div class="acts">
        <label>{t('livePlace')}<input class="in" value={place} maxLength={100} dir="auto" onInput={(x) => stand(x.currentTarget.value)} /></label>
        <div role="group" aria-labelledby={'at' + e.number}><span class="l" id={'at' + e.number}>{t('liveAt', { zone: zoneName(is ?? at) })}</span>
          <span class="acts"><input class="in half" type="date" required aria-label={t('day')} value={when.day} onInput={(x) => date({ ...when, day: x.currentTarget.value })} />
            <input class="in half" type="time" required aria-label={t('time')} value={when.time} onInput={(x) => date({ ...when, time: x.currentTarget.value })} /></span></div>
      </div>
      {!is && <p class="err" role="alert">{t('noSuchTime', { time: when.time })}</p>}
      <label>{t('liveCorrection')}<textarea rows={2} dir="auto" maxLength={300} value={correction} onInput={(x) => correct(x.currentTarget.value.replaceAll(/[\r\n]+/g, ' '))} /></label>
      <p class="hint">{t('liveCorrectionHint')}</p>
      <p class="acts"><button class="b go">{t('liveSave')}</button><button class="b bare" type="button" onClick={close}>{t('cancel')}</button></p>
    </form>
  )
}

function Removing({ close, remove }: { close: () => void, remove: (why: string) => Promise<void> }): JSX.Element {
  const [why, because] = useState('')
  return (
    <Dialog title={t('liveRemoveTitle')} close={close}>
      <form onSubmit={(e) => { e.preventDefault(); void remove(why) }}>
        <div class="f"><label for="why">{t('liveRemoveWhy')}</label><input id="why" class="in" value={why} required maxLength={300} dir="auto" onInput={(e) => because(e.currentTarget.value)} /></div>
        <p class="acts"><button class="b" type="button" onClick={close}>{t('cancel')}</button><button class="b no sure">{t('liveRemove')}</button></p>
      </form>
    </Dialog>
  )
}

/** How the coverage goes on: its state, and the summary at its head. */
function Steer({ id, live, language, done, refresh }: { id: Id, live: Coverage, language?: string, done: (d: Done) => void, refresh: () => void }): JSX.Element {
  const was = textOf(live.summary)
  const [text, write] = useState(was.text)
  const [error, fail] = useState('')
  useEffect(() => write(textOf(live.summary).text), [live.version])
  const steer = async (state?: State): Promise<void> => {
    fail('')
    try {
      done(await ask<Done>('PUT', `/articles/${id}/live`, { version: live.version, body: { state, summary: text === was.text ? live.summary : docOf(text) } }))
    } catch (e) {
      fail(saying(e))
      if (e instanceof Problem && e.status === 409) refresh()
    }
  }
  return (
    <details open={beside}><summary>{t('liveHow')}</summary>
      <p class="acts gap">{next[live.state].map((s, i) => <button key={s} class={'b' + (i === 0 && live.state !== 'live' ? ' go' : '')} type="button" onClick={() => void steer(s)}>{of('liveTo', s)}</button>)}</p>
      <form class="f gap" onSubmit={(e) => { e.preventDefault(); void steer() }}>
        <label for="sum">{t('liveSummary')}</label>
        {was.plain ? <textarea id="sum" rows={6} lang={language} dir="auto" value={text} aria-describedby="sum-hint" onInput={(e) => write(e.currentTarget.value)} /> : <p class="hint">{t('liveNotPlain')}</p>}
        <p class="hint" id="sum-hint">{t('liveSummaryHint')}</p>
        <p class="acts"><button class="b" disabled={text === was.text}>{t('liveSummarySave')}</button></p>
      </form>
      {error && <Say warn>{error}</Say>}
    </details>
  )
}
