// The editor: the page itself on a sheet, its fields beside it.
import type { JSX } from 'preact'
import { useEffect, useReducer, useRef, useState } from 'preact/hooks'
import { ask, get, smallAddress, saying, type Article, type Content, type Picture, type Room, type SavedContent } from '../api'
import { day, moment, time, timeNamed, until, zoneName } from '../clock'
import { Beside, ConflictView } from '../conflict'
import { forget, kept, type Kept } from '../keep'
import { onMoved, Place, usePeople } from '../live'
import { embargoOf, Whose } from '../locks'
import { merge, resolve, sameContent, type Merged, type Pick } from '../merge'
import { isTyping, KeysDialog, Say, Square, stateOfArticle, useKeys, useTitle } from '../parts'
import { go } from '../router'
import { suggestionsIn } from '../remarks'
import { Saver, type SaveState } from '../saver'
import { count, number, of, t } from '../words'
import { minutes, words } from './count'
import { Fields, useNames } from './fields'
import { Remarks, RestOfNotes } from './margin'
import { BodyEditor } from './view'
import { Picker } from '../picker'
import { accepted, bring, Uploads } from '../uploads'

export function EditorPage({ room, id }: { room: Room, id: string }): JSX.Element {
  const [article, set] = useState<Article | null>()
  const [left, leave] = useState<Kept>()
  const [error, fail] = useState('')
  const made = useRef('')
  const key = useRef(id)
  useEffect(() => {
    if (id === made.current) return // this editor made it just now
    set(undefined)
    fail('')
    let gone = false
    Promise.all([id === 'new' ? null : get<Article>('/articles/' + id), kept(room.me.name, id).catch(() => undefined)]).then(([a, k]) => {
      if (gone) return
      leave(k && !sameContent(k.content, a?.content ?? {}) ? k : undefined)
      set(a)
    }).catch((e) => { if (!gone) fail(saying(e)) })
    return () => { gone = true }
  }, [id])
  if (error) return <main id="main" class="work one"><section class="panel"><h1>{t('cannotOpen')}</h1><Say warn>{error}</Say><p class="acts"><a class="b" href="/">{t('backToDay')}</a></p></section></main>
  if (article === undefined) return <main id="main" aria-busy="true" />
  if (id !== made.current) key.current = id
  return <Editor key={key.current} room={room} first={article ?? undefined} left={left} made={(a) => {
    made.current = a.id
    go('/articles/' + a.id, true)
  }} />
}

/** The fields that a place in an article is in, by its path. */
const fieldIds: Record<string, string> = { 'dateline.place': 'place', 'lead.alt': 'lead-alt', 'lead.credit': 'lead-credit' }

/** Goes to a place of the article: a field, or a block of the body. */
function reveal(path: string, body: BodyEditor): void {
  if (path.startsWith('body')) return body.reveal(path)
  const field = document.getElementById(fieldIds[path] ?? path)
  field?.closest('details')?.setAttribute('open', '')
  field?.focus()
}

interface Deciding { merged: Merged, theirs: Article }

function Editor({ room, first, left, made }: { room: Room, first?: Article, left?: Kept, made: (a: Article) => void }): JSX.Element {
  const fresh: Content = { language: room.language }
  const content = useRef<Content>(first?.content ?? fresh)
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const [article, setArticle] = useState(first)
  const [state, setState] = useState<SaveState>({ kind: 'clean' })
  const [deciding, decide] = useState<Deciding>()
  const [unsaved, setUnsaved] = useState(left)
  const [beside, showBeside] = useState(false)
  const [notice, tell] = useState('')
  const [keys, showKeys] = useState(false)
  const [picked, pickPicture] = useState<((p?: Picture) => void) | undefined>()
  const [suggesting, suggest] = useState(false)
  const sheet = useRef<HTMLDivElement>(null)
  const editor = useRef<BodyEditor | undefined>(undefined)
  const saver = useRef<Saver | undefined>(undefined)
  const place = useRef<Place | undefined>(undefined)
  const names = useNames(room, content.current)
  const title = content.current.headline || t('untitled')
  useTitle(`${title} – ${room.name}`)

  const locked = article !== undefined && room.me.role === 'reporter' && (article.draft === 'submitted' || article.draft === 'scheduled')
  const lockedNow = useRef(locked)
  lockedNow.current = locked
  const remarks = useRef<Remarks | undefined>(undefined)
  remarks.current ??= new Remarks({
    me: room.me.name, writes: () => !lockedNow.current, trouble: (message) => tell(message), decide: (id, how) => decideOn.current(id, how),
    takeBack: (id) => editor.current?.takeBack(id),
  })
  const read = (): Content => ({ ...content.current, body: editor.current?.body() as Content['body'] })
  const show = (c: Content): void => {
    content.current = { ...c, body: undefined }
    editor.current?.show(c.body)
    draw(0)
  }

  useEffect(() => {
    editor.current = new BodyEditor(sheet.current!, first?.content.body, {
      language: content.current.language ?? room.language, label: t('body'), editable: true, upload: bring, ours: () => new Promise((done) => pickPicture(() => done)),
      remarks: remarks.current!, refused: () => tell(t('onlyWords')), tell,
      note: async (words) => {
        if (!saver.current?.article) await saver.current?.flush()
        return saver.current?.article ? remarks.current!.make(words) : undefined
      },
      changed: () => { saver.current?.touched(); counting.current() }, publish: () => latest.current(), moved: (n) => place.current?.at(n),
    })
    saver.current = new Saver(first, {
      account: room.me.name, read, trouble: tell, suggests: () => lockedNow.current,
      told: (s) => { setState(s); if (s.kind !== 'conflict') decide(undefined) },
      saved: (a) => {
        setArticle(a)
        if (suggestionsIn(a.content.body).some((id) => !remarks.current!.list.suggestions.some((k) => k.id === id))) void remarks.current!.load(a.id)
        if (!saver.current?.article || place.current) return
        place.current = new Place(a.id)
        made(a)
      },
      conflict: (base, theirs) => {
        const mine = read()
        const merged = merge({ ...base.kept, ...(sameContent(base.own, base.kept) ? {} : { body: base.own.body }) }, mine, theirs.content)
        setArticle(theirs)
        if (merged.conflicts.length > 0) {
          decide({ merged, theirs })
          return undefined
        }
        show(merged.content)
        tell(t('mergedWith', { name: theirs.saved_by }))
        return merged.content
      },
    })
    const at = new URL(location.href).searchParams.get('at')
    if (first) {
      place.current = new Place(first.id)
      void remarks.current!.load(first.id).then(() => { if (at && /^(note|suggestion)-/.test(at)) requestAnimationFrame(() => document.getElementById(at)?.focus()) }) // cards are drawn then
    }
    draw(0)
    if (at) reveal(at, editor.current)
    else if (!first) document.getElementById('headline')?.focus()
    return () => {
      place.current?.leave()
      saver.current?.close()
      editor.current?.destroy()
    }
  }, [])

  useEffect(() => {
    editor.current!.suggesting.on = suggesting || locked
    for (const id of remarks.current!.mine()) editor.current!.suggesting.mine.add(id)
    remarks.current!.tell()
  }, [suggesting, locked])
  useEffect(() => remarks.current!.watch(() => { for (const id of remarks.current!.mine()) editor.current?.suggesting.mine.add(id) }), [])
  useEffect(() => onMoved((m) => { if (m.article === saver.current?.article?.id) void remarks.current!.load(m.article) }), [])

  /** Suggestions are taken and left in the newsroom, so that it knows by whom. */
  const decideOn = useRef<(id: string, how: 'take' | 'leave') => Promise<void>>(async () => undefined)
  decideOn.current = async (id, how) => {
    const s = saver.current!
    if (!await s.flush()) return tell(t('notSaved'))
    try {
      const a = await ask<Article>('POST', `/articles/${s.article!.id}/suggestions/${id}/${how}`, { version: s.article!.version })
      if (s.dirty) return // what was written meanwhile meets it when it is saved
      s.agreed(a, a.content)
      setArticle(a)
      show(a.content)
      tell(t(how === 'take' ? 'suggestionTaken' : 'suggestionLeft'))
      editor.current?.focus()
      await remarks.current!.load(a.id)
    } catch (e) {
      tell(saying(e))
    }
  }

  const touched = (): void => {
    saver.current?.touched()
    draw(0)
  }
  const change = (part: Partial<Content>): void => {
    content.current = { ...content.current, ...part }
    touched()
  }

  useEffect(() => onMoved((m) => {
    const s = saver.current
    if (!s?.article || m.article !== s.article.id || m.version <= s.article.version || s.dirty || s.state.kind === 'saving') return
    get<Article>('/articles/' + m.article).then((a) => {
      if (s.dirty || !s.article || a.version <= s.article.version) return // what is written now meets it when it is saved
      const text = a.content_version !== s.article.content_version
      s.agreed(a, a.content)
      setArticle(a)
      if (!text) return
      show(a.content)
      tell(t('nowSavedBy', { name: a.saved_by, time: time(new Date(a.saved_at), true) }))
    }).catch(() => undefined) // the next save meets it
  }), [])

  const act = async (path: string, body?: unknown): Promise<void> => {
    if (!await saver.current!.flush()) return
    try {
      const a = await ask<Article>('POST', `/articles/${saver.current!.article!.id}/${path}`, { version: saver.current!.article!.version, body })
      saver.current!.agreed(a, read())
      setArticle(a)
    } catch (e) {
      tell(saying(e))
    }
  }
  const publish = async (): Promise<void> => {
    if (await saver.current!.flush() && saver.current!.article) go(`/articles/${saver.current!.article.id}/publish`)
  }
  /** Tells the word count, which follows alone: nothing else of the page depends on the words of the body. */
  const counting = useRef<() => void>(() => undefined)
  const latest = useRef<() => void>(() => undefined)
  latest.current = () => { if (article && room.me.role !== 'reporter') void publish() }
  useKeys((e) => {
    if ((e.ctrlKey || e.metaKey) && e.key === 'Enter') {
      e.preventDefault()
      latest.current()
    } else if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 's') {
      e.preventDefault()
      void saver.current?.flush()
    } else if ((e.ctrlKey || e.metaKey) && e.altKey && e.code === 'KeyG') {
      e.preventDefault()
      if (article && !locked) suggest((was) => !was)
    } else if (e.key === '?' && !isTyping(e.target)) showKeys(true)
  })

  const useKept = async (k: Kept): Promise<void> => {
    setUnsaved(undefined)
    showBeside(false)
    const s = saver.current!
    if (!s.article || s.article.content_version === k.contentVersion || k.contentVersion === 0) {
      show(k.content)
      s.touched()
      return
    }
    try {
      const base = await get<SavedContent>(`/articles/${s.article.id}/versions/${k.contentVersion}`)
      const merged = merge(base.content, k.content, s.article.content)
      if (merged.conflicts.length > 0) {
        show(k.content)
        setState({ kind: 'conflict' })
        decide({ merged, theirs: s.article })
        return
      }
      show(merged.content)
      s.touched()
    } catch (e) {
      tell(saying(e))
    }
  }

  const chosen = (picks: Pick[]): void => {
    const resolved = resolve(deciding!.merged, picks)
    const { theirs } = deciding!
    decide(undefined)
    show(resolved)
    saver.current!.goOn(theirs)
    void saver.current!.flush()
  }
  const separately = async (): Promise<void> => {
    const mine = read()
    try {
      const copy = await ask<Article>('POST', '/articles', { body: { ...mine, slug: undefined, headline: t('copyOf', { headline: mine.headline ?? '' }) } })
      await saver.current!.drop()
      await forget(room.me.name, deciding!.theirs.id)
      location.assign('/articles/' + copy.id)
    } catch (e) {
      tell(saying(e))
    }
  }
  const c = content.current
  const section = room.sections.find((s) => s.id === c.section)
  return (
    <>
      <EditorBar room={room} article={article} state={state} words={savedWords(state, article)} publish={publish} act={act} plain={deciding !== undefined} suggesting={locked || !article ? undefined : suggesting} suggest={() => { suggest(!suggesting); editor.current?.focus() }} />
      {deciding && <main id="main" class="work one"><ConflictView merged={deciding.merged} theirs={deciding.theirs} names={names} done={chosen} separately={() => void separately()} /></main>}
      <main id={deciding ? undefined : 'main'} class="work edit" hidden={deciding !== undefined}>
        <div class="sheet" role="region" aria-label={t('article')}>
          <Banners state={state} locked={locked} article={article} retry={() => void saver.current?.flush()} />
          {unsaved && <Say warn><b>{t('keptHere', { time: moment(new Date(unsaved.at), true) })}</b> {article && t('savedSince', { name: article.saved_by, time: moment(new Date(article.saved_at), true) })}
            <div class="acts"><button class="b" type="button" onClick={() => void useKept(unsaved)}>{t('useKept')}</button>
              <button class="b bare" type="button" aria-expanded={beside} onClick={() => showBeside(!beside)}>{t('seeBoth')}</button>
              <button class="b bare" type="button" onClick={() => { setUnsaved(undefined); showBeside(false); void forget(room.me.name, unsaved.id) }}>{t('keepSaved')}</button></div>
            {beside && <Beside older={article?.content ?? {}} newer={unsaved.content} />}
          </Say>}
          <p class="label">{section ? names(section.id) : ''}{c.label && c.label !== 'news' ? (section ? ', ' : '') + of('label', c.label).toLocaleLowerCase() : ''}</p>
          <h1 class="vh">{title}</h1>
          <Growing id="headline" class="hl" label={t('headline')} value={c.headline ?? ''} lang={c.language} disabled={locked} limit={300} input={(headline) => change({ headline })} enter={() => document.getElementById('standfirst')?.focus()} />
          <Growing id="standfirst" class="stand" label={t('standfirst')} value={c.standfirst ?? ''} lang={c.language} disabled={locked} limit={1000} input={(standfirst) => change({ standfirst })} enter={() => editor.current?.focus()} />
          <LeadPicture content={c} change={change} ours={() => new Promise((done) => pickPicture(() => done))} disabled={locked} />
          {c.dateline?.place && <p class="dl">{c.dateline.place}{c.dateline.agency && ` (${c.dateline.agency})`} —</p>}
          <div class="prose" ref={sheet} />
          <p class="cut"><Length of={() => editor.current ? words(editor.current.doc) : 0} changed={counting} />
            <span class="hints"><kbd>/</kbd> {t('hintBlock')} <kbd>[[</kbd> {t('hintLink')} <kbd>Ctrl</kbd> <kbd>Enter</kbd> {t('hintPublish')}</span></p>
          <RestOfNotes remarks={remarks.current} />
        </div>
        <Fields room={room} article={article} content={c} names={names} change={change} saved={state.kind === 'clean'} disabled={locked} />
        <Uploads />
        {notice && <p class="toast" role="status">{notice} <button class="b bare" type="button" onClick={() => tell('')}>{t('close')}</button></p>}
      </main>
      {picked && <Picker pick={(p) => { pickPicture(undefined); picked(p) }} close={() => { pickPicture(undefined); picked(undefined) }} />}
      {keys && <KeysDialog close={() => showKeys(false)} list={editorKeys()} />}
    </>
  )
}

/** How long the text is. It may come a moment after the word: the key that was pressed is painted first. */
function Length({ of: length, changed }: { of: () => number, changed: { current: () => void } }): JSX.Element {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const drawing = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  changed.current = () => {
    clearTimeout(drawing.current)
    drawing.current = setTimeout(() => draw(0), 150)
  }
  useEffect(() => () => clearTimeout(drawing.current), [])
  const n = length()
  return <span>{count('wordsCount', n)}, {count('minutesCount', Math.ceil(minutes(n)), { n: halves(minutes(n)) })}</span>
}

/** 2½ */
const halves = (n: number): string => (n >= 1 ? number(Math.floor(n)) : '') + (n % 1 ? '½' : '')

const editorKeys = (): { keys: string[], does: string }[] => [
  { keys: ['/'], does: t('keyBlock') }, { keys: ['[['], does: t('keyLink') }, { keys: ['Ctrl', 'k'], does: t('markLink') }, { keys: ['Ctrl', 'b'], does: t('markStrong') }, { keys: ['Ctrl', 'i'], does: t('markEm') },
  { keys: ['Alt', 'F10'], does: t('keyFields') }, { keys: ['Esc', 'Tab'], does: t('keyLeave') },
  { keys: ['Ctrl', 'Alt', 'm'], does: t('keyNote') }, { keys: ['Ctrl', 'Alt', 'g'], does: t('keySuggest') },
  { keys: ['Ctrl', 'z'], does: t('undo') }, { keys: ['Ctrl', 's'], does: t('saveNow') }, { keys: ['Ctrl', 'Enter'], does: t('publishIt') },
]

function savedWords(state: SaveState, article?: Article): string {
  switch (state.kind) {
    case 'saving': return t('saving')
    case 'waiting': return t('notSavedYet')
    case 'offline': return t('notSavedSince', { time: time(state.since, true) })
    case 'signedOut': case 'conflict': case 'refused': return t('notSaved')
    case 'clean': return article ? t('savedAt', { time: time(new Date(article.saved_at), true), version: article.content_version }) : ''
  }
}

function Banners({ state, locked, article, retry }: { state: SaveState, locked: boolean, article?: Article, retry: () => void }): JSX.Element {
  return <>
    {state.kind === 'offline' && <Say warn><b>{t('noConnection', { time: time(state.since, true) })}</b> {t('noConnectionThen')}</Say>}
    {state.kind === 'signedOut' && <Say warn><b>{t('signedOut')}</b> {t('signedOutThen')} <a href={'/sign-in?next=' + encodeURIComponent(location.pathname)} target="_blank" rel="noopener">{t('signIn')}</a></Say>}
    {state.kind === 'refused' && <Say warn><b>{t('saveRefused')}</b> {state.message} <button class="b bare" type="button" onClick={retry}>{t('again')}</button></Say>}
    {article?.rights_ended && <Say warn><b>{count('endedHere', article.rights_ended.length)}</b> {article.rights_ended.map((id) => <a key={id} href={'/pictures/' + id}>{t('seePicture')}</a>)}</Say>}
    {locked && <Say>{article?.draft === 'scheduled' ? t('lockedScheduled') : t('lockedSubmitted')} {t('lockedSuggest')}</Say>}
    {article?.hold && <Say warn><b>{t('heldBy', { name: article.hold.by })}</b> <Whose lock={article.hold} /> {t('askChiefHold')} <a href={`/articles/${article.id}/locks`}>{t('locksMore')}</a></Say>}
    {article?.embargo && embargoOf(article) && <Say warn><b>{t('embargoStands', { day: day(embargoOf(article)!), time: timeNamed(embargoOf(article)!), until: until(embargoOf(article)!) })}</b> <Whose lock={article.embargo} /> {t('askChiefEmbargo')} <a href={`/articles/${article.id}/locks`}>{t('locksMore')}</a></Say>}
    {article?.schedule && <Say><b>{t('scheduledFor', { time: moment(new Date(article.schedule.due)) + ' ' + zoneName(new Date(article.schedule.due)) })}</b> {article.schedule.content_version < article.content_version
      ? t('scheduledOlder', { version: article.schedule.content_version, now: article.content_version }) : ''} <a href={`/articles/${article.id}/schedule`}>{t('seeSchedule')}</a></Say>}
  </>
}

/** What readers have, in words, and what stands beside it. */
export function liveWords(a: Article): string {
  if (a.readers === 'withdrawn') return t('liveWithdrawn', { kind: of('withdrawal', a.withdrawal?.kind ?? 'killed') })
  if (a.readers === 'unpublished') return stateOfArticle(a).words
  return a.draft === 'none' ? t('liveEdition', { n: a.edition }) : t('liveBeside', { n: a.edition })
}

export function EditorBar({ room, article, state, words: saved, publish, act, plain, suggesting, suggest }: {
  room: Room, article?: Article, state?: SaveState, words?: string, publish?: () => void, act?: (path: string, body?: unknown) => Promise<void>, plain?: boolean,
  suggesting?: boolean, suggest?: () => void,
}): JSX.Element {
  const people = usePeople().filter((p) => p.article === article?.id)
  const editor = room.me.role !== 'reporter'
  const drafted = article && article.draft !== 'none'
  return (
    <header class="bar">
      <a class="plain" href="/">← {t('listDay')}</a>
      {article ? <span><Square of={stateOfArticle(article).square} />{liveWords(article)}</span> : <span><Square of="" />{t('newDraft')}</span>}
      <span class="dim tab push" role="status">{saved}</span>
      {people.map((p) => <span class="who" key={p.window}>{p.paragraph ? t('isInParagraph', { name: p.name, n: p.paragraph }) : t('isHere', { name: p.name })}</span>)}
      {!plain && article?.kind === 'live' && <a class="b" href={`/articles/${article.id}/live`}>{t('liveOpen')}</a>}
      {!plain && suggesting !== undefined && <button class="b" type="button" aria-pressed={suggesting} onClick={suggest}>{t('suggest')}</button>}
      {!plain && act && article?.draft === 'draft' && <button class={'b' + (editor ? '' : ' go')} type="button" onClick={() => void act('submit')}>{t('submit')}</button>}
      {!plain && act && editor && article?.draft === 'submitted' && <GiveBack act={act} />}
      {!plain && publish && editor && (drafted || state?.kind === 'waiting' || state?.kind === 'saving') && article?.readers !== 'withdrawn' && <button class="b go" type="button" onClick={publish}>{t('publishMore')}</button>}
    </header>
  )
}

function GiveBack({ act }: { act: (path: string, body?: unknown) => Promise<void> }): JSX.Element {
  const [asking, ask] = useState(false)
  const [reason, say] = useState('')
  if (!asking) return <button class="b" type="button" onClick={() => ask(true)}>{t('giveBack')}</button>
  return (
    <form class="acts" onSubmit={(e) => { e.preventDefault(); void act('return', { reason }).then(() => ask(false)) }}>
      <input class="in half" aria-label={t('giveBackWhy')} placeholder={t('giveBackWhy')} value={reason} required onInput={(e) => say(e.currentTarget.value)} ref={(i) => i?.focus()} />
      <button class="b">{t('giveBack')}</button><button class="b bare" type="button" onClick={() => ask(false)}>{t('cancel')}</button>
    </form>
  )
}

/** One line of words that is as high as they need. */
function Growing(p: { id: string, class: string, label: string, value: string, lang?: string, disabled: boolean, limit: number, input: (s: string) => void, enter: () => void }): JSX.Element {
  return (
    <textarea id={p.id} class={'growing ' + p.class} rows={1} aria-label={p.label} placeholder={p.label} value={p.value} lang={p.lang} dir="auto" disabled={p.disabled} maxLength={p.limit} spellcheck
      onInput={(e) => p.input(e.currentTarget.value.replaceAll(/[\r\n]+/g, ' '))} onKeyDown={(e) => { if (e.key === 'Enter' && !e.ctrlKey && !e.metaKey && !e.isComposing) { e.preventDefault(); p.enter() } }} />
  )
}

function LeadPicture({ content, change, ours, disabled }: { content: Content, change: (c: Partial<Content>) => void, ours: () => Promise<Picture | undefined>, disabled: boolean }): JSX.Element {
  const [over, hover] = useState(false)
  const take = async (files: FileList | null | undefined): Promise<void> => {
    const file = files?.[0]
    if (file) use(await bring(file))
  }
  const use = (p: Picture | undefined): void => {
    if (p) change({ lead: { picture: p.id, alt: p.alt, caption: p.caption, credit: p.credit } })
  }
  const choose = <button class="b bare" type="button" disabled={disabled} onClick={() => void ours().then(use)}>{t('fromOurs')}</button>
  const drop = {
    onDragOver: (e: DragEvent) => { if (e.dataTransfer?.types.includes('Files')) { e.preventDefault(); hover(true) } }, onDragLeave: () => hover(false),
    onDrop: (e: DragEvent) => { e.preventDefault(); hover(false); void take(e.dataTransfer?.files) }, onPaste: (e: ClipboardEvent) => void take(e.clipboardData?.files),
  }
  const chooser = <input class="vh" type="file" accept={accepted} disabled={disabled} onChange={(e) => void take(e.currentTarget.files)} />
  const l = content.lead
  if (!l) return <div class="lead-none"><label id="lead" tabIndex={-1} class={'lead-empty' + (over ? ' over' : '')} {...drop}>{chooser}<span><b>{t('leadAdd')}</b> {t('leadHow')}</span></label>{choose}</div>
  const set = (part: Partial<typeof l>): void => change({ lead: { ...l, ...part } })
  return (
    <figure class={'lead' + (over ? ' over' : '')} {...drop}>
      <img src={smallAddress(l.picture, true)} alt={l.alt ?? ''} />
      <div class="blockfields">
        <div class={'blockfield wide' + (l.alt ? '' : ' bad')}><label for="lead-alt">{t('alt')}</label><input class="in" id="lead-alt" value={l.alt ?? ''} disabled={disabled} onInput={(e) => set({ alt: e.currentTarget.value })} aria-describedby="lead-alt-hint" /><p class="hint" id="lead-alt-hint">{t('altHint')}</p></div>
        <div class="blockfield wide"><label for="lead-caption">{t('caption')}</label><input class="in" id="lead-caption" value={l.caption ?? ''} disabled={disabled} onInput={(e) => set({ caption: e.currentTarget.value })} /></div>
        <div class="blockfield"><label for="lead-credit">{t('credit')}</label><input class="in" id="lead-credit" value={l.credit ?? ''} disabled={disabled} onInput={(e) => set({ credit: e.currentTarget.value })} /></div>
        <a class="b bare" href={'/pictures/' + l.picture}>{t('framePicture')}</a><label class="b bare">{chooser}{t('replacePicture')}</label>{choose}<button class="b bare" type="button" disabled={disabled} onClick={() => change({ lead: undefined })}>{t('removePicture')}</button>
      </div>
    </figure>
  )
}

