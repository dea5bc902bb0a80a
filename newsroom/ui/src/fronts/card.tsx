// One place of a container: an article that is pinned there, or one for the rule to fill.
import type { JSX } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { smallAddress, type FrontItem, type Row } from '../api'
import { Square, stateOf } from '../parts'
import { accepted, bring, Uploads } from '../uploads'
import { count, t } from '../words'
import type { At } from './moves'

export interface Hands {
  step: (at: At, by: 1 | -1) => void
  drag: (at: At, e: PointerEvent) => void
  find: (at: At) => void
  set: (at: At, item: FrontItem) => void
  remove: (at: At) => void
}

export function Card({ at, item, ended, row, rule, over, dragged, last, fixed, hands }: {
  at: At, item: FrontItem, ended: boolean, row?: Row, rule: string, over: boolean, dragged: boolean, last: boolean, fixed: boolean, hands: Hands,
}): JSX.Element {
  const [open, show] = useState(false)
  const id = `p${at.box}-${at.place}`
  const state = row && stateOf(row)
  const words = item.article ? item.headline || row?.headline || t('untitled') : rule ? t('frontOpen', { rule }) : t('frontEmpty')
  return (
    <li class={'place' + (over ? ' over' : '') + (dragged ? ' dragged' : '') + (item.article ? '' : ' open')} data-box={at.box} data-place={at.place}
      onKeyDown={(e) => {
        if (fixed || !e.altKey || (e.key !== 'ArrowUp' && e.key !== 'ArrowDown')) return
        e.preventDefault()
        hands.step(at, e.key === 'ArrowUp' ? -1 : 1)
      }}>
      {!fixed && <span class="grip" aria-hidden="true" title={t('frontDrag')} onPointerDown={(e) => hands.drag(at, e)}>⠿</span>}
      <div class="what">
        {item.kicker && <p class="kick">{item.kicker}</p>}
        <p id={id} class="hl" lang={item.article ? row?.language : undefined} dir="auto">{words}</p>
        {item.article && <p class="small dim">{state && <><Square of={state.square} />{state.words}</>}{row?.section && ', ' + row.section}{item.headline && ', ' + t('frontOwnWords')}{row && row.readers === 'unpublished' && <b class="red"> {t('frontNotOut')}</b>}{(ended || row?.rights_ended) && <b class="red"> {count('endedHere', (row?.rights_ended?.length ?? 0) + Number(ended))}</b>}</p>}
      </div>
      <div class="acts">
        {!fixed && <><button class="b bare" type="button" aria-describedby={id} data-key="up" onClick={() => hands.step(at, -1)} aria-label={t('frontUp')} title="Alt ↑">↑</button>
        <button class="b bare" type="button" aria-describedby={id} data-key="down" onClick={() => hands.step(at, 1)} aria-label={t('frontDown')} title="Alt ↓">↓</button>
        <button class="b bare" type="button" aria-describedby={id} data-key="find" onClick={() => hands.find(at)}>{item.article ? t('frontReplace') : t('frontPin')}</button></>}
        {item.article && <button class="b bare" type="button" aria-describedby={id} aria-expanded={open} onClick={() => show(!open)}>{t('frontWords')}</button>}
        {item.article && <button class="b bare" type="button" aria-describedby={id} onClick={() => { show(false); hands.set(at, {}) }}>{t('frontUnpin')}</button>}
        {!item.article && !last && <button class="b bare" type="button" aria-describedby={id} onClick={() => hands.remove(at)}>{t('frontFewer')}</button>}
      </div>
      {open && item.article && <Words id={id} item={item} row={row} set={(x) => hands.set(at, x)} />}
    </li>
  )
}

function Words({ id, item, row, set }: { id: string, item: FrontItem, row?: Row, set: (item: FrontItem) => void }): JSX.Element {
  const latest = useRef(item)
  latest.current = item
  const upload = async (f: File): Promise<void> => {
    const p = await bring(f)
    if (p) set({ ...latest.current, picture: p.id })
  }
  return (
    <div class="words">
      <div class="f"><label for={id + 'h'}>{t('frontHeadline')}</label><input id={id + 'h'} maxLength={300} value={item.headline ?? ''} placeholder={row?.headline} onInput={(e) => set({ ...item, headline: e.currentTarget.value || undefined })} /></div>
      <div class="f"><label for={id + 'k'}>{t('frontKicker')}</label><input id={id + 'k'} maxLength={40} value={item.kicker ?? ''} placeholder={row?.section} onInput={(e) => set({ ...item, kicker: e.currentTarget.value || undefined })} /></div>
      <div class="f"><label for={id + 'p'}>{t('frontPicture')}</label>
        {item.picture && <p class="acts"><img src={smallAddress(item.picture)} alt="" width="120" /><button class="b bare" type="button" onClick={() => set({ ...item, picture: undefined })}>{t('frontNoPicture')}</button></p>}
        <input id={id + 'p'} type="file" accept={accepted} onChange={(e) => { const f = e.currentTarget.files?.[0]; if (f) void upload(f) }} /></div>
      <Uploads />
    </div>
  )
}
