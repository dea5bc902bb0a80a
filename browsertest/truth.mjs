// Reads an article's history, a difference and pages as they stood in a real Chromium, on a phone and on a desk, in the dark, and right to
// left (see room.mjs for what it prints).
import { browser, day, input, look, step } from './room.mjs'

const reader = await (await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: true })).newPage()
const text = (selector = 'main') => reader.locator(selector).innerText()
const status = async (path) => { const r = await reader.goto(input.site + path); return r.status() }

/** Finds an article that was corrected, by the page that says so. */
async function corrected() {
  await reader.goto(input.site + '/corrections')
  const links = await reader.locator('article a[href*="/history/"]').evaluateAll((list) => list.map((a) => a.getAttribute('href')))
  step('what was corrected leads to the change', links.length > 0, await text())
  return links.find((l) => !l.startsWith('/stories/')).replace(/\/history\/.*$/, '')
}

async function history(article) {
  await reader.goto(input.site + article + '/history')
  const said = await text()
  step('the history has editions with time, kind and sentence', /Edition 1/.test(said) && /Edition 2/.test(said) && /Correction/.test(said) && /\d{2}:\d{2} IST/.test(said), said)
  step('it is for no index', (await reader.locator('meta[name=robots]').getAttribute('content')) === 'noindex')
  await look(reader, 'truth-history')
  await reader.setViewportSize({ width: 390, height: 844 })
  await reader.getByRole('link', { name: 'See the change' }).first().click()
  await reader.waitForURL(/\/history\/\d+/)
  const marks = await reader.evaluate(() => [...document.querySelectorAll('main ins, main del')].filter((e) => e.closest('.diff')).map((e) => e.querySelector('.vh')?.textContent ?? ''))
  step('what came and went is said in words too', marks.length > 0 && marks.every((m) => m.trim() !== ''), JSON.stringify(marks))
  await look(reader, 'truth-compare')
  await reader.setViewportSize({ width: 390, height: 844 })
}

/** Asks by the plain form, without a script, for the article as it first stood. */
async function asOf(article) {
  await reader.goto(input.site + article)
  const now = await text('h1')
  await reader.goto(input.site + article + '/history')
  const first = await reader.locator('time').last().getAttribute('datetime')
  await reader.getByLabel('Date').fill(first.slice(0, 10))
  await reader.locator('input[name=at]').fill(first.slice(11, 16))
  await reader.getByRole('button', { name: 'Show' }).click()
  await reader.waitForURL(/\/as-of\/\d{4}-/)
  const banner = await text('.then')
  step('the page says what it is', /As it stood on/.test(banner) && /the design is today/.test(banner), banner)
  step('its first edition is shown', /\/1$/.test(await reader.locator('article[data-edition]').first().getAttribute('data-edition')), now)
  await look(reader, 'truth-article-then')
  await reader.setViewportSize({ width: 390, height: 844 })
  await reader.getByRole('link', { name: 'After that' }).click()
  step('the next state is one step on', /\/[2-9]$/.test(await reader.locator('article[data-edition]').first().getAttribute('data-edition')), reader.url())
  await reader.locator('.plate').first().click()
  step('home is as it stood then', (await reader.locator('.then').count()) === 1 && (await reader.locator('.strip nav').count()) === 0, reader.url())
  await look(reader, 'truth-home-then')
  await reader.goto(input.site + '/as-of/2001-01-01T00:00:00Z' + article)
  step('before it was there it says so', /was not in the paper yet/.test(await text()), await text())
  await look(reader, 'truth-not-yet')
}

/** Looks at a page as it stood in the language that is read from the right. */
async function fromTheRight() {
  await reader.goto(input.site + '/')
  const href = await reader.locator('[lang=ar]').evaluateAll((list) => list.map((e) => e.closest('a')?.getAttribute('href') ?? e.querySelector('a')?.getAttribute('href')).find((h) => h?.startsWith('/')))
  if (!href) return
  await reader.goto(input.site + '/as-of/gate' + href)
  step('it is set from the right', (await reader.locator('html').getAttribute('dir')) === 'rtl' && (await reader.locator('.then').count()) === 1, reader.url())
  await look(reader, 'truth-article-then-ar')
}

await day(async () => {
  const article = await corrected()
  await history(article)
  await asOf(article)
  await fromTheRight()
  step('nothing stands at an instant that is none', (await status('/as-of/yesterday' + article)) === 404)
})
