// The desk: what is to be done, in lists that are read from the keyboard. Filters live in the address.
import type { JSX } from 'preact'
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ask, get, nameIn, saying, type Day, type GroupName, type Page, type Room, type Row } from './api'
import { Bar, Side, lists, useListKeys } from './bar'
import { day as dayName, moment, now } from './clock'
import { onMoved, usePeople } from './live'
import { Kbd, KeysDialog, Say, Square, stateOf, useTitle, type Key } from './parts'
import { go, useAddress } from './router'
import { count, number, of, t } from './words'

interface Group { name?: GroupName, rows: Row[], more?: boolean }
interface Listing { groups: Group[], next?: string, took: number }

const states = ['unpublished', 'published', 'withdrawn', 'draft', 'submitted', 'scheduled'] as const

/** Where a group's whole list is. */
const wholeList: Record<GroupName, string> = { waiting: 'submitted', work: 'drafts', going: 'scheduled', published: 'published-today' }

export function Desk({ room }: { room: Room }): JSX.Element {
  const address = useAddress()
  const want = useMemo(() => wanted(address), [address.href])
  const { day, listing, error, more, refresh } = useListing(want)
  const rows = useMemo(() => listing?.groups.flatMap((g) => g.rows) ?? [], [listing])
  const [at, move] = useState(0)
  const [chosen, choose] = useState<ReadonlySet<string>>(new Set())
  const [keys, showKeys] = useState(false)
  const [filtering, filter] = useState(want.state !== '')
  const section = room.sections.find((s) => s.slug === want.section)
  const list = lists.find((l) => l.name === want.list)
  const title = want.q ? t('searchFor', { words: want.q }) : section ? nameIn(section.names, room.language) : list ? t(list.words) : t('listDay')
  useTitle(`${title} – ${room.name}`)
  useEffect(() => { move(0); choose(new Set()) }, [address.href])
  useEffect(() => { if (at >= rows.length && rows.length) move(rows.length - 1) }, [rows.length])

  const toggle = useCallback((id: string) => choose((was) => {
    const is = new Set(was)
    if (!is.delete(id)) is.add(id)
    return is
  }), [])
  useDeskKeys({ rows, at, move, toggle, room, showKeys: () => showKeys(true), filter: () => filter(true) })

  return (
    <>
      <Bar room={room} query={want.q} total={day?.counts.all} />
      <div class="frame">
        <Side room={room} day={day} list={want.q ? '?' : want.list} section={want.section} />
        <main id="main" class="list" aria-busy={listing === undefined}>
          <h1>{title}</h1>
          <div class="filters">
            <span class="chip">{dayName(now())}</span>
            {filtering
              ? <Filters room={room} want={want} />
              : <button class="b bare" type="button" onClick={() => filter(true)}>{t('filter')} <Kbd>f</Kbd></button>}
            {listing && <span class="dim" role="status">{count(listing.next || listing.groups.some((g) => g.more) ? 'articlesFirst' : 'articles', rows.length)}, {t('listedIn', { ms: number(Math.max(1, Math.round(listing.took))) })}</span>}
          </div>
          {error && <Say warn>{error} <button class="b bare" type="button" onClick={refresh}>{t('again')}</button></Say>}
          {chosen.size > 0 && <Chosen rows={rows.filter((r) => chosen.has(r.id))} clear={() => choose(new Set())} refresh={refresh} />}
          {listing && rows.length > 0 && <Table listing={listing} at={at} chosen={chosen} caption={title} toggle={toggle} />}
          {listing && rows.length === 0 && <Nothing day={day} want={want} />}
          {listing?.next && <p class="acts more"><button class="b" type="button" onClick={more}>{t('showMore')}</button></p>}
          {rows.length > 0 && <p class="keys">
            <span><kbd>j</kbd> <kbd>k</kbd> {t('keyMove')}</span><span><kbd>Enter</kbd> {t('keyOpen')}</span><span><kbd>x</kbd> {t('keySelect')}</span>
            <span><kbd>p</kbd> {t('keyReader')}</span><span><kbd>/</kbd> {t('keySearch')}</span><span><kbd>g</kbd> {t('keyList')}</span><span><kbd>?</kbd> {t('keyAll')}</span></p>}
        </main>
      </div>
      {keys && <KeysDialog close={() => showKeys(false)} list={allKeys()} />}
    </>
  )
}

interface Want { list: string, section: string, state: string, q: string }

function wanted(address: URL): Want {
  const p = address.searchParams
  return { list: p.get('list') ?? '', section: p.get('section') ?? '', state: p.get('state') ?? '', q: p.get('q') ?? '' }
}

const asAddress = (w: Want): string => {
  const p = new URLSearchParams()
  for (const [k, v] of Object.entries(w)) if (v) p.set(k, v as string)
  return '/' + (p.size ? '?' + p.toString() : '')
}

/** Asks for the list that the address names, again when something moves, and the next page when that is wanted. */
function useListing(want: Want) {
  const [day, setDay] = useState<Day>()
  const [listing, set] = useState<Listing>()
  const [error, fail] = useState('')
  const [round, again] = useState(0)
  const refresh = useCallback(() => again((n) => n + 1), [])
  const grouped = !want.list && !want.q && !want.state
  const page = (after = ''): string => {
    const p = new URLSearchParams({ limit: '100' })
    for (const k of ['section', 'state', 'q'] as const) if (want[k]) p.set(k, want[k])
    if (after) p.set('after', after)
    return `/desk/${want.q && !want.list ? 'all' : want.list || 'all'}?${p}`
  }
  useEffect(() => {
    const stop = new AbortController()
    const began = performance.now()
    const show = (groups: Group[], next?: string): void => {
      fail('')
      set({ groups, next, took: performance.now() - began })
    }
    const failed = (e: unknown): void => { if (!stop.signal.aborted) fail(saying(e)) }
    const today = get<Day>('/desk' + (grouped && want.section ? `?section=${encodeURIComponent(want.section)}` : ''), stop.signal)
    today.then((d) => {
      setDay(d)
      if (grouped) show(d.groups.map((g) => ({ name: g.group, rows: g.rows, more: g.more })).filter((g) => g.rows.length > 0))
    }).catch(failed)
    if (!grouped) get<Page>(page(), stop.signal).then((p) => show([{ rows: p.rows }], p.next)).catch(failed)
    return () => stop.abort()
  }, [asAddress(want), round])
  const more = (): void => {
    if (!listing?.next) return
    get<Page>(page(listing.next)).then((p) => set((was) => was && {
      ...was, groups: [{ rows: [...was.groups.flatMap((g) => g.rows), ...p.rows] }], next: p.next,
    })).catch((e) => fail(saying(e)))
  }
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const stop = onMoved(() => {
      clearTimeout(timer)
      timer = setTimeout(refresh, 400)
    })
    const minute = setInterval(refresh, 60e3) // what goes out by itself
    return () => { stop(); clearTimeout(timer); clearInterval(minute) }
  }, [refresh])
  return { day, listing, error, more, refresh }
}

function Table({ listing, at, chosen, caption, toggle }: { listing: Listing, at: number, chosen: ReadonlySet<string>, caption: string, toggle: (id: string) => void }): JSX.Element {
  const people = usePeople()
  let n = -1
  return (
    <table class="rows">
      <caption class="vh">{caption}</caption>
      <thead><tr><th scope="col">{t('colState')}</th><th scope="col">{t('colHeadline')}</th><th scope="col">{t('colSection')}</th><th scope="col" class="opt">{t('colBy')}</th>
        <th scope="col">{t('colIn')}</th><th scope="col" class="n opt">{t('colWords')}</th><th scope="col" class="n">{t('colWhen')}</th></tr></thead>
      {listing.groups.map((g) => (
        <tbody key={g.name ?? ''}>
          {g.name && <tr class="grp"><td colSpan={7}><h2>{of('group', g.name)} {g.more && <a href={`/?list=${wholeList[g.name]}`}>{t('allOfThem')}</a>}</h2></td></tr>}
          {g.rows.map((r) => {
            n++
            return <Line key={r.id} row={r} on={n === at} chosen={chosen.has(r.id)} who={people.filter((p) => p.article === r.id).map((p) => p.name)} toggle={toggle} />
          })}
        </tbody>
      ))}
    </table>
  )
}

function Line({ row, on, chosen, who, toggle }: { row: Row, on: boolean, chosen: boolean, who: string[], toggle: (id: string) => void }): JSX.Element {
  const ref = useRef<HTMLTableRowElement>(null)
  const state = stateOf(row)
  useEffect(() => { if (on) ref.current?.scrollIntoView({ block: 'nearest' }) }, [on])
  return (
    <tr ref={ref} class={(on ? 'on' : '') + (chosen ? ' chosen' : '')} aria-current={on ? 'true' : undefined}
      onClick={(e) => { if (e.target instanceof Element && e.target.closest('td.st')) toggle(row.id) }}>
      <td class="st"><Square of={state.square} />{state.words}{chosen && <span class="vh">, {t('selected')}</span>}</td>
      <td class="hd plain"><a href={`/articles/${row.id}`} lang={row.language} dir="auto">{row.headline || t('untitled')}</a>{row.change && row.change !== 'first' && <small>{t('goesOutAs', { change: of('change', row.change) })}</small>}{row.rights_ended && <small class="red">{count('endedHere', row.rights_ended.length)}</small>}</td>
      <td>{row.section ?? (row.kind === 'page' ? t('page') : '')}</td>
      <td class="opt by">{row.by?.join(', ')}</td>
      <td>{who.length > 0 && <span class="who">{[...new Set(who)].join(', ')}</span>}</td>
      <td class="n opt">{row.words >= 0 ? number(row.words) : ''}</td>
      <td class="n">{when(row)}</td>
    </tr>
  )
}

/** The instant that matters of an article, with the word for it. */
function when(r: Row): string {
  if (r.withdrawn) return t('whenWithdrawn', { kind: of('withdrawal', r.withdrawal ?? 'killed'), time: moment(new Date(r.withdrawn), true) })
  if (r.due) return t('whenOut', { time: moment(new Date(r.due)) })
  if (r.embargo && Date.parse(r.embargo) > now().getTime()) return t('whenNotBefore', { time: moment(new Date(r.embargo)) })
  if (r.draft === 'submitted' && r.sent) return t('whenSent', { time: moment(new Date(r.sent)) })
  if (r.draft !== 'none' || !r.first_published) return t('whenSaved', { time: moment(new Date(r.saved_at), true) })
  if (r.updated) return t('whenUpdated', { time: moment(new Date(r.updated), true) })
  return t('whenOut', { time: moment(new Date(r.first_published), true) })
}

function Filters({ room, want }: { room: Room, want: Want }): JSX.Element {
  const first = useRef<HTMLSelectElement>(null)
  useEffect(() => first.current?.focus(), [])
  const change = (w: Partial<Want>): void => go(asAddress({ ...want, ...w }), true)
  return (
    <>
      <label class="pair">{t('colSection')} <select ref={first} class="in" value={want.section} onChange={(e) => change({ section: e.currentTarget.value })}>
        <option value="">{t('allSections')}</option>
        {room.sections.map((s) => <option key={s.id} value={s.slug}>{nameIn(s.names, room.language)}</option>)}
      </select></label>
      <label class="pair">{t('colState')} <select class="in" value={want.state} onChange={(e) => change({ state: e.currentTarget.value })}>
        <option value="">{t('allStates')}</option>
        {states.map((s) => <option key={s} value={s}>{of('state', s)}</option>)}
      </select></label>
      {(want.section || want.state) && <button class="b bare" type="button" onClick={() => change({ section: '', state: '' })}>{t('noFilter')}</button>}
    </>
  )
}

function Nothing({ day, want }: { day?: Day, want: Want }): JSX.Element {
  const next = day?.groups.find((g) => g.group === 'going')?.rows.find((r) => r.due)
  return (
    <div class="none">
      <p>{want.q ? t('nothingFound', { words: want.q }) : t('nothingHere')}</p>
      {next?.due && !want.q && <p>{t('nextOut', { headline: next.headline, time: moment(new Date(next.due)) })}</p>}
      <p class="acts">{want.q || want.section || want.state ? <a href="/">{t('backToDay')}</a> : <a href="/articles/new">{t('writeOne')}</a>}</p>
    </div>
  )
}

/** What can be done with several articles at once. */
function Chosen({ rows, clear, refresh }: { rows: Row[], clear: () => void, refresh: () => void }): JSX.Element {
  const [said, say] = useState('')
  const act = async (path: string, list: Row[]): Promise<void> => {
    const failed: string[] = []
    for (const r of list) {
      try {
        await ask('POST', `/articles/${r.id}/${path}`, { version: r.version })
      } catch (e) {
        failed.push(`${r.headline || t('untitled')}: ${saying(e)}`)
      }
    }
    say(failed.join(' '))
    refresh()
    if (failed.length === 0) clear()
  }
  const drafts = rows.filter((r) => r.draft === 'draft')
  const scheduled = rows.filter((r) => r.draft === 'scheduled')
  return (
    <div class="acts chosen-acts" role="region" aria-label={t('selected')}>
      <b>{count('selectedCount', rows.length)}</b>
      {drafts.length > 0 && <button class="b" type="button" onClick={() => void act('submit', drafts)}>{count('submitThem', drafts.length)}</button>}
      {scheduled.length > 0 && <button class="b" type="button" onClick={() => void act('unschedule', scheduled)}>{count('unscheduleThem', scheduled.length)}</button>}
      <button class="b bare" type="button" onClick={clear}>{t('clearSelection')}</button>
      {said && <Say warn>{said}</Say>}
    </div>
  )
}

interface Hands { rows: Row[], at: number, move: (n: number) => void, toggle: (id: string) => void, room: Room, showKeys: () => void, filter: () => void }

function useDeskKeys(h: Hands): void {
  useListKeys((e) => {
    const row = h.rows[h.at]
    const acts: Record<string, () => void> = {
      j: () => h.move(Math.min(h.rows.length - 1, h.at + 1)), k: () => h.move(Math.max(0, h.at - 1)),
      Enter: () => { if (row && !(e.target instanceof HTMLAnchorElement || e.target instanceof HTMLButtonElement)) go(`/articles/${row.id}`) },
      x: () => { if (row) h.toggle(row.id) },
      p: () => { if (row?.readers === 'published' && row.address) open(h.room.site + row.address, '_blank', 'noopener') },
      f: h.filter, '?': h.showKeys,
    }
    const act = acts[e.key]
    if (!act) return
    if (e.key !== 'Enter') e.preventDefault()
    act()
  })
}

function allKeys(): Key[] {
  return [
    { keys: ['j'], does: t('keyNext') }, { keys: ['k'], does: t('keyBefore') }, { keys: ['Enter'], does: t('keyOpen') }, { keys: ['x'], does: t('keySelect') },
    { keys: ['p'], does: t('keyReader') }, { keys: ['/'], does: t('keySearch') }, { keys: ['f'], does: t('filter') }, { keys: ['n'], does: t('newArticle') },
    ...lists.map((l) => ({ keys: ['g', l.letter], does: t(l.words) })), { keys: ['g', 'c'], does: t('calendar') }, { keys: ['g', 'r'], does: t('stories') }, { keys: ['g', 'h'], does: t('frontOf', { name: t('frontHome') }) }, { keys: ['?'], does: t('keyAll') },
  ]
}

