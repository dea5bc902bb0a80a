// Where what was pasted is put: whole blocks stay blocks beside what is there, words go on in the line.
import { Fragment, Slice, type Node, type ResolvedPos } from 'prosemirror-model'
import { TextSelection, type EditorState, type Transaction } from 'prosemirror-state'
import { canSplit } from 'prosemirror-transform'
import { markedBy } from './paste'
import { schema } from './schema'

const n = schema.nodes

/** A change that puts something in, and where in it each picture that is on its way is to stand: by its number, behind a block. */
export interface Put { tr: Transaction, pictures: [number, number][], cut: boolean }

/** Puts pasted blocks where the cursor is. One paragraph goes on in the line unless it is a sentence at the line's end; blocks never join the
 * blocks beside them. A cell and a caption take words alone: cut says that something else was left out. */
export function put(state: EditorState, slice: Slice, plain: boolean): Put {
  const { blocks, marks } = withoutMarks(slice.content)
  const tr = state.tr
  if (!state.selection.empty && blocks.childCount > 0) tr.deleteSelection()
  const { $from } = tr.selection
  const here = (): [number, number][] => marks.map(([picture]) => [picture, tr.selection.from])
  if (blocks.childCount === 0) return { tr, pictures: here(), cut: false }
  if ($from.parent.type === n.table_cell || $from.parent.type === n.figure) {
    const { words, cut } = wordsOf(blocks)
    return { tr: tr.replaceSelection(new Slice(Fragment.from(words), 0, 0)), pictures: here(), cut }
  }
  if (!whole(blocks, $from, plain)) return { tr: tr.replaceSelection(marks.length > 0 ? Slice.maxOpen(blocks) : slice), pictures: here(), cut: false }
  const at = place(tr, $from, blocks)
  if (at === undefined) return { tr: tr.replaceSelection(Slice.maxOpen(blocks)), pictures: here(), cut: false }
  tr.replaceWith(at[0], at[1], blocks)
  tr.setSelection(TextSelection.near(tr.doc.resolve(at[0] + blocks.size), -1))
  const behind = (count: number): number => { let p = at[0]; for (let i = 0; i < count; i++) p += blocks.child(i).nodeSize; return p }
  return { tr, pictures: marks.map(([picture, after]) => [picture, behind(after)]), cut: false }
}

/** The blocks without those that stand for pictures, and for each picture how many blocks stand before it. */
function withoutMarks(content: Fragment): { blocks: Fragment, marks: [number, number][] } {
  const blocks: Node[] = []
  const marks: [number, number][] = []
  content.forEach((b) => {
    const picture = b.isTextblock ? markedBy(b.textContent) : undefined
    if (picture === undefined) blocks.push(b)
    else marks.push([picture, blocks.length])
  })
  return { blocks: Fragment.from(blocks), marks }
}

/** Whether blocks are to stay as they are at a place. */
function whole(blocks: Fragment, $at: ResolvedPos, plain: boolean): boolean {
  const [first, last] = [blocks.firstChild!, blocks.lastChild!]
  if (!first.isBlock || $at.parent.type.spec.code) return false
  if (isList(first) && isList(last) && $at.depth > 1 && $at.node(-1).type === n.list_item) return false // items go on in their list
  if (blocks.childCount > 1 || first.type !== n.paragraph) return true
  if ($at.parent.content.size === 0) return true
  return !plain && $at.parentOffset === $at.parent.content.size && /[.!?…।؟۔。！？]["'”’»)\]]*\s*$/u.test(first.textContent)
}

const isList = (b: Node): boolean => b.type === n.bullet_list || b.type === n.ordered_list

/** Makes room for blocks at a place, in the nearest block around it that takes them, and says what they are put in place of; nothing where
 * there is none. A box or a table is never parted by them. */
function place(tr: Transaction, $at: ResolvedPos, blocks: Fragment): [number, number] | undefined {
  if (!$at.parent.isTextblock) return $at.parent.canReplace($at.index(), $at.index(), blocks) ? [$at.pos, $at.pos] : undefined
  for (let d = $at.depth - 1; d >= 0; d--) {
    const [around, i, deeper] = [$at.node(d), $at.index(d), $at.depth - d - 1]
    if (deeper === 0 && $at.parent.type === n.paragraph && $at.parent.content.size === 0 && around.canReplace(i, i + 1, blocks)) return [$at.before(), $at.after()]
    if (!around.canReplace(i + 1, i + 1, blocks)) continue
    const [before, after] = [$at.before(d + 1), $at.after(d + 1)]
    if ($at.node(d + 1).type.spec.isolating || $at.pos + deeper === $at.end(d + 1)) return [after, after]
    if ($at.pos - deeper === $at.start(d + 1)) return [before, before]
    if (!canSplit(tr.doc, $at.pos, deeper + 1)) return undefined
    tr.split($at.pos, deeper + 1)
    return [$at.pos + deeper + 1, $at.pos + deeper + 1]
  }
  return undefined
}

/** The words of blocks in one line, blocks parted by breaks; cut says that there was more than words. */
function wordsOf(blocks: Fragment): { words: Node[], cut: boolean } {
  const words: Node[] = []
  let cut = false
  const add = (b: Node, before: Node): void => {
    if (b.isInline) { words.push(b); return }
    if (b.isTextblock || b.type === n.table_cell) {
      if (words.length > 0 && b.content.size > 0) words.push(before)
      b.forEach((w) => words.push(w))
      cut ||= b.type === n.figure
    } else if (b.isLeaf) cut ||= b.type !== n.rule
    else b.forEach((child, _, i) => add(child, b.type === n.table_row && i > 0 ? schema.text(' ') : n.hard_break!.create()))
  }
  blocks.forEach((b) => add(b, n.hard_break!.create()))
  return { words, cut }
}
