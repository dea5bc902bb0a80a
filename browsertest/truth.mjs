// Reads an article's history, a difference and pages as they stood in a real Chromium, on a phone and on a desk, in the dark, and right to
// left; then a chief takes words and a person out of the paper for good (see room.mjs for what it prints).
import { api, browser, day, go, input, look, somebody, step } from './room.mjs'

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

const words = 'Quixwortle'
const doc = (text) => ({ type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] })
const send = (who, method, path, data, version) => who.context.request.fetch(input.newsroom + '/api/v1' + path, { method, data, headers: { Origin: input.newsroom, ...(version ? { 'If-Match': `"${version}"` } : {}) } })
async function ask(...how) {
  const answer = await send(...how)
  if (!answer.ok()) throw new Error(`${how[1]} ${how[2]}: ${answer.status()} ${await answer.text()}`)
  return answer.json()
}

/** A coverage and a story that say words which are to go, and an article by somebody who is to be forgotten. */
async function furnish(chief) {
  const section = (await api(chief.context, '/room')).sections[0].id
  const publish = async (what) => {
    const a = await ask(chief, 'POST', '/articles', { language: 'en', section, ...what })
    await ask(chief, 'POST', `/articles/${a.id}/publish`, {}, a.version)
    return { id: a.id, address: (await api(chief.context, '/articles/' + a.id)).address }
  }
  const live = await publish({ kind: 'live', headline: 'The pilots meet, minute by minute' })
  await ask(chief, 'PUT', `/articles/${live.id}/live`, { state: 'live' }, 1)
  await ask(chief, 'POST', `/articles/${live.id}/entries`, { headline: `${words} takes the floor`, body: doc(`Nobody but ${words} spoke.`) })
  await ask(chief, 'POST', `/articles/${live.id}/entries`, { headline: 'The doors are shut', body: doc('The pilots are among themselves.') })
  const story = await ask(chief, 'POST', '/stories', { slug: 'pilots', name: 'The pilots', language: 'en', summary: 'Who steers into the port.',
    statuses: [{ state: 'under_way', words: `${words} is heard`, sentence: 'It goes on tonight.' }] })
  await ask(chief, 'POST', `/stories/${story.id}/publish`, {}, story.version)
  const { version } = await api(chief.context, '/stories/' + story.id)
  await ask(chief, 'POST', `/stories/${story.id}/status`, { state: 'suspended', words: 'They have gone to bed', sentence: 'It goes on tomorrow.' }, version)
  const person = await ask(chief, 'POST', '/persons', { slug: 'ilse-vandermolk', names: { en: 'Ilse Vandermolk' } })
  const report = await publish({ headline: 'The pilots go home', body: doc('They went by the back door.'), byline: [{ person: person.id }] })
  return { live, story: '/stories/pilots', person: '/people/ilse-vandermolk', personID: person.id, report }
}

/** An editor who is no chief gets as far as the form, and no further. */
async function refused(chief, made) {
  const invitation = await ask(chief, 'POST', '/invitations', { email: 'nalini@estuary.example', role: 'editor' })
  const link = Object.values(invitation).find((v) => typeof v === 'string' && v.includes('/join/'))
  const editor = await somebody(link, 'Nalini Okar')
  const { page } = editor
  await go(page, '/settings')
  step('nothing leads an editor to what is for good', (await page.locator('a[href="/redact"], a[href="/erase"]').count()) === 0)
  await go(page, '/redact')
  await page.getByLabel('Words that are to go').fill(words)
  await page.getByRole('button', { name: 'See what it changes' }).click()
  await page.locator('.say.warn').nth(1).waitFor()
  step('an editor is not told where words stand', (await page.locator('main h2').count()) === 0 && (await page.locator('#ry').count()) === 0, await page.locator('main').innerText())
  await go(page, '/erase')
  await page.getByLabel('Who').fill('Vandermolk')
  await page.locator('.picker-names button').click()
  await page.locator('.say.warn').nth(1).waitFor()
  step('an editor sees no plan of an erasure', (await page.locator('main h2').count()) === 0 && (await page.locator('button.no').count()) === 0, await page.locator('main').innerText())
  const { passages } = await ask(chief, 'POST', '/redaction', { words: [words] })
  const { version } = await api(chief.context, '/persons/' + made.personID)
  const answers = [await send(editor, 'POST', '/redact', { words: [words], passages: passages.map((p) => p.key) }), await send(editor, 'POST', `/persons/${made.personID}/erase`, undefined, version)]
  step('what an editor asks for all the same is refused', answers.every((a) => a.status() === 403), answers.map((a) => a.status()).join())
  await reader.goto(input.site + made.live.address)
  step('and nothing is gone', (await text()).includes(words) && (await status(made.person)) === 200)
}

async function takeOut({ page }, made) {
  for (const at of [made.live.address, made.live.address + '/entries/1', made.story, '/search?q=' + words]) {
    await reader.goto(input.site + at)
    step(`the words stand at ${at}`, (await text()).includes(words), await text())
  }
  await go(page, '/settings')
  await page.getByRole('link', { name: 'Take words out for good' }).click()
  await page.waitForURL(/\/redact$/)
  await page.getByLabel('Words that are to go').fill(words)
  await page.getByLabel('Why, for the record').fill('By order of a court')
  step('nothing goes before the plan is seen', (await page.locator('button.no').count()) === 0)
  await page.getByRole('button', { name: 'See what it changes' }).click()
  const passages = page.getByRole('group', { name: 'Passages that hold them' })
  await passages.waitFor()
  const plan = await passages.innerText()
  step('the plan names the entry and the story', /Entry of a live coverage Quixwortle takes the floor/.test(plan) && /Story The pilots/.test(plan) && (await passages.getByRole('checkbox', { checked: true }).count()) === 0, plan)
  step('it has to be chosen what goes', (await page.locator('#ry').count()) === 0 && (await page.locator('button.no').count()) === 0)
  for (const box of await passages.getByRole('checkbox').all()) await box.check()
  const now = page.getByRole('button', { name: 'Take them out for good' })
  await page.locator('#ry').fill('remov')
  step('it goes by the whole word only', await now.isDisabled())
  await page.locator('#ry').fill('remove')
  await look(page, 'redact-words')
  await now.click()
  await page.getByRole('heading', { name: 'The words are gone' }).or(page.locator('.say.warn').nth(1)).first().waitFor()
  step('every address has confirmed it', /Confirmed at \d+ addresses\./.test(await page.locator('main').innerText()), await page.locator('main').innerText())
  const did = await page.locator('main').innerText()
  step('it says of how many passages the words are gone', /Without the words: 2 passages/.test(did) && !/No edition/.test(did), did)
  await page.getByText('What was asked for').click()
  const asked = await page.locator('main details').last().innerText()
  step('one receipt has the addresses of both', asked.includes(made.live.address) && asked.includes(made.story), asked)
  await look(page, 'redact-words-done')

  for (const at of [made.live.address, made.live.address + '/entries/1', made.story, made.story + '/history', '/', '/search?q=' + words + '+pilots']) {
    const answer = await reader.goto(input.site + at)
    const source = (await answer.text()).replaceAll(/value="[^"]*"|\?q=[^"]*/g, '') // what the reader asked for
    step(`no reader finds the words at ${at}`, answer.status() === 200 && (at.startsWith('/search') || !source.includes(words)) && !(await reader.locator('main li').allInnerTexts()).join().includes(words), await text())
  }
  await reader.goto(input.site + made.live.address)
  const told = await text()
  step('the coverage says that an entry was removed, and why', /was removed at \d\d:\d\d: By order of a court/.test(told) && /The doors are shut/.test(told), told)
  await look(reader, 'truth-coverage-redacted')
  await reader.goto(input.site + made.story + '/history')
  const lines = await text()
  step('the story’s history keeps the line and says that its text was removed', /Edition 1/.test(lines) && /The text of this edition was removed\./.test(lines) && /They have gone to bed/.test(lines), lines)
  await look(reader, 'truth-story-redacted')
}

/** Takes the words out of editions of one article: of an old one, which loses its text, then of the newest, with another text in its place. */
async function takeOutOfArticle(chief) {
  const { page } = chief
  const section = (await api(chief.context, '/room')).sections[0].id
  const said = { language: 'en', section, headline: 'The lock is mended', body: doc(`${words} held the lamp.`) }
  const made = await ask(chief, 'POST', '/articles', said)
  const now = () => api(chief.context, '/articles/' + made.id)
  const save = async (what) => ask(chief, 'PUT', '/articles/' + made.id, { ...said, ...what }, (await now()).version)
  await ask(chief, 'POST', `/articles/${made.id}/publish`, {}, made.version)
  await save({ body: doc('Somebody held the lamp.') })
  await ask(chief, 'POST', `/articles/${made.id}/publish`, { change: 'minor' }, (await now()).version)
  const { address } = await now()
  await reader.goto(input.site + address + '/history/1')
  step('an old edition says the words', (await text()).includes(words), await text())
  const redact = async (kind, choose) => {
    await go(page, `/articles/${made.id}/redact`)
    await page.getByLabel('Words that are to go').fill(words)
    await page.getByLabel('Why, for the record').fill('By order of a court')
    await choose()
    await page.getByRole('button', { name: 'See what it changes' }).click()
    const plan = page.locator('section[aria-labelledby=rp]')
    await plan.waitFor()
    const changes = await plan.innerText()
    const sure = page.getByRole('button', { name: 'Take them out for good' })
    step(`${kind}: it is not done by a click`, await sure.isDisabled(), changes)
    await page.locator('#ry').fill('remove')
    await look(page, kind)
    await sure.click()
    await page.getByRole('heading', { name: 'The words are gone' }).or(page.locator('.say.warn').nth(1)).first().waitFor()
    await page.getByText('What was asked for').click()
    const done = await page.locator('main').innerText()
    step(`${kind}: one receipt names what was asked for`, /Confirmed at \d+ addresses\./.test(done) && done.includes(address + '/history'), done)
    await look(page, kind + '-done')
    return changes
  }
  const old = await redact('redact-article', async () => {})
  step('the plan names the edition and takes nothing down', /Without text: edition 1/.test(old) && !/withdrawn/.test(old), old)
  await page.getByRole('link', { name: 'See the receipt' }).click()
  await page.waitForURL(/\/receipt\/\d+$/)
  await page.getByText(address + '/history', { exact: true }).waitFor()
  await reader.goto(input.site + address + '/history')
  step('its line stays in the history, without text', /The text of this edition was (removed|taken out)/.test(await text()) && !(await reader.content()).includes(words), await text())

  await save({ body: doc(`${words} held the lamp again.`) })
  await ask(chief, 'POST', `/articles/${made.id}/publish`, { change: 'update', note: 'The lamp is lit.' }, (await now()).version)
  await save({ body: doc('A lamp was held.') })
  const newest = await redact('redact-article-replaced', () => page.getByRole('radio', { name: /The text saved last/ }).check())
  step('the newest edition is replaced', /Without text: edition 3/.test(newest) && !/withdrawn/.test(newest), newest)
  const answer = await reader.goto(input.site + address)
  step('readers have the other text', answer.status() === 200 && /A lamp was held\./.test(await text()) && !(await reader.content()).includes(words), await text())
}

async function forget({ page }, made) {
  await reader.goto(input.site + made.report.address)
  step('the byline has the name', /Ilse Vandermolk/.test(await text()) && (await status(made.person)) === 200)
  await go(page, '/settings')
  await page.getByRole('link', { name: 'Erase a person' }).click()
  await page.waitForURL(/\/erase$/)
  await page.getByLabel('Who').fill('Vandermolk')
  await page.locator('.picker-names button').click()
  await page.locator('#ew').waitFor()
  const plan = await page.locator('section[aria-labelledby=ew]').innerText()
  step('the plan says what goes and what stays', /Ilse Vandermolk: names, role and address go/.test(plan) && /\d+ entr(y|ies) of the record/.test(plan), plan)
  const now = page.getByRole('button', { name: 'Erase for good' })
  step('nobody is erased by a click', await now.isDisabled())
  await page.locator('#ry').fill('remove')
  await look(page, 'erase')
  await now.click()
  await page.getByRole('heading', { name: 'The person is gone' }).waitFor()
  const did = await page.locator('main').innerText()
  step('an erasure has a receipt', /Confirmed at \d+ addresses\./.test(did), did)
  await page.getByText('What was asked for').click()
  step('it asks for what had the name', (await page.locator('main').innerText()).includes(made.report.address))
  await look(page, 'erase-done')
  step('the person’s page is gone', (await status(made.person)) === 410 && !/Vandermolk/.test(await reader.content()), await reader.content())
  await reader.goto(input.site + made.report.address)
  step('the byline says that a name was removed', /name removed/.test(await text()) && !/Vandermolk/.test(await reader.content()), await text())
  await look(reader, 'truth-name-removed')
}

await day(async () => {
  const article = await corrected()
  await history(article)
  await asOf(article)
  await fromTheRight()
  step('nothing stands at an instant that is none', (await status('/as-of/yesterday' + article)) === 404)
  const chief = await somebody(input.link, 'Meera Anand', 'meera@estuary.example')
  const made = await furnish(chief)
  await refused(chief, made)
  await takeOut(chief, made)
  await takeOutOfArticle(chief)
  await forget(chief, made)
})
