// What is done with an arrangement: saved, published with its receipt, or put to an hour.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ask, saying, type Front, type Receipt, type Room } from '../api'
import { Caches } from '../caches'
import { instants, moment, now, wall, zoneName } from '../clock'
import { Dialog, Say } from '../parts'
import { number, t } from '../words'

export function FrontActs({ room, front, dirty, save, changed, fail, history }: {
  room: Room, front: Front, dirty: boolean, save: () => Promise<Front | undefined>, changed: () => void, fail: (s: string) => void, history: () => void,
}): JSX.Element {
  const [busy, work] = useState(false)
  const [receipt, give] = useState<Receipt>()
  const [hour, ask4] = useState(false)
  const act = async (path: string, body?: unknown): Promise<void> => {
    work(true)
    try {
      const f = await save()
      if (!f) return
      const r = await ask<Receipt | Front>('POST', `/fronts/${front.home ? 'home' : front.id}/${path}`, { version: f.version, ...(body ? { body } : {}), ...(path === 'publish' ? { key: crypto.randomUUID() } : {}) })
      give(path === 'publish' ? r as Receipt : undefined)
      fail('')
      changed()
    } catch (e) {
      fail(saying(e))
    } finally {
      work(false)
    }
  }
  const see = async (): Promise<void> => {
    const shown = open('', '_blank') // at once, or the browser takes it for what nobody asked for
    const f = await save()
    if (f && shown) shown.location.href = `/api/v1/fronts/${front.home ? 'home' : front.id}/preview`
    else shown?.close()
  }
  return (
    <>
      <div class="acts front-acts">
        <button class="b go" type="button" disabled={busy} onClick={() => void act('publish')}>{t('frontPublish')}</button>
        <button class="b" type="button" disabled={busy || !dirty} onClick={() => void save()}>{t('frontSave')}</button>
        {front.schedule
          ? <button class="b" type="button" disabled={busy} onClick={() => void act('unschedule')}>{t('takeOff')}</button>
          : <button class="b" type="button" disabled={busy} onClick={() => ask4(true)}>{t('frontSchedule')}</button>}
        <button class="b" type="button" disabled={busy} onClick={() => void see()}>{t('frontSee')}</button>
        <button class="b bare" type="button" onClick={history}>{t('frontHistory')}</button>
        <a class="b bare" href={room.site + (front.home ? '/' : `/${room.sections.find((s) => s.id === front.id)?.slug}/`)} target="_blank" rel="noopener">{t('frontNow')}</a>
      </div>
      {receipt && <ReceiptOf receipt={receipt} />}
      {hour && <Hour close={() => ask4(false)} choose={(due) => { ask4(false); void act('schedule', { due: due.toISOString() }) }} />}
    </>
  )
}

function ReceiptOf({ receipt: r }: { receipt: Receipt }): JSX.Element {
  return (
    <Say warn={!r.confirmed}><span role="status" data-receipt={r.sequence}>{r.confirmed ? t('frontOut', { ms: number(Math.round(r.ms)) }) : t('frontNotConfirmed')} {t('recordEntry', { n: number(r.sequence) })}</span>
      <ul>{r.addresses.map((l) => <li key={l.address} class="small">{l.address}: {l.confirmed ? t('confirmed') : `${t('notConfirmed')} ${l.detail ?? ''}`}</li>)}<Caches receipt={r} /></ul></Say>
  )
}

function Hour({ close, choose }: { close: () => void, choose: (due: Date) => void }): JSX.Element {
  const [when, set] = useState(() => wall(new Date(Math.ceil((now().getTime() + 30 * 60e3) / 900e3) * 900e3)))
  const due = instants(when.day, when.time)[0]
  const past = due !== undefined && due <= now()
  return (
    <Dialog title={t('frontWhen')} close={close}>
      <form onSubmit={(e) => { e.preventDefault(); if (due && !past) choose(due) }}>
        <div class={'f' + (!due || past ? ' bad' : '')}><span class="l" id="fz">{t('dayAndTime', { zone: due ? zoneName(due) : '' })}</span>
          <div class="acts" role="group" aria-labelledby="fz">
            <input class="in half" type="date" aria-label={t('day')} required value={when.day} onInput={(e) => set({ ...when, day: e.currentTarget.value })} />
            <input class="in half" type="time" aria-label={t('time')} required value={when.time} onInput={(e) => set({ ...when, time: e.currentTarget.value })} />
          </div>
          {!due && <p class="err" role="alert">{t('noSuchTime', { time: when.time })}</p>}
          {past && <p class="err" role="alert">{t('isPast')}</p>}
        </div>
        <p class="acts"><button class="b bare" type="button" onClick={close}>{t('cancel')}</button><button class="b go" disabled={!due || past}>{due ? t('frontScheduleFor', { time: moment(due) }) : t('frontSchedule')}</button></p>
      </form>
    </Dialog>
  )
}
