// Writing that becomes suggestions: what is typed is inserted under a suggestion's id, what is taken out is only struck.
import type { Fragment, Mark, Node, ResolvedPos } from 'prosemirror-model'
import { TextSelection, type EditorState, type Transaction } from 'prosemirror-state'
import { ReplaceStep } from 'prosemirror-transform'
import { same } from '../merge'
import { publishable } from '../remarks'
import { schema, toBody } from './schema'

const { insertion, deletion, note } = schema.marks as { insertion: import('prosemirror-model').MarkType, deletion: import('prosemirror-model').MarkType, note: import('prosemirror-model').MarkType }
const own = [insertion, deletion, note]

export const suggestionOf = (n: Node): string | undefined =>
  (insertion.isInSet(n.marks) ?? deletion.isInSet(n.marks))?.attrs.suggestion as string | undefined

/** Suggestions as one person makes them. */
export class Suggesting {
  on = false
  /** The ids of this person's suggestions: typing beside one goes on with it, taking its words out takes them out. */
  mine = new Set<string>()
  #composing: string | undefined
  #replaced: { doc: Node, from: number, to: number } | undefined

  /** A change that is suggested in place of one that was made; nothing where such a change cannot be suggested. */
  of(state: EditorState, tr: Transaction): Transaction | undefined {
    const out = tr.steps.length === 1 && tr.steps[0] instanceof ReplaceStep ? this.#replace(state, tr.steps[0]) : undefined
    if (out) return out
    // Marks, blocks and attributes are no words. What readers would not see may be done.
    return same(publishable(toBody(tr.doc)), publishable(toBody(state.doc))) ? tr : undefined
  }

  /** Words that are composed of several keys are written under their suggestion from the first on. Where they replace others the browser is
   * let have its way, as it goes on only in what it wrote itself; composed makes a suggestion of the whole. */
  compose(state: EditorState): Transaction | undefined {
    const { from, to, $from, $to, empty } = state.selection
    if (!this.on || !holdsWords($from) || !holdsWords($to)) return undefined
    if (!empty) {
      this.#replaced = { doc: state.doc, from, to }
      return undefined
    }
    this.#composing = this.#id(state.doc, from, to)
    const marks = $from.marks().filter((m) => !own.includes(m.type))
    return state.tr.setStoredMarks([insertion.create({ suggestion: this.#composing }), ...marks])
  }

  /** Whether words are being composed in the place of others. */
  get replacing(): boolean { return this.#replaced !== undefined }

  /** What was composed, as a suggestion, when it was in the place of others. */
  composed(state: EditorState): Transaction | undefined {
    this.#composing = undefined
    const was = this.#replaced
    this.#replaced = undefined
    if (!was || was.doc.eq(state.doc)) return undefined
    const { from, to, doc } = was
    const end = to + state.doc.content.size - doc.content.size
    const apart = !state.doc.slice(0, from).eq(doc.slice(0, from)) || !state.doc.slice(end).eq(doc.slice(to))
    if (end < from || apart) return undefined // the text became another one meanwhile
    const words = inline(state.doc.slice(from, end).content, 0) ?? []
    const tr = state.tr.replace(from, end, doc.slice(from, to))
    if (!tr.doc.eq(doc)) tr.replaceWith(0, tr.doc.content.size, doc.content)
    const back = tr.steps.length
    const id = this.#id(doc, from, to)
    this.mine.add(id)
    this.#strike(tr, from, to, id)
    this.#write(tr, tr.mapping.slice(back).map(to), words, id)
    return tr.setMeta('remark', true)
  }

  #replace(state: EditorState, step: ReplaceStep): Transaction | undefined {
    const words = inline(step.slice.content, step.slice.openStart)
    const { from, to } = step
    const [$from, $to] = [state.doc.resolve(from), state.doc.resolve(to)]
    if (!words || !holdsWords($from) || !holdsWords($to) || (from === to && words.length === 0)) return undefined
    if (!$from.sameParent($to) && hasBlocks(state.doc, from, to)) return undefined
    const id = this.#composing ?? this.#id(state.doc, from, to)
    this.mine.add(id)
    const tr = state.tr
    this.#strike(tr, from, to, id)
    const end = tr.mapping.map($from.sameParent($to) ? to : from)
    const size = this.#write(tr, end, words, id)
    const back = words.length === 0 && !(state.selection.empty && state.selection.head <= from)
    tr.setSelection(TextSelection.create(tr.doc, size > 0 ? end + size : back ? from : tr.mapping.map(to)))
    return tr.scrollIntoView()
  }

  /** Writes words under a suggestion's id, with the cursor behind them, and says how much that was. */
  #write(tr: Transaction, at: number, words: Node[], id: string): number {
    let size = 0
    for (const w of words) {
      tr.insert(at + size, w.mark(insertion.create({ suggestion: id }).addToSet(w.marks.filter((m) => !own.includes(m.type)))))
      size += w.nodeSize
    }
    tr.setSelection(TextSelection.create(tr.doc, at + size))
    return size
  }

  /** Strikes the words of a range; those that the same person only suggests are taken out. */
  #strike(tr: Transaction, from: number, to: number, id: string): void {
    const gone: [number, number][] = []
    tr.doc.nodesBetween(from, to, (n, at) => {
      if (!n.isInline) return
      const [a, b] = [Math.max(at, from), Math.min(at + n.nodeSize, to)]
      const by = insertion.isInSet(n.marks)?.attrs.suggestion as string | undefined
      if (by !== undefined && this.mine.has(by)) gone.push([a, b])
      else if (!deletion.isInSet(n.marks)) tr.addMark(a, b, deletion.create({ suggestion: id }))
    })
    for (const [a, b] of gone.reverse()) tr.delete(a, b)
  }

  /** The suggestion that a change at a place goes on with, or a new one. */
  #id(doc: Node, from: number, to: number): string {
    const near: (Node | null | undefined)[] = []
    for (const at of [from, to]) { const $at = doc.resolve(at); near.push($at.nodeBefore, $at.nodeAfter) }
    if (to > from) doc.nodesBetween(from, to, (n) => { if (n.isInline) near.push(n) })
    const id = near.map((n) => n && suggestionOf(n)).find((s) => s !== undefined && s !== null && this.mine.has(s))
    return id ?? crypto.randomUUID()
  }
}

const holdsWords = ($at: ResolvedPos): boolean => $at.parent.inlineContent && !$at.parent.type.spec.code

/** Whether a range holds anything but words and the blocks around them. */
function hasBlocks(doc: Node, from: number, to: number): boolean {
  let found = false
  doc.nodesBetween(from, to, (n) => { found ||= n.isBlock && (n.isLeaf || n.type.spec.code === true || n.type === schema.nodes.figure) })
  return found
}

/** The words of what is put in, blocks parted by line breaks; nothing where it is no words. */
function inline(content: Fragment, open: number): Node[] | undefined {
  const out: Node[] = []
  let good = true
  content.forEach((n, _, i) => {
    if (n.isInline) out.push(n)
    else if (n.inlineContent && !n.type.spec.code && (open > 0 || n.content.size > 0)) {
      if (i > 0 && out.length > 0 && n.content.size > 0) out.push(schema.nodes.hard_break!.create())
      n.forEach((w) => out.push(w))
    } else good = false
  })
  return good && (out.length > 0 || content.size === 0) ? out : undefined
}

/** Words that somebody writes inside struck ones are not struck. */
export function unstruck(tr: Transaction): Transaction {
  for (const [i, step] of tr.steps.entries()) {
    if (!(step instanceof ReplaceStep) || step.slice.content.size === 0) continue
    let struck = false
    step.slice.content.descendants((n) => { struck ||= deletion.isInSet(n.marks) !== undefined })
    if (!struck) continue
    const to = tr.mapping.slice(i + 1)
    tr.removeMark(to.map(step.from, -1), to.map(step.from + step.slice.size), deletion)
  }
  return tr
}

/** A suggestion as it stands in a text. */
export interface Suggested { id: string, from: number, to: number, inserted: string, deleted: string }
/** The words that carry a note. */
export interface Noted { id: string, from: number, to: number, words: string }

/** The suggestions and notes of a text, in its order. */
export function remarksIn(doc: Node): { suggestions: Suggested[], notes: Noted[] } {
  const suggestions = new Map<string, Suggested>()
  const notes = new Map<string, Noted>()
  doc.descendants((n, at) => {
    if (!n.isInline || n.marks.length === 0) return
    const end = at + n.nodeSize
    const text = n.text ?? ' '
    for (const m of n.marks as readonly Mark[]) {
      if (m.type === note) {
        const had = notes.get(m.attrs.note as string)
        if (had) Object.assign(had, { to: end, words: had.words + text })
        else notes.set(m.attrs.note as string, { id: m.attrs.note as string, from: at, to: end, words: text })
      } else if (m.type === insertion || m.type === deletion) {
        const id = m.attrs.suggestion as string
        const s = suggestions.get(id) ?? { id, from: at, to: end, inserted: '', deleted: '' }
        s.to = end
        s[m.type === insertion ? 'inserted' : 'deleted'] += text
        suggestions.set(id, s)
      }
    }
  })
  return { suggestions: [...suggestions.values()], notes: [...notes.values()] }
}
