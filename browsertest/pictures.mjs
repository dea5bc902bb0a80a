// Pictures as an editor and a reader have them: two are dropped into a text, the connection breaks in the midst and comes back, one gets
// its focal point, words and rights in its own view, and a reader's Chromium loads what was published as WebP, without a jump.
import { readFileSync } from 'node:fs'
import { api, articleOf, browser, day, go, input, look, ready, saved, somebody, step } from './room.mjs'

const pictures = [input.picture, input.picture.replace('ferry.jpg', 'tram.jpg')]

/** Drops files on the body, as a file manager does. */
async function drop(page) {
  const files = pictures.map((p) => ({ name: p.split('/').at(-1), data: readFileSync(p).toString('base64') }))
  await page.evaluate((files) => {
    const data = new DataTransfer()
    for (const f of files) data.items.add(new File([Uint8Array.from(atob(f.data), (c) => c.charCodeAt(0))], f.name, { type: 'image/jpeg' }))
    const at = document.querySelector('.ProseMirror').getBoundingClientRect()
    document.querySelector('.ProseMirror').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true, clientX: at.left + 20, clientY: at.top + 10 }))
  }, files)
}

async function write(context, page) {
  await go(page, '/articles/new')
  await page.locator('#headline').fill('Two boats on one morning')
  await page.locator('#section').selectOption({ index: 1 })
  await page.locator('.ProseMirror').click()
  await page.keyboard.type('They lay side by side.')
  await saved(page)

  // The connection breaks once the first part of each is through.
  let broken = false
  let parts = 0
  await context.route('**/api/v1/uploads/**', async (route) => {
    if (broken) return route.abort('connectionfailed')
    if (route.request().method() === 'PATCH' && parts++ === 0) {
      const answer = await route.fetch()
      broken = true
      await answer.body()
      return route.abort('connectionreset') // the part arrived; its answer did not
    }
    return route.continue()
  })
  await drop(page)
  await page.waitForSelector('.uploads li.waiting')
  step('a lost connection is said and nothing is lost', (await page.locator('.uploads li').count()) >= 1, await page.locator('.uploads').innerText())
  broken = false
  await page.evaluate(() => dispatchEvent(new Event('online')))
  await page.waitForFunction(() => document.querySelectorAll('.ProseMirror figure').length === 2 && !document.querySelector('.uploads'), null, { timeout: 30000 })
  await context.unroute('**/api/v1/uploads/**')
  step('both pictures came in after all', true)
  const alts = page.locator('.ProseMirror figure .blockfield.wide input')
  await alts.nth(0).fill('A ferry at the pier')
  await alts.nth(1).fill('A tram in the rain')
  await page.keyboard.press('Tab')
  await saved(page)
  return articleOf(page)
}

async function frame(context, page, id) {
  await page.locator('.ProseMirror figure').first().getByRole('link', { name: 'Focal point, crops, rights' }).click()
  await page.waitForSelector('.focal .ring')
  await ready(page)
  const picture = /pictures\/([0-9a-f-]{36})/.exec(page.url())[1]
  await page.waitForFunction(() => [...document.querySelectorAll('.focal img, .cropped img')].every((i) => i.complete && i.naturalWidth > 0))
  await look(page, 'picture')
  step('a missing credit and alternative text are errors', (await page.locator('.panel .f.bad').count()) === 2, await page.locator('.panel').innerText())
  await page.locator('#p-alt').fill('A ferry at the pier')
  await page.locator('#p-credit').fill('Ada Menon for The Estuary')
  const ring = page.locator('.focal .ring')
  await ring.focus()
  const before = await ring.getAttribute('aria-label')
  for (let i = 0; i < 3; i++) await page.keyboard.press('Shift+ArrowLeft')
  step('the focal point moves by keys', (await ring.getAttribute('aria-label')) !== before, before)
  await page.getByRole('button', { name: /Square, 1:1/ }).click()
  await page.waitForSelector('.focal .frame')
  await page.locator('.cropping input').fill('60')
  await page.getByRole('button', { name: 'Done' }).click()
  await page.locator('#p-until').fill('2199-12-31')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved.').waitFor()
  const kept = await api(context, '/pictures/' + picture)
  step('focal point, crop and rights are kept', kept.focal.x < kept.width / 2 && kept.crops.square.width === kept.crops.square.height && /^2199-12-31T/.test(kept.until), JSON.stringify(kept))
  step('it says where it is used', /Two boats on one morning/.test(await page.locator('.panel').innerText()))
  await go(page, '/articles/' + id)
  return kept
}

async function lead(page) {
  await page.getByRole('button', { name: 'Choose one of ours' }).click()
  await page.locator('#picture-words').fill('ada menon')
  await page.waitForFunction(() => document.querySelectorAll('.picker li').length === 1)
  await page.locator('.picker button').first().click()
  await page.waitForSelector('#lead-alt')
  step('a picture that is here is found by its words and brings them', (await page.locator('#lead-alt').inputValue()) === 'A ferry at the pier' && /Ada Menon/.test(await page.locator('#lead-credit').inputValue()))
  await saved(page)
}

async function publish(context, page, id) {
  const a = await api(context, '/articles/' + id)
  const answer = await context.request.post(`${input.newsroom}/api/v1/articles/${id}/publish`, { data: {}, headers: { 'If-Match': `"${a.version}"` } })
  step('it is published', answer.ok(), await answer.text())
  return (await api(context, '/articles/' + id)).address
}

async function readIt(address, kept) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await context.newPage()
  const types = []
  page.on('response', (r) => { if (/\/pictures\//.test(r.url())) types.push(r.headers()['content-type']) })
  await page.addInitScript(() => {
    window.shift = 0
    new PerformanceObserver((l) => { for (const e of l.getEntries()) if (!e.hadRecentInput) window.shift += e.value }).observe({ type: 'layout-shift', buffered: true })
  })
  await page.goto(input.site + address)
  await page.locator('figure img').last().scrollIntoViewIfNeeded()
  await page.waitForFunction(() => [...document.querySelectorAll('main figure img')].every((i) => i.complete && i.naturalWidth > 0))
  const shown = await page.evaluate(() => [...document.querySelectorAll('main figure img')].map((i) => ({ at: i.currentSrc, width: i.getAttribute('width'), height: i.getAttribute('height') })))
  step('a reader gets three pictures as WebP', shown.length === 3 && shown.every((s) => s.at.endsWith('.webp')) && types.length > 0 && types.every((t) => t === 'image/webp'), JSON.stringify({ shown, types }))
  step('their dimensions are given', shown.every((s) => Number(s.width) > 0 && Number(s.height) > 0))
  step('nothing jumps', (await page.evaluate(() => window.shift)) < 0.01, await page.evaluate(() => window.shift))
  const fallback = await context.request.get(await page.locator('main figure img').first().evaluate((i) => i.src))
  step('others get a JPEG', fallback.headers()['content-type'] === 'image/jpeg' && (await fallback.body()).includes('Ada Menon for The Estuary'), fallback.status())
  const og = await page.locator('meta[property="og:image"]').getAttribute('content')
  step('what goes with a link elsewhere is there', og.includes(kept.hash) && (await context.request.get(og)).ok(), og)
  await context.close()
}

await day(async () => {
  const { context, page } = await somebody(input.link, 'Meera Anand', 'meera@estuary.example')
  const id = await write(context, page)
  const kept = await frame(context, page, id)
  await lead(page)
  await readIt(await publish(context, page, id), kept)
})
