// An article as the views beside its text have it: read at once, and again when somebody has saved it or done something to it.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { get, saying, type Article } from './api'
import { onMoved } from './live'
import { Say } from './parts'
import { t } from './words'

export function useArticle(id: string): { article?: Article, error: string, set: (a: Article) => void } {
  const [article, set] = useState<Article>()
  const [error, fail] = useState('')
  const load = (): void => { get<Article>('/articles/' + id).then(set).catch((e) => fail(saying(e))) }
  useEffect(load, [id])
  useEffect(() => onMoved((m) => { if (m.article === id) load() }), [id])
  return { article, error, set }
}

/** What stands while an article is not there: nothing yet, or why not. */
export const Unopened = ({ error }: { error: string }): JSX.Element => error
  ? <main id="main" class="work one"><section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say></section></main>
  : <main id="main" aria-busy="true" />
