// Saves what is written: in the browser at every key, in the newsroom within two seconds of a pause, and again until it is
// acknowledged.
import { ask, Problem, Unreachable, saying, type Article, type Content } from './api'
import { now } from './clock'
import { forget, keep } from './keep'

export type SaveState =
  | { kind: 'clean' } | { kind: 'waiting' } | { kind: 'saving' } | { kind: 'offline', since: Date } | { kind: 'signedOut' } | { kind: 'conflict' } | { kind: 'refused', message: string }

export interface SaverUses {
  account: string
  read: () => Content
  told: (state: SaveState) => void
  saved: (article: Article) => void
  /** The newsroom has a newer text: the answer is what to go on with, or nothing while somebody decides. */
  conflict: (base: { own: Content, kept: Content }, theirs: Article) => Content | undefined
  trouble: (message: string) => void
  /** Whether only one's own suggestions are saved, the rest being with somebody else. */
  suggests: () => boolean
}

const pause = 1000 // after the last key
const longest = 5000 // while somebody writes without a pause

export class Saver {
  article: Article | undefined
  state: SaveState = { kind: 'clean' }
  #own: Content // what was sent last, as this window words it
  #kept: Content // the same as the newsroom keeps it
  #dirty = 0 // changes since the last acknowledged one
  #since = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #running: Promise<void> | undefined
  #tries = 0
  #held = false // while somebody decides about a conflict
  #keeping = false
  #closed = false

  constructor(article: Article | undefined, private readonly uses: SaverUses) {
    this.article = article
    this.#own = this.#kept = article?.content ?? {}
    addEventListener('online', this.#again)
    document.addEventListener('visibilitychange', this.#hidden)
    addEventListener('beforeunload', this.#leaving)
  }

  get dirty(): boolean { return this.#dirty > 0 }

  /** Something was written. */
  touched(): void {
    this.#dirty++
    this.#keepHere()
    if (this.#held) return
    if (this.#dirty === 1) this.#since = Date.now()
    if (!['offline', 'saving', 'signedOut', 'waiting'].includes(this.state.kind)) {
      this.state = { kind: 'waiting' }
      afterPaint(() => this.#tell(this.state))
    }
    this.#later(Math.max(0, Math.min(pause, this.#since + longest - Date.now())))
  }

  /** What the window shows now is what the newsroom has. */
  agreed(article: Article, own: Content): void {
    this.article = article
    this.#own = own
    this.#kept = article.content
  }

  /** Goes on after a conflict, on the version of whoever was first. */
  goOn(theirs: Article): void {
    this.article = theirs
    this.#own = this.#kept = theirs.content
    this.#held = false
    this.touched()
  }

  /** Saves now; when it is done, what was written before is in the newsroom or state says why not. */
  async flush(): Promise<boolean> {
    clearTimeout(this.#timer)
    while (this.#running) await this.#running
    if (this.#dirty && !this.#held) await this.#save()
    return this.#dirty === 0
  }

  /** Gives up what was not saved: it lives on elsewhere. */
  async drop(): Promise<void> {
    clearTimeout(this.#timer)
    while (this.#running) await this.#running
    this.#dirty = 0
    this.#held = false
    this.#tell({ kind: 'clean' })
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    removeEventListener('online', this.#again)
    document.removeEventListener('visibilitychange', this.#hidden)
    removeEventListener('beforeunload', this.#leaving)
    if (this.#dirty && !this.#held) void this.#save()
  }

  #again = (): void => { if (this.#dirty && !this.#held) this.#later(0) }
  #hidden = (): void => { if (this.#dirty && !this.#held) this.#later(document.visibilityState === 'hidden' ? 0 : pause) }
  #leaving = (e: BeforeUnloadEvent): void => { if (this.#dirty && ['offline', 'signedOut', 'conflict', 'refused'].includes(this.state.kind)) e.preventDefault() }

  #later(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#save(), ms)
  }

  #tell(state: SaveState): void {
    this.state = state
    if (!this.#closed) this.uses.told(state)
  }

  get #name(): string { return this.article?.id ?? 'new' }

  /** Keeps the text in the browser once the key that was pressed has been painted. */
  #keepHere(): void {
    if (this.#keeping) return
    this.#keeping = true
    afterPaint(() => {
      this.#keeping = false
      if (!this.#dirty) return
      keep({ id: this.#name, account: this.uses.account, version: this.article?.version ?? 0, contentVersion: this.article?.content_version ?? 0,
        content: this.uses.read(), at: now().toISOString() }).catch((e) => this.uses.trouble(saying(e)))
    })
  }

  #save(): Promise<void> {
    return this.#running ??= this.#saveOnce().finally(() => { this.#running = undefined })
  }

  async #saveOnce(): Promise<void> {
    const counted = this.#dirty
    const content = this.uses.read()
    if (this.state.kind !== 'offline') this.#tell({ kind: 'saving' })
    try {
      const was = this.article
      const name = this.#name
      const article = was
        ? await ask<Article>('PUT', `/articles/${was.id}${this.uses.suggests() ? '/suggested' : ''}`, { version: was.version, body: content })
        : await ask<Article>('POST', '/articles', { body: { ...content, ...newKind() } })
      this.agreed(article, content)
      this.#tries = 0
      this.#dirty -= counted
      this.#since = Date.now()
      if (!was || !this.#dirty) await forget(this.uses.account, name).catch((e) => this.uses.trouble(saying(e)))
      this.uses.saved(article)
      if (this.#dirty) this.#goOnWriting()
      else this.#tell({ kind: 'clean' })
    } catch (e) {
      this.#failed(e)
    }
  }

  #goOnWriting(): void {
    this.#keepHere()
    this.#tell({ kind: 'waiting' })
    this.#later(pause)
  }

  #failed(e: unknown): void {
    if (e instanceof Problem && e.code === 'conflict' && e.current) return this.#conflict(e.current)
    const signedOut = e instanceof Problem && e.status === 401
    if (e instanceof Unreachable || signedOut || e instanceof Problem && (e.status === 503 || e.status === 500)) {
      if (signedOut) this.#tell({ kind: 'signedOut' })
      else if (this.state.kind !== 'offline') this.#tell({ kind: 'offline', since: now() })
      this.#later(Math.min(15000, 1000 * 2 ** this.#tries++))
      return
    }
    this.#tell({ kind: 'refused', message: saying(e) })
  }

  #conflict(theirs: Article): void {
    const merged = this.uses.conflict({ own: this.#own, kept: this.#kept }, theirs)
    if (merged) return this.goOn(theirs)
    this.#held = true
    this.#tell({ kind: 'conflict' })
  }
}

/** What a new article is to be, where the address asks for something else than an article. */
function newKind(): { kind?: string } {
  const kind = new URLSearchParams(location.search).get('kind')
  return kind ? { kind } : {}
}

/** Does what a key asks for once its letter has been painted, or a moment later where nothing is painted, as in a window that is hidden. */
function afterPaint(f: () => void): void {
  const late = setTimeout(() => {
    cancelAnimationFrame(frame)
    f()
  }, 100)
  const frame = requestAnimationFrame(() => {
    clearTimeout(late)
    setTimeout(f, 0)
  })
}
