// When something goes out: on the newsroom's clock, with its zone named, and said in a sentence before it is confirmed.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type Change, type Room } from './api'
import { date, day, elsewhere, instants, moment, now, ownDay, ownTime, ownZoneName, time, timeNamed, until, wall, zoneName, zoneOffset } from './clock'
import { Checks, stops, useFindings } from './checks'
import { EditorBar } from './editor/page'
import { changes } from './publish'
import { Say, useTitle } from './parts'
import { go } from './router'
import { of, t } from './words'

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

const soon = (): { day: string, time: string } => {
  const at = new Date(Math.ceil((now().getTime() + 30 * 60e3) / 900e3) * 900e3)
  return wall(at)
}

function Form({ room, article }: { room: Room, article: Article }): JSX.Element {
  const asked = new URL(location.href).searchParams
  const standing = article.schedule
  const change = (asked.get('change') || standing?.change || (article.edition === 0 ? 'first' : '')) as Change | ''
  const note = asked.get('note') || standing?.note || ''
  const [when, choose] = useState(() => standing ? wall(new Date(standing.due)) : soon())
  const [second, later] = useState(false)
  const embargo = article.embargo?.until ? new Date(article.embargo.until) : undefined
  const [notBefore, hold] = useState(() => embargo && embargo > now() ? wall(embargo) : { day: '', time: '' })
  const [reason, because] = useState('')
  const [error, fail] = useState('')
  const found = instants(when.day, when.time)
  const due = found[second ? found.length - 1 : 0]
  const ends = notBefore.day && notBefore.time ? instants(notBefore.day, notBefore.time)[0] : undefined
  const here = due ?? now()
  const past = due !== undefined && due <= now()
  const inside = due !== undefined && ends !== undefined && ends > due
  const { findings, fault } = useFindings(article)
  const stopped = article.hold !== undefined || (findings ?? []).some((f) => stops(f, change || undefined))
  const undecided = article.edition > 0 && !changes.includes(change as Change)
  const chief = room.me.role === 'chief'
  const shortens = embargo !== undefined && ends !== undefined && ends < embargo

  const confirm = async (): Promise<void> => {
    if (!due) return
    try {
      let a = article
      if (ends && ends.getTime() !== embargo?.getTime()) a = await ask<Article>('POST', `/articles/${a.id}/embargo`, { version: a.version, body: { until: ends.toISOString(), reason } })
      await ask('POST', `/articles/${a.id}/schedule`, { version: a.version, body: { due: due.toISOString(), ...(change && change !== 'first' ? { change } : {}), ...(note ? { note } : {}) } })
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
  const zone = `${zoneName(here)}, ${zoneOffset(here)}`
  return (
    <form class="dialog" aria-labelledby="sd" onSubmit={(e) => { e.preventDefault(); void confirm() }}>
      <h1 id="sd">{t('whenOutTitle')}</h1>
      <div class={'f' + (found.length === 0 || past ? ' bad' : '')}><span class="l" id="dz">{t('dayAndTime', { zone: room.zone.split('/').at(-1)!.replaceAll('_', ' ') + ' (' + zone + ')' })}</span>
        <div class="acts" role="group" aria-labelledby="dz">
          <input class="in half" type="date" aria-label={t('day')} value={when.day} required onInput={(e) => { choose({ ...when, day: e.currentTarget.value }); later(false) }} />
          <input class="in half" type="time" aria-label={t('time')} value={when.time} required onInput={(e) => { choose({ ...when, time: e.currentTarget.value }); later(false) }} />
        </div>
        {when.day && when.time && found.length === 0 && <p class="err" role="alert">{t('noSuchTime', { time: when.time })}</p>}
        {past && <p class="err" role="alert">{t('isPast')}</p>}
        {found.length > 1 && <div class="choice"><p class="hint">{t('twice', { time: when.time })}</p>{found.map((at, i) => (
          <label key={at.getTime()} class="pair"><input type="radio" name="twice" checked={(i > 0) === second} onChange={() => later(i > 0)} /> {time(at)} {zoneName(at)} ({zoneOffset(at)})</label>))}</div>}
      </div>
      <div class={'f' + (inside ? ' bad' : '')}><span class="l" id="em">{t('embargoIfAny')}</span>
        <div class="acts" role="group" aria-labelledby="em">
          <input class="in half" type="date" aria-label={t('embargoDay')} value={notBefore.day} onInput={(e) => hold({ day: e.currentTarget.value, time: notBefore.time || '00:00' })} />
          <input class="in half" type="time" aria-label={t('embargoTime')} value={notBefore.time} onInput={(e) => hold({ ...notBefore, time: e.currentTarget.value })} />
        </div>
        <p class="hint">{t('embargoHint')}</p>
        {inside && <p class="err" role="alert">{t('insideEmbargo')} <button class="b bare" type="button" onClick={() => choose(wall(ends))}>{t('scheduleForEnd', { time: time(ends) })}</button></p>}
      </div>
      {shortens && <div class="f"><label for="er">{t('embargoReason')}</label><input id="er" required={chief} value={reason} onInput={(e) => because(e.currentTarget.value)} />{!chief && <p class="hint">{t('chiefOnly')}</p>}</div>}
      {due && !past && !inside && <div class="say know" role="status"><b>{t('goesOut', { day: day(due), time: timeNamed(due), until: until(due) })}</b>
        {elsewhere(due) && <><br />{t('youAreIn', { zone: ownZoneName(due), time: ownTime(due), day: ownDay(due) })}</>}</div>}
      {undecided
        ? <Say warn>{t('kindFirst')} <a href={`/articles/${article.id}/publish`}>{t('whatKind')}</a></Say>
        : change && change !== 'first' && <Say>{t('goesOutKind', { change: of('change', change).toLocaleLowerCase() })} {note && `“${note}”`} {t('staysLive', { n: article.edition })}</Say>}
      <Say>{t('whatGoesOut', { version: article.content_version })}</Say>
      <Checks article={article} findings={findings} kind={change || undefined} fault={fault} only="stops" />
      {error && <Say warn>{error}</Say>}
      <p class="acts"><a class="b bare" href={`/articles/${article.id}`}>{t('back')}</a>
        {standing && <button class="b" type="button" onClick={() => void unschedule()}>{t('takeOff')}</button>}
        <button class="b go" disabled={!due || past || inside || undecided || stopped}>{due ? t('scheduleFor', { day: date(due), time: timeNamed(due) }) : t('scheduleIt')}</button></p>
    </form>
  )
}
