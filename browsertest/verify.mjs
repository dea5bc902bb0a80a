// Checks articles against the record on the page that the site has for it: as things are, with a witness, and with answers that are
// tampered with between the site and the browser, up to a log that was rewritten and signed again with the paper's own key (see
// room.mjs for what it prints).
import { execFileSync } from 'node:child_process'
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { browser, day, input, look, open, step } from './room.mjs'

const scratch = mkdtempSync(join(tmpdir(), 'verify-'))
const program = (...args) => execFileSync(input.program, args, { encoding: 'utf8' })
const desk = (...args) => program(...args, '--dir', input.folder)
const json = async (path) => (await fetch(input.site + path)).json()
const text = async (path) => (await fetch(input.site + path)).text()
const sha = (...parts) => { const h = createHash('sha256'); parts.forEach((p) => h.update(p)); return h.digest() }

// The witness, and the paper's own key.

const pair = generateKeyPairSync('ed25519')
const bare = (key) => key.export({ type: 'spki', format: 'der' }).subarray(-32)
function verifier(name, key, algorithm) {
  const data = Buffer.concat([Buffer.from([algorithm]), bare(key)])
  const id = sha(name + '\n', data).subarray(0, 4)
  return { name, id, text: `${name}+${id.toString('hex')}+${data.toString('base64')}` }
}
const witness = verifier('witness.example', pair.publicKey, 4)

/** A line in which somebody cosigns the text of a checkpoint at an instant (C2SP tlog-cosignature). */
function cosigned(body, who, key, seconds) {
  const at = Buffer.alloc(8)
  at.writeBigUInt64BE(BigInt(seconds))
  return `— ${who.name} ${Buffer.concat([who.id, at, sign(null, Buffer.from(`cosignature/v1\ntime ${seconds}\n${body}`), key)]).toString('base64')}\n`
}

/** Signs a checkpoint as the paper does, with the key in its folder. */
function signed(origin, size, root) {
  const seed = Buffer.from(readFileSync(join(input.folder, 'key'), 'utf8').trim().split('+').slice(4).join('+'), 'base64').subarray(1)
  const key = createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), type: 'pkcs8', format: 'der' })
  const body = `${origin}\n${size}\n${root.toString('base64')}\n`
  const plain = verifier(origin, createPublicKey(key), 1)
  return `${body}\n— ${origin} ${Buffer.concat([plain.id, sign(null, Buffer.from(body), key)]).toString('base64')}\n` +
    cosigned(body, verifier(origin, createPublicKey(key), 4), key, Math.floor(Date.now() / 1000))
}

// A log of one's own.

async function leavesOf(size) {
  const out = []
  for (let at = 0; at < size; at += 256) {
    const width = Math.min(256, size - at)
    let bundle = Buffer.from(await (await fetch(`${input.site}/record/tile/entries/${String(at / 256).padStart(3, '0')}${width < 256 ? '.p/' + width : ''}`)).arrayBuffer())
    while (bundle.length) {
      const n = bundle.readUInt16BE(0)
      out.push(bundle.subarray(2, 2 + n))
      bundle = bundle.subarray(2 + n)
    }
  }
  return out
}

const node = (l, r) => sha(Buffer.from([1]), l, r)
const below = (n) => { let k = 1; while (k * 2 < n) k *= 2; return k }

/** The tree over hashes: the root over those from one to another, each made once, and the path of a leaf. */
function tree(hashes) {
  const known = new Map()
  const root = (from, to) => {
    if (to - from === 1) return hashes[from]
    const name = from + '-' + to
    if (!known.has(name)) known.set(name, node(root(from, from + below(to - from)), root(from + below(to - from), to)))
    return known.get(name)
  }
  const path = (i, from, to) => {
    if (to - from === 1) return []
    const at = from + below(to - from)
    return i < at ? [...path(i, from, at), root(at, to)] : [...path(i, at, to), root(from, at)]
  }
  return { root, path: (i) => path(i, 0, hashes.length), whole: () => root(0, hashes.length) }
}

/** A log made of leaves, under the paper's name and key, and what its site would answer. */
function log(origin, leaves) {
  const hashes = leaves.map((l) => sha(Buffer.from([0]), l))
  const t = tree(hashes)
  const levels = [hashes]
  for (let wide = 256; hashes.length >= wide; wide *= 256) levels.push(Array.from({ length: Math.floor(hashes.length / wide) }, (_, i) => t.root(i * wide, (i + 1) * wide)))
  const asked = new Set()
  return {
    asked,
    checkpoint: signed(origin, leaves.length, t.whole()),
    path: (seq) => t.path(seq - 1).map((h) => h.toString('base64')),
    tile(address) {
      asked.add(address)
      const [, level, index, width] = /^\/record\/tile\/(\d)\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d+))?$/.exec(address)
      const n = Number(index.replace(/[x/]/g, ''))
      return Buffer.concat(levels[level].slice(n * 256, n * 256 + Number(width ?? 256)))
    },
  }
}

const salted = (e, body) => { const salt = Buffer.from(e.salt, 'hex'); return sha(salt, Buffer.from(body)) }

// The page.

const page = async (context) => { const p = await open(context ?? (await fresh())); return p }
const fresh = (more = {}) => browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'en-GB', ...more })
const verdict = async (p) => { await p.waitForSelector('#verdict[data-done]'); return { done: await p.locator('#verdict').getAttribute('data-done'), said: await p.locator('#verdict').innerText() } }
async function check(p, address) { await p.goto(input.site + address + '/verify'); return verdict(p) }
const kept = (p) => p.evaluate(() => localStorage.getItem('dateline.log'))
async function again(p) {
  await p.evaluate(() => { delete document.getElementById('verdict').dataset.done })
  await p.getByRole('button', { name: 'Check' }).click()
  return verdict(p)
}

/** Lets answers be changed on their way: change is given what the site answers as JSON. */
async function tampered(p, pattern, change) {
  await p.route(pattern, async (route) => { const g = await (await route.fetch()).json(); await route.fulfill({ json: change(g) ?? g }) })
}

async function corrected() {
  const p = await page()
  await p.goto(input.site + '/corrections')
  const links = await p.locator('article a[href*="/history/"]').evaluateAll((list) => list.map((a) => a.getAttribute('href')))
  await p.goto(input.site + links.find((l) => !l.startsWith('/stories/')).replace(/\/\d+$/, ''))
  step('the history has no script but the strip’s', (await p.evaluate(() => [...document.scripts].filter((s) => !/\/assets\/script\/reader\./.test(s.src)).length)) === 0)
  await p.getByRole('link', { name: 'Check this against the record' }).click()
  await p.waitForURL(/\/verify$/)
  const address = new URL(p.url()).pathname.replace(/\/verify$/, '')
  await p.context().close()
  return address
}

async function without(article) {
  const p = await page(await fresh({ javaScriptEnabled: false }))
  await p.goto(input.site + article + '/verify')
  const said = await p.locator('main').innerText()
  step('without a script it says that nothing was checked, and what to run', /Nothing has been checked: that takes a script/.test(said) && said.includes('dateline verify ' + input.site + article), said)
  step('and asks for no keys', !(await p.locator('form.verify').isVisible()))
  await p.context().close()
  const bare = await page() // axe needs a browser that runs scripts: the page is without its own
  await bare.route('**/verify', async (route) => { const r = await route.fetch(); await route.fulfill({ response: r, body: (await r.text()).replace(/<script defer[^]*<\/script>/, '') }) })
  await bare.goto(input.site + article + '/verify')
  await look(bare, 'verify-no-script')
  await bare.context().close()

  const old = await page()
  await old.addInitScript(() => { const { importKey } = SubtleCrypto.prototype; SubtleCrypto.prototype.importKey = function (...a) { return a[2] === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError')) : importKey.apply(this, a) } })
  const v = await check(old, article)
  step('a browser that cannot check signatures says so, and nothing else', v.done === 'cannot' && /Nothing has been checked/.test(v.said) && !/in the log/.test(v.said), v.said)
  await old.context().close()
}

/** As things are: at first sight and again, in the words of `dateline verify`, with one script and nothing asked of others. */
async function truly(p, article) {
  const asked = []
  p.on('request', (r) => asked.push(r.method() + ' ' + r.url()))
  const response = p.waitForResponse((r) => r.url().endsWith('/verify'))
  const first = await check(p, article)
  const policy = (await response).headers()['content-security-policy']
  step('its policy allows one script by its hash, and this site', /default-src 'none'/.test(policy) && /; connect-src 'self';/.test(policy) && /; script-src 'sha256-[^ ;]+'$/.test(policy), policy)
  step('nothing is asked of others, and nothing told', asked.every((a) => a.startsWith('GET ' + input.site + '/')), asked.join('\n'))
  step('a true article is proved at first sight', first.done === 'proved' && /Seen for the first time/.test(first.said) && /Edition 1 \(entry [\d,]+\) is in the log of [\d,]+ entries that \S+ signs now/.test(first.said) && /Edition 2 /.test(first.said), first.said)
  step('times are written as on every other page', (first.said.match(/\d+ [A-Z][a-z]+ \d{4}, \d\d:\d\d:\d\d IST\b/g) ?? []).length > 2 && !/UTC|GMT/.test(first.said), first.said)
  step('the time is the paper’s own', /recorded .* by the paper’s own clock/.test(first.said) && !/since/.test(first.said), first.said)
  await look(p, 'verify-proved')
  const second = await check(p, article)
  step('the second time it goes on from the first', second.done === 'proved' && /Signed with the key that was seen last/.test(second.said) && /goes on from the one of/.test(second.said), second.said)

  const lines = await p.locator('#verdict li').allInnerTexts()
  const state = join(scratch, 'seen.json')
  program('verify', input.site + article, '--state', state)
  const told = JSON.parse(program('verify', input.site + article, '--state', state, '--json')).proved
  const plain = (s) => s.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z|\d+ \w+ \d{4}, \d\d:\d\d:\d\d IST/g, 'TIME').replaceAll(',', '').replaceAll(/\d+ entries/g, 'N entries') // the demo goes on
  const page = lines.map(plain)
  step('it says what dateline verify says, in its words', told.length > 3 && told.every((s) => page.includes(plain(s))), JSON.stringify({ told, lines }))
  return p
}

async function tamperedWith(p, article) {
  const before = await kept(p)
  const faults = async (name, pattern, change, words) => {
    await tampered(p, pattern, change)
    const v = await again(p)
    await p.unroute(pattern)
    step(name, v.done === 'faults' && words.test(v.said) && /It is not proved/.test(v.said), v.said)
    step(name + ', and nothing is kept of it', (await kept(p)) === before)
  }
  await faults('a changed word is told', '**' + article + '/proof', (g) => { const e = g.entries[0]; e.body = e.body.replace('"headline":"', '"headline":"Not '); e.commitment = salted(e, e.body).toString('hex') }, /Entry [\d,]+ is not shown to be in the log/)
  await faults('a changed time is told', '**' + article + '/proof', (g) => { const e = g.entries[0]; e.header = e.header.replace(/"at":"\d{4}/, '"at":"1999') }, /is not shown to be in the log/)
  await faults('a forged proof is told', '**' + article + '/proof', (g) => { g.entries[0].proof[1] = sha('forged').toString('base64') }, /is not shown to be in the log/)
  await faults('a proof of another place is told', '**' + article + '/proof', (g) => { g.entries[0].proof.pop() }, /is not shown to be in the log/)
  await faults('a header in two forms is told', '**' + article + '/proof', (g) => { g.entries[0].header = g.entries[0].header.replace('{', '{ ') }, /is no proof/)
  await faults('a wrong signature is told', '**' + article + '/proof', (g) => { g.checkpoint = g.checkpoint.replace(/(— \S+ \S{20})(.)/, (_, a, b) => a + (b === 'A' ? 'B' : 'A')) }, /not signed with the key that is trusted/)
  await faults('a checkpoint that says more than was signed is told', '**' + article + '/proof', (g) => { g.checkpoint = g.checkpoint.replace(/\n(\d+)\n/, (_, n) => `\n${+n + 1}\n`) }, /not signed with the key that is trusted/)
  await faults('no edition at all is told', '**' + article + '/proof', (g) => { g.entries = [] }, /No edition is given with a proof/)
  await faults('another key is told', '**/record/keys', (g) => { const e = g.entries.at(-1); e.body = e.body.replace(/"verifier":"[^"]+"/, `"verifier":"${verifier('x.example/record', pair.publicKey, 1).text}"`) }, /not among those that the record names now/)
  await faults('a key that cannot be read is told', '**/record/keys', (g) => { const e = g.entries.at(-1); e.body = e.body.replace(/"verifier":"[^"]+"/, '"verifier":"no key"') }, /record\/keys is no proof/)
  await look(p, 'verify-faults')
}

/** The key is replaced, by which the log grows: who knew the old one follows. */
async function grown(p, article) {
  desk('key', 'rotate')
  let v
  do v = await again(p); while (v.done !== 'proved') // until the new key has signed
  step('a new key is followed', /The key was changed; each new one is signed by the one before/.test(v.said) && /goes on from the one of/.test(v.said), v.said)
  const stranger = await page()
  await check(stranger, article)
  await stranger.evaluate(() => { const s = JSON.parse(localStorage.getItem('dateline.log')); s.key = 'nobody+00000000+AA=='; localStorage.setItem('dateline.log', JSON.stringify(s)) })
  const lost = await again(stranger)
  step('a key that leads nowhere is told', lost.done === 'faults' && /not among those that the record names now/.test(lost.said), lost.said)
  await stranger.getByRole('button', { name: 'Forget what was seen' }).click()
  await stranger.waitForSelector('#verdict[data-done=proved]')
  step('what was seen can be forgotten', /Seen for the first time/.test(await stranger.locator('#verdict').innerText()))
  await stranger.context().close()
}

async function witnessed(p, article) {
  await p.locator('textarea').fill(witness.text)
  let v = await again(p)
  step('a witness that signed nothing is told', v.done === 'faults' && /gives nothing that the witness witness.example has signed/.test(v.said), v.said)
  desk('record', 'witness', 'add', witness.text)
  const now = await text('/record/checkpoint')
  const body = now.slice(0, now.indexOf('\n\n') + 1)
  const file = join(scratch, 'cosigned')
  writeFileSync(file, body + '\n' + cosigned(body, witness, pair.privateKey, Math.floor(Date.now() / 1000)))
  desk('record', 'cosign', file)
  do v = await again(p); while (v.done !== 'proved') // until the site has it
  step('since is said with a witness’s time', /Edition 1 .* is in the log, and was since .* at the latest, as the witness witness.example says/.test(v.said), v.said)
  await look(p, 'verify-witness')
  await tampered(p, '**/record/cosigned', (g) => { g.checkpoints = g.checkpoints.map((c) => c.replace(/(— witness\.example \S{40})(.)/, (_, a, b) => a + (b === 'A' ? 'B' : 'A'))) })
  v = await again(p)
  step('a forged cosignature is told', v.done === 'faults' && /signed by the witness witness.example is not/.test(v.said), v.said)
  await p.unroute('**/record/cosigned')
  await tampered(p, '**/record/cosigned', (g) => { g.checkpoints = g.checkpoints.map((c) => c.replace('\n\n', '\n')) })
  v = await again(p)
  step('a damaged cosignature is told as damaged', v.done === 'faults' && /record\/cosigned is no proof/.test(v.said) && !/rewritten/.test(v.said), v.said)
  await p.unroute('**/record/cosigned')
  await p.locator('textarea').fill('witness.example+00000000+AAAA')
  v = await again(p)
  step('a key that is none is told', v.done === 'faults' && /is no witness’s key/.test(v.said), v.said)
  await p.locator('textarea').fill('')
}

/** Answers as a site with another log under the same name and key would. */
async function serve(p, article, made, change) {
  await p.route('**/record/tile/**', (route) => route.fulfill({ body: made.tile(new URL(route.request().url()).pathname), contentType: 'application/octet-stream' }))
  for (const pattern of ['**' + article + '/proof', '**/record/keys']) {
    await tampered(p, pattern, (g) => {
      g.checkpoint = made.checkpoint
      for (const e of g.entries) { change(e); e.proof = made.path(e.sequence) }
    })
  }
}

async function rewritten(p, article) {
  const [origin, size] = (await text('/record/checkpoint')).split('\n')
  const leaves = await leavesOf(Number(size))
  const real = await json(article + '/proof')
  step('the leaves are those of the record', tree(leaves.map((l) => sha(Buffer.from([0]), l))).whole().toString('base64') === (await text('/record/checkpoint')).split('\n')[2])

  // A log that goes on by tens of thousands of entries: three levels of tiles, and proofs from one to the next.
  const filler = (n) => Array.from({ length: n }, (_, i) => Buffer.from('filler ' + i))
  const q = await page()
  await check(q, article)
  for (const n of [300, 66001, 70000]) {
    const made = log(origin, [...leaves, ...filler(n)])
    await serve(q, article, made, () => {})
    const v = await again(q)
    await q.unrouteAll()
    step(`a log that goes on by ${n} entries is known to`, v.done === 'proved' && /goes on from the one of/.test(v.said) && made.asked.size > 0, v.said + [...made.asked])
  }
  const longer = log(origin, [...leaves, ...filler(70300)])
  await serve(q, article, { ...longer, tile: (address) => longer.tile(address).subarray(1) }, () => {})
  const cut = await again(q)
  await q.unrouteAll()
  step('a tile that was cut short is no proof, and accuses nobody', cut.done === 'faults' && /record\/tile\/\S+ is no proof/.test(cut.said) && !/rewritten/.test(cut.said), cut.said)
  await q.context().close()

  // The same, but one edition says what it never said, and all of it is signed with the paper's key.
  const e = real.entries[0]
  const lie = e.body.replace('"headline":"', '"headline":"Not ')
  const others = leaves.slice()
  others[e.sequence - 1] = Buffer.concat([Buffer.from(e.header), salted(e, lie)])
  const made = log(origin, [...others, ...filler(300)])
  const change = (g) => { if (g.sequence === e.sequence) { g.body = lie; g.commitment = salted(e, lie).toString('hex') } }
  await serve(p, article, made, change)
  let v = await again(p)
  step('a rewritten log is told to who saw the one before', v.done === 'faults' && /it was rewritten, or you are shown another/.test(v.said), v.said)
  await look(p, 'verify-rewritten')
  await p.unrouteAll()

  const newcomer = await page()
  await serve(newcomer, article, made, change)
  v = await check(newcomer, article)
  step('it is not told to who comes for the first time and knows no witness', v.done === 'proved' && /by the paper’s own clock/.test(v.said) && !/since/.test(v.said), v.said)
  await newcomer.context().close()

  const careful = await page()
  await serve(careful, article, made, change)
  await careful.goto(input.site + article + '/verify')
  await verdict(careful)
  await careful.evaluate(() => localStorage.clear())
  await careful.locator('textarea').fill(witness.text)
  v = await again(careful)
  step('it is told to who knows a witness, at first sight too', v.done === 'faults' && /that the witness witness.example saw .* it was rewritten/.test(v.said), v.said)
  await careful.route('**/record/cosigned**', (route) => route.fulfill({ status: 404 }))
  await careful.route('**/record/cosigned/**', (route) => route.fulfill({ status: 404 }))
  v = await again(careful)
  step('nor does it help to leave out what the witness signed', v.done === 'faults' && /the paper’s word alone/.test(v.said), v.said)
  await careful.context().close()
}

async function fromTheRight() {
  const p = await page()
  for (const [language, words] of [['ar', /ما ثبت/], ['hi', /क्या सिद्ध है/]]) {
    await p.goto(input.site + '/')
    const href = await p.locator(`[lang=${language}]`).evaluateAll((list) => list.map((e) => e.closest('a')?.getAttribute('href') ?? e.querySelector('a')?.getAttribute('href')).find((h) => h?.startsWith('/')))
    const v = await check(p, href)
    step(`it speaks the article’s language: ${language}`, v.done === 'proved' && words.test(v.said), v.said)
    await look(p, 'verify-' + language)
  }
  await p.context().close()
}

await day(async () => {
  try {
    const article = await corrected()
    await without(article)
    const p = await page()
    await truly(p, article)
    await tamperedWith(p, article)
    await grown(p, article)
    await witnessed(p, article)
    await rewritten(p, article)
    await fromTheRight()
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})
