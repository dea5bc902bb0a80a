// Texts that are written in one plain field: paragraphs parted by blank lines, lists whose lines begin with a dash, and bare addresses
// as links; one that stands alone in a paragraph and is on the list of embeds is an embed. What a field cannot show is left to the whole editor.
import type { Doc } from './api'
import { providerOf } from './editor/schema'

interface Node { type: string, text?: string, attrs?: { provider?: string, url?: string, title?: string }, content?: Node[], marks?: { type: string, attrs?: { href?: string } }[] }

const address = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])/

function inline(line: string): Node[] {
  return line.split(address).filter(Boolean).map((s, i) => i % 2 || address.test(s) ? { type: 'text', text: s, marks: [{ type: 'link', attrs: { href: s } }] } : { type: 'text', text: s })
}

const paragraph = (s: string): Node => ({ type: 'paragraph', content: inline(s.replaceAll(/\s*\n\s*/g, ' ').trim()) })

export function docOf(text: string): Doc | undefined {
  const content = text.trim().split(/\n\s*\n/).filter((b) => b.trim()).map((block): Node => {
    const provider = providerOf(block.trim())
    if (provider) return { type: 'embed', attrs: { provider, url: block.trim() } }
    const lines = block.trim().split('\n')
    if (!lines.every((l) => /^\s*[-–•]\s+\S/.test(l))) return paragraph(block)
    return { type: 'bullet_list', content: lines.map((l) => ({ type: 'list_item', content: [paragraph(l.replace(/^\s*[-–•]\s+/, ''))] })) }
  })
  return content.length ? { type: 'doc', content } : undefined
}

/** A document as the field shows it; plain is false where that would lose something. */
export function textOf(doc?: Doc): { text: string, plain: boolean } {
  let plain = true
  const words = (n: Node): string => (n.content ?? []).map((c) => {
    if (c.type !== 'text' || c.marks?.some((m) => m.type !== 'link' || m.attrs?.href !== c.text)) plain = false
    return c.text ?? ''
  }).join('')
  const blocks = ((doc?.content ?? []) as Node[]).map((b) => {
    if (b.type === 'bullet_list') return (b.content ?? []).map((i) => {
      if (i.content?.length !== 1 || i.content[0]!.type !== 'paragraph') plain = false
      return '- ' + (i.content ?? []).map(words).join(' ')
    }).join('\n')
    if (b.type === 'embed' && !b.attrs!.title) return b.attrs!.url!
    if (b.type !== 'paragraph') plain = false
    return words(b)
  })
  return { text: blocks.join('\n\n'), plain }
}
