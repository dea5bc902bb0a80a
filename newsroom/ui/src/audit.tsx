// The audit, for a chief: who did what, when and from where; filtered, and taken out as a file.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { get, saying, type AuditLine, type Room } from './api'
import { Bar, Side, useListKeys } from './bar'
import { date, midnight, timeNamed } from './clock'
import { doneBy, inZone } from './fields'
import { Say, useTitle } from './parts'
import { go, useAddress } from './router'
import { of, t } from './words'

interface Line extends AuditLine { article?: string, address?: string, device?: string }

const fields = ['person', 'act', 'subject', 'since', 'until'] as const
const acts = ['create', 'save', 'note', 'answer_note', 'done_note', 'suggest', 'take_suggestion', 'leave_suggestion', 'submit', 'return', 'schedule', 'unschedule', 'embargo', 'lift_embargo', 'hold', 'lift_hold', 'preview', 'publish', 'withdraw', 'withdraw_legal', 'restore', 'restore_legal', 'move_address', 'redact', 'erase', 'describe', 'publish_story', 'publish_front', 'arrange', 'post_entry', 'edit_entry', 'delete_entry', 'steer_live', 'administer', 'own_account']
const ofFront = new Set(['arrange', 'publish_front'])
const atOnce = 100

/** What is asked of the newsroom for what stands in the address: days are whole days of the newsroom's zone. */
function asked(q: URLSearchParams): URLSearchParams {
  const out = new URLSearchParams()
  for (const f of fields) {
    const v = q.get(f)?.trim()
    if (!v) continue
    const day = /^\d{4}-\d\d-\d\d$/.test(v) ? Date.parse(v + 'T00:00:00Z') : NaN
    out.set(f, isNaN(day) ? v : midnight(new Date(day + (f === 'until' ? 86400e3 : 0)).toISOString().slice(0, 10)).toISOString())
  }
  return out
}

export function Audit({ room }: { room: Room }): JSX.Element {
  const [lines, set] = useState<Line[]>()
  const [whole, end] = useState(false)
  const [error, fail] = useState('')
  const q = useAddress().searchParams
  const query = asked(q).toString()
  useTitle(`${t('audit')} – ${room.name}`)
  useListKeys(() => undefined)
  const current = useRef(query) // an answer that comes after the filter was changed is nobody's
  current.current = query
  const load = async (before?: number): Promise<void> => {
    try {
      const { audit } = await get<{ audit: Line[] }>(`/audit?limit=${atOnce}${query && '&' + query}${before ? `&before=${before}` : ''}`)
      if (current.current !== query) return
      set((was) => before ? [...was ?? [], ...audit] : audit)
      end(audit.length < atOnce)
      fail('')
    } catch (e) {
      if (current.current === query) fail(saying(e))
    }
  }
  useEffect(() => { void load() }, [query])
  const filter = (form: HTMLFormElement): void => {
    const next = new URLSearchParams()
    for (const [name, value] of new FormData(form)) if (typeof value === 'string' && value.trim()) next.set(name, value.trim())
    go('/audit' + (next.size > 0 ? '?' + next : ''))
  }
  return (
    <>
      <Bar room={room} query="" />
      <div class="frame">
        <Side room={room} list="-" section="" />
        <main id="main" class="list" aria-busy={lines === undefined}>
          <h1>{t('audit')}</h1>
          <p class="dim">{t('auditHow')}</p>
          <form class="filters audit" onSubmit={(e) => { e.preventDefault(); filter(e.currentTarget) }}>
            <label>{t('auditPerson')} <input class="in" name="person" key={q.get('person')} defaultValue={q.get('person') ?? ''} /></label>
            <label>{t('auditAct')} <select class="in" name="act" key={q.get('act')} defaultValue={q.get('act') ?? ''}><option value="" selected={!q.get('act')}>{t('auditAll')}</option>{acts.map((a) => <option key={a} value={a} selected={q.get('act') === a}>{of('act', a)}</option>)}</select></label>
            <label>{t('auditSubject')} <input class="in" name="subject" key={q.get('subject')} defaultValue={q.get('subject') ?? ''} /></label>
            <label>{t('auditSince')} <input class="in" type="date" name="since" key={q.get('since')} defaultValue={q.get('since') ?? ''} /></label>
            <label>{t('auditUntil')} <input class="in" type="date" name="until" key={q.get('until')} defaultValue={q.get('until') ?? ''} /></label>
            <button class="b go">{t('auditFilter')}</button>
            <a class="b" download href={`/api/v1/audit/export?format=csv${query && '&' + query}`}>CSV</a>
            <a class="b" download href={`/api/v1/audit/export?format=jsonl${query && '&' + query}`}>JSON</a>
          </form>
          {error && <Say warn>{error}</Say>}
          {lines?.length === 0 && <div class="none"><p>{t('auditNone')}</p></div>}
          {lines && lines.length > 0 && <table class="rows"><caption class="vh">{t('audit')}</caption>
            <thead><tr><th scope="col">{t('auditWhen')}</th><th scope="col">{t('auditPerson')}</th><th scope="col">{t('auditAct')}</th><th scope="col">{t('auditWhat')}</th><th scope="col">{t('auditFrom')}</th></tr></thead>
            <tbody>{lines.map((l) => <tr key={l.n}><td class="st"><time dateTime={l.at}>{date(new Date(l.at))}, {timeNamed(new Date(l.at))}</time></td><td class="by" dir="auto">{doneBy(l.actor)}{l.role && <span class="dim"> {of('role', l.role)}</span>}</td><td>{l.act === 'describe' ? t('auditChanged') : of('act', l.act)}</td>
              <td dir="auto">{l.article && <a href={ofFront.has(l.act) ? `/fronts/${room.sections.some((s) => s.id === l.article) ? l.article : 'home'}` : `/articles/${l.article}`}>{t(ofFront.has(l.act) ? 'front' : 'auditArticle')}</a>} {l.detail && inZone(l.detail)}</td><td class="dim" title={l.device}>{l.address} {l.device?.slice(0, 40)}</td></tr>)}</tbody></table>}
          {lines && lines.length > 0 && !whole && <p class="acts"><button class="b" type="button" onClick={() => void load(lines.at(-1)!.n)}>{t('showOlder')}</button></p>}
        </main>
      </div>
    </>
  )
}
