// The strip above a front that something is breaking, and until when.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import type { FrontContent, FrontStrip, Row } from '../api'
import { instants, now, wall, zoneName } from '../clock'
import { t } from '../words'
import { FindArticle } from './find'

export function StripFields({ content, change, stands, learn }: { content: FrontContent, change: (c: FrontContent) => void, stands: Record<string, Row>, learn: (r: Row) => void }): JSX.Element {
  const [finding, find] = useState(false)
  const strip = content.strip
  const set = (s: Partial<FrontStrip>): void => change({ ...content, strip: { ...strip!, ...s } })
  const add = (): void => change({ ...content, strip: { text: '', until: new Date(Math.ceil((now().getTime() + 2 * 3600e3) / 900e3) * 900e3).toISOString() } })
  if (!strip) return <p><button class="b bare" type="button" onClick={add}>{t('stripAdd')}</button></p>
  const at = new Date(strip.until)
  const when = wall(at)
  const until = (day: string, time: string): void => { const found = instants(day, time)[0]; if (found) set({ until: found.toISOString() }) }
  return (
    <section class="box" aria-labelledby="st">
      <header><h2 id="st">{t('strip')}</h2><span class="acts"><button class="b bare" type="button" onClick={() => change({ containers: content.containers })}>{t('stripOff')}</button></span></header>
      <div class="set">
        <div class="f"><label for="stx">{t('stripWords')}</label><input id="stx" maxLength={140} value={strip.text} onInput={(e) => set({ text: e.currentTarget.value })} /></div>
        <div class="f"><span class="l" id="stu">{t('stripUntil', { zone: zoneName(at) })}</span><div class="acts" role="group" aria-labelledby="stu">
          <input class="in half" type="date" aria-label={t('day')} value={when.day} onChange={(e) => until(e.currentTarget.value, when.time)} />
          <input class="in half" type="time" aria-label={t('time')} value={when.time} onChange={(e) => until(when.day, e.currentTarget.value)} /></div></div>
        <div class="f"><span class="l">{t('stripLeads')}</span><p>{strip.article ? stands[strip.article]?.headline ?? strip.article : t('none')}</p>
          <p class="acts"><button class="b bare" type="button" onClick={() => find(true)}>{t('frontFind')}</button>{strip.article && <button class="b bare" type="button" onClick={() => set({ article: undefined })}>{t('stripNoLink')}</button>}</p></div>
      </div>
      {finding && <FindArticle stands={new Set()} close={() => find(false)} pick={(r) => { learn(r); set({ article: r.id }); find(false) }} />}
    </section>
  )
}
