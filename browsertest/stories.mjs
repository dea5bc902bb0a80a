// Tells a running story in a real Chromium as editors do, and reads it as somebody who comes back (see room.mjs for what it prints).
import { api, browser, day, go, input, look, saved, somebody, step } from './room.mjs'

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

await day(async () => {
  const chief = await somebody(input.link, 'Carmen Chief', 'carmen@estuary.example')
  await tell(chief)
  const id = await join(chief)
  await returns(await change(chief, id))
})
