// Another address for an article or a page; what becomes of the old one.
import type { JSX } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type Receipt, type Room } from './api'
import { EditorBar } from './editor/page'
import { Say, useTitle } from './parts'
import { go } from './router'
import { t } from './words'

export function Move({ room, id }: { room: Room, id: string }): JSX.Element {
  const [article, set] = useState<Article>()
  const [error, fail] = useState('')
  useTitle(`${t('moveTitle')} – ${room.name}`)
  useEffect(() => { get<Article>('/articles/' + id).then(set).catch((e) => fail(saying(e))) }, [id])
  if (error) return <main id="main" class="work one"><section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say></section></main>
  if (!article) return <main id="main" aria-busy="true" />
  return <><EditorBar room={room} article={article} plain words="" /><main id="main"><Form room={room} article={article} /></main></>
}

function Form({ room, article }: { room: Room, article: Article }): JSX.Element {
  const was = article.address ?? ''
  const [address, type] = useState(was)
  const [error, fail] = useState('')
  const [busy, work] = useState(false)
  const key = useRef(crypto.randomUUID())
  const wanted = address.trim()
  const move = async (): Promise<void> => {
    work(true)
    try {
      const r = await ask<Receipt>('POST', `/articles/${article.id}/address`, { version: article.version, key: key.current, async: true, body: { address: wanted } })
      go(`/articles/${article.id}/receipt/${r.sequence}`)
    } catch (e) {
      key.current = crypto.randomUUID()
      fail(saying(e))
      work(false)
    }
  }
  const back = <a class="b bare" href={'/articles/' + article.id}>{t('backToText')}</a>
  if (article.readers !== 'published' || room.me.role === 'reporter') {
    return <div class="dialog"><h1>{t('moveTitle')}</h1><Say>{room.me.role === 'reporter' ? t('askEditor') : t('moveOnlyPublished')}</Say><p class="acts">{back}</p></div>
  }
  return (
    <form class="dialog" aria-labelledby="mv" onSubmit={(e) => { e.preventDefault(); void move() }}>
      <h1 id="mv">{t('moveTitle')}</h1>
      <p class="big" dir="auto">{article.content.headline}</p>
      <div class={'f' + (error ? ' bad' : '')}><label for="ad">{t('moveTo')}</label><input id="ad" value={address} required pattern="/.*" maxLength={400} spellcheck={false} autocapitalize="none" aria-describedby="ad-hint" onInput={(e) => { type(e.currentTarget.value); fail('') }} /><p class="hint" id="ad-hint">{article.kind === 'page' ? t('moveHintPage') : t('moveHint')}</p></div>
      <div class="say know" role="status"><b>{wanted && wanted !== was ? t('moveWill', { from: was, to: wanted }) : t('moveStands', { address: was })}</b><br />{t('moveForGood')}</div>
      {(article.former ?? []).length > 0 && <><p class="f"><b>{t('moveFormer')}</b></p><ul class="links">{article.former!.map((f) => <li key={f}>{f}</li>)}</ul></>}
      {error && <Say warn>{error}</Say>}
      <p class="acts">{back}<button class="b go" disabled={busy || !wanted || wanted === was}>{t('moveNow')}</button></p>
    </form>
  )
}
