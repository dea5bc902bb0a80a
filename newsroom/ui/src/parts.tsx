// Small parts that several views are made of.
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Article, Row, Run } from './api'
import { now } from './clock'
import { of, t } from './words'

export interface State { square: string, words: string }

/** A state in a square and in words; the square never stands without its words. */
export function stateOf(a: Pick<Row, 'readers' | 'draft'> & { embargo?: string, hold?: boolean }): State {
  const embargoed = a.embargo !== undefined && Date.parse(a.embargo) > now().getTime()
  const state = plainState(a)
  const locks = [embargoed ? t('embargoed') : '', a.hold ? t('onHold') : ''].filter(Boolean)
  return { square: embargoed ? 'emb' : state.square, words: [state.words, ...locks].join(', ') }
}

function plainState(a: Pick<Row, 'readers' | 'draft'>): State {
  if (a.readers === 'withdrawn') return { square: 'gone', words: t('withdrawn') }
  if (a.draft === 'submitted') return { square: 'sub', words: t('submitted') }
  if (a.draft === 'scheduled') return { square: 'sch', words: t('scheduled') }
  if (a.readers === 'published') return a.draft === 'none' ? { square: 'out', words: t('published') } : { square: 'both', words: t('publishedDraft') }
  return { square: '', words: t('draft') }
}

export const stateOfArticle = (a: Article): State => stateOf({ readers: a.readers, draft: a.draft, embargo: a.embargo?.until, hold: a.hold !== undefined })

export const Square = ({ of: square }: { of: string }): JSX.Element => <span class={'sq ' + square} />

export const Kbd = ({ children }: { children: ComponentChildren }): JSX.Element => <kbd aria-hidden="true">{children}</kbd>

/** A difference as it is read: what was added and taken out is also said to those who hear it. */
export function Runs({ runs, breaks }: { runs: Run[], breaks?: boolean }): JSX.Element {
  return <>{runs.map((r, i) => r.kind === 'equal'
    ? r.text
    : r.kind === 'added'
      ? <ins key={i}><span class="vh">{t('added')} </span>{breaks ? <Breaks text={r.text} after={'\n'} /> : r.text}</ins>
      : <del key={i}><span class="vh">{t('removed')} </span>{breaks ? <Breaks text={r.text} after="" /> : r.text}</del>)}</>
}

/** Gives breaks between paragraphs, which came or went, a sign, and words for those who hear it. */
function Breaks({ text, after }: { text: string, after: string }): JSX.Element {
  return <>{text.split('\n').map((line, i) => <span key={i}>{i > 0 && <><span class="vh">{t('paragraphBreak')} </span><span aria-hidden="true">¶</span>{after}</>}{line}</span>)}</>
}

/** What is said about the view at hand: a fact, or something that stands in the way. */
export const Say = ({ warn, children }: { warn?: boolean, children: ComponentChildren }): JSX.Element =>
  <div class={'say ' + (warn ? 'warn' : 'know')} role={warn ? 'alert' : undefined}>{children}</div>

/** A dialog that the browser itself keeps the focus in. */
export function Dialog({ title, close, children }: { title: string, close: () => void, children: ComponentChildren }): JSX.Element {
  const ref = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const d = ref.current!
    const before = document.activeElement
    d.showModal()
    return () => {
      d.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog ref={ref} class="dialog" aria-labelledby="dialog-title" onCancel={(e) => { e.preventDefault(); close() }}
      onClick={(e) => { if (e.target === ref.current) close() }}>
      <h1 id="dialog-title">{title}</h1>
      {children}
    </dialog>
  )
}

export interface Key { keys: string[], does: string }

export function KeysDialog({ list, close }: { list: Key[], close: () => void }): JSX.Element {
  return (
    <Dialog title={t('keysTitle')} close={close}>
      <dl class="keylist">{list.map((k) => (
        <div key={k.does}><dt>{k.keys.map((x) => <kbd key={x}>{x}</kbd>)}</dt><dd>{k.does}</dd></div>
      ))}</dl>
      <p class="acts"><button class="b" type="button" onClick={close}>{t('close')}</button></p>
    </Dialog>
  )
}

/** Whether keys are meant for a field and not for the view. */
export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !(target instanceof HTMLInputElement && /^(checkbox|radio|button)$/.test(target.type)))

/** Calls f for keys that no field takes and no dialog has. */
export function useKeys(f: (e: KeyboardEvent) => void): void {
  const latest = useRef(f)
  latest.current = f
  useEffect(() => {
    const on = (e: KeyboardEvent): void => {
      if (e.defaultPrevented || e.isComposing || document.querySelector('dialog[open]')) return
      latest.current(e)
    }
    document.addEventListener('keydown', on)
    return () => document.removeEventListener('keydown', on)
  }, [])
}

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = title
  }, [title])
}

/** The name of a kind of change in the middle of a sentence. */
export const changeWord = (change: string): string => of('change', change).toLocaleLowerCase()
