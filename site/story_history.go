package site

import (
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// belowStory makes a story's history, or the difference between two of its states.
func (a *lookup) belowStory(v *view, id dateline.ID, page, rest string) (*press.Page, error) {
	v.on(shelf.KeyStory(id))
	st, err := v.tx.Story(id)
	if missing(err) {
		return v.storyGone(id)
	}
	if err != nil {
		return nil, err
	}
	if page != "history" && page != "edition" {
		return nil, press.ErrNotFound
	}
	address := below(storyAddress(st.Slug), "/history")
	if page == "edition" && rest != "" {
		address = below(address, "/"+rest)
	}
	if a.path != address {
		return v.moved(address), nil
	}
	list, err := v.tx.Tellings(st.ID, 0)
	if err != nil {
		return nil, err
	}
	if page == "history" {
		return v.storyHistory(st, list)
	}
	n, ok := number(rest)
	if !ok {
		return nil, press.ErrNotFound
	}
	return v.compareStory(st, list, n, a.with)
}

func (v *view) storyHistory(st *shelf.Story, list []shelf.Telling) (*press.Page, error) {
	v.lang = render.FrameLanguage(st.Language, v.paper.pub.Language)
	address := storyAddress(st.Slug)
	p := &render.HistoryPage{Frame: v.frame(below(address, "/history"), ""), ID: st.ID, Edition: st.Number, Language: st.Language, Headline: st.Name,
		Article: address, Story: true, Editions: storyRows(address, list, 0)}
	return v.html(200, v.s.conf.Renderer.History(p)), nil
}

// storyRows are the lines of a story's history.
func storyRows(address string, list []shelf.Telling, current int) (out []render.EditionRow) {
	for i := range list {
		t := &list[i]
		row := render.EditionRow{Number: t.Number, Change: changeOf(t), Note: t.Note, Public: t.Public, Sequence: t.Seq, Withdrawn: t.Withdrawn, Removed: t.Removed, Current: t.Number == current}
		if !t.Withdrawn && !t.Removed {
			row.Address = editionAddress(address, t.Number)
		}
		if t.Status != nil && (i+1 == len(list) || list[i+1].Status == nil || list[i+1].Status.ID != t.Status.ID) {
			row.Status = t.Status.Words
		}
		out = append(out, row)
	}
	return out
}

// changeOf is why a story was told another way; entries of schema 1 do not say it.
func changeOf(t *shelf.Telling) dateline.Change {
	switch {
	case t.Change != "":
		return t.Change
	case t.Number == 1:
		return dateline.ChangeFirst
	}
	return dateline.ChangeUpdate
}

// compareStory makes the difference between a state of a story and another, or the one before it that can still be read.
func (v *view) compareStory(st *shelf.Story, list []shelf.Telling, to, with int) (*press.Page, error) {
	v.lang = render.FrameLanguage(st.Language, v.paper.pub.Language)
	seqs := map[int]*shelf.Telling{}
	var readable []int
	for i := len(list) - 1; i >= 0; i-- {
		if t := &list[i]; !t.Withdrawn && !t.Removed {
			seqs[t.Number] = t
			readable = append(readable, t.Number)
		}
	}
	if seqs[to] == nil {
		return nil, press.ErrNotFound
	}
	from := before(readable, to)
	if with != 0 && with != to && seqs[with] != nil {
		from, to = min(with, to), max(with, to)
	}
	is, err := v.storyContent(st.ID, seqs[to])
	if err != nil {
		return nil, err
	}
	was := &dateline.StoryContent{}
	if from != 0 {
		if was, err = v.storyContent(st.ID, seqs[from]); err != nil {
			return nil, err
		}
	}
	blocks, err := v.storyDifference(was, is, from == 0)
	if err != nil {
		return nil, err
	}
	address := storyAddress(st.Slug)
	p := &render.ComparePage{Frame: v.frame(editionAddress(address, to), ""), ID: st.ID, Edition: st.Number, Language: is.Language, Headline: is.Name, Article: address,
		Story: true, Editions: storyRows(address, list, to), From: from, To: to, Change: changeOf(seqs[to]), Note: seqs[to].Note, Blocks: blocks,
		Others: v.others(address, readable, from, to)}
	return v.html(200, v.s.conf.Renderer.Compare(p)), nil
}

func (v *view) storyContent(id dateline.ID, t *shelf.Telling) (*dateline.StoryContent, error) {
	body, err := v.tx.StoryAt(id, t.Seq)
	if err != nil {
		return nil, notFound(err)
	}
	return body.Content()
}

// storyParts are the parts of a difference of stories as pages count them.
var storyParts = map[dateline.StoryPart]render.DiffPart{dateline.StoryPartName: render.PartHeadline, dateline.StoryPartSummary: render.PartStandfirst,
	dateline.StoryPartStatus: render.PartStatus, dateline.StoryPartEvent: render.PartEvent, dateline.StoryPartBackground: render.PartBackground,
	dateline.StoryPartParty: render.PartParty, dateline.StoryPartArticle: render.PartArticle, dateline.StoryPartStory: render.PartStory}

func (v *view) storyDifference(was, is *dateline.StoryContent, first bool) (out []render.DiffBlock, err error) {
	cat, ok := render.CatalogueFor(v.lang)
	if !ok {
		return nil, press.ErrNotFound
	}
	for _, d := range dateline.CompareStories(was, is) {
		a, b, err := v.storySides(cat, &d)
		if err != nil {
			return nil, err
		}
		block := render.DiffBlock{Part: storyParts[d.Part]}
		switch {
		case first:
			block.Runs = []render.DiffRun{{Op: render.Kept, Text: b}}
		case a == b:
			block.Detail, block.Runs = true, []render.DiffRun{{Op: render.Kept, Text: b}}
		default:
			block.Runs = render.DiffRuns(markup.DiffText(a, b))
		}
		if a != "" || b != "" {
			out = append(out, block)
		}
	}
	return out, nil
}

// storySides are the two sides of a difference in words. An article, topic or larger story that readers cannot open has none.
func (v *view) storySides(cat *render.Catalogue, d *dateline.StoryDifference) (was, is string, err error) {
	side := func(i int) (string, error) {
		switch {
		case d.Status[i] != nil:
			return v.statusLine(cat, d.Status[i])
		case d.Event[i] != nil:
			return v.eventLine(cat, d.Event[i])
		case d.Party[i] != nil:
			return v.partyLine(d.Party[i])
		case d.Story[i] != "":
			return v.wholeLine(d.Story[i])
		case i == 0 && d.Left != "":
			return v.articleLine(d.Left)
		case i == 1 && d.Joined != "":
			return v.articleLine(d.Joined)
		}
		return d.Text[i], nil
	}
	if was, err = side(0); err != nil {
		return "", "", err
	}
	is, err = side(1)
	return was, is, err
}

func (v *view) statusLine(cat *render.Catalogue, s *dateline.StoryStatus) (string, error) {
	return v.lined(cat, s.Source, cat.Date(s.At.In(v.paper.pub.Zone)), s.Words+" ("+cat.States[s.State]+")", s.Sentence)
}

func (v *view) eventLine(cat *render.Catalogue, e *dateline.StoryEvent) (string, error) {
	return v.lined(cat, e.Source, cat.When(e.When), e.Title, e.Text)
}

// lined puts a dated line together, its source last.
func (v *view) lined(cat *render.Catalogue, source dateline.StorySource, parts ...string) (string, error) {
	lines := []string{parts[0] + " — " + parts[1]}
	if parts[2] != "" {
		lines = append(lines, parts[2])
	}
	src, err := v.source(source)
	if err != nil {
		return "", err
	}
	if src != nil {
		words := cat.SourceWords(src)
		if !src.Ours && source.Name != "" && src.Address != "" {
			words += ", " + src.Address
		}
		lines = append(lines, words)
	}
	return strings.Join(lines, "\n"), nil
}

func (v *view) partyLine(p *dateline.StoryParty) (string, error) {
	links, err := v.topics([]dateline.ID{p.Topic})
	if err != nil || len(links) == 0 {
		return "", err
	}
	if p.Role == "" {
		return links[0].Name.Text, nil
	}
	return links[0].Name.Text + " — " + p.Role, nil
}

func (v *view) articleLine(id dateline.ID) (string, error) {
	v.on(shelf.KeyCard(id))
	c, err := v.tx.Card(id)
	if missing(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return c.Headline, nil
}

// storyCorrection is a line of a story's history as lists of corrections show it.
func (v *view) storyCorrection(st *shelf.Story, t *shelf.Telling) render.CorrectionRow {
	return v.storyRow(st.ID, st.Number, st.Name, storyAddress(st.Slug), st.Language, render.Correction{Change: changeOf(t), At: t.Public, Note: t.Note,
		Address: editionAddress(storyAddress(st.Slug), t.Number)})
}

func (v *view) storyRow(id dateline.ID, edition int, name, address, language string, c render.Correction) render.CorrectionRow {
	return render.CorrectionRow{Card: render.Card{ID: id, Edition: edition, Headline: name, Address: address, Language: language}, Correction: c}
}
