// The newsroom's settings, for a chief: what is checked before publishing, and where the weather comes from.
import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ask, get, nameIn, saying, type CheckLevel, type CheckRules, type Room, type RoomSettings } from './api'
import { Bar } from './bar'
import { Topics, useNames } from './editor/fields'
import { Say, useTitle } from './parts'
import { WeatherForm } from './weather'
import { of, t } from './words'

const levels: CheckLevel[] = ['off', 'warn', 'must']
const order = ['headline_length', 'standfirst', 'byline', 'topics', 'dateline', 'lead', 'picture_alt', 'picture_credit', 'own_links', 'links', 'minor', 'lawyer']

export function Settings({ room }: { room: Room }): JSX.Element {
  const [found, set] = useState<[CheckRules, RoomSettings]>()
  const [error, fail] = useState('')
  useTitle(`${t('settings')} – ${room.name}`)
  useEffect(() => { Promise.all([get<CheckRules>('/settings/checks'), get<RoomSettings>('/settings')]).then(set).catch((e) => fail(saying(e))) }, [])
  return <><Bar room={room} query="" />
    {error || !found ? <main id="main" class="work one" aria-busy={!error}>{error && <section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say></section>}</main>
      : <main id="main" class="work one"><Form room={room} first={found[0]} /><WeatherForm room={room} first={found[1]} chief={room.me.role === 'chief'} />{room.me.role === 'chief' && <section class="panel" aria-labelledby="fg"><h2 id="fg">{t('forGood')}</h2><p class="acts"><a class="b" href="/redact">{t('redactMore')}</a><a class="b" href="/erase">{t('eraseMore')}</a></p></section>}</main>}</>
}

function Form({ room, first }: { room: Room, first: CheckRules }): JSX.Element {
  const [rules, set] = useState(first)
  const [words, write] = useState((first.lawyer?.words ?? []).join('\n'))
  const [said, say] = useState<{ bad: boolean, words: string }>()
  const lawyer = rules.lawyer ?? {}
  const names = useNames(room, { topics: lawyer.topics })
  const chief = room.me.role === 'chief'
  const change = (part: Partial<CheckRules>): void => { set({ ...rules, ...part }); say(undefined) }
  const law = (part: NonNullable<CheckRules['lawyer']>): void => change({ lawyer: { ...lawyer, ...part } })
  const save = async (): Promise<void> => {
    try {
      const body = { ...rules, lawyer: { ...lawyer, words: words.split('\n').map((w) => w.trim()).filter(Boolean) } }
      set(await ask<CheckRules>('PUT', '/settings/checks', { body }))
      say({ bad: false, words: t('settingsSaved') })
    } catch (e) {
      say({ bad: true, words: saying(e) })
    }
  }
  return (
    <form class="panel settings" aria-labelledby="st" onSubmit={(e) => { e.preventDefault(); void save() }}>
      <h1 id="st">{t('checksTitle')}</h1>
      <p class="dim">{t('checksWhat')}</p>
      {!chief && <Say>{t('settingsChief')}</Say>}
      <fieldset disabled={!chief}>
        <table class="levels"><caption class="vh">{t('checksTitle')}</caption>
          <thead><tr><th scope="col">{t('check')}</th>{levels.map((l) => <th key={l} scope="col">{of('level', l)}</th>)}</tr></thead>
          <tbody>{order.map((name) => (
            <tr key={name}><th scope="row" id={'c-' + name}>{of('check', name)}<span>{of('checkMeans', name)}</span></th>
              {levels.map((l) => <td key={l}><label><input type="radio" name={name} aria-label={of('level', l)} aria-describedby={'c-' + name} checked={rules.levels[name] === l} onChange={() => change({ levels: { ...rules.levels, [name]: l } })} /></label></td>)}</tr>
          ))}</tbody></table>
        <div class="f"><label for="hl">{t('headlineLimit')}</label><input class="half" id="hl" type="number" min={20} max={300} required value={rules.headline} onInput={(e) => change({ headline: e.currentTarget.valueAsNumber || 0 })} /></div>
        <h2>{t('lawyer')}</h2>
        <p class="dim">{t('lawyerRules')}</p>
        <div class="f"><label for="lw">{t('lawyerWords')}</label><textarea id="lw" rows={4} value={words} dir="auto" aria-describedby="lwh" onInput={(e) => { write(e.currentTarget.value); say(undefined) }} /><p class="hint" id="lwh">{t('lawyerWordsHint')}</p></div>
        <Topics room={room} list={lawyer.topics ?? []} names={names} change={(topics) => law({ topics })} />
        {room.sections.length > 0 && <fieldset class="choice"><legend class="l">{t('sections')}</legend>{room.sections.map((s) => (
          <label key={s.id} class="pair"><input type="checkbox" checked={lawyer.sections?.includes(s.id) ?? false} onChange={(e) => law({ sections: e.currentTarget.checked ? [...lawyer.sections ?? [], s.id] : lawyer.sections?.filter((x) => x !== s.id) })} /> {nameIn(s.names, room.language)}</label>))}</fieldset>}
      </fieldset>
      <Say>{t('checksNotStopped')}</Say>
      <div role="status">{said && !said.bad && <Say>{said.words}</Say>}</div>
      {said?.bad && <Say warn>{said.words}</Say>}
      {chief && <p class="acts"><button class="b go">{t('saveSettings')}</button></p>}
    </form>
  )
}
