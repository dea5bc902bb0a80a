// Tells a running story in a real Chromium as editors do, and reads it as somebody who comes back (see room.mjs for what it prints).
import { api, articleOf, browser, day, go, input, look, ready, saved, somebody, step } from './room.mjs'

const receipt = (page) => page.waitForFunction(() => /^\d/.test(document.querySelector('.panel .big')?.textContent ?? '') || document.querySelector('.panel progress')?.value === document.querySelector('.panel progress')?.max, null, { timeout: 20000 })

/** Makes a story, with a status, a date and a party, and publishes it. */
async function tell(chief) {
  const { page } = chief
  await go(page, '/stories')
  await page.waitForSelector('.rows')
  step('the demo has a story of each state', (await page.locator('.rows tbody tr').count()) >= 6, await page.locator('.rows').innerText())
  await look(page, 'stories')
  await page.getByRole('link', { name: 'New story' }).click()
  await page.locator('#name').fill('The lighthouse lamp')
  await page.locator('#summary').fill('Whether the lamp at Mora is lit by hand or by a timer.')
  await page.getByRole('button', { name: 'Change the status' }).click()
  await page.getByLabel('In your own words').fill('A timer is on trial')
  await page.getByRole('button', { name: 'Add a date' }).click()
  await page.getByLabel('What happens').fill('The council hears the keeper')
  await page.getByLabel('Known to the').selectOption('season')
  await page.getByLabel('Season', { exact: true }).selectOption('3')
  await page.getByLabel('Year', { exact: true }).fill('2031')
  await page.locator('#bg').fill('The lamp has been lit by hand since it was oil.')
  await look(page, 'story')
  await page.getByRole('button', { name: 'Publish the story' }).click()
  await page.waitForURL(/\/stories\/[0-9a-f-]{36}\/receipt\//)
  await receipt(page)
  const id = /\/stories\/([0-9a-f-]{36})/.exec(page.url())[1]
  const story = await api(chief.context, '/stories/' + id)
  step('the story is out', story.readers === 'published' && story.address === '/stories/the-lighthouse-lamp', JSON.stringify(story))
  return story
}

/** Writes an article that joins a suggested story by one press. */
async function join(chief) {
  const { page } = chief
  await go(page, '/articles/new')
  await page.waitForSelector('#headline')
  await page.keyboard.type('The lighthouse lamp burns by itself')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Nobody at Mora trusts the lamp yet.')
  await page.keyboard.press('Enter')
  await page.keyboard.type('The lighthouse at Mora was lit by a timer on Monday. The keeper stood beside the lamp until it was out.')
  await page.locator('#section').selectOption({ label: 'Coast' })
  await saved(page)
  await page.waitForSelector('.perhaps')
  step('the desk suggests the story and says why', /The lighthouse lamp/.test(await page.locator('.perhaps').innerText()) && /lighthouse, lamp/.test(await page.locator('.perhaps').innerText()), await page.locator('.perhaps').innerText())
  await page.locator('.perhaps').getByRole('button', { name: 'Join' }).click()
  await saved(page)
  await page.waitForFunction(() => !document.querySelector('.perhaps'))
  const id = /\/articles\/([0-9a-f-]{36})/.exec(page.url())[1]
  await page.waitForFunction(async (id) => ((await (await fetch('/api/v1/articles/' + id)).json()).content.stories ?? []).length === 1, id)
  await go(page, `/articles/${id}/publish`)
  await page.getByRole('button', { name: /^Publish/ }).last().click()
  await page.waitForURL(/\/receipt\//)
  await page.waitForSelector('.changed')
  return id
}

/** Says of a suggestion that it is wrong. */
async function dismiss({ page }) {
  await go(page, '/articles/new')
  await page.waitForSelector('#headline')
  await page.keyboard.type('A lighthouse lamp for the museum')
  await page.locator('#section').selectOption({ label: 'Coast' })
  await saved(page)
  await page.locator('.perhaps').getByRole('button', { name: 'Not this one' }).click()
  await page.waitForFunction(() => !document.querySelector('.perhaps'))
  step('a wrong suggestion goes, and the field has the focus', await page.evaluate(() => document.activeElement.id === 'stories'))
  const asked = page.waitForResponse((r) => new URL(r.url()).pathname === `/api/v1/articles/${articleOf(page)}/stories`)
  await page.reload()
  const { items } = await (await asked).json()
  await ready(page)
  step('and is not made again for this article', items.length === 0 && (await page.locator('.perhaps').count()) === 0, JSON.stringify(items))
}

/** Changes the status after publishing, and sees the article's head change for readers. */
async function change(chief, id) {
  const { page, context } = chief
  const article = await api(context, '/articles/' + id)
  const reader = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage()
  await reader.goto(input.site + article.address)
  step('the article shows its story', /A timer is on trial/.test(await reader.locator('aside.story').innerText()) && (await reader.locator('.age').count()) === 0, await reader.locator('aside.story').innerText())
  await reader.goto(input.site + '/stories/the-lighthouse-lamp')
  step('what is next is as exact as it is known', /Autumn 2031/.test(await reader.locator('.expected').innerText()), await reader.locator('main').innerText())
  step('the receipt asks whether the status changed', /Did the status change\?/.test(await page.locator('.changed').innerText()))
  await look(page, 'receipt-status')
  await page.getByRole('button', { name: 'Say where it stands' }).click()
  await page.getByLabel('In your own words').fill('The timer stays')
  await page.getByLabel('State').selectOption('ended')
  await page.getByLabel('What happened').fill('The keeper may keep the key.')
  await page.getByRole('button', { name: 'Say it to readers now' }).click()
  await page.waitForURL(/\/stories\/[0-9a-f-]{36}\/receipt\//)
  await receipt(page)
  await reader.goto(input.site + article.address)
  const head = await reader.locator('.age').innerText()
  step('the old article’s head has changed', /Since then: The timer stays\./.test(head) && /The keeper may keep the key\./.test(head) && /When this was written: A timer is on trial\./.test(await reader.locator('aside.story').innerText()), head)
  await look(reader, 'article-overtaken')
  return reader
}

/** Comes back to the story, with and without scripts. */
async function returns(reader) {
  await reader.goto(input.site + '/stories/the-lighthouse-lamp')
  const link = reader.locator('#since')
  step('a reader who returns is led to what is new', (await link.innerText()) === 'What is new since you last read' && /\?since=\d+$/.test(await link.getAttribute('href')), await link.evaluate((a) => a.outerHTML))
  await look(reader, 'story-reader')
  await link.click()
  await reader.waitForURL(/\?since=\d+$/)
  const text = await reader.locator('main').innerText()
  step('only what is new is there', /The timer stays/.test(text) && /It was: A timer is on trial\./.test(text) && !/burns by itself/.test(text), text)
  await look(reader, 'story-since')
  const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
  await plain.goto(input.site + '/stories/the-lighthouse-lamp')
  await plain.locator('#since').click()
  step('the link works without a script', /\?since=\d+$/.test(plain.url()) && /The timer stays/.test(await plain.locator('main').innerText()), plain.url())
  const cookies = await reader.context().cookies()
  step('the paper keeps nothing of the reader', cookies.length === 0, JSON.stringify(cookies))
}

/** Holds the story, corrects it, and compares its states as an editor and as a reader. */
async function correct(chief, reader, story, article) {
  const { page, context } = chief
  await go(page, '/stories/' + story)
  await page.locator('#bg').fill('The lamp has been lit by hand since it burnt paraffin.')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.locator('summary', { hasText: 'Legal hold' }).click()
  await page.locator('#hy').fill('The keeper’s lawyer wrote')
  await page.getByRole('button', { name: 'Put it on hold' }).click()
  await page.waitForSelector('.say.warn')
  await page.getByLabel('What kind of change is it?').selectOption('correction')
  const publish = page.getByRole('button', { name: 'Publish the changes' })
  step('a correction needs a sentence', await publish.isDisabled())
  await page.getByLabel('What readers are told').fill('The lamp burnt paraffin, not oil.')
  await look(page, 'story-held')
  await publish.click()
  await page.waitForFunction(() => [...document.querySelectorAll('.say.warn')].some((e) => /only a chief lifts it/.test(e.textContent)))
  step('a hold stops the story', (await api(context, '/stories/' + story)).edition === 2)
  await page.locator('#hy').fill('He withdrew it')
  await page.getByRole('button', { name: 'Lift the hold' }).click()
  await page.waitForFunction(() => !document.querySelector('form.panel .say.warn'))
  await publish.click()
  await page.waitForURL(/\/stories\/[0-9a-f-]{36}\/receipt\//)
  await receipt(page)
  await go(page, `/stories/${story}/history`)
  await page.waitForSelector('.sheet table')
  step('the newsroom compares the last two states', /paraffin/.test(await page.locator('.sheet ins').allInnerTexts().then((l) => l.join(' '))) && (await page.locator('.events li').count()) === 3, await page.locator('main').innerText())
  await look(page, 'story-history')
  await page.locator('.events li button', { hasText: 'edition 1' }).click()
  await page.waitForURL(/from=1&to=3/)
  await page.waitForFunction(() => /The timer stays/.test(document.querySelector('.sheet')?.textContent ?? ''))
  step('any two states are compared', /1/.test(await page.locator('.sheet h1').innerText()) && (await page.locator('.sheet tbody tr').count()) === 2, await page.locator('.sheet').innerText())
  await reader.goto(input.site + '/stories/the-lighthouse-lamp')
  const fixes = await reader.locator('.fixes').innerText()
  step('readers are told what was wrong', /The lamp burnt paraffin, not oil\./.test(fixes), fixes)
  await reader.locator('.fixes a').click()
  await reader.waitForURL(/\/stories\/the-lighthouse-lamp\/history\/3$/)
  step('and see what was changed', /paraffin/.test((await reader.locator('.diff ins').allInnerTexts()).join(' ')), await reader.locator('main').innerText())
  await look(reader, 'story-compared')
  await reader.goto(input.site + '/stories/the-lighthouse-lamp/history')
  step('the history lists every state', (await reader.locator('main h3').count()) === 3, await reader.locator('main').innerText())
  await look(reader, 'story-history-reader')
  await reader.goto(input.site + (await api(context, '/articles/' + article)).address)
  await reader.locator('aside.story summary').click()
  step('every article of the story can show its background', /since it burnt paraffin/.test(await reader.locator('aside.story details').innerText()))
  await look(reader, 'article-background')
  await reader.goto(input.site + '/search?q=lighthouse+lamp')
  const above = await reader.evaluate(() => document.querySelector('.story-card').compareDocumentPosition(document.querySelector('li.row')) === Node.DOCUMENT_POSITION_FOLLOWING)
  step('the story stands above what is found', above)
  await look(reader, 'search-story')
}

/** Makes the story part of a larger one by typing its name, and sees both sides as a reader. */
async function partOf(chief, reader, story) {
  const { page, context } = chief
  await go(page, '/stories/' + story)
  await page.locator('#wholes').fill('city')
  await page.waitForSelector('#wholes-menu')
  step('the field offers the larger story by what is typed', /City and islands/.test(await page.locator('#wholes-menu').innerText()), await page.locator('#wholes-menu').innerText())
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => /City and islands/.test(document.querySelector('.tokens:has(#wholes) .tok').textContent))
  await page.locator('#wholes').fill('lighthouse')
  await page.waitForFunction(() => document.querySelector('#wholes').getAttribute('aria-expanded') === 'false')
  step('a story is not offered to itself', (await page.locator('#wholes-menu button').count()) === 0)
  await page.locator('#wholes').fill('')
  await look(page, 'story-part')
  await page.getByRole('button', { name: 'Publish the changes' }).click()
  await page.waitForURL(/\/stories\/[0-9a-f-]{36}\/receipt\//)
  await receipt(page)
  await reader.goto(input.site + '/stories/the-lighthouse-lamp')
  step('the part says what it is part of', /Part of City and islands/.test(await reader.locator('.about').innerText()), await reader.locator('.about').innerText())
  await look(reader, 'story-part-reader')
  await reader.getByRole('link', { name: 'City and islands' }).click()
  await reader.waitForURL(/\/stories\/city-and-islands$/)
  const text = await reader.locator('main').innerText()
  step('the larger story lists its parts and tells of their statuses', /Stories that are part of this one/.test(text) && /The lighthouse lamp: The timer stays/.test(text) && /The fishing-ground talks/.test(text), text)
  await look(reader, 'story-whole-reader')
  await go(page, `/stories/${story}/history`)
  await page.waitForSelector('.sheet table')
  step('the history says what it became part of', /Larger story/.test(await page.locator('.sheet').innerText()) && /City and islands/.test(await page.locator('.sheet ins').innerText()), await page.locator('.sheet').innerText())
  step('the desk keeps it', (await api(context, '/stories/' + story)).content.stories.length === 1)
}

/** A story from right to left. */
async function rightToLeft(chief, reader) {
  const post = async (path, data, headers = {}) => (await chief.page.evaluate(async ([path, data, headers]) => {
    const r = await fetch('/api/v1' + path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(data) })
    return { status: r.status, body: await r.json() }
  }, [path, data, headers]))
  const made = await post('/stories', { slug: 'lamp-ar', name: 'مصباح المنارة', language: 'ar', summary: 'هل يُضاء المصباح باليد أم بمؤقت؟', background: 'يُضاء المصباح باليد منذ زمن.',
    statuses: [{ state: 'suspended', words: 'التجربة معلّقة', sentence: 'توقف المؤقت ليلة الاثنين.' }], events: [{ when: '2031-07-W2', title: 'المجلس يستمع إلى الحارس' }] })
  const out = await post(`/stories/${made.body.id}/publish`, {}, { 'If-Match': '"1"' })
  step('a story in Arabic is out', out.status === 200, JSON.stringify(out))
  await reader.goto(input.site + '/stories/lamp-ar')
  step('it reads from right to left', (await reader.locator('html').getAttribute('dir')) === 'rtl' && /الأسبوع الثاني/.test(await reader.locator('.expected').innerText()))
  await look(reader, 'story-arabic')
}

await day(async () => {
  const chief = await somebody(input.link, 'Carmen Chief', 'carmen@estuary.example')
  const story = await tell(chief)
  const id = await join(chief)
  const reader = await change(chief, id)
  await returns(reader)
  await dismiss(chief)
  await correct(chief, reader, story.id, id)
  await partOf(chief, reader, story.id)
  await rightToLeft(chief, reader)
})
