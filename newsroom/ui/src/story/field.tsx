// The running stories an article or a story belongs to, and those an article may belong to.
import type { JSX } from 'preact'
import { useEffect, useReducer, useState } from 'preact/hooks'
import { ask, get, saying, type Article, type Story, type StoryRow, type SuggestedStory } from '../api'
import { Tokens, type Offer } from '../editor/fields'
import { Say } from '../parts'
import { t, type Key } from '../words'

const names = new Map<string, string>()

/** Stories that are put in a row by typing their names; one that is itself the story of the page is not offered. */
export function StoryTokens({ id, label, list, change, without }: { id: string, label: Key, list: string[], change: (list: string[]) => void, without?: string }): JSX.Element {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  useEffect(() => {
    for (const id of list) if (!names.has(id)) get<Story>('/stories/' + id).then((s) => { names.set(id, s.content.name); draw(0) }).catch(() => undefined)
  }, [list.join()])
  const offers = async (typed: string): Promise<Offer[]> => {
    const found = await get<{ items: StoryRow[] }>('/names/stories?limit=6&q=' + encodeURIComponent(typed))
    return found.items.filter((s) => !s.into && s.id !== without && !list.includes(s.id)).map((s) => ({ key: s.id, words: s.name, aside: s.words, pick: () => { names.set(s.id, s.name); change([...list, s.id]) } }))
  }
  return <Tokens id={id} label={label} list={list.map((id) => ({ key: id, words: names.get(id) ?? '…' }))} remove={(i) => change(list.filter((_, k) => k !== i))} offers={offers} />
}

export function StoriesField({ article, list, change }: { article?: Article, list: string[], change: (list: string[]) => void }): JSX.Element {
  const [suggested, suggest] = useState<SuggestedStory[]>([])
  useEffect(() => {
    if (article) get<{ items: SuggestedStory[] }>(`/articles/${article.id}/stories`).then((r) => suggest(r.items)).catch(() => suggest([])) // it is only an offer
  }, [article?.id, article?.content_version])
  const [error, fail] = useState('')
  const back = (): void => document.getElementById('stories')?.focus() // the button that was pressed goes
  const add = (s: StoryRow): void => { names.set(s.id, s.name); change([...list, s.id]); back() }
  const dismiss = (s: SuggestedStory): void => {
    ask('POST', '/story-dismissals', { body: { article: article!.id, story: s.story.id } }).then(() => { fail(''); suggest((was) => was.filter((x) => x !== s)); back() }).catch((e) => fail(saying(e)))
  }
  const why = (s: SuggestedStory): string => [s.topics?.length ? t('suggestedBoth', { topics: s.topics.join(', ') }) : '', s.words?.length ? t('suggestedWords', { words: s.words.join(', ') }) : ''].filter(Boolean).join('; ')
  return (
    <>
      <StoryTokens id="stories" label="articleStories" list={list} change={change} />
      {suggested.filter((s) => !list.includes(s.story.id)).map((s) => (
        <div class="perhaps" key={s.story.id}><p><b>{t('suggested')}</b> <span dir="auto">{s.story.name}</span> <span class="dim">{why(s)}</span></p>
          <p class="acts"><button class="b" type="button" onClick={() => add(s.story)}>{t('joinStory')}</button><button class="b bare" type="button" onClick={() => dismiss(s)}>{t('notThisStory')}</button></p></div>
      ))}
      {error && <Say warn>{error}</Say>}
    </>
  )
}
