// Taking words out for good: what goes, what it changes, and what took place. It cannot be undone, so it is typed, not clicked.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type Edition, type Receipt, type Room } from './api'
import { Caches } from './caches'
import { EditorBar } from './editor/page'
import { Passages, Sure, sure } from './passages'
import { Say, useTitle } from './parts'
import { publishable } from './remarks'
import { count, number, of, t } from './words'

export interface Passage { key: string, kind: string, id: string, number?: number, name?: string, first?: string }
export interface Redaction { editions: number[], entries: number, versions: number, lines: number, pictures: number, withdrawn: boolean, remaining: { what: string, id: string }[], passages: Passage[], receipt?: Receipt }

export function Redact({ room, id }: { room: Room, id: string }): JSX.Element {
  const [article, set] = useState<Article>()
  const [editions, list] = useState<Edition[]>([])
  const [error, fail] = useState('')
  useTitle(`${t('redactTitle')} – ${room.name}`)
  useEffect(() => {
    Promise.all([get<Article>('/articles/' + id), get<{ editions: Edition[] }>(`/articles/${id}/editions`)]).then(([a, e]) => { list(e.editions ?? []); set(a) }).catch((e) => fail(saying(e)))
  }, [id])
  if (error) return <main id="main" class="work one"><section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say></section></main>
  if (!article) return <main id="main" aria-busy="true" />
  return <><EditorBar room={room} article={article} plain words="" /><main id="main"><Form article={article} editions={editions} /></main></>
}

function Form({ article, editions }: { article: Article, editions: Edition[] }): JSX.Element {
  const [numbers, choose] = useState<number[]>([])
  const [words, write] = useState('')
  const [replace, withText] = useState(false)
  const [note, tell] = useState('')
  const [reason, because] = useState('')
  const [notice, print] = useState('')
  const [typed, type] = useState('')
  const [passages, add] = useState<string[]>([])
  const [plan, show] = useState<Redaction>()
  const [done, finish] = useState<Redaction>()
  const [error, fail] = useState('')
  const [busy, work] = useState(false)
  const key = useRef(crypto.randomUUID())
  const body = (): unknown => ({
    editions: numbers.length > 0 ? numbers : undefined, words: words.split('\n').map((w) => w.trim()).filter(Boolean), reason: reason.trim() || undefined, notice: notice.trim() || undefined, passages: passages.length > 0 ? passages : undefined,
    note: replace && note.trim() ? note.trim() : undefined, replacement: replace ? { ...article.content, body: publishable(article.content.body) } : undefined,
  })
  const send = async (path: string, then: (r: Redaction) => void): Promise<void> => {
    work(true)
    try {
      then(await ask<Redaction>('POST', `/articles/${article.id}/${path}`, { version: article.version, key: path === 'redact' ? key.current : undefined, body: body() }))
      fail('')
    } catch (e) {
      fail(saying(e))
    }
    work(false)
  }
  const changed = <T,>(set: (v: T) => void) => (v: T): void => { set(v); show(undefined); add([]); type(''); key.current = crypto.randomUUID() }
  if (done) return <section class="dialog" aria-labelledby="rd"><h1 id="rd">{t('redactDone')}</h1><Did r={done} passages={passages.length} />
    <Proof receipt={done.receipt} />
    <p class="hint">{t('redactBeyond')}</p>
    <p class="acts">{done.receipt && <a class="b" href={`/articles/${article.id}/receipt/${done.receipt.sequence}`}>{t('redactReceipt')}</a>}<a class="b go" href={'/articles/' + article.id}>{t('backToText')}</a></p></section>
  return (
    <form class="dialog" aria-labelledby="rd" onSubmit={(e) => { e.preventDefault(); void send(plan ? 'redact' : 'redaction', plan ? finish : show) }}>
      <h1 id="rd">{t('redactTitle')}</h1>
      <p class="big" dir="auto">{article.content.headline}</p>
      <Say warn>{t('redactFinal')}</Say>
      <fieldset class="choice f"><legend class="l">{t('redactEditions')}</legend>{editions.map((e) => (
        <label key={e.number} class="pair"><input type="checkbox" checked={numbers.includes(e.number)} onChange={(x) => changed(choose)(x.currentTarget.checked ? [...numbers, e.number] : numbers.filter((n) => n !== e.number))} /> {t('editionN', { n: e.number })} <span class="dim">{of('change', e.change)}{e.note ? ': ' + e.note : ''}</span></label>))}
        <p class="hint">{t('redactEditionsHint')}</p></fieldset>
      <div class="f"><label for="rw">{t('redactWords')}</label><textarea id="rw" rows={3} dir="auto" autoComplete="off" spellcheck={false} value={words} onInput={(e) => changed(write)(e.currentTarget.value)} aria-describedby="rwh" /><p class="hint" id="rwh">{t('redactWordsHint')}</p></div>
      {article.readers === 'published' && <fieldset class="pick"><legend>{t('redactThen')}</legend>
        <label><input type="radio" name="r" checked={!replace} onChange={() => changed(withText)(false)} /> <span><b>{t('redactWithout')}</b><span>{t('redactWithoutMeans')}</span></span></label>
        <label><input type="radio" name="r" checked={replace} onChange={() => changed(withText)(true)} /> <span><b>{t('redactWith', { n: number(article.content_version) })}</b><span>{t('redactWithMeans')}</span></span></label></fieldset>}
      {replace && <div class="f"><label for="rn">{t('redactNote')}</label><input class="in" id="rn" maxLength={300} value={note} onInput={(e) => changed(tell)(e.currentTarget.value)} /></div>}
      <div class="f"><label for="rr">{t('redactReason')}</label><input class="in" id="rr" maxLength={300} value={reason} onInput={(e) => changed(because)(e.currentTarget.value)} /><p class="hint">{t('redactReasonHint')}</p></div>
      {!replace && <div class="f"><label for="rt">{t('redactNotice')}</label><input class="in" id="rt" maxLength={300} value={notice} onInput={(e) => changed(print)(e.currentTarget.value)} /></div>}
      {plan && <section class="f" aria-labelledby="rp" aria-live="polite"><h2 id="rp">{t('whatChanges')}</h2><Did r={plan} planned passages={passages.length} />
        {plan.passages.length > 0 && <Passages list={plan.passages} chosen={passages} choose={(keys) => { add(keys); key.current = crypto.randomUUID() }} />}
        <Sure typed={typed} type={type} /></section>}
      {error && <Say warn>{error}</Say>}
      <p class="acts"><a class="b bare" href={'/articles/' + article.id}>{t('backToText')}</a>
        {plan ? <button class="b no sure" disabled={busy || !sure(typed)}>{t('redactNow')}</button>
          : <button class="b go" disabled={busy || (numbers.length === 0 && words.trim() === '')}>{t('redactPlan')}</button>}</p>
    </form>
  )
}

/** What a redaction did, or would do. */
export function Did({ r, passages, planned }: { r: Redaction, passages: number, planned?: boolean }): JSX.Element {
  return <>
    <ul class="places">
      {r.editions.length > 0 ? <li>{t('redactGone', { list: r.editions.map(number).join(', ') })}</li> : passages === 0 && <li>{t('redactNoEdition')}</li>}
      {passages > 0 && <li>{count('redactPassages', passages)}</li>}
      <li>{count('redactEntries', r.entries)}; {count('redactVersions', r.versions)}; {count('redactLines', r.lines)}; {count('redactPictures', r.pictures)}</li>
      {r.withdrawn && <li><b>{planned ? t('redactWouldFall') : t('redactFell')}</b></li>}</ul>
    {r.remaining.length > 0 && <details open><summary>{t('redactRemaining')}</summary><ul class="places">{r.remaining.map((h) => <li key={h.what + h.id}>{h.what} {h.id}</li>)}</ul></details>}
  </>
}

/** Whether every address has it so, and which were asked for. */
export function Proof({ receipt }: { receipt?: Receipt }): JSX.Element | null {
  if (!receipt) return null
  return <div class="f">
    <p role="status">{receipt.confirmed ? t('redactConfirmed', { n: number(receipt.addresses.length) }) : t('redactUnconfirmed')}</p>
    {receipt.purges && <ul><Caches receipt={receipt} /></ul>}
    {receipt.addresses.length > 0 && <details><summary>{t('redactAsked')}</summary><ul class="places">{receipt.addresses.map((l) => <li key={l.address + l.what}><span dir="ltr">{l.address}</span> <span class="dim">{of('what', l.what)}{l.confirmed ? '' : ': ' + t('redactUnconfirmed')}</span></li>)}</ul></details>}
  </div>
}
