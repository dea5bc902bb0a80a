// The menus that float beside the cursor. The text keeps the focus; which choice is on is said to those who hear it.
import type { EditorView } from 'prosemirror-view'
import { el } from './blocks'

/** Where what floats beside the text stands in the document, so that those who go by landmarks find it. */
export const landmark = (view: EditorView): Element => view.dom.closest('main') ?? document.body

export interface Choice { words: string, aside?: string, pick: () => void }

export class Popup {
  #dom = el('div', { class: 'menu popup', role: 'listbox', id: 'editor-menu' })
  #choices: Choice[] = []
  #on = 0
  #at = 0

  constructor(private readonly view: EditorView, label: string) {
    this.#dom.setAttribute('aria-label', label)
    this.#dom.addEventListener('mousedown', (e) => e.preventDefault())
  }

  get open(): boolean { return this.#dom.isConnected }

  /** Shows choices at a place of the text; none closes the menu. */
  show(at: number, choices: Choice[]): void {
    if (choices.length === 0) return this.close()
    this.#choices = choices
    this.#on = Math.min(this.#on, choices.length - 1)
    this.#draw()
    this.#at = at
    if (!this.open) {
      landmark(this.view).append(this.#dom)
      addEventListener('resize', this.#place)
    }
    this.#place()
    this.view.dom.setAttribute('aria-controls', 'editor-menu')
  }

  #place = (): void => {
    const c = this.view.coordsAtPos(Math.min(this.#at, this.view.state.doc.content.size))
    const room = document.documentElement.clientWidth - this.#dom.offsetWidth - 8
    this.#dom.style.insetInlineStart = 'auto'
    this.#dom.style.left = `${Math.max(8, Math.min(c.left, room)) + scrollX}px`
    const below = c.bottom + 4 + this.#dom.offsetHeight < innerHeight || c.top < this.#dom.offsetHeight
    this.#dom.style.top = `${(below ? c.bottom + 4 : c.top - this.#dom.offsetHeight - 4) + scrollY}px`
  }

  #draw(): void {
    this.#dom.replaceChildren(...this.#choices.map((c, i) => {
      const b = el('button', { type: 'button', role: 'option', tabindex: '-1', id: `editor-menu-${i}`, 'aria-selected': String(i === this.#on), class: i === this.#on ? 'on' : '' }, c.words)
      if (c.aside) b.append(el('span', { class: 'dim' }, c.aside))
      b.addEventListener('click', () => c.pick())
      return b
    }))
    this.view.dom.setAttribute('aria-activedescendant', `editor-menu-${this.#on}`)
    this.#dom.children[this.#on]?.scrollIntoView({ block: 'nearest' })
  }

  /** Takes the keys of an open menu. */
  key(e: KeyboardEvent): boolean {
    if (!this.open || e.isComposing) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key]
    if (step) {
      this.#on = (this.#on + step + this.#choices.length) % this.#choices.length
      this.#draw()
      return true
    }
    if (e.key === 'Enter' || e.key === 'Tab') {
      this.#choices[this.#on]?.pick()
      return true
    }
    return false
  }

  close(): void {
    this.#dom.remove()
    removeEventListener('resize', this.#place)
    this.#on = 0
    this.view.dom.removeAttribute('aria-controls')
    this.view.dom.removeAttribute('aria-activedescendant')
  }
}
