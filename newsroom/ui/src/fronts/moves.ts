// What can be done to an arrangement. Each move gives a new one and leaves the old as it was.
import type { Container, FrontContent, FrontItem } from '../api'

/** A place: which container, and which of its places. */
export interface At { box: number, place: number }

export const most = { boxes: 24, places: 12 }

/** Running stories stand in it; articles do not. */
export const ofStories = (b: Container): boolean => b.rule?.kind === 'stories'

export const itemAt = (c: FrontContent, at: At): FrontItem => c.containers[at.box]!.items[at.place]!

export function withBox(c: FrontContent, box: number, change: Partial<Container>): FrontContent {
  return { ...c, containers: c.containers.map((b, i) => i === box ? { ...b, ...change } : b) }
}

export const withItem = (c: FrontContent, at: At, item: FrontItem): FrontContent =>
  withBox(c, at.box, { items: c.containers[at.box]!.items.map((x, i) => i === at.place ? item : x) })

/** Takes what stands at a place to another; nothing goes among running stories. Inside a container the others close up; into another the place there is taken, and what stood there moves on. */
export function moved(c: FrontContent, from: At, to: At): FrontContent {
  if (ofStories(c.containers[to.box]!)) return c
  const item = itemAt(c, from)
  if (from.box === to.box) {
    const items = c.containers[from.box]!.items.filter((_, i) => i !== from.place)
    items.splice(to.place, 0, item)
    return withBox(c, from.box, { items })
  }
  const without = withItem(c, from, {})
  const items = [...without.containers[to.box]!.items]
  if (items[to.place] && !items[to.place]!.article) items[to.place] = item
  else items.splice(to.place, 0, item)
  // What a full container cannot hold goes from its end, an open place before a pinned one.
  while (items.length > most.places) items.splice(Math.max(items.findLastIndex((x) => !x.article), items.length - 1), 1)
  return withBox(without, to.box, { items })
}

/** The place above or below, in the next container where this one ends; nothing at the ends of the front. */
export function beside(c: FrontContent, at: At, by: 1 | -1): At | undefined {
  const place = at.place + by
  if (place >= 0 && place < c.containers[at.box]!.items.length) return { box: at.box, place }
  let box = at.box + by
  while (c.containers[box] && ofStories(c.containers[box]!)) box += by
  const next = c.containers[box]
  return next && { box, place: by === 1 ? 0 : Math.max(0, next.items.length - 1) }
}

export function movedBox(c: FrontContent, from: number, to: number): FrontContent {
  const boxes = [...c.containers]
  boxes.splice(to, 0, ...boxes.splice(from, 1))
  return { ...c, containers: boxes.map((b, i) => i > 0 && b.layout === 'lead' ? { ...b, layout: 'wide' } : b) }
}
