package desk

import (
	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// liveEntry removes an entry of a live coverage from readers, where it says the words, and what the desk kept of it.
func (w *taking) liveEntry() error {
	p := w.passage
	e, err := w.FindLiveEntry(p.ID, p.Number)
	if err != nil {
		return err
	}
	if len(w.holds) == 0 && !w.again {
		if err := w.allActs(e); err != nil {
			return err
		}
	}
	if !w.kept(e) {
		return nil // it says something else by now
	}
	gone := dateline.LiveEntry{Article: e.Article, Number: e.Number, Version: e.Version, At: e.At, Posted: e.Posted, Changed: w.now, Deleted: true, Reason: e.Reason,
		Sequence: e.Sequence, By: w.actor.Name, Out: e.Out}
	if e.Deleted && !w.holds.In(e.Reason) {
		gone.Version++
		return w.SaveLiveEntry(&gone, e.Version)
	}
	if gone.Reason = w.reason; gone.Reason == "" && !w.again {
		return dateline.Errorf(dateline.EInvalid, "readers are told why an entry was removed: give a reason, which is public")
	}
	if err := w.UseInEntry(p.ID, p.Number, nil); err != nil {
		return err
	}
	language, err := w.languageOf(p.ID)
	if err != nil {
		return err
	}
	if err := w.appendEntry(&gone, &record.LiveEntry{Act: record.EntryDeleted, Number: p.Number, Public: record.FormatInstant(gone.At), Reason: gone.Reason, Language: language}); err != nil {
		return err
	}
	w.told = gone.Sequence
	return w.withheld()
}

// allActs finds every act on an entry of a live coverage but the one that removed it.
func (w *taking) allActs(e *dateline.LiveEntry) error {
	acts, err := w.ListLiveActs(w.passage.ID)
	if err != nil {
		return err
	}
	w.passage.Entries = nil
	for _, seq := range acts {
		entry, err := w.FindEntry(seq)
		if err != nil {
			return err
		}
		if entry.Kind != record.KindLiveEntry || !entry.HasBody() || e.Deleted && seq == e.Sequence {
			continue
		}
		body, err := entry.Decode()
		if err != nil {
			return internal("an entry cannot be read", err)
		}
		if body.(*record.LiveEntry).Number == e.Number {
			w.passage.Entries = append(w.passage.Entries, seq)
		}
	}
	return nil
}

// withheld gives what was told of a coverage to nobody as long as that is withdrawn.
func (w *taking) withheld() error {
	a, err := w.FindArticle(w.passage.ID)
	if err != nil || a.Withdrawal == nil {
		return err
	}
	return w.Withhold([]int64{w.told}, a.Withdrawal.Sequence)
}

// liveState takes the summary from the head of a live coverage, where it says the words.
func (w *taking) liveState() error {
	l, err := w.live(w.passage.ID)
	if err != nil || !w.kept(l) {
		return err
	}
	language, err := w.languageOf(w.passage.ID)
	if err != nil {
		return err
	}
	l.Summary, l.Changed, l.Version = nil, w.now, l.Version+1
	if err := w.SaveLive(l); err != nil {
		return err
	}
	if w.told, err = w.appendLive(w.passage.ID, &record.LiveState{State: l.State, Language: language}); err != nil {
		return err
	}
	return w.withheld()
}
