// `/` at the head of an empty line offers blocks, `[[` finds one's own articles.
import { setBlockType, wrapIn } from 'prosemirror-commands'
import type { Node } from 'prosemirror-model'
import { wrapInList } from 'prosemirror-schema-list'
import { Plugin, TextSelection, type Command } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { get, type Page } from '../api'
import { date } from '../clock'
import { of, t, type Key } from '../words'
import { el } from './blocks'
import { landmark, Popup, type Choice } from './popup'
import { providerOf, providers, schema } from './schema'
import { newTable } from './table'

const n = schema.nodes

export interface MenuUses {
  /** Lets somebody choose pictures and puts them where the cursor is, alone or as a gallery. */
  pictures: (gallery: boolean) => void
  /** Lets somebody choose one of the pictures that are here. */
  ours: () => void
}

interface BlockChoice { key: Key, aside?: string, command?: Command, act?: (view: EditorView) => void }

/** Puts a block in the place of the empty line, and the cursor into it. */
const put = (make: () => Node): Command => (state, dispatch) => {
  const { $from } = state.selection
  const block = make()
  const last = $from.index(0) === state.doc.childCount - 1
  const tr = state.tr.replaceWith($from.before(1), $from.after(1), last ? [block, n.paragraph!.create()] : block)
  dispatch?.(tr.setSelection(TextSelection.near(tr.doc.resolve($from.before(1) + (block.isLeaf ? block.nodeSize : 1)))).scrollIntoView())
  return true
}

const paragraph = (): Node => n.paragraph!.create()

export function menus(uses: MenuUses): Plugin {
  const blocks: BlockChoice[] = [
    { key: 'blockHeading', aside: '##', command: setBlockType(n.heading!, { level: 2 }) },
    { key: 'blockSubheading', aside: '###', command: setBlockType(n.heading!, { level: 3 }) },
    { key: 'blockPicture', act: () => uses.pictures(false) },
    { key: 'blockOurs', act: () => uses.ours() },
    { key: 'blockGallery', act: () => uses.pictures(true) },
    { key: 'blockQuote', aside: '>', command: wrapIn(n.quote!) },
    { key: 'blockPullQuote', command: setBlockType(n.pull_quote!) },
    { key: 'blockBullets', aside: '-', command: wrapInList(n.bullet_list!) },
    { key: 'blockNumbers', aside: '1.', command: wrapInList(n.ordered_list!) },
    { key: 'blockTable', command: put(() => newTable(3, 3)) },
    { key: 'blockFacts', command: put(() => n.fact_box!.create(null, paragraph())) },
    { key: 'blockEmbed', act: askEmbed },
    { key: 'blockRule', aside: '---', command: put(() => n.rule!.create()) },
    { key: 'blockCode', command: setBlockType(n.code!) },
  ]
  return new Plugin({
    view: (view) => new Menus(view, blocks),
    props: {
      handleKeyDown: (view, e) => {
        const m = open.get(view)
        if (!m?.popup.open) return false
        if (e.key === 'Escape') { m.dismiss(); return true }
        return m.popup.key(e)
      },
    },
  })
}

const open = new WeakMap<EditorView, Menus>()

class Menus {
  popup: Popup
  #links: Popup
  #blocks: Popup
  #dismissed = ''
  #asked = ''
  #stop = new AbortController()

  constructor(private readonly view: EditorView, private readonly list: BlockChoice[]) {
    this.#blocks = new Popup(view, t('blocks'))
    this.#links = new Popup(view, t('ourArticles'))
    this.popup = this.#blocks
    open.set(view, this)
  }

  update(view: EditorView): void {
    const { $from, empty } = view.state.selection
    const before = empty && view.hasFocus() && $from.parent.inlineContent && !$from.parent.type.spec.code ? $from.parent.textBetween(0, $from.parentOffset, undefined, '￼') : ''
    const slash = $from.depth === 1 && $from.parent.type === n.paragraph && $from.parentOffset === $from.parent.content.size ? /^\/([\p{L} ]{0,20})$/u.exec(before) : null
    const link = /\[\[([^[\]]{0,60})$/.exec(before)
    if (before !== this.#dismissed) this.#dismissed = ''
    if (this.#dismissed) return
    if (slash) this.#offerBlocks(slash[1]!.trim().toLocaleLowerCase())
    else this.#blocks.close()
    if (link) this.#offerLinks(link[1]!)
    else {
      this.#links.close()
      this.#asked = ''
    }
  }

  dismiss(): void {
    const { $from } = this.view.state.selection
    this.#dismissed = $from.parent.textBetween(0, $from.parentOffset, undefined, '￼')
    this.#blocks.close()
    this.#links.close()
  }

  destroy(): void {
    this.#stop.abort()
    this.#blocks.close()
    this.#links.close()
  }

  #offerBlocks(typed: string): void {
    this.popup = this.#blocks
    const choices = this.list.filter((b) => t(b.key).toLocaleLowerCase().includes(typed)).map((b): Choice => ({ words: t(b.key), aside: b.aside, pick: () => this.#insert(b) }))
    this.#blocks.show(this.view.state.selection.from, choices)
  }

  #insert(b: BlockChoice): void {
    const { view } = this
    this.#blocks.close()
    const { $from } = view.state.selection
    view.dispatch(view.state.tr.delete($from.start(), $from.end()))
    if (b.command) b.command(view.state, view.dispatch, view)
    else b.act?.(view)
    if (b.command) view.focus()
  }

  #offerLinks(words: string): void {
    this.popup = this.#links
    if (this.#asked === words && this.#links.open) return
    this.#asked = words
    this.#stop.abort()
    this.#stop = new AbortController()
    const q = words.trim() ? '&q=' + encodeURIComponent(words) : ''
    get<Page>('/desk/all?limit=8&state=published' + q, this.#stop.signal).then((p) => {
      if (this.#asked !== words || this.view.isDestroyed) return
      this.#links.show(this.view.state.selection.from, p.rows.filter((r) => r.address).map((r): Choice => ({
        words: r.headline, aside: r.first_published ? date(new Date(r.first_published)) : t('page'), pick: () => this.#link(r.headline, r.address!),
      })))
    }).catch(() => undefined) // the next key asks again
  }

  #link(headline: string, href: string): void {
    const { view } = this
    const { $from } = view.state.selection
    const length = 2 + this.#asked.length
    this.#links.close()
    const mark = schema.marks.link!.create({ href })
    const tr = view.state.tr.replaceWith($from.pos - length, $from.pos, schema.text(headline, [...$from.marks().filter((x) => x.type !== mark.type), mark]))
    view.dispatch(tr.removeStoredMark(mark))
    view.focus()
  }
}

/** Asks for the address of what is to be embedded, in the place of the line. */
function askEmbed(view: EditorView): void {
  const input = el('input', { class: 'in', type: 'url', 'aria-label': t('embedAddress'), placeholder: t('embedAddress') })
  const wrong = el('p', { class: 'small', role: 'status' }, t('embedHint', { providers: providers.map((p) => of('provider', p)).join(', ') }))
  const form = el('form', { class: 'menu popup ask' }, input, wrong)
  const c = view.coordsAtPos(view.state.selection.from)
  form.style.left = `${Math.max(8, Math.min(c.left, document.documentElement.clientWidth - 360)) + scrollX}px`
  form.style.top = `${c.bottom + 4 + scrollY}px`
  let gone = false // what is taken away loses the focus, and would be taken away again
  const remove = (): void => {
    if (!gone) { gone = true; form.remove() }
  }
  const close = (): void => {
    remove()
    view.focus()
  }
  form.addEventListener('submit', (e) => {
    e.preventDefault()
    const url = input.value.trim()
    const provider = providerOf(url)
    if (!provider) {
      wrong.className = 'small red'
      wrong.textContent = t('embedRefused', { providers: providers.map((p) => of('provider', p)).join(', ') })
      return
    }
    put(() => n.embed!.create({ provider, url }))(view.state, view.dispatch)
    close()
  })
  form.addEventListener('keydown', (e) => { if (e.key === 'Escape') close() })
  form.addEventListener('focusout', (e) => { if (!form.contains(e.relatedTarget as globalThis.Node | null)) remove() })
  landmark(view).append(form)
  input.focus()
}
