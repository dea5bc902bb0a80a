// One running story: what it is, where it stands, its dates and parties. Saving is desk work; publishing is an act.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask, get, nameIn, saying, type Article, type Change, type Receipt, type Room, type Story, type StoryContent, type StoryEvent, type StoryRow, type StoryStatus, type Topic } from '../api'
import { Bar } from '../bar'
import { date, instants, moment, now, wall } from '../clock'
import { known, Topics } from '../editor/fields'
import { Say, Square, useTitle } from '../parts'
import { go } from '../router'
import { over } from '../stories'
import { of, t } from '../words'
import { StoryTokens } from './field'
import { StoryLocks, StoryStops } from './locks'
import { Source } from './source'
import { StatusFields } from './status'
import { When, partsOf, spoken, whenOf } from './when'

const wordsIn = (s: string): number => s.trim() ? s.trim().split(/\s+/).length : 0

export function StoryPage({ room, id }: { room: Room, id: string }): JSX.Element {
  const [story, set] = useState<Story>()
  const [content, write] = useState<StoryContent>({ name: '', language: room.language })
  const [dirty, soil] = useState(false)
  const [error, fail] = useState('')
  const [busy, work] = useState(false)
  const [why, kind] = useState<Change>('update')
  const [note, tell] = useState('')
  const isNew = id === 'new'
  useTitle(`${content.name || t('newStory')} – ${room.name}`)
  const take = (s: Story): void => { set(s); write(s.content); soil(false); fail('') }
  useEffect(() => { if (!isNew) get<Story>('/stories/' + id).then(take).catch((e) => fail(saying(e))) }, [id])
  const change = (part: Partial<StoryContent>): void => { write((was) => ({ ...was, ...part })); soil(true) }
  const act = async <T,>(f: () => Promise<T>): Promise<T | undefined> => {
    work(true)
    fail('')
    try {
      return await f()
    } catch (e) {
      fail(saying(e))
      return undefined
    } finally {
      work(false)
    }
  }
  const save = async (): Promise<Story | undefined> => act(async () => {
    const saved = isNew || !story ? await ask<Story>('POST', '/stories', { body: content }) : await ask<Story>('PUT', '/stories/' + story.id, { version: story.version, body: content })
    take(saved)
    if (isNew) go('/stories/' + saved.id, true)
    return saved
  })
  const publish = async (): Promise<void> => {
    const s = dirty || isNew ? await save() : story
    if (s) await act(async () => { const r = await ask<Receipt>('POST', `/stories/${s.id}/publish`, { version: s.version, async: true, ...(s.edition > 0 ? { body: { change: why, ...(told ? { note: told } : {}) } } : {}) }); go(`/stories/${s.id}/receipt/${r.sequence}`) })
  }
  const told = why === 'minor' ? '' : note.trim()
  const wrong = why === 'correction' || why === 'clarification'
  const latest = useRef(save)
  latest.current = save
  useEffect(() => {
    const key = (e: KeyboardEvent): void => { if ((e.ctrlKey || e.metaKey) && e.key === 's') { e.preventDefault(); void latest.current() } }
    document.addEventListener('keydown', key)
    return () => document.removeEventListener('keydown', key)
  }, [])
  if (error && !story && !isNew) return <main id="main" class="work one"><section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say></section></main>
  if (!story && !isNew) return <main id="main" aria-busy="true" />
  if (story?.into) return <main id="main" class="work one"><section class="panel"><h1>{story.content.name}</h1><p>{t('storyMerged')}</p><p class="acts"><a class="b" href={'/stories/' + story.into}>{t('backToStory')}</a><a class="b bare" href="/stories">{t('stories')}</a></p></section></main>
  const editor = room.me.role !== 'reporter'
  const count = wordsIn(content.background ?? '')
  return (
    <>
      <Bar room={room} query="" />
      <main id="main" class="work one">
        <form class="panel" aria-labelledby="sn" onSubmit={(e) => { e.preventDefault(); void save() }}>
          <p class="label"><a href="/stories">{t('stories')}</a></p>
          <h1 id="sn" dir="auto">{content.name || t('newStory')}</h1>
          {story && <p class="dim" role="status"><Square of={story.readers === 'withdrawn' ? 'gone' : story.readers === 'unpublished' ? '' : story.unpublished_changes ? 'both' : 'out'} />{story.readers === 'published' ? t(story.unpublished_changes ? 'storyUnsaid' : 'published') : t(story.readers === 'withdrawn' ? 'withdrawn' : 'draft')}. {dirty ? t('storyUnsaved') : t('storySaved', { time: moment(new Date(story.saved_at)) })}</p>}
          <div class="f gap"><label for="name">{t('storyName')}</label><input id="name" required maxLength={200} dir="auto" value={content.name} onInput={(e) => change({ name: e.currentTarget.value })} /></div>
          <div class="f"><label for="summary">{t('storySummary')}</label><input id="summary" maxLength={1000} dir="auto" value={content.summary ?? ''} onInput={(e) => change({ summary: e.currentTarget.value })} /></div>
          <Statuses list={content.statuses ?? []} change={(statuses) => change({ statuses })} />
          <Events list={content.events ?? []} change={(events) => change({ events })} />
          <div class="f"><label for="bg">{t('storyBackground')}</label><textarea id="bg" rows={5} dir="auto" value={content.background ?? ''} aria-describedby="bgh" aria-invalid={count > 150} onInput={(e) => change({ background: e.currentTarget.value })} /><p class={'hint' + (count > 150 ? ' red' : '')} id="bgh">{t('backgroundWords', { n: count })}</p></div>
          <Parties room={room} list={content.parties ?? []} change={(parties) => change({ parties })} />
          <StoryTokens id="wholes" label="storyPartOf" list={content.stories ?? []} change={(stories) => change({ stories })} without={story?.id} />
          <div class="f"><label for="slug">{t('storySlug')}</label><input id="slug" value={content.slug ?? ''} onInput={(e) => change({ slug: e.currentTarget.value.replaceAll(/\s+/g, '-').toLowerCase() || undefined })} /><p class="hint">/stories/{content.slug ?? ''}</p></div>
          {story && <StoryStops story={story} />}
          {editor && story && story.edition > 0 && (dirty || story.unpublished_changes) && <Why kind={why} choose={kind} note={note} tell={tell} />}
          {error && <Say warn>{error}</Say>}
          <p class="acts">
            <button class="b" disabled={busy || !dirty || !content.name.trim()}>{t('saveStory')}</button>
            {editor && (!story || dirty || story.unpublished_changes) && <button class="b go" type="button" disabled={busy || !content.name.trim() || !content.statuses?.length || (story !== undefined && story.edition > 0 && wrong && !told)} onClick={() => void publish()}>{t(story?.readers === 'published' ? 'publishAgain' : 'publishStory')}</button>}
            {story?.readers === 'published' && story.address && <a class="b bare" href={room.site + story.address} target="_blank" rel="noopener">{t('seeAsReader')}</a>}
            {story && story.edition > 0 && <a class="b bare" href={`/stories/${story.id}/history`}>{t('history')}</a>}
          </p>
        </form>
        {story && editor && !dirty && <StoryLocks room={room} story={story} change={story.edition > 0 ? why : undefined} note={told || undefined} done={take} />}
        {story && <Members story={story} editor={editor && !dirty && !story.unpublished_changes} />}
        {story && editor && story.readers === 'published' && <Ends story={story} />}
      </main>
    </>
  )
}

/** Why readers get another state of the story, and in which words they are told. */
function Why({ kind, choose, note, tell }: { kind: Change, choose: (c: Change) => void, note: string, tell: (s: string) => void }): JSX.Element {
  const wrong = kind === 'correction' || kind === 'clarification'
  return (
    <div class="gap">
      <div class="f"><label for="why">{t('storyChange')}</label><select id="why" value={kind} onChange={(e) => choose(e.currentTarget.value as Change)}>{(['minor', 'update', 'correction', 'clarification'] as Change[]).map((c) => <option key={c} value={c}>{of('change', c)}</option>)}</select></div>
      {kind !== 'minor' && <div class="f"><label for="told">{t('storyNote')}</label><input id="told" dir="auto" maxLength={300} aria-describedby="told-hint" value={note} onInput={(e) => tell(e.currentTarget.value)} /><p class="hint" id="told-hint">{t(wrong ? 'storyNoteHint' : 'storyNoteMaybe')}</p></div>}
    </div>
  )
}

function Statuses({ list, change }: { list: StoryStatus[], change: (list: StoryStatus[]) => void }): JSX.Element {
  const last = list.at(-1)
  return (
    <section aria-labelledby="ss"><h2 id="ss">{t('storyStands')}</h2>
      {last ? <p class="big" dir="auto">{t('statusNow', { status: last.words })}</p> : <p class="dim">{t('noStatus')}</p>}
      {list.map((s, i) => (
        <details class="entry" key={s.id ?? 'new' + i} open={!s.id}>
          <summary><b dir="auto">{s.words || t('addStatus')}</b> <span class="dim">{of('story', s.state)}{s.at && ', ' + date(new Date(s.at))}</span></summary>
          <StatusFields id={'st' + i} value={s} change={(x) => change(list.map((y, k) => k === i ? x : y))} />
          <Since id={'at' + i} value={s.at} change={(at) => change(list.map((y, k) => k === i ? { ...y, at } : y))} />
          <p class="acts"><button class="b bare" type="button" onClick={() => change(list.filter((_, k) => k !== i))}>{t('take_out')}</button></p>
        </details>
      ))}
      <p class="acts"><button class="b" type="button" onClick={() => change([...list, { state: last && !over(last.state) ? last.state : 'under_way', words: '', at: now().toISOString() }])}>{t('addStatus')}</button></p>
    </section>
  )
}

/** An instant in the paper's zone. */
function Since({ id, value, change }: { id: string, value?: string, change: (at: string) => void }): JSX.Element {
  const w = wall(value ? new Date(value) : now())
  const set = (onDay: string, atTime: string): void => { const at = instants(onDay, atTime)[0]; if (at) change(at.toISOString()) }
  return (
    <div class="two-fields f" role="group" aria-label={t('storySince')}>
      <div class="f"><label for={id + 'd'}>{t('storySince')}</label><input id={id + 'd'} type="date" value={w.day} onChange={(e) => set(e.currentTarget.value, w.time)} /></div>
      <div class="f"><label for={id + 't'}>{t('colWhen')}</label><input id={id + 't'} type="time" value={w.time} onChange={(e) => set(w.day, e.currentTarget.value)} /></div>
    </div>
  )
}

function Events({ list, change }: { list: StoryEvent[], change: (list: StoryEvent[]) => void }): JSX.Element {
  const set = (i: number, part: Partial<StoryEvent>): void => change(list.map((e, k) => k === i ? { ...e, ...part } : e))
  return (
    <section aria-labelledby="ev"><h2 id="ev">{t('storyDates')}</h2><p class="hint">{t('storyDatesHint')}</p>
      {list.map((e, i) => (
        <details class="entry" key={e.id ?? 'new' + i} open={!e.id}>
          <summary><b dir="auto">{e.title || t('addEvent')}</b> <span class="dim">{spoken(e.when)}</span></summary>
          <div class="f"><label for={'et' + i}>{t('eventTitle')}</label><input id={'et' + i} required maxLength={300} dir="auto" value={e.title} onInput={(x) => set(i, { title: x.currentTarget.value })} /></div>
          <When id={'ew' + i} value={e.when} change={(when) => set(i, { when })} />
          <div class="f"><label for={'ex' + i}>{t('eventText')}</label><textarea id={'ex' + i} rows={2} dir="auto" value={e.text ?? ''} onInput={(x) => set(i, { text: x.currentTarget.value.replaceAll(/[\r\n]+/g, ' ') || undefined })} /></div>
          <Source id={'es' + i} value={e.source} change={(source) => set(i, { source })} />
          <p class="acts"><button class="b bare" type="button" onClick={() => change(list.filter((_, k) => k !== i))}>{t('take_out')}</button></p>
        </details>
      ))}
      <p class="acts"><button class="b" type="button" onClick={() => { const w = wall(now()).day.split('-').map(Number); change([...list, { title: '', when: whenOf({ ...partsOf(''), by: 'day', year: w[0]!, month: w[1]!, day: w[2]! }) }]) }}>{t('addEvent')}</button></p>
    </section>
  )
}

function Parties({ room, list, change }: { room: Room, list: { topic: string, role?: string }[], change: (list: { topic: string, role?: string }[]) => void }): JSX.Element {
  const [, draw] = useState(0)
  useEffect(() => {
    for (const p of list) if (!known.has(p.topic)) get<Topic>('/topics/' + p.topic).then((x) => { known.set(p.topic, nameIn(x.names, room.language)); draw((n) => n + 1) }).catch(() => undefined)
  }, [list.length])
  const name = (id: string): string => known.get(id) ?? '…'
  return (
    <section aria-labelledby="pt"><h2 id="pt">{t('storyParties')}</h2>
      <Topics room={room} list={list.map((p) => p.topic)} names={name} change={(ids) => change(ids.map((id) => list.find((p) => p.topic === id) ?? { topic: id }))} />
      {list.map((p, i) => <div class="f" key={p.topic}><label for={'pr' + i}>{t('partyRole', { name: name(p.topic) })}</label><input id={'pr' + i} maxLength={200} dir="auto" value={p.role ?? ''} onInput={(e) => change(list.map((y, k) => k === i ? { ...y, role: e.currentTarget.value || undefined } : y))} /></div>)}
    </section>
  )
}

function Members({ story, editor }: { story: Story, editor: boolean }): JSX.Element {
  const [list, set] = useState<Article[]>()
  const [chosen, choose] = useState<string[]>([])
  const [name, call] = useState('')
  const [error, fail] = useState('')
  useEffect(() => { get<{ articles: Article[] }>(`/stories/${story.id}/articles`).then((r) => set(r.articles)).catch((e) => fail(saying(e))) }, [story.version])
  const split = (): void => {
    ask<Receipt>('POST', `/stories/${story.id}/split`, { version: story.version, async: true, body: { name, articles: chosen } }).then((r) => go(`/stories/${story.id}/receipt/${r.sequence}`)).catch((e) => fail(saying(e)))
  }
  return (
    <form class="panel" aria-labelledby="sm" onSubmit={(e) => { e.preventDefault(); split() }}><h2 id="sm">{t('storyArticles')}</h2>
      {list?.length === 0 && <p class="dim">{t('noArticlesYet')}</p>}
      <ul class="picks">{list?.map((a) => (
        <li key={a.id}>{editor && story.readers === 'published' && <input type="checkbox" aria-label={a.content.headline} checked={chosen.includes(a.id)} onChange={(e) => choose(e.currentTarget.checked ? [...chosen, a.id] : chosen.filter((x) => x !== a.id))} />}
          <span><a class="plain" href={'/articles/' + a.id} dir="auto">{a.content.headline}</a> <span class="dim">{a.first_published && date(new Date(a.first_published))}</span></span></li>
      ))}</ul>
      {chosen.length > 0 && <div class="f gap"><label for="spn">{t('splitName')}</label><input id="spn" required maxLength={200} value={name} onInput={(e) => call(e.currentTarget.value)} /></div>}
      {error && <Say warn>{error}</Say>}
      {chosen.length > 0 && <p class="acts"><button class="b" disabled={!name.trim()} title={t('splitStory')}>{t('splitNow')}</button></p>}
    </form>
  )
}

/** How a story ends but by its status: in another one, or by being taken down. */
function Ends({ story }: { story: Story }): JSX.Element {
  const [words, type] = useState('')
  const [rows, set] = useState<StoryRow[]>([])
  const [into, choose] = useState<StoryRow>()
  const [notice, tell] = useState('')
  const [reason, because] = useState('')
  const [error, fail] = useState('')
  useEffect(() => {
    if (!words.trim()) return set([])
    const stop = new AbortController()
    get<{ items: StoryRow[] }>('/names/stories?limit=6&q=' + encodeURIComponent(words), stop.signal).then((r) => set(r.items.filter((s) => s.id !== story.id && s.readers === 'published'))).catch(() => undefined)
    return () => stop.abort()
  }, [words])
  const act = (path: string, body: unknown): void => {
    ask<Receipt>('POST', `/stories/${story.id}/${path}`, { version: story.version, async: true, body }).then((r) => go(`/stories/${into?.id ?? story.id}/receipt/${r.sequence}`)).catch((e) => fail(saying(e)))
  }
  return (
    <section class="panel"><h2>{t('more')}</h2>
      {error && <Say warn>{error}</Say>}
      <details class="entry"><summary>{t('mergeStory')}</summary>
        <form onSubmit={(e) => { e.preventDefault(); if (into) act('merge', { into: into.id, version: into.version }) }}>
          {into ? <p>{into.name} <button class="b bare" type="button" onClick={() => choose(undefined)}>{t('chooseOther')}</button></p>
            : <div class="f"><label for="mi">{t('storyWhere')}</label><input id="mi" value={words} autoComplete="off" onInput={(e) => type(e.currentTarget.value)} />
              {rows.length > 0 && <div class="menu">{rows.map((r) => <button key={r.id} type="button" onClick={() => choose(r)}>{r.name}<span class="dim">{r.words}</span></button>)}</div>}</div>}
          <p class="acts"><button class="b no" disabled={!into}>{t('mergeNow')}</button></p></form></details>
      <details class="entry"><summary>{t('withdrawStory')}</summary>
        <form onSubmit={(e) => { e.preventDefault(); act('withdraw', { notice: notice.trim() || undefined, reason }) }}>
          <div class="f"><label for="wn">{t('reasonReaders')}</label><input id="wn" maxLength={300} value={notice} onInput={(e) => tell(e.currentTarget.value)} /></div>
          <div class="f"><label for="wr">{t('reasonColleagues')}</label><input id="wr" required maxLength={1000} value={reason} onInput={(e) => because(e.currentTarget.value)} /></div>
          <p class="acts"><button class="b no" disabled={!reason.trim()}>{t('withdrawStoryNow')}</button></p></form></details>
    </section>
  )
}
