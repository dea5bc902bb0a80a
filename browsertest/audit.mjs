// Audits each address with Lighthouse at its phone setting in a real Chromium, as often as is asked for, and prints one JSON line per
// address. Input: JSON on standard input, {"browser": path, "runs": n, "pages": [{"kind","url","skip": [audits]}]}.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import lighthouse from 'lighthouse'

const { launch } = await import(createRequire(createRequire(import.meta.url).resolve('lighthouse')).resolve('chrome-launcher'))
const input = JSON.parse(readFileSync(0, 'utf8'))
const judged = ['accessibility', 'best-practices', 'seo']

const chrome = await launch({
  chromePath: input.browser,
  chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
try {
  for (const page of input.pages) {
    console.log(JSON.stringify(await audit(page)))
  }
} finally {
  await chrome.kill()
}

async function audit(page) {
  const performance = []
  let result
  for (let run = 0; run < input.runs; run++) {
    const { lhr } = await lighthouse(page.url, { port: chrome.port, output: 'json', logLevel: 'error', skipAudits: page.skip ?? [] }, undefined)
    if (lhr.runtimeError) throw new Error(`${page.url}: ${lhr.runtimeError.message}`)
    performance.push(Math.round(lhr.categories.performance.score * 100))
    result ??= lhr
  }
  const requests = {}
  for (const r of result.audits['network-requests'].details.items) {
    (requests[r.resourceType ?? 'Other'] ??= []).push(r.url)
  }
  return {
    kind: page.kind,
    scores: Object.fromEntries(judged.map((c) => [c, Math.round(result.categories[c].score * 100)])),
    failed: judged.flatMap((c) => result.categories[c].auditRefs.filter((a) => a.weight > 0 && lacking(result.audits[a.id])).map((a) => words(result.audits[a.id]))),
    shift: result.audits['cumulative-layout-shift'].numericValue,
    performance,
    slow: result.categories.performance.auditRefs.filter((a) => a.weight > 0 && result.audits[a.id].score < 1).map((a) => `${a.id} ${result.audits[a.id].displayValue}`),
    requests,
  }
}

function lacking(a) { return a.score !== null && a.score < 1 }

function words(a) {
  const where = (a.details?.items ?? []).slice(0, 3).map((i) => i.node?.snippet ?? i.url ?? i.description ?? JSON.stringify(i).slice(0, 200))
  return `${a.id}: ${a.title}: ${where.join(' | ')}`
}
