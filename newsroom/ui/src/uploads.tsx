// Pictures on their way in: several at once, part by part, each going on by itself where a lost connection stopped it.
import type { JSX } from 'preact'
import { useEffect, useReducer } from 'preact/hooks'
import { ask, Problem, saying, Unreachable, type Picture } from './api'
import { number, t } from './words'

interface Upload { id: string, offset: number, size: number, part: number, picture?: Picture }

interface Coming { key: number, name: string, id?: string, size: number, sent: number, state: 'coming' | 'waiting' | 'refused', why: string, stop: AbortController }

/** The formats that the newsroom takes; a telephone that is asked for these gives a JPEG of what it keeps as HEIC. */
export const accepted = 'image/jpeg,image/png,image/gif,image/webp'

const partSize = 256 << 10
const atOnce = 3
const list: Coming[] = []
const watching = new Set<() => void>()
const queue: (() => void)[] = []
let busy = 0
let keys = 0

const changed = (): void => { for (const f of watching) f() }

/** Takes a picture in; nothing where it was refused or given up, which the list of uploads says. */
export async function bring(file: File): Promise<Picture | undefined> {
  const c: Coming = { key: keys++, name: file.name, size: file.size, sent: 0, state: 'coming', why: '', stop: new AbortController() }
  list.push(c)
  changed()
  if (busy >= atOnce) await new Promise<void>((go) => queue.push(go))
  busy++
  try {
    c.stop.signal.throwIfAborted()
    const picture = await send(file, c)
    drop(c)
    return picture
  } catch (e) {
    if (c.id) void leave(c.id)
    if (c.stop.signal.aborted) drop(c)
    else Object.assign(c, { state: 'refused', why: saying(e) })
    return undefined
  } finally {
    busy--
    queue.shift()?.()
    changed()
  }
}

function drop(c: Coming): void {
  const at = list.indexOf(c)
  if (at >= 0) list.splice(at, 1)
  changed()
}

async function send(file: File, c: Coming): Promise<Picture> {
  let upload = await begin(file, c)
  for (;;) {
    const from = upload.offset
    const sent = await patient(c, () => ask<Upload>('PATCH', '/uploads/' + upload.id, {
      bytes: file.slice(from, Math.min(from + Math.min(partSize, upload.part), file.size)), headers: { 'Upload-Offset': String(from) }, signal: c.stop.signal,
    }), async () => {
      // Whether the last part arrived is not known: the newsroom says where to go on.
      const offset = await offsetOf(upload.id, c.stop.signal)
      return offset === undefined || offset === from ? undefined : { ...upload, offset }
    })
    upload = sent === 'gone' ? await begin(file, c) : sent
    c.sent = upload.offset
    changed()
    if (upload.picture) return upload.picture
  }
}

/** Begins an upload. The request is not cut short where it is given up meanwhile: only its answer says what there is to take back. */
async function begin(file: File, c: Coming): Promise<Upload> {
  const upload = await patient(c, () => ask<Upload>('POST', '/uploads', { body: { name: file.name.slice(0, 180), size: file.size } }))
  if (upload === 'gone') throw new Error(t('uploadGone'))
  c.id = upload.id
  c.stop.signal.throwIfAborted()
  return upload
}

/** Takes an upload back, once the newsroom answers: left alone it would count among those under way for a day. */
async function leave(id: string): Promise<void> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      return await ask<void>('DELETE', '/uploads/' + id, { keepalive: true })
    } catch (e) {
      if (!(e instanceof Unreachable) && !(e instanceof Problem && e.status >= 500)) return
      await pause(wait)
    }
  }
}

/** Asks until somebody answers; `gone` where there is no such upload any more. */
async function patient(c: Coming, f: () => Promise<Upload>, after?: () => Promise<Upload | undefined>): Promise<Upload | 'gone'> {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      const u = await f()
      c.state = 'coming'
      return u
    } catch (e) {
      if (c.stop.signal.aborted) throw e
      if (e instanceof Problem && e.status === 404 && after) return 'gone'
      const moved = e instanceof Problem && e.status === 409
      if (!moved && !(e instanceof Unreachable) && !(e instanceof Problem && (e.status === 401 || e.status >= 500))) throw e
      c.state = moved ? 'coming' : 'waiting'
      changed()
      if (!moved) await pause(wait, c.stop.signal)
    }
    const u = await after?.().catch(() => undefined)
    if (u) return u
  }
}

/** Waits a while, or until the connection is back. */
const pause = (ms: number, stop?: AbortSignal): Promise<void> => new Promise((go) => {
  const timer = setTimeout(done, ms)
  function done(): void {
    clearTimeout(timer)
    removeEventListener('online', done)
    stop?.removeEventListener('abort', done)
    go()
  }
  addEventListener('online', done)
  stop?.addEventListener('abort', done)
})

async function offsetOf(id: string, signal: AbortSignal): Promise<number | undefined> {
  const answer = await fetch('/api/v1/uploads/' + id, { method: 'HEAD', signal })
  const offset = answer.headers.get('Upload-Offset')
  return answer.ok && offset !== null ? Number(offset) : undefined
}

function giveUp(c: Coming): void {
  c.stop.abort()
  drop(c)
}

/** What is on its way, how far, and what was refused and why. */
export function Uploads(): JSX.Element | null {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  useEffect(() => {
    const f = (): void => draw(0)
    watching.add(f)
    return () => { watching.delete(f) }
  }, [])
  if (list.length === 0) return null
  return (
    <section class="uploads" aria-label={t('uploads')}>
      <ul>{list.map((c) => (
        <li key={c.key} class={c.state}>
          <span class="name">{c.name}</span>
          {c.state === 'refused'
            ? <span class="err red small" role="alert">{c.why}</span>
            : <><progress max={c.size} value={c.sent} aria-label={c.name} /><span class="dim small">{c.state === 'waiting' ? t('uploadWaits') : t('percent', { n: number(Math.floor(100 * c.sent / Math.max(1, c.size))) })}</span></>}
          <button class="b bare" type="button" onClick={() => giveUp(c)}>{c.state === 'refused' ? t('close') : t('giveUp')}<span class="vh"> {c.name}</span></button>
        </li>
      ))}</ul>
      <p class="vh" role="status">{list.some((c) => c.state === 'waiting') ? t('uploadWaits') : ''}</p>
    </section>
  )
}
