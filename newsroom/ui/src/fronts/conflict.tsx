// Two people arranged the same front: nothing is lost, and one of the two is chosen.
import type { JSX } from 'preact'
import type { Front, FrontContent, Room, Row } from '../api'
import { t } from '../words'
import { ruleWords } from './box'

export function Conflict({ room, mine, theirs, rows, topics, keep, take }: {
  room: Room, mine: FrontContent, theirs: Front, rows: Record<string, Row>, topics: Record<string, string>, keep: () => void, take: () => void,
}): JSX.Element {
  const list = (c: FrontContent): JSX.Element => (
    <ul>{c.strip && <li><b>{t('strip')}:</b> {c.strip.text}</li>}{c.containers.map((b, i) => <li key={i}><b>{b.title?.[room.language] || ruleWords(b.rule, room, topics) || t('frontLead')}</b>
      <ul>{b.items.map((x, k) => <li key={k}>{x.article ? x.headline || rows[x.article]?.headline || x.article : t('frontEmpty')}</li>)}</ul></li>)}</ul>
  )
  return (
    <section class="box conflict" role="alert" aria-labelledby="fc">
      <h2 id="fc">{t('frontConflict', { name: theirs.saved_by ?? '' })}</h2>
      <p>{t('frontConflictBoth')}</p>
      <div class="two"><div><h3>{t('yoursUnsaved')}</h3>{list(mine)}</div><div><h3>{t('frontTheirs', { name: theirs.saved_by ?? '', n: theirs.content_version })}</h3>{list(theirs.content)}</div></div>
      <p class="acts"><button class="b" type="button" onClick={take}>{t('frontTake', { name: theirs.saved_by ?? '' })}</button><button class="b" type="button" onClick={keep}>{t('frontKeep')}</button></p>
    </section>
  )
}
