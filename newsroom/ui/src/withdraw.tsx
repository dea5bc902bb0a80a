// Taking an article down, and bringing it back.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type Page, type Receipt, type Room, type Row, type WithdrawalKind } from './api'
import { EditorBar } from './editor/page'
import { Say, useTitle } from './parts'
import { go } from './router'
import { count, of, t } from './words'

const kinds: WithdrawalKind[] = ['killed', 'expired', 'merged', 'legal']

export function Withdraw({ room, id, restore }: { room: Room, id: string, restore?: boolean }): JSX.Element {
  const [article, set] = useState<Article>()
  const [error, fail] = useState('')
  useTitle(`${restore ? t('restoreTitle') : t('withdrawTitle')} – ${room.name}`)
  useEffect(() => { get<Article>('/articles/' + id).then(set).catch((e) => fail(saying(e))) }, [id])
  if (error) return <main id="main" class="work one"><section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say></section></main>
  if (!article) return <main id="main" aria-busy="true" />
  return <><EditorBar room={room} article={article} plain words="" /><main id="main">{restore ? <Restore article={article} /> : <Form room={room} article={article} />}</main></>
}

interface Place { address: string, what: string }

/** Where readers find it now, in the order in which a receipt asks. */
function usePlaces(id: string): { places?: Place[], fault: string } {
  const [places, set] = useState<Place[]>()
  const [fault, fail] = useState('')
  useEffect(() => {
    const stop = new AbortController()
    get<{ places: Place[] }>(`/articles/${id}/places`, stop.signal).then((r) => set(r.places)).catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    return () => stop.abort()
  }, [id])
  return { places, fault }
}

function Places({ places }: { places: Place[] }): JSX.Element {
  const by: Record<string, string[]> = {}
  for (const p of places) if (p.what !== 'article' && p.what !== 'picture') (by[p.what] ??= []).push(p.address)
  const pictures = places.filter((p) => p.what === 'picture').length
  return <>
    <ul class="places">{Object.entries(by).map(([what, list]) => <li key={what}><b>{of('what', what)}</b> {list.join(', ')}</li>)}
      {pictures > 0 && <li>{count('picturesGone', pictures)}</li>}</ul>
    <p class="hint">{count('placesCount', places.length - pictures)} {t('placesMore')}</p>
  </>
}

function Form({ room, article }: { room: Room, article: Article }): JSX.Element {
  const [kind, choose] = useState<WithdrawalKind | undefined>()
  const [notice, tell] = useState('')
  const [reason, because] = useState('')
  const [into, merge] = useState<Row>()
  const [error, fail] = useState('')
  const [busy, work] = useState(false)
  const key = useRef(crypto.randomUUID())
  const { places, fault } = usePlaces(article.id)
  const withdraw = async (): Promise<void> => {
    work(true)
    try {
      const r = await ask<Receipt>('POST', `/articles/${article.id}/withdraw`, { version: article.version, key: key.current, async: true, body: { kind, notice: notice.trim() || undefined, reason: reason.trim() || undefined, into: kind === 'merged' ? into?.id : undefined } })
      go(`/articles/${article.id}/receipt/${r.sequence}`)
    } catch (e) {
      fail(saying(e))
      work(false)
    }
  }
  if (article.readers !== 'published') return <div class="dialog"><h1>{t('withdrawTitle')}</h1><Say>{t('notPublished')}</Say><p class="acts"><a class="b" href={'/articles/' + article.id}>{t('backToText')}</a></p></div>
  return (
    <form class="dialog" aria-labelledby="wd" onSubmit={(e) => { e.preventDefault(); void withdraw() }}>
      <h1 id="wd">{t('withdrawTitle')}</h1>
      <p class="big" dir="auto">{article.content.headline}</p>
      <fieldset class="pick"><legend>{t('whyDown')}</legend>{kinds.filter((k) => k !== 'legal' || room.me.role === 'chief').map((k) => (
        <label key={k}><input type="radio" name="k" checked={kind === k} onChange={() => choose(k)} /> <span><b>{of('withdrawal', k)}</b><span>{of('downMeans', k)}</span></span></label>
      ))}</fieldset>
      {kind === 'merged' && <Into chosen={into} choose={merge} not={article.id} />}
      {kind && kind !== 'merged' && <div class="f"><label for="wr">{t('reasonReaders')}</label><textarea id="wr" rows={2} maxLength={300} value={notice} onInput={(e) => tell(e.currentTarget.value.replaceAll(/[\r\n]+/g, ' '))} aria-describedby="wrh" /><p class="hint" id="wrh">{kind === 'legal' ? t('reasonLegal') : t('reasonHint')}</p></div>}
      {kind && <div class="f"><label for="wc">{t('reasonColleagues')}</label><textarea id="wc" rows={2} maxLength={1000} value={reason} onInput={(e) => because(e.currentTarget.value.replaceAll(/[\r\n]+/g, ' '))} /></div>}
      <section class="f" aria-labelledby="wp"><h2 id="wp">{t('whatChanges')}</h2>
        <p>{kind === 'merged' ? t('answersMerged', { address: article.address ?? '' }) : t('answersGone', { address: article.address ?? '' })}</p>
        {places && <Places places={places} />}
        {fault && <Say warn>{t('placesFault')} {fault}</Say>}</section>
      {error && <Say warn>{error}</Say>}
      <p class="acts"><a class="b bare" href={'/articles/' + article.id}>{t('keepItUp')}</a><button class="b no sure" disabled={!kind || busy || (kind === 'merged' && !into)}>{t('withdrawNow')}</button></p>
    </form>
  )
}

/** Finds the article that takes the place of another. */
function Into({ chosen, choose, not }: { chosen?: Row, choose: (r?: Row) => void, not: string }): JSX.Element {
  const [words, type] = useState('')
  const [rows, set] = useState<Row[]>([])
  useEffect(() => {
    if (words.trim().length < 2) return set([])
    const stop = new AbortController()
    get<Page>('/desk/all?limit=8&state=published&q=' + encodeURIComponent(words), stop.signal).then((p) => set(p.rows.filter((r) => r.id !== not))).catch(() => undefined)
    return () => stop.abort()
  }, [words])
  return (
    <div class="f"><label for="wi">{t('mergedInto')}</label>
      {chosen ? <p>{chosen.headline} <button class="b bare" type="button" onClick={() => choose(undefined)}>{t('chooseOther')}</button></p> : <>
        <input id="wi" value={words} autoComplete="off" placeholder={t('searchAll')} onInput={(e) => type(e.currentTarget.value)} />
        {rows.length > 0 && <div class="menu">{rows.map((r) => <button key={r.id} type="button" onClick={() => choose(r)}>{r.headline}<span class="dim">{r.section}</span></button>)}</div>}</>}
    </div>
  )
}

function Restore({ article }: { article: Article }): JSX.Element {
  const [error, fail] = useState('')
  const key = useRef(crypto.randomUUID())
  const restore = async (): Promise<void> => {
    try {
      const r = await ask<Receipt>('POST', `/articles/${article.id}/restore`, { version: article.version, key: key.current, async: true })
      go(`/articles/${article.id}/receipt/${r.sequence}`)
    } catch (e) {
      fail(saying(e))
    }
  }
  return (
    <form class="dialog" aria-labelledby="rs" onSubmit={(e) => { e.preventDefault(); void restore() }}>
      <h1 id="rs">{t('restoreTitle')}</h1>
      <p class="big" dir="auto">{article.content.headline}</p>
      <p>{t('restoreMeans', { address: article.address ?? '', n: article.edition })}</p>
      {error && <Say warn>{error}</Say>}
      <p class="acts"><a class="b bare" href={'/articles/' + article.id}>{t('back')}</a><button class="b go" disabled={article.readers !== 'withdrawn'}>{t('restoreNow')}</button></p>
    </form>
  )
}
