// Covers something live in a real Chromium: two editors post at once from two browsers, one of them from a phone; readers' pages hear of
// it without being moved, through a lost connection, a killed server and a stream that is not to be had. See room.mjs.
import { connect, createServer } from 'node:net'
import { api, browser, day, go, input, look, open, somebody, step, want } from './room.mjs'

/** Words that are long enough for a few lines. */
const lines = (word) => Array.from({ length: 40 }, () => word).join(' ')
const numbers = (page) => page.evaluate(() => [...document.querySelectorAll('ol.entries > li')].map((li) => +li.id.slice(1)))
const line = (page) => page.locator('#poll').innerText()
const told = (page, words) => page.waitForFunction((w) => document.getElementById('poll').textContent.includes(w), words, { timeout: 60000 })
const falls = (list) => list.every((n, i) => i === 0 || list[i - 1] > n)

/** A reader's browser in which the page's stream can be asked how it is. */
async function reader(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  await context.addInitScript(() => {
    const Real = window.EventSource
    window.EventSource = class extends Real { constructor(url) { super(url); window.stream = this } }
  })
  return { context, page: await open(context) }
}

/** A line to the site that can be cut and mended. */
async function wire() {
  const ends = new Set()
  const { hostname, port } = new URL(input.site)
  let whole = true
  const server = createServer((near) => {
    if (!whole) return near.destroy()
    const far = connect(+port, hostname)
    for (const [one, other] of [[near, far], [far, near]]) {
      ends.add(one)
      one.on('error', () => undefined).on('close', () => { ends.delete(one); other.destroy() })
      one.pipe(other)
    }
  })
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
  return {
    at: `http://127.0.0.1:${server.address().port}`,
    cut() { whole = false; for (const end of ends) end.destroy() },
    mend() { whole = true },
    close() { this.cut(); server.close() },
  }
}

const listening = (page) => page.waitForFunction(() => window.stream?.readyState === 1, null, { timeout: 60000 })
async function visit(r, at, site = input.site) {
  await r.page.goto(site + at)
  await listening(r.page)
}

/** What an editor does through the newsroom's interface for programs, from a page of it. */
const act = (page, method, path, body, version) => page.evaluate(async ({ method, path, body, version }) => {
  const headers = { 'Content-Type': 'application/json', ...(version ? { 'If-Match': `"${version}"` } : {}) }
  const r = await fetch('/api/v1' + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) })
  if (!r.ok) throw new Error(`${method} ${path}: ${r.status} ${await r.text()}`)
  return r.json()
}, { method, path, body, version })
const words = (text) => ({ type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] })
const post = (page, id, headline, more = {}) => act(page, 'POST', `/articles/${id}/entries`, { headline, body: words(`What was seen of ${headline}.`), ...more })

async function begin({ page, context }) {
  await go(page, '/articles/new?kind=live')
  await page.locator('#headline').fill('The first sailing, minute by minute')
  await page.locator('#section').selectOption({ label: 'Coast' })
  await page.waitForURL(/\/articles\/[0-9a-f-]{36}$/)
  const id = /[0-9a-f-]{36}/.exec(page.url())[0]
  await page.waitForFunction(() => /^Saved /.test(document.querySelector('.bar [role=status]')?.textContent ?? ''), null, { timeout: 15000 })
  const draft = await api(context, '/articles/' + id)
  await act(page, 'POST', `/articles/${id}/publish`, {}, draft.version)
  const { address } = await api(context, '/articles/' + id)
  const early = await (await fetch(input.site + address)).text()
  step('before it begins readers are told so', /Live soon/.test(early) && /It has not begun yet/.test(early))
  await go(page, `/articles/${id}/live`)
  await page.getByRole('button', { name: 'Go live' }).click()
  await page.waitForSelector('#post')
  step('from the same moment home says what is on air', (await (await fetch(input.site + '/')).text()).includes(address))
  return { id, address }
}

/** Two editors post at once from the one field, with the keyboard, and each sees both. */
async function together(one, two, at) {
  await go(two.page, `/articles/${at.id}/live`)
  await two.page.waitForSelector('#post')
  await one.page.waitForFunction(() => document.querySelector('.bar')?.textContent.includes('Nalini'), null, { timeout: 15000 })
  step('who else is in it stands in the bar', true)
  const r = await reader()
  await visit(r, at.address)
  await one.page.locator('#post').fill('The gangway is down\n\nFoot passengers first.\n\n- bicycles\n- cars')
  await two.page.locator('#post').fill('The pilot is aboard\n\nFrom the south-west, falling by midnight.')
  await Promise.all([one.page.locator('#post').press('Control+Enter'), two.page.locator('#post').press('Control+Enter')])
  for (const e of [one, two]) {
    await e.page.waitForFunction(() => document.querySelectorAll('ol.entries h3').length === 2, null, { timeout: 15000 })
    const text = await e.page.locator('ol.entries').innerText()
    step('an editor sees what both have posted', /gangway/.test(text) && /pilot/.test(text), text)
    await e.page.waitForFunction(() => document.activeElement.id === 'post' && document.activeElement.value === '') // its own post may be answered after the list has it
    step('the field is empty again and has the focus', true)
  }
  await told(r.page, '2 new entries since')
  step('what is new is announced politely, and not before it is asked for', (await r.page.locator('#poll').getAttribute('role')) === 'status' && (await numbers(r.page)).length === 0)
  await r.page.locator('#poll a').press('Enter')
  step('and then it is there, newest first, and the newest has the focus', falls(await numbers(r.page)) && (await numbers(r.page)).length === 2 && await r.page.evaluate(() => document.activeElement.id === 'e2'), await numbers(r.page))
  step('a list is a list', (await r.page.locator('#e1 li, #e2 li').count()) === 2)
  return r
}

/** While somebody reads in the middle, entries arrive, one above is corrected and grows, another goes, and the summary grows. */
async function still(one, r, at) {
  for (let n = 3; n <= 14; n++) await post(one.page, at.id, `Entry ${n}`, { body: words(`${n}. ${lines('water')}`) })
  await told(r.page, '12 new entries')
  await r.page.locator('#poll a').click()
  await r.page.evaluate(() => document.getElementById('e6').scrollIntoView({ block: 'start' }))
  const top = () => r.page.evaluate(() => Math.round(document.getElementById('e6').getBoundingClientRect().top))
  const was = await top()
  await post(one.page, at.id, 'Entry 15', { body: words(lines('rope')), key: true })
  await act(one.page, 'PUT', `/articles/${at.id}/entries/13`, { headline: 'Entry 13', body: words(`13. ${lines('water')} ${lines('more water')}`), correction: 'Thirteen boats, not twelve.' }, 1)
  await told(r.page, 'was corrected')
  step('a correction is in place and is said', /Thirteen boats, not twelve/.test(await r.page.locator('#e13').innerText()) && /Corrected \d\d:\d\d/.test(await r.page.locator('#e13').innerText()))
  await act(one.page, 'DELETE', `/articles/${at.id}/entries/12?reason=${encodeURIComponent('It named a passenger.')}`, undefined, 1)
  await told(r.page, 'was removed')
  const gone = await r.page.locator('#e12').innerText()
  step('a removed entry says why and keeps no word', /It named a passenger\./.test(gone) && !/water/.test(gone), gone)
  const live = await api(one.context, `/articles/${at.id}/live`)
  await act(one.page, 'PUT', `/articles/${at.id}/live`, { summary: words(lines('known')) }, live.version)
  await r.page.waitForFunction(() => /known/.test(document.getElementById('sm').textContent))
  step('the summary grows, and the main events', /Entry 15/.test(await r.page.locator('#kn').innerText()))
  step('what is being read has not moved', Math.abs((await top()) - was) <= 1, `${was} and ${await top()}`)
  step('nothing was put in unasked', !(await numbers(r.page)).includes(15) && /1 new entry/.test(await line(r.page)), await line(r.page))
  await act(one.page, 'PUT', `/articles/${at.id}/entries/3`, { headline: 'Entry 3', body: words('Three.'), pinned: true }, 1)
  await told(r.page, 'was changed')
  step('a pinned entry stays where it is on an open page', falls(await numbers(r.page)))
  await r.page.reload()
  step('and stands first when the page is loaded again', (await numbers(r.page))[0] === 3 && /Pinned/.test(await r.page.locator('#e3').innerText()), await numbers(r.page))
}

/** An editor posts the address of a film alone in a paragraph; a reader who has the page open has the film shown by a press, and keeps it while other news comes. */
async function film(one, at) {
  const r = await reader()
  await r.context.route('https://www.youtube-nocookie.com/**', (x) => x.fulfill({ contentType: 'text/html', body: '<p>The film</p>' }))
  await visit(r, at.address)
  await go(one.page, `/articles/${at.id}/live`)
  await one.page.locator('#post').fill('The launch\n\nhttps://www.youtube.com/watch?v=abcdefghijk')
  await one.page.locator('#post').press('Control+Enter')
  await told(r.page, '1 new entry')
  await r.page.locator('#poll a').click()
  const ask = r.page.locator('ol.entries .ask').first()
  step('nothing is asked of the other host before', (await r.page.locator('iframe').count()) === 0 && (await ask.locator('a').getAttribute('href')).includes('youtube.com'))
  await ask.locator('button').click()
  await r.page.frameLocator('iframe').getByText('The film').waitFor()
  const live = await api(one.context, `/articles/${at.id}/live`)
  await act(one.page, 'PUT', `/articles/${at.id}/live`, { summary: words('All are on board.') }, live.version)
  await r.page.waitForFunction(() => /All are on board/.test(document.getElementById('sm').textContent))
  step('the film stays while other news comes', (await r.page.locator('iframe').count()) === 1)
  const { entry } = await post(one.page, at.id, 'Posted by mistake')
  await told(r.page, '1 new entry')
  await r.page.locator('#poll a').focus()
  await post(one.page, at.id, 'The bow line is off')
  await told(r.page, '2 new entries')
  step('whoever has come to the line stays there when more comes', await r.page.evaluate(() => document.activeElement.matches('#poll a')))
  await act(one.page, 'DELETE', `/articles/${at.id}/entries/${entry.number}?reason=${encodeURIComponent('It was meant for another coverage.')}`, undefined, 1)
  await told(r.page, '1 new entry')
  await r.page.locator('#poll a').press('Enter')
  step('what was removed before anybody asked for it is put in nowhere', !(await numbers(r.page)).includes(entry.number) && (await numbers(r.page)).includes(entry.number + 1), await numbers(r.page))
  await look(r.page, 'coverage-film')
  await r.context.close()
}

/** A connection is lost; meanwhile there is an entry, one dated ahead, and a change. */
async function away(one, r, at) {
  const way = await wire()
  await visit(r, at.address, way.at)
  way.cut()
  await r.page.waitForFunction(() => window.stream.readyState !== 1, null, { timeout: 30000 })
  const ahead = new Date(Date.now() + 3600e3).toISOString()
  await Promise.all([post(one.page, at.id, 'While away, one'), post(one.page, at.id, 'While away, two')])
  await post(one.page, at.id, 'While away, dated ahead', { at: ahead })
  await act(one.page, 'PUT', `/articles/${at.id}/entries/6`, { headline: 'Entry 6, told better', body: words('Six.') }, 1)
  step('a page without a connection says nothing', (await line(r.page)) === '')
  way.mend()
  await told(r.page, '3 new entries')
  await told(r.page, 'was changed')
  await r.page.locator('#poll a').click()
  const all = await numbers(r.page)
  step('after a lost connection every entry is there once, the one dated ahead above', new Set(all).size === all.length && all[0] === 3 && all[1] === 18 && [16, 17].every((n) => all.includes(n)) && falls(all.slice(2)), all)
  step('and what was changed meanwhile is changed', /told better/.test(await r.page.locator('#e6').innerText()))
  way.close()
}

async function restart(one, r, at) {
  await visit(r, at.address)
  await want('stop')
  await r.page.waitForFunction(() => window.stream.readyState !== 1, null, { timeout: 30000 })
  await want('start')
  await post(one.page, at.id, 'After the crash')
  await told(r.page, '1 new entry')
  await listening(r.page)
  await post(one.page, at.id, 'And on')
  await told(r.page, '2 new entries')
  await r.page.locator('#poll a').click()
  const all = await numbers(r.page)
  step('a server that was killed has lost no entry, and open pages go on by themselves', new Set(all).size === all.length && [19, 20].every((n) => all.includes(n)), all)
}

/** Pages that cannot have the stream ask for what is new, each ten seconds: where it is refused, and where it breaks. */
async function polling(one, at) {
  const refused = await reader()
  await refused.page.clock.install()
  await refused.page.route('**/entries/stream*', (route) => route.fulfill({ status: 503, body: '' }))
  await refused.page.goto(input.site + at.address)
  await refused.page.waitForFunction(() => window.stream?.readyState === 2)
  await post(one.page, at.id, 'Asked for')
  const asked = refused.page.waitForResponse(/\/entries\/after\/\d+$/)
  await refused.page.clock.fastForward(10_000)
  step('where the stream is refused the page asks', (await asked).status() === 200)
  await told(refused.page, '1 new entry')
  const again = refused.page.waitForResponse(/\/entries\/after\/\d+$/)
  await refused.page.clock.fastForward(10_000)
  step('and again, from what it knows', (await again).status() === 200 && /1 new entry/.test(await line(refused.page)), await line(refused.page))
  await refused.context.close()

  const broken = await reader()
  let tried = 0
  await broken.page.route('**/entries/stream*', (route) => { tried++; return route.abort() })
  await broken.page.goto(input.site + at.address)
  const polled = broken.page.waitForResponse(/\/entries\/after\/\d+$/, { timeout: 60000 })
  await post(one.page, at.id, 'Asked for again')
  await polled
  await told(broken.page, '1 new entry')
  step('where it breaks each time too, and the page gives it up no earlier than after three times', tried >= 3, tried)
  await broken.context.close()
}

/** Without a script the page is whole, and parted into pages at permanent addresses. */
async function plain(one, at) {
  const before = (await api(one.context, `/articles/${at.id}/live`)).count
  for (let n = before + 1; n <= 40; n++) await post(one.page, at.id, `Entry ${n}`)
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await open(context)
  await page.goto(input.site + at.address)
  step('without a script the entries are there', (await page.locator('ol.entries > li').count()) >= 30 && (await page.locator('#poll').innerText()) === '')
  const own = await page.locator('#e40 .at a').getAttribute('href')
  await page.getByRole('link', { name: /Entries before/ }).click()
  await page.waitForURL(/\/entries\/\d+$/)
  const first = +/\d+$/.exec(page.url())[0]
  step('the next page begins with the entry of its address', (await page.locator('ol.entries > li').first().getAttribute('id')) === 'e' + first, page.url())
  await page.getByRole('link', { name: 'Newer entries' }).click()
  step('and leads back', page.url() === input.site + at.address, page.url())
  await page.goto(input.site + own)
  step('every entry has a permanent address', own === at.address + '/entries/40' && (await page.locator('ol.entries > li').first().innerText()).includes('Entry 40'))
  await context.close()
}

/** From a phone: the field is in reach, and a tap posts. */
async function phone(two, at) {
  await two.page.setViewportSize({ width: 390, height: 844 })
  await go(two.page, `/articles/${at.id}/live`)
  const signed = two.page.locator('form:has(#post) select')
  await signed.selectOption({ index: 1 })
  const name = await signed.evaluate((e) => e.selectedOptions[0].text)
  await two.page.locator('form:has(#post) input:not([type=checkbox])').fill('The end of pier 4')
  await two.page.locator('#post').fill('From the pier\n\nThe horn again.')
  const button = two.page.getByRole('button', { name: /^Post/ })
  const box = await button.boundingBox()
  step('on a phone the field and its button are on the first screen', box && box.y + box.height <= 844 && box.height >= 24, JSON.stringify(box))
  await button.click()
  await two.page.waitForFunction(() => [...document.querySelectorAll('ol.entries h3')].some((h) => h.textContent === 'From the pier'), null, { timeout: 15000 })
  await two.page.waitForFunction(() => document.querySelector('.bar [role=status]')?.textContent.includes('ms'), null, { timeout: 15000 })
  step('and readers have it, in so many milliseconds', (await (await fetch(input.site + at.address)).text()).includes(`${name}, The end of pier 4`), name)
  await go(two.page, `/articles/${at.id}/live`)
  await two.page.waitForFunction((name) => document.querySelector('form:has(#post) select').selectedOptions[0]?.text === name, name)
  step('who writes and where is remembered', (await two.page.locator('form:has(#post) input:not([type=checkbox])').inputValue()) === 'The end of pier 4')
  const row = two.page.locator('ol.entries > li').first()
  await row.getByRole('button', { name: 'Edit' }).click()
  await row.getByLabel('Headline').fill('From the end of the pier')
  await row.getByLabel('Correction').fill('The end of the pier, not its beginning.')
  await row.getByRole('button', { name: 'Save' }).click()
  await two.page.waitForFunction(() => [...document.querySelectorAll('ol.entries h3')].some((h) => h.textContent === 'From the end of the pier'), null, { timeout: 15000 })
  step('what is wrong is corrected from there', (await (await fetch(input.site + at.address)).text()).includes('The end of the pier, not its beginning.'))
  await two.page.setViewportSize({ width: 1280, height: 900 })
}

/** An entry becomes an article; both lead to each other. */
async function breakOut(one, at) {
  const { page, context } = one
  await go(page, `/articles/${at.id}/live`)
  const row = page.locator('ol.entries > li').filter({ hasText: 'The end of the pier' }).first()
  await row.getByRole('button', { name: 'Make an article of it' }).click()
  await page.waitForURL((u) => /\/articles\/[0-9a-f-]{36}$/.test(u.pathname) && !u.pathname.includes(at.id))
  const id = /[0-9a-f-]{36}/.exec(page.url())[0]
  const draft = await api(context, '/articles/' + id)
  step('a draft has the entry’s words', draft.content.headline === 'From the end of the pier', JSON.stringify(draft.content))
  await act(page, 'POST', `/articles/${id}/publish`, {}, draft.version)
  const made = await api(context, '/articles/' + id)
  const [coverage, article] = await Promise.all([at.address, made.address].map(async (a) => (await fetch(input.site + a)).text()))
  step('article and entry lead to each other', coverage.includes(`href="${made.address}"`) && article.includes(at.address + '/entries/'))
}

async function end(one, r, at) {
  await visit(r, at.address)
  await go(one.page, `/articles/${at.id}/live`)
  await one.page.getByRole('button', { name: 'End it' }).click()
  await r.page.waitForFunction(() => /Live, ended/.test(document.getElementById('ls').textContent), null, { timeout: 15000 })
  step('an open page says that it has ended', (await r.page.locator('#lt').innerText()).includes('Ended'))
  step('and home says no more that it is on air', !/strip2"><span class="live">Live<\/span> <a href="[^"]*first-sailing/.test(await (await fetch(input.site + '/')).text()))
}

/** A coverage in Arabic, which is read from right to left. */
async function arabic({ page, context }) {
  const section = (await api(context, '/room')).sections[0].id
  const made = await act(page, 'POST', '/articles', { kind: 'live', headline: 'الرحلة الأولى لحظة بلحظة', standfirst: 'نحن على متن العبّارة ونكتب ما نراه.', language: 'ar', section })
  await act(page, 'POST', `/articles/${made.id}/publish`, {}, made.version)
  await act(page, 'PUT', `/articles/${made.id}/live`, { state: 'live', summary: words('تبحر العبّارة الليلة بنصف مقصوراتها.') }, 1)
  await post(page, made.id, 'نزل السلّم', { body: words('الركاب أولًا ثم الدراجات.'), key: true, place: 'الرصيف 4' })
  await post(page, made.id, 'الربّان على متنها', { body: words('الموج متران من الجنوب الغربي.'), pinned: true })
  await act(page, 'PUT', `/articles/${made.id}/entries/1`, { headline: 'نزل السلّم', body: words('الركاب أولًا ثم الدراجات.'), key: true, correction: 'الرصيف 4 لا 3.' }, 1)
  return (await api(context, '/articles/' + made.id)).address
}

await day(async () => {
  const chief = await somebody(input.link, 'Meera Anand', 'meera@estuary.example')
  const made = await chief.context.request.post(input.newsroom + '/api/v1/invitations', { data: { email: 'nalini@estuary.example', role: 'editor' }, headers: { Origin: input.newsroom } })
  const link = Object.values(await made.json()).find((v) => typeof v === 'string' && v.includes('/join/'))
  const nalini = await somebody(link.startsWith('http') ? link : input.newsroom + link, 'Nalini Okar')

  // the demo's own coverage goes on by itself while all of this happens
  const demo = await reader()
  const home = await open(demo.context)
  await home.goto(input.site + '/')
  await look(home, 'home-on-air')
  const going = await home.locator('.strip2 a').first().getAttribute('href')
  await home.close()
  await visit(demo, going)

  const at = await begin(chief)
  const r = await together(chief, nalini, at)
  await still(chief, r, at)
  await look(r.page, 'coverage')
  await away(chief, r, at)
  await told(demo.page, 'new entr')
  step('the demo’s coverage has moved by itself', (await demo.page.locator('#poll a').count()) === 1)
  await demo.context.close()
  await restart(chief, r, at)
  await polling(chief, at)
  await plain(chief, at)
  await phone(nalini, at)
  await look(nalini.page, 'coverage-editors')
  await breakOut(chief, at)
  const rtl = await arabic(chief)
  await r.page.goto(input.site + rtl)
  await look(r.page, 'coverage-ar')
  await film(chief, at)
  await end(chief, r, at)
  await look(r.page, 'coverage-ended')
})
