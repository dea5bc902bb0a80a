package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// demoEntry is an entry of the demo's coverages.
type demoEntry struct {
	headline, text, place string
	key, pinned           bool
}

// The demo's live coverages. The first has ended; the second is kept going while the demo is served.
var (
	demoMeeting = []demoEntry{
		{"The council sits", "All nineteen members are there. The public gallery is full; some two hundred people follow on the steps.", "Town hall", true, false},
		{"Harbour dues come first", "The treasurer reads the figures aloud: dues have stood still for five years, the dredger's bill has not.", "Town hall", false, false},
		{"A recess", "The sitting is broken off for ten minutes after a question about the dredger's contract that nobody could answer.", "Town hall", false, false},
		{"Carried, eleven to eight", "Harbour dues go up by a tenth from the first of the month. Boats under nine metres pay what they paid before.", "Town hall", true, true},
		{"What comes next", "The contract goes back to the works committee, which reports in four weeks.", "Town hall", false, false},
	}
	demoSailing = []demoEntry{
		{"The gangway is down", "Foot passengers first, then bicycles. The purser counts aloud.", "Pier 4", false, false},
		{"Engine turned over", "It was started and stopped again as planned, with the inspector standing beside it.", "Engine room", false, false},
		{"The pilot on the swell", "Two metres beyond the bar, from the south-west, falling by midnight.", "Harbour office", true, false},
		{"Lines taken in", "The bow line last. Somebody on the pier plays a horn, not badly.", "Pier 4", true, false},
		{"Past the second buoy", "The lights of the town are in one row now. The galley has begun to serve soup.", "On the bridge", false, false},
		{"A trawler crosses", "The captain slows for it. Both crews wave.", "On the bridge", false, false},
		{"Half of the way", "The islands' light can be seen, four flashes and a pause.", "On deck", true, false},
		{"Quiet", "Most passengers sleep. The deck is wet, the wind has gone round to the west.", "On deck", false, false},
	}
)

// demoLiveSlug is the last part of the address of the coverage that is kept going.
const demoLiveSlug = "night-ferry-live"

// coverages makes both coverages: one that has ended, one that goes on when the paper is served.
func (m *demoMaker) coverages(ctx context.Context) error {
	ended, err := m.coverage(ctx, dateline.Content{Section: m.sections["city"], Headline: "The council on harbour dues, as it happened", Slug: "harbour-dues-live",
		Standfirst: "An evening in the town hall, from the first question to the vote."}, "The council votes tonight on the first rise in six years.")
	if err != nil {
		return err
	}
	for _, e := range demoMeeting {
		m.clock.set(m.clock.Now().Add(time.Minute))
		if _, err := m.desk.Post(ctx, demoChief, ended, e.entry(), ""); err != nil {
			return err
		}
	}
	corrected := demoMeeting[1].entry()
	corrected.Body = plainDocument("The treasurer reads the figures aloud: dues have stood still for six years, the dredger's bill has not.")
	corrected.Correction = "Dues have stood still for six years, not for five."
	if _, err := m.desk.EditEntry(ctx, demoChief, ended, 2, 1, corrected); err != nil {
		return err
	}
	if _, err := m.desk.DeleteEntry(ctx, demoChief, ended, 3, 1, "It named a clerk who had not spoken in public."); err != nil {
		return err
	}
	l, _, err := m.desk.FindLive(ctx, demoChief, ended, 0, 1)
	if err != nil {
		return err
	}
	if _, err := m.desk.Steer(ctx, demoChief, ended, l.Version, desk.Steering{State: dateline.LiveEnded,
		Summary: plainDocument("Harbour dues go up by a tenth from the first of the month, by eleven votes to eight. Small boats are spared. The dredger's contract goes back to committee.")}); err != nil {
		return err
	}
	going, err := m.coverage(ctx, dateline.Content{Section: m.sections["coast"], Headline: "The night ferry crosses, hour by hour", Slug: demoLiveSlug,
		Standfirst: "We are aboard, and write down what we see."},
		"The ferry sails tonight with half of its cabins. The crossing takes five hours; the swell is two metres and falling.")
	if err != nil {
		return err
	}
	for _, e := range demoSailing[:3] {
		m.clock.set(m.clock.Now().Add(time.Second))
		if _, err := m.desk.Post(ctx, demoChief, going, e.entry(), ""); err != nil {
			return err
		}
	}
	return nil
}

func (m *demoMaker) coverage(ctx context.Context, c dateline.Content, summary string) (dateline.ID, error) {
	a, err := m.desk.Create(ctx, demoReporter, dateline.KindLive, c)
	if err != nil {
		return "", err
	}
	if _, err := m.desk.Publish(ctx, demoChief, desk.Target{ID: a.ID, Version: a.Version}, desk.Publishing{}); err != nil {
		return "", err
	}
	_, err = m.desk.Steer(ctx, demoChief, a.ID, 1, desk.Steering{State: dateline.LiveOn, Summary: plainDocument(summary)})
	return a.ID, err
}

func (e demoEntry) entry() desk.Entry {
	return desk.Entry{Headline: e.headline, Body: plainDocument(e.text), Place: e.place, Key: e.key, Pinned: e.pinned}
}

// plainDocument is a document of one paragraph.
func plainDocument(text string) json.RawMessage {
	b, err := json.Marshal(map[string]any{"type": "doc", "content": []any{map[string]any{"type": "paragraph", "content": []any{map[string]any{"type": "text", "text": text}}}}})
	if err != nil {
		panic("the demo's words do not encode: " + err.Error())
	}
	return b
}

// How often the demo's coverage moves, and how many entries one start of the demo posts at most.
const (
	demoPause   = 30 * time.Second
	demoAtMost  = 200
	demoListing = 200
)

// keepGoing posts to the demo's live coverage until ctx ends, so that a visitor sees it move. It ends at what stops it, such as
// a visitor who has paused or withdrawn the coverage.
func keepGoing(ctx context.Context, d *desk.Desk) error {
	id, err := demoCoverage(ctx, d)
	if err != nil || id == "" {
		return err
	}
	l, _, err := d.FindLive(ctx, demoChief, id, 0, 1)
	if err != nil {
		return err
	}
	tick := time.NewTicker(demoPause)
	defer tick.Stop()
	for n := l.Entries; n < l.Entries+demoAtMost; n++ {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
		if _, err := d.Post(ctx, demoChief, id, demoSailing[n%len(demoSailing)].entry(), ""); err != nil {
			return fmt.Errorf("the demo's live coverage stops: %w", err)
		}
	}
	return nil
}

// demoCoverage finds the coverage that is kept going; none where a visitor took it away.
func demoCoverage(ctx context.Context, d *desk.Desk) (dateline.ID, error) {
	page, err := d.List(ctx, demoChief, dateline.ArticleFilter{Kind: dateline.KindLive, Readers: dateline.Published, Limit: demoListing})
	if err != nil {
		return "", err
	}
	for _, a := range page.Articles {
		if a.Content.Slug == demoLiveSlug {
			return a.ID, nil
		}
	}
	return "", nil
}
