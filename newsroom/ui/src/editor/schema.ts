// The editor's schema, made of the one in package markup: schema.json is written from it, and a test fails where it is not.
import { Schema, type Attrs, type DOMOutputSpec, type MarkSpec, type Node, type NodeSpec, type TagParseRule, type ParseRule } from 'prosemirror-model'
import description from '../schema.json'

interface AttrDescription { name: string, kind: string, needed?: boolean }
interface NodeDescription { type: string, content?: string[], attrs?: AttrDescription[], inline?: boolean, plain?: boolean, bare?: boolean, dropped?: boolean }

export const nodes = description.nodes as NodeDescription[]
export const limits = description.limits
const embeds = description.embeds as { name: string, hosts: string[], path?: string }[]

/** What an attribute is where nothing is said: these values are not kept. */
const absent: Record<string, string | number | boolean> = { level: 2, colspan: 1, rowspan: 1, start: 1 }
const nothing = (a: AttrDescription): string | number | boolean => absent[a.name] ?? { text: '', number: 0, flag: false }[a.kind]!

const isInline = (content: string[] | undefined): boolean => content?.includes('text') ?? false

/** How often what may stand in a node must: text need not be there, blocks must, but for pictures, which nobody can make of nothing. */
function expression(n: NodeDescription): string | undefined {
  if (!n.content) return undefined
  return `(${n.content.join(' | ')})${isInline(n.content) || n.bare ? '*' : '+'}`
}

interface Look { toDOM?: (node: Node) => DOMOutputSpec, parseDOM?: TagParseRule[], extra?: Partial<NodeSpec> }

const text = (el: Element, name: string): string => el.getAttribute(name) ?? ''
const whole = (el: Element, name: string): number => Math.max(1, Number.parseInt(el.getAttribute(name) ?? '1', 10) || 1)

/** How nodes stand in HTML: in the editor where no view of their own draws them, and on the clipboard. */
const looks: Record<string, Look> = {
  paragraph: { toDOM: () => ['p', 0], parseDOM: [{ tag: 'p' }] },
  heading: {
    toDOM: (n) => ['h' + n.attrs.level, 0], extra: { defining: true },
    parseDOM: ([['h1', 2], ['h2', 2], ['h3', 3], ['h4', 4], ['h5', 4], ['h6', 4]] as const).map(([tag, level]) => ({ tag, attrs: { level } })),
  },
  bullet_list: { toDOM: () => ['ul', 0], parseDOM: [{ tag: 'ul' }] },
  ordered_list: {
    toDOM: (n) => n.attrs.start === 1 ? ['ol', 0] : ['ol', { start: n.attrs.start }, 0],
    parseDOM: [{ tag: 'ol', getAttrs: (el) => ({ start: whole(el, 'start') }) }],
  },
  list_item: { toDOM: () => ['li', 0], parseDOM: [{ tag: 'li' }], extra: { defining: true } },
  quote: {
    toDOM: (n) => ['blockquote', { 'data-name': n.attrs.name, 'data-speaker': n.attrs.speaker, 'data-role': n.attrs.role }, 0], extra: { defining: true },
    parseDOM: [{ tag: 'blockquote', getAttrs: (el) => ({ name: text(el, 'data-name'), speaker: text(el, 'data-speaker'), role: text(el, 'data-role') }) }],
  },
  pull_quote: { toDOM: () => ['p', { class: 'pull' }, 0], parseDOM: [{ tag: 'p.pull', priority: 60 }], extra: { defining: true } },
  figure: {
    toDOM: (n) => ['figure', { 'data-picture': n.attrs.picture, 'data-alt': n.attrs.alt, 'data-credit': n.attrs.credit }, ['figcaption', 0]],
    extra: { isolating: true, draggable: true },
    parseDOM: [{
      tag: 'figure[data-picture]', contentElement: 'figcaption',
      getAttrs: (el) => text(el, 'data-picture') !== '' && { picture: text(el, 'data-picture'), alt: text(el, 'data-alt'), credit: text(el, 'data-credit') },
    }],
  },
  gallery: {
    toDOM: (n) => ['div', { class: 'gallery', 'data-caption': n.attrs.caption, 'data-credit': n.attrs.credit }, 0], extra: { isolating: true },
    parseDOM: [{ tag: 'div.gallery', getAttrs: (el) => ({ caption: text(el, 'data-caption'), credit: text(el, 'data-credit') }) }],
  },
  table: {
    toDOM: (n) => ['table', { 'data-caption': n.attrs.caption }, ['tbody', 0]], extra: { isolating: true },
    parseDOM: [{ tag: 'table', getAttrs: (el) => ({ caption: text(el, 'data-caption') || (el.querySelector('caption')?.textContent ?? '') }) }],
  },
  table_row: { toDOM: () => ['tr', 0], parseDOM: [{ tag: 'tr' }] },
  table_cell: {
    toDOM: (n) => [n.attrs.header ? 'th' : 'td', { colspan: n.attrs.colspan, rowspan: n.attrs.rowspan }, 0], extra: { isolating: true },
    parseDOM: ['td', 'th'].map((tag) => ({ tag, getAttrs: (el: HTMLElement) => ({ header: tag === 'th', colspan: Math.min(whole(el, 'colspan'), limits.colspan), rowspan: Math.min(whole(el, 'rowspan'), limits.rowspan) }) })),
  },
  fact_box: {
    toDOM: (n) => ['aside', { class: 'fact', 'data-title': n.attrs.title }, 0], extra: { defining: true, isolating: true },
    parseDOM: [{ tag: 'aside.fact', getAttrs: (el) => ({ title: text(el, 'data-title') }) }],
  },
  embed: {
    toDOM: (n) => ['div', { class: 'embed', 'data-url': n.attrs.url, 'data-title': n.attrs.title }, n.attrs.url],
    parseDOM: [{
      tag: 'div.embed', getAttrs: (el) => {
        const provider = providerOf(text(el, 'data-url'))
        return provider !== undefined && { provider, url: text(el, 'data-url'), title: text(el, 'data-title') }
      },
    }],
  },
  code: { toDOM: () => ['pre', ['code', 0]], parseDOM: [{ tag: 'pre', preserveWhitespace: 'full' }], extra: { code: true, defining: true } },
  rule: { toDOM: () => ['hr'], parseDOM: [{ tag: 'hr' }] },
  hard_break: { toDOM: () => ['br'], parseDOM: [{ tag: 'br' }], extra: { linebreakReplacement: true } },
}

function nodeSpec(n: NodeDescription): NodeSpec {
  const look = looks[n.type]
  const spec: NodeSpec = { content: expression(n), ...look?.extra }
  if (n.type === 'text' || n.type === 'hard_break') Object.assign(spec, { inline: true, group: 'inline' })
  if (n.type === 'hard_break') spec.selectable = false
  if (n.plain) spec.marks = ''
  if (n.attrs) {
    // A picture, a provider and an address have no value of their own: such a node is only made with one.
    spec.attrs = Object.fromEntries(n.attrs.map((a) => [a.name, a.needed && absent[a.name] === undefined ? {} : { default: nothing(a) }]))
  }
  if (look?.toDOM) spec.toDOM = look.toDOM
  if (look?.parseDOM) spec.parseDOM = look.parseDOM
  return spec
}

const marks: Record<string, { toDOM: (attrs: Attrs) => DOMOutputSpec, parseDOM: ParseRule[], extra?: Partial<MarkSpec> }> = {
  // The newsroom's own marks are made by the editor alone: nothing that is pasted can be one.
  insertion: { toDOM: (a) => ['ins', { 'data-suggestion': a.suggestion }, 0], parseDOM: [], extra: { inclusive: false } },
  deletion: { toDOM: (a) => ['del', { 'data-suggestion': a.suggestion }, 0], parseDOM: [], extra: { inclusive: false } },
  note: { toDOM: (a) => ['mark', { 'data-note': a.note }, 0], parseDOM: [], extra: { inclusive: false } },
  link: {
    toDOM: (a) => ['a', { href: a.href }, 0], extra: { inclusive: false },
    parseDOM: [{ tag: 'a[href]', getAttrs: (el) => { const href = goodHref(text(el, 'href')); return href !== undefined && { href } } }],
  },
  lang: { toDOM: (a) => ['span', { lang: a.lang }, 0], parseDOM: [{ tag: 'span[lang][data-lang]', getAttrs: (el) => ({ lang: text(el, 'lang') }) }] },
  strong: { toDOM: () => ['strong', 0], parseDOM: [{ tag: 'strong' }, { tag: 'b' }] },
  em: { toDOM: () => ['em', 0], parseDOM: [{ tag: 'em' }, { tag: 'i' }] },
  strike: { toDOM: () => ['s', 0], parseDOM: [{ tag: 's' }, { tag: 'strike' }, { tag: 'del' }] },
  code: { toDOM: () => ['code', 0], parseDOM: [{ tag: 'code' }, { tag: 'tt' }, { tag: 'kbd' }] },
  sub: { toDOM: () => ['sub', 0], parseDOM: [{ tag: 'sub' }], extra: { excludes: 'sub sup' } },
  sup: { toDOM: () => ['sup', 0], parseDOM: [{ tag: 'sup' }], extra: { excludes: 'sub sup' } },
}

/** A mark's name in the editor, where a node and a mark cannot be called the same. */
const inEditor = (mark: string): string => mark === 'code' ? 'code_mark' : mark
const inBody = (mark: string): string => mark === 'code_mark' ? 'code' : mark

export const schema = new Schema({
  topNode: 'doc',
  nodes: Object.fromEntries(nodes.map((n) => [n.type, nodeSpec(n)])),
  marks: Object.fromEntries((description.marks as { type: string, attrs?: AttrDescription[] }[]).map((m) => [inEditor(m.type), {
    attrs: Object.fromEntries((m.attrs ?? []).map((a) => [a.name, {}])), toDOM: (mark: { attrs: Attrs }) => marks[m.type]!.toDOM(mark.attrs),
    parseDOM: marks[m.type]!.parseDOM, ...marks[m.type]!.extra,
  } as MarkSpec])),
})

/** A link's address that the body may hold; nothing where it may not. A bare host name gets its scheme. */
export function goodHref(s: string): string | undefined {
  s = s.trim()
  if (/^[\w-]+(\.[\w-]+)+([/?#].*)?$/.test(s)) s = 'https://' + s
  if (s.length === 0 || s.length > 4096 || /[\s\\<>"`\u0000-\u001f\u007f-\u00a0\u2028\u2029]/.test(s)) return undefined
  if (s.startsWith('#') || /^\/(?!\/)/.test(s)) return s
  try {
    const u = new URL(s)
    if (/^https?:$/.test(u.protocol)) return u.host && !u.username && !u.password ? s : undefined
    return /^(mailto|tel):$/.test(u.protocol) && u.pathname ? s : undefined
  } catch {
    return undefined
  }
}

/** Who is embedded by an address; nothing where it is not on the list. */
export function providerOf(address: string): string | undefined {
  try {
    const u = new URL(address)
    if (u.protocol !== 'https:' || u.username || u.password || u.port) return undefined
    return embeds.find((p) => p.hosts.includes(u.hostname) && u.pathname.startsWith(p.path ?? ''))?.name
  } catch {
    return undefined
  }
}

export const providers = embeds.map((p) => p.name)

type Json = { type: string, attrs?: Record<string, unknown>, content?: Json[], marks?: Json[], text?: string }
const described = new Map(nodes.map((n) => [n.type, n]))

/** A document as the newsroom keeps it: attributes without a value and blocks without content are not there. */
export function toBody(doc: Node): Json {
  const content: Json[] = []
  doc.forEach((block) => {
    let kept = bodies.get(block)
    if (kept === undefined) bodies.set(block, kept = clean(block.toJSON() as Json) ?? null)
    if (kept) content.push(kept)
  })
  return { type: 'doc', content }
}

/** What is kept of each block, null where nothing is: a block never changes, so that a key costs the one it was pressed in. */
const bodies = new WeakMap<Node, Json | null>()

function cleanAll(list: Json[] | undefined): Json[] {
  return (list ?? []).map(clean).filter((n) => n !== undefined)
}

function clean(n: Json): Json | undefined {
  const d = described.get(n.type)!
  const out: Json = { type: n.type }
  const attrs = (d.attrs ?? []).flatMap((a): [string, unknown][] => {
    const v = n.attrs?.[a.name]
    return v === undefined || v === null || (v === nothing(a) && !a.needed) ? [] : [[a.name, v]]
  })
  if (attrs.length) out.attrs = Object.fromEntries(attrs)
  if (n.marks?.length) out.marks = n.marks.map((m) => ({ ...m, type: inBody(m.type) }))
  if (n.text !== undefined) out.text = n.text
  let content = cleanAll(n.content)
  if (d.bare) content = content.map(({ content: _, ...rest }) => rest)
  if (content.length) out.content = content
  return d.dropped && content.length === 0 ? undefined : out
}

/** A document of the newsroom in the editor; an empty one has an empty paragraph to write in. */
export function fromBody(body: unknown): Node {
  const json = (body ?? { type: 'doc' }) as Json
  return schema.nodeFromJSON({ type: 'doc', content: json.content?.length ? json.content.map(renamed) : [{ type: 'paragraph' }] })
}

const renamed = (n: Json): Json => ({
  ...n, ...(n.marks ? { marks: n.marks.map((m) => ({ ...m, type: inEditor(m.type) })) } : {}), ...(n.content ? { content: n.content.map(renamed) } : {}),
})
