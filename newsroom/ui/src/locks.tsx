// What stops the next publication: an embargo and a legal hold, who set them and why, and who may end them.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ask, saying, type Lock, type Room } from './api'
import { date, day, now, timeNamed, until } from './clock'
import { EditorBar } from './editor/page'
import { Unopened, useArticle } from './opened'
import { Say, useTitle } from './parts'
import { t } from './words'
import { instantOf, isWrong, never, OwnClock, WhenField, whenOf, zoneWords, type When } from './when'

/** What has locks: an article or a running story. */
interface Stopped { version: number, embargo?: Lock, hold?: Lock, schedule?: { due: string } }

export const embargoOf = (a: Stopped): Date | undefined => {
  const ends = a.embargo?.until ? new Date(a.embargo.until) : undefined
  return ends && ends > now() ? ends : undefined
}

const moved = (at: Date): string => date(at) + ', ' + timeNamed(at)

/** Who set a lock, when and why. */
export const Whose = ({ lock }: { lock: Lock }): JSX.Element => <>{t('lockBy', { name: lock.by, time: moved(new Date(lock.at)) })} {lock.reason && `“${lock.reason}”`}</>

export function Locks({ room, id }: { room: Room, id: string }): JSX.Element {
  const { article, error, set } = useArticle(id)
  useTitle(`${t('locksTitle')} – ${room.name}`)
  if (!article || error) return <Unopened error={error} />
  return (
    <>
      <EditorBar room={room} article={article} plain words="" />
      <main id="main" class="work one">
        <section class="panel locks" aria-labelledby="lk"><h1 id="lk">{t('locksTitle')}</h1><p class="big" dir="auto">{article.content.headline}</p>
          <p class="dim">{t('locksMean')}</p>
          <Embargo key={'e' + article.version} room={room} of={'/articles/' + id} it={article} done={set} previews />
          <Hold key={'h' + article.version} room={room} of={'/articles/' + id} it={article} done={set} />
          <p class="acts"><a class="b bare" href={'/articles/' + id}>{t('backToText')}</a></p>
        </section>
      </main>
    </>
  )
}

interface Part<T extends Stopped> { room: Room, of: string, it: T, done: (it: T) => void, plain?: boolean }

/** The form of an embargo on what is at an address of the API; plain where something else is its heading, previews where private links end with it. */
export function Embargo<T extends Stopped>({ room, of, it, done, plain, previews }: Part<T> & { previews?: boolean }): JSX.Element {
  const stands = embargoOf(it)
  const [when, choose] = useState<When>(() => stands ? whenOf(stands) : never)
  const [reason, because] = useState('')
  const [error, fail] = useState('')
  const chief = room.me.role === 'chief'
  const ends = isWrong(when) ? undefined : instantOf(when)
  const shortens = stands !== undefined && ends !== undefined && ends < stands
  const same = stands !== undefined && ends !== undefined && Math.floor(stands.getTime() / 60e3) === Math.floor(ends.getTime() / 60e3)
  const due = it.schedule ? new Date(it.schedule.due) : undefined
  const work = (f: () => Promise<T>): void => { f().then(done).catch((e) => fail(saying(e))) }
  const put = (): void => work(() => ask('POST', `${of}/embargo`, { version: it.version, body: { until: ends!.toISOString(), reason: reason.trim() } }))
  const lift = (): void => work(() => ask('DELETE', `${of}/embargo?reason=${encodeURIComponent(reason.trim())}`, { version: it.version }))
  return (
    <form class="lock" {...plain ? { 'aria-label': t('embargo') } : { 'aria-labelledby': 'em' }} onSubmit={(e) => { e.preventDefault(); put() }}>
      {!plain && <h2 id="em">{t('embargo')}</h2>}
      {stands && it.embargo
        ? <Say warn><b>{t('embargoStands', { day: day(stands), time: timeNamed(stands), until: until(stands) })}</b> <OwnClock at={stands} /><br /><Whose lock={it.embargo} /></Say>
        : <p>{t('embargoNone')}</p>}
      {room.me.role === 'reporter' ? <p class="hint">{stands ? t('askChiefEmbargo') : t('askEditor')}</p> : <>
        <WhenField id="eu" label={t('embargoUntilWhen', { zone: zoneWords(room.zone, ends ?? now()) })} day={t('day')} hour={t('time')} value={when} set={choose} bad={shortens && !chief}>
          {shortens && !chief && <p class="err" role="alert" id="eu-err">{t('chiefShortens', { time: moved(stands) })}</p>}
        </WhenField>
        {(!stands || chief || (ends && !shortens)) && <div class="f"><label for="ey">{stands ? t('embargoWhy') : t('embargoWhyMaybe')}</label><input id="ey" value={reason} maxLength={1000} required={shortens} onInput={(e) => because(e.currentTarget.value)} aria-describedby="ey-hint" /><p class="hint" id="ey-hint">{t('reasonStays')}</p></div>}
        {ends && !same && !(shortens && !chief) && <div class="say know" role="status"><b>{t('embargoWill', { day: day(ends), time: timeNamed(ends), until: until(ends) })}</b> <OwnClock at={ends} />{due && ends > due && <><br />{t('embargoTakesOff', { time: moved(due) })}</>}{previews && <><br />{t('embargoEndsPreviews')}</>}</div>}
        {error && <Say warn>{error}</Say>}
        <p class="acts"><button class="b go" disabled={!ends || same || (shortens && (!chief || !reason.trim()))}>{ends && !same ? t('embargoSet', { time: moved(ends) }) : t('embargoSetIt')}</button>
          {stands && chief && <button class="b no" type="button" disabled={!reason.trim()} onClick={lift}>{t('embargoLift')}</button>}</p>
        {stands && <p class="hint">{chief ? t('liftNeedsReason') : t('askChiefEmbargo')}</p>}</>}
    </form>
  )
}

/** The form of a legal hold. */
export function Hold<T extends Stopped>({ room, of, it, done, plain }: Part<T>): JSX.Element {
  const [reason, because] = useState('')
  const [error, fail] = useState('')
  const chief = room.me.role === 'chief'
  const held = it.hold
  const may = held ? chief : room.me.role !== 'reporter'
  const act = (): void => {
    const r = reason.trim()
    const asked = held ? ask<T>('DELETE', `${of}/hold?reason=${encodeURIComponent(r)}`, { version: it.version }) : ask<T>('POST', `${of}/hold`, { version: it.version, body: { reason: r } })
    asked.then(done).catch((e) => fail(saying(e)))
  }
  return (
    <form class="lock" {...plain ? { 'aria-label': t('legalHold') } : { 'aria-labelledby': 'ho' }} onSubmit={(e) => { e.preventDefault(); act() }}>
      {!plain && <h2 id="ho">{t('legalHold')}</h2>}
      {held ? <Say warn><b>{t('heldBy', { name: held.by })}</b> <Whose lock={held} /></Say> : <p>{t('holdNone')}</p>}
      {may ? <>
        <div class="f"><label for="hy">{held ? t('holdLiftWhy') : t('holdWhy')}</label><input id="hy" value={reason} maxLength={1000} required onInput={(e) => because(e.currentTarget.value)} aria-describedby="hy-hint" /><p class="hint" id="hy-hint">{t('reasonStays')}</p></div>
        {!held && <p class="hint">{it.schedule ? t('holdSchedule') : t('holdMeans')}</p>}
        {error && <Say warn>{error}</Say>}
        <p class="acts"><button class={held ? 'b no' : 'b'} disabled={!reason.trim()}>{held ? t('holdLift') : t('holdSet')}</button></p></>
        : <p class="hint">{held ? t('askChiefHold') : t('askEditor')}</p>}
    </form>
  )
}
