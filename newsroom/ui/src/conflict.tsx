// Both texts survive: what only one of two people touched is merged, what both did is shown side by side to choose from.
import type { JSX } from 'preact'
import { useMemo, useState } from 'preact/hooks'
import type { Article, Content } from './api'
import { time } from './clock'
import type { NamesOf } from './editor/fields'
import { diffWords, textOf, type Choice, type Conflict, type Merged, type Pick } from './merge'
import { Runs } from './parts'
import { publishable, withSuggestions } from './remarks'
import { count, number, of, t } from './words'

const inWords = (c: Conflict, v: unknown, names: NamesOf): string => {
  if (v === undefined) return ''
  if (c.place >= 0) return textOf(withSuggestions(v))
  if (typeof v === 'string') return c.path === 'section' ? names(v) : c.path === 'label' ? of('label', v) : v
  return Object.values(v as Record<string, string>).filter((s) => !/^[0-9a-f-]{36}$/.test(s)).join(', ')
}

const title = (c: Conflict, n: number): string => c.place >= 0 ? t('paragraphN', { n }) : of('field', c.path)

export function ConflictView({ merged, theirs, names, done, separately }: {
  merged: Merged, theirs: Article, names: NamesOf, done: (picks: Pick[]) => void, separately: () => void,
}): JSX.Element {
  const [picks, pick] = useState<(Pick | undefined)[]>(merged.conflicts.map(() => undefined))
  const ready = picks.every((p) => p !== undefined)
  const name = theirs.saved_by
  const one = merged.conflicts.length === 1 ? title(merged.conflicts[0]!, merged.conflicts[0]!.place + 1).toLocaleLowerCase() : ''
  return (
    <form class="panel" aria-labelledby="ct" onSubmit={(e) => { e.preventDefault(); if (ready) done(picks as Pick[]) }}>
      <h1 id="ct">{one ? t('conflictOne', { name, place: one }) : t('conflictMany', { name, n: merged.conflicts.length })}</h1>
      <p>{t('nothingLost')} {merged.fromMine + merged.fromTheirs > 0 && count('mergedAlready', merged.fromMine + merged.fromTheirs)} {t('chooseBoth')}</p>
      {merged.conflicts.map((c, i) => {
        const [base, mine, his] = [c.base, c.mine, c.theirs].map((v) => inWords(c, v, names)) as [string, string, string]
        const choices: Choice[] = c.place >= 0 ? ['mine', 'theirs', ...(c.mine && c.theirs ? ['both' as const] : []), 'anew'] : typeof (c.mine ?? c.theirs) === 'string' && c.path !== 'section' && c.path !== 'label' ? ['mine', 'theirs', 'anew'] : ['mine', 'theirs']
        const set = (p: Pick): void => pick(picks.map((was, k) => k === i ? p : was))
        return (
          <fieldset class="para both" key={i}><legend>{title(c, c.place + 1)}</legend>
            <div><h2>{t('yoursUnsaved')}</h2><p class="t" dir="auto">{mine ? <Runs runs={diffWords(base, mine).filter((r) => r.kind !== 'removed')} /> : <i>{t('takenOut')}</i>}</p></div>
            <div><h2>{t('theirsSaved', { name, time: time(new Date(theirs.saved_at), true), version: theirs.content_version })}</h2><p class="t" dir="auto">{his ? <Runs runs={diffWords(base, his).filter((r) => r.kind !== 'removed')} /> : <i>{t('takenOut')}</i>}</p></div>
            <div class="choice">{choices.map((x) => <label key={x}><input type="radio" name={'p' + i} checked={picks[i]?.choice === x} onChange={() => set({ choice: x, anew: x === 'anew' ? mine : undefined })} /> {of('pick', x, { name })}</label>)}</div>
            {picks[i]?.choice === 'anew' && <div class="f choice"><textarea aria-label={of('pick', 'anew')} rows={4} value={picks[i]!.anew} onInput={(e) => set({ choice: 'anew', anew: e.currentTarget.value })} /></div>}
          </fieldset>
        )
      })}
      {merged.fromMine + merged.fromTheirs > 0 && <p class="para done">{t('mergedCounts', { mine: number(merged.fromMine), theirs: number(merged.fromTheirs), name })}</p>}
      <p class="acts"><button class="b go" disabled={!ready}>{t('saveOn', { version: theirs.content_version + 1 })}</button><button class="b" type="button" onClick={separately}>{t('keepSeparate')}</button></p>
    </form>
  )
}

/** Two texts side by side, only where they differ: an older one that is saved and a newer one that is not. */
export function Beside({ older, newer }: { older: Content, newer: Content }): JSX.Element {
  const rows = useMemo(() => differences(older, newer), [older, newer])
  return (
    <div class="beside">{rows.map((r, i) => (
      <div class="para both" key={i}><div><h2>{t('savedText')}</h2><p class="t" dir="auto">{r.older || <i>{t('notThere')}</i>}</p></div>
        <div><h2>{t('unsavedText')}</h2><p class="t" dir="auto">{r.newer ? <Runs runs={diffWords(r.older, r.newer)} /> : <i>{t('takenOut')}</i>}</p></div></div>
    ))}{rows.length === 0 && <p>{t('fieldsDiffer')}</p>}</div>
  )
}

function differences(older: Content, newer: Content): { older: string, newer: string }[] {
  const blocks = (c: Content): string[] => [c.headline ?? '', c.standfirst ?? '', ...(c.body?.content ?? []).map((b) => textOf(publishable(b)))]
  const [a, b] = [blocks(older), blocks(newer)]
  let [start, end] = [0, 0]
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++
  const [x, y] = [a.slice(start, a.length - end), b.slice(start, b.length - end)]
  return Array.from({ length: Math.max(x.length, y.length) }, (_, i) => ({ older: x[i] ?? '', newer: y[i] ?? '' })).filter((r) => r.older !== r.newer)
}

