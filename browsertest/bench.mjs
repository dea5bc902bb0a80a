// Measures what an editor sees, in a real Chromium: when the desk's view is painted, and how long a key waits for its letter in a long
// article. The first line of standard input is that of room.mjs, with {"article": the id of a long article, "visits": how often the desk is
// opened, "keys": how many are pressed, "flags": more flags of Chromium}. It prints one line of JSON, all in milliseconds.
import { body, browser, go, input, open, somebody } from './room.mjs'

/** Opens an address as on a first visit, with nothing in the browser's cache, and gives when something was painted and when the rows were. */
async function visit(context, path) {
  const page = await open(context)
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.clearBrowserCache')
  await page.addInitScript(() => {
    const watch = new MutationObserver(() => {
      if (!document.querySelector('.rows .hd')) return
      watch.disconnect()
      requestAnimationFrame(() => { // what follows the frame's callbacks follows its painting
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => { window.rowsPainted = performance.now() }
        port2.postMessage(0)
      })
    })
    watch.observe(document, { childList: true, subtree: true })
  })
  await page.goto(input.newsroom + path)
  await page.waitForFunction(() => window.rowsPainted && performance.getEntriesByName('first-contentful-paint').length)
  const seen = await page.evaluate(() => [performance.getEntriesByName('first-contentful-paint')[0].startTime, window.rowsPainted])
  await page.close()
  return seen
}

/** Writes in the middle of a long article and gives, for each key, the time from its event to the end of the frame that shows its letter. */
async function write(page) {
  await go(page, '/articles/' + input.article)
  const middle = body(page).locator(':scope > p').nth(Math.floor(await body(page).locator(':scope > p').count() / 2))
  await middle.click()
  await page.keyboard.press('End')
  await page.evaluate(() => {
    window.keysTook = []
    let pressed
    addEventListener('keydown', (e) => { pressed = e.timeStamp }, true)
    addEventListener('input', () => {
      const began = pressed
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel()
        port1.onmessage = () => window.keysTook.push(performance.now() - began)
        port2.postMessage(0)
      })
    }, true)
  })
  const words = 'the harbour authority counted its boats again and wrote it down for whoever asks '
  const warm = 20
  for (let i = 0; i < warm + input.keys; i++) {
    await page.keyboard.press(words[i % words.length] === ' ' ? 'Space' : words[i % words.length])
    await page.waitForTimeout(60 + i * 37 % 160) // as one types: now and then a pause, in which the rest of the page follows
  }
  await page.waitForFunction((n) => window.keysTook.length >= n, warm + input.keys)
  return (await page.evaluate(() => window.keysTook)).slice(warm)
}

const { context, page } = await somebody(input.link, input.name, '')
const found = { paint: [], rows: [], all: [], keys: [] }
for (let i = 0; i < input.visits; i++) {
  const [paint, rows] = await visit(context, '/')
  found.paint.push(paint)
  found.rows.push(rows)
  found.all.push((await visit(context, '/?list=all'))[1])
}
found.keys = await write(page)
console.log(JSON.stringify(found))
await browser.close()
process.exit(0)
