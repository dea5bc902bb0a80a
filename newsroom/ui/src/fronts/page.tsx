// Arranging a front: home, or a section's. What is saved is a draft; readers get it when it is published.
import type { JSX } from 'preact'
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { ask, get, nameIn, Problem, saying, type Front, type FrontContent, type FrontItem, type Room, type Row, type Topic } from '../api'
import { Bar, Side, useListKeys } from '../bar'
import { moment, now } from '../clock'
import { onMoved } from '../live'
import { Say, useTitle } from '../parts'
import { count, t } from '../words'
import { Box, ruleWords } from './box'
import { Card, type Hands } from './card'
import { Conflict } from './conflict'
import { FindArticle } from './find'
import { beside, itemAt, most, moved, movedBox, ofStories, withBox, withItem, type At } from './moves'
import { FrontActs } from './acts'
import { StripFields } from './strip'
import { FrontHistory } from './history'

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** Puts a pointer's drag into places: what is under it while it moves, and where it is let go. */
function useDrag(drop: (from: At, to: At) => void): { from?: At, over?: At, drag: (at: At, e: PointerEvent) => void } {
  const [from, take] = useState<At>()
  const [over, pass] = useState<At>()
  const under = (e: PointerEvent): At | undefined => {
    const li = document.elementFromPoint(e.clientX, e.clientY)?.closest<HTMLElement>('li.place')
    return li ? { box: Number(li.dataset.box), place: Number(li.dataset.place) } : undefined
  }
  const drag = (at: At, e: PointerEvent): void => {
    if (e.button !== 0) return
    e.preventDefault()
    const grip = e.currentTarget as HTMLElement
    grip.setPointerCapture(e.pointerId)
    take(at)
    const move = (e: PointerEvent): void => pass(under(e))
    const end = (e: PointerEvent): void => {
      grip.removeEventListener('pointermove', move)
      grip.removeEventListener('pointerup', end)
      grip.removeEventListener('pointercancel', end)
      take(undefined)
      pass(undefined)
      const to = under(e)
      if (e.type === 'pointerup' && to && !same(to, at)) drop(at, to)
    }
    grip.addEventListener('pointermove', move)
    grip.addEventListener('pointerup', end)
    grip.addEventListener('pointercancel', end)
  }
  return { from, over, drag }
}

export function FrontPage({ room, id }: { room: Room, id: string }): JSX.Element {
  const [front, set] = useState<Front>()
  const [content, arrange] = useState<FrontContent>()
  const [rows, learn] = useState<Record<string, Row>>({})
  const [topics, name] = useState<Record<string, string>>({})
  const [finding, find] = useState<At>()
  const [theirs, conflict] = useState<Front>()
  const [moveOn, hear] = useState('')
  const [said, say] = useState('')
  const [error, fail] = useState('')
  const [past, showPast] = useState(false)
  const focus = useRef<{ at: At, key: string } | undefined>(undefined)
  const section = room.sections.find((s) => s.id === id)
  const title = section ? nameIn(section.names, room.language) : t('frontHome')
  const dirty = front !== undefined && content !== undefined && !same(front.content, content)
  useTitle(`${t('front')}: ${title} – ${room.name}`)
  useListKeys(() => undefined)

  const take = (f: Front): void => {
    set(f)
    arrange(f.content)
    learn((was) => ({ ...was, ...Object.fromEntries(f.rows.map((r) => [r.id, r])) }))
    hear('')
  }
  const load = (): void => { get<Front>('/fronts/' + id).then(take).catch((e) => fail(saying(e))) }
  useEffect(load, [id])
  useEffect(() => {
    const wanted = content?.containers.flatMap((b) => b.rule?.of && b.rule.kind !== 'section' && !(b.rule.of in topics) ? [b.rule] : []) ?? []
    for (const { kind, of } of wanted) {
      const found = kind === 'story' ? get<{ content: { name: string } }>('/stories/' + of).then((x) => x.content.name) : get<Topic>('/topics/' + of).then((x) => nameIn(x.names, room.language))
      found.then((is) => name((was) => ({ ...was, [of!]: is }))).catch(() => undefined) // it stays without its name
    }
  }, [content])
  const state = useRef({ front, dirty })
  state.current = { front, dirty }
  useEffect(() => onMoved((m) => {
    const { front, dirty } = state.current
    if (!front || m.article !== front.id || m.version <= front.version) return
    if (dirty) hear(m.by)
    else load()
  }), [id])
  useEffect(() => {
    const stay = (e: BeforeUnloadEvent): void => { if (dirty) e.preventDefault() }
    addEventListener('beforeunload', stay)
    return () => removeEventListener('beforeunload', stay)
  }, [dirty])
  useEffect(() => {
    const f = focus.current
    focus.current = undefined
    if (f) document.querySelector<HTMLElement>(`li.place[data-box="${f.at.box}"][data-place="${f.at.place}"] [data-key="${f.key}"]`)?.focus()
  }, [content])

  const stands = useMemo(() => new Set(content?.containers.flatMap((b) => b.items.flatMap((i) => i.article ?? [])) ?? []), [content])
  const put = (from: At, to: At): void => {
    if (!content) return
    const next = moved(content, from, to)
    if (next === content) return
    arrange(next)
    const item = itemAt(content, from)
    say(t('frontMoved', { headline: item.headline || (item.article && rows[item.article]?.headline) || t('frontEmpty'), place: to.place + 1, box: to.box + 1 }))
  }
  const { from, over, drag } = useDrag(put)
  const hands: Hands = {
    drag, find,
    step: (at, by) => {
      const to = content && beside(content, at, by)
      if (!to) return
      focus.current = { at: to, key: by === -1 ? 'up' : 'down' }
      put(at, to)
    },
    set: (at, item: FrontItem) => content && arrange(withItem(content, at, item)),
    remove: (at) => content && arrange(withBox(content, at.box, { items: content.containers[at.box]!.items.filter((_, i) => i !== at.place) })),
  }
  const save = async (over?: Front): Promise<Front | undefined> => {
    if (!front || !content) return undefined
    if (!dirty && !over) return front
    try {
      const f = await ask<Front>('PUT', '/fronts/' + id, { version: (over ?? front).version, body: content })
      take(f)
      conflict(undefined)
      fail('')
      return f
    } catch (e) {
      if (e instanceof Problem && e.front) conflict(e.front)
      else fail(saying(e))
      return undefined
    }
  }
  if (!front || !content) return <main id="main" class="work one" aria-busy={!error}>{error && <section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say></section>}</main>
  return (
    <>
      <Bar room={room} query="" />
      <div class="frame">
        <Side room={room} list="" section="" fronts={id} />
        <main id="main" class="arrange">
          <h1>{t('frontOf', { name: title })}</h1>
          <p role="status" class="dim">{status(front, dirty)}</p>
          {error && <Say warn>{error} <button class="b bare" type="button" onClick={() => fail('')}>{t('close')}</button></Say>}
          {front.rights_ended && <Say warn><b>{count('endedHere', front.rights_ended.length)}</b> {front.rights_ended.map((p) => <a key={p} href={'/pictures/' + p}>{t('seePicture')}</a>)}</Say>}
          {moveOn && <Say warn>{t('frontMeanwhile', { name: moveOn })}</Say>}
          {theirs && <Conflict room={room} mine={content} theirs={theirs} rows={{ ...rows, ...Object.fromEntries((theirs.rows ?? []).map((r) => [r.id, r])) }} topics={topics}
            keep={() => void save(theirs)} take={() => { conflict(undefined); load() }} />}
          {room.me.role !== 'reporter' && <FrontActs room={room} front={front} dirty={dirty} save={save} changed={load} fail={fail} history={() => showPast(true)} />}
          <StripFields content={content} change={arrange} stands={rows} learn={(r) => learn({ ...rows, [r.id]: r })} />
          {content.containers.map((box, n) => (
            <Box key={n} room={room} box={box} n={n} count={content.containers.length} taken={content.containers.some(ofStories)} topics={topics} know={(k, v) => name({ ...topics, [k]: v })} change={(c) => arrange(withBox(content, n, c))}
              move={(by) => arrange(movedBox(content, n, n + by))} remove={() => arrange({ ...content, containers: content.containers.filter((_, i) => i !== n) })}>
              {box.items.map((item, place) => <Card key={item.article ?? `open${place}`} at={{ box: n, place }} item={item} ended={Boolean(item.picture && front.rights_ended?.includes(item.picture))} row={item.article ? rows[item.article] : undefined} rule={ruleWords(box.rule, room, topics)}
                over={same(over, { box: n, place }) && !same(from, over)} dragged={same(from, { box: n, place })} last={box.items.length === 1} fixed={ofStories(box)} hands={hands} />)}
            </Box>
          ))}
          {content.containers.length < most.boxes && <p class="acts"><button class="b" type="button" onClick={() => arrange({ ...content, containers: [...content.containers, { layout: 'three', rule: { kind: 'latest' }, items: [{}, {}, {}] }] })}>{t('frontAddBox')}</button></p>}
          <p class="vh" role="status">{said}</p>
          <p class="keys"><span><kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd> {t('frontKeyMove')}</span></p>
        </main>
      </div>
      {finding && <FindArticle stands={stands} close={() => find(undefined)} pick={(r) => {
        learn({ ...rows, [r.id]: r })
        focus.current = { at: finding, key: 'find' }
        arrange(withItem(content, finding, { article: r.id }))
        find(undefined)
      }} />}
      {past && <FrontHistory id={id} front={front} close={() => showPast(false)} take={(f) => { take(f); showPast(false) }} />}
    </>
  )
}

function status(f: Front, dirty: boolean): string {
  const parts = [f.edition === 0 ? t('frontItself') : t('frontLive', { n: f.edition, time: moment(new Date(f.published_at!), true) })]
  if (dirty) parts.push(t('frontUnsaved'))
  else if (f.draft && f.content_version > 0) parts.push(t('frontDraft', { n: f.content_version, name: f.saved_by ?? '', time: moment(new Date(f.saved_at!), true) }))
  if (f.schedule) parts.push(t('frontDue', { n: f.schedule.content_version, time: moment(new Date(f.schedule.due)), name: f.schedule.by }))
  if (f.strip_until && Date.parse(f.strip_until) > now().getTime()) parts.push(t('frontStripUntil', { time: moment(new Date(f.strip_until)) }))
  return parts.join(' ')
}
