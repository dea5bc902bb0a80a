// How readers came to have a story as it is: each of its states, any two of them compared, one taken up again as a draft.
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, get, saying, type Room, type Run, type Story, type StoryContent, type StoryEvent, type StoryStatus, type StoryTelling } from '../api'
import { Bar } from '../bar'
import { date, moment } from '../clock'
import { Runs, Say, useTitle } from '../parts'
import { go, useAddress } from '../router'
import { count, of, t } from '../words'
import { spoken } from './when'

interface Sides<T> { before?: T, after?: T }
interface Difference { part: string, runs?: Run[], status?: Sides<StoryStatus>, event?: Sides<StoryEvent>, party?: Sides<{ topic: string, role?: string }>, story?: Sides<string>, joined?: string, left?: string }
interface Compared { differences: Difference[], content: StoryContent }

const named = (n: number): string => n === 0 ? t('storyDraft') : t('editionN', { n })

export function StoryHistory({ room, id }: { room: Room, id: string }): JSX.Element {
  const [story, set] = useState<Story>()
  const [list, show] = useState<StoryTelling[]>([])
  const [compared, compare] = useState<Compared>()
  const [error, fail] = useState('')
  const asked = useAddress().searchParams
  const from = Number(asked.get('from') ?? -1)
  const to = Number(asked.get('to') ?? -1)
  useTitle(`${t('history')} – ${room.name}`)
  useEffect(() => {
    Promise.all([get<Story>('/stories/' + id), get<{ tellings: StoryTelling[] }>(`/stories/${id}/history`)]).then(([s, h]) => {
      set(s)
      show(h.tellings)
      const newest = h.tellings[0]?.number ?? 0
      if (from < 0) go(`/stories/${id}/history?from=${s.unpublished_changes ? newest : Math.max(newest - 1, 0)}&to=${s.unpublished_changes ? 0 : newest}`, true)
    }).catch((e) => fail(saying(e)))
  }, [id])
  useEffect(() => {
    if (from < 0 || to < 0) return
    const stop = new AbortController()
    compare(undefined)
    get<Compared>(`/stories/${id}/compare?from=${from}&to=${to}`, stop.signal).then((c) => { compare(c); fail('') }).catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    return () => stop.abort()
  }, [id, from, to])
  /** Takes a state into the pair in the place of the one chosen longer ago; the older is compared with the newer, the draft being the newest. */
  const take = (n: number): void => {
    if (n === from || n === to) return
    const age = (x: number): number => x === 0 ? Infinity : x
    const [a, b] = [to, n].sort((x, y) => age(x) - age(y))
    go(`/stories/${id}/history?from=${a}&to=${b}`, true)
  }
  const again = async (): Promise<void> => {
    try {
      const s = await get<Story>('/stories/' + id)
      await ask('PUT', '/stories/' + id, { version: s.version, body: { ...compared!.content, slug: s.content.slug } })
      go('/stories/' + id)
    } catch (e) {
      fail(saying(e))
    }
  }
  const entry = (n: number, inside: ComponentChildren): JSX.Element => {
    const on = n === from || n === to
    return <li key={n} class={on ? 'on' : ''}><button type="button" aria-pressed={on} onClick={() => take(n)}>{inside} {on && <span class="dim">{t('compared')}</span>}</button></li>
  }
  return (
    <>
      <Bar room={room} query="" />
      <main id="main" class="work two">
        <nav class="panel" aria-labelledby="hh"><p class="label"><a href={'/stories/' + id}>{t('backToStory')}</a></p><h2 id="hh">{t('everything')}</h2>
          <ol class="events" reversed>
            {story?.unpublished_changes && entry(0, <><b>{t('storyDraft')}, {moment(new Date(story.saved_at), true)}</b>{story.saved_by}</>)}
            {list.map((l) => entry(l.number, <><b>{t('editionN', { n: l.number })}, {moment(new Date(l.at), true)}</b>{l.by} <span class="dim" dir="auto">{l.change ? of('change', l.change) : t('withdrawn')}{l.note && ': ' + l.note}</span></>))}
          </ol>
        </nav>
        <article class="sheet" aria-labelledby="cc" lang={story?.content.language}>
          {error && <Say warn>{error}</Say>}
          {compared && <>
            <h1 id="cc" class="plain-h">{t('pair', { from: named(from), to: named(to) })}</h1>
            <p class="dim">{compared.differences.length === 0 ? t('nothingDiffers') : count('storyDiffers', compared.differences.length)}</p>
            {compared.differences.length > 0 && <table class="receipt plainly"><thead><tr><th scope="col">{t('field')}</th><th scope="col">{named(from)}</th><th scope="col">{named(to)}</th></tr></thead>
              <tbody>{compared.differences.map((d, i) => <tr key={i}><th scope="row">{of('part', d.part)}</th>{d.runs ? <td colSpan={2} dir="auto"><Runs runs={d.runs} /></td> : <><td dir="auto">{sideOf(d, 'before') && <del>{sideOf(d, 'before')}</del>}</td><td dir="auto">{sideOf(d, 'after') && <ins>{sideOf(d, 'after')}</ins>}</td></>}</tr>)}</tbody></table>}
            {room.me.role !== 'reporter' && from > 0 && <p class="acts"><button class="b" type="button" onClick={() => void again()}>{t('restoreAsDraft', { side: named(from) })}</button>
              {story?.readers === 'published' && story.address && story.edition > 1 && <a class="b bare" href={room.site + story.address + '/history'} target="_blank" rel="noopener">{t('readersHistory')}</a>}</p>}
          </>}
        </article>
      </main>
    </>
  )
}

/** One side of a difference in words. */
function sideOf(d: Difference, side: 'before' | 'after'): string {
  const status = d.status?.[side]
  if (status) return [`${status.at ? date(new Date(status.at)) : ''} ${status.words} (${of('story', status.state)})`, status.sentence, sourceIn(status)].filter(Boolean).join(' · ')
  const event = d.event?.[side]
  if (event) return [`${spoken(event.when)} ${event.title}`, event.text, sourceIn(event)].filter(Boolean).join(' · ')
  const party = d.party?.[side]
  if (party) return party.role ? `${party.topic}: ${party.role}` : party.topic
  return d.story?.[side] ?? (side === 'before' ? d.left : d.joined) ?? ''
}

const sourceIn = ({ source: s }: StoryStatus | StoryEvent): string => !s ? '' : s.article ? [t('sourceOurs'), s.edition && `${t('sourceEdition')} ${s.edition}`, s.paragraph && `${t('sourceParagraph')} ${s.paragraph}`].filter(Boolean).join(', ') : [s.name, s.address].filter(Boolean).join(' ')
