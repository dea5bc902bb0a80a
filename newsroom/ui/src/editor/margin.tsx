// Notes and suggestions beside the words that they are about: in the margin, and on a phone below the block.
import { render, type JSX } from 'preact'
import { useEffect, useReducer, useState } from 'preact/hooks'
import type { Node } from 'prosemirror-model'
import { Plugin, type EditorState } from 'prosemirror-state'
import { Decoration, DecorationSet, type EditorView } from 'prosemirror-view'
import { ask, get, saying, type Note, type RemarkList } from '../api'
import { moment } from '../clock'
import { count, t } from '../words'
import { el } from './blocks'
import { remarksIn, type Noted, type Suggested } from './suggest'

export interface MarginUses {
  me: string
  /** Whether one may write in the text, and so take and leave what others suggest. */
  writes: () => boolean
  /** Takes or leaves a suggestion in the newsroom, and shows what comes of it. */
  decide: (id: string, how: 'take' | 'leave') => Promise<void>
  /** Takes one's own suggestion back. */
  takeBack: (id: string) => void
  trouble: (message: string) => void
}

/** What is known of an article's notes and suggestions, and who is to be told when it changes. */
export class Remarks {
  list: RemarkList = { notes: [], suggestions: [] }
  doc: Node | undefined
  #article = ''
  #told = new Set<() => void>()

  constructor(readonly uses: MarginUses) { }

  async load(article: string): Promise<void> {
    this.#article = article
    try {
      const list = await get<RemarkList>(`/articles/${article}/remarks`)
      if (this.#article === article) this.set(list)
    } catch (e) {
      this.uses.trouble(saying(e))
    }
  }

  set(list: RemarkList): void {
    this.list = list
    this.tell()
  }

  tell(): void { for (const f of this.#told) f() }

  watch(f: () => void): () => void {
    this.#told.add(f)
    return () => void this.#told.delete(f)
  }

  note(id: string): Note | undefined { return this.list.notes.find((n) => n.id === id) }
  mine(): string[] { return this.list.suggestions.filter((s) => s.by === this.uses.me).map((s) => s.id) }

  /** Makes a note and gives its id; nothing where it was refused, which somebody has been told. */
  async make(words: string): Promise<string | undefined> {
    try {
      const n = await ask<Note>('POST', '/notes', { body: { article: this.#article, words } })
      this.set({ ...this.list, notes: [...this.list.notes.filter((o) => o.id !== n.id), n] })
      return n.id
    } catch (e) {
      this.uses.trouble(saying(e))
      return undefined
    }
  }

  async change(id: string, path: string, body: unknown): Promise<boolean> {
    try {
      const n = await ask<Note>('POST', `/notes/${id}/${path}`, { body })
      this.set({ ...this.list, notes: this.list.notes.map((o) => o.id === id ? n : o) })
      return true
    } catch (e) {
      this.uses.trouble(saying(e))
      return false
    }
  }
}

function useRemarks(r: Remarks): void {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  useEffect(() => r.watch(() => draw(0)), [r])
}

const stamp = (at: string): string => moment(new Date(at))

function NoteCard({ note: n, remarks }: { note: Note, remarks: Remarks }): JSX.Element {
  const [answering, answer] = useState(false)
  const [words, write] = useState('')
  const label = t('noteBy', { name: n.by, time: stamp(n.at) })
  const send = async (): Promise<void> => {
    if (!words.trim() || !await remarks.change(n.id, 'answers', { words })) return
    write('')
    answer(false)
  }
  return (
    <div class="remark" id={'note-' + n.id} role="group" aria-label={label} tabIndex={-1}>
      <p class="who">{n.by}, {stamp(n.at)}</p><p dir="auto">{n.words}</p>
      {n.answers?.map((a, i) => <p key={i} class="answer" dir="auto"><b>{a.by}, {stamp(a.at)}</b> {a.words}</p>)}
      {n.done && <p class="dim">{t('doneBy', { name: n.done.by, time: stamp(n.done.at) })}</p>}
      {answering
        ? <form onSubmit={(e) => { e.preventDefault(); void send() }} onKeyDown={(e) => { if (e.key === 'Escape') answer(false) }}>
          <textarea class="in" rows={2} aria-label={t('answerTo', { name: n.by })} maxLength={2000} value={words} ref={(i) => { if (i && !words) i.focus() }} onInput={(e) => write(e.currentTarget.value.replaceAll(/[\r\n]+/g, ' '))}
            onKeyDown={(e) => { if (e.key === 'Enter' && !e.isComposing) { e.preventDefault(); void send() } }} />
          <p class="acts"><button class="b">{t('answerIt')}</button><button class="b bare" type="button" onClick={() => answer(false)}>{t('cancel')}</button></p></form>
        : <p class="acts">{!n.done && <button class="b bare" type="button" onClick={() => answer(true)}>{t('answerIt')}</button>}
          <button class="b bare" type="button" onClick={() => void remarks.change(n.id, 'done', { done: !n.done })}>{n.done ? t('openAgain') : t('done')}</button></p>}
    </div>
  )
}

/** A change in the words of those who cannot see it. */
const inWords = (s: Suggested): string => s.inserted && s.deleted ? t('suggestsInstead', { inserted: s.inserted, deleted: s.deleted })
  : s.inserted ? t('suggestsInsert', { inserted: s.inserted }) : t('suggestsDelete', { deleted: s.deleted })

function SuggestionCard({ of: s, remarks }: { of: Suggested, remarks: Remarks }): JSX.Element {
  const [busy, work] = useState(false)
  const known = remarks.list.suggestions.find((k) => k.id === s.id)
  const by = known?.by ?? remarks.uses.me
  const who = known ? t('suggestsAt', { name: by, time: stamp(known.at) }) : t('youSuggest')
  const decide = (how: 'take' | 'leave') => (): void => { work(true); void remarks.uses.decide(s.id, how).finally(() => work(false)) }
  const label = `${who}: ${inWords(s)}`
  return (
    <div class="remark" id={'suggestion-' + s.id} role="group" aria-label={label} tabIndex={-1}>
      <p class="who">{who}</p>
      <p dir="auto">{s.deleted.trim() && <del><span class="vh">{t('removed')} </span>{s.deleted}</del>} {s.inserted.trim() && <ins><span class="vh">{t('added')} </span>{s.inserted}</ins>}</p>
      <p class="acts">{remarks.uses.writes()
        ? <><button class="b" type="button" disabled={busy} onClick={decide('take')}>{t('take')}</button><button class="b bare" type="button" disabled={busy} onClick={decide('leave')}>{t('leave')}</button></>
        : by === remarks.uses.me && <button class="b bare" type="button" onClick={() => remarks.uses.takeBack(s.id)}>{t('takeBack')}</button>}</p>
    </div>
  )
}

/** The cards of a block; it is known by its first one, so that what is written in the others stays while some come and go. */
function Cards({ first, remarks }: { first: string, remarks: Remarks }): JSX.Element {
  useRemarks(remarks)
  const { found, blocks } = placed(remarks, remarks.doc!)
  return <>{[...blocks.values()].find((ids) => ids[0] === first)?.map((id) => {
    const s = found.suggestions.find((x) => x.id === id)
    const n = remarks.note(id)
    return s ? <SuggestionCard key={id} of={s} remarks={remarks} /> : n ? <NoteCard key={id} note={n} remarks={remarks} /> : null
  })}</>
}

/** Notes that have no place in the text: done ones, and those whose words are gone. */
export function RestOfNotes({ remarks }: { remarks: Remarks }): JSX.Element | null {
  useRemarks(remarks)
  const standing = new Set((remarks.doc ? remarksIn(remarks.doc).notes : []).map((n) => n.id))
  const gone = remarks.list.notes.filter((n) => !n.done && !standing.has(n.id))
  const done = remarks.list.notes.filter((n) => n.done)
  if (gone.length + done.length === 0) return null
  return (
    <section class="remarks-rest" aria-label={t('notes')}>
      {gone.length > 0 && <><h2>{t('wordsGone')}</h2>{gone.map((n) => <NoteCard key={n.id} note={n} remarks={remarks} />)}</>}
      {done.length > 0 && <details><summary>{count('doneNotes', done.length)}</summary>{done.map((n) => <NoteCard key={n.id} note={n} remarks={remarks} />)}</details>}
    </section>
  )
}

interface Shown { doc: Node, list: RemarkList, set: DecorationSet, any: boolean }

/** Puts the cards behind the blocks that they belong to, and marks the words of open notes. */
export function margin(remarks: Remarks): Plugin<Shown> {
  const plugin: Plugin<Shown> = new Plugin<Shown>({
    state: {
      init: (_, state) => shown(remarks, state),
      apply: (tr, was, _, state) => tr.docChanged || was.list !== remarks.list ? shown(remarks, state, was) : was,
    },
    props: { decorations: (state) => plugin.getState(state)?.set },
    view: (view) => new Margin(view, remarks, (state) => plugin.getState(state)?.any ?? false),
  })
  return plugin
}

const marked = new WeakMap<Node, boolean>()

/** Whether a block holds anything of a note or a suggestion; what has not changed is not looked through again. */
function isMarked(block: Node): boolean {
  let found = marked.get(block)
  if (found === undefined) {
    found = false
    block.descendants((n) => { found ||= n.marks.some((m) => m.type.name === 'note' || m.type.name === 'insertion' || m.type.name === 'deletion') })
    marked.set(block, found)
  }
  return found
}

/** Open notes and suggestions by the end of the block that they stand in. */
function placed(remarks: Remarks, doc: Node): { found: ReturnType<typeof remarksIn>, open: Noted[], blocks: Map<number, string[]> } {
  const found = remarksIn(doc)
  const open = found.notes.filter((n) => { const known = remarks.note(n.id); return known !== undefined && !known.done })
  const blocks = new Map<number, string[]>()
  for (const r of [...open, ...found.suggestions].sort((a, b) => a.from - b.from)) {
    const after = doc.resolve(r.from).after(1)
    blocks.set(after, [...blocks.get(after) ?? [], r.id])
  }
  return { found, open, blocks }
}

function shown(remarks: Remarks, { doc }: EditorState, was?: Shown): Shown {
  remarks.doc = doc
  let any = false
  doc.forEach((block) => { any ||= isMarked(block) })
  if (!any && was && !was.any) return { ...was, doc, list: remarks.list }
  if (!any) return { doc, list: remarks.list, set: DecorationSet.empty, any }
  const { open, blocks } = placed(remarks, doc)
  const list = open.map((n) => Decoration.inline(n.from, n.to, { class: 'noted' }))
  for (const [at, [first]] of blocks) {
    list.push(Decoration.widget(at, () => {
      const place = el('div', { class: 'remarks' })
      render(<Cards first={first!} remarks={remarks} />, place)
      return place
    }, { side: -1, key: 'remarks ' + first, stopEvent: () => true, ignoreSelection: true, destroy: (node) => render(null, node as HTMLElement) }))
  }
  return { doc, list: remarks.list, set: DecorationSet.create(doc, list), any: blocks.size > 0 }
}

/** Keeps cards in the margin from lying over each other, and tells them when the text has changed. */
class Margin {
  #timer: ReturnType<typeof setTimeout> | undefined
  #stop: () => void
  #had = false

  constructor(private readonly view: EditorView, private readonly remarks: Remarks, private readonly any: (state: EditorState) => boolean) {
    let list = remarks.list
    this.#stop = remarks.watch(() => {
      if (list !== remarks.list && !view.isDestroyed) {
        list = remarks.list
        view.dispatch(view.state.tr)
      }
      this.#soon(0)
    })
    addEventListener('resize', this.#settle)
    this.#soon(0)
  }

  update(view: EditorView, before: EditorState): void {
    if (view.state.doc !== before.doc && (this.any(view.state) || this.#had)) this.#soon(150)
  }

  destroy(): void {
    clearTimeout(this.#timer)
    this.#stop()
    removeEventListener('resize', this.#settle)
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      const any = this.any(this.view.state)
      if (ms > 0) this.remarks.tell()
      this.#had = any
      this.view.dom.closest('.work')?.classList.toggle('has-remarks', any)
      requestAnimationFrame(this.#settle)
    }, ms)
  }

  #settle = (): void => {
    const wide = matchMedia('(min-width:64rem)').matches
    let free = 0
    for (const card of this.view.dom.querySelectorAll<HTMLElement>(':scope > .remarks')) {
      if (!wide) { card.style.top = ''; continue }
      const block = card.previousElementSibling as HTMLElement | null
      const top = Math.max(free, block?.offsetTop ?? 0)
      card.style.top = `${top}px`
      free = top + card.offsetHeight + 12
    }
  }
}
