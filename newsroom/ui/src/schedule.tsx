// When something goes out: on the newsroom's clock, with its zone named, and said in a sentence before it is confirmed.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type Change, type Comparison, type Room } from './api'
import { date, day, elsewhere, moment, now, time, timeNamed, until } from './clock'
import { Checks, stops, useFindings } from './checks'
import { EditorBar } from './editor/page'
import { embargoOf, Whose } from './locks'
import { Aim, changedBlocks, changes } from './publish'
import { Say, useTitle } from './parts'
import { go } from './router'
import { of, t } from './words'
import { instantOf, isPast, isWrong, never, OwnClock, WhenField, whenOf, zoneWords, type When } from './when'

export function Schedule({ room, id }: { room: Room, id: string }): JSX.Element {
  const [article, set] = useState<Article>()
  const [error, fail] = useState('')
  useTitle(`${t('whenOutTitle')} – ${room.name}`)
  useEffect(() => { get<Article>('/articles/' + id).then(set).catch((e) => fail(saying(e))) }, [id])
  if (error) return <main id="main" class="work one"><section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say></section></main>
  if (!article) return <main id="main" aria-busy="true" />
  return <><EditorBar room={room} article={article} plain words={t('savedAt', { time: moment(new Date(article.saved_at), true), version: article.content_version })} />
    <main id="main"><Form room={room} article={article} /></main></>
}

/** The blocks that differ from what readers have, where a change may name one. */
function useChangedBlocks(a: Article, wanted: boolean): ReturnType<typeof changedBlocks> {
  const [blocks, set] = useState<ReturnType<typeof changedBlocks>>([])
  useEffect(() => {
    if (!wanted || a.edition === 0) return
    get<Comparison>(`/articles/${a.id}/compare?from=edition-${a.edition}&to=version-${a.content_version}`).then((d) => set(changedBlocks(d.body))).catch(() => set([]))
  }, [a, wanted])
  return blocks
}

const soon = (): When => whenOf(new Date(Math.ceil((now().getTime() + 30 * 60e3) / 900e3) * 900e3))

function Form({ room, article }: { room: Room, article: Article }): JSX.Element {
  const asked = new URL(location.href).searchParams
  const standing = article.schedule
  const change = (asked.get('change') || standing?.change || (article.edition === 0 ? 'first' : '')) as Change | ''
  const note = asked.get('note') || standing?.note || ''
  const aims = change === 'correction' || change === 'clarification'
  const paragraphs = useChangedBlocks(article, aims)
  const [corrects, aim] = useState(asked.has('change') ? Number(asked.get('corrects')) : standing?.corrects ?? 0)
  const [when, choose] = useState<When>(() => standing ? whenOf(new Date(standing.due)) : soon())
  const embargo = embargoOf(article)
  const [notBefore, hold] = useState<When>(() => embargo ? whenOf(embargo) : never)
  const [reason, because] = useState('')
  const [error, fail] = useState('')
  const due = instantOf(when)
  const ends = instantOf(notBefore)
  const here = due ?? now()
  const past = isPast(when)
  const inside = due !== undefined && ends !== undefined && ends > due
  const { findings, fault } = useFindings(article)
  const stopped = article.hold !== undefined || (findings ?? []).some((f) => stops(f, change || undefined))
  const undecided = article.edition > 0 && !changes.includes(change as Change)
  const chief = room.me.role === 'chief'
  const same = embargo !== undefined && ends !== undefined && whenOf(embargo).day === notBefore.day && whenOf(embargo).time === notBefore.time && whenOf(embargo).second === notBefore.second
  const shortens = embargo !== undefined && ends !== undefined && ends < embargo && !same
  const emptied = embargo !== undefined && notBefore.day === '' && notBefore.time === ''
  const unclear = isWrong(notBefore) || emptied || (shortens && (!chief || !reason.trim()))

  const confirm = async (): Promise<void> => {
    if (!due) return
    try {
      let a = article
      if (ends && !same) a = await ask<Article>('POST', `/articles/${a.id}/embargo`, { version: a.version, body: { until: ends.toISOString(), reason } })
      await ask('POST', `/articles/${a.id}/schedule`, { version: a.version, body: { due: due.toISOString(), ...(change && change !== 'first' ? { change } : {}), ...(note ? { note } : {}), ...(aims && paragraphs.some((b) => b.n === corrects) ? { corrects } : {}) } })
      go('/?list=scheduled')
    } catch (e) {
      fail(saying(e))
    }
  }
  const unschedule = async (): Promise<void> => {
    try {
      await ask('POST', `/articles/${article.id}/unschedule`, { version: article.version })
      go('/articles/' + article.id)
    } catch (e) {
      fail(saying(e))
    }
  }
  return (
    <form class="dialog" aria-labelledby="sd" onSubmit={(e) => { e.preventDefault(); void confirm() }}>
      <h1 id="sd">{t('whenOutTitle')}</h1>
      <WhenField id="dz" label={t('dayAndTime', { zone: zoneWords(room.zone, here) })} day={t('day')} hour={t('time')} value={when} set={choose} required />
      <WhenField id="em" label={t('embargoIfAny')} day={t('embargoDay')} hour={t('embargoTime')} value={notBefore} set={hold} bad={inside || emptied}>
        <p class="hint">{t('embargoHint')}</p>
        {embargo && article.embargo && <p class="hint"><Whose lock={article.embargo} /></p>}
        {inside && <p class="err" role="alert" id="em-err">{t('insideEmbargo')} <button class="b bare" type="button" onClick={() => choose(whenOf(ends))}>{t('scheduleForEnd', { time: time(ends) })}</button></p>}
        {emptied && <p class="err" role="alert" id="em-err">{t('embargoNotHere', { time: timeNamed(embargo) })} <a href={`/articles/${article.id}/locks`}>{t('locksMore')}</a></p>}
      </WhenField>
      {shortens && <div class="f"><label for="er">{t('embargoReason')}</label><input id="er" required={chief} value={reason} onInput={(e) => because(e.currentTarget.value)} />{!chief && <p class="hint">{t('chiefOnly')}</p>}</div>}
      {due && !past && !inside && <div class="say know" role="status"><b>{t('goesOut', { day: day(due), time: timeNamed(due), until: until(due) })}</b>
        {elsewhere(due) && <><br /><OwnClock at={due} /></>}</div>}
      {undecided
        ? <Say warn>{t('kindFirst')} <a href={`/articles/${article.id}/publish`}>{t('whatKind')}</a></Say>
        : change && change !== 'first' && <Say>{t('goesOutKind', { change: of('change', change).toLocaleLowerCase() })} {note && `“${note}”`} {t('staysLive', { n: article.edition })}</Say>}
      {aims && <Aim paragraphs={paragraphs} value={corrects} set={aim} />}
      <Say>{t('whatGoesOut', { version: article.content_version })}</Say>
      <Checks article={article} findings={findings} kind={change || undefined} fault={fault} only="stops" />
      {error && <Say warn>{error}</Say>}
      <p class="acts"><a class="b bare" href={`/articles/${article.id}`}>{t('back')}</a>
        {standing && <button class="b" type="button" onClick={() => void unschedule()}>{t('takeOff')}</button>}
        <button class="b go" disabled={!due || past || inside || undecided || stopped || unclear}>{due ? t('scheduleFor', { day: date(due), time: timeNamed(due) }) : t('scheduleIt')}</button></p>
    </form>
  )
}
