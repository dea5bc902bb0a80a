// The receipt of an act as it fills, address by address.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { get, saying, type Article, type Edition, type PurgeLine, type Receipt, type ReceiptLine, type Room } from './api'
import { Bar } from './bar'
import { Answered } from './caches'
import { date, timeNamed } from './clock'
import { Say, Square, useTitle } from './parts'
import { DidItChange } from './story/changed'
import { locale, number, of, t } from './words'

const millis = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
const ms = (n: number): string => t('ms', { n: millis.format(n) })

export function ReceiptPage({ room, id, sequence, story }: { room: Room, id: string, sequence: string, story?: boolean }): JSX.Element {
  const [lines, set] = useState<ReceiptLine[]>([])
  const [receipt, whole] = useState<Receipt>()
  const [error, fail] = useState('')
  const [article, know] = useState<Article>()
  const [edition, name] = useState<Edition>()
  const [refused, refuse] = useState(false)
  const [round, again] = useState(0)
  useEffect(() => {
    const source = new EventSource(`/api/v1/receipts/${encodeURIComponent(sequence)}/lines`)
    source.addEventListener('line', (e) => {
      const { number: n, line } = JSON.parse(e.data) as { number: number, line: ReceiptLine }
      set((was) => Object.assign([...was], { [n]: line }))
    })
    source.addEventListener('receipt', (e) => {
      const r = JSON.parse(e.data) as Receipt
      source.close()
      set(r.addresses)
      whole(r)
      fail('')
    })
    source.addEventListener('problem', (e) => {
      source.close()
      fail((JSON.parse(e.data) as { detail: string }).detail)
    })
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED) return fail(t('receiptLost'))
      get<Receipt>('/receipts/' + encodeURIComponent(sequence)).then(whole).catch((e) => { refuse(true); fail(saying(e)) }) // the stream was refused: this says why
    })
    return () => source.close()
  }, [sequence, round])
  useEffect(() => {
    if (story) return
    get<Article>('/articles/' + id).then(know).catch(() => undefined)
    get<{ editions: Edition[] }>(`/articles/${id}/editions`).then((e) => name(e.editions.find((x) => x.sequence === Number(sequence)))).catch(() => undefined)
  }, [id, sequence])
  const done = lines.filter((l) => l.confirmed).length
  const withdrawn = receipt?.act === 'withdrawal' || article?.withdrawal?.sequence === Number(sequence)
  const title = edition ? t('editionOut', { n: edition.number }) : withdrawn ? t('isWithdrawn') : receipt?.act === 'restoration' ? t('isBack') : story ? t('storyOut') : t('actDone')
  useTitle(`${refused ? t('cannotOpen') : title} – ${room.name}`)
  if (refused) return <><Bar room={room} query="" /><main id="main" class="work one"><section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say><p class="acts"><a class="b" href="/">{t('backToDay')}</a></p></section></main></>
  return (
    <>
      <Bar room={room} query="" />
      <main id="main" class="work one"><section class="panel" aria-labelledby="rt"><h1 id="rt">{title}</h1>
        <p class="big" role="status">{receipt ? (withdrawn ? t('receiptGone', { n: done, m: lines.length, ms: millis.format(receipt.ms) }) : t('receiptSum', { n: done, m: lines.length, ms: millis.format(receipt.ms) })) : t('receiptFills', { n: done, m: lines.length })}</p>
        <p class="dim">{edition && of('change', edition.change) + ', '}{receipt && <><time dateTime={receipt.at}>{date(new Date(receipt.at))}, {timeNamed(new Date(receipt.at), true)}</time>. </>}{t('recordEntry', { n: number(Number(sequence)) })}</p>
        <div class="gap"><progress max={Math.max(1, lines.length)} value={done} aria-label={t('confirmed')}>{t('ofMany', { n: done, m: lines.length })}</progress></div>
        {error && <Say warn>{error} <button class="b bare" type="button" onClick={() => again((n) => n + 1)}>{t('again')}</button></Say>}
        <div class="gap"><table class="receipt"><caption class="vh">{t('receiptCaption')}</caption><thead><tr><th scope="col">{t('what')}</th><th scope="col">{t('address')}</th><th scope="col">{t('answer')}</th><th scope="col" class="ms">{t('after')}</th></tr></thead>
          <tbody>{lines.map((l) => <Line key={l.address + l.what} line={l} site={room.site} edition={edition?.number} withdrawn={withdrawn} ended={receipt !== undefined} />)}{receipt?.purges?.map((p) => <Purge key={p.cache} line={p} />)}</tbody></table></div>
        {receipt && !receipt.confirmed && <Say warn>{t('notAllConfirmed')} <button class="b bare" type="button" onClick={() => { whole(undefined); again((n) => n + 1) }}>{t('askAgain')}</button></Say>}
        {edition && article && room.me.role !== 'reporter' && <DidItChange article={article} />}
        <p class="acts">{receipt?.address && <a class="b" href={room.site + receipt.address} target="_blank" rel="noopener">{t('seeAsReader')}</a>}{story ? <a class="b" href={'/stories/' + id}>{t('backToStory')}</a> : <a class="b" href={'/articles/' + id}>{t('backToText')}</a>}<a class="b bare" href="/">{t('backToDay')}</a></p>
      </section></main>
    </>
  )
}

/** What a shared cache before the site answered. */
function Purge({ line: l }: { line: PurgeLine }): JSX.Element {
  return (
    <tr class={l.confirmed ? '' : 'late'}>
      <th scope="row" class="what">{t('sharedCache')}</th><td class="ad">{l.cache}</td>
      <td class="an"><Answered line={l} /></td>
      <td class="ms">{ms(l.ms)}</td>
    </tr>
  )
}

/** What an address does that is not confirmed, and what comes of it. */
const late = (l: ReceiptLine): string => l.status === 0 ? t('late_none') : l.status >= 500 ? t('late_fault', { n: String(l.status) }) : t('late_old')

function Line({ line: l, site, edition, withdrawn, ended }: { line: ReceiptLine, site: string, edition?: number, withdrawn: boolean, ended: boolean }): JSX.Element {
  const waits = l.status === 0 && !l.confirmed && !ended
  return (
    <tr class={waits ? 'wait' : l.confirmed ? '' : 'late'}>
      <th scope="row" class="what">{of('what', l.what)}</th><td class="ad">{l.address}</td>
      <td class="an">{waits ? <><Square of="sch" />{t('askedWaiting')}</> : l.confirmed ? (withdrawn ? t('showsNoMore') : edition ? t('showsEdition', { n: edition }) : t('showsIt')) : <><b class="red">{t('notConfirmed')}</b> {late(l)} <a href={site + l.address} target="_blank" rel="noopener">{t('openIt')}</a></>}{l.detail && l.confirmed ? ' ' + l.detail : ''}</td>
      <td class="ms">{waits ? '…' : ms(l.ms)}</td>
    </tr>
  )
}
