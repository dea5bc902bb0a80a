// The newsroom's API, as far as the interface asks it. What comes back is trusted: it is our own program's.

import { of } from './words'

export type Id = string
export type Readers = 'unpublished' | 'published' | 'withdrawn'
export type DraftState = 'none' | 'draft' | 'submitted' | 'scheduled'
export type Change = 'first' | 'imported' | 'minor' | 'update' | 'correction' | 'clarification' | 'retraction'
export type WithdrawalKind = 'killed' | 'legal' | 'expired' | 'merged'
export type Names = Record<string, string>

export interface Doc { type: 'doc', content?: unknown[] }
export interface Credit { person?: Id, agency?: string, as?: string }
export interface Lead { picture: Id, alt?: string, caption?: string, credit?: string }
export interface Content {
  section?: Id, label?: string, headline?: string, standfirst?: string, dateline?: { place?: string, agency?: string }, byline?: Credit[],
  source?: { agency: string, item?: string, version?: string, terms?: string }, topics?: Id[], body?: Doc, lead?: Lead, language?: string, slug?: string, search_headline?: string, social_headline?: string,
  translations?: Id[], stories?: Id[]
}
export interface Lock { until?: string, reason?: string, by: string, at: string }
export interface Article {
  id: Id, kind: 'article' | 'page' | 'live', version: number, content_version: number, readers: Readers, draft: DraftState, content: Content,
  schedule?: { due: string, content_version: number, change: Change, note?: string, corrects?: number, by: string, address?: string }, proposed?: string, embargo?: Lock, hold?: Lock,
  rights_ended?: Id[], private?: boolean, address?: string, former?: string[], edition: number, first_published?: string, updated?: string,
  withdrawal?: { kind: WithdrawalKind, at: string, sequence: number, notice?: string, into?: Id }, saved_at: string, saved_by: string, author: string
}
export interface Row {
  id: Id, kind: 'article' | 'page' | 'live', version: number, readers: Readers, draft: DraftState, headline: string, section?: string, by?: string[], language: string, words: number,
  saved_at: string, saved_by: string, sent?: string, due?: string, change?: Change, embargo?: string, hold?: boolean, edition: number, address?: string,
  first_published?: string, updated?: string, withdrawn?: string, withdrawal?: WithdrawalKind, rights_ended?: Id[]
}
export type GroupName = 'waiting' | 'work' | 'going' | 'published'
export interface Day { now: string, since: string, groups: { group: GroupName, rows: Row[], more?: boolean }[], counts: Record<string, number>, open: Record<Id, number> }
export interface Page { rows: Row[], next?: string }
export interface Section { id: Id, slug: string, names: Names }
export interface Topic { id: Id, slug: string, names: Names, kind: string }
export interface Person { id: Id, slug: string, names: Names, role?: Names }
export type Placement = 'lead' | 'card' | 'social' | 'square'
export interface Crop { x: number, y: number, width: number, height: number }
export interface Picture {
  id: Id, version: number, hash: string, format: string, width: number, height: number, bytes: number, name?: string, alt?: string, caption?: string, credit?: string, creator?: string,
  copyright?: string, taken?: string, rights?: string, until?: string, focal?: { x: number, y: number }, crops?: { [place in Placement]?: Crop }, file?: { place?: boolean, device?: boolean }
}
export interface PictureUse { article: Id, headline: string, address?: string, draft: boolean, live: boolean }
export interface PictureOnFront { front: Id, home?: boolean, draft: boolean, live: boolean }
export type PictureWords = Pick<Picture, 'name' | 'alt' | 'caption' | 'credit' | 'creator' | 'copyright' | 'rights' | 'until' | 'focal' | 'crops'>
export interface PictureState { version: number, at?: string, by?: string, picture: PictureWords }
export interface PreviewLink { id: Id, by: string, created: string, expires: string, ended?: string, why?: string, opened: number, last?: string }
export interface Span { from?: string, name: string, offset: number }
export interface Room {
  me: { name: string, role: 'reporter' | 'editor' | 'chief' | 'follower' }, name: string, site: string, zone: string, language: string, zones: Span[], now: string,
  sections: Section[], labels: string[], version: string
}
export interface Edition { number: number, change: Change, note?: string, sequence: number, recorded: string, public: string, content_version: number, by: string }
export interface Saved { content_version: number, at: string, by: string, headline: string }
export interface SavedContent { content_version: number, at: string, by: string, content: Content }
export interface FieldChange { path: string, of?: string, before?: string, after?: string }
export interface AuditLine {
  n: number, at: string, actor: string, role: string, act: string, version?: number, sequence?: number, detail?: string, for?: string,
  picture?: { id: Id, name?: string, version: number, fields: FieldChange[] }
}
export interface Run { kind: 'equal' | 'added' | 'removed', text: string }
export interface Block { kind: 'same' | 'changed' | 'added' | 'removed', type?: string, was?: string, how?: 'moved' | 'split' | 'merged', count?: number, runs?: Run[], detail?: boolean }
export interface Side { edition?: number, line?: number, content_version: number, at: string, by: string }
export interface Doubt { kind: 'number' | 'name' | 'quotation' | 'headline', before?: string, after?: string }
export interface Comparison {
  from: Side, to: Side, same: boolean, headline: Run[], standfirst: Run[], body: Block[], fields: FieldChange[], beside: FieldChange[], doubts: Doubt[],
  changed?: string, was?: string, about?: Doubt['kind']
}
export type CheckLevel = 'off' | 'warn' | 'must'
export interface Finding {
  check: string, level: 'warn' | 'must', state: 'good' | 'fails' | 'unknown' | 'asked', why?: string, path?: string, what?: string, after?: string, number?: number, words: string
}
export interface CheckRules { levels: Record<string, CheckLevel>, headline: number, lawyer?: { sections?: Id[], topics?: Id[], words?: string[] } }
export interface City { slug: string, names: Names, latitude: number, longitude: number, temperature?: number, condition?: string }
export interface WeatherSettings { provider: '' | 'open-meteo' | 'met-norway' | 'fixed', temperature?: number, condition?: string, cities?: City[] }
export interface RoomSettings { weather: WeatherSettings }
export type StoryState = 'expected' | 'uncertain' | 'under_way' | 'suspended' | 'ended' | 'called_off'
export interface StorySource { article?: Id, edition?: number, paragraph?: number, address?: string, name?: string }
export interface StoryStatus { id?: Id, at?: string, state: StoryState, words: string, sentence?: string, source?: StorySource }
export interface StoryEvent { id?: Id, when: string, title: string, text?: string, source?: StorySource }
export interface StoryContent {
  slug?: string, name: string, summary?: string, background?: string, language?: string, statuses?: StoryStatus[], parties?: { topic: Id, role?: string }[],
  events?: StoryEvent[], joined?: Id[], left?: Id[], stories?: Id[]
}
export interface Story {
  id: Id, version: number, readers: Readers, unpublished_changes: boolean, edition: number, address?: string, into?: Id, notice?: string, saved_at: string, saved_by: string, content: StoryContent,
  embargo?: Lock, hold?: Lock, schedule?: { due: string, by: string, change: Change, note?: string, changed_since: boolean }
}
export interface StoryTelling { number: number, sequence: number, at: string, by: string, change?: Change, note?: string }
export interface StoryRow {
  id: Id, slug: string, name: string, readers: Readers, unpublished_changes: boolean, into?: Id, state?: StoryState, words?: string, since?: string, saved_at: string, saved_by: string, version: number
}
export interface SuggestedStory { story: StoryRow, topics?: string[], words?: string[] }

export interface Decision { by: string, at: string }
export interface Note { id: Id, article: Id, by: string, at: string, words: string, answers?: { by: string, at: string, words: string }[], done?: Decision }
export interface Suggestion { id: string, by: string, at: string, taken?: Decision, left?: Decision }
export interface RemarkList { notes: Note[], suggestions: Suggestion[] }
export interface ReceiptLine { address: string, what: string, status: number, confirmed: boolean, ms: number, detail?: string }
export interface Receipt { sequence: number, act: string, article?: Id, edition?: number, address?: string, at: string, confirmed: boolean, addresses: ReceiptLine[], purges?: PurgeLine[], ms: number }
export interface PurgeLine { cache: string, status?: number, confirmed: boolean, ms: number, detail?: string }

export type Layout = 'lead' | 'three' | 'wide' | 'list'
export interface Rule { kind: 'latest' | 'section' | 'topic' | 'story' | 'most_read' | 'live' | 'stories', of?: Id }
export interface FrontItem { article?: Id, headline?: string, kicker?: string, picture?: Id }
export interface Container { layout: Layout, title?: Names, rule?: Rule, items: FrontItem[] }
export interface FrontStrip { text: string, until: string, article?: Id }
export interface FrontContent { strip?: FrontStrip, containers: Container[] }
export interface Front {
  id: Id, home: boolean, version: number, content_version: number, content: FrontContent, saved_at?: string, saved_by?: string, edition: number, published_at?: string, strip_until?: string,
  schedule?: { due: string, content_version: number, by: string }, draft?: boolean, rows: Row[], rights_ended?: Id[]
}
export interface FrontVersion { content_version: number, at: string, by: string, content: FrontContent, edition?: number, published_at?: string }

/** What the newsroom answers when it does not do what was asked: RFC 9457. */
export class Problem extends Error {
  constructor(
    readonly status: number, readonly code: string, detail: string, readonly errors: { path: string, message: string }[] = [], readonly current?: Article, readonly front?: Front,
  ) {
    super(detail)
  }
}

/** Nobody answered: the connection or the newsroom is gone. */
export class Unreachable extends Error { }

export interface Asking { body?: unknown, bytes?: Blob, headers?: Record<string, string>, version?: number, key?: string, async?: boolean, signal?: AbortSignal, keepalive?: boolean }

export async function ask<T>(method: string, path: string, how: Asking = {}): Promise<T> {
  const headers: Record<string, string> = { ...how.headers }
  if (how.body !== undefined) headers['Content-Type'] = 'application/json'
  if (how.bytes) headers['Content-Type'] = 'application/octet-stream'
  if (how.version !== undefined) headers['If-Match'] = `"${how.version}"`
  if (how.key) headers['Idempotency-Key'] = how.key
  if (how.async) headers['Prefer'] = 'respond-async'
  let answer: Response
  try {
    answer = await fetch('/api/v1' + path, {
      method, headers, body: how.bytes ?? (how.body === undefined ? undefined : JSON.stringify(how.body)), signal: how.signal, keepalive: how.keepalive,
    })
  } catch (e) {
    if (how.signal?.aborted) throw e
    throw new Unreachable(String(e))
  }
  if (answer.status === 204) return undefined as T
  const body = await answer.json().catch(() => undefined)
  if (answer.ok && body !== undefined) return body as T
  if (answer.status === 401) dispatchEvent(new Event('signed-out'))
  throw new Problem(answer.status, body?.code ?? 'internal', body?.detail ?? answer.statusText, body?.errors, body?.current, body?.current_front)
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => ask<T>('GET', path, { signal })

/** The words of an error for whoever sees it, with the parts of the input that are wrong. */
export function saying(e: unknown): string {
  if (!(e instanceof Error)) return String(e)
  if (!(e instanceof Problem) || e.errors.length === 0) return e.message
  return e.message + ': ' + e.errors.map((f) => (f.path ? of('field', f.path) + ': ' : '') + f.message).join('; ')
}

/** A copy of a picture as the newsroom shows it: for lists, or large. */
export const smallAddress = (id: Id, large = false): string => `/api/v1/pictures/${id}/small/${large ? 1040 : 320}`

export function nameIn(names: Names, language: string): string {
  return names[language] ?? names[language.split('-')[0]!] ?? Object.values(names)[0] ?? ''
}
