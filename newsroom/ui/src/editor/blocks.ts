// The blocks that have fields beside their text: pictures, galleries, quotes, fact boxes, tables and embeds.
import type { Node } from 'prosemirror-model'
import { NodeSelection, TextSelection } from 'prosemirror-state'
import type { EditorView, NodeView, NodeViewConstructor } from 'prosemirror-view'
import { get, nameIn, smallAddress, type Person, type Picture } from '../api'
import { of, t, type Key } from '../words'
import { schema } from './schema'
import * as table from './table'

export interface BlockUses { language: string }

type Position = () => number | undefined

let fields = 0

/** An element with properties and children. */
export function el<K extends keyof HTMLElementTagNameMap>(tag: K, props: Record<string, string> = {}, ...children: (globalThis.Node | string)[]): HTMLElementTagNameMap[K] {
  const e = document.createElement(tag)
  for (const [k, v] of Object.entries(props)) e.setAttribute(k, v)
  e.append(...children)
  return e
}

/** A block whose attributes are edited in fields around its content. */
class Fielded implements NodeView {
  dom: HTMLElement
  contentDOM?: HTMLElement
  #inputs = new Map<string, HTMLInputElement>()

  constructor(protected node: Node, protected view: EditorView, protected position: Position, dom: HTMLElement, content?: HTMLElement) {
    this.dom = dom
    this.contentDOM = content
    dom.addEventListener('keydown', (e) => {
      if (e.key !== 'Escape' || e.defaultPrevented || !(e.target instanceof Element) || !e.target.closest('.blockfield, .blockfields')) return
      e.preventDefault()
      this.#back()
    })
  }

  /** Goes from the fields back into the text. */
  #back(): void {
    const at = this.position()
    if (at === undefined) return
    const { doc, tr, selection } = this.view.state
    const inside = selection.from > at && selection.to < at + this.node.nodeSize
    if (!inside) this.view.dispatch(tr.setSelection(this.contentDOM ? TextSelection.near(doc.resolve(at + 1)) : NodeSelection.create(doc, at)))
    this.view.focus()
  }

  /** A field for one attribute. Words that are typed are a change of the document like any other. */
  field(attr: string, label: Key, wide = false): HTMLElement {
    const id = 'block-field-' + fields++
    const input = el('input', { id, type: 'text', autocomplete: 'off', class: 'in' })
    input.value = String(this.node.attrs[attr])
    input.addEventListener('input', () => this.set({ [attr]: input.value }))
    this.#inputs.set(attr, input)
    return el('div', { class: 'blockfield' + (wide ? ' wide' : ''), contenteditable: 'false' }, el('label', { for: id }, t(label)), input)
  }

  set(attrs: Record<string, unknown>): void {
    const at = this.position()
    if (at === undefined) return
    const tr = this.view.state.tr
    for (const [k, v] of Object.entries(attrs)) tr.setNodeAttribute(at, k, v)
    this.view.dispatch(tr)
  }

  update(node: Node): boolean {
    if (node.type !== this.node.type) return false
    this.node = node
    for (const [attr, input] of this.#inputs) if (input.value !== node.attrs[attr]) input.value = String(node.attrs[attr])
    this.shown()
    return true
  }

  /** Draws what the attributes say, again after a change. */
  shown(): void { /* only fields */ }

  /** A button that takes the block out. */
  remover(): HTMLElement {
    const b = el('button', { type: 'button', class: 'b bare', contenteditable: 'false' }, t('removeBlock'))
    b.addEventListener('click', () => {
      const at = this.position()
      if (at === undefined) return
      this.view.dispatch(this.view.state.tr.delete(at, at + this.node.nodeSize))
      this.view.focus()
    })
    return b
  }

  stopEvent(e: Event): boolean {
    const target = e.target instanceof Element ? e.target : null
    return target !== null && target.closest('.blockfield, button, a.b') !== null
  }

  ignoreMutation(m: { type: string, target: globalThis.Node }): boolean {
    return m.type === 'selection' ? false : !this.contentDOM || !this.contentDOM.contains(m.target)
  }
}

class Figure extends Fielded {
  #img = el('img', { alt: '' })

  constructor(node: Node, view: EditorView, position: Position, inGallery: boolean) {
    const caption = el('figcaption', { 'data-placeholder': t('caption') })
    super(node, view, position, el('figure'), inGallery ? undefined : caption)
    this.#img.src = smallAddress(node.attrs.picture as string, true)
    this.#img.draggable = false
    this.dom.append(el('div', { class: 'frame-picture', contenteditable: 'false' }, this.#img))
    if (inGallery) this.dom.append(this.field('alt', 'alt', true))
    else this.dom.append(caption, el('div', { class: 'blockfields', contenteditable: 'false' }, this.field('alt', 'alt', true), this.field('credit', 'credit'), el('a', { class: 'b bare', href: '/pictures/' + String(node.attrs.picture) }, t('framePicture')), this.remover()))
    this.#img.addEventListener('mousedown', () => {
      const at = position()
      if (at !== undefined) view.dispatch(view.state.tr.setSelection(NodeSelection.create(view.state.doc, at)))
    })
    this.shown()
  }

  override update(node: Node): boolean {
    return node.attrs.picture === this.node.attrs.picture && super.update(node)
  }

  override shown(): void {
    this.#img.alt = this.node.attrs.alt as string
    this.contentDOM?.classList.toggle('empty', this.node.content.size === 0)
    this.dom.classList.toggle('lacking', !this.node.attrs.alt)
  }
}

class Gallery extends Fielded {
  constructor(node: Node, view: EditorView, position: Position, add: (at: number) => void) {
    const content = el('div', { class: 'gallery-pictures' })
    super(node, view, position, el('div', { class: 'gallery-block' }), content)
    const more = el('button', { type: 'button', class: 'b bare' }, t('addPictures'))
    more.addEventListener('click', () => {
      const at = position()
      if (at !== undefined) add(at + this.node.nodeSize - 1)
    })
    this.dom.append(content, el('div', { class: 'blockfields', contenteditable: 'false' }, this.field('caption', 'caption', true), this.field('credit', 'credit'), more, this.remover()))
  }
}

const persons = new Map<string, Promise<Person>>()

/** A person by id, asked for once. */
export function person(id: string): Promise<Person> {
  let p = persons.get(id)
  if (!p) {
    persons.set(id, p = get<Person>('/persons/' + id))
    p.catch(() => persons.delete(id))
  }
  return p
}

class Quote extends Fielded {
  #speaker: HTMLInputElement
  #menu = el('div', { class: 'menu', role: 'listbox', hidden: '' })
  #wanted = ''

  constructor(node: Node, view: EditorView, position: Position, private readonly uses: BlockUses) {
    const content = el('blockquote')
    super(node, view, position, el('figure', { class: 'quote' }), content)
    const id = 'block-field-' + fields++
    this.#menu.id = id + '-menu'
    this.#menu.setAttribute('aria-label', t('persons'))
    this.#speaker = el('input', { id, class: 'in', type: 'text', autocomplete: 'off', role: 'combobox', 'aria-controls': this.#menu.id, 'aria-expanded': 'false', 'aria-autocomplete': 'list' })
    this.#speaker.addEventListener('input', () => {
      this.set({ name: this.#speaker.value, speaker: '' })
      void this.#look(this.#speaker.value)
    })
    this.#speaker.addEventListener('keydown', (e) => {
      const first = this.#menu.querySelector('button')
      if (e.key === 'ArrowDown' && first) { e.preventDefault(); first.focus() }
      if (e.key === 'Escape' && !this.#menu.hidden) { e.preventDefault(); this.#close() }
    })
    this.#menu.addEventListener('keydown', (e) => {
      const options = [...this.#menu.querySelectorAll('button')]
      const step = { ArrowDown: 1, ArrowUp: -1 }[e.key]
      const to = step ? options.indexOf(document.activeElement as HTMLButtonElement) + step : undefined
      if (to === undefined && e.key !== 'Escape') return
      e.preventDefault()
      ;(to === undefined || to < 0 ? this.#speaker : options[Math.min(to, options.length - 1)])?.focus()
      if (to === undefined) this.#close()
    })
    this.dom.addEventListener('focusout', (e) => { if (!this.dom.contains(e.relatedTarget as globalThis.Node | null)) this.#close() })
    this.dom.append(content, el('div', { class: 'blockfields', contenteditable: 'false' },
      el('div', { class: 'blockfield wide' }, el('label', { for: id }, t('speaker')), this.#speaker, this.#menu), this.field('role', 'speakerRole'), this.remover()))
    this.shown()
  }

  override shown(): void {
    const id = this.node.attrs.speaker as string
    if (!id) {
      if (document.activeElement !== this.#speaker) this.#speaker.value = this.node.attrs.name as string
      return
    }
    person(id).then((p) => {
      if (this.node.attrs.speaker === id) this.#speaker.value = nameIn(p.names, this.uses.language)
    }).catch(() => { this.#speaker.value = t('personUnknown') })
  }

  #close(): void {
    this.#menu.hidden = true
    this.#speaker.setAttribute('aria-expanded', 'false')
  }

  async #look(words: string): Promise<void> {
    this.#wanted = words
    if (words.trim().length < 2) return this.#close()
    const found = await get<{ items: Person[] }>('/names/persons?limit=5&q=' + encodeURIComponent(words)).catch(() => ({ items: [] }))
    if (this.#wanted !== words) return
    this.#menu.replaceChildren(...found.items.map((p) => {
      const b = el('button', { type: 'button', role: 'option' }, nameIn(p.names, this.uses.language))
      b.addEventListener('click', () => {
        persons.set(p.id, Promise.resolve(p))
        this.set({ speaker: p.id, name: '' })
        this.#speaker.focus()
        this.#close()
      })
      return b
    }))
    this.#menu.hidden = found.items.length === 0
    this.#speaker.setAttribute('aria-expanded', String(found.items.length > 0))
  }
}

class FactBox extends Fielded {
  constructor(node: Node, view: EditorView, position: Position) {
    const content = el('div', { class: 'fact-text' })
    super(node, view, position, el('aside', { class: 'fact' }), content)
    this.dom.append(el('div', { class: 'blockfields', contenteditable: 'false' }, this.field('title', 'factTitle', true), this.remover()), content)
  }
}

class Table extends Fielded {
  constructor(node: Node, view: EditorView, position: Position) {
    const body = el('tbody')
    super(node, view, position, el('div', { class: 'table-block' }), body)
    const acts: [Key, (at: number, v: EditorView) => void][] = [
      ['tableRow', table.addRow], ['tableColumn', table.addColumn], ['tableNoRow', table.removeRow], ['tableNoColumn', table.removeColumn], ['tableHead', table.toggleHead],
    ]
    const buttons = acts.map(([label, act]) => {
      const b = el('button', { type: 'button', class: 'b bare' }, t(label))
      b.addEventListener('mousedown', (e) => e.preventDefault()) // the cursor stays in its cell
      b.addEventListener('click', () => {
        const at = position()
        if (at !== undefined) act(at, view)
        view.focus()
      })
      return b
    })
    this.dom.append(el('div', { class: 'table-scroll' }, el('table', {}, body)),
      el('div', { class: 'blockfields', contenteditable: 'false' }, this.field('caption', 'caption', true), ...buttons, this.remover()))
  }
}

class Embed extends Fielded {
  constructor(node: Node, view: EditorView, position: Position) {
    super(node, view, position, el('div', { class: 'embed', contenteditable: 'false' }))
    this.dom.append(el('p', {}, el('b', {}, of('provider', node.attrs.provider as string)), ' ', node.attrs.url as string), el('p', { class: 'dim small' }, t('embedWaits')),
      el('div', { class: 'blockfields' }, this.field('title', 'embedTitle', true), this.remover()))
  }
}

/** The views of all blocks with fields; add is asked for more pictures of a gallery. */
export function blockViews(uses: BlockUses, add: (view: EditorView, at: number) => void): Record<string, NodeViewConstructor> {
  return {
    figure: (node, view, position) => {
      const at = position()
      const inGallery = at !== undefined && view.state.doc.resolve(at).parent.type.name === 'gallery'
      return new Figure(node, view, position, inGallery)
    },
    gallery: (node, view, position) => new Gallery(node, view, position, (at) => add(view, at)),
    quote: (node, view, position) => new Quote(node, view, position, uses),
    fact_box: (node, view, position) => new FactBox(node, view, position),
    table: (node, view, position) => new Table(node, view, position),
    embed: (node, view, position) => new Embed(node, view, position),
  }
}

/** The node of a picture that came in, with the words that are proposed for it. */
export const figureOf = (p: Picture): Node => schema.nodes.figure!.create({ picture: p.id, alt: p.alt ?? '', credit: p.credit ?? '' }, p.caption ? schema.text(p.caption) : null)
