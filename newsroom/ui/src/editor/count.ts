// Words are counted as the newsroom counts them.
import type { Node } from 'prosemirror-model'

const pattern = /\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|(?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})[\p{L}\p{Nd}])(?:(?!\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})\S)*/gu
const counted = new WeakMap<Node, number>()

export const wordsIn = (s: string): number => s.match(pattern)?.length ?? 0

/** The words of a document. Blocks that have not changed are not counted again. */
export function words(doc: Node): number {
  let n = 0
  doc.forEach((block) => {
    let own = counted.get(block)
    if (own === undefined) counted.set(block, own = wordsIn(textOf(block)))
    n += own
  })
  return n
}

/** The words that may go out, blocks and breaks parted by blanks. */
function textOf(n: Node): string {
  if (n.isText) return n.marks.some((m) => m.type.name === 'insertion') ? '' : n.text!
  if (n.isLeaf) return ' '
  let s = ''
  n.forEach((child) => { s += textOf(child) })
  return n.isTextblock ? s + ' ' : s
}

/** Minutes to read at 220 words a minute, in halves. */
export const minutes = (n: number): number => Math.max(0.5, Math.round(n / 220 * 2) / 2)
