package page

import (
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/datelinehq/dateline/markup"
)

// line is one line of a capture, trimmed, bullets at its head left out.
type line struct {
	number int
	text   string
	bullet bool
}

// block is lines without an empty one between them.
type block []line

// parseText reads a capture. Strip, section line, topics and times are each taken where they are and missed where they
// are not; what remains is headline, standfirst and text.
func parseText(data []byte, opt Options) (Page, error) {
	var p Page
	lines := splitLines(data)
	furniture, n := takeStrip(lines, opt.Zone)
	p.Furniture = furniture
	t := textReader{page: &p, own: opt.Zone, blocks: splitBlocks(lines[n:])}
	t.published()
	t.meta()
	t.head()
	if p.Headline == "" {
		return Page{}, &Error{1, "there is no headline in the file", wantPage}
	}
	t.body()
	t.order()
	return p, nil
}

func splitLines(data []byte) []line {
	data = []byte(strings.TrimPrefix(string(data), "\ufeff"))
	if !utf8.Valid(data) {
		data, _ = charmap.Windows1252.NewDecoder().Bytes(data)
	}
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n\n", "\f", "\n", "\u0085", "\n").Replace(string(data))
	var lines []line
	for i, s := range strings.Split(text, "\n") {
		s = tidy(s)
		bare := strings.TrimSpace(strings.TrimLeft(s, "•·●▪◦‣∙*"))
		lines = append(lines, line{i + 1, bare, bare != s})
	}
	return lines
}

// tidy makes all blanks plain and leaves out what has no width, save the joiners that scripts need.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == 0x200B || r == 0xFEFF || r == 0x2060 || r == 0xAD:
			return -1
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

func splitBlocks(lines []line) (blocks []block) {
	var b block
	for _, l := range lines {
		if l.text != "" {
			b = append(b, l)
		} else if len(b) > 0 {
			blocks, b = append(blocks, b), nil
		}
	}
	if len(b) > 0 {
		blocks = append(blocks, b)
	}
	return blocks
}

// textReader takes parts out of the blocks until only the text is left.
type textReader struct {
	page   *Page
	own    *time.Location
	blocks []block
	at     int  // the block before which the section line stood
	found  bool // there was one
}

var (
	publishedLine = regexp.MustCompile(`(?i)^(?:first\s+published|originally\s+published|published|posted|first\s+posted)(?:\s+(?:on|at))?\s*[:\-–—]?\s*(.*)$`)
	updatedLine   = regexp.MustCompile(`(?i)^(.*?)(?:^|[\s|/:,;•·–-])\(?(?:(?:last|recently)\s+)?(?:updated|modified)(?:\s+(?:on|at))?\s*[:\-–—]?\s*(.*)$`)
	betweenTimes  = regexp.MustCompile(`\s*[|•·]\s*`)
	secondTime    = regexp.MustCompile(`(?i)\s((?:first|originally)\s+published\b|(?:last\s+)?updated\s*:)`)
)

// date reads a printed time of an article, and notes a zone that had to be guessed.
func (t *textReader) date(text string, number int) (time.Time, bool) {
	at, _, guessed, ok := parseDate(strings.Trim(text, " |()"), t.own)
	if ok && guessed {
		t.page.Notes = append(t.page.Notes, Note{number, "The time has no zone; it was read in the newsroom's."})
	}
	return at, ok
}

// published takes the line "First Published: ..." wherever it stands; its date may be on the next line.
func (t *textReader) published() {
	for i := len(t.blocks) - 1; i >= 0; i-- {
		for j := len(t.blocks[i]) - 1; j >= 0; j-- {
			if n := t.publishedAt(t.blocks[i], j); n > 0 {
				t.cutLines(i, j, n)
				return
			}
		}
	}
	for i, b := range t.blocks {
		for j, l := range b {
			if t.publishedWithin(i, j, l) {
				return
			}
		}
	}
}

func (t *textReader) publishedAt(b block, j int) (lines int) {
	m := publishedLine.FindStringSubmatch(b[j].text)
	if m == nil {
		return 0
	}
	text, n := m[1], 1
	if text == "" && j+1 < len(b) {
		text, n = b[j+1].text, 2
	}
	at, ok := t.date(text, b[j].number)
	if !ok {
		return 0
	}
	t.page.FirstPublished = at
	return n
}

// publishedWithin finds the publication among several things on one line.
func (t *textReader) publishedWithin(i, j int, l line) bool {
	parts := betweenTimes.Split(secondTime.ReplaceAllString(l.text, " | $1"), -1)
	for k, part := range parts {
		m := publishedLine.FindStringSubmatch(part)
		if m == nil || len(parts) < 2 {
			continue
		}
		if at, ok := t.date(m[1], l.number); ok {
			t.page.FirstPublished = at
			t.blocks[i][j].text = strings.Join(append(append([]string{}, parts[:k]...), parts[k+1:]...), " | ")
			return true
		}
	}
	return false
}

// cutLines takes n lines out of a block, and the block where nothing is left of it.
func (t *textReader) cutLines(i, j, n int) {
	b := append(append(block{}, t.blocks[i][:j]...), t.blocks[i][j+n:]...)
	if len(b) > 0 {
		t.blocks[i] = b
		return
	}
	t.blocks = append(t.blocks[:i:i], t.blocks[i+1:]...)
}

// meta takes the section line and the topics under it.
func (t *textReader) meta() {
	for i, b := range t.blocks {
		for j, l := range b {
			section, at, n := t.updatedAt(b, j)
			if n == 0 {
				continue
			}
			t.page.Updated = at
			t.page.Section = section
			j = t.sectionAbove(i, j)
			t.takeTopics(i, j, n+l.number-t.blocks[i][j].number)
			return
		}
	}
	t.sectionAlone()
}

// updatedAt reads "section Updated: ..." and returns how many lines it takes.
func (t *textReader) updatedAt(b block, j int) (section string, at time.Time, lines int) {
	m := updatedLine.FindStringSubmatch(b[j].text)
	if m == nil || len(m[1]) > 60 {
		return "", time.Time{}, 0
	}
	text, n := m[2], 1
	if text == "" && j+1 < len(b) {
		text, n = b[j+1].text, 2
	}
	if n == 1 && j+1 < len(b) {
		if _, day, _, ok := parseDate(text+" "+b[j+1].text, t.own); ok && !day { // wrapped
			text, n = text+" "+b[j+1].text, 2
		}
	}
	at, ok := t.date(text, b[j].number)
	if !ok {
		return "", time.Time{}, 0
	}
	return strings.Trim(m[1], " |/:,;•·–-("), at, n
}

// sectionAbove takes a section that stands on the line before "Updated".
func (t *textReader) sectionAbove(i, j int) int {
	if t.page.Section == "" && j > 0 && isLabel(t.blocks[i][j-1].text) && (j == 1 || i > 0) {
		t.page.Section = t.blocks[i][j-1].text
		return j - 1
	}
	return j
}

// takeTopics takes n lines of block i from line j, and the topics that follow them in the block or make up the next.
func (t *textReader) takeTopics(i, j, n int) {
	n = max(1, min(n, len(t.blocks[i])-j))
	rest := t.blocks[i][j+n:]
	k := topicLines(rest)
	t.page.Topics = topics(rest[:k])
	before := len(t.blocks)
	t.at, t.found = i, true
	if j > 0 {
		t.at = i + 1
	}
	tail := append(block{}, rest[k:]...)
	t.cutLines(i, j, len(t.blocks[i])-j)
	if len(tail) > 0 {
		t.blocks = append(t.blocks[:t.at:t.at], append([]block{tail}, t.blocks[t.at:]...)...)
		return
	}
	if k > 0 || before == i+1 || t.at >= len(t.blocks) || t.at == 0 {
		return
	}
	next := t.blocks[t.at]
	if len(next) <= 2 && topicLines(next) == len(next) && t.at+1 < len(t.blocks) {
		t.page.Topics = topics(next)
		t.blocks = append(t.blocks[:t.at:t.at], t.blocks[t.at+1:]...)
	}
}

// topicLines counts the lines at the head of a block that are lists of topics and not sentences.
func topicLines(b block) int {
	n := 0
	for n < len(b) && n < 6 && isTopics(b[n].text) {
		n++
	}
	return n
}

func isTopics(text string) bool {
	if endsSentence(text) || len(text) > 400 {
		return false
	}
	for _, item := range strings.FieldsFunc(text, isComma) {
		if len(strings.Fields(item)) > 6 || utf8.RuneCountInString(strings.TrimSpace(item)) > 60 {
			return false
		}
	}
	return strings.TrimFunc(text, isComma) != ""
}

func isComma(r rune) bool {
	return r == ',' || r == '،' || r == '、' || r == ';' || r == '|' || r == '•' || r == '·'
}

// topics parts lines into topics. A long line without a comma at its end was wrapped within a topic.
func topics(lines block) (out []string) {
	var text strings.Builder
	for i, l := range lines {
		if i > 0 {
			if utf8.RuneCountInString(lines[i-1].text) >= 60 && !strings.ContainsRune(l.text[:1], ',') {
				text.WriteByte(' ')
			} else {
				text.WriteByte(',')
			}
		}
		text.WriteString(l.text)
	}
	seen := map[string]bool{}
	for _, item := range strings.FieldsFunc(text.String(), isComma) {
		item = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(item), "#"))
		if key := strings.ToLower(item); item != "" && !seen[key] {
			seen[key] = true
			out = append(out, item)
		}
	}
	return out
}

// sectionAlone finds a section, with or without topics, in a capture that was never updated.
func (t *textReader) sectionAlone() {
	for i := 1; i < len(t.blocks) && i <= 3; i++ {
		b := t.blocks[i]
		rest := topicLines(b[1:])
		switch {
		case len(b) > 1 && isLabel(b[0].text) && rest == len(b)-1 && !b[0].bullet:
			t.page.Section = b[0].text
			t.takeTopics(i, 0, 1)
			return
		case len(b) == 1 && isLabel(b[0].text) && i+1 < len(t.blocks) && !b[0].bullet:
			t.page.Section = b[0].text
			t.takeTopics(i, 0, 1)
			return
		case len(b) <= 2 && topicLines(b) == len(b) && strings.IndexFunc(b[0].text, isComma) > 0 && i+1 < len(t.blocks) && !b[0].bullet:
			t.takeTopics(i, 0, 1)
			t.page.Topics = topics(b)
			return
		}
	}
}

// isLabel reports whether a line is short enough for a section's name, and no sentence.
func isLabel(text string) bool {
	return len(strings.Fields(text)) <= 4 && utf8.RuneCountInString(text) <= 40 && !endsSentence(text) &&
		strings.IndexFunc(text, isComma) < 0 && !strings.ContainsAny(text, `"“”`)
}

func endsSentence(text string) bool {
	text = strings.TrimRight(text, `"'”’»)] `)
	r, _ := utf8.DecodeLastRuneInString(text)
	return strings.ContainsRune(".!?…।۔؟。！？:", r)
}

// head takes headline and standfirst off the blocks.
func (t *textReader) head() {
	if len(t.blocks) == 0 {
		return
	}
	first := t.blocks[0]
	t.page.Headline = joined(first)
	end := 1
	if t.at >= len(t.blocks) && len(t.blocks) > 2 {
		t.found = false // the times stood at the foot
	}
	t.at = min(t.at, 2) // what follows the first paragraph is text, above the section line too
	if !t.found {
		t.at = 1
		if len(t.blocks) > 2 && same(joined(t.blocks[1]), joined(t.blocks[2])) {
			t.at = 2
		}
	}
	if t.at == 0 && len(t.blocks) > 2 && same(joined(t.blocks[1]), joined(t.blocks[2])) {
		t.at = 2
	}
	switch {
	case t.at >= 2:
		t.page.Standfirst = joined(concat(t.blocks[1:t.at]))
		end = t.at
	case len(first) > 1:
		t.splitHead(first)
	}
	t.blocks = t.blocks[min(end, len(t.blocks)):]
}

// splitHead parts a headline from a standfirst that follows it without an empty line.
func (t *textReader) splitHead(b block) {
	for i := 1; i < len(b); i++ {
		tail := joined(b[i:])
		repeated := len(t.blocks) > 1 && same(tail, joined(t.blocks[1]))
		if repeated || (endsSentence(tail) && !endsSentence(b[i-1].text) && startsUpper(tail) && utf8.RuneCountInString(tail) > utf8.RuneCountInString(joined(b[:i]))) {
			t.page.Headline, t.page.Standfirst = joined(b[:i]), tail
			return
		}
	}
}

func startsUpper(s string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, `"'“‘«`))
	return !unicode.IsLower(r)
}

func concat(blocks []block) (all block) {
	for _, b := range blocks {
		all = append(all, b...)
	}
	return all
}

func joined(b block) string {
	parts := make([]string, len(b))
	for i, l := range b {
		parts[i] = l.text
	}
	return strings.Join(parts, " ")
}

// body makes paragraphs of what is left. The body leaves out a headline or standfirst that is printed again at its
// head; the list of what was printed keeps the standfirst.
func (t *textReader) body() {
	var paragraphs []string
	for _, b := range t.blocks {
		paragraphs = append(paragraphs, unwrap(b)...)
	}
	if len(paragraphs) > 0 && same(t.page.Headline, paragraphs[0]) {
		paragraphs = paragraphs[1:]
	}
	t.page.Printed = paragraphs
	if len(paragraphs) > 0 && same(t.page.Standfirst, paragraphs[0]) {
		paragraphs = paragraphs[1:]
	}
	if s := t.page.Standfirst; len(paragraphs) > 0 && isShortened(s, paragraphs[0]) {
		t.page.Standfirst = paragraphs[0]
		paragraphs = paragraphs[1:]
	}
	t.page.Body = markup.FromText(strings.Join(paragraphs, "\n\n"))
}

// unwrap parts a block into paragraphs: lines that a crawler broke at a width are joined again.
func unwrap(b block) (out []string) {
	width := 0
	for _, l := range b {
		width = max(width, utf8.RuneCountInString(l.text))
	}
	open := ""
	for _, l := range b {
		if l.bullet && open != "" {
			out, open = append(out, open), ""
		}
		open = strings.TrimSpace(open + " " + l.text)
		short := utf8.RuneCountInString(l.text)*10 < width*7
		if endsSentence(l.text) && (short || width > 120) {
			out, open = append(out, open), ""
		}
	}
	if open != "" {
		out = append(out, open)
	}
	return out
}

// same compares what a reader sees: letters and figures.
func same(a, b string) bool { return a == b || (a != "" && letters(a) == letters(b)) }

func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// isShortened reports whether a standfirst is the beginning of a paragraph, cut with dots.
func isShortened(standfirst, paragraph string) bool {
	bare := strings.TrimRight(standfirst, ".… ")
	return (strings.HasSuffix(standfirst, "…") || strings.HasSuffix(standfirst, "...")) && len(bare) > 30 &&
		strings.HasPrefix(letters(paragraph), letters(bare))
}

// order drops an "updated" that is not after the publication.
func (t *textReader) order() {
	p := t.page
	if p.Updated.IsZero() || p.FirstPublished.IsZero() || !p.Updated.Before(p.FirstPublished) {
		return
	}
	p.Updated = time.Time{}
	p.Notes = append(p.Notes, Note{0, "The page says it was updated before it was published; the former was dropped."})
}
