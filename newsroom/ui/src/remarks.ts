// What of a draft may go out, as package markup has it: without notes, and with the words as they are while no suggestion is taken.

interface Marked { type: string, marks?: { type: string, attrs?: Record<string, unknown> }[], content?: Marked[], text?: string }

const has = (n: Marked, mark: string): boolean => n.marks?.some((m) => m.type === mark) ?? false

/** The part of a body, or of a block, that may go out. */
export function publishable<T>(body: T): T {
  return strip(body as Marked) as T
}

function strip(n: Marked): Marked {
  const { marks, content, ...rest } = n
  const own = marks?.filter((m) => !['insertion', 'deletion', 'note'].includes(m.type))
  const kept = content?.filter((c) => !has(c, 'insertion')).map(strip)
  return { ...rest, ...(own?.length ? { marks: own } : {}), ...(kept ? { content: joined(kept) } : {}) }
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
