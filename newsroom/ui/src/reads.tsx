// What is read, quietly: how many, and nothing of whom.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { get, saying, type Room, type Row } from './api'
import { Bar, Side, useListKeys } from './bar'
import { moment } from './clock'
import { Say, useTitle } from './parts'
import { number, t } from './words'

interface ReadRow extends Row { readers_day: number, readers_hour: number }

export function Reads({ room }: { room: Room }): JSX.Element {
  const [rows, set] = useState<ReadRow[]>()
  const [error, fail] = useState('')
  useTitle(`${t('reads')} – ${room.name}`)
  useListKeys(() => undefined)
  useEffect(() => {
    const load = (): void => { get<{ rows: ReadRow[] }>('/reads').then((r) => { fail(''); set(r.rows) }).catch((e) => fail(saying(e))) }
    load()
    const timer = setInterval(load, 60e3)
    return () => clearInterval(timer)
  }, [])
  return (
    <>
      <Bar room={room} query="" />
      <div class="frame">
        <Side room={room} list="" section="" reads />
        <main id="main" class="list" aria-busy={rows === undefined}>
          <h1>{t('reads')}</h1>
          <p class="dim filters">{t('readsHow')}</p>
          {error && <Say warn>{error}</Say>}
          {rows?.length === 0 && <div class="none"><p>{t('readsNone')}</p></div>}
          {rows && rows.length > 0 && <table class="rows"><caption class="vh">{t('reads')}</caption>
            <thead><tr><th scope="col" class="n">{t('readsDay')}</th><th scope="col" class="n">{t('readsHour')}</th><th scope="col">{t('colHeadline')}</th><th scope="col">{t('colSection')}</th><th scope="col" class="n opt">{t('colWhen')}</th></tr></thead>
            <tbody>{rows.map((r) => <tr key={r.id}><td class="n">{number(r.readers_day)}</td><td class="n">{number(r.readers_hour)}</td>
              <td class="hd plain"><a href={`/articles/${r.id}`} lang={r.language} dir="auto">{r.headline}</a></td><td>{r.section}</td><td class="n opt">{r.first_published ? moment(new Date(r.first_published)) : ''}</td></tr>)}</tbody></table>}
        </main>
      </div>
    </>
  )
}
