// Names the paper's cities in the newsroom, and chooses one of them as a reader, in a real Chromium (see room.mjs for what it prints).
import { api, browser, day, go, input, look, somebody, step } from './room.mjs'

const strip = (page) => page.locator('#sky').innerText()

/** A visitor of the demo chooses a city, has it on every page, and takes the paper's own again. */
async function choose() {
  const reader = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage()
  await reader.goto(input.site + '/')
  const own = await strip(reader)
  await reader.locator('#sky a').click()
  await reader.waitForURL(/\/forecast$/)
  step('each city has its weather and the hours to come', /Great Sella/.test(await reader.locator('main').innerText()) && (await reader.locator('main time').count()) > 6, await reader.locator('main').innerText())
  await look(reader, 'weather-forecast')
  await reader.locator('button[data-city=great-sella]').click()
  await reader.waitForFunction(() => /Great Sella/.test(document.getElementById('sky').textContent))
  step('and is chosen', (await reader.locator('button[data-city=great-sella]').getAttribute('aria-pressed')) === 'true')
  await reader.goto(input.site + '/coast')
  await reader.waitForFunction(() => /Great Sella/.test(document.getElementById('sky').textContent))
  step('the choice is on other pages', (await strip(reader)) !== own && /27\s°C/.test(await strip(reader)), await strip(reader))
  await reader.goto(input.site + '/forecast')
  await reader.locator('button[data-city=""]').click()
  await reader.waitForFunction((own) => document.getElementById('sky').textContent.trim() === own.trim() && localStorage.length === 0, own)
  step('the paper’s own city comes back', true)
  return reader
}

async function withoutScript() {
  const plain = await (await browser.newContext({ viewport: { width: 390, height: 844 }, javaScriptEnabled: false })).newPage()
  await plain.goto(input.site + '/forecast')
  step('without a script the weather is there and no button', /Mora/.test(await plain.locator('main').innerText()) && !(await plain.locator('button[data-city]').first().isVisible()))
}

/** A chief adds a city, takes another out, and changes one's sky. */
async function settings(reader) {
  await reader.goto(input.site + '/forecast')
  await reader.locator('button[data-city=mora]').click()
  await reader.waitForFunction(() => /Mora/.test(document.getElementById('sky').textContent))
  const chief = await somebody(input.link, 'Sarayu Menon', 'sarayu@estuary.example')
  const { page, context } = chief
  await go(page, '/settings')
  const form = page.locator('#weather')
  await form.getByRole('button', { name: 'Add a city' }).click()
  const fresh = form.locator('.cities li').last()
  await fresh.getByLabel('Name in English').fill('Uppalam')
  await fresh.getByLabel('Name in Hindi').fill('उप्पलम')
  step('the address is made of the name', (await fresh.locator('input[id$=s]').first().inputValue()) === 'uppalam')
  await fresh.getByLabel('Latitude').fill('10.52')
  await fresh.getByLabel('Longitude').fill('75.97')
  await fresh.getByLabel('Degrees').fill('31')
  await fresh.getByLabel('Sky').selectOption('thunder')
  await form.locator('.cities li').nth(1).getByRole('button', { name: 'Take the city out' }).click()
  await form.getByRole('button', { name: 'Save the weather' }).click()
  await form.getByText('Saved. It stands').waitFor()
  const { weather } = await api(context, '/settings')
  const added = weather.cities.at(-1)
  step('a chief adds a city and takes one out', weather.cities.length === 3 && added.slug === 'uppalam' && added.names.hi === 'उप्पलम' && added.latitude === 10.52 && added.temperature === 31 && added.condition === 'thunder' &&
    !weather.cities.some((c) => c.slug === 'mora'), JSON.stringify(weather))
  await look(page, 'weather-settings')
  await form.getByLabel('Source').selectOption('')
  step('where there is no source, none is asked for its sky', (await form.getByLabel('Sky').count()) === 0 && (await form.locator('.cities li').count()) === 3)
  await form.getByLabel('Source').selectOption('fixed')
  await fresh.getByLabel('Latitude').fill('91')
  await form.getByRole('button', { name: 'Save the weather' }).click()
  step('what is no place is not saved', (await fresh.getByLabel('Latitude').evaluate((e) => !e.validity.valid)) && (await api(context, '/settings')).weather.cities.at(-1).latitude === 10.52)
  await reader.goto(input.site + '/')
  await reader.waitForFunction(() => localStorage.length === 0)
  step('whoever had the city that went has the paper’s own', !/Mora/.test(await strip(reader)), await strip(reader))
  await reader.goto(input.site + '/forecast')
  step('readers have the new one', /Uppalam/.test(await reader.locator('main').innerText()) && /thunder/.test(await reader.locator('main').innerText()))
  const hindi = await (await browser.newContext({ locale: 'hi-IN', storageState: await context.storageState() })).newPage()
  await go(hindi, '/settings')
  step('it is in Hindi too', /और शहर/.test(await hindi.locator('#weather').innerText()))
  await look(hindi, 'weather-settings-hi', ['1280', '390-dark'])
}

await day(async () => {
  const reader = await choose()
  await withoutScript()
  await settings(reader)
})
