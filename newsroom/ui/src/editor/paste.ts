// What Word, Google Docs, LibreOffice, mail programs and web pages put on the clipboard, made into HTML that the schema's
// own rules read well. Each step is small and says what it is about; what is not text, emphasis, link, list, table or
// heading has no step and does not get through the schema.
import { goodHref } from './schema'

const policy: { createHTML: (s: string) => unknown } =
  (globalThis as { trustedTypes?: { createPolicy: (name: string, rules: { createHTML: (s: string) => string }) => { createHTML: (s: string) => unknown } } })
    .trustedTypes?.createPolicy('newsroom-paste', { createHTML: (s) => s }) ?? { createHTML: (s) => s }

/** What was pasted, cleaned: its words and blocks; the pictures that are in it, each where its mark stands in a paragraph of its own; and
 * how many pictures it only names, which stay where they are: on somebody's disk or on another site. */
export interface Cleaned { html: string, pictures: File[], named: number }

/** The mark that stands for a picture until it is taken in, in letters that no script uses. */
const markOf = (n: number): string => `\ue0f0${n}\ue0f1`
/** The number of the picture that a paragraph stands for; nothing where it is one of words. */
export const markedBy = (text: string): number | undefined => { const m = /^\ue0f0(\d+)\ue0f1$/.exec(text); return m ? Number(m[1]) : undefined }

/** Cleans what was pasted. What comes from this editor itself is left as it is. */
export function cleanPasted(html: string): Cleaned {
  const out: Cleaned = { html, pictures: [], named: 0 }
  if (/data-pm-slice/.test(html)) return out
  // The parsed document runs nothing and loads nothing. Its styles are read and never applied, its handlers not even made: the
  // page's policy forbids both.
  const bare = html.replaceAll(/<style\b[\s\S]*?<\/style\s*>/gi, '').replaceAll(/<!\[(if|endif)[^>]*>/gi, '').replaceAll(/<[a-z][^<>]*>/gi, (tag) => tag.replaceAll(/\sstyle(?=\s*=)/gi, ' data-style').replaceAll(/[\s"'/]on\w+(?=\s*=)/gi, ' data-on'))
  const doc = new DOMParser().parseFromString(policy.createHTML(bare) as string, 'text/html')
  takePictures(doc.body, out)
  for (const step of steps) step(doc.body)
  return { ...out, html: doc.body.innerHTML }
}

const all = <K extends Element = HTMLElement>(root: Element, selector: string): K[] => [...root.querySelectorAll<K>(selector)]
const style = (e: Element): string => (e.getAttribute('data-style') ?? '').toLowerCase().replaceAll(/\s*([:;])\s*/g, '$1')
const blockTags = /^(P|DIV|H[1-6]|UL|OL|LI|TABLE|BLOCKQUOTE|PRE|HR|FIGURE|ASIDE|SECTION|ARTICLE|HEADER|FOOTER|MAIN|DL|DT|DD|TBODY|THEAD|TR|TD|TH|ADDRESS)$/
const isBlock = (n: Node | null | undefined): boolean => n instanceof Element || n?.nodeType === 1 ? blockTags.test((n as Element).tagName) : false
const unwrap = (e: Element): void => e.replaceWith(...e.childNodes)

function rename(e: Element, tag: string): Element {
  const to = e.ownerDocument.createElement(tag)
  to.append(...e.childNodes)
  e.replaceWith(to)
  return to
}

/** A picture whose bytes are in the text comes in as a file would, and stands after the block that it was in; of one that is only named the
 * words for it stay where they are a character's. */
function takePictures(body: HTMLElement, out: Cleaned): void {
  for (const e of all(body, '[data-style]')) if (/display:none|visibility:hidden|mso-hide:all/.test(style(e))) all(e, 'img').forEach((i) => i.remove())
  for (const img of all<HTMLImageElement>(body, 'img')) {
    const src = img.getAttribute('src') ?? ''
    const alt = img.getAttribute('alt') ?? ''
    const file = fileOf(src, out.pictures.length + 1)
    if (file) {
      const p = body.ownerDocument.createElement('p')
      p.append(markOf(out.pictures.push(file) - 1))
      const block = outermost(img)
      if (block) block.after(p)
      else img.before(p)
    } else if (/^\p{Extended_Pictographic}/u.test(alt) && alt.length < 12) img.before(alt)
    else if (img.getAttribute('width') !== '1' && img.getAttribute('height') !== '1') out.named++ // not what counts readers
    img.remove()
  }
}

/** The block that a picture stands in: the whole list or table where it is in one. */
function outermost(e: Element): Element | undefined {
  let found: Element | undefined
  for (let p = e.parentElement; p && p.tagName !== 'BODY'; p = p.parentElement) if (/^(P|H[1-6]|UL|OL|TABLE|BLOCKQUOTE|PRE|FIGURE)$/.test(p.tagName) && !layout(p)) found = p
  return found
}

/** The file that a data: address (RFC 2397) is; nothing where it is none of a picture, or is broken. */
function fileOf(src: string, n: number): File | undefined {
  const m = /^\s*data:(image\/([\w.+-]+))([^,]*),([^]*)$/i.exec(src)
  if (!m) return undefined
  try {
    const bytes = /;\s*base64\s*$/i.test(m[3]!) ? Uint8Array.from(atob(decodeURIComponent(m[4]!).replaceAll(/\s/g, '')), (c) => c.charCodeAt(0)) : new TextEncoder().encode(decodeURIComponent(m[4]!))
    return new File([bytes], `${n}.${m[2]!.toLowerCase().replace('jpeg', 'jpg').replace(/\+.*/, '')}`, { type: m[1]!.toLowerCase() })
  } catch {
    return undefined
  }
}

/** Office puts its own markers, styles and comments on the clipboard. */
function dropForeign(body: HTMLElement): void {
  const comments = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT)
  const found: Node[] = []
  while (comments.nextNode()) found.push(comments.currentNode)
  for (const c of found) c.parentNode?.removeChild(c)
  for (const e of all(body, 'script,style,meta,link,title,xml,noscript,iframe,object,embed,form,input,button,select,textarea,svg,video,audio,picture,img,map,canvas')) e.remove()
  for (const e of all(body, '*')) {
    if (/display:none|mso-hide:all|visibility:hidden/.test(style(e)) || e.hasAttribute('hidden')) e.remove()
    else if (e.tagName.includes(':')) unwrap(e) // o:p, v:shape
  }
}

/** Google Docs wraps all in a bold element that is not bold. */
function unwrapDocs(body: HTMLElement): void {
  for (const e of all(body, 'b[id^="docs-internal-guid"], b, strong, i, em')) {
    if (/(^|;)font-weight:(normal|400)/.test(style(e)) && /^(B|STRONG)$/.test(e.tagName) || /(^|;)font-style:normal/.test(style(e)) && /^(I|EM)$/.test(e.tagName)) unwrap(e)
  }
}

const emphases: [RegExp, string][] = [[/(^|;)font-weight:(bold|[6-9]00)/, 'strong'], [/(^|;)font-style:italic/, 'em'], [/(^|;)text-decoration[\w-]*:[^;]*line-through/, 's'], [/(^|;)vertical-align:sub/, 'sub'], [/(^|;)vertical-align:super/, 'sup']]

/** Emphasis that is only a style becomes an element. */
function emphasis(body: HTMLElement): void {
  for (const e of all(body, 'span, font, a, u')) {
    for (const [pattern, tag] of emphases) {
      if (!pattern.test(style(e))) continue
      const to = body.ownerDocument.createElement(tag)
      to.append(...e.childNodes)
      e.append(to)
    }
  }
}

const wordList = /mso-list:\s*(?:l(\d+)\s+level(\d+)|ignore)/i

/** Word's lists are paragraphs with the marker as text; the level stands in the style. */
function wordLists(body: HTMLElement): void {
  const stack: { list: Element, level: number }[] = []
  let last: Element | undefined
  for (const p of all(body, 'p, h1, h2, h3, h4, h5, h6, div, table')) {
    const m = /^(P|DIV)$/.test(p.tagName) ? wordList.exec(style(p)) : null
    if (!m?.[2]) {
      if (!p.closest('li')) stack.length = 0
      continue
    }
    if (last && p.previousElementSibling !== null && p.previousElementSibling !== stack[0]?.list) stack.length = 0
    const level = Number(m[2])
    const marker = all(p, '*').find((s) => /mso-list:ignore/.test(style(s)))
    const ordered = /^\W*([0-9]+|[a-z]|[ivxlc]+)[.)]/i.test(marker?.textContent ?? '')
    marker?.remove()
    while (stack.length && stack.at(-1)!.level > level) stack.pop()
    if (stack.at(-1)?.level !== level) {
      const list = body.ownerDocument.createElement(ordered ? 'ol' : 'ul')
      const parent = stack.at(-1)
      if (parent) (parent.list.lastElementChild ?? parent.list).append(list)
      else p.before(list)
      stack.push({ list, level })
    }
    const item = body.ownerDocument.createElement('li')
    item.append(...p.childNodes)
    stack.at(-1)!.list.append(item)
    p.remove()
    last = item
  }
}

/** A list inside a list belongs to the item before it. */
function nestLists(body: HTMLElement): void {
  for (const list of all(body, 'ul > ul, ul > ol, ol > ul, ol > ol')) {
    const before = list.previousElementSibling
    if (before?.tagName === 'LI') before.append(list)
    else {
      const item = body.ownerDocument.createElement('li')
      list.before(item)
      item.append(list)
    }
  }
}

/** Titles that are paragraphs by their class. */
function titles(body: HTMLElement): void {
  for (const p of all(body, 'p[class]')) {
    if (/^(MsoTitle|title)$/.test(p.className)) rename(p, 'h2')
    else if (/^(MsoSubtitle|subtitle)$/.test(p.className)) rename(p, 'h3')
  }
}

/** A letter that was answered to is no quotation: nobody says it in the article. */
function unwrapMail(body: HTMLElement): void {
  for (const e of all(body, 'blockquote[type=cite], blockquote.gmail_quote, div.gmail_quote, div[class^="moz-"], div.WordSection1')) unwrap(e)
}

/** Mail programs and web pages put lines into divs and parts with two breaks: they are paragraphs. */
function paragraphs(body: HTMLElement): void {
  for (const e of all(body, 'div, section, article, header, footer, main, address, center, dd, dt')) {
    if (![...e.childNodes].some(isBlock) && (e.textContent ?? '').trim() !== '') rename(e, 'p')
  }
  for (const p of [...all(body, 'p'), ...all(body, 'div'), body]) splitAtBreaks(p)
}

function splitAtBreaks(p: HTMLElement): void {
  if (p.closest('td, th, li, pre')) return
  for (const br of all(p, 'br')) {
    let next = br.nextSibling
    while (next && next.nodeType === 3 && !(next.textContent ?? '').trim()) next = next.nextSibling
    if (next?.nodeName !== 'BR' || br.parentElement !== p || p.tagName !== 'P') continue
    const first = p.ownerDocument.createElement('p')
    while (p.firstChild && p.firstChild !== br) first.append(p.firstChild)
    while (p.firstChild && (p.firstChild.nodeName === 'BR' || !(p.firstChild.textContent ?? '').trim())) p.firstChild.remove()
    if ((first.textContent ?? '').trim()) p.before(first)
  }
}

const ownRows = (table: Element): Element[] => all(table, 'tr').filter((r) => r.closest('table') === table)
const ownCells = (row: Element): Element[] => [...row.children].filter((c) => /^T[DH]$/.test(c.tagName))

/** Whether a table only places things: it has one row or one column, and tables or several blocks in it, as the mails of shops have. */
function layout(table: Element): boolean {
  if (table.tagName !== 'TABLE') return false
  const rows = ownRows(table).map(ownCells).filter((r) => r.length > 0)
  if (rows.length > 1 && rows.some((r) => r.filter((c) => (c.textContent ?? '').trim() || c.querySelector('img')).length > 1)) return false
  return table.querySelector('table') !== null || rows.length * (rows[0]?.length ?? 0) === 1
}

/** Tables that place things are read one cell after another. Of a table in a cell of another, the rows are lines. */
function nestedTables(body: HTMLElement): void {
  for (const table of all(body, 'table')) {
    if (!layout(table)) continue
    const parts = ownRows(table).flatMap(ownCells).map((c) => rename(c, 'div'))
    table.replaceWith(...parts)
  }
  for (const table of all(body, ':is(td, th) table').reverse()) {
    const lines = ownRows(table).map((r) => {
      const line = body.ownerDocument.createElement('div')
      for (const [i, c] of ownCells(r).entries()) line.append(...(i > 0 ? [' '] : []), ...c.childNodes)
      return line
    })
    table.replaceWith(...lines)
  }
}

/** A cell holds lines, not paragraphs. */
function cells(body: HTMLElement): void {
  for (const cell of all(body, 'td, th')) {
    for (const block of all(cell, 'p, div, h1, h2, h3, h4, h5, h6, li, blockquote')) {
      if (block.previousSibling && (block.previousSibling.textContent ?? '').trim() && !isBlock(block.previousSibling)) block.before(body.ownerDocument.createElement('br'))
      if (block.nextElementSibling && (block.textContent ?? '').trim()) block.append(body.ownerDocument.createElement('br'))
      unwrap(block)
    }
    for (const list of all(cell, 'ul, ol')) unwrap(list)
    while (cell.lastChild && (cell.lastChild.nodeName === 'BR' || !(cell.lastChild.textContent ?? '').trim() && !(cell.lastChild instanceof Element))) cell.lastChild.remove()
  }
  for (const t of all(body, 'table')) if (!t.querySelector('td, th')) t.remove()
}

/** Links lead to where they say, without what counts readers. */
function links(body: HTMLElement): void {
  for (const a of all(body, 'a')) {
    const href = goodHref(plainAddress(a.getAttribute('href') ?? ''))
    if (!href || href.startsWith('#') || !(a.textContent ?? '').trim()) { unwrap(a); continue }
    for (const { name } of [...a.attributes]) a.removeAttribute(name)
    a.setAttribute('href', href)
  }
}

function plainAddress(s: string): string {
  try {
    const u = new URL(s)
    const wrapped = u.hostname === 'www.google.com' && u.pathname === '/url' ? u.searchParams.get('q') : /safelinks\.protection\.outlook\.com$/.test(u.hostname) ? u.searchParams.get('url') : null
    if (wrapped) return plainAddress(wrapped)
    const counting = [...u.searchParams.keys()].filter((k) => /^(utm_\w+|fbclid|gclid|mc_[ce]id)$/.test(k))
    if (counting.length === 0) return s
    for (const k of counting) u.searchParams.delete(k)
    return u.href
  } catch {
    return s
  }
}

/** Emphasis of a whole heading is the heading's own look; blanks that hold a place are blanks. */
function tidy(body: HTMLElement): void {
  for (const e of all(body, ':is(h1,h2,h3,h4,h5,h6) :is(b,strong,u,font)')) unwrap(e)
  for (const e of all(body, '[data-style]')) e.removeAttribute('data-style')
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const n = texts.currentNode
    if (!n.parentElement?.closest('pre')) n.textContent = (n.textContent ?? '').replaceAll(/[\u00a0\u2007\t\r\n ]+/g, ' ').replaceAll(/[\u200b\ufeff\u00ad\u202a-\u202e\u2066-\u2069]/g, '')
  }
  for (const e of all(body, 'p, h1, h2, h3, h4, h5, h6, li, span, b, i, strong, em, a')) {
    if (!(e.textContent ?? '').trim() && !e.querySelector('hr, td, br, li')) e.remove()
    else if (/^P$/.test(e.tagName) && !(e.textContent ?? '').trim()) e.remove()
  }
}

const steps = [dropForeign, unwrapDocs, emphasis, wordLists, nestLists, titles, unwrapMail, nestedTables, cells, paragraphs, links, tidy]
