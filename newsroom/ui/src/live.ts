// What happens in the newsroom while this window is open: who is in which article, and what was saved.
import { useEffect, useState } from 'preact/hooks'
import { ask } from './api'

export interface Presence { name: string, article: string, paragraph?: number, window: string }
/** Something in a live coverage was posted, changed or removed. */
export interface Steered { article: string, number?: number, by: string }
export interface Moved { article: string, version: number, by: string }

/** Tells this window from others of the same person. */
export const windowName = crypto.randomUUID()

let people: Presence[] = []
const watching = new Set<(p: Presence[]) => void>()
const moving = new Set<(m: Moved) => void>()
const steering = new Set<(m: Steered) => void>()
let source: EventSource | undefined

export function listen(): void {
  if (source) return
  source = new EventSource('/api/v1/events')
  source.addEventListener('presence', (e) => {
    people = JSON.parse(e.data) as Presence[]
    for (const f of watching) f(people)
  })
  source.addEventListener('moved', (e) => {
    const m = JSON.parse(e.data) as Moved
    for (const f of moving) f(m)
  })
  source.addEventListener('live', (e) => {
    const m = JSON.parse(e.data) as Steered
    for (const f of steering) f(m)
  })
  source.addEventListener('error', () => {
    if (source?.readyState !== EventSource.CLOSED) return
    source = undefined // refused, not lost: the browser does not try again by itself
    setTimeout(listen, 5000)
  })
}

/** Who is where, this window left out. */
export function usePeople(): Presence[] {
  const [list, set] = useState(people)
  useEffect(() => {
    set(people)
    watching.add(set)
    return () => void watching.delete(set)
  }, [])
  return list.filter((p) => p.window !== windowName)
}

export function onMoved(f: (m: Moved) => void): () => void {
  moving.add(f)
  return () => void moving.delete(f)
}

export function onLive(f: (m: Steered) => void): () => void {
  steering.add(f)
  return () => void steering.delete(f)
}

/** Says in which article this window is, and again while it is there. */
export class Place {
  #timer: ReturnType<typeof setInterval>
  #paragraph = 0
  #said = 0
  #later: ReturnType<typeof setTimeout> | undefined

  constructor(readonly article: string) {
    this.#timer = setInterval(() => this.#say(), 20e3)
    addEventListener('pagehide', this.#leave)
    this.#say()
  }

  /** The paragraph the cursor is in, from 1; 0 where it is not in the text. */
  at(paragraph: number): void {
    if (paragraph === this.#paragraph) return
    this.#paragraph = paragraph
    clearTimeout(this.#later)
    this.#later = setTimeout(() => this.#say(), Math.max(300, this.#said + 1500 - Date.now()))
  }

  leave(): void {
    clearInterval(this.#timer)
    clearTimeout(this.#later)
    removeEventListener('pagehide', this.#leave)
    this.#leave()
  }

  #leave = (): void => void ask('POST', '/presence', { body: { article: '', window: windowName }, keepalive: true }).catch(() => undefined)

  #say(): void {
    this.#said = Date.now()
    // Presence is about this minute: what was not heard is said again in twenty seconds.
    ask('POST', '/presence', { body: { article: this.article, paragraph: this.#paragraph, window: windowName } }).catch(() => undefined)
  }
}
