// The newsroom in a browser: which view an address shows.
import { Component, render, type ComponentChildren, type JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { get, Problem, saying, type Room } from './api'
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
import { followLinks, useAddress } from './router'
import { Schedule } from './schedule'
import { Settings } from './settings'
import { language, t } from './words'
import { Stories } from './stories'
import { StoryPage } from './story/page'
import { Withdraw } from './withdraw'

function View({ room }: { room: Room }): JSX.Element {
  const address = useAddress()
  const [, , id = '', part = '', last = ''] = address.pathname.split('/')
  if (address.pathname === '/calendar') return <Calendar room={room} />
  if (/^\/pictures\/./.test(address.pathname)) return <PicturePage key={id} room={room} id={id} />
  if (address.pathname === '/settings') return <Settings room={room} />
  if (address.pathname === '/stories') return <Stories room={room} />
  if (address.pathname.startsWith('/stories/')) return part === 'receipt' ? <ReceiptPage key={last} room={room} id={id} sequence={last} story /> : <StoryPage key={id} room={room} id={id} />
  if (address.pathname.startsWith('/fronts/')) return <FrontPage key={id} room={room} id={id} />
  if (address.pathname === '/reads') return <Reads room={room} />
  if (!id) return <Desk room={room} />
  switch (part) {
    case '': return <EditorPage room={room} id={id} />
    case 'publish': return <Publish key={id} room={room} id={id} />
    case 'schedule': return <Schedule key={id} room={room} id={id} />
    case 'receipt': return <ReceiptPage key={last} room={room} id={id} sequence={last} />
    case 'withdraw': return <Withdraw key={id} room={room} id={id} />
    case 'restore': return <Withdraw key={id + 'restore'} room={room} id={id} restore />
    case 'preview': return <Preview key={id} room={room} id={id} />
    case 'locks': return <Locks key={id} room={room} id={id} />
    case 'address': return <Move key={id} room={room} id={id} />
    case 'live': return <CoveragePage key={id} room={room} id={id} />
    case 'history': return <History key={id} room={room} id={id} />
    default: return <main id="main" class="work one"><section class="panel"><h1>{t('nothingAt')}</h1><p class="acts"><a class="b" href="/">{t('backToDay')}</a></p></section></main>
  }
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
