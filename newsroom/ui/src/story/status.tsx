// Where a story stands, in one form: a state from the short list, one's own words, what happened, and from where it is known.
import type { JSX } from 'preact'
import type { StoryState, StoryStatus } from '../api'
import { Source } from './source'
import { of, t } from '../words'

export const states: StoryState[] = ['expected', 'uncertain', 'under_way', 'suspended', 'ended', 'called_off']

export function StatusFields({ id, value, change }: { id: string, value: StoryStatus, change: (s: StoryStatus) => void }): JSX.Element {
  return (
    <>
      <div class="two-fields">
        <div class="f"><label for={id + 'state'}>{t('storyState')}</label><select id={id + 'state'} value={value.state} onChange={(e) => change({ ...value, state: e.currentTarget.value as StoryState })}>
          {states.map((s) => <option key={s} value={s}>{of('story', s)}</option>)}</select></div>
        <div class="f"><label for={id + 'words'}>{t('storyWords')}</label><input id={id + 'words'} required maxLength={80} dir="auto" value={value.words} onInput={(e) => change({ ...value, words: e.currentTarget.value })} /></div>
      </div>
      <div class="f"><label for={id + 'sentence'}>{t('storySentence')}</label><textarea id={id + 'sentence'} rows={2} maxLength={300} dir="auto" value={value.sentence ?? ''} onInput={(e) => change({ ...value, sentence: e.currentTarget.value.replaceAll(/[\r\n]+/g, ' ') || undefined })} /></div>
      <Source id={id + 'source'} value={value.source} change={(source) => change({ ...value, source })} />
    </>
  )
}
