// Comes into a newsroom as people do, in a real Chromium with a virtual authenticator: joins by a link, signs in and out, and
// tries what must not work. Prints one JSON line per step ({step, ok, said}) and one per page looked at ({page, view, …}).
// Input: JSON on standard input, {"browser": path, "newsroom": address, "link": a chief's link, "shots": folder or ""}.
import { chromium } from 'playwright-core'
import { createHmac } from 'node:crypto'
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

// A page has one session of the debugger: when one of several ends, the virtual authenticators of all are gone.
const sessions = new WeakMap()

const heading = (page) => page.locator('h1').innerText()

const tell = (line) => console.log(JSON.stringify(line))

function step(name, ok, said = '') {
  tell({ step: name, ok: Boolean(ok), said: String(said) })
  if (!ok) throw new Error(`${name}: ${said}`)
}

const browser = await chromium.launch({
  executablePath: input.browser,
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})
try {
  const link = await chief()
  await colleague(link)
} catch (error) {
  tell({ step: 'all of it', ok: false, said: String(error) })
} finally {
  await browser.close()
}

// somebody is a browser of one person, with an authenticator where it is wanted.
async function somebody(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const problems = []
  // The newsroom's other pages have tests of their own.
  const here = () => /^\/(sign-in|join|account|people)/.test(new URL(page.url()).pathname)
  page.on('console', (m) => { if (here() && m.type() === 'error' && !m.text().includes('status of 4')) problems.push(m.text()) })
  page.on('pageerror', (e) => { if (here()) problems.push(String(e)) })
  return { context, page, problems }
}

async function debug(page) {
  if (!sessions.has(page)) sessions.set(page, await page.context().newCDPSession(page))
  return sessions.get(page)
}

async function authenticator(page, options = {}) {
  const cdp = await debug(page)
  await cdp.send('WebAuthn.enable')
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, ...options },
  })
  return {
    credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    replace: async (credential) => {
      await cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId: credential.credentialId })
      await cdp.send('WebAuthn.addCredential', { authenticatorId, credential })
    },
    verified: (isUserVerified) => cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  }
}

// look shows a page at each width and in each light, and asks axe.
async function look(page, kind) {
  const source = await page.content()
  for (const view of views) {
    await page.setViewportSize({ width: view.width, height: view.height })
    await page.emulateMedia({ colorScheme: view.scheme })
    await page.evaluate(() => document.fonts.ready)
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (input.shots) await page.screenshot({ path: join(input.shots, `door-${kind}-${view.name}.png`), fullPage: true })
    // The page's own policy keeps scripts out that are not of its origin; the debugger's do not ask it.
    const session = await debug(page)
    await session.send('Runtime.evaluate', { expression: axe })
    const { result } = await session.send('Runtime.evaluate', {
      expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
        .then((r) => JSON.stringify(r.violations.map((v) => v.id + ': ' + v.help + ': ' + v.nodes.slice(0, 3).map((n) => n.html).join(' | '))))`,
      awaitPromise: true, returnByValue: true,
    })
    tell({ page: kind, view: view.name, wide, violations: JSON.parse(result.value), source: view === views[0] ? source : '' })
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
}

// A person leaves the newsroom's other pages to the door's by address: what stands there is not of this test.
async function signOut(page) {
  await page.goto(input.newsroom + '/account')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL('**/sign-in')
}

async function pressPasskey(page) {
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
}

async function inside(context) {
  const me = await context.request.get(input.newsroom + '/api/v1/me')
  return me.status() === 200 ? me.json() : null
}

async function chief() {
  const { context, page, problems } = await somebody()
  const key = await authenticator(page)
  await page.goto(input.link)
  await look(page, 'join')
  await page.locator('#name').fill('Meera Anand')
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.waitForSelector('.codes, [data-said]:not([hidden]), .say.warn')
  step('joins by passkey', (await page.locator('.codes li').count()) === 10, await page.locator('main').innerText())
  await look(page, 'codes')
  const cookie = (await context.cookies()).find((c) => c.name === '__Host-dateline')
  step('the cookie is kept over plain HTTP on localhost, and kept from scripts', cookie?.httpOnly && cookie.secure && cookie.sameSite === 'Lax' && cookie.path === '/', JSON.stringify(cookie && { ...cookie, value: '' }))
  step('the passkey is discoverable and its flags are those of the device', (await key.credentials())[0].isResidentCredential)
  const me = await inside(context)
  step('the session is that of a chief', me?.role === 'chief' && me.name === 'Meera Anand', JSON.stringify(me))
  step('the link is good once', (await context.request.get(input.link)).status() === 401)

  await page.goto(input.newsroom + '/account')
  await look(page, 'account')
  await signOut(page)
  step('signed out', !(await inside(context)))
  await look(page, 'sign-in')

  let sent = null
  page.on('request', (r) => { if (r.url().endsWith('/sign-in/passkey')) sent = r.postData() })
  await pressPasskey(page)
  await page.waitForURL((u) => !u.pathname.startsWith('/sign-in'))
  step('signs in by passkey', (await inside(context))?.way === 'passkey')

  await page.goto(input.newsroom + '/people')
  await page.getByLabel('E-mail address').fill('Nalini@estuary.example')
  await page.getByRole('radio', { name: /Editor/ }).check()
  await look(page, 'people')
  await page.getByRole('button', { name: 'Make an invitation' }).click()
  await page.waitForSelector('.secret')
  await look(page, 'link')
  const link = await page.locator('.secret').innerText()
  step('invites', link.startsWith(input.newsroom + '/join/'), link)
  await page.goto(input.newsroom + '/people')
  await page.getByRole('link', { name: /Change/ }).first().click()
  await page.waitForSelector('text=Leaving')
  await look(page, 'person')
  await signOut(page)

  await refusals(context, page, key, sent)
  step('no page breaks its own policy', problems.length === 0, problems.join(' | '))
  await context.close()
  return link
}

// refusals are what must not open the newsroom.
async function refusals(context, page, key, sent) {
  const replay = await context.request.post(input.newsroom + '/sign-in/passkey', { data: sent, headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, maxRedirects: 0 })
  step('a replayed answer is refused', replay.status() === 401 && !(await inside(context)), replay.status())

  await key.verified(false)
  await pressPasskey(page)
  await page.waitForSelector('[data-said]:not([hidden]), .say.warn')
  step('a key that does not know its person is refused', !(await inside(context)), await page.locator('.panel').innerText())
  await key.verified(true)

  const [good] = await key.credentials()
  await key.replace({ ...good, userHandle: Buffer.from('0190b5f06c007cc398c4dc0c0c07398f', 'hex').toString('base64') })
  await page.goto(input.newsroom + '/sign-in')
  await pressPasskey(page)
  await page.waitForSelector('.say.warn')
  step('the handle of somebody else is refused', !(await inside(context)))

  await key.replace({ ...good, signCount: 0 })
  await page.goto(input.newsroom + '/sign-in')
  await pressPasskey(page)
  await page.waitForSelector('.say.warn')
  step('a copy, known by its counter, is refused', !(await inside(context)))
  await look(page, 'refused')

  await key.replace({ ...good, signCount: good.signCount + 50 })
  await page.goto(input.newsroom + '/sign-in')
  await page.locator('#email').fill('meera@estuary.example')
  await pressPasskey(page)
  await page.waitForURL((u) => !u.pathname.startsWith('/sign-in'))
  step('the key itself is taken again, by its address too', (await inside(context))?.way === 'passkey')
  await page.goto(input.newsroom + '/account')
  step('the chief is told of the copy', (await page.locator('main').innerText()).includes('copy'))
  await page.locator('#keyname').fill('A second one')
  await page.getByRole('button', { name: 'Make a passkey' }).click()
  await page.waitForSelector('[data-said]:not([hidden])')
  step('one device, one passkey', (await page.locator('[data-said]').innerText()).includes('already'))
  await page.getByRole('button', { name: /Take away/ }).click()
  await page.waitForSelector('.say.warn')
  step('the last way to sign in stays', (await page.locator('.say.warn').innerText()).includes('last way'))

  const elsewhere = await context.newPage()
  await authenticator(elsewhere)
  await elsewhere.goto(input.newsroom.replace('localhost', '127.0.0.1') + '/sign-in')
  await pressPasskey(elsewhere)
  await elsewhere.waitForSelector('[data-said]:not([hidden])')
  step('another origin is told where passkeys work', (await elsewhere.locator('[data-said]').innerText()).includes('own address'))
  await elsewhere.close()
}

function totp(secret, at = Date.now()) {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...secret.replaceAll(' ', '')].map((c) => letters.indexOf(c).toString(2).padStart(5, '0')).join('')
  const raw = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30000)))
  const mac = createHmac('sha1', raw).update(counter).digest()
  const from = mac[19] & 15
  return String((mac.readUInt32BE(from) & 0x7fffffff) % 1e6).padStart(6, '0')
}

// colleague joins and signs in with a password, in a browser that gets none of the newsroom's scripts.
async function colleague(link) {
  const { context, page } = await somebody()
  await page.route('**/*.js', (route) => route.abort())
  await page.goto(link)
  await page.locator('#name').fill('Nalini Okar')
  await page.locator('#password').fill('nalini@estuary.example')
  await page.getByRole('button', { name: 'Go on with a password' }).click()
  step('a password with the address in it is refused', (await page.locator('.f.bad .err').innerText()).includes('address'))
  await look(page, 'join-refused')
  const password = 'four herons on a winter quay'
  await page.locator('#password').fill(password)
  await page.getByRole('button', { name: 'Go on with a password' }).click()
  await page.waitForSelector('.qr')
  await look(page, 'factor')
  const secret = await page.locator('.secret').textContent()
  await page.locator('#code').fill('000000')
  await page.getByRole('button', { name: 'Finish' }).click()
  step('a wrong code shows the same picture again', (await page.locator('.secret').textContent()) === secret && (await page.locator('.f.bad .err').count()) > 0)
  // The code of the period before is good for a while, and leaves that of now for signing in.
  await page.locator('#code').fill(totp(secret, Date.now() - 30000))
  await page.getByRole('button', { name: 'Finish' }).click()
  await page.waitForSelector('.codes')
  const codes = await page.locator('.codes li').allInnerTexts()
  step('joins by password, without scripts', codes.length === 10)
  step('as what the invitation says', (await inside(context))?.role === 'editor')
  await page.goto(input.newsroom + '/people')
  step('an editor does not see the people', (await heading(page)) === 'Not for you')
  await look(page, 'not-for-you')
  await signOut(page)

  const fill = async (pass, code) => {
    await page.locator('#email').fill('nalini@estuary.example')
    await page.locator('#password').fill(pass)
    await page.locator('#code').fill(code)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }
  await fill('four herons on a summer quay', totp(secret))
  const wrong = await page.locator('.say.warn').innerText()
  await fill(password, totp(secret))
  step('signs in by password', (await inside(context))?.way === 'password', wrong)
  await signOut(page)
  await page.getByRole('link', { name: 'Use a recovery code' }).click()
  await look(page, 'recovery')
  await page.locator('#email').fill('nalini@estuary.example')
  await page.locator('#password').fill(password)
  await page.locator('#code').fill(codes[3].toUpperCase())
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  step('signs in by a recovery code', (await inside(context))?.way === 'recovery')
  step('which is used up', (await page.locator('main').innerText()).includes('9 of 10'))
  await look(page, 'account-editor')
  await context.close()
}
