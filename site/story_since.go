package site

import (
	"slices"
	"strconv"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// sinceRows is how many editions a page of what is new looks through; who was away for longer reads the whole story.
const sinceRows = 200

// storySince makes the page of what is new in a story since a position in the record. The position is first led to the
// story's own last entry at or before it, so that there are no more such pages than entries. One that says nothing here, or
// from before a redaction, gets the whole page.
func (v *view) storySince(st *shelf.Story, position int64) (*press.Page, error) {
	v.on(shelf.KeyRedactions)
	redacted, err := v.tx.RedactedSince(position)
	if err != nil {
		return nil, err
	}
	own, err := v.tx.StoryEntry(st.ID, position)
	if err != nil {
		return nil, err
	}
	then, err := v.tx.StoryTold(st.ID, own)
	if err != nil && !missing(err) {
		return nil, err
	}
	if redacted || own == 0 || position > v.tx.Cursor() || missing(err) || then.Status == nil {
		page, err := v.story(st, shelf.Position{})
		if err == nil {
			page.Once = true
		}
		return page, err
	}
	if own != position {
		return v.moved(withQuery(storyAddress(st.Slug), "since", strconv.FormatInt(own, 10))), nil
	}
	return v.sincePage(st, own, then)
}

func (v *view) sincePage(st *shelf.Story, own int64, then *shelf.Telling) (*press.Page, error) {
	v.lang = render.FrameLanguage(st.Language, v.paper.pub.Language)
	p := &render.SincePage{Frame: v.frame(storyAddress(st.Slug), ""), ID: st.ID, Edition: st.Number, Position: max(own, st.Sequence), Language: st.Language, Name: st.Name,
		Address: storyAddress(st.Slug)}
	var err error
	if p.At, err = v.entryAt(own); err != nil {
		return nil, err
	}
	if p.Status, err = v.storyStatus(now(st)); err != nil {
		return nil, err
	}
	if then.Status.ID != now(st).ID {
		was, err := v.storyStatus(then.Status)
		if err != nil {
			return nil, err
		}
		p.Was = &was
	}
	if err := v.sinceEditions(st, own, p); err != nil {
		return nil, err
	}
	if err := v.sinceLines(st, own, p); err != nil {
		return nil, err
	}
	if err := v.sinceParts(st, own, p); err != nil {
		return nil, err
	}
	if err := v.sinceTold(st, own, p); err != nil {
		return nil, err
	}
	return v.telling(v.s.conf.Renderer.Since(p)), nil
}

// sinceLines are the dated lines and statuses that the story did not have then.
func (v *view) sinceLines(st *shelf.Story, own int64, p *render.SincePage) error {
	list, err := v.tx.ToldSince(st.ID, own, sinceRows)
	if err != nil {
		return err
	}
	var happened, awaited []shelf.Happening
	today := v.today().Start(v.paper.pub.Zone)
	for _, h := range list {
		if h.Event != nil && !h.At.Before(today) {
			awaited = append(awaited, h)
		} else {
			happened = append(happened, h)
		}
	}
	slices.Reverse(awaited)
	if p.Next, err = v.storyLines(st, awaited[:min(len(awaited), awaitedRows)]); err != nil {
		return err
	}
	lines, err := v.storyLines(st, happened)
	p.New = append(lines, p.New...)
	return err
}

// sinceTold are the sentences by which the story was corrected or updated since.
func (v *view) sinceTold(st *shelf.Story, own int64, p *render.SincePage) error {
	list, err := v.tx.Tellings(st.ID, own)
	if err != nil {
		return err
	}
	var rows []render.CorrectionRow
	for i := range list {
		if list[i].Note != "" && !list[i].Withdrawn {
			rows = append(rows, v.storyCorrection(st, &list[i]))
		}
	}
	p.Changed = append(rows, p.Changed...)
	return nil
}

// sinceEditions parts what has come of articles into those that are new and those that were changed.
func (v *view) sinceEditions(st *shelf.Story, own int64, p *render.SincePage) error {
	list, err := v.tx.StoryEditions(st.ID, own, sinceRows)
	if err != nil {
		return err
	}
	fresh := map[dateline.ID]bool{}
	for _, e := range list {
		p.Position = max(p.Position, e.Seq)
		fresh[e.Card.ID] = fresh[e.Card.ID] || e.Number == 1
	}
	shown := map[dateline.ID]bool{}
	for i := range list {
		e := &list[i]
		if e.Change == dateline.ChangeMinor || shown[e.Card.ID] {
			continue
		}
		shown[e.Card.ID] = true
		card, err := v.card(&e.Card, false)
		if err != nil {
			return err
		}
		if fresh[e.Card.ID] {
			p.New = append(p.New, render.StoryLine{At: card.First, Title: card.Headline, Text: card.Standfirst, Address: card.Address, Article: &card, Lang: card.Language})
			continue
		}
		p.Changed = append(p.Changed, render.CorrectionRow{Card: card, Correction: render.Correction{Change: e.Change, At: e.Public, Note: e.Note,
			Address: editionAddress(e.Card.Address, e.Number)}})
	}
	return nil
}

// entryAt is when the record took an entry.
func (v *view) entryAt(seq int64) (at time.Time, err error) {
	const wide = 256 // entries of a bundle (C2SP tlog-tiles)
	data, err := v.tx.Tile(record.TileAddress{Level: -1, Index: (seq - 1) / wide, Width: int((seq-1)%wide) + 1})
	if err != nil {
		return at, err
	}
	leaves, err := record.ParseBundle(data)
	if err != nil {
		return at, err
	}
	e, err := record.ParseLeaf(leaves[len(leaves)-1])
	return e.At, err
}
