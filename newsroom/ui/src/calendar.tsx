// The calendar of what goes out by itself, and of when embargoes end.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { get, saying, type Page, type Room, type Row } from './api'
import { Bar, Side, useListKeys } from './bar'
import { dayOf, dayOfKey, midnight, monthName, now, time, weekdayName, day as dayName } from './clock'
import { Say, Square, stateOf, useTitle } from './parts'
import { go, useAddress } from './router'
import { t } from './words'

const DAY = 86400e3
const step = (key: string, days: number): string => dayOf(new Date(dayOfKey(key).getTime() + days * DAY))
const monday = (key: string): string => step(key, -((new Date(key + 'T12:00:00Z').getUTCDay() + 6) % 7))

interface Entry { row: Row, at: Date, ends: boolean }

export function Calendar({ room }: { room: Room }): JSX.Element {
  const address = useAddress()
  const named = address.searchParams.get('month') ?? ''
  const month = /^\d{4}-(0[1-9]|1[0-2])$/.test(named) ? named : dayOf(now()).slice(0, 7)
  const first = month + '-01'
  const next = step(first, 32).slice(0, 7)
  const before = step(first, -1).slice(0, 7)
  const [entries, set] = useState<Entry[]>()
  const [error, fail] = useState('')
  useTitle(`${t('calendar')} – ${room.name}`)
  const days = weeks(first, next)
  useEffect(() => {
    const stop = new AbortController()
    load(days[0]!, step(days.at(-1)!, 1), stop.signal).then(set).catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    return () => stop.abort()
  }, [month])
  useListKeys((e) => {
    if (e.key === 'j') go('/calendar?month=' + next)
    else if (e.key === 'k') go('/calendar?month=' + before)
  })
  const today = dayOf(now())
  return (
    <>
      <Bar room={room} query="" />
      <div class="frame">
        <Side room={room} list="" section="" calendar />
        <main id="main" class="list" aria-busy={entries === undefined}>
          <h1>{monthName(dayOfKey(first))}</h1>
          <p class="filters"><a href={'/calendar?month=' + before}>{t('monthBefore')}</a><a href="/calendar">{t('thisMonth')}</a><a href={'/calendar?month=' + next}>{t('monthAfter')}</a>
            <span class="dim">{t('calendarZone', { zone: room.zone })}</span></p>
          {error && <Say warn>{error}</Say>}
          <ol class="month">{days.map((key) => {
            const here = entries?.filter((e) => dayOf(e.at) === key) ?? []
            return (
              <li key={key} class={(key === today ? 'today' : '') + (key.startsWith(month) ? '' : ' other') + (here.length ? '' : ' free')} aria-current={key === today ? 'date' : undefined}>
                <h2><span class="vh">{dayName(dayOfKey(key))}</span><span aria-hidden="true"><span class="wd">{weekdayName(dayOfKey(key))} </span>{Number(key.slice(8))}</span></h2>
                {here.length > 0 && <ul>{here.map((e) => <Item key={e.row.id + e.ends} entry={e} />)}</ul>}
              </li>
            )
          })}</ol>
          {entries?.length === 0 && <p class="dim">{t('calendarEmpty')}</p>}
        </main>
      </div>
    </>
  )
}

function Item({ entry }: { entry: Entry }): JSX.Element {
  const state = stateOf(entry.row)
  return (
    <li class="plain"><span class="tab">{time(entry.at)}</span> <a href={`/articles/${entry.row.id}`} dir="auto"><Square of={entry.ends ? 'emb' : 'sch'} /><span class="vh">{entry.ends ? t('embargoEnds') : state.words}: </span>{entry.row.headline || t('untitled')}</a></li>
  )
}

/** The days of whole weeks, Monday first, that hold a month. */
function weeks(first: string, next: string): string[] {
  const days: string[] = []
  for (let d = monday(first); d < next + '-01' || days.length % 7 !== 0; d = step(d, 1)) days.push(d)
  return days
}

async function load(from: string, before: string, signal: AbortSignal): Promise<Entry[]> {
  const span = `from=${encodeURIComponent(midnight(from).toISOString())}&before=${encodeURIComponent(midnight(before).toISOString())}&limit=200`
  const [scheduled, embargoed] = await Promise.all(['scheduled', 'embargoed'].map((l) => get<Page>(`/desk/${l}?${span}`, signal)))
  const entries = [
    ...scheduled!.rows.map((row) => ({ row, at: new Date(row.due!), ends: false })),
    ...embargoed!.rows.map((row) => ({ row, at: new Date(row.embargo!), ends: true })),
  ]
  return entries.sort((a, b) => a.at.getTime() - b.at.getTime())
}
