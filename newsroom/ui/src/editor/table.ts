// Rows and columns of a table. A table in which cells span several keeps its shape: only rows are added to it.
import type { Node } from 'prosemirror-model'
import { TextSelection, type Transaction } from 'prosemirror-state'
import type { EditorView } from 'prosemirror-view'
import { schema } from './schema'

const cellType = schema.nodes.table_cell!
const rowType = schema.nodes.table_row!

/** An empty table with a head. */
export function newTable(rows: number, columns: number): Node {
  return schema.nodes.table!.create(null, Array.from({ length: rows }, (_, r) =>
    rowType.create(null, Array.from({ length: columns }, () => cellType.create({ header: r === 0 })))))
}

interface Here { table: Node, row: number, column: number }

/** The table at a position and the cell that the cursor is in, the last one where it is elsewhere. */
function here(view: EditorView, at: number): Here {
  const table = view.state.doc.nodeAt(at)!
  const { $from } = view.state.selection
  for (let d = $from.depth; d > 1; d--) {
    if ($from.node(d).type === cellType && $from.before(d - 2) === at) return { table, row: $from.index(d - 2), column: $from.index(d - 1) }
  }
  return { table, row: table.childCount - 1, column: (table.lastChild?.childCount ?? 1) - 1 }
}

const plain = (table: Node): boolean => {
  let spans = false
  table.descendants((n) => { if (n.type === cellType && (n.attrs.colspan !== 1 || n.attrs.rowspan !== 1)) spans = true })
  return !spans
}

function replace(view: EditorView, at: number, table: Node, rows: Node[], cursor?: [number, number]): void {
  const next = table.type.create(table.attrs, rows)
  const tr = view.state.tr.replaceWith(at, at + table.nodeSize, next)
  if (cursor) select(tr, at, next, cursor[0], cursor[1])
  view.dispatch(tr)
}

function select(tr: Transaction, at: number, table: Node, row: number, column: number): void {
  let p = at + 1
  for (let r = 0; r < row; r++) p += table.child(r).nodeSize
  p++
  for (let c = 0; c < Math.min(column, table.child(row).childCount - 1); c++) p += table.child(row).child(c).nodeSize
  tr.setSelection(TextSelection.near(tr.doc.resolve(p + 1)))
}

const rowsOf = (table: Node): Node[] => Array.from({ length: table.childCount }, (_, i) => table.child(i))
const cellsOf = (row: Node): Node[] => Array.from({ length: row.childCount }, (_, i) => row.child(i))

export function addRow(at: number, view: EditorView): void {
  const { table, row, column } = here(view, at)
  const columns = Math.max(...rowsOf(table).map((r) => cellsOf(r).reduce((n, c) => n + (c.attrs.colspan as number), 0)))
  const rows = rowsOf(table)
  rows.splice(row + 1, 0, rowType.create(null, Array.from({ length: columns }, () => cellType.create())))
  replace(view, at, table, rows, [row + 1, column])
}

export function addColumn(at: number, view: EditorView): void {
  const { table, row, column } = here(view, at)
  if (!plain(table)) return
  const rows = rowsOf(table).map((r) => {
    const cells = cellsOf(r)
    cells.splice(Math.min(column + 1, cells.length), 0, cellType.create({ header: cells[column]?.attrs.header === true }))
    return rowType.create(null, cells)
  })
  replace(view, at, table, rows, [row, column + 1])
}

export function removeRow(at: number, view: EditorView): void {
  const { table, row, column } = here(view, at)
  if (table.childCount === 1 || !plain(table)) return
  replace(view, at, table, rowsOf(table).filter((_, r) => r !== row), [Math.max(0, row - 1), column])
}

export function removeColumn(at: number, view: EditorView): void {
  const { table, row, column } = here(view, at)
  if (!plain(table) || rowsOf(table).some((r) => r.childCount === 1)) return
  replace(view, at, table, rowsOf(table).map((r) => rowType.create(null, cellsOf(r).filter((_, c) => c !== column))), [row, Math.max(0, column - 1)])
}

/** Makes the first row the head, or takes that back. */
export function toggleHead(at: number, view: EditorView): void {
  const { table, row, column } = here(view, at)
  const rows = rowsOf(table)
  const head = !cellsOf(rows[0]!).every((c) => c.attrs.header === true)
  rows[0] = rowType.create(null, cellsOf(rows[0]!).map((c) => cellType.create({ ...c.attrs, header: head }, c.content)))
  replace(view, at, table, rows, [row, column])
}

/** Goes to the cell after the cursor's, or before it; a new row begins after the last. */
export function nextCell(direction: 1 | -1) {
  return (_: unknown, __: unknown, view?: EditorView): boolean => {
    if (!view) return false
    const { $from } = view.state.selection
    for (let d = $from.depth; d > 1; d--) {
      if ($from.node(d).type !== cellType) continue
      const at = $from.before(d - 2)
      const table = $from.node(d - 2)
      let [row, column] = [$from.index(d - 2), $from.index(d - 1) + direction]
      if (column < 0) { row--; column = row >= 0 ? table.child(row).childCount - 1 : 0 } else if (column >= table.child(row).childCount) { row++; column = 0 }
      if (row < 0) return true
      if (row >= table.childCount) {
        addRow(at, view)
        column = 0
      }
      const now = view.state.doc.nodeAt(at)!
      const tr = view.state.tr
      select(tr, at, now, row, column)
      view.dispatch(tr.scrollIntoView())
      return true
    }
    return false
  }
}
