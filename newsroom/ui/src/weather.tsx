// Where the strip's weather comes from, and the further cities that a reader may have in it.
import type { JSX } from 'preact'
import { useState } from 'preact/hooks'
import { ask, saying, type City, type Room, type RoomSettings, type WeatherSettings } from './api'
import { slugOf } from './editor/fields'
import { Say } from './parts'
import { locale, of, t } from './words'

const providers: WeatherSettings['provider'][] = ['', 'open-meteo', 'met-norway', 'fixed']
const conditions = ['clear', 'partly-cloudy', 'cloudy', 'fog', 'drizzle', 'light-rain', 'rain', 'heavy-rain', 'freezing-rain', 'sleet', 'light-snow', 'snow', 'heavy-snow', 'hail', 'thunder']
/** The languages that readers' pages have words for. */
const languages = ['en', 'hi', 'ar']
const most = 20

/** A city as it is being written: its slug is that of its name until somebody writes another. */
type Written = City & { key: number, own: boolean }

let keys = 0

export function WeatherForm({ room, first, chief }: { room: Room, first: RoomSettings, chief: boolean }): JSX.Element {
  const [weather, set] = useState(first.weather)
  const [cities, write] = useState<Written[]>(() => (first.weather.cities ?? []).map((c) => ({ ...c, key: ++keys, own: true })))
  const [said, say] = useState<{ bad: boolean, words: string }>()
  const fixed = weather.provider === 'fixed'
  const change = (part: Partial<WeatherSettings>): void => { set({ ...weather, ...part }); say(undefined) }
  const put = (list: Written[]): void => { write(list); say(undefined) }
  const save = async (): Promise<void> => {
    const bare = cities.map(({ key: _, own: __, ...c }) => fixed ? c : { ...c, temperature: undefined, condition: undefined })
    const body: RoomSettings = { ...first, weather: { ...weather, cities: bare.length ? bare : undefined } }
    try {
      await ask<RoomSettings>('PUT', '/settings', { body })
      say({ bad: false, words: t('weatherSaved') })
    } catch (e) {
      say({ bad: true, words: saying(e) })
    }
  }
  return (
    <form class="panel settings" id="weather" aria-labelledby="wt" onSubmit={(e) => { e.preventDefault(); void save() }}>
      <h2 id="wt">{t('weather')}</h2>
      <p class="dim">{t('weatherWhat')}</p>
      {!chief && <Say>{t('settingsChief')}</Say>}
      <fieldset disabled={!chief}>
        <div class="f"><label for="wp">{t('weatherFrom')}</label><select id="wp" value={weather.provider} onChange={(e) => change({ provider: e.currentTarget.value as WeatherSettings['provider'] })}>
          {providers.map((p) => <option key={p} value={p}>{of('weatherFrom', p || 'none')}</option>)}</select><p class="hint">{of('weatherFromHint', weather.provider || 'none')}</p></div>
        {fixed && <Fixed id="w" temperature={weather.temperature} condition={weather.condition} change={change} />}
        <h3>{t('cities')}</h3>
        <p class="dim">{t('citiesWhat')}</p>
        <ol class="cities">{cities.map((c, i) => (
          <li key={c.key}><Place room={room} id={'city' + c.key} city={c} fixed={fixed} change={(part) => put(cities.map((x) => x === c ? { ...x, ...part } : x))} />
            <p class="acts"><button class="b" type="button" disabled={i === 0} onClick={() => put(cities.with(i, cities[i - 1]!).with(i - 1, c))}>{t('cityUp')}</button> <button class="b" type="button" onClick={() => put(cities.filter((x) => x !== c))}>{t('cityRemove')}</button></p></li>))}</ol>
        {cities.length < most && <p class="acts"><button class="b" type="button" onClick={() => put([...cities, { key: ++keys, own: false, slug: '', names: {}, latitude: 0, longitude: 0 }])}>{t('cityAdd')}</button></p>}
      </fieldset>
      <div role="status">{said && !said.bad && <Say>{said.words}</Say>}</div>
      {said?.bad && <Say warn>{said.words}</Say>}
      {chief && <p class="acts"><button class="b go">{t('saveWeather')}</button></p>}
    </form>
  )
}

function Fixed({ id, temperature, condition, empty, change }: { id: string, temperature?: number, condition?: string, empty?: boolean, change: (part: { temperature?: number, condition?: string }) => void }): JSX.Element {
  return <div class="row">
    <div class="f"><label for={id + 't'}>{t('degrees')}</label><input class="half" id={id + 't'} type="number" min={-90} max={60} value={temperature ?? 0} onInput={(e) => change({ temperature: e.currentTarget.valueAsNumber || 0 })} /></div>
    <div class="f"><label for={id + 'c'}>{t('condition')}</label><select id={id + 'c'} required={!empty} value={condition ?? ''} onChange={(e) => change({ condition: e.currentTarget.value || undefined })}>
      <option value="">{empty ? t('conditionOfPaper') : t('choose')}</option>{conditions.map((c) => <option key={c} value={c}>{of('condition', c)}</option>)}</select></div>
  </div>
}

function Place({ room, id, city, fixed, change }: { room: Room, id: string, city: Written, fixed: boolean, change: (part: Partial<Written>) => void }): JSX.Element {
  const own = room.language.split('-')[0]!
  const named = [own, ...languages.filter((l) => l !== own)]
  const of_ = new Intl.DisplayNames([locale], { type: 'language' })
  const name = (l: string, words: string): void => {
    const names = { ...city.names, [l]: words }
    if (!words.trim()) delete names[l]
    change({ names, ...(!city.own && l === own ? { slug: slugOf(words) } : {}) })
  }
  return <>
    <div class="row">{named.map((l) => <div class="f" key={l}><label for={id + l}>{t('nameIn', { language: of_.of(l) ?? l })}</label>
      <input id={id + l} dir="auto" lang={l} required={l === own} maxLength={80} value={city.names[l] ?? ''} onInput={(e) => name(l, e.currentTarget.value)} /></div>)}</div>
    <div class="row">
      <div class="f"><label for={id + 's'}>{t('slug')}</label><input id={id + 's'} required value={city.slug} onInput={(e) => change({ slug: e.currentTarget.value.replaceAll(/\s+/g, '-').toLowerCase(), own: true })} /></div>
      <div class="f"><label for={id + 'a'}>{t('latitude')}</label><input class="half" id={id + 'a'} type="number" step="any" min={-90} max={90} required value={city.latitude} onInput={(e) => change({ latitude: e.currentTarget.valueAsNumber || 0 })} /></div>
      <div class="f"><label for={id + 'o'}>{t('longitude')}</label><input class="half" id={id + 'o'} type="number" step="any" min={-180} max={180} required value={city.longitude} onInput={(e) => change({ longitude: e.currentTarget.valueAsNumber || 0 })} /></div>
    </div>
    {fixed && <Fixed id={id} empty temperature={city.temperature} condition={city.condition} change={change} />}
  </>
}
