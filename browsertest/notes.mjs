// Two people work on one text: one suggests and leaves a note, the other takes one suggestion, leaves one and answers; a reporter
// suggests in what was submitted. Nothing of it reaches readers or the record.
import { api, articleOf, body, day, go, input, look, saved, somebody, step } from './room.mjs'

const text = (page) => page.evaluate(() => [...document.querySelectorAll('.ProseMirror > p')].map((p) => p.textContent))
const status = (page, words) => page.waitForFunction((w) => document.querySelector('.toast')?.textContent.includes(w), words)

/** What the browser does with the selection is done a moment after the key. */
const settled = (page) => page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))))

/** Selects words in the text. */
async function select(page, words) {
  await body(page).focus()
  await page.evaluate((words) => {
    const walk = document.createTreeWalker(document.querySelector('.ProseMirror'), NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      const at = walk.currentNode.data.indexOf(words)
      if (at >= 0 && !walk.currentNode.parentElement.closest('.remarks')) return getSelection().setBaseAndExtent(walk.currentNode, at, walk.currentNode, at + words.length)
    }
    throw new Error(`“${words}” does not stand in one run of the text`)
  }, words)
  await settled(page)
}

async function invite(context, email, role, name) {
  const made = await context.request.post(input.newsroom + '/api/v1/invitations', { data: { email, role }, headers: { Origin: input.newsroom } })
  const link = Object.values(await made.json()).find((v) => typeof v === 'string' && v.includes('/join/'))
  return somebody(link.startsWith('http') ? link : input.newsroom + link, name)
}

async function write(page) {
  await go(page, '/articles/new')
  await page.locator('#headline').fill('Harbour Authority redraws the line')
  await page.locator('#section').selectOption({ label: 'Coast' })
  await body(page).focus()
  await page.keyboard.type('The line now runs 11 nautical miles from the lighthouse.')
  await page.keyboard.press('Enter')
  await page.keyboard.type('The survey counted 212 boats on an average day in May. It was a calm month.')
  await saved(page)
  await page.waitForURL(/\/articles\/[0-9a-f-]{36}$/)
  return articleOf(page)
}

async function suggest({ page, context }, id) {
  await go(page, '/articles/' + id)
  await page.getByRole('button', { name: 'Suggest', exact: true }).click()
  await select(page, '11')
  await page.keyboard.type('14')
  step('words typed over others are a replacement', (await page.locator('.ProseMirror > p del').innerText()) === '11' && (await page.locator('.ProseMirror > p ins').innerText()) === '14', await body(page).innerHTML())
  await select(page, 'May')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.type(', against 997 in better years')
  await select(page, 'calm ')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await page.keyboard.press('Backspace')
  await saved(page)
  const struck = await page.locator('.ProseMirror > p').nth(1).locator('del').allInnerTexts()
  step('what is taken out is only struck, and further keys strike on', struck.join('') === 'a calm ', struck.join('|'))
  await page.keyboard.press('End')
  await settled(page)
  await page.keyboard.press('Enter')
  await page.keyboard.type('A paragraph of one’s own.')
  await saved(page)
  step('a paragraph can be suggested', (await text(page)).length === 3, await body(page).innerHTML())
  await page.keyboard.press('Control+b')
  await select(page, 'survey')
  await page.keyboard.press('Control+b')
  await status(page, 'only words change')
  step('what is no change of words is refused', (await page.locator('.ProseMirror strong').count()) === 0)
  await select(page, 'nautical miles')
  await page.keyboard.press('Control+Alt+m')
  await page.keyboard.type('Is it 11 from Great Sella or from Mora?')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.noted')
  await saved(page)
  const a = await api(context, '/articles/' + id)
  const list = await api(context, `/articles/${id}/remarks`)
  step('the newsroom knows who suggested and who noted', list.suggestions.length === 4 && list.suggestions.every((s) => s.by === 'Nalini Okar') && list.notes.length === 1 && JSON.stringify(a.content.body).includes(list.notes[0].id), JSON.stringify(list))
  step('words that are only suggested are not counted', /^26 words/.test(await page.locator('.cut').innerText()), await page.locator('.cut').innerText())
  await look(page, 'notes')
}

async function decide({ page, context }, id) {
  await page.bringToFront()
  await page.waitForSelector('.remark .who')
  await page.waitForFunction(() => document.querySelectorAll('.remarks .remark').length === 5)
  const cards = await page.locator('.remarks .remark').evaluateAll((all) => all.map((c) => c.getAttribute('aria-label')))
  step('the other sees them in words', cards.some((c) => /Nalini Okar suggests, .*“14” in place of “11”/.test(c)) && cards.some((c) => /Note by Nalini Okar/.test(c)), cards.join('\n'))
  const note = page.locator('.remark', { hasText: 'Great Sella' })
  await note.getByRole('button', { name: 'Answer' }).click()
  await page.keyboard.type('The order says Great Sella.')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => /The order says/.test(document.querySelector('.remark .answer')?.textContent ?? ''))
  await page.getByRole('group', { name: /“14” in place of “11”/ }).getByRole('button', { name: 'Take' }).click()
  await status(page, 'is taken')
  await page.getByRole('group', { name: /insert “, against 997/ }).getByRole('button', { name: 'Leave' }).click()
  await status(page, 'is left')
  await page.waitForFunction(() => document.querySelectorAll('.remarks .remark').length === 3)
  const lines = await text(page)
  step('one is taken, one is left', lines[0] === 'The line now runs 14 nautical miles from the lighthouse.' && !lines[1].includes('997'), lines.join('\n'))
  const audit = (await api(context, `/articles/${id}/audit`)).audit.map((l) => l.actor + ' ' + l.act)
  step('the audit says who', audit.includes('Meera Anand take_suggestion') && audit.includes('Meera Anand leave_suggestion') && audit.includes('Nalini Okar suggest') && audit.includes('Nalini Okar note') && audit.includes('Meera Anand answer_note'), audit.join(', '))
}

async function meet(chief, nalini, id) {
  // One notes words while the other changes the paragraph they stand in: nobody has to choose.
  const { page, context } = nalini
  await page.bringToFront()
  await page.waitForFunction(() => /14 nautical/.test(document.querySelector('.ProseMirror').textContent) && document.querySelectorAll('.remarks .remark').length === 3)
  await context.route('**/api/v1/articles/*/suggested', (r) => r.continue())
  await context.route('**/api/v1/articles/*', async (route) => { if (route.request().method() === 'PUT') await new Promise((r) => setTimeout(r, 2500)); await route.continue() })
  await select(page, 'average day')
  await page.keyboard.press('Control+Alt+m')
  await page.keyboard.type('Which days?')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => document.querySelectorAll('.noted').length >= 2)
  await chief.page.bringToFront()
  await select(chief.page, '212')
  await chief.page.keyboard.type('213')
  await saved(chief.page)
  await nalini.page.bringToFront()
  await page.waitForFunction(() => /213 boats/.test(document.querySelector('.ProseMirror').textContent), null, { timeout: 15000 })
  await saved(page)
  step('a note joins what the other wrote', (await page.locator('.para.both').count()) === 0 && (await page.locator('.noted').allInnerTexts()).includes('average day'), await body(page).innerHTML())
  await context.unroute('**/api/v1/articles/*')
}

async function copy({ page }) {
  const copied = await page.evaluate(() => {
    const editor = document.querySelector('.ProseMirror')
    editor.focus()
    getSelection().selectAllChildren(editor)
    return new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
      const data = new DataTransfer()
      editor.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }))
      done(data.getData('text/html') + data.getData('text/plain'))
    })))
  })
  step('what is copied holds no trace', /213 boats on an average day/.test(copied) && !/data-note|data-suggestion|<ins|<del|of one’s own/.test(copied) && /a calm/.test(copied), copied)
}

async function publish({ page, context }, id) {
  await page.bringToFront()
  await go(page, '/articles/' + id)
  await page.getByRole('button', { name: 'Publish…' }).click()
  await page.waitForSelector('.panel')
  step('the panel says what is not taken, with a way to each', /2 suggestions are not taken/.test(await page.locator('.panel').innerText()) && (await page.locator('.panel a', { hasText: 'Suggestion 2' }).count()) === 1, await page.locator('.panel').innerText())
  step('what is shown is what goes out', !/one’s own/.test(await page.locator('.sheet').innerText()))
  await look(page, 'notes-publish')
  await page.getByRole('link', { name: 'Suggestion 1' }).click()
  await page.waitForFunction(() => document.activeElement?.id.startsWith('suggestion-'))
  step('the way leads to it', true)
  await page.goBack()
  await page.getByRole('button', { name: 'Publish now' }).click()
  await page.waitForFunction(() => /addresses show it, /.test(document.querySelector('.big')?.textContent ?? ''))
  const a = await api(context, '/articles/' + id)
  const remarks = await api(context, `/articles/${id}/remarks`)
  const traces = ['one’s own', '997 in better', 'Great Sella or', 'The order says', 'Which days', 'data-note', 'suggestion', ...remarks.notes.map((n) => n.id), ...remarks.suggestions.map((s) => s.id)]
  const seen = {}
  for (const path of [a.address, a.address + '/history', a.address + '/proof', '/', '/coast/', '/rss.xml', '/coast/atom.xml', '/search?q=harbour+authority', '/search?q=sella+order', '/sitemap-news.xml']) seen[path] = await fetch(input.site + path).then((r) => r.text())
  seen.record = await context.request.get(input.newsroom + '/record/entries?after=0').then((r) => r.text()).then((s) => s.trim().split('\n').map((l) => Buffer.from(JSON.parse(l).body ?? '', 'base64').toString()).join('\n'))
  step('readers have the text', seen[a.address].includes('14 nautical miles') && seen[a.address].includes('It was a calm month.'))
  step('the record has it', seen.record.includes('14 nautical miles'), seen.record.slice(0, 300))
  const found = Object.entries(seen).flatMap(([where, s]) => traces.filter((w) => s.includes(w)).map((w) => `${where} holds ${w}`))
  step('neither page nor feed, search or record holds a trace', found.length === 0, found.join('\n'))
}

async function reporter(chief, ilan) {
  const id = await write(ilan.page)
  await ilan.page.getByRole('button', { name: 'Submit' }).click()
  await ilan.page.waitForFunction(() => /suggest changes/.test(document.querySelector('.say')?.textContent ?? ''))
  await select(ilan.page, 'lighthouse')
  await ilan.page.keyboard.type('beacon')
  await saved(ilan.page)
  const a = await api(chief.context, '/articles/' + id)
  step('a reporter suggests in what was submitted', a.draft === 'submitted' && JSON.stringify(a.content.body).includes('"insertion"'), JSON.stringify(a))
  await ilan.page.getByRole('button', { name: 'Take it back' }).click()
  await saved(ilan.page)
  await ilan.page.waitForFunction(() => document.querySelectorAll('.remarks').length === 0)
  const back = await api(chief.context, '/articles/' + id)
  step('and takes it back', !JSON.stringify(back.content.body).includes('"insertion"') && JSON.stringify(back.content.body).includes('lighthouse'), JSON.stringify(back.content.body))
}

await day(async () => {
  const chief = await somebody(input.link, 'Meera Anand', 'meera@estuary.example')
  const nalini = await invite(chief.context, 'nalini@estuary.example', 'editor', 'Nalini Okar')
  const ilan = await invite(chief.context, 'ilan@estuary.example', 'reporter', 'Ilan Verghese')
  const id = await write(chief.page)
  await suggest(nalini, id)
  await decide(chief, id)
  await meet(chief, nalini, id)
  await copy(nalini)
  await publish(chief, id)
  await reporter(chief, ilan)
})
