// A date, as exactly as it is known and no more.
import type { JSX } from 'preact'
import { locale, of, t, type Key } from '../words'

const precisions = ['day', 'week', 'month', 'season', 'year'] as const
type Precision = typeof precisions[number]
interface Parts { by: Precision, year: number, month: number, day: number, week: number, season: number }

const two = (n: number): string => String(n).padStart(2, '0')

export function partsOf(when: string): Parts {
  const [y, m, d] = when.split('-')
  const parts: Parts = { by: 'year', year: Number(y) || new Date().getFullYear(), month: new Date().getMonth() + 1, day: 1, week: 1, season: 1 }
  if (!m) return parts
  if (Number(m) > 20) return { ...parts, by: 'season', season: Number(m) - 20 }
  if (!d) return { ...parts, by: 'month', month: Number(m) }
  if (d.startsWith('W')) return { ...parts, by: 'week', month: Number(m), week: Number(d.slice(1)) }
  return { ...parts, by: 'day', month: Number(m), day: Number(d) }
}

export function whenOf(p: Parts): string {
  const year = String(p.year).padStart(4, '0')
  switch (p.by) {
    case 'year': return year
    case 'season': return `${year}-${20 + p.season}`
    case 'month': return `${year}-${two(p.month)}`
    case 'week': return `${year}-${two(p.month)}-W${p.week}`
    default: return `${year}-${two(p.month)}-${two(Math.min(p.day, new Date(p.year, p.month, 0).getDate()))}`
  }
}

const months = Array.from({ length: 12 }, (_, i) => new Intl.DateTimeFormat(locale, { month: 'long' }).format(new Date(2026, i, 15)))

/** A date in words, no more exactly than it is known. */
export function spoken(when: string): string {
  if (!when) return ''
  const p = partsOf(when)
  switch (p.by) {
    case 'year': return String(p.year)
    case 'season': return `${of('season', String(p.season))} ${p.year}`
    case 'month': return `${months[p.month - 1]} ${p.year}`
    case 'week': return `${of('week', String(p.week))}, ${months[p.month - 1]} ${p.year}`
    default: return `${p.day} ${months[p.month - 1]} ${p.year}`
  }
}

export function When({ id, value, change }: { id: string, value: string, change: (when: string) => void }): JSX.Element {
  const p = partsOf(value)
  const set = (part: Partial<Parts>): void => change(whenOf({ ...p, ...part }))
  const choice = (name: string, label: Key, value: number, from: number, to: number, words: (n: number) => string, take: (n: number) => void): JSX.Element => (
    <div class="f"><label for={id + name}>{t(label)}</label><select id={id + name} value={value} onChange={(e) => take(Number(e.currentTarget.value))}>
      {Array.from({ length: to - from + 1 }, (_, i) => from + i).map((n) => <option key={n} value={n}>{words(n)}</option>)}</select></div>
  )
  return (
    <div class="when-field" role="group" aria-label={t('eventWhen')}>
      <div class="f"><label for={id + 'by'}>{t('exactly')}</label><select id={id + 'by'} value={p.by} onChange={(e) => set({ by: e.currentTarget.value as Precision })}>
        {precisions.map((x) => <option key={x} value={x}>{of('by', x)}</option>)}</select></div>
      {p.by === 'day'
        ? <div class="f"><label for={id + 'day'}>{t('dayField')}</label><input id={id + 'day'} type="date" required value={whenOf(p)} onChange={(e) => { if (e.currentTarget.value) change(e.currentTarget.value) }} /></div>
        : <>
          {p.by === 'week' && choice('week', 'weekField', p.week, 1, 5, (n) => of('week', String(n)), (week) => set({ week }))}
          {(p.by === 'week' || p.by === 'month') && choice('month', 'monthField', p.month, 1, 12, (n) => months[n - 1]!, (month) => set({ month }))}
          {p.by === 'season' && choice('season', 'seasonField', p.season, 1, 4, (n) => of('season', String(n)), (season) => set({ season }))}
          <div class="f"><label for={id + 'year'}>{t('yearField')}</label><input id={id + 'year'} type="number" min={1} max={9999} value={p.year} onInput={(e) => { const year = Number(e.currentTarget.value); if (year > 0 && year < 10000) set({ year }) }} /></div>
        </>}
    </div>
  )
}
