// Words that go for good from passages that are no article's: live coverage, stories, fronts, names, drafts. And the erasing of a person.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask, get, nameIn, saying, type Person, type Receipt, type Room } from './api'
import { Bar } from './bar'
import { Say, useTitle } from './parts'
import { Did, Proof, type Passage, type Redaction } from './redact'
import { useAddress } from './router'
import { count, number, of, t } from './words'

/** The passages that hold the words, each to be chosen; what has to be done before stands with it. */
export function Passages({ list, chosen, choose }: { list: Passage[], chosen: string[], choose?: (keys: string[]) => void }): JSX.Element {
  return <fieldset class="choice f"><legend class="l">{t('passages')}</legend>{list.map((p) => {
    const name = <><b>{of('passage', p.kind)}</b> <span dir="auto">{p.name}</span>{p.number ? ' ' + number(p.number) : ''}</>
    if (p.first || !choose) return <p key={p.key}>{p.kind === 'article' && p.first ? <a href={`/articles/${p.id}/redact`}>{name}</a> : name}{p.first && <> <span class="dim">{of('passageFirst', p.kind)}</span></>}</p>
    return <label key={p.key} class="pair"><input type="checkbox" checked={chosen.includes(p.key)} onChange={(x) => choose(x.currentTarget.checked ? [...chosen, p.key] : chosen.filter((k) => k !== p.key))} /> {name}</label>
  })}<p class="hint">{t('passagesHint')}</p></fieldset>
}

/** What is typed before something is done that cannot be undone. */
export function Sure({ typed, type }: { typed: string, type: (s: string) => void }): JSX.Element {
  return <div class="f"><label for="ry">{t('redactType', { word: t('redactWord') })}</label><input class="in" id="ry" autoComplete="off" value={typed} onInput={(e) => type(e.currentTarget.value)} /></div>
}

export const sure = (typed: string): boolean => typed.trim().toLocaleLowerCase() === t('redactWord').toLocaleLowerCase()

export function RedactWords({ room }: { room: Room }): JSX.Element {
  const named = useAddress().searchParams.getAll('passage')
  const [words, write] = useState('')
  const [reason, because] = useState('')
  const [chosen, choose] = useState<string[]>(named)
  const [typed, type] = useState('')
  const [plan, show] = useState<Redaction>()
  const [done, finish] = useState<Redaction>()
  const [error, fail] = useState('')
  const [busy, work] = useState(false)
  const key = useRef(crypto.randomUUID())
  useTitle(`${t('redactTitle')} – ${room.name}`)
  const list = words.split('\n').map((w) => w.trim()).filter(Boolean)
  const send = async (path: string, passages: string[], then: (r: Redaction) => void): Promise<void> => {
    work(true)
    try {
      then(await ask<Redaction>('POST', path, { key: path === '/redact' ? key.current : undefined, body: { words: list, passages, reason: reason.trim() || undefined } }))
      fail('')
    } catch (e) {
      fail(saying(e))
    }
    work(false)
  }
  const changed = <T,>(set: (v: T) => void) => (v: T): void => { set(v); show(undefined); type(''); key.current = crypto.randomUUID() }
  if (done) return <><Bar room={room} query="" /><main id="main"><section class="dialog" aria-labelledby="rd"><h1 id="rd">{t('redactDone')}</h1><Did r={done} passages={chosen.length} />
    <Proof receipt={done.receipt} />
    <p class="hint">{t('redactBeyond')}</p><p class="acts"><a class="b go" href="/">{t('backToDesk')}</a></p></section></main></>
  return <><Bar room={room} query="" /><main id="main">
    <form class="dialog" aria-labelledby="rd" onSubmit={(e) => {
      e.preventDefault()
      if (plan) void send('/redact', chosen, finish)
      else void send('/redaction', list.length > 0 ? [] : named, (r) => { show(r); choose(list.length > 0 ? r.passages.filter((p) => !p.first && named.includes(p.key)).map((p) => p.key) : named) })
    }}>
      <h1 id="rd">{t('redactTitle')}</h1>
      <Say warn>{t('passagesFinal')}</Say>
      <div class="f"><label for="rw">{t('redactWords')}</label><textarea id="rw" rows={3} dir="auto" autoComplete="off" spellcheck={false} value={words} onInput={(e) => changed(write)(e.currentTarget.value)} aria-describedby="rwh" /><p class="hint" id="rwh">{named.length > 0 ? t('passageWhole') : t('passagesWordsHint')}</p></div>
      <div class="f"><label for="rr">{t('redactReason')}</label><input class="in" id="rr" maxLength={300} value={reason} onInput={(e) => changed(because)(e.currentTarget.value)} /><p class="hint">{t('redactReasonHint')}</p></div>
      {plan && <section class="f" aria-labelledby="rp" aria-live="polite"><h2 id="rp">{t('whatChanges')}</h2>
        {list.length === 0 ? <Did r={plan} planned passages={chosen.length} /> : plan.passages.length > 0 ? <Passages list={plan.passages} chosen={chosen} choose={choose} /> : <p>{t('passagesNone')}</p>}
        {chosen.length > 0 && <Sure typed={typed} type={type} />}</section>}
      {error && <Say warn>{error}</Say>}
      <p class="acts"><a class="b bare" href="/">{t('backToDesk')}</a>
        {plan && chosen.length > 0 ? <button class="b no sure" disabled={busy || !sure(typed)}>{t('redactNow')}</button>
          : <button class="b go" disabled={busy || (named.length === 0 && list.length === 0)}>{t('redactPlan')}</button>}</p>
    </form></main></>
}

interface Erased { sequence?: number, entries: number[], mentions: { article: string, edition: number, headline: string, where: string }[], passages: Passage[], receipt?: Receipt }
type Named = Person & { version: number, erased?: boolean }

export function Erase({ room }: { room: Room }): JSX.Element {
  const [q, search] = useState('')
  const [found, list] = useState<Named[]>([])
  const [person, pick] = useState<Named>()
  const [plan, show] = useState<Erased>()
  const [typed, type] = useState('')
  const [done, finish] = useState<Erased>()
  const [error, fail] = useState('')
  useTitle(`${t('eraseTitle')} – ${room.name}`)
  useEffect(() => {
    if (!q.trim()) return list([])
    const stop = new AbortController()
    get<{ items: Named[] }>('/names/persons?limit=8&q=' + encodeURIComponent(q), stop.signal).then((r) => list(r.items)).catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    return () => stop.abort()
  }, [q])
  const send = async (p: Named, path: string): Promise<Erased> => {
    const now = await get<Named>('/persons/' + p.id)
    return ask<Erased>('POST', `/persons/${p.id}/${path}`, { version: now.version })
  }
  const look = (p: Named): void => { pick(p); show(undefined); type(''); send(p, 'erasure').then((r) => { show(r); fail('') }).catch((e) => fail(saying(e))) }
  const name = (p: Named): string => nameIn(p.names, room.language)
  if (done) return <><Bar room={room} query="" /><main id="main"><section class="dialog" aria-labelledby="er"><h1 id="er">{t('erased')}</h1><Left e={done} />
    <Proof receipt={done.receipt} />
    <p class="hint">{t('redactBeyond')}</p><p class="acts"><a class="b" href="/redact">{t('redactMore')}</a><a class="b go" href="/">{t('backToDesk')}</a></p></section></main></>
  return <><Bar room={room} query="" /><main id="main">
    <form class="dialog" aria-labelledby="er" onSubmit={(e) => { e.preventDefault(); if (person && plan && sure(typed)) send(person, 'erase').then(finish).catch((x) => fail(saying(x))) }}>
      <h1 id="er">{t('eraseTitle')}</h1>
      <Say warn>{t('eraseFinal')}</Say>
      <div class="f"><label for="ep">{t('eraseWhom')}</label><input class="in" id="ep" type="search" autoComplete="off" value={q} onInput={(e) => search(e.currentTarget.value)} /></div>
      {found.length > 0 && <ul class="picker-names" aria-label={t('eraseWhom')}>{found.map((p) => <li key={p.id}><button class="b bare" type="button" aria-pressed={person?.id === p.id} onClick={() => look(p)}><span dir="auto">{name(p)}</span> <span class="dim">{p.slug}</span></button></li>)}</ul>}
      {person && plan && <section class="f" aria-labelledby="ew" aria-live="polite"><h2 id="ew">{t('whatChanges')}</h2>
        <ul class="places"><li><span><b dir="auto">{name(person)}</b>: {t('eraseGoes')}</span></li><li>{count('redactEntries', plan.entries.length)}</li></ul>
        <Left e={plan} /><Sure typed={typed} type={type} /></section>}
      {error && <Say warn>{error}</Say>}
      <p class="acts"><a class="b bare" href="/">{t('backToDesk')}</a>{plan && <button class="b no sure" disabled={!sure(typed)}>{t('eraseNow')}</button>}</p>
    </form></main></>
}

/** What still holds the name. */
function Left({ e }: { e: Erased }): JSX.Element {
  if (e.mentions.length + e.passages.length === 0) return <p>{t('eraseNothingLeft')}</p>
  return <>
    {e.mentions.length > 0 && <details open><summary>{t('eraseMentions')}</summary><ul class="places">{e.mentions.map((m) => (
      <li key={m.article + m.edition}><a href={`/articles/${m.article}/redact`}><span dir="auto">{m.headline}</span></a> <span class="dim">{t('editionN', { n: m.edition })}, {of('mention', m.where)}</span></li>))}</ul></details>}
    {e.passages.length > 0 && <Passages list={e.passages} chosen={[]} />}
  </>
}
