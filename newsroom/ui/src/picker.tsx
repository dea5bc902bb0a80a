// Choosing among the pictures that are here already.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { get, saying, smallAddress, type Picture } from './api'
import { Dialog, Say } from './parts'
import { t } from './words'

/** A dialog that finds pictures while their words are typed. Those in which the rights have ended are not among them. */
export function Picker({ pick, close }: { pick: (p: Picture) => void, close: () => void }): JSX.Element {
  const [q, type] = useState('')
  const [found, show] = useState<Picture[]>()
  const [error, fail] = useState('')
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  useEffect(() => {
    const stop = new AbortController()
    const timer = setTimeout(() => {
      get<{ items: Picture[] }>('/names/pictures?q=' + encodeURIComponent(q), stop.signal).then((r) => { show(r.items); fail('') })
        .catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    }, q ? 120 : 0)
    return () => { clearTimeout(timer); stop.abort() }
  }, [q])
  return (
    <Dialog title={t('ourPictures')} close={close}>
      <div class="f"><label for="picture-words">{t('findPicture')}</label><input ref={input} class="in" id="picture-words" type="search" autoComplete="off" value={q} onInput={(e) => type(e.currentTarget.value)} /></div>
      {error && <Say warn>{error}</Say>}
      <ul class="picker" aria-label={t('ourPictures')}>{found?.map((p) => (
        <li key={p.id}><button type="button" onClick={() => pick(p)}><img src={smallAddress(p.id)} width={p.width} height={p.height} alt="" loading="lazy" /><span>{p.alt || p.caption || p.name}</span><span class="dim">{p.credit}</span></button></li>
      ))}</ul>
      <p class="dim" role="status">{found?.length === 0 ? t('noPictures') : ''}</p>
      <p class="acts"><button class="b" type="button" onClick={close}>{t('close')}</button></p>
    </Dialog>
  )
}
