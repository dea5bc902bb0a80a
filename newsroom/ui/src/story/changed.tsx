// After an article went out: did the status of its stories change?
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type Receipt, type Story, type StoryStatus } from '../api'
import { Say } from '../parts'
import { go } from '../router'
import { StatusFields } from './status'
import { t } from '../words'

export function DidItChange({ article }: { article: Article }): JSX.Element | null {
  const [stories, set] = useState<Story[]>([])
  useEffect(() => {
    Promise.all((article.content.stories ?? []).map((id) => get<Story>('/stories/' + id))).then((list) => set(list.filter((s) => s.readers === 'published'))).catch(() => undefined)
  }, [article.id])
  if (stories.length === 0) return null
  return (
    <section class="changed" aria-labelledby="dc"><h2 id="dc">{t('didItChange')}</h2>
      {stories.map((s) => <Ask key={s.id} story={s} article={article} drop={() => set((was) => was.filter((x) => x !== s))} />)}</section>
  )
}

function Ask({ story, article, drop }: { story: Story, article: Article, drop: () => void }): JSX.Element {
  const last = story.content.statuses?.at(-1)
  const [status, set] = useState<StoryStatus>()
  const [error, fail] = useState('')
  const say = (): void => {
    ask<Receipt>('POST', `/stories/${story.id}/status`, { version: story.version, async: true, body: status }).then((r) => go(`/stories/${story.id}/receipt/${r.sequence}`)).catch((e) => fail(saying(e)))
  }
  return (
    <form onSubmit={(e) => { e.preventDefault(); say() }}>
      <p dir="auto">{t('standsAt', { story: story.content.name, status: last?.words ?? t('noStatus') })}</p>
      {status && <StatusFields id={'s' + story.id} value={status} change={set} />}
      {error && <Say warn>{error}</Say>}
      <p class="acts">{status
        ? <button class="b go" disabled={!status.words.trim()}>{t('sayStatus')}</button>
        : <button class="b" type="button" onClick={() => set({ state: last?.state ?? 'under_way', words: '', source: { article: article.id, edition: article.edition } })}>{t('statusChanged')}</button>}
        <button class="b bare" type="button" onClick={drop}>{t('noItDidNot')}</button></p>
    </form>
  )
}
