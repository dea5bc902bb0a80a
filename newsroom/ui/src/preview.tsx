// The page that readers would get, at phone and desk width, and the private links by which others see it.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type PreviewLink, type Room } from './api'
import { date, now, timeNamed } from './clock'
import { EditorBar } from './editor/page'
import { Unopened, useArticle } from './opened'
import { Say, useTitle } from './parts'
import { count, t } from './words'

const stamp = (at: string): string => date(new Date(at)) + ', ' + timeNamed(new Date(at))

export function Preview({ room, id }: { room: Room, id: string }): JSX.Element {
  const { article, error } = useArticle(id)
  useTitle(`${t('preview')} – ${room.name}`)
  if (!article || error) return <Unopened error={error} />
  return (
    <>
      <EditorBar room={room} article={article} plain words="" />
      <main id="main" class="work prev">
        <h1 class="vh">{t('preview')}</h1>
        <div class="frames">
          <Framed key={'p' + article.content_version} id={id} width={390} title={t('atPhone')} />
          <Framed key={'d' + article.content_version} id={id} width={1280} title={t('atDesk')} />
        </div>
        <div class="links-side">
          <p><a class="b bare" href={'/articles/' + id}>{t('backToText')}</a></p>
          <section class="panel" aria-labelledby="pl"><h2 id="pl">{t('previewLinks')}</h2><Links room={room} article={article} /></section>
          <p class="hint">{t('previewDiffers')}</p>
        </div>
      </main>
    </>
  )
}

/** The page in a window of its own width, as large as there is room. It runs no scripts: its policy has none. */
function Framed({ id, width, title }: { id: string, width: number, title: string }): JSX.Element {
  const box = useRef<HTMLDivElement>(null)
  const frame = useRef<HTMLIFrameElement>(null)
  const height = width === 390 ? 844 : 900
  useEffect(() => {
    const fit = (): void => {
      const scale = Math.min(1, box.current!.clientWidth / width)
      frame.current!.style.transform = `scale(${scale})`
      box.current!.style.height = `${Math.round(height * scale)}px`
    }
    const watch = new ResizeObserver(fit)
    watch.observe(box.current!)
    fit()
    return () => watch.disconnect()
  }, [])
  /** Links of the page lead to the readers' site; it opens beside the newsroom. */
  const leave = (e: Event): void => {
    const a = (e.target as Element | null)?.closest?.('a')
    if (!a || a.getAttribute('href')?.startsWith('#')) return
    e.preventDefault()
    open(a.href, '_blank', 'noopener')
  }
  return (
    <figure class={'framed w' + width}><figcaption>{title}</figcaption>
      <div ref={box}><iframe ref={frame} src={`/api/v1/articles/${id}/preview`} title={title} width={width} height={height} onLoad={() => frame.current?.contentDocument?.addEventListener('click', leave)} /></div></figure>
  )
}

const lasting = [24, 72, 168, 336]

function Links({ room, article }: { room: Room, article: Article }): JSX.Element {
  const [list, set] = useState<PreviewLink[]>()
  const [hours, last] = useState(72)
  const [made, show] = useState<{ address: string, link: PreviewLink }>()
  const [copied, copy] = useState(false)
  const [error, fail] = useState('')
  const editor = room.me.role !== 'reporter'
  const load = (): void => { get<{ previews: PreviewLink[] }>(`/articles/${article.id}/previews`).then((r) => set(r.previews)).catch((e) => fail(saying(e))) }
  useEffect(load, [article.id, article.version])
  const make = async (): Promise<void> => {
    try {
      const { preview, address } = await ask<{ preview: PreviewLink, address: string }>('POST', `/articles/${article.id}/previews`, { version: article.version, body: { hours } })
      show({ address, link: preview })
      copy(false)
      fail('')
      load()
    } catch (e) {
      fail(saying(e))
    }
  }
  const revoke = async (p: PreviewLink): Promise<void> => {
    try {
      await ask('POST', `/articles/${article.id}/previews/${p.id}/revoke`)
      if (made?.link.id === p.id) show(undefined)
      load()
    } catch (e) {
      fail(saying(e))
    }
  }
  const stands = (p: PreviewLink): boolean => !p.ended && Date.parse(p.expires) > now().getTime()
  return (
    <>
      <p class="dim">{t('previewMeans')}</p>
      {editor ? article.private ? <Say>{t('previewPrivate')}</Say> : <form onSubmit={(e) => { e.preventDefault(); void make() }}>
        <div class="f"><label for="pv">{t('previewLasts')}</label><select id="pv" value={hours} onChange={(e) => last(Number(e.currentTarget.value))}>{lasting.map((h) => <option key={h} value={h}>{count('days', h / 24)}</option>)}</select></div>
        <p class="acts"><button class="b go">{t('previewMake')}</button></p>
      </form> : <p class="hint">{t('previewEditors')}</p>}
      {made && <div class="say know" role="status"><label for="pa"><b>{t('previewOnce')}</b></label>
        <input id="pa" class="in wide" readOnly value={made.address} onFocus={(e) => e.currentTarget.select()} />
        <p class="acts"><button class="b" type="button" onClick={() => void navigator.clipboard.writeText(made.address).then(() => copy(true)).catch(() => document.getElementById('pa')?.focus())}>{copied ? t('copied') : t('copy')}</button></p></div>}
      {error && <Say warn>{error}</Say>}
      {list && (list.length === 0 ? <p class="gap">{t('previewNone')}</p> : <ul class="previews">{list.map((p) => (
        <li key={p.id} class={stands(p) ? '' : 'dim'}>
          <b>{t('previewBy', { name: p.by, time: stamp(p.created) })}</b>
          <span>{stands(p) ? t('previewUntil', { time: stamp(p.expires) }) : p.ended ? t('previewEnded', { time: stamp(p.ended), why: whyEnded(p.why ?? '') }) : t('previewExpired', { time: stamp(p.expires) })}</span>
          <span>{p.opened === 0 ? t('neverOpened') : count('openedTimes', p.opened, { time: stamp(p.last!) })}</span>
          {stands(p) && editor && <button class="b no" type="button" aria-label={t('previewRevokeOf', { name: p.by, time: stamp(p.created) })} onClick={() => void revoke(p)}>{t('previewRevoke')}</button>}
        </li>))}</ul>)}
    </>
  )
}

/** What ended a link, in the interface's language. */
function whyEnded(why: string): string {
  switch (why) {
    case 'it was published': return t('ended_published')
    case 'an embargo was set': return t('ended_embargo')
    case 'it was withdrawn': return t('ended_withdrawn')
    case 'the account of whoever made it has ended': return t('ended_maker')
  }
  return why.startsWith('revoked by ') ? t('ended_revoked', { name: why.slice('revoked by '.length) }) : why
}
