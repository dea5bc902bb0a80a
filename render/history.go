package render

import (
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
)

// History writes the list of an article's editions.
func (r *Renderer) History(p *HistoryPage) []byte {
	s := r.sheet(&p.Frame)
	s.begin(head{title: s.c.WhatChanged + ": " + p.Headline, style: &r.whole, noIndex: true})
	s.body(nil)
	s.lit("<div")
	s.mark(p.ID, p.Edition)
	s.lit(">\n")
	s.lit("<p class=\"label indent\">")
	s.backTo(p.Article, p.Story)
	s.lit("</p>\n")
	s.pageTitle(Name{Text: s.c.WhatChanged})
	s.lede(Name{Text: p.Headline, Language: p.Language})
	for i := range p.Editions {
		s.edition(&p.Editions[i], p.Language)
	}
	if !s.f.Still {
		s.lit("<section class=\"band\" aria-labelledby=\"asof\"><h2 id=\"asof\">")
		s.text(s.c.Then.AsItStood)
		s.lit("</h2><div>")
		s.thenForm(p.Article, p.Latest)
		s.lit("</div></section>\n")
	}
	s.lit("<p class=\"legend indent\">")
	s.everyEdition(p.Check)
	s.lit("</p>\n</div>\n")
	return s.end()
}

func (s *sheet) backTo(address string, story bool) {
	words := s.c.BackToArticle
	if story {
		words = s.c.BackToStory
	}
	s.anchor(Link{Name: Name{Text: words}, Address: address}, "")
}

// edition is one edition of a history: its number in the margin, the public sentence first.
func (s *sheet) edition(e *EditionRow, language string) {
	s.band(func() { s.lit("e"); s.number(e.Number) }, func() { s.text(s.editionName(e.Number)) })
	s.lit("<div class=\"rows\"><div class=\"row\"><div><h3>")
	if e.Withdrawn {
		s.text(s.c.Withdrawn)
	} else {
		s.changeWord(e.Change, s.c.Changes[e.Change])
	}
	s.lit("</h3>")
	s.paragraph("", e.Note, language)
	if e.Status != "" {
		s.lit("<p>")
		s.text(s.c.StatusWord + ": ")
		s.inLanguage(e.Status, language)
		s.lit("</p>")
	}
	if e.Change == dateline.ChangeImported {
		s.element("p", "", put(s.c.ImportedOn, "date", s.c.Date(s.local(e.Recorded))))
	}
	switch {
	case e.Removed:
		s.element("p", "", s.c.TextRemoved)
	case e.Redacted:
		s.element("p", "", s.c.WordsTakenOut)
	}
	s.lit("<p class=\"when\">")
	s.instant(e.shownAt(), "")
	if e.Address != "" {
		words := s.c.SeeTheChange
		if e.Number == 1 { // before which there was nothing to change
			words = s.c.ReadTheEdition
		}
		s.lit(" ")
		s.anchor(Link{Name: Name{Text: words}, Address: e.Address}, "")
	}
	s.lit("</p></div></div></div></section>\n")
}

// shownAt is the instant of an edition: the public one, or when the record took it where its words were taken out and the
// public one with them.
func (e *EditionRow) shownAt() time.Time {
	if e.Public.IsZero() {
		return e.Recorded
	}
	return e.Public
}

func (s *sheet) editionName(n int) string { return put(s.c.Edition, "n", Number(n)) }

// changeWord writes the word for a change, red where something had been wrong.
func (s *sheet) changeWord(c dateline.Change, word string) {
	if c.Wrong() {
		s.element("b", "red", word)
	} else {
		s.text(word)
	}
}

func (s *sheet) everyEdition(check string) {
	s.text(s.c.EveryEdition)
	if check != "" {
		s.lit(" ")
		s.linked(s.c.CheckRecord, check)
	}
}

// Compare writes the difference between two editions of an article.
func (r *Renderer) Compare(p *ComparePage) []byte {
	s := r.sheet(&p.Frame)
	title := s.c.WhatChanged + ": " + s.pairName(p.From, p.To)
	s.begin(head{title: title, style: &r.whole, noIndex: true})
	s.body(nil)
	s.lit(`<div class="article"`)
	s.mark(p.ID, p.Edition)
	s.lit(">\n<header class=\"head\"><p class=\"label\">")
	s.backTo(p.Article, p.Story)
	s.lit("</p>\n<h1>")
	s.text(s.c.WhatChanged)
	s.lit("</h1>\n")
	s.paragraph("stand", p.Headline, p.Language)
	s.lit("</header>\n")
	s.editions(p)
	s.lit("<div class=\"body\">\n")
	s.superseded(p)
	s.changeNote(p)
	s.legend(p)
	s.lit("<div class=\"diff\"")
	s.langOf(p.Language)
	s.lit(">\n")
	s.difference(p)
	s.lit("</div>\n")
	s.otherPairs(p.Others)
	s.lit("</div></div>\n")
	return s.end()
}

func (s *sheet) pairName(from, to int) string {
	if from == 0 {
		return s.editionName(to)
	}
	return put(s.c.EditionPair, "from", Number(from), "to", Number(to))
}

// editions is the list in the margin.
func (s *sheet) editions(p *ComparePage) {
	s.lit("<nav class=\"about\" aria-labelledby=\"ed\"><h2 id=\"ed\" class=\"by\">")
	s.text(s.c.Editions)
	s.lit("</h2>\n<ol class=\"editions\" reversed>\n")
	for _, e := range p.Editions {
		s.lit("<li")
		if e.Current {
			s.lit(` aria-current="true"`)
		}
		s.lit(">")
		s.anchor(Link{Name: Name{Text: s.editionName(e.Number)}, Address: e.Address}, "")
		s.text(s.c.Comma)
		if e.Withdrawn {
			s.text(s.c.Withdrawn)
		} else {
			s.changeWord(e.Change, s.c.ChangeNames[e.Change])
		}
		s.lit("<br>")
		s.instant(e.shownAt(), "")
		s.lit("</li>\n")
	}
	s.lit("</ol>\n<p class=\"hist\">")
	s.everyEdition(p.Check)
	s.lit("</p></nav>\n")
}

// superseded says that what is shown is not what stands now, and leads there.
func (s *sheet) superseded(p *ComparePage) {
	if p.To >= p.Edition {
		return
	}
	s.lit("<p class=\"note quiet\">")
	s.linked(put(s.c.Superseded, "n", Number(p.Edition)), p.Article)
	s.lit("</p>\n")
}

func (s *sheet) changeNote(p *ComparePage) {
	if p.Note == "" {
		return
	}
	if p.Change.Wrong() {
		s.lit("<p class=\"note\">")
		s.element("b", "red", s.c.Changes[p.Change]+":")
	} else {
		s.lit("<p class=\"note quiet\">")
		s.element("b", "", s.c.Changes[p.Change]+":")
	}
	s.lit(" ")
	s.inLanguage(p.Note, p.Language)
	s.lit("</p>\n")
}

// legend says what the two marks mean, and how much differs.
func (s *sheet) legend(p *ComparePage) {
	s.lit("<p class=\"legend\">")
	blocks, added, removed := 0, 0, 0
	for i := range p.Blocks {
		b := &p.Blocks[i]
		if !b.Same && b.Shape != ShapeMovedAway { // which is counted where it stands now
			blocks++
		}
		for _, r := range b.Runs {
			switch r.Op {
			case Added:
				added += len(strings.Fields(r.Text))
			case Removed:
				removed += len(strings.Fields(r.Text))
			}
		}
	}
	switch {
	case p.From == 0:
		s.text(s.c.FirstEdition)
	case blocks == 0:
		s.text(s.c.NothingDiffers)
	default:
		s.element("ins", "", put(s.c.AddedIn, "n", Number(p.To)))
		s.text(s.c.And)
		s.element("del", "", put(s.c.TakenOutOf, "n", Number(p.From)))
		s.text(". " + capital(s.c.wordCount(s.c.BlocksDiffer, blocks)) + ": " + s.c.Count(s.c.WordsAdded, added) + s.c.Comma +
			s.c.Count(s.c.WordsRemoved, removed) + ".")
	}
	s.lit("</p>\n")
}

// difference writes the blocks in reading order. Stretches without a difference are folded into a line that counts
// them; in a first edition there is nothing to fold.
func (s *sheet) difference(p *ComparePage) {
	for i := 0; i < len(p.Blocks); {
		b := &p.Blocks[i]
		if !b.Same {
			s.diffBlock(b, p.Language)
			i++
			continue
		}
		end := i
		for end < len(p.Blocks) && p.Blocks[end].Same {
			end++
		}
		s.folded(p.Blocks[i:end], p.Language)
		i = end
	}
}

// folded counts equal blocks by their kind, in the order in which the kinds come.
func (s *sheet) folded(list []DiffBlock, language string) {
	var parts []DiffPart
	var counts []int
	for _, b := range list {
		at := -1
		for i, part := range parts {
			if part == b.Part {
				at = i
			}
		}
		if at < 0 {
			at = len(parts)
			parts, counts = append(parts, b.Part), append(counts, 0)
		}
		counts[at] += max(b.Count, 1)
	}
	var words []string
	for i, part := range parts {
		words = append(words, s.c.Count(s.c.Parts[part], counts[i]))
	}
	s.sameLine("same", put(s.c.Unchanged, "parts", strings.Join(words, s.c.Comma)), language)
}

func (s *sheet) diffBlock(b *DiffBlock, language string) {
	s.shape(b, language)
	tag := lit("p")
	if b.Part == PartHeadline || b.Part == PartHeading {
		tag = "h2"
	}
	if len(b.Runs) > 0 {
		s.lit("<")
		s.lit(tag)
		if b.Corrected {
			s.lit(` id="`)
			s.lit(CorrectedID)
			s.lit(`"`)
		}
		s.lit(">")
		for _, r := range b.Runs {
			s.diffRun(r, b.Shape == ShapeSplit || b.Shape == ShapeMerged)
		}
		s.lit("</")
		s.lit(tag)
		s.lit(">\n")
	}
	if b.Detail && b.Was == "" {
		s.sameLine("same", s.c.DetailDiffers, language)
	}
}

// shape says above a block what happened to it as a whole. That a paragraph or a heading came or went is said by its words.
func (s *sheet) shape(b *DiffBlock, language string) {
	one := func(p DiffPart) string { return s.c.Count(s.c.Parts[p], 1) }
	several := s.c.Count(s.c.Parts[b.Part], max(b.Count, 1))
	words := ""
	switch {
	case b.Shape == ShapeMovedHere:
		words = put(s.c.MovedHere, "part", one(b.Part))
	case b.Shape == ShapeMovedAway:
		words = put(s.c.MovedAway, "part", one(b.Part))
	case b.Shape == ShapeSplit:
		words = put(s.c.SplitNow, "was", one(b.Part), "now", several)
	case b.Shape == ShapeMerged:
		words = put(s.c.MergedNow, "was", several, "now", one(b.Part))
	case b.Was != "":
		words = put(s.c.MadeNow, "was", one(b.Was), "now", one(b.Part))
	case b.Part == PartParagraph || b.Part == PartHeading:
	case b.Shape == ShapeAdded:
		words = put(s.c.BlockAdded, "part", one(b.Part))
	case b.Shape == ShapeRemoved:
		words = put(s.c.BlockRemoved, "part", one(b.Part))
	}
	if words != "" {
		s.sameLine("shape", words, language)
	}
}

// sameLine is a line of the catalogue's own between those of an article, marked as such where the article's language is another.
func (s *sheet) sameLine(class lit, words, between string) {
	s.lit("<p class=\"")
	s.lit(class)
	s.lit("\"")
	if s.foreign(between) {
		s.attr("lang", s.c.languageTag(s.f.Language))
		s.attr("dir", s.c.Direction)
	}
	s.lit(">")
	s.text(words)
	s.lit("</p>\n")
}

// diffRun writes words that stayed, came or went. What happened is said in hidden words too, for those who hear it. A break that came
// or went between paragraphs has a sign.
func (s *sheet) diffRun(r DiffRun, breaks bool) {
	switch r.Op {
	case Added:
		s.lit("<ins>")
		s.element("span", "vh", s.c.AddedHidden)
	case Removed:
		s.lit("<del>")
		s.element("span", "vh", s.c.RemovedHidden)
	}
	for i, line := range strings.Split(r.Text, "\n") {
		if i > 0 && breaks && r.Op != Kept {
			s.element("span", "vh", s.c.ParagraphBreak)
			s.lit("<span aria-hidden=\"true\">¶</span>")
		}
		if i > 0 && !(breaks && r.Op == Removed) {
			s.lit("<br>")
		}
		s.text(line)
	}
	switch r.Op {
	case Added:
		s.lit("</ins>")
	case Removed:
		s.lit("</del>")
	}
}

func (s *sheet) otherPairs(list []DiffPair) {
	if len(list) == 0 {
		return
	}
	s.lit("<nav class=\"pager gap\"")
	s.attr("aria-label", s.c.Differences)
	s.lit(">")
	for _, d := range list {
		s.anchor(Link{Name: Name{Text: s.pairName(d.From, d.To)}, Address: d.Address}, "")
	}
	s.lit("</nav>\n")
}

// DiffBlocks takes over a difference between two bodies.
func DiffBlocks(changes []markup.Change) []DiffBlock {
	list := make([]DiffBlock, 0, len(changes))
	for _, c := range changes {
		b := DiffBlock{Part: diffPart(c.Type), Same: c.Kind == markup.Same, Count: c.Count, Detail: c.Detail, Shape: diffShape(c)}
		if was := diffPart(c.Was); c.Was != "" && was != b.Part {
			b.Was = was
		}
		if b.Shape != ShapeMovedAway { // whose words are shown where it stands now
			b.Runs = DiffRuns(c.Runs)
		}
		if b.Shape == ShapeSplit || b.Shape == ShapeMerged {
			b.Runs = withoutBlanks(b.Runs)
		}
		list = append(list, b)
	}
	return list
}

// withoutBlanks leaves out that a blank made room for a break, or a break for a blank: the break is told.
func withoutBlanks(runs []DiffRun) (list []DiffRun) {
	for _, r := range runs {
		if strings.Trim(r.Text, " ") == "" && r.Op != Kept {
			if r.Op == Removed {
				continue
			}
			r.Op = Kept
		}
		list = append(list, r)
	}
	return list
}

func diffShape(c markup.Change) DiffShape {
	switch {
	case c.How == markup.Moved && c.Kind == markup.Added:
		return ShapeMovedHere
	case c.How == markup.Moved:
		return ShapeMovedAway
	case c.How != "":
		return DiffShape(c.How) // split and merged
	case c.Kind == markup.Added || c.Kind == markup.Removed:
		return DiffShape(c.Kind)
	}
	return ""
}

// DiffRuns takes over a difference between two lines of words.
func DiffRuns(runs []markup.Run) []DiffRun {
	list := make([]DiffRun, 0, len(runs))
	for _, r := range runs {
		op := Kept
		switch r.Kind {
		case markup.RunAdded:
			op = Added
		case markup.RunRemoved:
			op = Removed
		}
		list = append(list, DiffRun{Op: op, Text: r.Text})
	}
	return list
}

func diffPart(t markup.Type) DiffPart {
	switch t {
	case markup.TypeParagraph:
		return PartParagraph
	case markup.TypeHeading:
		return PartHeading
	case markup.TypeQuote, markup.TypePullQuote:
		return PartQuote
	case markup.TypeBulletList, markup.TypeOrderedList:
		return PartList
	case markup.TypeTable:
		return PartTable
	case markup.TypeFigure, markup.TypeGallery:
		return PartPicture
	case markup.TypeFactBox:
		return PartBox
	case markup.TypeEmbed:
		return PartEmbed
	}
	return PartOther
}

// entryNumbers lists entries of the record: 44,017 and 46,902.
func (c *Catalogue) entryNumbers(list []int64) string {
	var b strings.Builder
	for i, n := range list {
		switch {
		case i > 0 && i == len(list)-1:
			b.WriteString(c.And)
		case i > 0:
			b.WriteString(c.Comma)
		}
		b.WriteString(Number(int(n)))
	}
	return b.String()
}
