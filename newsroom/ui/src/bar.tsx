// The bar at the head of the desk's views, and the lists beside them.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { Day, Room } from './api'
import { ask, get, nameIn, saying } from './api'
import { elsewhere, now, ownTime, ownZoneName, timeNamed } from './clock'
import { isTyping, Kbd, useKeys } from './parts'
import { go } from './router'
import { number, t, type Key } from './words'

export function Clock(): JSX.Element {
  const [at, set] = useState(now)
  useEffect(() => {
    const timer = setInterval(() => set(now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <span class="push tab clock"><time dateTime={at.toISOString()}>{timeNamed(at, true)}</time>
      {elsewhere(at) && <span class="dim"> ({t('youTime', { time: ownTime(at) + ' ' + ownZoneName(at) })})</span>}</span>
  )
}

export function Bar({ room, query, total }: { room: Room, query: string, total?: number }): JSX.Element {
  const input = useRef<HTMLInputElement>(null)
  const [typed, type] = useState(query)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => {
    if (document.activeElement !== input.current) type(query)
  }, [query])
  const search = (words: string): void => {
    type(words)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      const to = new URL(location.href)
      if (to.pathname !== '/') to.search = ''
      to.pathname = '/'
      if (words.trim()) to.searchParams.set('q', words)
      else to.searchParams.delete('q')
      go(to.pathname + to.search, location.pathname === '/')
    }, 120)
  }
  return (
    <><header class="bar">
      <a class="plate" href="/">{room.name}</a><span class="dim">{t('newsroom')}</span>
      <form role="search" onSubmit={(e) => e.preventDefault()}>
        <label class="vh" for="q">{t('searchAll')}</label>
        <input ref={input} class="in" id="q" type="search" autoComplete="off" value={typed} onInput={(e) => search(e.currentTarget.value)}
          placeholder={total === undefined ? t('searchAll') : total > 1000 ? t('searchMore', { n: number(1000) }) : t('searchSome', { n: number(total) })}
          onKeyDown={(e) => { if (e.key === 'Escape') { search(''); e.currentTarget.blur() } }} />
        <Kbd>/</Kbd>
      </form>
      <Clock />
      <a class="b" href="/articles/new">{t('newArticle')} <Kbd>n</Kbd></a>
      {room.me.role === 'chief' && <><a class="plain" href="/settings">{t('settings')}</a><a class="plain" href="/people">{t('people')}</a><a class="plain" href="/audit">{t('audit')}</a></>}<a class="plain" href="/account" title={t('account')}>{room.me.name}</a>
    </header>
    <ClockFault chief={room.me.role === 'chief'} /></>
  )
}

interface Fault { now: string, jump?: number, behind?: number, wrong?: string }

/** While the machine's clock cannot be believed, schedules and publishing wait: the bar says so, and a chief can confirm it. */
function ClockFault({ chief }: { chief: boolean }): JSX.Element | null {
  const [fault, set] = useState<Fault>()
  const [reason, because] = useState('')
  const [error, fail] = useState('')
  useEffect(() => {
    const look = (): void => { get<Fault>('/clock').then(set).catch(() => undefined) } // that nobody answers is said elsewhere
    look()
    const timer = setInterval(look, 60e3)
    return () => clearInterval(timer)
  }, [])
  if (!fault?.wrong) return null
  const shows = timeNamed(new Date(fault.now))
  return (
    <div class="say warn clockfault" role="alert">
      <p>{fault.jump ? t('clockJumped', { n: number(Math.round(Math.abs(fault.jump) / 60)), time: shows }) : t('clockBehind', { n: number(Math.round((fault.behind ?? 0) / 60)), time: shows })}</p>
      {chief ? <form onSubmit={(e) => { e.preventDefault(); ask<Fault>('POST', '/clock/confirm', { body: { reason } }).then((f) => { set(f); fail('') }).catch((x) => fail(saying(x))) }}>
        <label>{t('clockWhy')} <input class="in" required maxLength={1000} value={reason} onInput={(e) => because(e.currentTarget.value)} /></label> <button class="b">{t('clockConfirm', { time: shows })}</button></form> : <p>{t('clockAsk')}</p>}
      {error && <p>{error}</p>}
    </div>
  )
}

/** The desk's lists, in the order in which they are offered, with the letter that follows g. */
export const lists: { name: string, letter: string, words: Key }[] = [
  { name: '', letter: 'd', words: 'listDay' }, { name: 'mine', letter: 'm', words: 'listMine' }, { name: 'submitted', letter: 's', words: 'listSubmitted' },
  { name: 'drafts', letter: 'w', words: 'listDrafts' }, { name: 'scheduled', letter: 'o', words: 'listScheduled' }, { name: 'embargoed', letter: 'e', words: 'listEmbargoed' },
  { name: 'published-today', letter: 't', words: 'listPublished' }, { name: 'withdrawn', letter: 'x', words: 'listWithdrawn' }, { name: 'all', letter: 'a', words: 'listAll' },
]

/** The keys that every list has: n, / and g with a letter. f is asked for all others. */
export function useListKeys(f: (e: KeyboardEvent) => void): void {
  const went = useRef(0)
  useKeys((e) => {
    if (isTyping(e.target) || e.metaKey || e.ctrlKey || e.altKey) return
    const second = Date.now() - went.current < 2000
    went.current = e.key === 'g' ? Date.now() : 0
    const list = second ? lists.find((l) => l.letter === e.key) : undefined
    if (list) go(list.name ? `/?list=${list.name}` : '/')
    else if (second && e.key === 'c') go('/calendar')
    else if (second && e.key === 'r') go('/stories')
    else if (second && e.key === 'h') go('/fronts/home')
    else if (e.key === 'n') go('/articles/new')
    else if (e.key === '/') document.getElementById('q')?.focus()
    else return f(e)
    e.preventDefault()
  })
}

const shown = (n: number | undefined): string => n === undefined ? '' : n > 1000 ? number(1000) + '+' : number(n)

export function Side({ room, day, list, section, calendar, stories, fronts, reads }: { room: Room, day?: Day, list: string, section: string, calendar?: boolean, stories?: boolean, fronts?: string, reads?: boolean }): JSX.Element {
  const here = (is: boolean): { 'aria-current'?: 'page' } => is ? { 'aria-current': 'page' } : {}
  const concerns = day?.groups.reduce((n, g) => n + g.rows.length, 0)
  return (
    <nav class="side" aria-label={t('lists')}>
      <ul>{lists.map((l) => (
        <li key={l.name}><a href={l.name ? `/?list=${l.name}` : '/'} {...here(!calendar && !stories && !fronts && !reads && !section && list === l.name)}>
          {t(l.words)} <span>{l.name ? shown(day?.counts[l.name]) : section ? '' : shown(concerns)}</span></a></li>
      ))}
      <li><a href="/calendar" {...here(calendar === true)}>{t('calendar')} <span /></a></li>
      <li><a href="/stories" {...here(stories === true)}>{t('stories')} <span /></a></li>
      <li><a href="/articles/new?kind=live">{t('liveNew')} <span /></a></li>
      <li><a href="/reads" {...here(reads === true)}>{t('reads')} <span /></a></li></ul>
      <h2>{t('fronts')}</h2>
      <ul><li><a href="/fronts/home" {...here(fronts === 'home')}>{t('frontHome')} <span /></a></li>{fronts && room.sections.map((s) => (
        <li key={s.id}><a href={'/fronts/' + s.id} {...here(fronts === s.id)}>{nameIn(s.names, room.language)} <span /></a></li>))}</ul>
      {room.sections.length > 0 && <h2>{t('sections')}</h2>}
      <ul>{room.sections.map((s) => (
        <li key={s.id}><a href={`/?section=${encodeURIComponent(s.slug)}`} {...here(section === s.slug)}>{nameIn(s.names, room.language)} <span>{shown(day?.open[s.id])}</span></a></li>
      ))}</ul>
    </nav>
  )
}
