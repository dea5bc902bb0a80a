// What is looked at before something goes out, and what a lawyer is to see.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type Change, type Finding, type Room } from './api'
import { moment, zoneName } from './clock'
import { Say } from './parts'
import { locale, of, t } from './words'

/** What the newsroom finds in what was saved last; the links to other sites come a little later. */
export function useFindings(article: Article): { findings?: Finding[], fault: string } {
  const [findings, set] = useState<Finding[]>()
  const [fault, fail] = useState('')
  useEffect(() => {
    const stop = new AbortController()
    const load = async (): Promise<void> => {
      const path = `/articles/${article.id}/checks`
      const { findings: first } = await get<{ findings: Finding[] }>(path, stop.signal)
      set(first)
      fail('')
      if (first.some((f) => f.state === 'asked')) set((await get<{ findings: Finding[] }>(path + '?ask=true', stop.signal)).findings)
    }
    load().catch((e) => {
      if (stop.signal.aborted) return
      fail(saying(e))
      set((was) => was ?? []) // the newsroom looks again when it publishes
    })
    return () => stop.abort()
  }, [article.id, article.version])
  return { findings, fault }
}

export const stops = (f: Finding, kind: Change | undefined): boolean => f.level === 'must' && f.state === 'fails' && (f.check !== 'minor' || kind === 'minor')

const embargoed = (a: Article): boolean => Date.parse(a.embargo?.until ?? '') > Date.now()

/** Whether it cannot be published now as a kind of change. */
export const stopsNow = (list: Finding[], article: Article, kind: Change | undefined): boolean => article.hold !== undefined || embargoed(article) || list.some((f) => stops(f, kind))

export function findingWords(f: Finding): string {
  if (f.check === 'minor') return of('doubt', f.why ?? '', { before: f.what || t('nothing'), after: f.after || t('nothing') })
  const key = f.check + '_' + (f.state === 'good' || f.state === 'asked' ? f.why || f.state : f.why)
  const words = of('finding', key, { n: f.number ?? 0, what: f.what ?? '', after: f.after ?? '' })
  return words === key ? f.words : words
}

/** Checks that are met because something is there are said in one line. */
const fields = ['standfirst', 'byline', 'topics', 'dateline', 'lead']

const wayTo = (article: Article, f: Finding): string => `/articles/${article.id}?at=${encodeURIComponent(f.path!)}`

export function Checks({ article, findings, kind, fault, only }: { article: Article, findings?: Finding[], kind?: Change, fault: string, only?: 'stops' }): JSX.Element | null {
  const list = (findings ?? []).filter((f) => (f.check !== 'minor' || kind === 'minor') && (only === undefined || stops(f, kind)))
  const there = list.filter((f) => f.state === 'good' && fields.includes(f.check))
  const rest = list.filter((f) => !there.includes(f))
  const until = article.embargo?.until
  if (only && rest.length === 0 && !article.hold && !fault) return null
  return (
    <section aria-labelledby="ch"><h2 id="ch">{only ? t('checksStop') : t('checks')}</h2>
      {fault && <Say warn>{t('checksFault')} {fault}</Say>}
      <ul class="checks" aria-busy={findings === undefined}>
        {article.hold && <li class="fail"><span><b class="red">{t('heldBy', { name: article.hold.by })}</b> {article.hold.reason}</span></li>}
        {!only && until && embargoed(article) && <li class="fail"><span><b class="red">{t('needed')}</b> {t('embargoUntil', { time: moment(new Date(until)) + ' ' + zoneName(new Date(until)) })}</span></li>}
        {rest.filter((f) => f.state !== 'good').map((f) => <Row key={f.check + f.why + f.path + f.what} article={article} finding={f} />)}
        {rest.filter((f) => f.state === 'good').map((f) => <Row key={f.check + f.what} article={article} finding={f} />)}
        {there.length > 0 && <li><span>{t('fieldsThere', { list: new Intl.ListFormat(locale, { type: 'conjunction' }).format(there.map((f) => of('check', f.check).toLocaleLowerCase(locale))) })}</span></li>}
      </ul></section>
  )
}

function Row({ article, finding: f }: { article: Article, finding: Finding }): JSX.Element {
  const state = f.state === 'good' ? '' : f.state === 'fails' ? (f.level === 'must' ? 'fail' : 'look') : f.state
  return (
    <li class={state}><span>{state === 'fail' && <><b class="red">{t('needed')}</b> </>}{findingWords(f)} {f.path && f.state !== 'good' && <a href={wayTo(article, f)}>{t('goThere')}</a>}
      {f.check === 'links' && f.state !== 'good' && f.what && <> <a href={f.what} target="_blank" rel="noopener noreferrer">{t('openLink')}</a></>}</span></li>
  )
}

/** The tick that an article needs a lawyer's eye, and for a chief the word that it was seen. */
export function Lawyer({ room, article, findings }: { room: Room, article: Article, findings: Finding[] }): JSX.Element | null {
  const asked = findings.filter((f) => f.check === 'lawyer' && f.state === 'fails')
  const must = asked.some((f) => f.level === 'must')
  const [ticked, tick] = useState(false)
  const [reason, because] = useState<string>()
  const [error, fail] = useState('')
  const held = article.hold !== undefined
  const chief = room.me.role === 'chief'
  const proposed = held ? '' : asked.map((f) => findingWords(f)).join(' ')
  const act = async (): Promise<void> => {
    const words = (reason ?? proposed).trim()
    try {
      if (held) await ask('DELETE', `/articles/${article.id}/hold?reason=${encodeURIComponent(words)}`, { version: article.version })
      else await ask('POST', `/articles/${article.id}/hold`, { version: article.version, body: { reason: words } })
      tick(false)
      because(undefined)
      fail('')
    } catch (e) {
      fail(saying(e))
    }
  }
  if (held && !chief) return null
  const open = ticked || (must && !held)
  return (
    <section class="lawyer" aria-label={t('lawyer')}>
      {!(must && !held) && <label class="pair"><input type="checkbox" checked={ticked} onChange={(e) => tick(e.currentTarget.checked)} /> {held ? t('lawyerSeen') : t('lawyerTick')}</label>}
      {open && <div class="f"><label for="law">{held ? t('lawyerLiftWhy') : t('lawyerWhy')}</label>
        <input id="law" value={reason ?? proposed} maxLength={1000} onInput={(e) => because(e.currentTarget.value)} onKeyDown={(e) => { if (e.key === 'Enter') { e.preventDefault(); void act() } }} />
        <p class="hint">{held ? t('lawyerLiftHint') : t('lawyerHint')}</p>
        <p class="acts"><button class="b" type="button" disabled={!(reason ?? proposed).trim()} onClick={() => void act()}>{held ? t('liftHold') : t('putOnHold')}</button></p></div>}
      {error && <Say warn>{error}</Say>}
    </section>
  )
}
