// Two people wrote in one article: what only one of them touched is merged, what both did is shown to the editor.
import type { Content } from './api'
import { withNotesOf, withoutNotes } from './remarks'

/** A block of the body, or a field, that both changed in their own way. */
export interface Conflict {
  path: string // the field's name; for blocks 'body'
  place: number // of the block among those of the merged text; -1 for fields
  base: unknown
  mine: unknown
  theirs: unknown
}

export interface Merged {
  content: Content
  conflicts: Conflict[]
  fromMine: number // blocks and fields that only I touched
  fromTheirs: number
}

interface BodyNode { type: string, text?: string, content?: BodyNode[], attrs?: Record<string, unknown> }

const key = (v: unknown): string => JSON.stringify(v ?? null, (_, x: unknown) =>
  x && typeof x === 'object' && !Array.isArray(x) ? Object.fromEntries(Object.entries(x).filter(([, w]) => w !== undefined && w !== '').sort(([a], [b]) => a < b ? -1 : 1)) : x)

export const same = (a: unknown, b: unknown): boolean => key(a) === key(b)

/** The words of a block, its parts on lines of their own. */
export function textOf(n: unknown): string {
  const node = n as BodyNode | undefined
  if (!node) return ''
  if (node.text !== undefined) return node.text
  if (node.type === 'hard_break') return '\n'
  const inline = node.content?.some((c) => c.text !== undefined) ?? false
  return (node.content ?? []).map(textOf).join(inline ? '' : '\n')
}

const scalars = ['section', 'label', 'headline', 'standfirst', 'dateline', 'source', 'lead', 'language', 'slug', 'search_headline', 'social_headline'] as const
const sets = ['byline', 'topics', 'translations', 'stories'] as const

export const sameContent = (a: Content, b: Content): boolean =>
  [...scalars, ...sets].every((f) => same(empty(a[f]), empty(b[f]))) && same(blocksOf(a), blocksOf(b))

const empty = (v: unknown): unknown => v === '' || v === null || (Array.isArray(v) && v.length === 0) ? undefined : v
const blocksOf = (c: Content): BodyNode[] => (c.body?.content ?? []) as BodyNode[]

/** Merges two contents that were both made of a third. */
export function merge(base: Content, mine: Content, theirs: Content): Merged {
  const out: Merged = { content: { ...theirs }, conflicts: [], fromMine: 0, fromTheirs: 0 }
  const take = (field: string, v: unknown): void => { (out.content as Record<string, unknown>)[field] = v }
  for (const f of scalars) {
    const [b, m, t] = [empty(base[f]), empty(mine[f]), empty(theirs[f])]
    if (same(m, t)) continue
    if (same(t, b)) { take(f, m); out.fromMine++ } else if (same(m, b)) out.fromTheirs++
    else out.conflicts.push({ path: f, place: -1, base: b, mine: m, theirs: t })
  }
  for (const f of sets) {
    const [b, m, t] = [base[f] ?? [], mine[f] ?? [], theirs[f] ?? []]
    if (same(m, t)) continue
    take(f, mergeSets(b as unknown[], m as unknown[], t as unknown[]))
    if (!same(m, b)) out.fromMine++
    if (!same(t, b)) out.fromTheirs++
  }
  mergeBodies(blocksOf(base), blocksOf(mine), blocksOf(theirs), out)
  return out
}

/** Whatever either side added is there, whatever either took out is not; the order is mine, then what they added. */
function mergeSets(base: unknown[], mine: unknown[], theirs: unknown[]): unknown[] {
  const has = (list: unknown[], v: unknown): boolean => list.some((x) => same(x, v))
  return [...mine.filter((v) => has(theirs, v) || !has(base, v)), ...theirs.filter((v) => !has(base, v) && !has(mine, v))]
}

/** What became of each block of a base on one side, and what was put before each, and after the last. */
interface Fate { became: (BodyNode | undefined)[], before: BodyNode[][] }

function mergeBodies(base: BodyNode[], mine: BodyNode[], theirs: BodyNode[], out: Merged): void {
  const m = fate(base, mine)
  const t = fate(base, theirs)
  const blocks: BodyNode[] = []
  for (let i = 0; i <= base.length; i++) {
    const [mb, tb] = [m.before[i]!, t.before[i]!]
    out.fromMine += mb.length
    out.fromTheirs += same(mb, tb) ? 0 : tb.length
    blocks.push(...tb, ...(same(mb, tb) ? [] : mb))
    if (i === base.length) break
    const [b, mi, ti] = [base[i]!, m.became[i], t.became[i]]
    let now: BodyNode | undefined
    if (same(mi, ti)) now = mi
    else if (same(ti, b)) { now = mi; out.fromMine++ } else if (same(mi, b)) { now = ti; out.fromTheirs++ } else if (mi && ti && onlyNoted(b, mi, ti)) {
      const theirsOnly = same(withoutNotes(ti), withoutNotes(b))
      now = theirsOnly ? withNotesOf(ti, mi) : withNotesOf(mi, ti)
      out.fromMine++
      out.fromTheirs++
    } else {
      now = ti ?? mi
      out.conflicts.push({ path: 'body', place: blocks.length, base: b, mine: mi, theirs: ti })
    }
    if (now) blocks.push(now)
  }
  out.content.body = { type: 'doc', content: blocks }
}

/** A note is no change of the words that it is about: it joins whatever the other side wrote. */
const onlyNoted = (b: BodyNode, mine: BodyNode, theirs: BodyNode): boolean => {
  const [was, m, t] = [withoutNotes(b), withoutNotes(mine), withoutNotes(theirs)]
  return same(m, was) || same(t, was) || same(m, t)
}

function fate(base: BodyNode[], side: BodyNode[]): Fate {
  const out: Fate = { became: base.map(() => undefined), before: Array.from({ length: base.length + 1 }, () => []) }
  let gap = 0
  const pairs = align(base, side)
  side.forEach((block, j) => {
    const i = pairs.get(j)
    if (i === undefined) out.before[gap]!.push(block)
    else {
      out.became[i] = block
      gap = i + 1
    }
  })
  return out
}

const most = 40_000 // products of blocks that are compared word by word

/** Which block of a base each block of a side is, by its place: equal ones, and those that kept half of their words. */
function align(base: BodyNode[], side: BodyNode[]): Map<number, number> {
  const pairs = new Map<number, number>()
  const [bk, sk] = [base.map(key), side.map(key)]
  let start = 0
  while (start < bk.length && start < sk.length && bk[start] === sk[start]) pairs.set(start, start++)
  let [be, se] = [bk.length, sk.length]
  while (be > start && se > start && bk[be - 1] === sk[se - 1]) pairs.set(--se, --be)
  const [n, k] = [be - start, se - start]
  const near = n * k <= most
  const bags = near ? [base, side].map((list) => list.map((b) => bag(textOf(b)))) : undefined
  const like = (i: number, j: number): number =>
    bk[start + i] === sk[start + j] ? 1 : bags ? likeness(bags[0]![start + i]!, bags[1]![start + j]!) : 0
  const best = Array.from({ length: n + 1 }, () => new Float64Array(k + 1))
  for (let i = n - 1; i >= 0; i--) {
    for (let j = k - 1; j >= 0; j--) {
      const l = like(i, j)
      best[i]![j] = Math.max(best[i + 1]![j]!, best[i]![j + 1]!, l >= 0.5 ? l + best[i + 1]![j + 1]! : 0)
    }
  }
  for (let i = 0, j = 0; i < n && j < k;) {
    const l = like(i, j)
    if (l >= 0.5 && best[i]![j] === l + best[i + 1]![j + 1]!) pairs.set(start + j++, start + i++)
    else if (best[i + 1]![j]! >= best[i]![j + 1]!) i++
    else j++
  }
  // A lone block between the same two neighbours is the same block, however little of it is left.
  if (n === 1 && k === 1) pairs.set(start, start)
  return pairs
}

type Bag = Map<string, number>

function bag(s: string): Bag {
  const b: Bag = new Map()
  for (const w of s.toLowerCase().match(/[\p{L}\p{N}\p{M}]+/gu) ?? []) b.set(w, (b.get(w) ?? 0) + 1)
  return b
}

/** Of the words of two texts, how many they share. */
function likeness(a: Bag, b: Bag): number {
  let [shared, all] = [0, 0]
  for (const [w, n] of a) { shared += Math.min(n, b.get(w) ?? 0); all += n }
  for (const n of b.values()) all += n
  return all === 0 ? 0 : 2 * shared / all
}

export type Choice = 'mine' | 'theirs' | 'both' | 'anew'
export interface Pick { choice: Choice, anew?: string }

/** The merged content with what the editor chose where both had changed something. */
export function resolve(merged: Merged, picks: Pick[]): Content {
  const content = { ...merged.content }
  const blocks: (BodyNode | undefined)[][] = ((content.body?.content ?? []) as BodyNode[]).map((b) => [b])
  merged.conflicts.forEach((c, n) => {
    const pick = picks[n]!
    if (c.place < 0) {
      const v = pick.choice === 'anew' ? pick.anew : pick.choice === 'mine' ? c.mine : c.theirs;
      (content as Record<string, unknown>)[c.path] = v
      return
    }
    const [m, t] = [c.mine as BodyNode | undefined, c.theirs as BodyNode | undefined]
    blocks[c.place] = { mine: [m], theirs: [t], both: [m, t], anew: [{ ...(t ?? m)!, content: pick.anew ? [{ type: 'text', text: pick.anew }] : [] }] }[pick.choice]
  })
  content.body = { type: 'doc', content: blocks.flat().filter((b) => b !== undefined) }
  return content
}

export interface WordRun { kind: 'equal' | 'added' | 'removed', text: string }

/** What words came and went between two short texts. */
export function diffWords(before: string, after: string): WordRun[] {
  const parts = (s: string): string[] => s.match(/\s+|[\p{L}\p{N}\p{M}’'-]+|[^\s\p{L}\p{N}\p{M}]/gu) ?? []
  const [a, b] = [parts(before), parts(after)]
  if (a.length * b.length > 4_000_000) return [{ kind: 'removed', text: before }, { kind: 'added', text: after }]
  const best = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1))
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) best[i]![j] = a[i] === b[j] ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!)
  const runs: WordRun[] = []
  const put = (kind: WordRun['kind'], text: string): void => {
    if (runs.at(-1)?.kind === kind) runs.at(-1)!.text += text
    else runs.push({ kind, text })
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) { put('equal', a[i++]!); j++ } else if (j === b.length || (i < a.length && best[i + 1]![j]! >= best[i]![j + 1]!)) put('removed', a[i++]!)
    else put('added', b[j++]!)
  }
  return runs
}
