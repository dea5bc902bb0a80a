// A container: its name, its layout, the rule that fills what is open, and its places.
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { get, nameIn, saying, type Container, type Room, type Rule, type Topic } from '../api'
import { Say } from '../parts'
import { of, t } from '../words'
import { most, ofStories } from './moves'

const layouts = ['lead', 'three', 'wide', 'list'] as const
const rules = ['latest', 'section', 'topic', 'story', 'most_read', 'live', 'stories', ''] as const

/** What a rule fills places with, in words. */
export function ruleWords(rule: Rule | undefined, room: Room, topics: Record<string, string>): string {
  if (!rule?.kind) return ''
  if (rule.kind === 'stories') return t('frontStories')
  const section = room.sections.find((s) => s.id === rule.of)
  const name = rule.kind === 'section' ? section && nameIn(section.names, room.language) : rule.of && topics[rule.of]
  return name ? t('frontLatestOf', { name }) : of('rule', rule.kind)
}

export function Box({ room, box, n, count, taken, topics, know, change, move, remove, children }: {
  room: Room, box: Container, n: number, count: number, taken: boolean, topics: Record<string, string>, know: (id: string, name: string) => void,
  change: (c: Partial<Container>) => void, move: (by: 1 | -1) => void, remove: () => void, children: ComponentChildren,
}): JSX.Element {
  const id = 'b' + n
  const title = box.title?.[room.language] ?? ''
  const name = title || (n === 0 && box.layout === 'lead' ? t('frontLead') : ruleWords(box.rule, room, topics)) || t('frontUnnamed')
  const rule = (kind: string): void => change({ rule: kind === '' ? undefined : kind === 'section' ? { kind, of: room.sections[0]?.id } : { kind } as Rule, ...(kind === 'stories' ? { items: box.items.map(() => ({})) } : {}) })
  return (
    <section class="box" aria-labelledby={id}>
      <header>
        <h2 id={id}>{name}</h2>
        <span class="acts">
          <button class="b bare" type="button" aria-describedby={id} disabled={n === 0} onClick={() => move(-1)}>{t('frontBoxUp')}</button>
          <button class="b bare" type="button" aria-describedby={id} disabled={n === count - 1} onClick={() => move(1)}>{t('frontBoxDown')}</button>
          <button class="b bare" type="button" aria-describedby={id} onClick={remove}>{t('frontBoxOff')}</button>
        </span>
      </header>
      <div class="set">
        {!(n === 0 && box.layout === 'lead') && <div class="f"><label for={id + 't'}>{t('frontTitle')}</label><input id={id + 't'} maxLength={200} value={title} placeholder={ruleWords(box.rule, room, topics)}
          onInput={(e) => { const { [room.language]: _, ...others } = box.title ?? {}; change({ title: e.currentTarget.value ? { ...others, [room.language]: e.currentTarget.value } : others }) }} /></div>}
        <div class="f"><label for={id + 'l'}>{t('frontLayout')}</label><select id={id + 'l'} value={box.layout} onChange={(e) => change({ layout: e.currentTarget.value as Container['layout'] })}>
          {layouts.filter((l) => l !== 'lead' || (n === 0 && !ofStories(box))).map((l) => <option key={l} value={l}>{of('layout', l)}</option>)}</select></div>
        <div class="f"><label for={id + 'r'}>{t('frontRule')}</label><select id={id + 'r'} value={box.rule?.kind ?? ''} onChange={(e) => rule(e.currentTarget.value)}>
          {rules.filter((k) => k !== 'stories' || ofStories(box) || (!taken && box.layout !== 'lead')).map((k) => <option key={k} value={k}>{of('rule', k || 'none')}</option>)}</select></div>
        {box.rule?.kind === 'section' && <div class="f"><label for={id + 's'}>{t('colSection')}</label><select id={id + 's'} value={box.rule.of} onChange={(e) => change({ rule: { kind: 'section', of: e.currentTarget.value } })}>
          {room.sections.map((s) => <option key={s.id} value={s.id}>{nameIn(s.names, room.language)}</option>)}</select></div>}
        {(box.rule?.kind === 'topic' || box.rule?.kind === 'story') && <NameField key={box.rule.kind} room={room} id={id} rule={box.rule} topics={topics} choose={(of, name) => { know(of, name); change({ rule: { kind: box.rule!.kind, of } }) }} />}
      </div>
      <ol class="arranged">{children}</ol>
      {box.items.length < most.places && <p><button class="b bare" type="button" aria-describedby={id} onClick={() => change({ items: [...box.items, {}] })}>{t('frontMore')}</button></p>}
    </section>
  )
}

interface Named { id: string, name?: string, names?: Topic['names'] }

/** Chooses a topic or a running story while its name is typed. */
function NameField({ room, id, rule, topics, choose }: { room: Room, id: string, rule: Rule, topics: Record<string, string>, choose: (id: string, name: string) => void }): JSX.Element {
  const [typed, type] = useState('')
  const [found, set] = useState<Named[]>([])
  const [error, fail] = useState('')
  const [path, label] = rule.kind === 'story' ? ['stories', t('frontStory')] : ['topics', t('frontTopic')]
  const words = (x: Named): string => x.name ?? nameIn(x.names ?? {}, room.language)
  useEffect(() => {
    if (!typed.trim()) return set([])
    const stop = new AbortController()
    get<{ items: Named[] }>(`/names/${path}?limit=6&q=${encodeURIComponent(typed)}`, stop.signal).then((f) => { fail(''); set(f.items) }).catch((e) => { if (!stop.signal.aborted) fail(saying(e)) })
    return () => stop.abort()
  }, [typed])
  return (
    <div class="f"><label for={id + 'o'}>{label}</label>
      <input id={id + 'o'} autoComplete="off" value={typed} placeholder={rule.of ? topics[rule.of] : t('frontTopicType')} onInput={(e) => type(e.currentTarget.value)} />
      {found.length > 0 && <div class="menu">{found.map((x) => <button key={x.id} type="button" onClick={() => { type(''); choose(x.id, words(x)) }}>{words(x)}</button>)}</div>}
      {error && <Say warn>{error}</Say>}
    </div>
  )
}
