// What can be done with selected words, shown above them.
import { toggleMark } from 'prosemirror-commands'
import type { Mark, MarkType } from 'prosemirror-model'
import { Plugin, TextSelection, type EditorState } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { t, type Key } from '../words'
import { el } from './blocks'
import { landmark } from './popup'
import { goodHref, schema } from './schema'

const m = schema.marks
const simple: [Key, string, MarkType][] = [['markStrong', 'B', m.strong!], ['markEm', 'I', m.em!], ['markStrike', 'S', m.strike!], ['markSub', 'x₂', m.sub!], ['markSup', 'x²', m.sup!]]

/** Note is asked for a note about the selected words. */
export function tools(note: (words: string) => Promise<string | undefined>): Plugin {
  return new Plugin({
    view: (view) => new Tools(view, note),
    props: {
      handleKeyDown: (view, e) => {
        if (e.key === 'F10' && e.altKey) return shown.get(view)?.enter() ?? false
        if (e.code === 'KeyM' && e.altKey && (e.ctrlKey || e.metaKey)) {
          shown.get(view)?.askNote()
          return true
        }
        if (e.key.toLowerCase() !== 'k' || !(e.ctrlKey || e.metaKey) || e.shiftKey || e.altKey) return false
        shown.get(view)?.askLink()
        return true
      },
    },
  })
}

const shown = new WeakMap<EditorView, Tools>()

class Tools {
  #dom = el('div', { class: 'tools popup', role: 'toolbar', 'aria-label': t('tools') })
  #asking = false
  #closing = false

  constructor(private readonly view: EditorView, private readonly note: (words: string) => Promise<string | undefined>) {
    shown.set(view, this)
    this.#dom.addEventListener('keydown', (e) => { if (e.key === 'Escape' && !this.#asking) { e.stopPropagation(); this.#close(); view.focus() } })
    this.#dom.addEventListener('focusout', (e) => { if (!this.#asking && !this.#dom.contains(e.relatedTarget as Node | null) && e.relatedTarget !== view.dom) this.#close() })
    view.dom.addEventListener('blur', this.#blur)
    view.dom.addEventListener('keyup', this.#settle)
    document.addEventListener('mouseup', this.#settle)
    addEventListener('resize', this.#settle)
  }

  update(view: EditorView, before: EditorState): void {
    if (this.#asking) return
    if (before.doc.eq(view.state.doc) && before.selection.eq(view.state.selection)) return
    if (!this.#wanted()) this.#close()
    else if (this.#dom.isConnected) this.#draw()
  }

  destroy(): void {
    this.#close()
    this.view.dom.removeEventListener('blur', this.#blur)
    this.view.dom.removeEventListener('keyup', this.#settle)
    document.removeEventListener('mouseup', this.#settle)
    removeEventListener('resize', this.#settle)
  }

  #blur = (e: FocusEvent): void => { if (!this.#dom.contains(e.relatedTarget as Node | null)) this.#close() }
  #settle = (): void => { if (!this.#asking && this.#wanted()) this.#draw() }

  #wanted(): boolean {
    const { selection } = this.view.state
    return selection instanceof TextSelection && !selection.empty && this.view.hasFocus() && selection.$from.parent.inlineContent && !selection.$from.parent.type.spec.code && this.view.editable
  }

  #draw(): void {
    this.#dom.replaceChildren(...simple.map(([key, sign, type]) => {
      const on = has(this.view.state, type)
      const b = el('button', { type: 'button', 'aria-pressed': String(on), title: t(key) }, el('span', { 'aria-hidden': 'true' }, sign), el('span', { class: 'vh' }, t(key)))
      b.addEventListener('mousedown', (e) => e.preventDefault())
      b.addEventListener('click', () => {
        toggleMark(type)(this.view.state, this.view.dispatch)
        this.view.focus()
      })
      return b
    }), this.#button('markLink', () => this.askLink()), this.#button('markLang', () => this.#askLang()), this.#button('note', () => this.askNote()))
    this.#place()
  }

  #button(key: Key, act: () => void): HTMLElement {
    const b = el('button', { type: 'button' }, t(key))
    b.addEventListener('mousedown', (e) => e.preventDefault())
    b.addEventListener('click', act)
    return b
  }

  /** Goes to the first of the buttons where they are shown; Escape leads back. */
  enter(): boolean {
    if (!this.#wanted()) return false
    this.#draw()
    this.#dom.querySelector('button')?.focus()
    return true
  }

  #place(): void {
    if (!this.#dom.isConnected) landmark(this.view).append(this.#dom)
    const { from } = this.view.state.selection
    const c = this.view.coordsAtPos(from)
    const height = this.#dom.offsetHeight
    const top = c.top - height - 6 > 0 ? c.top - height - 6 : this.view.coordsAtPos(this.view.state.selection.to).bottom + 6
    this.#dom.style.top = `${top + scrollY}px`
    this.#dom.style.left = `${Math.max(8, Math.min(c.left, document.documentElement.clientWidth - this.#dom.offsetWidth - 8)) + scrollX}px`
  }

  #close(): void {
    if (this.#closing) return // what is taken away loses the focus, and asks to be closed
    this.#closing = true
    this.#asking = false
    this.#dom.remove()
    this.#closing = false
  }

  askLink(): void {
    const { selection } = this.view.state
    if (selection.empty) return
    const was = markOf(this.view.state, m.link!)?.attrs.href as string | undefined
    this.#ask('linkAddress', was ?? '', 'linkWrong', (s) => {
      if (!s) return this.#mark(m.link!, null)
      const href = goodHref(s)
      return href !== undefined && this.#mark(m.link!, { href })
    })
  }

  #askLang(): void {
    const was = markOf(this.view.state, m.lang!)?.attrs.lang as string | undefined
    this.#ask('langTag', was ?? '', 'langWrong', (s) => {
      if (!s) return this.#mark(m.lang!, null)
      return /^[a-z]{2,3}(-[a-z0-9]{1,8})*$/i.test(s) && s.length <= 35 && this.#mark(m.lang!, { lang: s })
    })
  }

  /** Asks for a note about the selected words; where they have an open one, that is gone to. */
  askNote(): void {
    const { from, to, empty } = this.view.state.selection
    if (empty) return
    const on = document.getElementById('note-' + String(markOf(this.view.state, m.note!)?.attrs.note))
    if (on?.closest('.remarks')) {
      this.#close()
      on.focus()
      return
    }
    this.#ask('noteWords', '', 'noteEmpty', (s) => {
      if (!s) return false
      void this.note(s).then((id) => {
        if (id === undefined || this.view.isDestroyed) return
        const { tr } = this.view.state
        if (to <= tr.doc.content.size) this.view.dispatch(tr.addMark(from, to, m.note!.create({ note: id })).setMeta('remark', true))
      })
      return true
    })
  }

  #mark(type: MarkType, attrs: Record<string, string> | null): boolean {
    const { from, to } = this.view.state.selection
    const tr = this.view.state.tr.removeMark(from, to, type)
    this.view.dispatch(attrs ? tr.addMark(from, to, type.create(attrs)) : tr)
    return true
  }

  /** Asks for one line of words in place of the buttons; done says whether they can be used. */
  #ask(label: Key, value: string, problem: Key, done: (s: string) => boolean): void {
    this.#asking = true
    const input = el('input', { class: 'in', type: 'text', 'aria-label': t(label), placeholder: t(label) })
    input.value = value
    const wrong = el('span', { role: 'status' })
    const form = el('form', {}, input, wrong)
    const back = (): void => {
      this.#close()
      this.view.focus()
    }
    form.addEventListener('submit', (e) => {
      e.preventDefault()
      if (done(input.value.trim())) back()
      else wrong.textContent = t(problem)
    })
    form.addEventListener('keydown', (e) => { if (e.key === 'Escape') { e.stopPropagation(); back() } })
    form.addEventListener('focusout', (e) => { if (!form.contains(e.relatedTarget as Node | null)) this.#close() })
    this.#dom.replaceChildren(form)
    this.#place()
    input.focus()
    input.select()
  }
}

function has(state: EditorState, type: MarkType): boolean {
  const { from, to } = state.selection
  return state.doc.rangeHasMark(from, to, type)
}

function markOf(state: EditorState, type: MarkType): Mark | undefined {
  let found: Mark | undefined
  state.doc.nodesBetween(state.selection.from, state.selection.to, (node) => { found ??= type.isInSet(node.marks) })
  return found
}
