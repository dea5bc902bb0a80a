// Walks through every block and every field of the editor from the keyboard, publishes, and finds each on the reader's page; pastes what
// is hard to paste; and writes with an input method, also while suggesting (see room.mjs for what it prints). ATAG 2.0, A.3.1: all of it
// without a pointer; B.1.1, B.2.2 and B.3.1: what is asked for beside each block.
import { api, articleOf, body, browser, day, go, input, look, paste, saved, somebody, step } from './room.mjs'

const settled = (page) => page.evaluate(() => new Promise((r) => requestAnimationFrame(() => requestAnimationFrame(r))))
const blocks = async (context, id) => (await api(context, '/articles/' + id)).content.body.content
const lines = (list) => (list ?? []).map((b) => b.text ?? (b.type === 'hard_break' ? '\n' : lines(b.content))).join('')
const shape = (list) => list.map((b) => `${b.type}(${lines(b.content)})`).join(' ')

/** Chooses a block by its words, as one types. */
async function slash(page, words) {
  await page.keyboard.type('/' + words)
  await page.waitForSelector('.popup button.on')
  await page.keyboard.press('Enter')
}

/** Goes to a block's fields without a pointer, and fills the one with this label. */
async function field(page, label, words) {
  await page.keyboard.press('Alt+F10')
  for (let i = 0; i < 12; i++) {
    if ((await page.evaluate(() => document.activeElement?.labels?.[0]?.textContent ?? '')) === label) break
    await page.keyboard.press('Tab')
  }
  const there = await page.evaluate(() => document.activeElement?.labels?.[0]?.textContent ?? document.activeElement?.outerHTML)
  if (there !== label) throw new Error(`Alt+F10 and Tab do not lead to “${label}” but to ${there}`)
  await page.keyboard.type(words)
}

const chosen = async (page, f, files) => {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), f()])
  await chooser.setFiles(files)
}

/** Moves the cursor; the browser says so a moment after the key. */
async function move(page, ...keys) {
  for (const key of keys) {
    await page.keyboard.press(key)
    await settled(page)
  }
}

const pictures = [input.picture, input.picture.replace('ferry.jpg', 'tram.jpg')]
const figures = (page, n) => page.waitForFunction((n) => document.querySelectorAll('.ProseMirror figure img').length === n, n, { timeout: 30000 })
/** Writes on below everything. */
async function below(page) {
  await body(page).focus()
  await page.keyboard.press('Control+End')
  await settled(page)
}

async function walk({ page, context }) {
  await go(page, '/articles/new')
  await page.waitForSelector('#headline')
  await page.keyboard.type('What came back with the night ferry')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Fourteen cabins and a pilot.')
  await page.keyboard.press('Enter')

  await page.keyboard.type('The ferry is ')
  await page.keyboard.press('Control+b')
  await page.keyboard.type('white')
  await page.keyboard.press('Control+b')
  await page.keyboard.type(' and called ')
  await page.keyboard.press('Control+i')
  await page.keyboard.type('Heron')
  await page.keyboard.press('Control+i')
  await page.keyboard.type('. The port says so.')
  await move(page, 'ArrowLeft', 'Shift+Control+ArrowLeft')
  await page.keyboard.press('Control+k')
  await page.keyboard.type('https://port.example/notice')
  await page.keyboard.press('Enter')
  await settled(page)
  await move(page, 'End')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Water is H2O there. See [[ferr')
  await page.waitForSelector('.popup button.on')
  await page.keyboard.press('Enter')
  // The tools of selected words are reached without a pointer: the 2 is put low.
  await page.evaluate(() => { const text = [...document.querySelectorAll('.ProseMirror p')].at(-1).firstChild; const at = text.data.indexOf('H2O') + 1; getSelection().setBaseAndExtent(text, at, text, at + 1) })
  await settled(page)
  await page.keyboard.press('Alt+F10')
  for (let i = 0; i < 3; i++) await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await settled(page)
  await move(page, 'End')

  await page.keyboard.press('Enter')
  await slash(page, 'heading')
  await page.keyboard.type('What it carries')
  await page.keyboard.press('Enter')
  await slash(page, 'smaller')
  await page.keyboard.type('On deck')
  await page.keyboard.press('Enter')
  await page.keyboard.type('- Salt')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Fish')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.type('smoked')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await page.keyboard.type('1. First')
  await page.keyboard.press('Enter')
  await page.keyboard.type('Second')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')

  await slash(page, 'quote with')
  await page.keyboard.type('We waited four months.')
  await page.keyboard.press('Alt+F10')
  await page.keyboard.type('Thamarai')
  await page.waitForSelector('.quote .menu button')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Escape')
  await field(page, 'Who that is', 'who steers it')
  await page.keyboard.press('Escape')
  await settled(page)
  step('Escape leads from the fields back into the text', await page.evaluate(() => document.activeElement.matches('.ProseMirror') && getSelection().anchorNode.parentElement.closest('.quote') !== null))
  await move(page, 'End')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Enter')
  await slash(page, 'pull')
  await page.keyboard.type('It had been away since July.')
  await page.keyboard.press('Enter')

  await slash(page, 'table')
  for (const words of ['Month', 'Boats', 'Crew', 'May', '212', '9', 'June', '190', '8', 'July', '0', '7']) {
    await page.keyboard.type(words)
    await page.keyboard.press('Tab') // after the last a row is added
  }
  await page.keyboard.type('August')
  const button = async (name) => {
    await page.keyboard.press('Alt+F10')
    for (let i = 0; i < 9; i++) {
      if ((await page.evaluate(() => document.activeElement?.textContent)) === name) return page.keyboard.press('Enter')
      await page.keyboard.press('Tab')
    }
    throw new Error(`no way to “${name}”`)
  }
  await button('Remove row')
  await settled(page)
  await button('Add column')
  await settled(page)
  await page.keyboard.type('x')
  await button('Remove column')
  await settled(page)
  await field(page, 'Caption', 'Boats in a day')
  await page.keyboard.press('Escape')
  await settled(page)
  const table = await page.evaluate(() => [...document.querySelectorAll('.ProseMirror table tr')].map((r) => [...r.children].map((c) => c.tagName[1] + c.textContent).join(',')).join(' '))
  step('a table is written, and rows and columns come and go, by keys', table === 'HMonth,HBoats,HCrew DMay,D212,D9 DJune,D190,D8 DJuly,D0,D7', table)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Tab')
  step('Escape and Tab leave the text from within a table', await page.evaluate(() => !document.activeElement.matches('.ProseMirror')), await page.evaluate(() => document.activeElement.outerHTML.slice(0, 100)))

  await below(page)
  await slash(page, 'fact')
  await page.keyboard.type('Built in 1901, of oak.')
  await field(page, 'Title', 'The Heron')
  await page.keyboard.press('Escape')
  await below(page)
  await page.keyboard.type('https://www.youtube.com/watch?v=abcdefghijk')
  for (let i = 0; i < 43; i++) await page.keyboard.press('Backspace')
  await slash(page, 'embed')
  await page.keyboard.type('https://evil.example/film')
  await page.keyboard.press('Enter')
  step('what is not on the list is not embedded, and it is said what is', /Nothing is embedded from there\. It can be from: /.test(await page.locator('.ask').innerText()))
  await page.keyboard.press('Control+a')
  await page.keyboard.type('https://www.youtube.com/watch?v=abcdefghijk')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.ProseMirror .embed')
  await page.locator('.embed input').fill('The launch')
  await below(page)
  await page.keyboard.type('---')
  await below(page)
  await slash(page, 'preform')
  await page.keyboard.type('10° 12′ N')
  await page.keyboard.press('Shift+Enter')
  await settled(page)
  await below(page)
  await chosen(page, () => slash(page, 'picture'), [pictures[0]])
  await figures(page, 1)
  await page.locator('.ProseMirror figure figcaption').click()
  await page.keyboard.type('The ferry on its first morning.')
  await field(page, 'Alternative text', 'A white ferry at a quay')
  await page.keyboard.press('Tab')
  await page.keyboard.type('Ada Menon')
  await below(page)
  await chosen(page, () => slash(page, 'gallery'), pictures)
  await figures(page, 3)
  for (const [i, words] of ['The bow', 'The tram beside it'].entries()) await page.locator('.gallery-pictures .blockfield input').nth(i).fill(words)
  await page.locator('.gallery-block > .blockfields input').nth(0).fill('Two views of the morning')
  await page.locator('.gallery-block > .blockfields input').nth(1).fill('Tram Office')
  await below(page)
  await page.keyboard.type('The last line.')
  return fields(page, context)
}

async function fields(page, context) {
  await page.locator('#section').selectOption({ label: 'Coast' })
  await page.locator('#label').selectOption('analysis')
  await page.locator('#byline').fill('Quillon Marsh')
  await page.getByRole('option', { name: /Make the person/ }).click()
  await page.locator('#byline').fill('Coast Wire')
  await page.getByRole('option', { name: /agency/i }).last().click()
  await page.locator('#topics').fill('Night boats')
  await page.getByRole('option', { name: /a subject/ }).click()
  await page.waitForFunction(() => document.querySelectorAll('.tok')[0].children.length === 3 && document.querySelectorAll('.tok')[1].children.length === 2)
  await page.locator('#place').fill('Mora')
  await page.locator('#agency').fill('CW')
  for (const name of ['Headlines elsewhere', 'Source']) await page.locator('summary', { hasText: name }).first().click()
  await page.locator('#search_headline').fill('Night ferry returns: cabins, pilot, cargo')
  await page.locator('#social_headline').fill('It is back. And it brought salt.')
  await page.locator('#source-agency').fill('Coast Wire')
  await page.locator('#source-item').fill('CW-7741')
  await page.locator('#source-terms').fill('Until 2030')
  await page.locator('#slug').fill('back with the night ferry')
  await page.locator('.lead-empty input').setInputFiles(pictures[1])
  await page.locator('#lead-alt').fill('A tram in the rain')
  await page.locator('#lead-caption').fill('The tram meets the ferry.')
  await page.locator('#lead-credit').fill('Ada Menon')
  await saved(page)
  const id = articleOf(page)
  const c = (await api(context, '/articles/' + id)).content
  const kinds = c.body.content.map((b) => b.type).join()
  step('every block is kept', kinds === 'paragraph,paragraph,heading,heading,bullet_list,ordered_list,quote,pull_quote,table,fact_box,embed,rule,code,figure,gallery,paragraph', kinds + ' ' + JSON.stringify(c.body.content))
  step('every field is kept', c.headline && c.standfirst && c.section && c.label === 'analysis' && c.language === 'en' && c.byline.length === 2 && c.byline[1].agency === 'Coast Wire' && c.topics.length === 1 && c.dateline.place === 'Mora' && c.dateline.agency === 'CW' &&
    c.search_headline && c.social_headline && c.source.agency === 'Coast Wire' && c.source.item === 'CW-7741' && c.source.terms === 'Until 2030' && c.slug === 'back-with-the-night-ferry' && c.lead.alt && c.lead.caption && c.lead.credit, JSON.stringify(c))
  await page.waitForFunction(() => /^\/coast\/\d{4}\/\d\d\/\d\d\/back-with-the-night-ferry$/.test(document.querySelector('.addr')?.textContent ?? ''))
  const words = await page.locator('.cut span').first().innerText()
  step('the address is shown before publishing, and words and minutes to read', /^\d+ words, ½ minute/.test(words), words)
  await look(page, 'editor-every-block', ['1280', '390-dark'])
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('.panel')
  await page.getByRole('button', { name: 'Publish now' }).click()
  await page.waitForFunction(() => /addresses show it, /.test(document.querySelector('.big')?.textContent ?? ''))
  return id
}

/** The reader's page, on which each has its own form. */
async function read({ context }, id) {
  const { address } = await api(context, '/articles/' + id)
  const reader = await browser.newContext({ viewport: { width: 1280, height: 900 } })
  const page = await reader.newPage()
  await page.goto(input.site + address)
  const has = async (what, selector, words) => {
    const all = await page.locator(selector).evaluateAll((list) => list.map((e) => (e.textContent || e.content || e.alt || e.href || '').trim()))
    step('readers have ' + what, words instanceof RegExp ? all.some((s) => words.test(s)) : all.some((s) => s.includes(words)), `${selector}: ${all.join(' | ') || (await page.locator('main').innerHTML())}`)
  }
  step('the address is the one that was shown', /^\/coast\/\d{4}\/\d\d\/\d\d\/back-with-the-night-ferry$/.test(address), address)
  await has('the headline', 'h1', 'What came back with the night ferry')
  await has('the standfirst', 'main p', 'Fourteen cabins and a pilot.')
  await has('the headline for search', 'title', 'Night ferry returns: cabins, pilot, cargo')
  await has('the headline for sharing', 'meta[property="og:title"]', 'It is back. And it brought salt.')
  await has('section and label', 'main', /Coast\W+analysis/i)
  await has('the byline', 'main', 'Quillon Marsh')
  await has('the agency of the byline', 'main', 'Coast Wire')
  await has('the dateline', 'main', /Mora,? .*\(?CW\)? ?—/s)
  await has('the topic', 'main a[href^="/topics/"]', 'Night boats')
  await has('the lead picture', 'img', 'A tram in the rain')
  await has('its caption and credit', 'figcaption', /The tram meets the ferry\..*Ada Menon/s)
  await has('bold words', 'main strong, main b', 'white')
  await has('slanted words', 'main em, main i', 'Heron')
  await has('a link', 'main a[href="https://port.example/notice"]', 'so')
  await has('low letters', 'main sub', '2')
  await has('a link to an article of ours', 'main p a[href^="/"]', /./)
  await has('a heading', 'main h2', 'What it carries')
  await has('a smaller heading', 'main h3', 'On deck')
  await has('a list', 'main ul > li', 'Salt')
  await has('a list in a list', 'main ul ul > li, main li ul > li', 'smoked')
  await has('a numbered list', 'main ol > li', 'Second')
  await has('the quote', 'main blockquote', 'We waited four months.')
  await has('its speaker, a person with a page', 'main figure a[href^="/people/"]', /Thamarai/)
  await has('who that is', 'main figure', 'who steers it')
  await has('the pull quote', '.pull', 'It had been away since July.')
  await has('the table’s head', 'main th', 'Boats')
  await has('the table’s cells', 'main td', '190')
  await has('the table’s caption', 'main caption, main table, main figure', 'Boats in a day')
  await has('the fact box', 'main aside', /The Heron.*Built in 1901, of oak\./s)
  await has('the embed, as a link until it is asked for', 'main a[href*="youtube.com"]', /./)
  step('nothing of the embed’s host is loaded', (await page.locator('iframe').count()) === 0)
  await has('what the embed shows', 'main', 'The launch')
  await page.route('https://www.youtube-nocookie.com/**', (r) => r.fulfill({ contentType: 'text/html', body: '<p>The film</p>' }))
  await page.locator('main button[data-frame]').click()
  step('asked for, it is shown in its place', (await page.frameLocator('main iframe[title="The launch"]').locator('p').innerText()) === 'The film')
  await has('the break', 'main', /./)
  step('as a rule', (await page.locator('main hr').count()) >= 1)
  await has('preformatted text', 'main pre', '10° 12′ N')
  await has('the picture', 'img', 'A white ferry at a quay')
  await has('the picture’s caption and credit', 'figcaption', /The ferry on its first morning\..*Ada Menon/s)
  await has('the gallery’s pictures', '.gallery img', 'The tram beside it')
  const tops = await page.locator('.gallery img').evaluateAll((list) => list.map((i) => Math.round(i.getBoundingClientRect().top)))
  step('side by side', tops.length === 2 && tops[0] === tops[1], tops.join())
  await has('the gallery’s caption and credit', '.gallery figcaption', /Two views of the morning.*Tram Office/s)
  await has('the last line', 'main p', 'The last line.')
  await look(page, 'every-block-reader', ['1280', '390-dark'])
  await reader.close()
}

async function pasted(page, html, ...more) {
  await go(page, '/articles/new')
  await page.locator('#headline').fill('Pasted')
  await body(page).focus()
  await paste(page, html)
  for (const f of more) {
    await settled(page)
    await (typeof f === 'string' ? paste(page, f) : f())
  }
  await saved(page)
  return articleOf(page)
}

/** A picture of a canvas as a data: address. */
const drawn = (page, colour) => page.evaluate((colour) => {
  const c = Object.assign(document.createElement('canvas'), { width: 320, height: 180 })
  const pen = c.getContext('2d')
  pen.fillStyle = colour
  pen.fillRect(0, 0, 320, 180)
  return c.toDataURL('image/png')
}, colour)

async function pastes({ page, context }) {
  let id = await pasted(page, '<p>The first sentence.</p>', '<p>The second sentence.</p>', '<p>A third.</p><p>And a fourth.</p>')
  step('pastes one after the other stay paragraphs of their own', shape(await blocks(context, id)) === 'paragraph(The first sentence.) paragraph(The second sentence.) paragraph(A third.) paragraph(And a fourth.)', shape(await blocks(context, id)))
  id = await pasted(page, '<p>The ferry came.</p>', () => page.keyboard.type(' It was '), '<span>late</span>', () => page.keyboard.type('.'))
  step('words go on in the line', shape(await blocks(context, id)) === 'paragraph(The ferry came. It was late.)', shape(await blocks(context, id)))
  id = await pasted(page, '<p>Before and after.</p>', async () => {
    for (let i = 0; i < 6; i++) await page.keyboard.press('ArrowLeft')
    await settled(page)
  }, '<p>One.</p><ul><li>Two</li></ul>')
  step('blocks in the midst of a paragraph part it', shape(await blocks(context, id)) === 'paragraph(Before and) paragraph(One.) bullet_list(Two) paragraph(after.)', shape(await blocks(context, id)))

  const png = await drawn(page, '#24506e')
  const second = await drawn(page, '#ae1f1a')
  id = await pasted(page, `<div><p>Above the picture.</p><p>Beside it <img alt="x" src="${png}"> too.</p><table><tr><td><img src='${second}'></td></tr></table><p>Below.</p><img src="https://elsewhere.example/a.jpg" alt="far"><img src="file:///C:/clip_image001.png"></div>`,
    () => figures(page, 2))
  let list = await blocks(context, id)
  step('pictures in the text become uploads where they stood', list.map((b) => b.type).join() === 'paragraph,paragraph,figure,figure,paragraph' && lines(list[1].content) === 'Beside it too.' && !JSON.stringify(list).includes('data:'), JSON.stringify(list))
  step('those that are only named are said to be missing', /2 pictures were only named on the clipboard/.test(await page.locator('.toast').innerText()))
  await pasted(page, '<p>A drawing.</p><img src="data:image/svg+xml;utf8,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22%3E%3Cscript%3E1%3C/script%3E%3C/svg%3E">', () => page.waitForSelector('.uploads .refused'))
  step('a picture that cannot be taken is refused, with the reason', /SVG/i.test(await page.locator('.uploads .refused').innerText()), await page.locator('.uploads').innerText())

  const nested = '<table><tr><th>Port</th><th>Boats</th></tr><tr><td>Mora</td><td><table><tr><td>May</td><td>212</td></tr><tr><td>June</td><td>190</td></tr></table></td></tr></table>'
  id = await pasted(page, nested)
  list = await blocks(context, id)
  step('of a table in a table the rows are lines of its cell', list.length === 1 && list[0].content.length === 2 && lines(list[0].content[1].content[1].content) === 'May 212\nJune 190', JSON.stringify(list))
  id = await pasted(page, `<table><tr><td><table><tr><td><p>Dear reader,</p><p>the boats are back.</p></td></tr></table></td></tr><tr><td>${nested.replace(/<table><tr><td>May.*?<\/table>/, '402')}</td></tr></table>`)
  step('tables that only place things are not kept, and those in them are', shape(await blocks(context, id)) === 'paragraph(Dear reader,) paragraph(the boats are back.) table(PortBoatsMora402)', shape(await blocks(context, id)))

  const word = (level, marker, words, n = 0) => `<p class=MsoListParagraphCxSpMiddle style='margin-left:${36 * level}.0pt;text-indent:-18.0pt;mso-list:l${n} level${level} lfo1'><![if !supportLists]><span style='font-family:Symbol;mso-list:Ignore'>${marker}<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;</span></span><![endif]>${words}<o:p></o:p></p>`
  id = await pasted(page, `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style><!-- @list l0:level1 {mso-level-number-format:bullet;} --></style></head><body><!--StartFragment-->${word(1, '·', 'Salt')}${word(2, 'o', 'grey')}${word(3, '§', 'finest')}${word(1, '·', 'Fish')}<p class=MsoNormal>Between.<o:p></o:p></p>${word(1, '1.', 'First', 1)}${word(2, 'a)', 'again', 1)}${word(1, '2.', 'Second', 1)}<!--EndFragment--></body></html>`)
  list = await blocks(context, id)
  const tree = (b) => b.type === 'paragraph' ? lines(b.content) : `${{ bullet_list: 'ul', ordered_list: 'ol', list_item: '' }[b.type]}[${b.content.map(tree).join(' ')}]`
  step('Word’s lists are lists of their depth', list.map(tree).join(' ') === 'ul[[Salt ul[[grey ul[[finest]]]]] [Fish]] Between. ol[[First ol[[again]]] [Second]]', list.map(tree).join(' '))
  id = await pasted(page, '<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1f"><p dir="ltr" style="line-height:1.38"><span style="font-weight:400;font-style:normal">Plain and </span><span style="font-weight:700">bold</span><span style="font-style:italic"> and slanted.</span></p><br /><p dir="ltr"><span>Another.</span></p></b>')
  list = await blocks(context, id)
  step('Google Docs’ wrapper is not bold', shape(list) === 'paragraph(Plain and bold and slanted.) paragraph(Another.)' && list[0].content.map((w) => (w.marks ?? []).map((m) => m.type).join()).join('|') === '|strong|em', JSON.stringify(list))
  id = await pasted(page, '<p style="margin-bottom: 0.1in; line-height: 115%"><font face="Liberation Serif"><font size="3"><b>Bold</b> from LibreOffice.</font></font></p>\n<ol>\n\t<li><p>One</p></li>\n\t<li><p>Two</p>\n\t<ol><li><p>Inner</p></li></ol></li>\n</ol>')
  step('LibreOffice’s lists and fonts', (await blocks(context, id)).map(tree).join(' ') === 'Bold from LibreOffice. ol[[One] [Two ol[[Inner]]]]', (await blocks(context, id)).map(tree).join(' '))
  id = await pasted(page, '<div dir="ltr">Yes, at noon.<br><br><div class="gmail_quote"><div dir="ltr">On Mon, Ada wrote:<br></div><blockquote class="gmail_quote" style="border-left:1px solid"><div dir="ltr">When does it leave?</div></blockquote></div></div><blockquote type="cite"><div>From the pier?</div></blockquote>')
  list = await blocks(context, id)
  step('what a mail answers to is text, and nobody’s quotation', list.every((b) => b.type === 'paragraph') && ['Yes, at noon.', 'On Mon, Ada wrote:', 'When does it leave?', 'From the pier?'].every((s) => list.some((b) => lines(b.content).includes(s))), shape(list))

  const many = Array.from({ length: 250 }, (_, i) => `<p class="x" onclick="window.bad=1" style="color:red">Paragraph ${i} has twenty words about the boats that came back to the harbour in the month of May again.</p><script>window.bad=1</script>`).join('')
  id = await pasted(page, `<html><head><script>window.bad=1</script><style>p{display:none}</style></head><body onload="window.bad=1"><nav><a href="javascript:window.bad=1">Home</a></nav><article><h1>A long page</h1>${many}<img src=x onerror="window.bad=1"><iframe src="https://evil.example"></iframe><form><input value="x"><button>Buy</button></form><svg onload="window.bad=1"></svg></article></body></html>`)
  list = await blocks(context, id)
  step('five thousand words of a page with scripts come in, and nothing of the scripts', list.filter((b) => /^Paragraph \d+ has/.test(lines(b.content))).length === 250 && (await page.evaluate(() => window.bad)) === undefined && !/window\.bad|javascript:|evil|Buy/.test(JSON.stringify(list)), shape(list).slice(0, 300))

  // In places that take words alone.
  const inside = '<h2>Salt</h2><ul><li>grey</li><li>white</li></ul><table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>'
  id = await pasted(page, '<p>Above.</p><table><tr><th>A</th><th>B</th></tr><tr><td>cell</td><td>last</td></tr></table><p>Below.</p>', async () => {
    await page.locator('.ProseMirror td').first().click()
    await page.keyboard.press('End')
    await settled(page)
  }, inside)
  list = await blocks(context, id)
  step('in a cell blocks are lines, and the table stays whole', list.map((b) => b.type).join() === 'paragraph,table,paragraph' && lines(list[1].content[1].content[0].content) === 'cellSalt\ngrey\nwhite\na b\nc d' && lines(list[1].content[1].content[1].content) === 'last', JSON.stringify(list))
  id = await pasted(page, `<p>Above.</p><img src="${await drawn(page, '#14532d')}">`, () => figures(page, 1), async () => {
    await page.locator('.ProseMirror figcaption').click()
    await settled(page)
  }, '<p>A caption</p><p>of two lines</p>')
  list = await blocks(context, id)
  step('so they are in a caption', list.map((b) => b.type).join() === 'paragraph,figure' && lines(list[1].content) === 'A caption\nof two lines', JSON.stringify(list))
  id = await pasted(page, '<ul><li>One</li><li>Two</li></ul>', async () => {
    await page.locator('.ProseMirror li').first().click()
    await page.keyboard.press('End')
    await settled(page)
  }, '<ul><li>Between</li><li>them</li></ul>', '<p>A sentence of its own.</p>')
  const listed = (await blocks(context, id)).map(tree).join(' ')
  step('in a list items stay items, and a sentence is one in its item', /^ul\[\[OneBetween\] \[them A sentence of its own\.\] \[Two\]\]$|^ul\[\[One\] \[Between\] \[them A sentence of its own\.\] \[Two\]\]$/.test(listed), listed)
}

/** Writes as an input method does: what is being composed changes until it is committed. */
async function compose(page, cdp, states, committed) {
  for (const text of states) {
    await cdp.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length })
    await settled(page)
  }
  await cdp.send('Input.insertText', { text: committed })
  await settled(page)
}

async function select(page, words, collapse) {
  await body(page).focus()
  await page.evaluate(({ words, collapse }) => {
    const walk = document.createTreeWalker(document.querySelector('.ProseMirror'), NodeFilter.SHOW_TEXT)
    while (walk.nextNode()) {
      const at = walk.currentNode.data.indexOf(words)
      if (at < 0 || walk.currentNode.parentElement.closest('.remarks')) continue
      return getSelection().setBaseAndExtent(walk.currentNode, collapse ? at + words.length : at, walk.currentNode, at + words.length)
    }
    throw new Error(`“${words}” does not stand in one run of the text`)
  }, { words, collapse })
  await settled(page)
}

const namaste = ['न', 'नम', 'नमस', 'नमस्', 'नमस्ते']
const marked = (page, tag) => page.locator('.ProseMirror > p ' + tag).allInnerTexts()
const said = (page) => page.evaluate(() => [...document.querySelectorAll('.ProseMirror > p')].map((p) => p.textContent))

async function composing({ page, context }) {
  await go(page, '/articles/new')
  await page.locator('#headline').fill('नाव लौटी')
  await body(page).focus()
  const cdp = await context.newCDPSession(page)
  await compose(page, cdp, namaste, 'नमस्ते')
  await page.keyboard.type(' ')
  await compose(page, cdp, ['द', 'दु', 'दुन', 'दुनि', 'दुनिया'], 'दुनिया')
  await page.keyboard.type('।')
  await page.keyboard.press('Enter')
  await page.keyboard.type('The boat came back in May, and was late.')
  await saved(page)
  step('what is composed is written', (await said(page))[0] === 'नमस्ते दुनिया।', (await said(page)).join('\n'))
  const id = articleOf(page)
  await page.getByRole('button', { name: 'Suggest', exact: true }).click()

  await select(page, 'दुनिया', true)
  await compose(page, cdp, [' ', ' क', ' के', ' के ल', ' के लोग'], ' के लोग')
  step('while suggesting what is composed is inserted under one suggestion', (await said(page))[0] === 'नमस्ते दुनिया के लोग।' && (await marked(page, 'ins')).join('') === ' के लोग', await body(page).innerHTML())
  await compose(page, cdp, ['ो', 'ों'], 'ों')
  step('and the next goes on with it', (await said(page))[0] === 'नमस्ते दुनिया के लोगों।' && (await marked(page, 'ins')).join('') === ' के लोगों', await body(page).innerHTML())
  await select(page, 'May')
  await compose(page, cdp, ['म', 'मई'], 'मई')
  await page.waitForSelector('.ProseMirror > p del') // made once the composition has ended
  step('composed over selected words it replaces them: they are struck', (await marked(page, 'del')).join('') === 'May' && (await marked(page, 'ins')).join('|').includes('मई') && (await said(page))[1] === 'The boat came back in Mayमई, and was late.', await body(page).innerHTML())
  await select(page, 'late', true)
  await compose(page, cdp, ['श', 'शा', 'शाम'], '')
  await settled(page)
  step('what is given up leaves nothing', (await said(page))[1] === 'The boat came back in Mayमई, and was late.', (await said(page))[1])
  await select(page, 'The', true)
  await compose(page, cdp, [' ', ' ल', ' लम', ' लम्ब', ' लम्बी'], ' लम्बी')
  await page.keyboard.press('Backspace')
  await saved(page)
  const list = await api(context, `/articles/${id}/remarks`)
  const kept = (await api(context, '/articles/' + id)).content.body.content
  const bare = lines(kept.map((p) => ({ ...p, content: p.content.filter((w) => !(w.marks ?? []).some((m) => m.type === 'insertion')) })).flatMap((p) => p.content))
  step('no word that stood there is lost', bare === 'नमस्ते दुनिया।The boat came back in May, and was late.', JSON.stringify(kept))
  step('each is one suggestion in the newsroom', list.suggestions.length === 3, JSON.stringify(list.suggestions))
  await cdp.detach()
}

await day(async () => {
  const chief = await somebody(input.link, 'Meera Anand', 'meera@estuary.example')
  const only = process.env.ONLY ?? ''
  if (!only || only.includes('walk')) await read(chief, await walk(chief))
  if (!only || only.includes('paste')) await pastes(chief)
  if (!only || only.includes('ime')) await composing(chief)
})
