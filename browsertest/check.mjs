// Opens each address in a real Chromium, at phone and desk width, light and dark, and prints one JSON line per view:
// what axe-core finds, what the page asked other hosts for, and whether it scrolls sideways.
// Input: JSON on standard input, {"browser": path, "pages": [{"kind","url"}], "shots": folder or ""}.
import { chromium } from 'playwright-core'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const input = JSON.parse(readFileSync(0, 'utf8'))
const views = [
  { name: '390', width: 390, height: 844, scheme: 'light' },
  { name: '390-dark', width: 390, height: 844, scheme: 'dark' },
  { name: '1280', width: 1280, height: 900, scheme: 'light' },
  { name: '1280-dark', width: 1280, height: 900, scheme: 'dark' },
]

const browser = await chromium.launch({
  executablePath: input.browser,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
try {
  for (const view of views) {
    const context = await browser.newContext({ viewport: { width: view.width, height: view.height }, colorScheme: view.scheme, bypassCSP: true })
    for (const page of input.pages) {
      console.log(JSON.stringify(await look(context, view, page)))
    }
    await context.close()
  }
} finally {
  await browser.close()
}

async function look(context, view, target) {
  const page = await context.newPage()
  const own = new URL(target.url).origin
  const outside = []
  const errors = []
  page.on('request', (r) => { if (!r.url().startsWith(own) && !r.url().startsWith('data:')) outside.push(r.url()) })
  page.on('pageerror', (e) => errors.push(String(e)))
  page.on('requestfailed', (r) => errors.push(`${r.url()}: ${r.failure()?.errorText}`))
  await page.goto(target.url, { waitUntil: 'load' })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  // A page has no script but, where it has something for it to do, the one of all pages.
  const scripts = await page.evaluate(() => [...document.scripts].filter((s) => s.type !== 'application/ld+json').length -
    (document.querySelector('#verdict,button[data-frame], article[data-story], #sky, #poll') ? 1 : 0))
  if (input.shots) {
    // A page's lower pictures load when they are near; a picture of the whole page needs them all.
    await page.evaluate(async () => {
      for (const img of document.images) { img.loading = 'eager' }
      await Promise.all([...document.images].map((img) => img.decode().catch(() => {})))
    })
    await page.screenshot({ path: join(input.shots, `${target.kind}-${view.name}.png`), fullPage: true })
  }
  await page.evaluate(axe)
  const result = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  }))
  await page.close()
  return {
    kind: target.kind, url: target.url, view: view.name, wide, scripts, outside, errors,
    violations: result.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html).join(' | ')}`),
  }
}
