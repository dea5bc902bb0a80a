// What scripts that work in a newsroom as editors do have in common: a Chromium, people with passkeys in it, looks at pages, and what is
// told to the test that runs them. They print one JSON line per step ({step, ok, said}), one per page looked at ({page, view, …}),
// and {ask: "stop" | "start"} where they want the newsroom killed or started again; the answer is a line on standard input. The
// first line of standard input is JSON: {"browser": path, "newsroom": address, "site": address, "link": a first chief's link,
// "program": the program's file, "folder": the newspaper's,
// "paste": folder, "picture": path, "shots": folder or "", "views": the patterns of all pages}.
import { chromium } from 'playwright-core'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
export const input = JSON.parse((await lines.next()).value)
export const views = [
  { name: '1280', width: 1280, height: 900, scheme: 'light' },
  { name: '1280-dark', width: 1280, height: 900, scheme: 'dark' },
  { name: '390', width: 390, height: 844, scheme: 'light' },
  { name: '390-dark', width: 390, height: 844, scheme: 'dark' },
]
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const ofColours = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] } // the dark differs from the light in nothing else
export const tell = (line) => console.log(JSON.stringify(line))

export async function want(what) {
  tell({ ask: what })
  await lines.next()
}

export function step(name, ok, said = '') {
  tell({ step: name, ok: Boolean(ok), said: String(said).slice(0, 2000) })
  if (!ok) throw new Error(`${name}: ${said}`)
}

export const browser = await chromium.launch({
  executablePath: input.browser,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', ...(input.flags ?? [])],
})

export const problems = []

/** A person's browser, signed in by a link and a passkey. */
export async function somebody(link, name, email, locale = 'en-GB') {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, timezoneId: 'Europe/Berlin', locale })
  const page = await context.newPage()
  const cdp = await context.newCDPSession(page)
  await cdp.send('WebAuthn.enable')
  await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } })
  await page.goto(link)
  await page.locator('#name').fill(name)
  if (email) await page.locator('#email').fill(email)
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.waitForSelector('.codes')
  return { context, page: await open(context) }
}

export async function open(context) {
  const page = await context.newPage()
  page.on('pageerror', (e) => problems.push(String(e)))
  page.on('console', (m) => { if (m.type() === 'error' && !/status of|Failed to load resource|ERR_/.test(m.text())) problems.push(m.text()) })
  return page
}

/** Takes a picture of the whole page where pictures are wanted. */
export async function sight(page, kind, view) {
  if (input.shots) await page.screenshot({ path: join(input.shots, `newsroom-${kind}-${view}.png`), fullPage: true })
}

// look shows a page at each width and in each light, or at some of them, and asks axe, whose script the page's own policy would keep out.
export async function look(page, kind, only = views.map((v) => v.name)) {
  const cdp = await page.context().newCDPSession(page)
  for (const view of views.filter((v) => only.includes(v.name))) {
    await page.setViewportSize({ width: view.width, height: view.height })
    await page.emulateMedia({ colorScheme: view.scheme })
    await page.evaluate(() => document.fonts.ready.then(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r)))))
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    await sight(page, kind, view.name)
    await cdp.send('Runtime.evaluate', { expression: axe })
    const { result } = await cdp.send('Runtime.evaluate', {
      expression: `axe.run(document, { runOnly: ${JSON.stringify(view.scheme === 'dark' ? ofColours : rules)} })
        .then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map((n) => n.html).join(' | '))))`,
      awaitPromise: true, returnByValue: true,
    })
    tell({ page: kind, view: view.name, wide, violations: JSON.parse(result.value) })
  }
  await cdp.detach()
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
}

export const ready = (page) => page.waitForSelector('main:not([aria-busy=true])')
export const api = async (context, path) => (await context.request.get(input.newsroom + '/api/v1' + path)).json()

/** Waits until what was written is saved. That it is not yet is only said once the key has been painted: before, "Saved" is of the words before. */
export async function saved(page) {
  await page.evaluate(() => new Promise((r) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(r)))))
  await page.waitForFunction(() => /^Saved /.test(document.querySelector('.bar [role=status]')?.textContent ?? ''), null, { timeout: 15000 })
}

export const body = (page) => page.locator('.ProseMirror')
export const articleOf = (page) => /\/articles\/([0-9a-f-]{36})/.exec(page.url())?.[1]
export const go = async (page, path) => { await page.goto(input.newsroom + path); await ready(page) }

export async function paste(page, html) {
  await page.evaluate((html) => {
    const data = new DataTransfer()
    data.setData('text/html', html)
    data.setData('text/plain', 'plain')
    document.querySelector('.ProseMirror').dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  }, html)
}

/** Puts the cursor at the end of a block of the body. */
export async function end(page, n) {
  await page.locator('.ProseMirror > *').nth(n).click()
  await page.keyboard.press('End')
  await page.evaluate((n) => {
    const p = document.querySelector('.ProseMirror').children[n]
    getSelection().selectAllChildren(p)
    getSelection().collapseToEnd()
  }, n)
}

/** Does all of a day, and says where it ended otherwise. */
export async function day(work) {
  try {
    await work()
    step('no script failed', problems.length === 0, problems.join('\n'))
  } catch (error) {
    const open = browser.contexts().flatMap((c) => c.pages())
    const seen = await Promise.all(open.map(async (p) => p.url() + '\n' + (await p.locator('body').innerText().catch(() => '')).slice(0, 700)))
    tell({ step: 'all of it', ok: false, said: [String(error.stack), ...problems, ...seen].join('\n') })
  } finally {
    await browser.close()
  }
  process.exit(0)
}
