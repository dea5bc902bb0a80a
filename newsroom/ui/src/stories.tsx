// The running stories: where each stands, and what readers do not have yet.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { get, saying, type Day, type Room, type StoryRow } from './api'
import { Bar, Side, useListKeys } from './bar'
import { date, moment } from './clock'
import { Say, Square, useTitle } from './parts'
import { go } from './router'
import { of, t } from './words'

export const over = (state?: string): boolean => state === 'ended' || state === 'called_off'

export function Stories({ room }: { room: Room }): JSX.Element {
  const [rows, set] = useState<StoryRow[]>()
  const [next, more] = useState('')
  const [day, know] = useState<Day>()
  const [at, move] = useState(0)
  const [error, fail] = useState('')
  useTitle(`${t('stories')} – ${room.name}`)
  const load = (after = ''): void => {
    get<{ items: StoryRow[], next?: string }>('/stories?limit=100&after=' + encodeURIComponent(after)).then((p) => {
      set((was) => [...(after ? was ?? [] : []), ...p.items])
      more(p.next ?? '')
    }).catch((e) => fail(saying(e)))
  }
  useEffect(() => {
    load()
    get<Day>('/desk').then(know).catch(() => undefined)
  }, [])
  const list = (rows ?? []).filter((r) => !r.into)
  useListKeys((e) => {
    if ((e.key === 'j' || e.key === 'ArrowDown') && at < list.length - 1) move(at + 1)
    else if ((e.key === 'k' || e.key === 'ArrowUp') && at > 0) move(at - 1)
    else if (e.key === 'Enter' && list[at] && !(e.target instanceof HTMLElement && e.target.closest('a,button'))) go('/stories/' + list[at].id)
    else return
    e.preventDefault()
  })
  return (
    <>
      <Bar room={room} query="" />
      <div class="frame"><Side room={room} day={day} list="?" section="" stories />
        <main id="main" class="list" aria-busy={rows === undefined}>
          <h1>{t('stories')}</h1>
          <div class="filters"><a class="b" href="/stories/new">{t('newStory')}</a></div>
          {error && <Say warn>{error}</Say>}
          {rows && list.length === 0 && <div class="none"><p>{t('noStories')}</p><p>{t('noStoriesThen')}</p></div>}
          {list.length > 0 && <table class="rows"><caption class="vh">{t('stories')}</caption>
            <thead><tr><th scope="col">{t('colState')}</th><th scope="col">{t('storyName')}</th><th scope="col">{t('storyStands')}</th><th scope="col">{t('colWhen')}</th></tr></thead>
            <tbody>{list.map((r, i) => (
              <tr key={r.id} class={i === at ? 'on' : ''}>
                <td class="st"><Square of={r.readers === 'withdrawn' ? 'gone' : r.readers === 'unpublished' ? '' : r.unpublished_changes ? 'both' : 'out'} />{r.readers === 'published' ? t(r.unpublished_changes ? 'publishedDraft' : 'published') : t(r.readers === 'withdrawn' ? 'withdrawn' : 'draft')}</td>
                <td class="hd"><a class="plain" href={'/stories/' + r.id} dir="auto">{r.name || t('untitled')}</a></td>
                <td dir="auto">{r.words ?? t('noStatus')} <span class="dim">{r.state && of('story', r.state)}{r.since && ', ' + date(new Date(r.since))}</span></td>
                <td>{t('storySaved', { time: moment(new Date(r.saved_at)) })}</td>
              </tr>
            ))}</tbody></table>}
          {next && <p class="acts"><button class="b" type="button" onClick={() => load(next)}>{t('showMore')}</button></p>}
        </main>
      </div>
    </>
  )
}
