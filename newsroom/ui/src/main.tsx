// The newsroom in a browser: which view an address shows.
import { Component, render, type ComponentChildren, type JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { get, Problem, saying, type Room } from './api'
import { Audit } from './audit'
import { Calendar } from './calendar'
import { setClock } from './clock'
import { CoveragePage } from './coverage'
import { Desk } from './desk'
import { EditorPage } from './editor/page'
import { FrontPage } from './fronts/page'
import { History } from './history'
import { listen } from './live'
import { Locks } from './locks'
import { Move } from './move'
import { Say } from './parts'
import { PicturePage } from './picture'
import { Publish } from './publish'
import { Preview } from './preview'
import { Reads } from './reads'
import { ReceiptPage } from './receipt'
import { Erase, RedactWords } from './passages'
import { Redact } from './redact'
import { followLinks, useAddress, viewAt, type ViewName } from './router'
import { Schedule } from './schedule'
import { Settings } from './settings'
import { language, t } from './words'
import { Stories } from './stories'
import { StoryHistory } from './story/history'
import { StoryPage } from './story/page'
import { Withdraw } from './withdraw'

/** What each view of views.json is drawn by. A view is made anew where its key is another. */
const drawn: Record<ViewName, (room: Room, id: string, number: string) => JSX.Element> = {
  desk: (room) => <Desk room={room} />,
  calendar: (room) => <Calendar room={room} />,
  reads: (room) => <Reads room={room} />,
  settings: (room) => <Settings room={room} />,
  audit: (room) => <Audit room={room} />,
  redactWords: (room) => <RedactWords room={room} />,
  erase: (room) => <Erase room={room} />,
  front: (room, id) => <FrontPage key={id} room={room} id={id} />,
  stories: (room) => <Stories room={room} />,
  story: (room, id) => <StoryPage key={id} room={room} id={id} />,
  storyHistory: (room, id) => <StoryHistory key={id} room={room} id={id} />,
  storyReceipt: (room, id, number) => <ReceiptPage key={number} room={room} id={id} sequence={number} story />,
  picture: (room, id) => <PicturePage key={id} room={room} id={id} />,
  editor: (room, id) => <EditorPage room={room} id={id} />,
  publish: (room, id) => <Publish key={id} room={room} id={id} />,
  schedule: (room, id) => <Schedule key={id} room={room} id={id} />,
  receipt: (room, id, number) => <ReceiptPage key={number} room={room} id={id} sequence={number} />,
  withdraw: (room, id) => <Withdraw key={id} room={room} id={id} />,
  restore: (room, id) => <Withdraw key={id + 'restore'} room={room} id={id} restore />,
  redact: (room, id) => <Redact key={id} room={room} id={id} />,
  preview: (room, id) => <Preview key={id} room={room} id={id} />,
  locks: (room, id) => <Locks key={id} room={room} id={id} />,
  address: (room, id) => <Move key={id} room={room} id={id} />,
  live: (room, id) => <CoveragePage key={id} room={room} id={id} />,
  history: (room, id) => <History key={id} room={room} id={id} />,
}

function View({ room }: { room: Room }): JSX.Element {
  const { name, id, number } = viewAt(useAddress().pathname)!
  return drawn[name](room, id, number)
}

/** A fault of the interface is said, not hidden behind an empty page; what was written is kept in the browser. */
class Whole extends Component<{ children: ComponentChildren }, { error?: unknown }> {
  static override getDerivedStateFromError(error: unknown): { error: unknown } { return { error } }

  render(): ComponentChildren {
    if (this.state.error === undefined) return this.props.children
    return <main id="main" class="work one"><section class="panel"><h1>{t('fault')}</h1><Say warn>{saying(this.state.error)}</Say><p class="acts"><a class="b go" href={location.href} target="_self">{t('loadAnew')}</a></p></section></main>
  }
}

function App(): JSX.Element {
  const [room, enter] = useState<Room>()
  const [error, fail] = useState('')
  const load = (): void => {
    fail('')
    get<Room>('/room').then((r) => {
      setClock(r)
      enter(r)
      listen()
    }).catch((e) => {
      if (e instanceof Problem && e.status === 401) location.assign('/sign-in?next=' + encodeURIComponent(location.pathname + location.search))
      else fail(saying(e))
    })
  }
  useEffect(load, [])
  if (error) return <main id="main" class="work one"><section class="panel"><h1>{t('cannotReach')}</h1><Say warn>{error}</Say><p class="acts"><button class="b go" type="button" onClick={load}>{t('again')}</button></p></section></main>
  if (!room) return <main id="main" aria-busy="true" />
  return <><a class="skip" href="#main">{t('skip')}</a><View room={room} /></>
}

document.documentElement.lang = language
followLinks()
render(<Whole><App /></Whole>, document.getElementById('app')!)
