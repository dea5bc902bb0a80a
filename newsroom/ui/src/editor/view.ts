// The body's editor.
import { baseKeymap, chainCommands, exitCode, setBlockType, toggleMark } from 'prosemirror-commands'
import { dropCursor } from 'prosemirror-dropcursor'
import { gapCursor } from 'prosemirror-gapcursor'
import { history, redo, undo } from 'prosemirror-history'
import { InputRule, inputRules, textblockTypeInputRule, wrappingInputRule } from 'prosemirror-inputrules'
import { keymap } from 'prosemirror-keymap'
import { Fragment, Slice, type Node } from 'prosemirror-model'
import { liftListItem, sinkListItem, splitListItem } from 'prosemirror-schema-list'
import { EditorState, NodeSelection, Plugin, TextSelection, type Command, type Transaction } from 'prosemirror-state'
import { Decoration, DecorationSet, EditorView } from 'prosemirror-view'
import type { Picture } from '../api'
import { accepted } from '../uploads'
import { same } from '../merge'
import { publishable, suggestionsIn } from '../remarks'
import { count, t } from '../words'
import { blockViews, figureOf, type BlockUses } from './blocks'
import { menus } from './menus'
import { cleanPasted, type Cleaned } from './paste'
import { put } from './put'
import { margin, type Remarks } from './margin'
import { fromBody, goodHref, providerOf, schema, toBody } from './schema'
import { Suggesting, unstruck } from './suggest'
import { nextCell } from './table'
import { tools } from './tools'

export interface EditorUses extends BlockUses {
  changed: () => void
  /** The paragraph the cursor is in, from 1. */
  moved: (paragraph: number) => void
  /** Takes a picture in; nothing where it was refused, which somebody has been told. */
  upload: (file: File) => Promise<Picture | undefined>
  /** Lets somebody choose among the pictures that are here; nothing where none was chosen. */
  ours: () => Promise<Picture | undefined>
  label: string
  publish: () => void
  remarks: Remarks
  /** Asks for a note about the selected words to be made; nothing where it cannot be. */
  note: (words: string) => Promise<string | undefined>
  /** A change was made that cannot be suggested. */
  refused: () => void
  /** Says something of what was done. */
  tell: (words: string) => void
  editable: boolean
}

const n = schema.nodes
const m = schema.marks

const rules = inputRules({
  rules: [
    textblockTypeInputRule(/^(#{2,4})\s$/, n.heading!, (match) => ({ level: match[1]!.length })),
    wrappingInputRule(/^\s*[-*]\s$/, n.bullet_list!),
    wrappingInputRule(/^(\d{1,4})[.)]\s$/, n.ordered_list!, (match) => ({ start: Math.max(1, Number(match[1])) }), (match, node) => node.childCount + (node.attrs.start as number) === Number(match[1])),
    wrappingInputRule(/^\s*>\s$/, n.quote!),
    new InputRule(/^---$/, (state, _match, start, end) => {
      const at = state.doc.resolve(start)
      if (at.parent.type !== n.paragraph || at.depth !== 1) return null
      return state.tr.replaceWith(at.before(), state.doc.resolve(end).after(), [n.rule!.create(), n.paragraph!.create()])
    }),
  ],
})

const insertBreak: Command = (state, dispatch) => {
  if (!state.selection.$from.parent.inlineContent || state.selection.$from.parent.type.spec.code) return false
  dispatch?.(state.tr.replaceSelectionWith(n.hard_break!.create()).scrollIntoView())
  return true
}

/** In the caption of a picture Enter goes on after it. */
const afterCaption: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  if (!empty || $from.parent.type !== n.figure || $from.depth !== 1) return false
  const at = $from.after()
  const tr = state.tr.insert(at, n.paragraph!.create())
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView())
  return true
}

/** An empty line ends a quote or a box: Enter there goes on after it. */
const leaveEmpty: Command = (state, dispatch) => {
  const { $from, empty } = state.selection
  if (!empty || $from.depth !== 2 || $from.parent.content.size > 0 || ![n.quote, n.fact_box].includes($from.node(1).type)) return false
  if ($from.index(1) !== $from.node(1).childCount - 1 || $from.node(1).childCount === 1) return false
  const tr = state.tr.delete($from.before(), $from.after())
  const at = tr.mapping.map($from.after(1))
  tr.insert(at, n.paragraph!.create())
  dispatch?.(tr.setSelection(TextSelection.create(tr.doc, at + 1)).scrollIntoView())
  return true
}

/** Goes to the first field or button of the block that the cursor is in. */
const toFields: Command = (state, _, view) => {
  if (!view) return false
  const { $from } = state.selection
  const places = [...(state.selection instanceof NodeSelection ? [$from.pos] : []), ...Array.from({ length: $from.depth }, (_x, i) => $from.before($from.depth - i))]
  for (const at of places) {
    const dom = view.nodeDOM(at)
    const first = dom instanceof HTMLElement ? dom.querySelector<HTMLElement>('.blockfields :is(input:not([type=file]), button), .blockfield input') : null
    if (!first) continue
    first.focus()
    return true
  }
  return false
}

const keys = keymap({
  'Mod-z': undo, 'Mod-y': redo, 'Mod-Shift-z': redo, 'Mod-b': toggleMark(m.strong!), 'Mod-i': toggleMark(m.em!), 'Mod-`': toggleMark(m.code_mark!),
  'Mod-Alt-0': setBlockType(n.paragraph!), 'Mod-Alt-2': setBlockType(n.heading!, { level: 2 }), 'Mod-Alt-3': setBlockType(n.heading!, { level: 3 }), 'Mod-Alt-4': setBlockType(n.heading!, { level: 4 }),
  'Shift-Enter': chainCommands(exitCode, insertBreak),
  Enter: chainCommands(afterCaption, splitListItem(n.list_item!), leaveEmpty),
  'Alt-F10': toFields,
})

/** Tab goes to the next cell and puts an item further in; after Escape it leaves the text, as everywhere else (WCAG 2.2, 2.1.2). */
function tabs(): Plugin {
  let leaving = false
  const next = chainCommands(nextCell(1), sinkListItem(n.list_item!))
  const before = chainCommands(nextCell(-1), liftListItem(n.list_item!))
  return new Plugin({
    props: {
      handleKeyDown(view, e) {
        if (e.key !== 'Tab' || e.ctrlKey || e.metaKey || e.altKey) {
          if (e.key !== 'Shift') leaving = e.key === 'Escape'
          return false
        }
        if (leaving) return leaving = false
        return (e.shiftKey ? before : next)(view.state, view.dispatch, view)
      },
      handleDOMEvents: { focus: () => { leaving = false; return false } },
    },
  })
}

const placeholder = new Plugin({
  props: {
    decorations(state) {
      const { doc } = state
      const first = doc.firstChild
      if (doc.childCount !== 1 || first?.type !== n.paragraph || first!.content.size > 0) return DecorationSet.empty
      return DecorationSet.create(doc, [Decoration.node(0, first!.nodeSize, { class: 'empty', 'data-placeholder': t('bodyPlaceholder') })])
    },
  },
})

/** The rules of typing, which make blocks, while blocks may be made. */
const blockRules = (suggesting: Suggesting): Plugin => new Plugin({ ...rules.spec, props: { ...rules.props, handleTextInput: (view, ...typed) => !suggesting.on && (rules.props.handleTextInput?.call(rules, view, ...typed) ?? false) } })

/** Files that are brought, whatever they are: what is no picture is refused with the reason, and not opened in place of the editor. */
const filesOf = (data: DataTransfer | null): File[] => [...(data?.files ?? [])]

export class BodyEditor {
  readonly view: EditorView
  readonly suggesting = new Suggesting()
  #cut: { whole: Slice, bare: string } | undefined
  #composing: ReturnType<typeof setTimeout> | undefined
  #cleaned: Cleaned = { html: '', pictures: [], named: 0 }
  /** Where pictures on their way are to stand; they move with the text. */
  readonly #places = new Set<{ at: number }>()

  constructor(place: HTMLElement, body: unknown, private readonly uses: EditorUses) {
    this.view = new EditorView(place, {
      state: EditorState.create({
        doc: fromBody(body),
        plugins: [menus({ pictures: (gallery) => this.choosePictures((files) => void (gallery ? this.#insertGallery(files) : this.insertPictures(files, this.view.state.selection.from))), ours: () => void this.#insertOurs() }), tools(uses.note), blockRules(this.suggesting), tabs(), keys, keymap({ 'Mod-Enter': () => { uses.publish(); return true } }), keymap(baseKeymap), history(), dropCursor({ class: 'drop-here', color: false }), gapCursor(), placeholder, margin(uses.remarks)],
      }),
      nodeViews: blockViews(uses, (_, at) => this.choosePictures((files) => void this.insertPictures(files, at))),
      attributes: { 'aria-label': uses.label, 'aria-multiline': 'true', role: 'textbox', spellcheck: 'true', lang: uses.language, dir: 'auto' },
      editable: () => uses.editable,
      transformPastedHTML: (html) => (this.#cleaned = cleanPasted(html)).html,
      transformCopied: (slice) => this.#copied(slice),
      transformPasted: (slice) => this.#pasted(slice),
      handlePaste: (view, event, slice) => this.#paste(view, event, slice),
      handleDrop: (view, event, _, moved) => {
        const files = filesOf(event.dataTransfer)
        if (moved || files.length === 0) return false
        event.preventDefault()
        void this.insertPictures(files, this.#blockEnd(view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos ?? view.state.doc.content.size))
        return true
      },
      handleDOMEvents: {
        compositionstart: (view) => { this.#composed(); const tr = this.suggesting.compose(view.state); if (tr) view.dispatch(tr); return false },
        beforeinput: (view, event) => this.#takesOut(view, event),
        compositionend: () => { this.#composing = setTimeout(() => this.#composed(), 50); return false }, // the view reads the last of it within 20
      },
      handleTextInput: (view, from, to, text) => {
        if (!this.suggesting.on || view.composing) return false
        view.dispatch(view.state.tr.insertText(text, from, to))
        return true
      },
      dispatchTransaction: (made) => {
        const tr = this.#meant(made)
        if (!tr) return
        for (const p of this.#places) p.at = tr.mapping.map(p.at)
        this.view.updateState(this.view.state.apply(tr))
        if (tr.docChanged && !tr.getMeta('from-elsewhere') && !this.suggesting.replacing) uses.changed()
        if (tr.selectionSet || tr.docChanged) uses.moved(this.view.hasFocus() ? this.view.state.selection.$from.index(0) + 1 : 0)
      },
    })
    this.view.dom.addEventListener('blur', () => uses.moved(0))
  }

  /** Makes a suggestion of what was composed, once. */
  #composed(): void {
    clearTimeout(this.#composing)
    const tr = this.view.isDestroyed ? undefined : this.suggesting.composed(this.view.state)
    if (tr) this.view.dispatch(tr)
  }

  /** The change that is meant by one that was made: while one suggests it is a suggestion, or nothing. */
  #meant(tr: Transaction): Transaction | undefined {
    if (!tr.docChanged || tr.getMeta('from-elsewhere') || tr.getMeta('remark') || tr.getMeta('history$')) return tr
    if (this.suggesting.replacing) return tr
    if (!this.suggesting.on) return unstruck(tr)
    const meant = this.suggesting.of(this.view.state, tr)
    if (!meant) this.uses.refused()
    return meant
  }

  /** While one suggests, what a key takes out is struck here: the browser's own way of taking it out would mix it with what stands beside. */
  #takesOut(view: EditorView, event: InputEvent): boolean {
    const range = event.getTargetRanges()[0]
    if (!this.suggesting.on || view.composing || !event.cancelable || !event.inputType.startsWith('delete') || !range) return false
    const from = view.posAtDOM(range.startContainer, range.startOffset)
    const to = view.posAtDOM(range.endContainer, range.endOffset)
    if (from >= to) return false
    event.preventDefault()
    view.dispatch(view.state.tr.delete(from, to))
    return true
  }

  /** Notes and suggestions are not copied: only what may go out is. What is cut keeps its own for when it is put back here. */
  #copied(slice: Slice): Slice {
    const bare = Slice.fromJSON(schema, { ...slice.toJSON(), content: publishable({ type: '', content: slice.content.toJSON() ?? [] }).content })
    if (bare.content.eq(slice.content)) return slice
    this.#cut = { whole: slice, bare: String(bare.content) }
    return bare
  }

  #pasted(slice: Slice): Slice {
    const cut = this.#cut
    if (!cut || String(slice.content) !== cut.bare) return slice
    const here = new Set(suggestionsIn(toBody(this.view.state.doc)))
    return suggestionsIn({ type: '', content: cut.whole.content.toJSON() }).some((id) => here.has(id)) ? slice : cut.whole
  }

  /** Takes a suggestion of one's own back, as if it had never been made. */
  takeBack(id: string): void {
    const { tr } = this.view.state
    const gone: [number, number][] = []
    tr.doc.descendants((node, at) => {
      if (!node.isInline) return
      if (m.insertion!.isInSet(node.marks)?.attrs.suggestion === id) gone.push([at, at + node.nodeSize])
      else if (m.deletion!.isInSet(node.marks)?.attrs.suggestion === id) tr.removeMark(at, at + node.nodeSize, m.deletion!)
    })
    for (const [a, b] of gone.reverse()) tr.delete(a, b)
    this.view.dispatch(tr.setMeta('remark', true))
  }

  body(): unknown { return toBody(this.view.state.doc) }
  get doc(): Node { return this.view.state.doc }
  focus(): void { this.view.focus() }
  destroy(): void { this.view.destroy() }

  /** Selects what stands at a path of the body, such as body.content[3].content[0], and shows it; a picture's first empty field where it is one. */
  reveal(path: string): void {
    const steps = [...path.matchAll(/\[(\d+)\]/g)].map((m) => Number(m[1]))
    const { doc } = this.view.state
    let node = doc
    let at = -1
    for (const i of steps) {
      if (i >= node.childCount) break
      at++
      for (let k = 0; k < i; k++) at += node.child(k).nodeSize
      node = node.child(i)
    }
    if (at < 0) return this.focus()
    const selection = node.isText ? TextSelection.create(doc, at, at + node.nodeSize) : node.type.spec.atom || node.type === n.figure ? NodeSelection.create(doc, at) : TextSelection.near(doc.resolve(at + 1))
    this.view.dispatch(this.view.state.tr.setSelection(selection).scrollIntoView())
    const dom = node.type === n.figure ? this.view.nodeDOM(at) : undefined
    const empty = dom instanceof HTMLElement ? [...dom.querySelectorAll<HTMLInputElement>('.blockfields input:not([type=file])')].find((i) => !i.value) : undefined
    if (empty) empty.focus()
    else this.focus()
  }

  /** Shows another text; what is the same in both stays as it is, the cursor with it. */
  show(body: unknown): void {
    const next = fromBody(body)
    const { doc, tr } = this.view.state
    if (same(toBody(doc), toBody(next))) return
    let start = 0
    while (start < doc.childCount && start < next.childCount && doc.child(start).eq(next.child(start))) start++
    let [a, b] = [doc.childCount, next.childCount]
    while (a > start && b > start && doc.child(a - 1).eq(next.child(b - 1))) { a--; b-- }
    const at = (node: Node, i: number): number => { let p = 0; for (let k = 0; k < i; k++) p += node.child(k).nodeSize; return p }
    const blocks: Node[] = []
    for (let i = start; i < b; i++) blocks.push(next.child(i))
    tr.replaceWith(at(doc, start), at(doc, a), Fragment.from(blocks))
    this.view.dispatch(tr.setMeta('from-elsewhere', true).setMeta('addToHistory', false))
  }

  choosePictures(f: (files: File[]) => void): void {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = accepted
    input.multiple = true
    input.addEventListener('change', () => f([...input.files ?? []]))
    input.click()
  }

  /** Takes pictures in and puts them at a place, which moves with the text while they are on their way. */
  async insertPictures(files: File[], at: number): Promise<void> {
    const place = { at }
    this.#places.add(place)
    for (const coming of files.map((f) => this.uses.upload(f))) {
      const picture = await coming
      if (this.view.isDestroyed) break
      if (!picture) continue
      const figure = figureOf(picture)
      const inside = this.view.state.doc.resolve(place.at).parent.type === n.gallery
      const where = inside ? place.at : this.#blockEnd(place.at)
      this.view.dispatch(this.view.state.tr.insert(where, figure))
      place.at = where + figure.nodeSize
    }
    this.#places.delete(place)
  }

  /** Puts a picture that is here already where the cursor is. */
  async #insertOurs(): Promise<void> {
    const at = this.view.state.selection.from
    const picture = await this.uses.ours()
    if (!picture || this.view.isDestroyed) return
    this.view.dispatch(this.view.state.tr.insert(this.#blockEnd(Math.min(at, this.view.state.doc.content.size)), figureOf(picture)))
    this.view.focus()
  }

  async #insertGallery(files: File[]): Promise<void> {
    const pictures = (await Promise.all(files.map((f) => this.uses.upload(f)))).filter((p) => p !== undefined)
    if (pictures.length === 0 || this.view.isDestroyed) return
    const gallery = n.gallery!.create(null, pictures.map((p) => figureOf(p)))
    this.view.dispatch(this.view.state.tr.insert(this.#blockEnd(this.view.state.selection.from), gallery))
  }

  /** The end of the top-level block at a place; before it where that is an empty paragraph. */
  #blockEnd(at: number): number {
    const $at = this.view.state.doc.resolve(Math.min(at, this.view.state.doc.content.size))
    if ($at.depth === 0) return $at.pos
    return $at.node(1).type === n.paragraph && $at.node(1).content.size === 0 ? $at.before(1) : $at.after(1)
  }

  #paste(view: EditorView, event: ClipboardEvent, slice: Slice): boolean {
    const files = filesOf(event.clipboardData)
    const html = event.clipboardData?.getData('text/html') ?? ''
    if (files.length > 0 && !/<(p|div|table|li|h\d)\b/i.test(html)) {
      void this.insertPictures(files, view.state.selection.from)
      return true
    }
    if (this.#pasteAddress(view, (event.clipboardData?.getData('text/plain') ?? '').trim())) return true
    const { pictures, named } = html ? this.#cleaned : { pictures: [], named: 0 }
    this.#cleaned = { html: '', pictures: [], named: 0 }
    if (named > 0) this.uses.tell(count('pasteNamed', named))
    if (slice.size === 0 && pictures.length === 0) return named > 0
    if (/data-pm-slice/.test(html) || (this.suggesting.on && pictures.length === 0)) return false
    if (this.suggesting.on) this.uses.refused()
    const made = put(view.state, slice, html === '')
    if (made.cut) this.uses.tell(t('pasteCut'))
    if (made.tr.docChanged) view.dispatch(made.tr.scrollIntoView().setMeta('paste', true).setMeta('uiEvent', 'paste'))
    if (this.suggesting.on) return true
    const at = new Map<number, File[]>()
    for (const [picture, place] of made.pictures) at.set(place, [...at.get(place) ?? [], pictures[picture]!])
    for (const [place, files] of at) void this.insertPictures(files, place)
    return true
  }

  /** An address alone makes a link of selected words, and an embed of an empty line where it is of somebody on the list. */
  #pasteAddress(view: EditorView, words: string): boolean {
    if (/\s/.test(words) || !/^https?:\/\//.test(words)) return false
    const { selection } = view.state
    const { $from, empty } = selection
    const href = goodHref(words)
    if (!empty && href && $from.parent.inlineContent && $from.sameParent(selection.$to)) {
      view.dispatch(view.state.tr.addMark(selection.from, selection.to, m.link!.create({ href })))
      return true
    }
    const provider = providerOf(words)
    if (!provider || $from.depth !== 1 || $from.parent.type !== n.paragraph || $from.parent.content.size > 0) return false
    const embed = n.embed!.create({ provider, url: words })
    const tr = view.state.tr.replaceWith($from.before(), $from.after(), [embed, n.paragraph!.create()])
    view.dispatch(tr.setSelection(TextSelection.near(tr.doc.resolve($from.before() + embed.nodeSize + 1))).scrollIntoView())
    return true
  }
}
