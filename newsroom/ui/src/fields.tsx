// What differs beside a text, field by field: in the words of the catalogue, its instants on the newsroom's clock.
import type { JSX } from 'preact'
import type { FieldChange } from './api'
import { date, timeNamed } from './clock'
import { of, t } from './words'

/** The last day on which rights hold that end at an instant. */
export const lastDay = (until: string): string => date(new Date(Date.parse(until) - 1000))

/** Instants in the words of the audit, on the newsroom's clock. */
export const inZone = (s: string): string => s.replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (iso) => date(new Date(iso)) + ', ' + timeNamed(new Date(iso)))

/** Who did something, where it was no person at a desk. */
export function doneBy(actor: string): string {
  const schedule = 'schedule of '
  if (actor.startsWith(schedule)) return t('scheduleOf', { name: actor.slice(schedule.length) })
  return actor === 'command line' ? t('commandLine') : actor
}

const codes: Record<string, string> = { 'state.readers': 'state', 'state.draft': 'draftState', label: 'label' }

function valueOf(path: string, value: string): string {
  if (path === 'picture.until') return lastDay(value)
  if (path === 'state.hold') return t('onHold')
  const kind = codes[path]
  return kind ? of(kind, value) : path.startsWith('state.') ? inZone(value) : value
}

const nameOf = (f: FieldChange): string => of('field', f.path) + (f.of ? `, ${f.of}` : '')

/** One change in a sentence. */
export const changeWords = (f: FieldChange): string =>
  t('fieldChange', { field: nameOf(f), before: f.before ? valueOf(f.path, f.before) : t('nothing'), after: f.after ? valueOf(f.path, f.after) : t('nothing') })

export function FieldTable({ fields, from, to, title }: { fields: FieldChange[], from: string, to: string, title?: string }): JSX.Element | null {
  if (fields.length === 0) return null
  return <>
    <h2 class="cut">{title ?? t('fields')}</h2>
    <table class="receipt plainly"><thead><tr><th scope="col">{t('field')}</th><th scope="col">{from}</th><th scope="col">{to}</th></tr></thead>
      <tbody>{fields.map((f) => <tr key={nameOf(f)}><th scope="row">{nameOf(f)}</th><td dir="auto">{f.before && <del>{valueOf(f.path, f.before)}</del>}</td><td dir="auto">{f.after && <ins>{valueOf(f.path, f.after)}</ins>}</td></tr>)}</tbody></table>
  </>
}
