// A day and a time on the newsroom's clock, as one field: it says when the clocks leave a time out or show it twice.
import type { ComponentChildren, JSX } from 'preact'
import { elsewhere, instants, now, ownDay, ownTime, ownZoneName, time, wall, zoneName, zoneOffset } from './clock'
import { t } from './words'

export interface When { day: string, time: string, second: boolean }

export const never: When = { day: '', time: '', second: false }

/** The clock's day and time at an instant; of two instants with the same ones, which. */
export function whenOf(at: Date): When {
  const w = wall(at)
  return { ...w, second: (instants(w.day, w.time)[1]?.getTime() ?? 0) === Math.floor(at.getTime() / 60e3) * 60e3 }
}

/** The instant that is meant; none while the field is not whole, or where the clocks leave the time out. */
export function instantOf(w: When): Date | undefined {
  const found = instants(w.day, w.time)
  return found[w.second ? found.length - 1 : 0]
}

export const isPast = (w: When): boolean => (instantOf(w) ?? Infinity) <= now()

/** Whether something was begun and names no instant that is to come. */
export const isWrong = (w: When): boolean => (w.day !== '' || w.time !== '') && (instantOf(w) === undefined || isPast(w))

/** The newsroom's place and zone at an instant, as fields name it. */
export const zoneWords = (zone: string, at: Date): string => `${zone.split('/').at(-1)!.replaceAll('_', ' ')} (${zoneName(at)}, ${zoneOffset(at)})`

export function WhenField({ id, label, day, hour, value, set, required, bad, children }: {
  id: string, label: string, day: string, hour: string, value: When, set: (w: When) => void, required?: boolean, bad?: boolean, children?: ComponentChildren,
}): JSX.Element {
  const found = instants(value.day, value.time)
  const gap = value.day !== '' && value.time !== '' && found.length === 0
  const past = isPast(value)
  const wrong = gap || past || bad
  return (
    <div class={'f' + (wrong ? ' bad' : '')}><span class="l" id={id}>{label}</span>
      <div class="acts" role="group" aria-labelledby={id} aria-describedby={wrong ? id + '-err' : undefined}>
        <input class="in half" type="date" aria-label={day} value={value.day} required={required} aria-invalid={wrong} onInput={(e) => set({ day: e.currentTarget.value, time: value.time || (required ? '' : '00:00'), second: false })} />
        <input class="in half" type="time" aria-label={hour} value={value.time} required={required} aria-invalid={wrong} onInput={(e) => set({ ...value, time: e.currentTarget.value, second: false })} />
      </div>
      {gap && <p class="err" role="alert" id={id + '-err'}>{t('noSuchTime', { time: value.time })}</p>}
      {past && <p class="err" role="alert" id={id + '-err'}>{t('isPast')}</p>}
      {found.length > 1 && <div class="choice" role="radiogroup" aria-label={t('twice', { time: value.time })}><p class="hint">{t('twice', { time: value.time })}</p>{found.map((at, i) => (
        <label key={at.getTime()} class="pair"><input type="radio" name={id + '-twice'} checked={(i > 0) === value.second} onChange={() => set({ ...value, second: i > 0 })} /> {time(at)} {zoneName(at)} ({zoneOffset(at)})</label>))}</div>}
      {children}
    </div>
  )
}

/** What the editor's own clock will show, where it is another than the newsroom's. */
export const OwnClock = ({ at }: { at: Date }): JSX.Element | null =>
  elsewhere(at) ? <>{t('youAreIn', { zone: ownZoneName(at), time: ownTime(at), day: ownDay(at) })}</> : null
