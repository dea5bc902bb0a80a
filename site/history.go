package site

import (
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// editionAddress is where an edition is compared with the one before.
func editionAddress(article string, n int) string {
	return below(article, "/history/"+strconv.Itoa(n))
}

// history makes the list of an article's editions.
func (v *view) history(a *shelf.Article) (*press.Page, error) {
	v.lang = render.FrameLanguage(a.Language, v.paper.pub.Language)
	v.on(shelf.KeyArticle(a.ID), shelf.KeyCard(a.ID))
	editions, err := v.tx.Editions(a.ID)
	if err != nil {
		return nil, err
	}
	p := &render.HistoryPage{Frame: v.frame(below(a.Address, "/history"), a.Section), ID: a.ID, Edition: a.Edition, Language: a.Language,
		Headline: a.Headline, Article: a.Address, Latest: latestPublic(editions), Editions: editionRows(a.Address, editions, 0), Check: v.checkAddress(a.Address)}
	return v.html(200, v.s.conf.Renderer.History(p)), nil
}

// latestPublic is the public instant of the newest edition.
func latestPublic(editions []shelf.Edition) (at time.Time) {
	for _, e := range editions {
		if e.Public.After(at) {
			at = e.Public
		}
	}
	return at
}

func editionRows(address string, editions []shelf.Edition, current int) []render.EditionRow {
	var out []render.EditionRow
	for _, e := range editions {
		if e.Redacted && e.Replacement != 0 {
			continue // what took its place has its number, and says so
		}
		row := render.EditionRow{Number: e.Number, Change: e.Change, Note: e.Note, Public: e.Public, Recorded: e.Recorded, Sequence: e.Sequence,
			Redacted: e.Replaces != 0, Removed: e.Redacted, Current: e.Number != 0 && e.Number == current && !e.Redacted}
		if !e.Redacted && e.Number > 0 {
			row.Address = editionAddress(address, e.Number)
		}
		out = append(out, row)
	}
	return out
}

// compare makes the difference between an edition and another, or the one before it that can still be read.
func (v *view) compare(a *shelf.Article, to, with int) (*press.Page, error) {
	v.lang = render.FrameLanguage(a.Language, v.paper.pub.Language)
	v.on(shelf.KeyArticle(a.ID), shelf.KeyCard(a.ID))
	editions, err := v.tx.Editions(a.ID)
	if err != nil {
		return nil, err
	}
	readable := numbers(editions)
	from := before(readable, to)
	if with != 0 && with != to && contains(readable, with) {
		from, to = min(with, to), max(with, to)
	}
	newer, body, err := v.tx.EditionAt(a.ID, to)
	if err != nil {
		return nil, notFound(err)
	}
	older := &record.Edition{}
	if from != 0 {
		if _, older, err = v.tx.EditionAt(a.ID, from); err != nil {
			return nil, notFound(err)
		}
	}
	blocks, err := v.difference(older, body, from == 0)
	if err != nil {
		return nil, err
	}
	p := &render.ComparePage{Frame: v.frame(editionAddress(a.Address, to), a.Section), ID: a.ID, Edition: a.Edition, Language: a.Language,
		Headline: a.Headline, Article: a.Address, Editions: editionRows(a.Address, editions, to), Check: v.checkAddress(a.Address),
		From: from, To: to, Change: newer.Change, Note: newer.Note, Blocks: blocks, Others: v.others(a.Address, readable, from, to)}
	return v.html(200, v.s.conf.Renderer.Compare(p)), nil
}

// numbers are those of the editions that can be read, ascending and each once.
func numbers(editions []shelf.Edition) []int {
	var out []int
	for i := len(editions) - 1; i >= 0; i-- {
		e := editions[i]
		if e.Number > 0 && !e.Redacted && !contains(out, e.Number) {
			out = append(out, e.Number)
		}
	}
	return out
}

func contains(list []int, n int) bool {
	for _, x := range list {
		if x == n {
			return true
		}
	}
	return false
}

func before(readable []int, n int) int {
	last := 0
	for _, x := range readable {
		if x < n {
			last = max(last, x)
		}
	}
	return last
}

// maxOthers bounds the differences that a page offers beside its own.
const maxOthers = 12

// others are the first edition against the latest, and each against the one before it, newest first.
func (v *view) others(address string, readable []int, from, to int) []render.DiffPair {
	var out []render.DiffPair
	add := func(a, b int) {
		if a == 0 || a == b || a == from && b == to || len(out) == maxOthers {
			return
		}
		at := editionAddress(address, b)
		if a != before(readable, b) {
			if v.s.conf.Still {
				return // it has no address of its own
			}
			at = withQuery(at, "with", strconv.Itoa(a))
		}
		out = append(out, render.DiffPair{From: a, To: b, Address: at})
	}
	if n := len(readable); n > 2 {
		add(readable[0], readable[n-1])
	}
	for i := len(readable) - 1; i > 0; i-- {
		add(readable[i-1], readable[i])
	}
	return out
}

// difference lists what became of every part of an article, in reading order.
func (v *view) difference(older, newer *record.Edition, first bool) ([]render.DiffBlock, error) {
	was, err := v.parts(older)
	if err != nil {
		return nil, err
	}
	is, err := v.parts(newer)
	if err != nil {
		return nil, err
	}
	var out []render.DiffBlock
	for i := range is {
		if b, differs := partBlock(was[i], is[i], first); differs {
			out = append(out, b)
		}
	}
	oldBody, err := document(older)
	if err != nil {
		return nil, err
	}
	newBody, err := document(newer)
	if err != nil {
		return nil, err
	}
	changes := markup.Diff(oldBody, newBody)
	blocks := render.DiffBlocks(changes)
	at := 0
	for i := range changes {
		c := &changes[i]
		from := at + 1
		at += c.News()
		blocks[i].Corrected = from <= newer.Corrects && newer.Corrects <= at && c.Kind != markup.Same
	}
	for i := range blocks {
		if first {
			blocks[i].Shape = ""
		}
		for j := range blocks[i].Runs {
			if first {
				blocks[i].Runs[j].Op = render.Kept
			}
		}
	}
	return append(out, blocks...), nil
}

func document(e *record.Edition) (markup.Node, error) {
	if len(e.Body) == 0 {
		return markup.Node{Type: markup.TypeDoc}, nil
	}
	return markup.ParseJSON(e.Body)
}

// partText is a part of an article beside its body, as words, and with what it shows beside them.
type partText struct {
	part   render.DiffPart
	text   string
	detail dateline.ID // the lead's picture
}

func (v *view) parts(e *record.Edition) ([]partText, error) {
	section, err := v.sectionLink(e.Section)
	if err != nil {
		return nil, err
	}
	byline, err := v.credits(e.Byline)
	if err != nil {
		return nil, err
	}
	topics, err := v.topics(e.Topics)
	if err != nil {
		return nil, err
	}
	var names, subjects []string
	for _, c := range byline {
		names = append(names, c.Name.Text)
	}
	for _, t := range topics {
		subjects = append(subjects, t.Name.Text)
	}
	lead := partText{part: render.PartLead}
	if e.Lead != nil {
		lead.detail, lead.text = e.Lead.Picture, strings.TrimSpace(e.Lead.Caption+" "+e.Lead.Credit)
		if lead.text == "" {
			lead.text = e.Lead.Alt
		}
	}
	label := string(e.Label)
	if c, ok := render.CatalogueFor(v.lang); ok {
		label = c.Labels[e.Label]
	}
	return []partText{{part: render.PartSection, text: section.Name.Text}, {part: render.PartLabel, text: label},
		{part: render.PartHeadline, text: e.Headline}, {part: render.PartStandfirst, text: e.Standfirst},
		{part: render.PartByline, text: strings.Join(names, ", ")}, {part: render.PartDateline, text: strings.TrimSpace(e.Place + " " + e.Agency)},
		lead, {part: render.PartTopics, text: strings.Join(subjects, ", ")}}, nil
}

func partBlock(was, is partText, first bool) (b render.DiffBlock, differs bool) {
	b.Part = is.part
	switch {
	case first:
		b.Runs = []render.DiffRun{{Op: render.Kept, Text: is.text}}
		return b, is.text != ""
	case was.text != is.text:
		b.Runs = render.DiffRuns(markup.DiffText(was.text, is.text))
		return b, true
	case was.detail != is.detail:
		b.Detail = true
		if is.text != "" {
			b.Runs = []render.DiffRun{{Op: render.Kept, Text: is.text}}
		}
		return b, true
	}
	return b, false
}
