// What the shared caches before the site answered to an act.
import type { JSX } from 'preact'
import type { PurgeLine, Receipt } from './api'
import { t } from './words'

/** What a cache answered, in words. */
export function Answered({ line: l }: { line: PurgeLine }): JSX.Element {
  return l.confirmed ? <>{t('purged')}</> : <><b class="red">{l.status ? t('purgeRefused', { n: String(l.status) }) : t('notPurged')}</b> {t('notPurgedMore')}</>
}

/** The caches of a receipt as items of a list; none where there are no caches. */
export function Caches({ receipt }: { receipt: Receipt }): JSX.Element {
  return <>{receipt.purges?.map((l) => <li key={'cache ' + l.cache} class="small">{t('sharedCache')} {l.cache}: <Answered line={l} /></li>)}</>
}
