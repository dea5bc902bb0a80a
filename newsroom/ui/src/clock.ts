// Instants and the clocks that show them: the newsroom's, whose zone is named, and the editor's own where it differs.
import type { Span } from './api'
import { locale, t } from './words'

let zone = 'UTC'
let spans: Span[] = [{ name: 'UTC', offset: 0 }]
let ahead = 0 // of this machine's clock, in milliseconds

export function setClock(paper: { zone: string, zones: Span[], now: string }): void {
  zone = paper.zone
  spans = paper.zones
  ahead = Date.parse(paper.now) - Date.now()
}

/** The newsroom's instant, whatever this machine's clock shows. */
export const now = (): Date => new Date(Date.now() + ahead)

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone
const formats = new Map<string, Intl.DateTimeFormat>()

function format(at: Date, options: Intl.DateTimeFormatOptions, where: string): string {
  const key = where + JSON.stringify(options)
  let f = formats.get(key)
  if (!f) formats.set(key, f = new Intl.DateTimeFormat(locale, { timeZone: where, hourCycle: 'h23', ...options }))
  return f.format(at)
}

const spanAt = (at: Date): Span => spans.findLast((s) => !s.from || Date.parse(s.from) <= at.getTime()) ?? spans[0]!

export const zoneName = (at: Date): string => spanAt(at).name
export const zoneOffset = (at: Date): string => {
  const minutes = spanAt(at).offset / 60
  const h = Math.floor(Math.abs(minutes) / 60)
  const m = Math.abs(minutes) % 60
  return `UTC${minutes < 0 ? '−' : '+'}${h}${m ? ':' + String(m).padStart(2, '0') : ''}`
}

/** 14:05, or 14:05:02, on the newsroom's clock. */
export const time = (at: Date, seconds = false): string =>
  format(at, { hour: '2-digit', minute: '2-digit', ...(seconds ? { second: '2-digit' } : {}) }, zone)

/** 14:05 IST */
export const timeNamed = (at: Date, seconds = false): string => time(at, seconds) + ' ' + zoneName(at)

/** 30 June 2026 */
export const date = (at: Date): string => format(at, { day: 'numeric', month: 'long', year: 'numeric' }, zone)

/** Tuesday 30 June 2026 */
export const day = (at: Date): string => format(at, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }, zone).replace(',', '')

const dayKey = (at: Date): string => new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(at)

/** The time alone today, with the weekday within six days, with the date beyond. */
export function moment(at: Date, seconds = false): string {
  const today = dayKey(now())
  if (dayKey(at) === today) return time(at, seconds)
  const days = Math.abs(Date.parse(dayKey(at)) - Date.parse(today)) / 86400e3
  if (days <= 6) return format(at, { weekday: 'short' }, zone) + ' ' + time(at)
  const year = dayKey(at).slice(0, 4) === today.slice(0, 4)
  return format(at, { day: 'numeric', month: 'short', ...(year ? {} : { year: 'numeric' }) }, zone)
}

/** Whether the editor's own clock shows another time than the newsroom's at an instant. */
export const elsewhere = (at: Date): boolean => format(at, { hour: '2-digit', minute: '2-digit', day: 'numeric' }, zone) !== format(at, { hour: '2-digit', minute: '2-digit', day: 'numeric' }, ownZone)

export const ownTime = (at: Date): string => format(at, { hour: '2-digit', minute: '2-digit' }, ownZone)
export const ownDay = (at: Date): string => format(at, { weekday: 'long', day: 'numeric', month: 'long' }, ownZone)
export const ownZoneName = (at: Date): string =>
  new Intl.DateTimeFormat(locale, { timeZone: ownZone, timeZoneName: 'short' }).formatToParts(at).find((p) => p.type === 'timeZoneName')?.value ?? ownZone

/** 2 days 22 hours 4 minutes, from now. */
export function until(at: Date): string {
  const minutes = Math.max(0, Math.round((at.getTime() - now().getTime()) / 60e3))
  const parts: [number, 'day' | 'hour' | 'minute'][] = [[Math.floor(minutes / 1440), 'day'], [Math.floor(minutes / 60) % 24, 'hour'], [minutes % 60, 'minute']]
  const said = parts.filter(([n]) => n > 0).map(([n, unit]) => new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(n))
  return said.length ? said.join(' ') : t('lessThanAMinute')
}

/** The wall clock of the newsroom at an instant, as inputs of date and time take it. */
export function wall(at: Date): { day: string, time: string } {
  return { day: dayKey(at), time: time(at) }
}

/**
 * The instants at which the newsroom's clock shows a day and a time: none where the clocks are put forward over it, two
 * where they are put back.
 */
export function instants(onDay: string, atTime: string): Date[] {
  if (!/^\d{4,6}-\d\d-\d\d$/.test(onDay) || !/^\d\d:\d\d$/.test(atTime)) return [] // what is half written is no instant; parsers guess one
  const asUTC = Date.parse(`${onDay}T${atTime}:00Z`)
  if (Number.isNaN(asUTC)) return []
  const found = new Set<number>()
  for (const s of spans) {
    const at = asUTC - s.offset * 1000
    if (spanAt(new Date(at)) === s) found.add(at)
  }
  return [...found].sort((a, b) => a - b).map((at) => new Date(at))
}

/** The seven days of the week that begins on a Monday and holds an instant, as their keys. */
export const dayOf = dayKey
export const dayOfKey = (key: string): Date => instants(key, '12:00')[0] ?? new Date(key + 'T12:00:00Z')
export const midnight = (key: string): Date => instants(key, '00:00')[0] ?? instants(key, '01:00')[0] ?? new Date(key + 'T00:00:00Z')
export const monthName = (at: Date): string => format(at, { month: 'long', year: 'numeric' }, zone)
export const weekdayName = (at: Date): string => format(at, { weekday: 'long' }, zone)
