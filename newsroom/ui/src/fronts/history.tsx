// What was saved of a front, and what readers got of it.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, get, saying, type Front, type FrontVersion } from '../api'
import { moment } from '../clock'
import { Dialog, Say } from '../parts'
import { count, t } from '../words'

export function FrontHistory({ id, front, take, close }: { id: string, front: Front, take: (f: Front) => void, close: () => void }): JSX.Element {
  const [list, set] = useState<FrontVersion[]>()
  const [error, fail] = useState('')
  useEffect(() => { get<{ versions: FrontVersion[] }>(`/fronts/${id}/versions`).then((v) => set(v.versions)).catch((e) => fail(saying(e))) }, [id])
  const again = (n: number): void => {
    ask<Front>('POST', `/fronts/${id}/draft`, { version: front.version, body: { content_version: n } }).then(take).catch((e) => fail(saying(e)))
  }
  return (
    <Dialog title={t('frontHistory')} close={close}>
      {error && <Say warn>{error}</Say>}
      {list?.length === 0 && <p>{t('frontItself')}</p>}
      <ol class="offers">{list?.map((v) => (
        <li key={v.content_version}><b>{t('frontVersion', { n: v.content_version })}</b> <small>{t('frontSavedBy', { name: v.by, time: moment(new Date(v.at), true) })}{v.edition !== undefined && ', ' + t('frontWas', { n: v.edition, time: moment(new Date(v.published_at!), true) })}, {count('frontBoxes', v.content.containers.length)}</small>
          {v.content_version !== front.content_version && <button class="b bare" type="button" onClick={() => again(v.content_version)}>{t('frontAgain')}</button>}</li>
      ))}</ol>
      <p class="acts"><button class="b" type="button" onClick={close}>{t('close')}</button></p>
    </Dialog>
  )
}
