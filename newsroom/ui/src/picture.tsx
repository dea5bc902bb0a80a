// One picture: what of it matters, what is said of it, whose it is and until when, and where it stands.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, get, nameIn, Problem, saying, type FieldChange, type Picture, type PictureOnFront, type PictureState, type PictureUse, type PictureWords, type Placement, type Room } from './api'
import { Bar } from './bar'
import { dayOf, midnight, moment } from './clock'
import { FieldTable, lastDay } from './fields'
import { Framing } from './framing'
import { Say, useTitle } from './parts'
import { locale, number, t, count } from './words'

interface Uses { items: PictureUse[], fronts: PictureOnFront[], ended?: boolean }

export function PicturePage({ room, id }: { room: Room, id: string }): JSX.Element {
  const [p, set] = useState<Picture>()
  const [kept, keep] = useState<Picture>()
  const [uses, setUses] = useState<Uses>()
  const [error, fail] = useState('')
  const [said, say] = useState('')
  const [on, choose] = useState<Placement>()
  useEffect(() => {
    const stop = new AbortController()
    Promise.all([get<Picture>('/pictures/' + id, stop.signal), get<Uses>(`/pictures/${id}/uses`, stop.signal)])
      .then(([picture, u]) => { set(picture); keep(picture); setUses(u) }).catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    return () => stop.abort()
  }, [id])
  const title = p?.name || t('picture')
  useTitle(`${title} – ${room.name}`)
  if (!p || !kept) return <><Bar room={room} query="" /><main id="main" class="work one" aria-busy={!error}>{error && <section class="panel"><h1>{t('cannotOpenPicture')}</h1><Say warn>{error}</Say></section>}</main></>
  const change = (part: Partial<Picture>): void => { set({ ...p, ...part }); say('') }
  const save = async (): Promise<void> => {
    fail('')
    try {
      const { name, alt, caption, credit, creator, copyright, rights, until, focal, crops } = p
      const saved = await ask<Picture>('PUT', '/pictures/' + id, { version: kept.version, body: { name, alt, caption, credit, creator, copyright, rights, until, focal, crops } })
      set(saved)
      keep(saved)
      choose(undefined)
      say(t('pictureSaved'))
      setUses(await get<Uses>(`/pictures/${id}/uses`))
    } catch (e) {
      fail(e instanceof Problem && e.code === 'conflict' ? t('pictureConflict') : saying(e))
    }
  }
  const dirty = JSON.stringify(p) !== JSON.stringify(kept)
  return (
    <>
      <Bar room={room} query="" />
      <main id="main" class="work pub">
        <section class="sheet" aria-labelledby="picture-title"><h1 id="picture-title">{title}</h1>
          <Framing picture={p} change={change} on={on} choose={choose} />
        </section>
        <form class="panel" aria-label={t('pictureDetails')} onSubmit={(e) => { e.preventDefault(); void save() }}>
          {uses?.ended && kept.until && <Say warn><b>{count('endedUsed', uses.items.length + uses.fronts.length, { day: lastDay(kept.until) })}</b></Say>}
          <Field id="p-alt" label={t('alt')} value={p.alt} rows={3} hint={t('altHint')} error={p.alt ? '' : t('altNeeded')} input={(alt) => change({ alt })} />
          <Field id="p-caption" label={t('caption')} value={p.caption} rows={2} input={(caption) => change({ caption })} />
          <Field id="p-credit" label={t('credit')} value={p.credit} error={p.credit ? '' : t('creditNeeded') + (p.creator ? ' ' + t('fileNames', { name: p.creator }) : '')} input={(credit) => change({ credit })}>
            {!p.credit && p.creator && <button class="b bare" type="button" onClick={() => change({ credit: p.creator })}>{t('useName')}</button>}
          </Field>
          <Field id="p-copyright" label={t('copyright')} value={p.copyright} input={(copyright) => change({ copyright })} />
          <Field id="p-rights" label={t('rights')} value={p.rights} input={(rights) => change({ rights })} />
          <div class="f"><label for="p-until">{t('rightsEnd')}</label><input id="p-until" type="date" value={p.until ? dayOf(new Date(Date.parse(p.until) - 1000)) : ''} aria-describedby="p-until-hint"
            onInput={(e) => change({ until: e.currentTarget.value ? dayAfter(e.currentTarget.value) : undefined })} /><p class="hint" id="p-until-hint">{t('rightsEndHint')}</p></div>
          <section aria-labelledby="from-file"><h2 id="from-file">{t('fromFile')}</h2><p>{fromFile(p)}</p></section>
          <section aria-labelledby="used-in"><h2 id="used-in">{t('usedIn')}</h2>
            {uses && uses.items.length + uses.fronts.length > 0 ? <ul class="links">
              {uses.items.map((u) => <li key={u.article}><a href={'/articles/' + u.article}>{u.headline || t('untitled')}</a>, {u.live ? t('useLive') : t('useDraft')}</li>)}
              {uses.fronts.map((f) => <li key={f.front}><a href={'/fronts/' + (f.home ? 'home' : f.front)}>{t('frontOf', { name: f.home ? t('frontHome') : nameIn(room.sections.find((s) => s.id === f.front)?.names ?? {}, room.language) })}</a>, {f.live ? t('useLive') : t('useDraft')}</li>)}
            </ul> : <p class="dim">{t('usedNowhere')}</p>}
          </section>
          {error && <Say warn>{error}</Say>}
          <States id={id} version={kept.version} take={(words) => { change(words); say(t('stateTaken')) }} />
          <p class="acts"><button class="b go" type="submit" disabled={!dirty}>{t('save')}</button> <span role="status">{said}</span></p>
        </form>
      </main>
    </>
  )
}

/** What was kept with the picture before: any two of its states side by side, and one taken up again. */
function States({ id, version, take }: { id: string, version: number, take: (words: PictureWords) => void }): JSX.Element {
  const [list, set] = useState<PictureState[]>([])
  const [pair, choose] = useState<[number, number]>()
  const [fields, compare] = useState<FieldChange[]>()
  const [error, fail] = useState('')
  const [from, to] = pair ?? []
  useEffect(() => {
    const stop = new AbortController()
    get<{ states: PictureState[] }>(`/pictures/${id}/states?limit=200`, stop.signal).then(({ states }) => {
      set(states)
      choose(states.length > 1 ? [states[1]!.version, states[0]!.version] : undefined)
    }).catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    return () => stop.abort()
  }, [id, version])
  useEffect(() => {
    if (!from || !to) return
    const stop = new AbortController()
    get<{ fields: FieldChange[] }>(`/pictures/${id}/compare?from=${from}&to=${to}`, stop.signal).then((d) => { compare(d.fields); fail('') }).catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    return () => stop.abort()
  }, [id, from, to])
  const older = list.find((s) => s.version === from)
  return (
    <section class="states" aria-labelledby="states-title"><h2 id="states-title">{t('pictureHistory')}</h2>
      {error && <Say warn>{error}</Say>}
      {pair === undefined ? <p class="dim">{t('neverChanged')}</p> : <>
        <ol class="events" reversed>{list.map((s) => {
          const on = pair.includes(s.version)
          return <li key={s.version} class={on ? 'on' : ''}><button type="button" aria-pressed={on} onClick={() => { if (!on) choose([pair[1], s.version].sort((a, b) => a - b) as [number, number]) }}>
            <b>{t('versionN', { n: s.version })}{s.at && ', ' + moment(new Date(s.at), true)}</b>{s.by} {on && <span class="dim">{t('compared')}</span>}</button></li>
        })}</ol>
        {fields?.length === 0 && <p class="dim">{t('nothingDiffersHere')}</p>}
        {fields && <FieldTable fields={fields} from={t('versionN', { n: from! })} to={t('versionN', { n: to! })} title={t('pair', { from: t('versionN', { n: from! }), to: t('versionN', { n: to! }) })} />}
        {older && <p class="acts"><button class="b" type="button" onClick={() => take({ ...none, ...older.picture })}>{t('takeUpState', { n: older.version })}</button></p>}
      </>}
    </section>
  )
}

const none: PictureWords = { name: undefined, alt: undefined, caption: undefined, credit: undefined, creator: undefined, copyright: undefined, rights: undefined, until: undefined, focal: undefined, crops: undefined }

interface FieldProps { id: string, label: string, value?: string, rows?: number, hint?: string, error?: string, input: (s: string) => void, children?: JSX.Element | false | '' }

function Field(f: FieldProps): JSX.Element {
  const described = [f.hint ? f.id + '-hint' : '', f.error ? f.id + '-error' : ''].filter(Boolean).join(' ') || undefined
  const props = { id: f.id, value: f.value ?? '', dir: 'auto' as const, 'aria-invalid': f.error ? true : undefined, 'aria-describedby': described }
  return (
    <div class={'f' + (f.error ? ' bad' : '')}><label for={f.id}>{f.label}</label>
      {f.rows ? <textarea {...props} rows={f.rows} onInput={(e) => f.input(e.currentTarget.value.replaceAll(/[\r\n]+/g, ' '))} /> : <input {...props} onInput={(e) => f.input(e.currentTarget.value)} />}
      {f.hint && <p class="hint" id={f.id + '-hint'}>{f.hint}</p>}
      {f.error && <p class="err" id={f.id + '-error'}>{f.error} {f.children}</p>}
    </div>
  )
}

/** The midnight after a day, when rights that last through it end. */
const dayAfter = (day: string): string => midnight(new Date(Date.parse(day + 'T00:00:00Z') + 86400e3).toISOString().slice(0, 10)).toISOString()

function fromFile(p: Picture): string {
  const size = new Intl.NumberFormat(locale, { maximumSignificantDigits: 2 }).format(p.bytes / 1e6)
  const parts = [t('fileFacts', { width: number(p.width), height: number(p.height), format: p.format.toUpperCase(), size })]
  if (p.taken) parts.unshift(t('taken', { time: takenWords(p.taken) }))
  const [place, device] = [p.file?.place, p.file?.device]
  if (place || device) parts.push(place && device ? t('filePrivate') : place ? t('filePlace') : t('fileDevice'))
  return parts.join(' ')
}

/** The camera's own clock: the words of the file, whatever zone one sits in. */
function takenWords(s: string): string {
  const at = new Date((s.length > 10 ? s.slice(0, 19) : s + 'T00:00:00') + 'Z')
  return new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric', ...(s.length > 10 ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' as const } : {}) }).format(at)
}
