// What of a draft may go out, as package markup has it: without notes, and with the words as they are while no suggestion is taken.

interface Marked { type: string, marks?: { type: string, attrs?: Record<string, unknown> }[], content?: Marked[], text?: string }

const has = (n: Marked, mark: string): boolean => n.marks?.some((m) => m.type === mark) ?? false

/** The part of a body, or of a block, that may go out. */
export function publishable<T>(body: T): T {
  return strip(body as Marked) as T
}

const strip = (n: Marked): Marked => without(n, ['insertion', 'deletion', 'note'], (c) => !has(c, 'insertion'))

function without(n: Marked, gone: string[], keep: (n: Marked) => boolean): Marked {
  const { marks, content, ...rest } = n
  const own = marks?.filter((m) => !gone.includes(m.type))
  const kept = content?.filter(keep).map((c) => without(c, gone, keep))
  return { ...rest, ...(own?.length ? { marks: own } : {}), ...(kept ? { content: joined(kept) } : {}) }
}

/** A block as it is but for its notes. */
export const withoutNotes = <T>(block: T): T => without(block as Marked, ['note'], () => true) as T

/** A block with the notes of another form of it, on the same words where they still stand in one run. */
export function withNotesOf<T>(other: T, block: T): T {
  const has = new Set(notesIn(block as Marked).keys())
  let out = block as Marked
  for (const [id, words] of notesIn(other as Marked)) if (!has.has(id)) out = noted(out, id, words, { done: false })
  return out as T
}

function notesIn(n: Marked, found = new Map<string, string>()): Map<string, string> {
  const id = n.marks?.find((m) => m.type === 'note')?.attrs?.note as string | undefined
  if (id) found.set(id, (found.get(id) ?? '') + (n.text ?? ''))
  n.content?.forEach((c) => notesIn(c, found))
  return found
}

/** Marks the first run that holds the words and has no note. */
function noted(n: Marked, id: string, words: string, on: { done: boolean }): Marked {
  if (!n.content) return n
  return {
    ...n, content: n.content.flatMap((c) => {
      const at = on.done || has(c, 'note') ? -1 : c.text?.indexOf(words) ?? -1
      if (at < 0 || words === '') return [noted(c, id, words, on)]
      on.done = true
      const part = (text: string, marks = c.marks): Marked[] => text ? [{ ...c, text, ...(marks?.length ? { marks } : {}) }] : []
      return [...part(c.text!.slice(0, at)), ...part(words, [{ type: 'note', attrs: { note: id } }, ...c.marks ?? []]), ...part(c.text!.slice(at + words.length))]
    }),
  }
}

/** The words of a block with what is suggested in brackets. */
export function withSuggestions<T>(block: T): T {
  const show = (n: Marked): Marked => n.text !== undefined
    ? { ...n, text: has(n, 'insertion') ? `[+ ${n.text}]` : has(n, 'deletion') ? `[− ${n.text}]` : n.text }
    : n.content ? { ...n, content: n.content.map(show) } : n
  return show(block as Marked) as T
}

/** Runs with the same marks are one run. */
function joined(list: Marked[]): Marked[] {
  const out: Marked[] = []
  for (const n of list) {
    const last = out.at(-1)
    if (last?.text !== undefined && n.text !== undefined && JSON.stringify(last.marks) === JSON.stringify(n.marks)) out[out.length - 1] = { ...last, text: last.text + n.text }
    else out.push(n)
  }
  return out
}

/** The ids of the suggestions in a body, in the order of their first place. */
export function suggestionsIn(body: unknown): string[] {
  const ids = new Set<string>()
  const walk = (n: Marked): void => {
    for (const m of n.marks ?? []) if (m.type !== 'note' && typeof m.attrs?.suggestion === 'string') ids.add(m.attrs.suggestion)
    n.content?.forEach(walk)
  }
  if (body) walk(body as Marked)
  return [...ids]
}
