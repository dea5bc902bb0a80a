// Works in a newsroom as editors do, in a real Chromium: writes, pastes, adds a picture, publishes, corrects, meets a colleague in the
// same text, loses the newsroom in mid-sentence, schedules and withdraws. Prints one JSON line per step ({step, ok, said}), one per
// page looked at ({page, view, …}), and {ask: "stop" | "start"} where it wants the newsroom killed or started again; the answer is a
// line on standard input. The first line of standard input is JSON: {"browser": path, "newsroom": address, "site": address,
// "link": a first chief's link, "paste": folder, "picture": path, "shots": folder or ""}.
import { chromium } from 'playwright-core'
import { readFileSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const input = JSON.parse((await lines.next()).value)
const views = [
  { name: '1280', width: 1280, height: 900, scheme: 'light' },
  { name: '1280-dark', width: 1280, height: 900, scheme: 'dark' },
  { name: '390', width: 390, height: 844, scheme: 'light' },
  { name: '390-dark', width: 390, height: 844, scheme: 'dark' },
]
const tell = (line) => console.log(JSON.stringify(line))

async function want(what) {
  tell({ ask: what })
  await lines.next()
}

function step(name, ok, said = '') {
  tell({ step: name, ok: Boolean(ok), said: String(said).slice(0, 2000) })
  if (!ok) throw new Error(`${name}: ${said}`)
}

const browser = await chromium.launch({
  executablePath: input.browser,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

const problems = []

/** A person's browser, signed in by a link and a passkey. */
async function somebody(link, name, email) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'Europe/Berlin', locale: 'en-GB' })
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
  await page.goto(link)
  await page.locator('#name').fill(name)
  if (email) await page.locator('#email').fill(email)
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.waitForSelector('.codes')
  return { context, page: await open(context) }
}

async function open(context) {
  const page = await context.newPage()
  page.on('pageerror', (e) => problems.push(String(e)))
  page.on('console', (m) => { if (m.type() === 'error' && !/status of|Failed to load resource|ERR_/.test(m.text())) problems.push(m.text()) })
  return page
}

// look shows a page at each width and in each light, and asks axe, whose script the page's own policy would keep out.
async function look(page, kind) {
  const cdp = await page.context().newCDPSession(page)
  for (const view of views) {
    await page.setViewportSize({ width: view.width, height: view.height })
    await page.emulateMedia({ colorScheme: view.scheme })
    await page.evaluate(() => document.fonts.ready.then(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))))
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (input.shots) await page.screenshot({ path: join(input.shots, `newsroom-${kind}-${view.name}.png`), fullPage: true })
    await cdp.send('Runtime.evaluate', { expression: axe })
    const { result } = await cdp.send('Runtime.evaluate', {
      expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
        .then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map((n) => n.html).join(' | '))))`,
      awaitPromise: true, returnByValue: true,
    })
    tell({ page: kind, view: view.name, wide, violations: JSON.parse(result.value) })
  }
  await cdp.detach()
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
}

const ready = (page) => page.waitForSelector('main:not([aria-busy=true])')
const api = async (context, path) => (await context.request.get(input.newsroom + '/api/v1' + path)).json()
const saved = (page) => page.waitForFunction(() => /^Saved /.test(document.querySelector('.bar [role=status]')?.textContent ?? ''), null, { timeout: 15000 })
const body = (page) => page.locator('.ProseMirror')
const articleOf = (page) => /\/articles\/([0-9a-f-]{36})/.exec(page.url())?.[1]
const go = async (page, path) => { await page.goto(input.newsroom + path); await ready(page) }

async function paste(page, html) {
  await page.evaluate((html) => {
    const data = new DataTransfer()
    data.setData('text/html', html)
    data.setData('text/plain', 'plain')
    document.querySelector('.ProseMirror').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, html)
}

async function desk(chief) {
  const { page } = chief
  await go(page, '/')
  await page.waitForSelector('.rows')
  step('the desk groups what is to be done', (await page.locator('.grp h2').allInnerTexts()).length >= 3, await page.locator('.grp').allInnerTexts())
  await look(page, 'desk')
  const first = await page.locator('tr.on .hd').innerText()
  await page.keyboard.press('j')
  step('j moves', (await page.locator('tr.on .hd').innerText()) !== first)
  await page.keyboard.press('x')
  step('x selects', (await page.locator('.chosen-acts').count()) === 1)
  await page.keyboard.press('x')
  await page.keyboard.press('?')
  await page.waitForSelector('dialog[open]')
  await look(page, 'keys')
  await page.keyboard.press('Escape')
  await page.keyboard.press('g')
  await page.keyboard.press('o')
  await page.waitForURL('**/?list=scheduled')
  await page.keyboard.press('g')
  await page.keyboard.press('d')
  await page.waitForSelector('.grp')
  await page.keyboard.press('/')
  await page.keyboard.type('ferr')
  await page.waitForURL(/q=ferr/)
  await page.waitForFunction(() => document.querySelectorAll('.rows .grp').length === 0 && document.querySelectorAll('.rows .hd').length > 2)
  step('search finds as one types', true)
  await look(page, 'search')
  await page.reload()
  await ready(page)
  step('the search stands in the address', (await page.locator('#q').inputValue()) === 'ferr')
  await go(page, '/calendar')
  await page.waitForSelector('.month li li')
  await look(page, 'calendar')
}

async function write(chief) {
  const { page, context } = chief
  await go(page, '/')
  await page.waitForSelector('.rows')
  await page.keyboard.press('n')
  await page.waitForSelector('#headline')
  await page.keyboard.type('Ferry returns with 14 cabins')
  await page.keyboard.press('Enter')
  await page.keyboard.type('The council waited four months for it.')
  await page.keyboard.press('Enter')
  await page.keyboard.type('The night ferry came back on Monday with 14 cabins. It had been away since July.')
  const last = Date.now()
  await saved(page)
  step('it is saved within two seconds of a pause', Date.now() - last < 2000 + 1500, `${Date.now() - last} ms`)
  await page.waitForURL(/\/articles\/[0-9a-f-]{36}$/)
  const id = articleOf(page)
  await page.keyboard.press('Enter')
  await page.keyboard.type('/hea')
  await page.waitForSelector('.popup button.on')
  await look(page, 'blocks')
  await body(page).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.type('What it costs')
  await page.keyboard.press('Enter')
  await page.keyboard.type('A cabin costs more than in March. See [[ferr')
  await page.waitForSelector('.popup button.on')
  await page.keyboard.press('Enter')
  step('[[ finds our own articles', (await page.locator('.ProseMirror a').count()) === 1, await body(page).innerHTML())
  await page.keyboard.press('Enter')
  await page.keyboard.type('/quote')
  await page.keyboard.press('Enter')
  await page.keyboard.type('We waited.')
  await page.locator('.quote [role=combobox]').fill('Thamarai')
  await page.locator('.quote .menu button').first().click()
  await page.locator('#section').selectOption({ label: 'Coast' })
  await page.locator('#byline').fill('Nal')
  await page.locator('#byline-menu button').first().click()
  await page.locator('#byline').fill('Quillon Marsh')
  await page.getByRole('option', { name: /Make the person/ }).click()
  await page.locator('#topics').fill('Night boats')
  await page.getByRole('option', { name: /a subject/ }).click()
  await page.waitForFunction(() => document.querySelectorAll('.tok')[0].children.length === 3 && document.querySelectorAll('.tok')[1].children.length === 2)
  await page.locator('#place').fill('Mora')
  await page.locator('.lead-empty input').setInputFiles(input.picture)
  await page.locator('#lead-alt').fill('A white ferry at a quay.')
  await page.locator('#lead-credit').fill('Ada Menon')
  await saved(page)
  await page.waitForFunction(() => /^\/coast\//.test(document.querySelector('.addr')?.textContent ?? ''))
  const a = await api(context, '/articles/' + id)
  step('the newsroom has it all', a.content.headline === 'Ferry returns with 14 cabins' && a.content.byline.length === 2 && a.content.topics.length === 1 && a.content.lead.alt === 'A white ferry at a quay.' &&
    a.content.body.content.map((b) => b.type).join() === 'paragraph,heading,paragraph,quote' && a.content.body.content[3].attrs.speaker, JSON.stringify(a.content))
  await look(page, 'editor')
  return id
}

async function pasting(chief) {
  const { page, context } = chief
  for (const file of readdirSync(input.paste).filter((f) => f.endsWith('.html'))) {
    await go(page, '/articles/new')
    await page.locator('#headline').fill('Pasted from ' + file)
    await body(page).focus()
    await paste(page, readFileSync(join(input.paste, file), 'utf8'))
    await saved(page)
    const a = await api(context, '/articles/' + articleOf(page))
    const wanted = readFileSync(join(input.paste, file.replace('.html', '.json')), 'utf8').trim()
    step('paste: ' + file, sorted(a.content.body) === sorted(JSON.parse(wanted)), sorted(a.content.body))
  }
}

const sorted = (v) => JSON.stringify(v, (_, x) => x && typeof x === 'object' && !Array.isArray(x) ? Object.fromEntries(Object.entries(x).sort(([a], [b]) => a < b ? -1 : 1)) : x)

async function publish(chief, id) {
  const { page, context } = chief
  await go(page, '/articles/' + id)
  await page.getByRole('button', { name: 'Publish…' }).click()
  await page.waitForSelector('.panel')
  await look(page, 'publish-first')
  await page.getByRole('button', { name: 'Publish now' }).click()
  await page.waitForSelector('.big')
  await page.waitForFunction(() => /addresses show it, /.test(document.querySelector('.big').textContent))
  step('the receipt fills', (await page.locator('.receipt tbody tr').count()) > 8 && (await page.locator('.receipt tr.late, .receipt tr.wait').count()) === 0, await page.locator('main').innerText())
  await look(page, 'receipt')
  const a = await api(context, '/articles/' + id)
  const seen = await fetch(input.site + a.address).then((r) => r.text())
  step('readers have it', seen.includes('Ferry returns with 14 cabins') && seen.includes('Quillon Marsh'))
  return a.address
}

async function correct(chief, id, address) {
  const { page } = chief
  await go(page, '/articles/' + id)
  await page.locator('.ProseMirror p').first().click()
  await page.evaluate(() => {
    const text = document.querySelector('.ProseMirror p').firstChild
    const at = text.data.indexOf('14')
    getSelection().setBaseAndExtent(text, at, text, at + 2)
  })
  await page.keyboard.type('11')
  await saved(page)
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('.pick')
  await page.keyboard.press('1')
  step('minor is doubted where a number changed', /A number changed, 14 to 11/.test(await page.locator('.say.warn').innerText()))
  await look(page, 'publish-minor')
  await page.keyboard.press('3')
  const note = await page.locator('#why').inputValue()
  step('a sentence is proposed', note === 'The night ferry came back on Monday with 11 cabins. An earlier edition said “14”.', note)
  await look(page, 'publish')
  await page.locator('#why').press('Enter')
  await page.waitForFunction(() => /addresses show it, /.test(document.querySelector('.big')?.textContent ?? ''))
  const seen = await fetch(input.site + address).then((r) => r.text())
  step('readers have the correction and its sentence', seen.includes('11 cabins') && seen.includes('An earlier edition said'))
}

async function meet(chief, id) {
  const { context } = chief
  const made = await context.request.post(input.newsroom + '/api/v1/invitations', { data: { email: 'nalini@estuary.example', role: 'editor' }, headers: { Origin: input.newsroom } })
  const invitation = await made.json()
  step('a colleague is invited', made.status() === 201, JSON.stringify(invitation))
  const link = Object.values(invitation).find((v) => typeof v === 'string' && v.includes('/join/'))
  const nalini = await somebody(link.startsWith('http') ? link : input.newsroom + link, 'Nalini Okar')
  await go(chief.page, '/articles/' + id)
  await go(nalini.page, '/articles/' + id)
  await chief.page.waitForSelector('.who')
  step('each sees who is there', /Nalini Okar/.test(await chief.page.locator('.who').first().innerText()))
  await chief.page.bringToFront()
  // Both write before either is saved: the newsroom is asked to wait for nobody.
  await context.route('**/api/v1/articles/*', async (route) => { if (route.request().method() === 'PUT') await new Promise((r) => setTimeout(r, 1500)); await route.continue() })
  await end(chief.page, 0)
  await chief.page.keyboard.type(' Mine in one.')
  await nalini.page.bringToFront()
  await end(nalini.page, 2)
  await nalini.page.keyboard.type(' Hers in three.')
  await saved(nalini.page)
  await chief.page.bringToFront()
  await chief.page.waitForFunction(() => /Hers in three/.test(document.querySelector('.ProseMirror').textContent))
  await saved(chief.page)
  const merged = await api(context, '/articles/' + id)
  step('paragraphs that only one side touched are merged', /Mine in one/.test(JSON.stringify(merged)) && /Hers in three/.test(JSON.stringify(merged)))
  await end(chief.page, 0)
  await chief.page.keyboard.type(' The chief says so.')
  await nalini.page.bringToFront()
  await end(nalini.page, 0)
  await nalini.page.keyboard.type(' Nalini says otherwise.')
  await saved(nalini.page)
  await chief.page.bringToFront()
  await chief.page.waitForSelector('.para.both')
  step('where both wrote both are shown', /The chief says so/.test(await chief.page.locator('.para.both').innerText()) && /Nalini says otherwise/.test(await chief.page.locator('.para.both').innerText()))
  await look(chief.page, 'conflict')
  await chief.page.getByRole('radio', { name: /Keep both/ }).check()
  await chief.page.getByRole('button', { name: /Save as version/ }).click()
  await saved(chief.page)
  await context.unroute('**/api/v1/articles/*')
  const both = JSON.stringify((await api(context, '/articles/' + id)).content.body)
  step('both texts survive', both.includes('The chief says so') && both.includes('Nalini says otherwise'), both)
  await nalini.context.close()
}

/** Puts the cursor at the end of a block of the body. */
async function end(page, n) {
  await page.locator('.ProseMirror > *').nth(n).click()
  await page.keyboard.press('End')
  await page.evaluate((n) => {
    const p = document.querySelector('.ProseMirror').children[n]
    getSelection().selectAllChildren(p)
    getSelection().collapseToEnd()
  }, n)
}

async function killed(chief, id) {
  const { context } = chief
  let page = chief.page
  await go(page, '/articles/' + id)
  await end(page, 0)
  await want('stop')
  await page.keyboard.type(' Written while the newsroom was gone.')
  await page.waitForSelector('.say.warn')
  step('a lost connection is said', /No connection since/.test(await page.locator('.say.warn').first().innerText()))
  await look(page, 'offline')
  await page.route('**/api/**', (route) => route.abort()) // nothing of this window reaches the newsroom any more
  await page.close({ runBeforeUnload: false }) // the browser's window is killed too
  await want('start')
  page = chief.page = await open(context)
  await go(page, '/articles/' + id)
  await page.waitForSelector('.say.warn')
  step('the text is offered again', /never saved/.test(await page.locator('.say.warn').innerText()))
  await page.getByRole('button', { name: 'See both' }).click()
  step('beside the one that is saved', /Written while the newsroom was gone/.test(await page.locator('.beside').innerText()))
  await look(page, 'kept')
  await page.getByRole('button', { name: 'Use the kept text' }).click()
  await saved(page)
  step('no word is lost', JSON.stringify((await api(context, '/articles/' + id)).content.body).includes('Written while the newsroom was gone'))
  await want('stop')
  await end(page, 0)
  await page.keyboard.type(' And again.')
  await page.waitForSelector('.say.warn')
  await want('start')
  await saved(page)
  step('it saves by itself when the newsroom is back', JSON.stringify((await api(context, '/articles/' + id)).content.body).includes('And again.'))
}

async function schedule(chief, id) {
  const { page, context } = chief
  await go(page, `/articles/${id}/publish`)
  await page.waitForSelector('.pick')
  await page.keyboard.press('2')
  await page.locator('#why').fill('The story went on.')
  await page.getByRole('link', { name: 'Schedule…' }).click()
  await page.waitForSelector('#sd')
  const day = page.getByLabel('Day', { exact: true })
  await day.fill('2027-07-03')
  await page.getByLabel('Time', { exact: true }).fill('12:08')
  const said = await page.locator('.say.know').first().innerText()
  step('what will happen is said with the zone, and the editor’s own clock', /Goes out Saturday 3 July 2027 at 12:08 IST/.test(said) && /You are in (CEST|GMT\+2); your clock will show 08:38/.test(said), said)
  await look(page, 'schedule')
  await page.getByRole('button', { name: 'Schedule for 3 July 2027, 12:08 IST' }).click()
  await page.waitForURL('**/?list=scheduled')
  const a = await api(context, '/articles/' + id)
  step('it is scheduled for that instant', a.schedule.due === '2027-07-03T06:38:00Z' && a.schedule.change === 'update', JSON.stringify(a.schedule))
  await go(page, `/articles/${id}/schedule`)
  await page.getByRole('button', { name: 'Take it off the schedule' }).click()
  await page.waitForSelector('#headline')
  step('and taken off', !(await api(context, '/articles/' + id)).schedule)
}

async function history(chief, id) {
  const { page, context } = chief
  await go(page, `/articles/${id}/history`)
  await page.waitForSelector('.events .on')
  await page.locator('.events button', { hasText: 'Edition 1 published' }).click()
  await page.waitForFunction(() => /edition 1/.test(document.querySelector('#cc')?.textContent ?? ''))
  step('any two are compared', (await page.locator('article del').allInnerTexts()).some((s) => /14/.test(s)), await page.locator('article').innerText())
  await look(page, 'history')
  await page.getByRole('button', { name: /Take up edition 1/ }).click()
  await page.waitForSelector('#headline')
  step('an old text is taken up as a new draft', /14 cabins/.test(JSON.stringify((await api(context, '/articles/' + id)).content.body)))
}

async function withdraw(chief, id, address) {
  const { page } = chief
  await go(page, `/articles/${id}/withdraw`)
  await page.getByRole('radio', { name: /Killed/ }).check()
  await page.locator('#wr').fill('The report rested on one source.')
  await page.locator('#wc').fill('Asked by the desk.')
  await page.waitForSelector('.places')
  await look(page, 'withdraw')
  await page.getByRole('button', { name: 'Withdraw now' }).click()
  await page.waitForFunction(() => /no longer show it, /.test(document.querySelector('.big')?.textContent ?? ''))
  const gone = await fetch(input.site + address)
  step('its address answers 410 with the reason', gone.status === 410 && (await gone.text()).includes('The report rested on one source.'))
  await look(page, 'receipt-withdrawn')
  await go(page, `/articles/${id}/restore`)
  await page.getByRole('button', { name: 'Bring it back now' }).click()
  await page.waitForFunction(() => /addresses show it, /.test(document.querySelector('.big')?.textContent ?? ''))
  step('and it comes back', (await fetch(input.site + address)).status === 200)
}

try {
  const chief = await somebody(input.link, 'Meera Anand', 'meera@estuary.example')
  await desk(chief)
  await pasting(chief)
  const id = await write(chief)
  const address = await publish(chief, id)
  await correct(chief, id, address)
  await meet(chief, id)
  await killed(chief, id)
  await schedule(chief, id)
  await history(chief, id)
  await withdraw(chief, id, address)
  step('no script failed', problems.length === 0, problems.join('\n'))
} catch (error) {
  const open = browser.contexts().flatMap((c) => c.pages())
  const seen = await Promise.all(open.map(async (p) => p.url() + '\n' + (await p.locator('body').innerText().catch(() => '')).slice(0, 700)))
  tell({ step: 'all of it', ok: false, said: [String(error.stack), ...problems, ...seen].join('\n') })
} finally {
  await browser.close()
}
process.exit(0)
