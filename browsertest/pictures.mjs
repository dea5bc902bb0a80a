// Pictures as an editor and a reader have them: two are dropped into a text, the connection breaks in the midst and comes back, one gets
// its focal point, words and rights in its own view, and a reader's Chromium loads what was published as WebP, without a jump. Others are
// pasted, chosen from a camera roll, given up and refused; the history lays text, state and rights side by side, in two languages.
import { readFileSync } from 'node:fs'
import { api, articleOf, browser, day, go, input, look, ready, saved, somebody, step } from './room.mjs'

const pictures = [input.picture, input.picture.replace('ferry.jpg', 'tram.jpg')]

const fromDisk = (path) => ({ name: path.split('/').at(-1), type: 'image/jpeg', data: readFileSync(path).toString('base64') })

/** Drops files on the body, as a file manager does, or pastes them, as a screenshot is. */
async function bring(page, how, files) {
  return page.evaluate(({ how, files }) => {
    const data = new DataTransfer()
    for (const f of files) data.items.add(new File([Uint8Array.from(atob(f.data), (c) => c.charCodeAt(0))], f.name, { type: f.type }))
    const body = document.querySelector('.ProseMirror')
    const at = body.getBoundingClientRect()
    const event = how === 'paste' ? new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
      : new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true, clientX: at.left + 20, clientY: at.top + 10 })
    body.dispatchEvent(event)
    return event.defaultPrevented
  }, { how, files })
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
  await bring(page, 'drop', pictures.map(fromDisk))
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

/** Pictures come in by paste and from a telephone's camera roll; one is given up on its way; what no page can show is refused with the reason. */
async function ways(context, page) {
  await go(page, '/articles/new')
  await page.locator('#headline').fill('Ways in')
  await page.locator('#section').selectOption({ index: 1 })
  await page.locator('.ProseMirror').click()
  await page.keyboard.type('One.')
  await saved(page)
  const unknown = Buffer.concat([readFileSync(pictures[0]), Buffer.alloc(9)]) // other bytes, so that nothing is known of it
  await bring(page, 'paste', [{ name: 'image.png', type: 'image/png', data: unknown.toString('base64') }])
  await page.waitForFunction(() => document.querySelectorAll('.ProseMirror figure').length === 1 && !document.querySelector('.uploads'))
  step('a pasted picture comes in, and its alternative text is asked for', (await page.locator('.ProseMirror figure.lacking').count()) === 1)

  await page.locator('.ProseMirror > p').last().click()
  await page.keyboard.press('End')
  await page.keyboard.press('Enter')
  const asked = page.waitForEvent('filechooser')
  await page.keyboard.type('/picture')
  await page.keyboard.press('Enter')
  const chooser = await asked
  const field = await chooser.element().evaluate((i) => ({ accept: i.accept, capture: i.hasAttribute('capture') }))
  step('a telephone offers its camera and its roll, for several and as formats that come in', chooser.isMultiple() && !field.capture && field.accept === 'image/jpeg,image/png,image/gif,image/webp', JSON.stringify(field))
  await chooser.setFiles(pictures)
  await page.waitForFunction(() => document.querySelectorAll('.ProseMirror figure').length === 3 && !document.querySelector('.uploads'))
  await page.locator('#lead input[type=file]').setInputFiles(pictures[1])
  await page.waitForSelector('#lead-alt')
  step('three came from the file fields', true)

  let hold = () => {}
  const held = new Promise((go) => { hold = go })
  const seen = []
  await context.route('**/api/v1/uploads/**', async (route) => {
    seen.push(route.request().method() + ' ' + new URL(route.request().url()).pathname)
    if (route.request().method() === 'PATCH') await held
    await route.continue().catch(() => {}) // the page has dropped it meanwhile
  })
  const part = page.waitForRequest((q) => q.method() === 'PATCH')
  await bring(page, 'drop', [{ name: 'long.jpg', type: 'image/jpeg', data: Buffer.concat([readFileSync(pictures[0]), Buffer.alloc(600 << 10)]).toString('base64') }])
  const at = new URL((await part).url()).pathname
  const gone = page.waitForResponse((a) => a.request().method() === 'DELETE' && new URL(a.url()).pathname === at)
  await page.getByRole('button', { name: 'Give up long.jpg' }).click()
  step('what is given up is taken back', (await gone).status() === 204, seen.join('\n'))
  hold()
  await context.unroute('**/api/v1/uploads/**')
  await page.waitForFunction(() => !document.querySelector('.uploads'))
  step('the newsroom has nothing of it', (await context.request.fetch(input.newsroom + at, { method: 'HEAD' })).status() === 404)

  const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(2000)]).toString('base64')
  step('a file of no kind that is known does not take the editor’s place', await bring(page, 'drop', [{ name: 'IMG_1.HEIC', type: '', data: heic }]))
  await page.waitForSelector('.uploads li.refused')
  const said = await page.locator('.uploads li.refused').innerText()
  step('a HEIC is refused with what to do', /HEIC/.test(said) && /save it as JPEG/.test(said), said)
  await page.getByRole('button', { name: 'Close IMG_1.HEIC' }).click()
  step('it can be put away', (await page.locator('.uploads').count()) === 0)
}

/** Everything that can be compared, as an editor and as one who reads Hindi; then an older text is taken up again. */
async function past(context, page, id, picture) {
  await go(page, '/pictures/' + picture)
  await page.locator('#p-until').fill('2198-05-04')
  await page.locator('#p-rights').fill('Once, in print and online')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved.').waitFor()
  await page.waitForFunction(() => /4 May 2198/.test(document.querySelector('.states table')?.innerText ?? ''))
  const states = await page.locator('.states').innerText()
  step('two states of a picture stand side by side', /31 December 2199/.test(states) && /4 May 2198/.test(states) && /Once, in print and online/.test(states), states)
  await page.locator('.states .events button').last().click()
  await page.waitForFunction(() => /Ada Menon/.test(document.querySelector('.states table')?.innerText ?? ''))
  await look(page, 'picture-states')
  await page.getByRole('button', { name: 'Take up version' }).click()
  step('one is taken up again, to be saved', (await page.locator('#p-rights').inputValue()) !== 'Once, in print and online' && (await page.getByRole('button', { name: 'Save', exact: true }).isEnabled()))

  await go(page, '/articles/' + id)
  await page.locator('#headline').fill('Three boats on one morning')
  await saved(page)
  await go(page, '/articles/' + id + '/history')
  await page.waitForSelector('.events .on')
  const line = page.locator('.events li', { hasText: 'A picture in it was changed' }).first()
  const told = await line.innerText()
  step('the history says what became other about a picture', /Last day of the rights: 31 December 2199 → 4 May 2198/.test(told), told)
  // The first text with the moment after the rights changed: text, byline, picture, state and rights.
  const pick = async (row) => { await row.locator('button').click(); await page.waitForFunction(() => document.querySelectorAll('.events .on').length === 2 && document.querySelector('.sheet h1')) }
  await pick(line)
  await pick(page.locator('.events li', { hasText: 'Edition 1 published' }))
  await page.waitForFunction(() => /4 May 2198/.test(document.querySelector('.sheet')?.innerText ?? ''))
  const sheet = await page.locator('.sheet').innerText()
  step('rights before and after stand side by side', /State and rights/.test(sheet) && /31 December 2199/.test(sheet) && /Once, in print/.test(sheet), sheet)
  await page.locator('.events li', { hasText: 'version 1' }).last().locator('button').click()
  await page.waitForFunction(() => /What readers have/.test(document.querySelector('.sheet')?.innerText ?? ''))
  const first = await page.locator('.sheet').innerText()
  step('text, picture and state of the first text and the edition', /Unpublished/.test(first) && /Published/.test(first) && /Picture/.test(first), first)
  await look(page, 'history-states')

  const hindi = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'Asia/Kolkata', locale: 'hi-IN', storageState: await context.storageState() })
  const other = await hindi.newPage()
  await other.goto(page.url())
  await other.waitForSelector('.sheet table')
  const words = await other.locator('main').innerText()
  step('all of it in Hindi', /अधिकारों का अंतिम दिन: 31 दिसंबर 2199 → 4 मई 2198/.test(words) && /पाठकों के पास/.test(words) && !/rights|Published|nothing/.test(words), words)
  if (input.shots) await other.screenshot({ path: `${input.shots}/newsroom-history-states-hi.png`, fullPage: true })
  await hindi.close()

  await page.locator('.events li', { hasText: 'Edition 1 published' }).locator('button').click()
  await page.getByRole('button', { name: 'Take up edition 1 as a new draft' }).click()
  await page.waitForFunction(() => document.querySelector('#headline')?.value === 'Two boats on one morning')
  step('an older text is taken up as a new draft', (await api(context, '/articles/' + id)).draft === 'draft')
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

/** Goes to every picture in turn: those that nobody has come near are not loaded. */
async function pictured(page) {
  for (const img of await page.locator('main figure img').all()) {
    await img.scrollIntoViewIfNeeded()
    await img.evaluate((i) => i.complete || new Promise((r) => { i.onload = i.onerror = r }))
    if (!await img.evaluate((i) => i.naturalWidth > 0)) throw new Error('not loaded: ' + await img.evaluate((i) => i.currentSrc))
  }
}

/** At a width and density the copy that comes has the shape of its place, and is no wider than it need be: the least that is sharp, or the widest there is. */
async function sharpAt(address, width, scale) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, deviceScaleFactor: scale })
  const page = await context.newPage()
  await page.goto(input.site + address)
  await pictured(page)
  const list = await page.evaluate(() => [...document.querySelectorAll('main figure img')].map((i) => {
    const wide = Number(/-(\d+)(-[0-9a-f]+)?\.\w+$/.exec(i.currentSrc)[1])
    const copy = { width: wide, height: wide * i.naturalHeight / i.naturalWidth }
    const widths = [...(i.closest('picture')?.querySelector('source') ?? i).srcset.matchAll(/ (\d+)w/g)].map((m) => Number(m[1]))
    const box = i.getBoundingClientRect()
    return { at: i.currentSrc, copy: [copy.width, copy.height], box: [box.width, box.height], widths, said: [Number(i.getAttribute('width')), Number(i.getAttribute('height'))], fit: getComputedStyle(i).objectFit }
  }))
  const enough = (p) => Math.min(...p.widths.filter((w) => w >= p.box[0] * scale * 0.98), Math.max(...p.widths))
  const like = (a, b) => Math.abs(a[0] / a[1] - b[0] / b[1]) < 0.02
  step(`at ${width} pixels, ${scale} times as dense, pictures have the shape and the width of their places`, list.length > 0 && list.every((p) => p.widths.includes(p.copy[0]) && p.copy[0] <= enough(p) * 1.6 && p.copy[0] >= Math.min(p.box[0] * scale * 0.75, Math.max(...p.widths)) &&
    like(p.said, p.copy) && (p.fit === 'cover' || like(p.box, p.copy))), JSON.stringify(list))
  step(`nothing is wider than a page of ${width} pixels`, await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth))
  await context.close()
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
  await pictured(page)
  for (const [width, scale] of [[360, 3], [768, 1], [1280, 2]]) await sharpAt(address, width, scale)
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
  await past(context, page, id, kept.id)
  await ways(context, page)
})
