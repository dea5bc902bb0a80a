// Looks for an article to put in a place.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { get, saying, type Page, type Row } from '../api'
import { moment } from '../clock'
import { Dialog, Say, Square, stateOf } from '../parts'
import { t } from '../words'

export function FindArticle({ stands, pick, close }: { stands: ReadonlySet<string>, pick: (r: Row) => void, close: () => void }): JSX.Element {
  const [words, type] = useState('')
  const [rows, set] = useState<Row[]>()
  const [error, fail] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  useEffect(() => {
    const stop = new AbortController()
    const p = new URLSearchParams({ limit: '20', ...(words.trim() ? { q: words } : {}) })
    const timer = setTimeout(() => {
      get<Page>(`/desk/${words.trim() ? 'all' : 'published-today'}?${p}`, stop.signal).then((found) => { fail(''); set(found.rows.filter((r) => r.kind === 'article' && r.readers !== 'withdrawn')) })
        .catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    }, 120)
    return () => { clearTimeout(timer); stop.abort() }
  }, [words])
  return (
    <Dialog title={t('frontFind')} close={close}>
      <div class="f"><label for="ff">{t('searchAll')}</label><input ref={input} id="ff" type="search" autoComplete="off" value={words} onInput={(e) => type(e.currentTarget.value)} /></div>
      {error && <Say warn>{error}</Say>}
      <ul class="offers" aria-label={t('frontFound')}>{rows?.map((r) => {
        const state = stateOf(r)
        return <li key={r.id}><button type="button" disabled={stands.has(r.id)} onClick={() => pick(r)}><b lang={r.language} dir="auto">{r.headline || t('untitled')}</b>
          <small><Square of={state.square} />{state.words}{r.section && ', ' + r.section}{r.first_published && ', ' + moment(new Date(r.first_published))}{stands.has(r.id) && ', ' + t('frontStands')}</small></button></li>
      })}</ul>
      {rows?.length === 0 && <p class="dim" role="status">{words.trim() ? t('nothingFound', { words }) : t('frontTypeWords')}</p>}
      <p class="acts"><button class="b" type="button" onClick={close}>{t('cancel')}</button></p>
    </Dialog>
  )
}
