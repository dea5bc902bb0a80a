// Previews, locks and moved addresses, in a real Chromium (see room.mjs): an editor makes a private link, somebody without an account
// opens it, a program that only looks gets nothing, publishing and revoking end it.
import { readFileSync } from 'node:fs'
import { api, articleOf, browser, day, go, input, look, problems, ready, saved, somebody, step } from './room.mjs'

async function draft(page, headline) {
  await go(page, '/articles/new')
  await page.waitForSelector('#headline')
  await page.keyboard.type(headline)
  await page.keyboard.press('Enter')
  await page.keyboard.type('What nobody may read yet.')
  await page.keyboard.press('Enter')
  await page.keyboard.type('The words of a draft that is shown to one reader only.')
  await page.locator('#section').selectOption({ label: 'Coast' }).catch(() => page.locator('#section').selectOption({ index: 1 }))
  await page.waitForURL(/\/articles\/[0-9a-f-]{36}$/)
  await saved(page)
  return articleOf(page)
}

async function picture(page) {
  await page.locator('.lead-empty input[type=file]').setInputFiles({ name: 'ferry.jpg', mimeType: 'image/jpeg', buffer: readFileSync(input.picture) })
  await page.locator('#lead-alt').fill('The ferry at the pier')
  await page.locator('#lead-credit').fill('Ada Menon')
  await saved(page)
}

async function make(page) {
  await page.getByRole('button', { name: 'Make a private link' }).click()
  await page.waitForSelector('#pa')
  return page.locator('#pa').inputValue()
}

/** A reader of the link: no account, no cookies. */
async function stranger() {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, locale: 'en-GB' })
  const page = await context.newPage()
  page.on('pageerror', (e) => problems.push(String(e)))
  page.on('console', (m) => { if (/Content Security Policy|Refused to/.test(m.text())) problems.push(m.text()) })
  return { context, page }
}

const pressed = async (page) => {
  await page.getByRole('button', { name: 'Show the preview' }).click()
  await page.waitForLoadState()
}

async function links(chief) {
  const { page, context } = chief
  const id = await draft(page, 'A headline under wraps')
  await picture(page)
  await page.getByRole('link', { name: 'Preview and private links…' }).click()
  await page.waitForSelector('.framed iframe')
  for (const [width, title] of [[390, 'At phone width'], [1280, 'At desk width']]) {
    const frame = page.frameLocator(`iframe[title="${title}"]`)
    await frame.locator('h1').waitFor()
    const seen = await frame.locator('html').evaluate((html) => ({ wide: html.clientWidth, text: html.innerText, picture: [...html.querySelectorAll('img')].every((i) => i.complete ? i.naturalWidth > 0 : true), pictures: html.querySelectorAll('img').length }))
    step(`the page is framed at ${width}`, Math.abs(seen.wide - width) <= 16 && seen.text.includes('A headline under wraps') && seen.pictures > 0 && seen.picture, JSON.stringify(seen))
  }
  await look(page, 'preview')
  const address = await make(page)
  step('the link is on the newsroom’s origin', address.startsWith(input.newsroom + '/preview/'), address)
  await look(page, 'preview-link')

  const bot = await (await fetch(address, { headers: { 'User-Agent': 'Slackbot-LinkExpanding 1.0' } })).text()
  step('a program that unfurls links sees a blank page', /<title>Preview<\/title>/.test(bot) && !/wraps|og:|description/.test(bot), bot)
  const reader = await stranger()
  await reader.page.goto(address)
  step('the link gives one button', (await reader.page.title()) === 'Preview' && (await reader.page.locator('button').count()) === 1 && /^(Preview\s+)?Show the preview$/.test((await reader.page.locator('main').innerText()).trim()), await reader.page.content())
  await look(reader.page, 'preview-button')
  await reader.page.setViewportSize({ width: 390, height: 844 })
  await pressed(reader.page)
  step('the button gives the article', (await reader.page.locator('h1').innerText()) === 'A headline under wraps')
  await reader.page.locator('figure.lead img').evaluate((i) => i.decode())
  step('its picture is there', await reader.page.locator('figure.lead img').evaluate((i) => i.naturalWidth > 0))
  step('no link leads into the newsroom', (await reader.page.locator('a').evaluateAll((all) => all.filter((a) => a.origin === location.origin && !a.hash).map((a) => a.href))).length === 0)
  step('its fonts and style are its own', await reader.page.evaluate(() => document.fonts.ready.then(() => getComputedStyle(document.querySelector('h1')).fontFamily.includes('Newsreader'))))
  await reader.page.reload()
  step('loading it anew shows it still', (await reader.page.locator('h1').innerText()) === 'A headline under wraps')
  step('that it was opened is told', (await api(context, `/articles/${id}/previews`)).previews[0].opened === 1)
  const other = await stranger()
  await other.page.goto(address)
  step('another browser gets the button again', (await other.page.locator('button').count()) === 1 && !(await other.page.content()).includes('wraps'))
  const inside = await other.page.goto(input.newsroom + '/articles/' + id)
  step('the link opens nothing else', inside.url().includes('/sign-in'), inside.url())

  const second = await make(page)
  await page.getByRole('button', { name: /^Revoke the link/ }).first().click()
  await page.waitForFunction(() => document.querySelectorAll('.previews button').length === 1)
  await other.page.goto(second)
  await pressed(other.page)
  step('revoking ends a link', (await other.page.locator('main').innerText()).includes('There is no preview here'), await other.page.content())
  await look(other.page, 'preview-gone')

  await go(page, `/articles/${id}/publish`)
  await page.getByRole('button', { name: /Publish now/ }).click()
  await page.waitForURL(/receipt/)
  await reader.page.goto(address)
  step('publishing ends what was open', (await reader.page.locator('button').count()) === 1 && !(await reader.page.content()).includes('wraps'))
  await pressed(reader.page)
  step('and the link', (await reader.page.locator('main').innerText()).includes('There is no preview here'))
  await go(page, `/articles/${id}/preview`)
  await page.waitForSelector('.previews')
  step('the list says what ended it', (await page.locator('.previews').innerText()).includes('the article was published'), await page.locator('.previews').innerText())
  await go(page, `/articles/${id}/history`)
  await page.waitForSelector('.events li')
  step('each opening is in the history', (await page.locator('.events').innerText()).includes('opened the link'), await page.locator('.events').innerText())
  await reader.context.close()
  await other.context.close()
  return id
}

async function locks(chief) {
  const { page, context } = chief
  const id = await draft(page, 'An article that has to wait')
  await page.getByRole('link', { name: 'Embargo and legal hold…' }).click()
  await page.waitForSelector('#eu')
  step('an empty field names no instant', (await page.locator('.lock .err').count()) === 0 && await page.getByRole('button', { name: 'Set the embargo', exact: true }).isDisabled(), await page.locator('.lock').first().innerText())
  const year = new Date().getFullYear() + 1
  await page.getByLabel('Day', { exact: true }).fill(`${year}-07-03`)
  await page.getByLabel('Time', { exact: true }).fill('12:08')
  const will = await page.locator('.lock [role=status]').innerText()
  step('an embargo is said in a sentence, with the zone', /at 12:08 IST, in .+ You are in (CEST|GMT\+2|UTC\+2)/s.test(will), will)
  await look(page, 'locks')
  await page.getByRole('button', { name: /^Set the embargo until/ }).click()
  await page.waitForSelector('.lock .say.warn')
  const stands = await page.locator('.lock').first().innerText()
  step('who set it stands beside it', stands.includes('Set by Meera Anand'), stands)
  await page.getByLabel('Day', { exact: true }).fill(`${year}-07-02`)
  step('to shorten it needs a reason', await page.getByRole('button', { name: /^Set the embargo/ }).isDisabled())
  await page.getByLabel('Why it is changed').fill('The source agreed to an earlier hour')
  await page.getByRole('button', { name: /^Set the embargo until/ }).click()
  await page.waitForFunction(() => document.querySelector('.lock').innerText.includes('an earlier hour'))
  await page.getByLabel('Why it is changed').fill('It is public elsewhere')
  await page.getByRole('button', { name: 'Lift it now' }).click()
  await page.waitForFunction(() => document.querySelector('.lock').innerText.includes('There is no embargo'))
  step('a chief lifts it with a reason', !(await api(context, '/articles/' + id)).embargo)
  await page.getByLabel('What is wrong with it, for colleagues').fill('A lawyer is to see the second paragraph')
  await page.getByRole('button', { name: 'Put it on hold' }).click()
  await page.waitForFunction(() => document.querySelectorAll('.lock')[1].innerText.includes('second paragraph'))
  await look(page, 'held')
  await go(page, '/articles/' + id)
  const banner = await page.locator('.sheet .say.warn').innerText()
  step('the editor says what one can do instead', /put it on legal hold/.test(banner) && /Only a chief lifts it/.test(banner) && /second paragraph/.test(banner), banner)
  await go(page, `/articles/${id}/locks`)
  await page.getByLabel('Why it may go out').fill('Seen by the lawyer')
  await page.getByRole('button', { name: 'Lift the hold' }).click()
  await page.waitForFunction(() => document.querySelectorAll('.lock')[1].innerText.includes('It is not on hold'))
  step('a chief lifts the hold', !(await api(context, '/articles/' + id)).hold)
}

/** A schedule is said in a sentence, an hour that the clocks leave out is refused; where no embargo is named none is set. */
async function schedule(chief) {
  const { page, context } = chief
  const id = await draft(page, 'An article for the third of July')
  await go(page, `/articles/${id}/schedule`)
  const year = new Date().getFullYear() + 1
  await page.getByLabel('Day', { exact: true }).fill(`${year}-07-03`)
  await page.getByLabel('Time', { exact: true }).fill('12:08')
  const will = await page.locator('.dialog [role=status]').innerText()
  step('a schedule is said in a sentence', new RegExp(`Goes out \\w+ 3 July ${year} at 12:08 IST, in .+\\sYou are in CEST`, 's').test(will), will)
  await page.getByRole('button', { name: /^Schedule for/ }).click()
  await page.waitForURL('**/?list=scheduled')
  const now = await api(context, '/articles/' + id)
  step('and it is scheduled, without an embargo', now.draft === 'scheduled' && !now.embargo && now.schedule.due === `${year}-07-03T06:38:00Z`, JSON.stringify(now.schedule))
  await setZone(context, 'Europe/Berlin')
  await go(page, `/articles/${id}/schedule`)
  await page.getByLabel('Day', { exact: true }).fill('2027-03-28')
  await page.getByLabel('Time', { exact: true }).fill('02:30')
  const go_ = page.getByRole('button', { name: /^Schedule/ })
  step('a time that the clocks leave out is refused', (await page.locator('.err').innerText()).includes('02:30 does not exist on that day') && await go_.isDisabled())
  await page.getByLabel('Embargo: day').fill('2027-03-28')
  await page.getByLabel('Embargo: time').fill('02:30')
  await page.getByLabel('Time', { exact: true }).fill('04:00')
  step('so is one of an embargo', (await page.locator('.err').innerText()).includes('02:30 does not exist') && await go_.isDisabled())
  await page.getByLabel('Embargo: day').fill('')
  await page.getByLabel('Embargo: time').fill('')
  await page.getByLabel('Day', { exact: true }).fill('2027-10-31')
  await page.getByLabel('Time', { exact: true }).fill('02:30')
  await page.locator('.choice').waitFor()
  step('a time that comes twice is asked about', /02:30 CEST \(UTC\+2\)\s+02:30 CET \(UTC\+1\)/.test(await page.locator('.choice').innerText()), await page.locator('.choice').innerText())
  await look(page, 'schedule-twice')
  await page.locator('.choice input').nth(1).check()
  step('and the sentence names which', (await page.locator('.dialog [role=status]').innerText()).includes('at 02:30 CET'))
  await page.getByRole('button', { name: /^Schedule for/ }).click()
  await page.waitForURL('**/?list=scheduled')
  step('the second of the two is taken', (await api(context, '/articles/' + id)).schedule.due === '2027-10-31T01:30:00Z')
  await go(page, `/articles/${id}/schedule`)
  step('and is shown again as the second', (await page.locator('.choice input').nth(1).isChecked()))
  await page.getByRole('button', { name: 'Take it off the schedule' }).click()
  await page.waitForURL(/\/articles\/[0-9a-f-]{36}$/)
  await setZone(context, 'Asia/Kolkata')
}

async function setZone(context, zone) {
  const p = await api(context, '/publication')
  const answer = await context.request.put(input.newsroom + '/api/v1/publication', { headers: { 'If-Match': `"${p.version}"`, 'Content-Type': 'application/json' }, data: { ...p, zone, id: undefined, version: undefined } })
  if (!answer.ok()) throw new Error(await answer.text())
}

async function move(chief, id) {
  const { page, context } = chief
  const was = (await api(context, '/articles/' + id)).address
  await go(page, '/articles/' + id)
  await page.getByRole('link', { name: 'Move its address…' }).click()
  await page.getByLabel('New address').fill('/coast/under-wraps')
  await look(page, 'move')
  step('what becomes of the old address is said', (await page.locator('[role=status].know').innerText()).includes(`${was} will lead to /coast/under-wraps`))
  await page.getByRole('button', { name: 'Move it now' }).click()
  await page.waitForURL(/receipt/)
  const old = await fetch(input.site + was, { redirect: 'manual' })
  step('the old address leads to the new one', old.status === 301 && old.headers.get('location') === '/coast/under-wraps', `${old.status} ${old.headers.get('location')}`)
}

/** At 200 % zoom nothing is lost and nothing scrolls sideways: 640 CSS pixels at two device pixels each. */
async function zoomed(chief, id) {
  const context = await browser.newContext({ viewport: { width: 640, height: 450 }, deviceScaleFactor: 2, locale: 'en-GB', storageState: await chief.context.storageState() })
  const page = await context.newPage()
  for (const path of ['/', '/?list=all', '/calendar', '/articles/new', `/articles/${id}`, `/articles/${id}/publish`, `/articles/${id}/schedule`, `/articles/${id}/history`, `/articles/${id}/preview`, `/articles/${id}/locks`, `/articles/${id}/address`, `/articles/${id}/withdraw`, '/account', '/people']) {
    await go(page, path)
    await page.waitForLoadState('networkidle').catch(() => undefined)
    const lost = await page.evaluate(() => {
      const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth
      const out = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, h1, h2')].filter((e) => {
        const r = e.getBoundingClientRect()
        if (!e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) || r.width <= 1 || r.height <= 1 || e.closest('.vh, .skip')) return false
        return r.right > document.documentElement.clientWidth + 1 || r.left < -1
      })
      return { wide, out: out.map((e) => e.outerHTML.slice(0, 120)) }
    })
    step(`200 % zoom: ${path.replace(id, '…')}`, lost.wide <= 0 && lost.out.length === 0, JSON.stringify(lost))
  }
  await context.close()
}

await day(async () => {
  const chief = await somebody(input.link, 'Meera Anand', 'meera@estuary.example')
  const id = await links(chief)
  await locks(chief)
  await move(chief, id)
  await schedule(chief)
  await zoomed(chief, id)
})
