// A whole day in a newsroom, in a real Chromium: signs in by passkey, sets what is checked, writes and pastes, is stopped and shown
// why, asks for a lawyer's eye, schedules and sees it go out, corrects, reads it as a reader does, meets an address that does not
// answer, withdraws, and looks at all of it in Hindi too (see room.mjs for what it prints).
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { api, articleOf, body, browser, day, go, input, look, open, paste, saved, somebody, step } from './room.mjs'

const origin = { Origin: input.newsroom }
const read = (path) => fetch(input.site + path, { redirect: 'manual' })
const text = async (path) => (await read(path)).text()

/** Asks the readers' site until an address answers so, as a reader would who loads it again. */
async function until(path, good) {
  for (;;) {
    const r = await read(path)
    const t = await r.text()
    if (good(r.status, t)) return t
    await new Promise((done) => setImmediate(done))
  }
}

async function comesIn(chief) {
  const door = chief.context.pages()[0] // the one with the authenticator
  await door.goto(input.newsroom + '/account')
  await door.getByRole('button', { name: 'Sign out' }).first().click()
  await door.waitForURL('**/sign-in**')
  step('is out', (await chief.context.request.get(input.newsroom + '/api/v1/me')).status() === 401)
  await door.getByRole('button', { name: /passkey/i }).click()
  await door.waitForURL((u) => !u.pathname.startsWith('/sign-in'))
  step('signs in by passkey', (await api(chief.context, '/me')).way === 'passkey')
}

const levelOf = (page, check, level) => page.locator(`tr:has(#c-${check})`).getByRole('radio', { name: level })

async function settings(chief) {
  const { page, context } = chief
  await go(page, '/')
  await page.getByRole('link', { name: 'Settings' }).click()
  await page.waitForSelector('.levels')
  for (const check of ['standfirst', 'topics', 'own_links', 'minor']) await levelOf(page, check, 'Must').check()
  await levelOf(page, 'lead', 'Warn').check()
  await page.locator('#lw').fill('accus*\npolice raid')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved. It holds').waitFor()
  const rules = await api(context, '/settings/checks')
  step('a chief sets what is checked', rules.levels.standfirst === 'must' && rules.levels.lead === 'warn' && rules.lawyer.words.join() === 'accus*,police raid', JSON.stringify(rules))
  await look(page, 'settings')
}

async function write(chief) {
  const { page, context } = chief
  await go(page, '/articles/new')
  await page.locator('#headline').fill('Night boats: 14 cabins sold out')
  await body(page).focus()
  await paste(page, readFileSync(join(input.paste, 'google-docs.html'), 'utf8'))
  await paste(page, '<p>The company sold 14 cabins. It said so <a href="/coast/2020/01/01/none">before</a>.</p>')
  await page.locator('#section').selectOption({ label: 'Coast' })
  // A picture that nothing else of the demo's paper shows.
  const drawn = await page.evaluate(() => {
    const c = Object.assign(document.createElement('canvas'), { width: 960, height: 540 })
    const pen = c.getContext('2d')
    pen.fillStyle = '#24506e'
    pen.fillRect(0, 0, 960, 540)
    pen.fillStyle = '#e8e8e4'
    pen.fillRect(240, 260, 480, 120)
    return c.toDataURL('image/png').split(',')[1]
  })
  await page.locator('.lead-empty input').setInputFiles({ name: 'quay.png', mimeType: 'image/png', buffer: Buffer.from(drawn, 'base64') })
  await page.locator('#lead-alt').fill('A white ferry at a quay.')
  await saved(page)
  await page.waitForURL(/\/articles\/[0-9a-f-]{36}$/)
  const id = articleOf(page)
  step('it is written, pasted and has a picture', (await api(context, '/articles/' + id)).content.lead.alt !== '')
  return id
}

async function stopped(chief, id) {
  const { page, context } = chief
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('.checks li.fail')
  const said = await page.locator('.checks').innerText()
  step('what must be there is named', /It has no standfirst/.test(said) && /It has no topics/.test(said) && /leads nowhere/.test(said) && /has no credit/.test(said), said)
  step('and it cannot be published', await page.getByRole('button', { name: 'Publish now' }).isDisabled())
  await look(page, 'checks')
  const a = await api(context, '/articles/' + id)
  const refused = await context.request.post(`${input.newsroom}/api/v1/articles/${id}/publish`, { data: {}, headers: { ...origin, 'If-Match': `"${a.version}"` } })
  const problem = await refused.json()
  step('the API refuses it too, and names each', refused.status() === 422 && problem.code === 'checks' && problem.errors.map((e) => e.check).join() === 'standfirst,topics,own_links', JSON.stringify(problem))
  await page.locator('li.fail', { hasText: 'standfirst' }).getByRole('link', { name: 'Go there' }).click()
  await page.waitForFunction(() => document.activeElement?.id === 'standfirst')
  await page.keyboard.type('Nobody can say when the next boat leaves.')
  await page.locator('#topics').fill('Night boats')
  await page.getByRole('option', { name: /a subject/ }).click()
  await saved(page)
  await page.keyboard.press('Control+Enter')
  await page.locator('li.fail', { hasText: 'leads nowhere' }).getByRole('link', { name: 'Go there' }).click()
  await page.waitForFunction(() => getSelection().toString() === 'before')
  step('a way leads to the very words', true)
  await page.keyboard.type('in March')
  await page.keyboard.press('Control+Home')
  await page.evaluate(() => {
    const link = document.querySelector('.ProseMirror a')
    if (link) getSelection().selectAllChildren(link)
  })
  await page.keyboard.press('Backspace')
  await saved(page)
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('.checks li')
  await page.waitForFunction(() => document.querySelectorAll('.checks li.fail').length === 0)
  step('what is mended is not named any more', await page.getByRole('button', { name: 'Publish now' }).isEnabled(), await page.locator('.checks').innerText())
}

async function lawyer(chief, id) {
  const { page, context } = chief
  const a = await api(context, '/articles/' + id)
  const content = structuredClone(a.content)
  content.body.content.push({ type: 'paragraph', content: [{ type: 'text', text: 'Its master is accused of fraud.' }] })
  await context.request.put(`${input.newsroom}/api/v1/articles/${id}`, { data: content, headers: { ...origin, 'If-Match': `"${a.version}"` } })
  await page.getByText('It needs a lawyer’s eye: the word “accus*”.').first().waitFor()
  step('the panel is live: what somebody else saves is looked at before one presses', await page.getByRole('button', { name: 'Publish now' }).isDisabled())
  await page.getByRole('button', { name: 'Put it on legal hold' }).click()
  await page.getByText(/put it on legal hold; nobody can publish it/).first().waitFor()
  step('it is on hold, with the reason', /accus\*/.test((await api(context, '/articles/' + id)).hold.reason))
  await look(page, 'held')
  await page.getByRole('checkbox', { name: 'A lawyer has seen it' }).check()
  await page.locator('#law').fill('Seen by counsel; the charge is public.')
  await page.getByRole('button', { name: 'Lift the hold' }).click()
  await page.waitForFunction(() => document.querySelectorAll('.checks li.fail').length === 0 && document.querySelectorAll('.checks li').length > 0)
  step('a chief lifts it, and it is clear for these words', /lifted the hold/.test(await page.locator('.checks').innerText()))
}

async function goesOut(chief, id) {
  const { page, context } = chief
  await page.getByRole('link', { name: 'Schedule…' }).click()
  await page.waitForSelector('#sd')
  await page.getByLabel('Day', { exact: true }).fill('2027-07-03')
  await page.getByLabel('Time', { exact: true }).fill('12:08')
  step('what will happen is said before', /Goes out Saturday 3 July 2027 at 12:08 IST/.test(await page.locator('.say.know').first().innerText()))
  await page.getByRole('button', { name: /^Schedule for/ }).click()
  await page.waitForURL('**/?list=scheduled')
  // The hour is brought near, so that nobody waits for the next minute.
  const a = await api(context, '/articles/' + id)
  const near = await context.request.post(`${input.newsroom}/api/v1/articles/${id}/schedule`, { data: { due: new Date(Date.now() + 1500).toISOString() }, headers: { ...origin, 'If-Match': `"${a.version}"` } })
  step('the hour is another', near.status() === 200, await near.text())
  const address = (await api(context, '/articles/' + id)).schedule?.address ?? (await api(context, '/articles/' + id)).address
  const html = await until(address, (status) => status === 200)
  step('it goes out by itself, with nothing of the newsroom’s', html.includes('14 cabins sold out') && !html.includes('Seen by counsel'))
  return address
}

async function correct(chief, id, address) {
  const { page, context } = chief
  const a = await api(context, '/articles/' + id)
  const content = JSON.parse(JSON.stringify(a.content).replace('The company sold 14 cabins', 'The company sold 11 cabins'))
  await context.request.put(`${input.newsroom}/api/v1/articles/${id}`, { data: content, headers: { ...origin, 'If-Match': `"${a.version}"` } })
  const { findings } = await api(context, `/articles/${id}/checks`)
  step('other words need another look of the lawyer’s', findings.some((f) => f.check === 'lawyer' && f.state === 'fails'), JSON.stringify(findings))
  const rules = await api(context, '/settings/checks')
  await context.request.put(input.newsroom + '/api/v1/settings/checks', { data: { ...rules, lawyer: {} }, headers: origin })
  await go(page, `/articles/${id}/publish`)
  await page.waitForSelector('.pick')
  await page.keyboard.press('1')
  await page.locator('.checks li.fail', { hasText: 'A number changed, 14 to 11' }).waitFor()
  step('minor must be minor where the chief says so', await page.getByRole('button', { name: 'Publish minor now' }).isDisabled())
  await page.keyboard.press('3')
  step('the sentence is proposed', /^The company sold 11 cabins\. An earlier edition said “14”\.$/.test(await page.locator('#why').inputValue()), await page.locator('#why').inputValue())
  await page.locator('#why').press('Enter')
  await page.waitForFunction(() => /addresses show it, /.test(document.querySelector('.big')?.textContent ?? ''))
  const reader = await chief.context.newPage()
  await reader.goto(input.site + address)
  step('a reader sees it', /The company sold 11 cabins/.test(await reader.locator('main').innerText()) && /An earlier edition said “14”/.test(await reader.locator('main').innerText()))
  await reader.goto(input.site + '/corrections')
  step('and the correction', /An earlier edition said “14”/.test(await reader.locator('main').innerText()))
  await reader.close()
}

/** A site that does not show one address: the receipt says what that means and what to do. */
async function late(chief, id) {
  const { page } = chief
  const line = (address, what, status, confirmed, detail) => ({ address, what, status, confirmed, ms: 12.4, detail })
  const lines = [line('/coast/2026/11/29/x', 'article', 200, true), line('/', 'home', 200, false, 'edition 2 is not on the page that is served'), line('/rss.xml', 'feed', 503, false, 'the address answers 503'), line('/search', 'search', 0, false)]
  const receipt = { sequence: 1, act: 'edition', article: id, edition: 2, address: '/coast/2026/11/29/x', at: new Date().toISOString(), confirmed: false, ms: 31, addresses: lines }
  await page.route('**/receipts/*/lines', (route) => route.fulfill({ status: 200, contentType: 'text/event-stream', body: `event: receipt\ndata: ${JSON.stringify(receipt)}\n\n` }))
  await go(page, `/articles/${id}/receipt/1`)
  await page.waitForSelector('.receipt tr.late')
  const said = await page.locator('.receipt').innerText()
  step('what is not confirmed is said with what to do', /still shows what was there before/.test(said) && /answers 503/.test(said) && /did not answer/.test(said) && (await page.locator('.receipt tr.late').count()) === 3, said)
  await look(page, 'receipt-late')
  await page.unroute('**/receipts/*/lines')
}

async function withdraw(chief, id, address) {
  const { page, context } = chief
  const a = await api(context, '/articles/' + id)
  const picture = /\/pictures\/[0-9a-f]+-\d+\.\w+/.exec(await text(address))?.[0]
  step('its picture is there', picture && (await read(picture)).status === 200, picture)
  await go(page, `/articles/${id}/withdraw`)
  await page.getByRole('radio', { name: /Killed/ }).check()
  await page.locator('#wr').fill('The report rested on one source.')
  await page.locator('#wc').fill('Asked by the desk.')
  await page.waitForSelector('.places')
  const places = await page.locator('.places').innerText()
  const want = ['/', '/coast/', '/rss.xml', '/coast/rss.xml', '/topics/night-boats', '/corrections', '/sitemap-news.xml', '/search', address + '/history']
  step('every place that will change is shown before one confirms', want.every((p) => places.includes(p)) && /A picture that only it uses/.test(places), places)
  await look(page, 'withdraw-places')
  await page.getByRole('button', { name: 'Withdraw now' }).click()
  await page.waitForFunction(() => /no longer show it, /.test(document.querySelector('.big')?.textContent ?? ''))
  step('its page is gone', (await read(address)).status === 410)
  const mark = 'data-edition="' + a.id
  const year = new Date().getUTCFullYear(), month = String(new Date().getUTCMonth() + 1).padStart(2, '0')
  for (const path of ['/', '/coast/', '/rss.xml', '/atom.xml', '/coast/rss.xml', '/topics/night-boats', '/corrections', '/sitemap-news.xml', '/search?q=cabins+sold', `/${year}/${month}/`]) {
    const t = (await text(path)).replace(new RegExp(`<at:deleted-entry ref="urn:uuid:${a.id}" when="[^"]+"/>`), '') // Atom's mark of what was taken down (RFC 6721)
    step('nothing of it at ' + path, !t.includes(mark) && !t.includes(a.id) && !t.includes(address + '"') && !t.includes('cabins sold out'))
  }
  step('nor its picture', [404, 410].includes((await read(picture)).status), (await read(picture)).status)
}

/** The same rooms in Hindi, in which every word is another. */
async function inHindi(chief, id) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'Asia/Kolkata', locale: 'hi-IN', storageState: await chief.context.storageState() })
  const page = await open(context)
  const { rows } = await api(context, '/desk/published-today')
  const other = (rows.find((r) => r.readers === 'published' && r.id !== id) ?? (await api(context, '/desk/all?state=published')).rows[0]).id
  for (const [name, path, ready] of [['desk', '/', '.rows'], ['calendar', '/calendar', '.month'], ['settings', '/settings', '.levels'], ['editor', '/articles/' + other, '#headline'],
    ['publish', `/articles/${other}/publish`, '.checks'], ['schedule', `/articles/${other}/schedule`, '#sd'], ['withdraw', `/articles/${other}/withdraw`, '.pick'], ['history', `/articles/${other}/history`, '.events']]) {
    await go(page, path)
    await page.waitForSelector(ready)
    const lang = await page.evaluate(() => document.documentElement.lang)
    step('in Hindi: ' + name, lang === 'hi' && /[\u0900-\u097f]/.test(await page.locator('main').innerText()))
    await look(page, name + '-hi')
  }
  await context.close()
}

await day(async () => {
  const chief = await somebody(input.link, 'Meera Anand', 'meera@estuary.example')
  await comesIn(chief)
  await settings(chief)
  const id = await write(chief)
  await stopped(chief, id)
  await lawyer(chief, id)
  const address = await goesOut(chief, id)
  await correct(chief, id, address)
  await late(chief, id)
  await withdraw(chief, id, address)
  await inHindi(chief, id)
})
