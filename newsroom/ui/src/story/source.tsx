// Where something is known from: one of our articles, or an address outside.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { get, type Article, type Page, type Row, type StorySource } from '../api'
import { t } from '../words'

export function Source({ id, value, change }: { id: string, value?: StorySource, change: (s?: StorySource) => void }): JSX.Element {
  const [kind, choose] = useState(value?.article ? 'ours' : value?.address || value?.name ? 'outside' : '')
  return (
    <>
      <div class="f"><label for={id + 'kind'}>{t('sourceOf')}</label><select id={id + 'kind'} value={kind} onChange={(e) => { choose(e.currentTarget.value); change(undefined) }}>
        <option value="">{t('sourceNone')}</option><option value="ours">{t('sourceOurs')}</option><option value="outside">{t('sourceOutside')}</option></select></div>
      {kind === 'outside' && <>
        <div class="f"><label for={id + 'address'}>{t('sourceAddress')}</label><input id={id + 'address'} type="url" placeholder="https://" value={value?.address ?? ''} onInput={(e) => change({ ...value, address: e.currentTarget.value || undefined })} /></div>
        <div class="f"><label for={id + 'name'}>{t('sourceName')}</label><input id={id + 'name'} maxLength={200} value={value?.name ?? ''} onInput={(e) => change({ ...value, name: e.currentTarget.value || undefined })} /></div>
      </>}
      {kind === 'ours' && <>
        <Ours id={id} value={value?.article} change={(article) => change(article ? { ...value, article } : undefined)} />
        {value?.article && <div class="two-fields">
          {(['edition', 'paragraph'] as const).map((f) => <div class="f" key={f}><label for={id + f}>{t(f === 'edition' ? 'sourceEdition' : 'sourceParagraph')}</label><input id={id + f} type="number" min={1} value={value[f] ?? ''} onInput={(e) => change({ ...value, [f]: Number(e.currentTarget.value) || undefined })} /></div>)}
        </div>}
      </>}
    </>
  )
}

function Ours({ id, value, change }: { id: string, value?: string, change: (id?: string) => void }): JSX.Element {
  const [words, type] = useState('')
  const [rows, set] = useState<Row[]>([])
  const [headline, name] = useState('')
  useEffect(() => {
    if (value) get<Article>('/articles/' + value).then((a) => name(a.content.headline ?? '')).catch(() => undefined)
  }, [value])
  useEffect(() => {
    if (words.trim().length < 2) return set([])
    const stop = new AbortController()
    get<Page>('/desk/all?limit=6&state=published&q=' + encodeURIComponent(words), stop.signal).then((p) => set(p.rows)).catch(() => undefined)
    return () => stop.abort()
  }, [words])
  if (value) return <p dir="auto">{headline || '…'} <button class="b bare" type="button" onClick={() => change(undefined)}>{t('chooseOther')}</button></p>
  return (
    <div class="f"><label for={id + 'find'}>{t('findArticle')}</label><input id={id + 'find'} value={words} autoComplete="off" onInput={(e) => type(e.currentTarget.value)} />
      {rows.length > 0 && <div class="menu">{rows.map((r) => <button key={r.id} type="button" onClick={() => change(r.id)}>{r.headline}<span class="dim">{r.section}</span></button>)}</div>}</div>
  )
}
