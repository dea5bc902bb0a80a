// Arranges a front as editors do, in a real Chromium: by keyboard and by dragging, with a rule and with words of its own; publishes it and
// sees readers' home change; meets a colleague at the same front; and sees a withdrawn article leave. See room.mjs.
import { api, day, go, input, look, open, ready, somebody, step } from './room.mjs'

const home = async () => (await fetch(input.site + '/')).text()
const place = (page, box, n) => page.locator(`li.place[data-box="${box}"][data-place="${n}"]`)
const headline = (page, box, n) => place(page, box, n).locator('.hl').innerText()
/** A page without the lines of what is on air, which moves by itself, and of when the page changed. */
const still = (html) => html.replaceAll(/<p class="(strip2|ear)">.*?<\/p>/gs, '')

/** The articles that stand on a page twice, but for the list of the latest and of what is read most, and the line of what is on air. */
const twice = (html) => {
  const cards = [...html.matchAll(/<article class="[^"]*" data-edition="([^/]+)/g)].map((m) => m[1])
  return cards.filter((id, i) => cards.indexOf(id) < i)
}
const published = (page, before) => page.waitForFunction((before) => {
  const r = document.querySelector('[data-receipt]')
  return r && r.dataset.receipt !== before
}, before, { timeout: 15000 })

async function drag(page, from, to) {
  const grip = await place(page, ...from).locator('.grip').boundingBox()
  const there = await place(page, ...to).boundingBox()
  await page.mouse.move(grip.x + grip.width / 2, grip.y + grip.height / 2)
  await page.mouse.down()
  await page.mouse.move(there.x + 60, there.y + there.height / 2, { steps: 8 })
  await page.mouse.up()
}

async function pin(page, box, n, words) {
  await place(page, box, n).getByRole('button', { name: /Pin an article|Another article/ }).click()
  await page.waitForSelector('dialog[open]')
  await page.locator('#ff').fill(words)
  await page.waitForFunction((words) => [...document.querySelectorAll('.offers button b')].some((b) => b.textContent.toLowerCase().includes(words.toLowerCase())), words)
  const button = page.locator('.offers button:not([disabled])').filter({ hasText: new RegExp(words, 'i') }).first()
  const chosen = await button.locator('b').innerText()
  await button.click()
  await page.waitForSelector('dialog[open]', { state: 'detached' })
  return chosen
}

await day(async () => {
  const chief = await somebody(input.link, 'Meera Anand', 'meera@estuary.example')
  const { page, context } = chief
  await go(page, '/fronts/home')
  await page.waitForSelector('.place')
  step('a front that nobody arranged says that it fills itself', /fills itself/.test(await page.locator('main > p[role=status]').first().innerText()))
  const first = await home()

  const lead = await pin(page, 0, 0, 'lighthouse')
  const other = await pin(page, 0, 1, 'salt')
  step('what is pinned stands in its place', (await headline(page, 0, 0)) === lead && (await headline(page, 0, 1)) === other, [lead, other])
  await look(page, 'front')

  // by keyboard: the second place's button has the focus, Alt with an arrow moves it
  await place(page, 0, 1).getByRole('button', { name: 'Another article' }).focus()
  await page.keyboard.press('Alt+ArrowUp')
  await page.waitForFunction((t) => document.querySelector('li.place[data-box="0"][data-place="0"] .hl')?.textContent === t, other)
  step('Alt and an arrow move a card, and the focus with it', await page.evaluate(() => document.activeElement.closest('li.place')?.dataset.place === '0'))
  step('and it is said', (await page.locator('p.vh[role=status]').innerText()).includes('place 1'))

  // by dragging: from the first place of the lead into the second container
  await page.setViewportSize({ width: 1280, height: 2200 })
  const box = (n) => page.locator('section.box').nth(n)
  step('running stories stand after the lead', (await box(1).locator('h2').innerText()) === 'Running stories' && (await box(1).locator('.grip').count()) === 0)
  await drag(page, [0, 0], [1, 0])
  step('no article goes among running stories', (await headline(page, 0, 0)) === other && !(await box(1).innerText()).includes(other))
  await drag(page, [0, 0], [2, 0])
  await page.waitForFunction((t) => document.querySelector('li.place[data-box="2"][data-place="0"] .hl')?.textContent === t, other)
  step('a card is dragged into another container', true)
  await box(1).getByRole('button', { name: 'Move down', exact: true }).first().click()
  await page.waitForFunction((t) => document.querySelector('li.place[data-box="1"][data-place="0"] .hl')?.textContent === t, other)
  step('and running stories are moved below it', (await box(2).locator('h2').innerText()) === 'Running stories')
  await page.setViewportSize({ width: 1280, height: 900 })
  await place(page, 0, 1).getByRole('button', { name: 'Move up' }).click()
  step('buttons do the same', (await headline(page, 0, 0)) === lead, await headline(page, 0, 0))

  await place(page, 0, 0).getByRole('button', { name: 'Own words' }).click()
  await page.getByLabel('Headline here').fill('The keeper goes home')
  await page.getByLabel('Kicker, above the headline').fill('Last light')
  await page.locator('#p0-0p').setInputFiles(input.picture)
  await page.waitForSelector('.words img')
  await page.locator('#b1t').fill('From the shore')
  await page.locator('#b1l').selectOption('wide')
  await page.locator('#b3l').selectOption('list')
  await page.getByRole('button', { name: 'Add a breaking strip' }).click()
  await page.locator('#stx').fill('Ferry aground off Mora')
  await look(page, 'front-words')
  step('readers have nothing of it yet', still(await home()) === still(first))
  const preview = context.waitForEvent('page')
  await page.getByRole('button', { name: 'See the draft as a reader' }).click()
  const shown = await preview
  await shown.waitForURL(/preview/)
  step('it is seen as readers would', /The keeper goes home/.test(await shown.locator('main').innerText()), await shown.locator('main').innerText())
  await shown.close()
  step('and readers still have nothing of it', still(await home()) === still(first))

  await page.getByRole('button', { name: 'Publish this front now' }).click()
  await published(page, '')
  const said = await page.locator('[data-receipt]').innerText()
  const now = await home()
  step('at the receipt readers have it', /Readers have it/.test(said) && ['The keeper goes home', 'Last light', 'From the shore', 'Ferry aground off Mora'].every((w) => now.includes(w)), said)
  const own = (await api(context, '/fronts/home')).content.containers[0].items[0]
  const { hash } = await api(context, '/pictures/' + own.picture)
  step('with the picture that was put there, and running stories below', now.includes('/pictures/' + hash) && now.indexOf('Running stories') > now.indexOf('From the shore'), hash)
  step('no article stands twice among the cards', twice(now).length === 0, twice(now))
  await page.waitForFunction(() => /edition 1/.test(document.querySelector('main > p[role=status]')?.textContent ?? ''))
  await look(page, 'front-out')
  const reader = await context.browser().newContext({ viewport: { width: 1280, height: 900 } })
  const readers = await open(reader)
  await readers.goto(input.site + '/')
  await look(readers, 'readers-home')
  await readers.evaluate(() => { document.documentElement.dir = 'rtl' })
  await look(readers, 'readers-home-rtl')
  await reader.close()

  // two editors at once
  const two = await open(context)
  await two.goto(input.newsroom + '/fronts/home')
  await ready(two)
  await page.locator('#b1t').fill('Mine')
  await two.locator('#b1t').fill('Theirs')
  await two.getByRole('button', { name: 'Save the draft' }).click()
  await two.waitForFunction(() => /Arrangement \d+, saved/.test(document.querySelector('main > p[role=status]')?.textContent ?? ''))
  await page.getByRole('button', { name: 'Save the draft' }).click()
  await page.waitForSelector('.conflict')
  const both = await page.locator('.conflict').innerText()
  step('the second of two editors is shown both arrangements', both.includes('Mine') && both.includes('Theirs'), both)
  await look(page, 'front-conflict')
  await page.getByRole('button', { name: 'Save mine over it' }).click()
  await page.waitForSelector('.conflict', { state: 'detached' })
  step('and chooses which goes on', (await api(context, '/fronts/home')).content.containers[1].title.en === 'Mine')
  await two.close()

  await page.getByRole('button', { name: 'History', exact: true }).click()
  await page.waitForSelector('dialog[open] ol li')
  await look(page, 'front-history')
  step('the history has every arrangement', (await page.locator('dialog ol li').count()) >= 3)
  await page.locator('dialog ol li').last().getByRole('button', { name: 'Take up again' }).click()
  await page.waitForFunction(() => document.querySelector('#b1t')?.value === 'From the shore')
  step('an old arrangement is taken up as a new draft', !(await home()).includes('Mine'))

  // at an hour, and not
  await page.getByRole('button', { name: 'Publish at an hour' }).click()
  await page.locator('dialog[open] button.go').click()
  await page.waitForFunction(() => /goes out/.test(document.querySelector('main > p[role=status]')?.textContent ?? ''))
  step('an arrangement waits for its hour', !!(await api(context, '/fronts/home')).schedule)
  await page.getByRole('button', { name: 'Take it off the schedule' }).click()
  await page.waitForFunction(() => !/goes out/.test(document.querySelector('main > p[role=status]')?.textContent ?? ''))
  step('and is taken off', !(await api(context, '/fronts/home')).schedule)

  // without running stories
  const stories = page.locator('section.box').filter({ has: page.locator('h2', { hasText: /^Running stories$/ }) })
  await stories.getByRole('button', { name: 'Take off', exact: true }).click()
  await page.getByRole('button', { name: 'Publish this front now' }).click()
  await page.waitForFunction(() => /edition 2/.test(document.querySelector('main > p[role=status]')?.textContent ?? ''))
  step('a front without running stories has none', !(await home()).includes('Running stories'))

  // what is withdrawn leaves at once
  const pinned = (await api(context, '/fronts/home')).content.containers[0].items[0].article
  const article = await api(context, '/articles/' + pinned)
  const gone = await page.evaluate(async ({ id, version }) => (await fetch(`/api/v1/articles/${id}/withdraw`, { method: 'POST', headers: { 'Content-Type': 'application/json', 'If-Match': `"${version}"` }, body: '{"kind":"killed"}' })).json(), { id: pinned, version: article.version })
  const after = await home()
  step('a withdrawn article leaves at once, and its receipt says so', gone.confirmed && gone.addresses.some((a) => a.address === '/') && !after.includes('The keeper goes home') && !after.includes(pinned), JSON.stringify(gone).slice(0, 600))

  const section = (await api(context, '/room')).sections[0]
  await go(page, '/fronts/' + section.id)
  await page.waitForSelector('.place')
  await page.getByRole('button', { name: 'Publish this front now' }).click()
  await published(page, '')
  step('a section has a front too', /class="cards"/.test(await (await fetch(`${input.site}/${section.slug}/`)).text()))
  await go(page, '/reads')
  step('editors see what is read, quietly', /What is read/.test(await page.locator('h1').innerText()))
  await look(page, 'reads')
})
