// The fields beside the page: who wrote it and where, what it is about, where it will stand.
import type { JSX } from 'preact'
import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import { ask, get, nameIn, Problem, saying, type Article, type Content, type Credit, type Person, type Room, type Section, type Topic } from '../api'
import { timeNamed, date } from '../clock'
import { count, of, t, type Key } from '../words'
import { StoriesField } from '../story/field'

/** The names of sections, topics and persons by id, in the paper's language; each is asked for once. */
export type NamesOf = (id: string) => string

export const known = new Map<string, string>()
const asked = new Set<string>()

export function useNames(room: Room, content: Content): NamesOf {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  for (const s of room.sections) known.set(s.id, nameIn(s.names, room.language))
  useEffect(() => {
    const want = [...(content.topics ?? []).map((id) => ['/topics/', id] as const), ...(content.byline ?? []).flatMap((b) => b.person ? [['/persons/', b.person] as const] : [])]
    for (const [path, id] of want) {
      if (known.has(id) || asked.has(id)) continue
      asked.add(id)
      get<Topic | Person>(path + id).then((x) => known.set(id, nameIn(x.names, room.language))).catch(() => asked.delete(id)).finally(() => draw(0))
    }
  })
  return (id) => known.get(id) ?? '…'
}

/** A slug as the newsroom makes them of words. */
export function slugOf(words: string): string {
  const s = words.normalize('NFC').toLowerCase().replaceAll(/['’ʼ]/g, '').replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, '-')
  return [...s.replaceAll(/^-+|-+$/g, '')].slice(0, 80).join('').replaceAll(/-+$/g, '')
}

export function Fields({ room, article, content, names, change, saved, disabled }: {
  room: Room, article?: Article, content: Content, names: NamesOf, change: (c: Partial<Content>) => void, saved: boolean, disabled: boolean,
}): JSX.Element {
  const lead = content.lead
  return (
    <form class="rail" aria-label={t('fields')} onSubmit={(e) => e.preventDefault()}>
      <fieldset disabled={disabled}>
        <details open><summary>{t('whatItIs')}</summary>
          <div class="f"><label for="section">{t('colSection')}</label><select id="section" value={content.section ?? ''} onChange={(e) => change({ section: e.currentTarget.value || undefined })}>
            <option value="">{t('choose')}</option>{room.sections.map((s: Section) => <option key={s.id} value={s.id}>{names(s.id)}</option>)}</select></div>
          <div class="f"><label for="label">{t('label')}</label><select id="label" value={content.label ?? 'news'} onChange={(e) => change({ label: e.currentTarget.value === 'news' ? undefined : e.currentTarget.value })}>
            {room.labels.map((l) => <option key={l} value={l}>{of('label', l)}</option>)}</select></div>
          <div class="f"><label for="language">{t('language')}</label><LanguageField value={content.language ?? room.language} change={(language) => change({ language })} /></div>
        </details>
        <details open><summary>{t('byAndPlace')}</summary>
          <Byline room={room} list={content.byline ?? []} names={names} change={(byline) => change({ byline: byline.length ? byline : undefined })} />
          <div class="f"><label for="place">{t('place')}</label><input id="place" value={content.dateline?.place ?? ''} onInput={(e) => change({ dateline: placed(content, { place: e.currentTarget.value }) })} /></div>
          <div class="f"><label for="agency">{t('agency')}</label><input id="agency" value={content.dateline?.agency ?? ''} onInput={(e) => change({ dateline: placed(content, { agency: e.currentTarget.value }) })} /></div>
        </details>
        <details open><summary>{t('topics')}</summary>
          <Topics room={room} list={content.topics ?? []} names={names} change={(topics) => change({ topics: topics.length ? topics : undefined })} />
        </details>
        <details open><summary>{t('articleStories')}</summary>
          <StoriesField article={article} list={content.stories ?? []} change={(stories) => change({ stories: stories.length ? stories : undefined })} />
        </details>
        <details open><summary>{t('address')} <span>{article?.address && article.first_published ? t('fixedSince', { time: date(new Date(article.first_published)) + ', ' + timeNamed(new Date(article.first_published)) }) : ''}</span></summary>
          <Address article={article} content={content} change={change} saved={saved} />
        </details>
        <details><summary>{t('headlinesElsewhere')} <span>{content.search_headline || content.social_headline ? t('differentOnes') : t('asOnPage')}</span></summary>
          {([['search_headline', 60], ['social_headline', 70]] as const).map(([f, good]) => (
            <div class="f" key={f}><label for={f}>{of('field', f)}</label><input id={f} value={content[f] ?? ''} placeholder={content.headline} lang={content.language} dir="auto" maxLength={300} aria-describedby={f + '-hint'}
              onInput={(e) => change({ [f]: e.currentTarget.value || undefined })} /><p class="hint" id={f + '-hint'}>{of('hint', f, { good })} {count('characters', [...content[f] ?? content.headline ?? ''].length)}</p></div>
          ))}
        </details>
        <details><summary>{t('copySource')} <span>{content.source?.agency ?? t('own')}</span></summary>
          {(['agency', 'item', 'terms'] as const).map((f) => (
            <div class="f" key={f}><label for={'source-' + f}>{of('source', f)}</label><input id={'source-' + f} value={content.source?.[f] ?? ''} onInput={(e) => {
              const source = { agency: '', ...content.source, [f]: e.currentTarget.value }
              change({ source: source.agency || source.item || source.terms ? source : undefined })
            }} /></div>
          ))}
        </details>
      </fieldset>
      <details><summary>{t('picture')} <span>{!lead ? t('none') : lead.alt && lead.credit ? t('complete') : t('lacking')}</span></summary><p class="small"><a href="#lead-alt" onClick={(e) => { e.preventDefault(); (document.getElementById('lead-alt') ?? document.getElementById('lead'))?.focus() }}>{t('goToPicture')}</a></p></details>
      {article && <details open><summary>{t('more')}</summary>
        <ul class="links">
          <li><a href={`/articles/${article.id}/preview`}>{t('previewMore')}</a></li>
          <li><a href={`/articles/${article.id}/history`}>{t('history')}</a></li>
          {article.readers === 'published' && article.address && <li><a href={room.site + article.address} target="_blank" rel="noopener">{t('seeAsReader')}</a></li>}
          {article.draft !== 'none' && article.readers !== 'withdrawn' && room.me.role !== 'reporter' && <li><a href={`/articles/${article.id}/schedule`}>{t('scheduleMore')}</a></li>}
          <li><a href={`/articles/${article.id}/locks`}>{t('locksMore')}</a></li>
          {article.readers === 'published' && room.me.role !== 'reporter' && <li><a href={`/articles/${article.id}/address`}>{t('moveMore')}</a></li>}
          {article.readers === 'published' && room.me.role !== 'reporter' && <li><a class="red" href={`/articles/${article.id}/withdraw`}>{t('withdrawMore')}</a></li>}
          {article.edition > 0 && room.me.role === 'chief' && <li><a class="red" href={`/articles/${article.id}/redact`}>{t('redactMore')}</a></li>}
          {article.readers === 'withdrawn' && room.me.role !== 'reporter' && <li><a href={`/articles/${article.id}/restore`}>{t('restoreMore')}</a></li>}
        </ul></details>}
    </form>
  )
}

function placed(c: Content, part: { place?: string, agency?: string }): Content['dateline'] {
  const d = { ...c.dateline, ...part }
  return d.place || d.agency ? d : undefined
}

/** A tag that is being typed is not one yet: it is taken when it has the form of one. */
function LanguageField({ value, change }: { value: string, change: (s: string) => void }): JSX.Element {
  const [typed, type] = useState(value)
  const good = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(typed)
  useEffect(() => type(value), [value])
  return <>
    <input id="language" value={typed} list="languages" aria-invalid={!good} aria-describedby="language-hint" onInput={(e) => { type(e.currentTarget.value); if (/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$/.test(e.currentTarget.value)) change(e.currentTarget.value) }} onBlur={() => type(value)} />
    <datalist id="languages"><option value="en" /><option value="hi" /><option value="ar" /><option value="ur" /><option value="fr" /></datalist>
    <p class="hint" id="language-hint">{good ? languageName(typed) : t('languageHint')}</p>
  </>
}

let languageNames: Intl.DisplayNames | undefined // which is slow to make

function languageName(tag: string): string {
  try {
    languageNames ??= new Intl.DisplayNames(navigator.languages, { type: 'language' })
    return languageNames.of(tag) ?? tag
  } catch {
    return tag
  }
}

function Address({ article, content, change, saved }: { article?: Article, content: Content, change: (c: Partial<Content>) => void, saved: boolean }): JSX.Element {
  const [proposed, propose] = useState('')
  const [why, because] = useState('')
  useEffect(() => {
    if (!article || article.address || !saved) return
    const stop = new AbortController()
    get<{ address: string }>(`/articles/${article.id}/address`, stop.signal).then((a) => { propose(a.address); because('') })
      .catch((e) => { if (!stop.signal.aborted) { propose(''); because(saying(e)) } })
    return () => stop.abort()
  }, [article?.version, saved])
  if (article?.address) return <p class="small addr">{article.address}</p>
  return <>
    <p class="small addr" role="status">{proposed || why || t('addressLater')}</p>
    <div class="f"><label for="slug">{t('slug')}</label><input id="slug" value={content.slug ?? ''} placeholder={slugOf(content.headline ?? '')} onInput={(e) => change({ slug: e.currentTarget.value.replaceAll(/\s+/g, '-').toLowerCase() || undefined })} /><p class="hint">{t('slugHint')}</p></div>
  </>
}

export interface Offer { key: string, words: string, aside?: string, pick: () => Promise<void> | void }

/** Names that are put in a row by typing: what is known is offered, what is not can be made in place. */
export function Tokens(p: { id: string, label: Key, list: { key: string, words: string }[], remove: (i: number) => void, move?: (from: number, to: number) => void, offers: (typed: string) => Promise<Offer[]> }): JSX.Element {
  const [typed, type] = useState('')
  const [offers, offer] = useState<Offer[]>([])
  const [on, move] = useState(0)
  const [error, fail] = useState('')
  const latest = useRef('')
  const input = useRef<HTMLInputElement>(null)
  const look = async (s: string): Promise<void> => {
    type(s)
    latest.current = s
    fail('')
    if (!s.trim()) return offer([])
    try {
      const found = await p.offers(s.trim())
      if (latest.current === s) { offer(found); move(0) }
    } catch (e) {
      fail(saying(e))
    }
  }
  const pick = async (o: Offer | undefined): Promise<void> => {
    if (!o) return
    try {
      await o.pick()
      type('')
      latest.current = ''
      offer([])
      // Who has gone on to another field meanwhile is left there.
      const at = document.activeElement
      if (!at || at === document.body || input.current?.closest('.tokens')?.contains(at)) input.current?.focus()
    } catch (e) {
      fail(saying(e))
    }
  }
  return (
    <div class="f tokens"><label for={p.id}>{t(p.label)}</label>
      <ul class="tok">
        {p.list.map((x, i) => <li key={x.key}>{x.words} <button type="button" onClick={() => p.remove(i)}><span aria-hidden="true">×</span><span class="vh">{t('removeName', { name: x.words })}</span></button></li>)}
        <li><input ref={input} id={p.id} value={typed} placeholder={t('add')} autoComplete="off" role="combobox" aria-expanded={offers.length > 0} aria-controls={p.id + '-menu'} aria-autocomplete="list"
          aria-activedescendant={offers.length ? `${p.id}-${on}` : undefined} onInput={(e) => void look(e.currentTarget.value)} onBlur={() => setTimeout(() => offer([]), 150)}
          onKeyDown={(e) => {
            if (e.key === 'ArrowDown' && offers.length) { e.preventDefault(); move((on + 1) % offers.length) }
            if (e.key === 'ArrowUp' && offers.length) { e.preventDefault(); move((on + offers.length - 1) % offers.length) }
            if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey) { e.preventDefault(); void pick(offers[on]) }
            if (e.key === 'Escape') offer([])
            if (e.key === 'Backspace' && !typed && p.list.length) p.remove(p.list.length - 1)
          }} /></li>
      </ul>
      <div class="menu" id={p.id + '-menu'} role="listbox" aria-label={t(p.label)} hidden={offers.length === 0}>
        {offers.map((o, i) => <button key={o.key} id={`${p.id}-${i}`} type="button" role="option" tabIndex={-1} aria-selected={i === on} class={i === on ? 'on' : ''} onMouseDown={(e) => e.preventDefault()} onClick={() => void pick(o)}>{o.words} <span class="dim">{o.aside}</span></button>)}
      </div>
      {error && <p class="err red small" role="alert">{error}</p>}
    </div>
  )
}

/** Makes a thing with a slug of its name; where that is taken the next number is tried. */
async function make<T extends { id: string }>(path: string, name: string, rest: Record<string, unknown>): Promise<T> {
  const slug = slugOf(name)
  for (let i = 1; ; i++) {
    try {
      return await ask<T>('POST', path, { body: { slug: i === 1 ? slug : `${slug}-${i}`, ...rest } })
    } catch (e) {
      if (!(e instanceof Problem) || e.code !== 'conflict' || i === 9) throw e
    }
  }
}

function Byline({ room, list, names, change }: { room: Room, list: Credit[], names: NamesOf, change: (list: Credit[]) => void }): JSX.Element {
  const latest = useRef(list)
  latest.current = list
  const add = (c: Credit): void => change([...latest.current, c])
  const offers = async (typed: string): Promise<Offer[]> => {
    const found = await get<{ items: Person[] }>(`/names/persons?limit=6&q=${encodeURIComponent(typed)}`)
    const offered = found.items.filter((x) => !list.some((b) => b.person === x.id)).map((x): Offer => {
      known.set(x.id, nameIn(x.names, room.language))
      return { key: x.id, words: nameIn(x.names, room.language), aside: x.role && nameIn(x.role, room.language), pick: () => add({ person: x.id }) }
    })
    return [...offered,
      { key: 'new', words: t('makePerson', { name: typed }), pick: async () => { const x = await make<Person>('/persons', typed, { names: { [room.language]: typed } }); known.set(x.id, typed); add({ person: x.id }) } },
      { key: 'agency', words: t('asAgency', { name: typed }), pick: () => add({ agency: typed }) }]
  }
  return <Tokens id="byline" label="byline" list={list.map((b, i) => ({ key: b.person ?? b.agency ?? String(i), words: b.as || b.agency || names(b.person!) }))} remove={(i) => change(list.filter((_, k) => k !== i))} offers={offers} />
}

export function Topics({ room, list, names, change }: { room: Room, list: string[], names: NamesOf, change: (list: string[]) => void }): JSX.Element {
  const latest = useRef(list)
  latest.current = list
  const add = (id: string): void => change([...latest.current, id])
  const offers = async (typed: string): Promise<Offer[]> => {
    const found = await get<{ items: Topic[] }>(`/names/topics?limit=6&q=${encodeURIComponent(typed)}`)
    const offered = found.items.filter((x) => !list.includes(x.id)).map((x): Offer => {
      known.set(x.id, nameIn(x.names, room.language))
      return { key: x.id, words: nameIn(x.names, room.language), aside: of('topic', x.kind), pick: () => add(x.id) }
    })
    const made = (['subject', 'organisation', 'place'] as const).map((kind): Offer => ({
      key: kind, words: t('makeTopic', { name: typed, kind: of('topic', kind).toLocaleLowerCase() }),
      pick: async () => { const x = await make<Topic>('/topics', typed, { kind, names: { [room.language]: typed } }); known.set(x.id, typed); add(x.id) },
    }))
    return [...offered, ...made]
  }
  return <Tokens id="topics" label="topics" list={list.map((id) => ({ key: id, words: names(id) }))} remove={(i) => change(list.filter((_, k) => k !== i))} offers={offers} />
}
