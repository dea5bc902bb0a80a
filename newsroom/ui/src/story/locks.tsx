// When a story goes out by itself, and what stops it: a schedule, an embargo and a legal hold.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ask, saying, type Change, type Room, type Story } from '../api'
import { date, day, now, timeNamed, until } from '../clock'
import { Whose } from '../locks'
import { Say } from '../parts'
import { of, t } from '../words'
import { instantOf, isWrong, never, OwnClock, WhenField, whenOf, zoneWords, type When } from '../when'

interface Part { room: Room, story: Story, done: (s: Story) => void }

const moved = (at: Date): string => date(at) + ', ' + timeNamed(at)

const embargoed = (s: Story): Date | undefined => {
  const ends = s.embargo?.until ? new Date(s.embargo.until) : undefined
  return ends && ends > now() ? ends : undefined
}

/** What the head of a story's page says of all three; nothing where there is none. */
export function StoryStops({ story }: { story: Story }): JSX.Element | null {
  const ends = embargoed(story)
  if (!ends && !story.hold && !story.schedule) return null
  return (
    <Say warn={Boolean(ends ?? story.hold)}>
      {story.hold && <><b>{t('heldBy', { name: story.hold.by })}</b> <Whose lock={story.hold} /><br /></>}
      {ends && story.embargo && <><b>{t('embargoStands', { day: day(ends), time: timeNamed(ends), until: until(ends) })}</b> <Whose lock={story.embargo} /><br /></>}
      {story.schedule && <><b>{t('scheduledFor', { time: moved(new Date(story.schedule.due)) })}</b> {story.schedule.changed_since && t('storyLater')}</>}
    </Say>
  )
}

export function StoryLocks({ room, story, change, note, done }: Part & { change?: Change, note?: string }): JSX.Element {
  return (
    <section class="panel" aria-labelledby="sl"><h2 id="sl">{t('storyWhenOut')}</h2><p class="dim">{t('locksMean')}</p>
      <Hour key={'s' + story.version} room={room} story={story} change={change} note={note} done={done} />
      <Embargo key={'e' + story.version} room={room} story={story} done={done} />
      <Hold key={'h' + story.version} room={room} story={story} done={done} />
    </section>
  )
}

function Hour({ room, story, change, note, done }: Part & { change?: Change, note?: string }): JSX.Element {
  const standing = story.schedule
  const [when, choose] = useState<When>(() => standing ? whenOf(new Date(standing.due)) : never)
  const [error, fail] = useState('')
  const due = isWrong(when) ? undefined : instantOf(when)
  const work = (path: string, body?: unknown): void => { ask<Story>('POST', `/stories/${story.id}/${path}`, { version: story.version, body }).then(done).catch((e) => fail(saying(e))) }
  return (
    <details class="entry" open={Boolean(standing)}><summary>{standing ? t('scheduledFor', { time: moved(new Date(standing.due)) }) : t('scheduleIt')}</summary>
      <form onSubmit={(e) => { e.preventDefault(); if (due) work('schedule', { due: due.toISOString(), ...(change ? { change } : {}), ...(note ? { note } : {}) }) }}>
        <WhenField id="sz" label={t('dayAndTime', { zone: zoneWords(room.zone, due ?? now()) })} day={t('day')} hour={t('time')} value={when} set={choose} required />
        {due && <div class="say know" role="status"><b>{t('goesOut', { day: day(due), time: timeNamed(due), until: until(due) })}</b> <OwnClock at={due} /><br />{t('storyGoesOut')}{change && story.edition > 0 && ' ' + of('change', change) + (note ? ': ' + note : '')}</div>}
        {error && <Say warn>{error}</Say>}
        <p class="acts"><button class="b go" disabled={!due}>{due ? t('scheduleFor', { day: date(due), time: timeNamed(due) }) : t('scheduleIt')}</button>
          {standing && <button class="b" type="button" onClick={() => work('unschedule')}>{t('takeOff')}</button>}</p>
      </form>
    </details>
  )
}

function Embargo({ room, story, done }: Part): JSX.Element {
  const stands = embargoed(story)
  const [when, choose] = useState<When>(() => stands ? whenOf(stands) : never)
  const [reason, because] = useState('')
  const [error, fail] = useState('')
  const chief = room.me.role === 'chief'
  const ends = isWrong(when) ? undefined : instantOf(when)
  const shortens = stands !== undefined && ends !== undefined && ends < stands
  const work = (f: () => Promise<Story>): void => { f().then(done).catch((e) => fail(saying(e))) }
  const put = (): void => work(() => ask('POST', `/stories/${story.id}/embargo`, { version: story.version, body: { until: ends!.toISOString(), reason: reason.trim() } }))
  const lift = (): void => work(() => ask('DELETE', `/stories/${story.id}/embargo?reason=${encodeURIComponent(reason.trim())}`, { version: story.version }))
  return (
    <details class="entry" open={Boolean(stands)}><summary>{t('embargo')}</summary>
      <form onSubmit={(e) => { e.preventDefault(); put() }}>
        <WhenField id="se" label={t('embargoUntilWhen', { zone: zoneWords(room.zone, ends ?? now()) })} day={t('day')} hour={t('time')} value={when} set={choose} bad={shortens && !chief}>
          {shortens && !chief && <p class="err" role="alert" id="se-err">{t('chiefShortens', { time: moved(stands) })}</p>}
        </WhenField>
        <div class="f"><label for="sey">{stands ? t('embargoWhy') : t('embargoWhyMaybe')}</label><input id="sey" value={reason} maxLength={1000} required={shortens} onInput={(e) => because(e.currentTarget.value)} /><p class="hint">{t('reasonStays')}</p></div>
        {error && <Say warn>{error}</Say>}
        <p class="acts"><button class="b go" disabled={!ends || (shortens && (!chief || !reason.trim()))}>{ends ? t('embargoSet', { time: moved(ends) }) : t('embargoSetIt')}</button>
          {stands && chief && <button class="b no" type="button" disabled={!reason.trim()} onClick={lift}>{t('embargoLift')}</button>}</p>
      </form>
    </details>
  )
}

function Hold({ room, story, done }: Part): JSX.Element {
  const [reason, because] = useState('')
  const [error, fail] = useState('')
  const held = story.hold
  const may = !held || room.me.role === 'chief'
  const act = (): void => {
    const r = reason.trim()
    const asked = held ? ask<Story>('DELETE', `/stories/${story.id}/hold?reason=${encodeURIComponent(r)}`, { version: story.version }) : ask<Story>('POST', `/stories/${story.id}/hold`, { version: story.version, body: { reason: r } })
    asked.then(done).catch((e) => fail(saying(e)))
  }
  return (
    <details class="entry" open={Boolean(held)}><summary>{t('legalHold')}</summary>
      <form onSubmit={(e) => { e.preventDefault(); act() }}>
        {may ? <>
          <div class="f"><label for="shy">{held ? t('holdLiftWhy') : t('holdWhy')}</label><input id="shy" value={reason} maxLength={1000} required onInput={(e) => because(e.currentTarget.value)} /><p class="hint">{t('reasonStays')}</p></div>
          {error && <Say warn>{error}</Say>}
          <p class="acts"><button class={held ? 'b no' : 'b'} disabled={!reason.trim()}>{held ? t('holdLift') : t('holdSet')}</button></p></>
          : <p class="hint">{t('askChiefHold')}</p>}
      </form>
    </details>
  )
}
