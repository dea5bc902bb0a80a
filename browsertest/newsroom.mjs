// Works in a newsroom as editors do, in a real Chromium: writes, pastes, adds a picture, publishes, corrects, meets a colleague in the
// same text, loses the newsroom in mid-sentence, schedules and withdraws (see room.mjs for what it prints).
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { api, articleOf, body, browser, day, end, go, input, look, open, paste, ready, saved, somebody, step, want } from './room.mjs'

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

/** What moved, was split or made something else is told in words, at the desk and to readers. */
async function structure(chief) {
  const { page, context } = chief
  const headers = { Origin: input.newsroom }
  const ask = async (method, path, data, more = {}) => (await context.request.fetch(input.newsroom + '/api/v1' + path, { method, data, headers: { ...headers, ...more } })).json()
  const content = (html) => ({ section: 'coast', headline: 'What was told in another order', html })
  const long = '<p>The boat sails at nine from the old pier. The pier is closed to visitors until noon.</p>'
  let a = await ask('POST', '/articles', content(`<p>The harbour is open.</p><p>Who may fish</p>${long}<p>Nobody was hurt.</p><p>The end.</p>`))
  const published = await ask('POST', `/articles/${a.id}/publish`, { change: 'first' }, { 'If-Match': `"${a.version}"` })
  a = await api(context, '/articles/' + a.id)
  a = await ask('PUT', '/articles/' + a.id, content('<p>Nobody was hurt.</p><p>The harbour is open.</p><h2>Who may fish</h2><p>The boat sails at nine from the old pier.</p><p>The pier is closed to visitors until noon.</p><ul><li><p>The end.</p></li></ul>'), { 'If-Match': `"${a.version}"` })
  await go(page, `/articles/${a.id}/history?from=edition-1&to=version-${a.content_version}`)
  await page.waitForSelector('.diff .shape')
  const told = await page.locator('.diff .shape').allInnerTexts()
  step('the desk is told what was moved, split and made something else', ['Moved here: paragraph', 'Moved from here: paragraph', 'Made something else: paragraph, now heading', 'Split in 2: paragraph', 'Made something else: paragraph, now list'].every((w) => told.includes(w)), told.join('; '))
  step('and of no word that it went', (await page.locator('.diff del').allInnerTexts()).every((w) => !/[a-z]{3}/i.test(w.replace(/removed|a break between paragraphs/g, ''))), (await page.locator('.diff').innerText()))
  await look(page, 'structure')
  await ask('POST', `/articles/${a.id}/publish`, { change: 'update', note: 'It is told in another order.' }, { 'If-Match': `"${a.version}"` })
  const reader = await browser.newContext({ javaScriptEnabled: true, viewport: { width: 390, height: 844 } })
  const sheet = await reader.newPage()
  await sheet.goto(input.site + published.address + '/history/2')
  const lines = await sheet.locator('.diff .shape').allInnerTexts()
  step('a break that came has a sign, and nothing went for it', (await sheet.locator('.diff ins').count()) === 1 && (await sheet.locator('.diff del').count()) === 0, await sheet.locator('.diff').innerHTML())
  step('readers are told the same', ['Moved here: 1 paragraph', 'Moved from here: 1 paragraph', 'Made something else: 1 paragraph, now 1 heading', 'Split: 1 paragraph, now 2 paragraphs', 'Made something else: 1 paragraph, now 1 list'].every((w) => lines.includes(w)), lines.join('; '))
  await look(sheet, 'readers-structure')
  await reader.close()
}

/** A clock that cannot be believed is told in the bar, and a chief confirms it there. */
async function clock(chief) {
  const { page, context } = chief
  const wrong = { now: '2026-06-30T08:35:00Z', jump: 7200, wrong: 'the machine\u2019s clock jumped' }
  await page.route('**/api/v1/clock', (route) => route.fulfill({ json: wrong }))
  await go(page, '/')
  await page.waitForSelector('.clockfault')
  const said = await page.locator('.clockfault').innerText()
  step('the bar says why schedules wait', /jumped by 120 minutes and shows .*14:05.*Schedules and publishing wait until it agrees again/s.test(said), said)
  await look(page, 'clock')
  await page.locator('.clockfault input').fill('The battery was empty')
  await page.unroute('**/api/v1/clock')
  await page.locator('.clockfault button').click()
  await page.waitForSelector('.clockfault', { state: 'detached' })
  const { audit } = await api(context, '/audit?act=administer')
  step('a chief confirms it, which is on the audit', audit.some((l) => /confirmed the clock.*The battery was empty/.test(l.detail)), JSON.stringify(audit))
}

await day(async () => {
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
  await structure(chief)
  await clock(chief)
})
