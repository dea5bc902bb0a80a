// Takes pictures of pages of a running paper: node screenshots.mjs ADDRESS FOLDER [PATH...]
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [address = 'http://127.0.0.1:8080', folder = 'shots', ...paths] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const pages = (paths.length ? paths : ['/']).map((p) => ({ kind: p === '/' ? 'home' : p.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replace(/^-|-$/g, ''), url: address + p }))
const run = spawnSync(process.execPath, [fileURLToPath(new URL('check.mjs', import.meta.url))], {
  input: JSON.stringify({ browser: process.env.DATELINE_CHROMIUM ?? '/usr/bin/chromium', pages, shots: folder }), encoding: 'utf8', maxBuffer: 1 << 26,
})
process.stdout.write(run.stdout)
process.stderr.write(run.stderr)
process.exit(run.status ?? 1)
