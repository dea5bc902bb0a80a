// When a story goes out by itself, and what stops it: a schedule, an embargo and a legal hold.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ask, saying, type Change, type Room, type Story } from '../api'
import { date, day, now, timeNamed, until } from '../clock'
import { Embargo, embargoOf, Hold, Whose } from '../locks'
import { Say } from '../parts'
import { of, t } from '../words'
import { instantOf, isWrong, never, OwnClock, WhenField, whenOf, zoneWords, type When } from '../when'

interface Part { room: Room, story: Story, done: (s: Story) => void }

const moved = (at: Date): string => date(at) + ', ' + timeNamed(at)

/** What the head of a story's page says of all three; nothing where there is none. */
export function StoryStops({ story }: { story: Story }): JSX.Element | null {
  const ends = embargoOf(story)
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
      <details class="entry" open={embargoOf(story) !== undefined}><summary>{t('embargo')}</summary><Embargo key={'e' + story.version} room={room} of={'/stories/' + story.id} it={story} done={done} plain /></details>
      <details class="entry" open={story.hold !== undefined}><summary>{t('legalHold')}</summary><Hold key={'h' + story.version} room={room} of={'/stories/' + story.id} it={story} done={done} plain /></details>
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
