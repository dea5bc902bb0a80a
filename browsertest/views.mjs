// Opens every view that the newsroom's listener knows (the list comes from its own routes: one that has no way to it here fails), and looks
// at each in English and in Hindi, light and dark, at phone and desk width, at 200 % zoom, and with letters twice as large (see
// room.mjs for what it prints). ATAG 2.0, A.1.1, A.3.1 and A.3.6: what is shown of the tool itself; WCAG 2.2, 1.4.4, 1.4.10 and 2.4.11.
import { readFileSync } from 'node:fs'
import { api, articleOf, browser, day, go, input, look, open, saved, sight, somebody, step, tell } from './room.mjs'

const origin = { Origin: input.newsroom }
const inMain = (selector) => (page) => page.waitForSelector(selector)

/** Asks the newsroom for something that an editor would ask it for in a view of its own. */
async function ask(context, method, path, data, version) {
  const answer = await context.request.fetch(input.newsroom + '/api/v1' + path, { method, data, headers: { ...origin, ...(version ? { 'If-Match': `"${version}"` } : {}) } })
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`)
  return answer.json()
}
const find = (context, id) => api(context, '/articles/' + id)
const act = async (context, id, what, data = {}) => ask(context, 'POST', `/articles/${id}/${what}`, data, (await find(context, id)).version)

const paragraph = (text) => ({ type: 'paragraph', content: [{ type: 'text', text }] })

/** A paper in which every view has something to show. */
async function furnish({ context, page }) {
  const room = await api(context, '/room')
  const section = room.sections[0].id
  await go(page, '/articles/new')
  await page.locator('#headline').fill('Harbour Authority redraws the line')
  await page.locator('.lead-empty input').setInputFiles(input.picture)
  await page.locator('#lead-alt').fill('A white ferry at a quay.')
  await page.locator('#lead-credit').fill('Ada Menon')
  await saved(page)
  await page.waitForURL(/\/articles\/[0-9a-f-]{36}$/)
  const id = articleOf(page)
  const { lead } = (await find(context, id)).content
  const person = await ask(context, 'POST', '/persons', { slug: 'maret-fonseka', names: { en: 'Maret Fonseka' } })
  const figure = (alt) => ({ type: 'figure', attrs: { picture: lead.picture, alt, credit: 'Ada Menon' }, content: [{ type: 'text', text: 'The ferry on its first morning.' }] })
  const cell = (text, header) => ({ type: 'table_cell', ...(header ? { attrs: { header } } : {}), content: [{ type: 'text', text }] })
  const body = { type: 'doc', content: [
    paragraph('The line now runs 11 nautical miles from the lighthouse.'), { type: 'heading', attrs: { level: 2 }, content: [{ type: 'text', text: 'What the survey counted' }] },
    { type: 'bullet_list', content: ['212 boats in May', '190 in June'].map((s) => ({ type: 'list_item', content: [paragraph(s)] })) },
    { type: 'quote', attrs: { speaker: person.id, role: 'pilot' }, content: [paragraph('We waited four months for it.')] },
    { type: 'table', attrs: { caption: 'Boats in a day' }, content: [['Month', 'Boats'], ['May', '212']].map((r, i) => ({ type: 'table_row', content: r.map((s) => cell(s, i === 0)) })) },
    { type: 'fact_box', attrs: { title: 'The lighthouse' }, content: [paragraph('Built in 1901.')] }, { type: 'pull_quote', content: [{ type: 'text', text: 'It was a calm month.' }] },
    figure('The ferry at the pier'), { type: 'gallery', attrs: { caption: 'Two views', credit: 'Ada Menon' }, content: [1, 2].map((n) => ({ type: 'figure', attrs: { picture: lead.picture, alt: 'View ' + n } })) },
    { type: 'embed', attrs: { provider: 'youtube', url: 'https://www.youtube.com/watch?v=abcdefghijk', title: 'The launch' } }, { type: 'rule' }, { type: 'code', content: [{ type: 'text', text: '10° 12′ N' }] },
  ] }
  const content = { headline: 'Harbour Authority redraws the line', standfirst: 'Fishermen lose a third of the bay.', language: 'en', section, body, lead, byline: [{ person: person.id }], dateline: { place: 'Mora' } }
  await ask(context, 'PUT', '/articles/' + id, content, (await find(context, id)).version)
  const receipt = await act(context, id, 'publish')
  content.body.content[0] = paragraph('The line now runs 14 nautical miles from the lighthouse.')
  await ask(context, 'PUT', '/articles/' + id, content, (await find(context, id)).version)
  const note = await ask(context, 'POST', '/notes', { article: id, words: 'Is it 14 from Great Sella or from Mora?' })
  content.body.content[0] = { type: 'paragraph', content: [{ type: 'text', text: 'The line now runs ' }, { type: 'text', text: '14', marks: [{ type: 'note', attrs: { note: note.id } }] }, { type: 'text', text: ' nautical miles from the lighthouse.' }] }
  await ask(context, 'PUT', '/articles/' + id, content, (await find(context, id)).version)
  const { address } = await act(context, id, 'previews', { hours: 24 })

  const another = async (headline, ...acts) => {
    const a = await ask(context, 'POST', '/articles', { headline, language: 'en', section, body: { type: 'doc', content: [paragraph('A sentence of its own.')] } })
    for (const [what, data] of acts) await act(context, a.id, what, data)
    return a.id
  }
  const year = new Date().getFullYear() + 1
  const scheduled = await another('The pilots vote in July', ['schedule', { due: `${year}-07-03T06:38:00Z` }])
  const locked = await another('Accounts of the port are under embargo', ['embargo', { until: `${year}-07-03T06:38:00Z` }], ['hold', { reason: 'A lawyer is to see the second paragraph' }])
  const withdrawn = await another('A report on one source', ['publish', {}], ['withdraw', { kind: 'killed', reason: 'It rested on one source.' }])
  const { rows } = await api(context, '/desk/all?state=published&limit=100')
  const lives = await Promise.all(rows.filter((r) => r.kind === 'live').map((r) => api(context, '/articles/' + r.id + '/live').then((l) => ({ id: r.id, n: l.entries.length, state: l.state }))))
  const story = await api(context, '/stories/' + (await api(context, '/stories')).items.find((s) => s.readers === 'published').id)
  const told = await ask(context, 'POST', `/stories/${story.id}/publish`, {}, story.version)
  const account = (await api(context, '/accounts')).items[0].id
  const invitation = await ask(context, 'POST', '/invitations', { email: 'nalini@estuary.example', role: 'editor' })
  const link = Object.values(invitation).find((v) => typeof v === 'string' && v.includes('/join/'))
  return {
    id, scheduled, locked, withdrawn, section, picture: lead.picture, receipt: receipt.sequence, preview: new URL(address).pathname, live: (lives.find((l) => l.state === 'live') ?? lives[0])?.id,
    story: story.id, told: told.sequence, account, join: new URL(link, input.newsroom).pathname,
  }
}

/** What is opened for each of the listener's patterns: [name, path, what must be there]; as nobody, or briefly, where it says so. */
const ways = (p) => ({
  '/': [['desk', '/', '.rows'], ['desk-filtered', '/?list=all&section=coast&state=published', 'main select'], ...['mine', 'submitted', 'drafts', 'scheduled', 'embargoed', 'published-today', 'withdrawn'].map((l) => ['desk-' + l, '/?list=' + l, '.rows, .none', 'briefly']),
    ['search', '/?q=harbour', '.rows'], ['search-nothing', '/?q=zzzzqq', '.none']],
  '/calendar': [['calendar', '/calendar', '.month li li']],
  '/reads': [['reads', '/reads', 'h1']],
  '/settings': [['settings', '/settings', '.levels']],
  '/audit': [['audit', '/audit', '.rows']],
  '/redact': [['redact-words', '/redact', 'h1']],
  '/erase': [['erase', '/erase', 'h1']],
  '/fronts/{id}': [['front', '/fronts/home', '.place'], ['front-section', '/fronts/' + p.section, '.place']],
  '/stories': [['stories', '/stories', '.rows']],
  '/stories/{id}': [['story', '/stories/' + p.story, '#name'], ['story-new', '/stories/new', '#name']],
  '/stories/{id}/history': [['story-history', `/stories/${p.story}/history`, 'h1']],
  '/stories/{id}/receipt/{number}': [['story-receipt', `/stories/${p.story}/receipt/${p.told}`, '.receipt, .say']],
  '/pictures/{id}': [['picture', '/pictures/' + p.picture, '.focal .ring']],
  '/articles/{id}': [['editor', '/articles/' + p.id, '.remark .who'], ['editor-new', '/articles/new', '#headline'], ['editor-locked', '/articles/' + p.locked, '.say.warn'], ['editor-scheduled', '/articles/' + p.scheduled, '.say']],
  '/articles/{id}/publish': [['publish', `/articles/${p.id}/publish`, '.checks li'], ['publish-held', `/articles/${p.locked}/publish`, '.panel']],
  '/articles/{id}/schedule': [['schedule', `/articles/${p.scheduled}/schedule`, '#sd']],
  '/articles/{id}/receipt/{number}': [['receipt', `/articles/${p.id}/receipt/${p.receipt}`, '.receipt tbody tr']],
  '/articles/{id}/withdraw': [['withdraw', `/articles/${p.id}/withdraw`, '.pick']],
  '/articles/{id}/restore': [['restore', `/articles/${p.withdrawn}/restore`, '.panel, .dialog']],
  '/articles/{id}/redact': [['redact', `/articles/${p.id}/redact`, 'h1']],
  '/articles/{id}/preview': [['preview', `/articles/${p.id}/preview`, '.previews li']],
  '/articles/{id}/locks': [['locks', `/articles/${p.locked}/locks`, '.lock .say.warn']],
  '/articles/{id}/address': [['address', `/articles/${p.id}/address`, 'main input']],
  '/articles/{id}/live': [['live', `/articles/${p.live}/live`, '.entries li']],
  '/articles/{id}/history': [['history', `/articles/${p.id}/history`, '.events .on']],
  '/account': [['account', '/account', 'h1']],
  '/people': [['people', '/people', 'h1']],
  '/people/{id}': [['person', '/people/' + p.account, 'h1']],
  '/sign-in': [['sign-in', '/sign-in', '#email', 'nobody']],
  '/sign-in/recovery': [['recovery', '/sign-in/recovery', '#code', 'nobody']],
  '/sign-in/provider': [['no-provider', '/sign-in/provider', 'h1', 'nobody']],
  '/sign-in/provider/callback': [['no-provider-callback', '/sign-in/provider/callback', 'h1', 'nobody']],
  '/join/{link}': [['join', p.join, '#name', 'nobody'], ['join-spent', '/join/spent', 'h1', 'nobody']],
  '/preview/{link}': [['preview-button', p.preview, 'button', 'nobody']],
})

/** What is lost in a page: what cannot be reached by scrolling down, and words that their box cuts off. */
const lost = (page) => page.evaluate(() => {
  const root = document.documentElement
  const shown = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest('.vh, .skip, [inert]')
  const scrolls = (e) => { for (let p = e.parentElement; p; p = p.parentElement) if (/auto|scroll/.test(getComputedStyle(p).overflowX)) return true; return false }
  const named = (e) => e.outerHTML.slice(0, 140)
  const out = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, h1, h2, h3, label, p, td, th, li')].filter((e) => {
    const r = e.getBoundingClientRect()
    return shown(e) && r.width > 1 && r.height > 1 && (r.right > root.clientWidth + 1 || r.left < -1) && !scrolls(e)
  })
  const cut = [...document.querySelectorAll('button, a, label, summary, h1, h2, th, td, .b, select')].filter((e) => {
    const s = getComputedStyle(e)
    return shown(e) && e.clientWidth > 1 && /hidden|clip/.test(s.overflowX + s.overflowY) && s.clipPath === 'none' && (e.scrollWidth > e.clientWidth + 2 || e.scrollHeight > e.clientHeight + 2) && !e.querySelector('img')
  })
  const thin = [...document.querySelectorAll('p, li, h2, h3, label')].filter((e) => shown(e) && e.clientWidth > 1 && e.clientWidth < 4 * parseFloat(getComputedStyle(e).fontSize) && e.innerText.trim().length > 12)
  return { wide: root.scrollWidth - root.clientWidth, out: out.map(named), cut: cut.map(named), thin: thin.map(named) }
})

/** At 200 % zoom, and with the browser's letters set twice as large. */
async function enlarged(page, kind) {
  const cdp = await page.context().newCDPSession(page)
  for (const [name, size, font] of [['200 % zoom', { width: 640, height: 450 }, 16], ['letters twice as large', { width: 1280, height: 900 }, 32]]) {
    await page.setViewportSize(size)
    await cdp.send('Page.setFontSizes', { fontSizes: { standard: font, fixed: font } })
    await page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))))
    const is = await lost(page)
    tell({ page: kind, view: name, wide: Math.max(0, is.wide), violations: [...is.out.map((s) => 'outside the window: ' + s), ...is.cut.map((s) => 'cut off: ' + s), ...is.thin.map((s) => 'squeezed: ' + s)] })
    await sight(page, kind, name === '200 % zoom' ? 'zoom' : 'large')
  }
  await cdp.send('Page.setFontSizes', { fontSizes: { standard: 16, fixed: 13 } })
  await page.setViewportSize({ width: 1280, height: 900 })
  await cdp.detach()
}

/** Everything on a page that is worked by hand is reached by Tab, and what has the focus is seen. */
async function byTab(page, kind) {
  const all = await page.evaluate(() => {
    const can = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((e) => !e.disabled && e.tabIndex >= 0 && e.type !== 'hidden' && e.checkVisibility({ visibilityProperty: true }) && !e.closest('fieldset:disabled, [inert]') &&
      !(e.type === 'radio' && [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(e.name)}"]`)].some((r) => r !== e && (r.checked || !e.checked && r.compareDocumentPosition(e) & 4))))
    window.toReach = new Set(can)
    document.activeElement?.blur()
    getSelection()?.removeAllRanges()
    return can.length
  })
  const unseen = []
  await page.evaluate(() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex') })
  for (let i = 0, framed = 0; i < all + 30 && framed < 400; i++) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(() => document.activeElement.matches('iframe'))) { // what is in the frame is another page's
      framed++
      i--
    }
    const at = await page.evaluate(() => {
      const e = document.activeElement
      window.toReach.delete(e)
      const s = getComputedStyle(e)
      const r = e.getBoundingClientRect()
      const seen = (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || e.matches('.ProseMirror, body, iframe') || e.closest('label, .b')?.matches('.lead-empty, .b') || false
      return { seen, html: e.outerHTML.slice(0, 120), within: r.bottom > 0 && r.top < innerHeight, left: window.toReach.size, in: e.matches('.ProseMirror') }
    })
    if (!at.seen || !at.within) unseen.push(at.html)
    if (at.left === 0) break
    if (at.in) await page.keyboard.press('Escape') // in the text Tab may be a part of it; Escape and Tab leave it
  }
  const left = await page.evaluate(() => [...window.toReach].map((e) => e.outerHTML.slice(0, 120)))
  tell({ page: kind, view: 'by Tab', wide: 0, violations: [...left.map((s) => 'not reached by Tab: ' + s), ...unseen.map((s) => 'the focus is not seen: ' + s)] })
}

async function show(page, [kind, path, there]) {
  await page.goto(input.newsroom + path)
  await page.waitForSelector(there)
  await page.waitForSelector('main:not([aria-busy=true])')
  await page.waitForFunction(() => [...document.images].every((i) => i.complete))
  return kind
}

await day(async () => {
  const chief = await somebody(input.link, 'Meera Anand', 'meera@estuary.example')
  const p = await furnish(chief)
  const table = ways(p)
  const only = process.env.ONLY?.split(',')
  const missing = input.views.filter((v) => !table[v])
  step('there is a way to every view that the newsroom has', missing.length === 0, missing.join(', '))
  const gone = Object.keys(table).filter((v) => !input.views.includes(v))
  step('and none to what it has not', gone.length === 0, gone.join(', '))
  const nobody = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' })
  const hindi = { viewport: { width: 1280, height: 900 }, timezoneId: 'Asia/Kolkata', locale: 'hi-IN' }
  const chiefHindi = await browser.newContext({ ...hindi, storageState: await chief.context.storageState() })
  const nobodyHindi = await browser.newContext(hindi)
  const pages = { chief: chief.page, nobody: await open(nobody), chiefHindi: await open(chiefHindi), nobodyHindi: await open(nobodyHindi) }
  await pages.chief.goto(input.newsroom + `/articles/${p.id}/receipt/999999999`)
  await pages.chief.waitForSelector('main h1:text("This cannot be opened")')
  step('a receipt of nothing says so, and not that it is done', /there is no receipt|has \d+ entries/.test(await pages.chief.locator('main').innerText()), await pages.chief.locator('main').innerText())
  for (const [pattern, list] of Object.entries(table)) {
    for (const way of list) {
      if (only && !only.includes(way[0])) continue
      const who = way[3] === 'nobody' ? 'nobody' : 'chief'
      const page = pages[who]
      const kind = await show(page, way)
      const heading = await page.locator('h1').count()
      step(`${pattern}: ${kind} is shown under one heading`, heading === 1 && (await page.title()) !== '' && (await page.evaluate(() => document.documentElement.lang)) === 'en', `${heading} headings; ${await page.title()}`)
      const asked = await page.evaluate(() => performance.getEntriesByType('resource').map((e) => new URL(e.name)).filter((u) => u.pathname.startsWith('/api/v1/')).map((u) => u.pathname + u.search))
      const twice = asked.filter((a, i) => /^\/api\/v1\/(room$|desk)/.test(a) && asked.indexOf(a) !== i)
      step(`${pattern}: ${kind} asks for nothing twice that it was told to ask for ahead`, twice.length === 0, twice.join(', '))
      if (way[3] === 'briefly') continue // another list in a view that is looked at
      await look(page, 'view-' + kind, ['1280', '390-dark'])
      await enlarged(page, 'view-' + kind)
      await byTab(page, 'view-' + kind)
      const other = pages[who + 'Hindi']
      await show(other, way)
      step(`${pattern}: ${kind} is in Hindi`, (await other.evaluate(() => document.documentElement.lang)) === 'hi' && /[\u0900-\u097f]/.test(await other.locator('main').innerText()))
      step(`${pattern}: ${kind} brings letters for it`, await other.evaluate(() => [...document.fonts].some((f) => f.family.includes('Other Scripts') && f.status === 'loaded')))
      await look(other, `view-${kind}-hi`, ['1280-dark', '390'])
      await other.setViewportSize({ width: 390, height: 844 })
      const { thin } = await lost(other)
      step(`${pattern}: ${kind} has room for its words on a phone`, thin.length === 0, thin.join(' | '))
      const hole = await other.evaluate(() => { const last = [...document.querySelectorAll('.side a')].filter((a) => a.checkVisibility()).at(-1); return last ? document.querySelector('main').getBoundingClientRect().top - last.getBoundingClientRect().bottom : 0 })
      step(`${pattern}: ${kind} stands below the lists on a phone`, hole < 40, hole)
      await other.setViewportSize({ width: 1280, height: 900 })
    }
  }
})
