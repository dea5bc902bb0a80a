package desk

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/media/blob"
)

// clear takes the words out of what the desk keeps beside the record.
func (w *redaction) clear() error {
	for _, step := range []func() error{w.clearDraft, w.clearVersions, w.clearAddresses, w.clearLocks, w.clearPictures, w.clearLines} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// goes says whether a saved content is to be emptied: with words, where it holds them; without, where no edition that is
// left shows it.
func (w *redaction) goes(v Version) bool {
	if w.shows(v.Number) {
		return false
	}
	shown := slices.ContainsFunc(w.going, func(e dateline.Edition) bool { return e.Version == v.Number })
	if shown || len(NewWords(w.asked.Words...)) == 0 {
		return true
	}
	b, err := json.Marshal(v.Content)
	return err != nil || w.holds.In(string(b)) || w.holds.In(allText(v.Content.Body))
}

// shows says whether an edition that keeps its text shows a saved content.
func (w *redaction) shows(version int64) bool {
	if w.done.Edition != nil && w.done.Edition.Version == version {
		return true
	}
	return slices.ContainsFunc(w.editions, func(e dateline.Edition) bool {
		return e.Version == version && w.bodies[e.Number] != nil && !slices.Contains(w.done.Editions, e.Number)
	})
}

// clearDraft puts what readers have, or nothing, in place of a draft that holds the words.
func (w *redaction) clearDraft() error {
	if err := w.cancelSchedule(w.a, dateline.Say("words were removed from the article")); err != nil {
		return err
	}
	current, err := w.FindVersion(w.a.ID, w.a.Saved)
	if err != nil || !w.goes(current) {
		return err
	}
	left := dateline.Content{Section: w.a.Content.Section, Language: w.a.Content.Language}
	for _, e := range w.editions {
		if w.shows(e.Version) && e.Number == w.a.Edition {
			v, err := w.FindVersion(w.a.ID, e.Version)
			if err != nil {
				return err
			}
			left = v.Content
		}
	}
	doc, err := document(left.Body)
	if err != nil {
		return err
	}
	w.a.Content, w.a.Draft = left, dateline.DraftNone
	w.a.Saved++
	w.a.SavedAt, w.a.SavedBy, w.a.Words = w.now, w.actor.Name, markup.Words(doc)
	w.emptied = w.a.Saved
	return w.keepContent(w.a, doc)
}

func (w *redaction) clearVersions() error {
	before := int64(0)
	for {
		list, err := w.ListVersions(w.a.ID, before, MaxList)
		if err != nil || len(list) == 0 {
			return err
		}
		for _, row := range list {
			before = row.Number
			v, err := w.FindVersion(w.a.ID, row.Number)
			if err != nil {
				return err
			}
			if v.Number == w.emptied || !w.goes(v) {
				continue
			}
			for _, id := range references(&v.Content, parsed(v.Content.Body)).pictures {
				w.pictures = addID(w.pictures, id)
			}
			if err := w.EmptyVersion(w.a.ID, v.Number); err != nil {
				return err
			}
			w.done.Versions++
		}
	}
}

// clearAddresses keeps addresses that hold the words as hashes.
func (w *redaction) clearAddresses() error {
	gone := w.buried()
	for _, address := range gone {
		if err := w.HideAddress(address); err != nil {
			return err
		}
	}
	w.a.Former = slices.DeleteFunc(w.a.Former, func(s string) bool { return slices.Contains(gone, s) })
	if slices.Contains(gone, w.a.Address) {
		w.a.Address = HiddenAddress(w.a.Address)
	}
	return w.HideImport(w.a.ID, w.holds)
}

func (w *redaction) clearLocks() error {
	for _, l := range []*dateline.Lock{w.a.Embargo, w.a.Hold} {
		if l != nil && w.holds.In(l.Reason) {
			l.Reason = ""
		}
	}
	if w.a.Withdrawal != nil && w.holds.In(w.a.Withdrawal.Notice) {
		w.a.Withdrawal.Notice = ""
	}
	for _, e := range w.going {
		if w.done.Edition != nil && w.done.Edition.Number == e.Number {
			continue
		}
		e.Note = ""
		if err := w.ReplaceEdition(e); err != nil {
			return err
		}
	}
	return nil
}

// clearPictures drops the pictures that nothing names any more. Their bytes go once the act is committed.
func (w *redaction) clearPictures() error {
	var gone []string
	for _, id := range w.pictures {
		used, err := w.ListNaming(id)
		if err != nil {
			return err
		}
		p, err := w.Pictures().Find(id)
		if len(used) > 0 || absent(err) {
			continue
		}
		if err != nil {
			return err
		}
		if err := w.RemovePicture(id); err != nil {
			return err
		}
		gone = append(gone, p.Hash)
	}
	w.done.Pictures = len(gone)
	return w.owe(gone)
}

func (w *redaction) clearLines() (err error) {
	if err := w.RemoveAnswers(w.a.ID, NewWords(w.asked.Words...)); err != nil {
		return err
	}
	if err := w.RemoveRemarks(w.a.ID, NewWords(w.asked.Words...)); err != nil {
		return err
	}
	w.done.Lines, err = w.EmptyAudit(w.holds)
	return err
}

// finish keeps the article.
func (w *redaction) finish() error {
	if err := w.keep(w.a); err != nil {
		return err
	}
	if err := w.index(w.a); err != nil {
		return err
	}
	w.done.Article = w.a
	return w.note(dateline.ActRedact, w.a, w.done.Sequence, "%d entries lost their text%s", len(w.done.Entries), because(w.asked.Reason))
}

// owed is the name of the setting that keeps what a removal still owes to the disk, so that one that was cut short is
// finished at the next start.
const owed = "removal"

// owe notes pictures to delete, besides those that are owed already, and files to clean once the act is committed.
func (t *turn) owe(pictures []string) error {
	before, err := t.FindSetting(owed)
	if err != nil && !absent(err) {
		return err
	}
	if before != "" {
		var list []string
		if err := json.Unmarshal([]byte(before), &list); err != nil {
			return internal("what is to be deleted cannot be read", err)
		}
		pictures = append(list, pictures...)
	}
	b, err := json.Marshal(pictures)
	if err != nil {
		return internal("what is to be deleted could not be kept", err)
	}
	return t.SaveSetting(owed, string(b))
}

// cleanUp deletes what a removal left to be deleted: pictures, and what the database's files still hold of removed words.
func (d *Desk) cleanUp(ctx context.Context) error {
	kept, err := d.FindSetting(ctx, owed)
	if absent(err) || err == nil && kept == "" {
		return nil
	}
	if err != nil {
		return err
	}
	var pictures []string
	if err := json.Unmarshal([]byte(kept), &pictures); err != nil {
		return internal("what is to be deleted cannot be read", err)
	}
	for _, hash := range pictures {
		if err := d.deleteBlob(ctx, hash); err != nil {
			return err
		}
	}
	if err := d.store.Update(ctx, func(tx Tx) error { return tx.SaveSetting(owed, "") }); err != nil {
		return err
	}
	if c, ok := d.store.(Cleaner); ok {
		return c.Clean()
	}
	return nil
}

func (d *Desk) deleteBlob(ctx context.Context, hash string) error {
	h, err := blob.Parse(hash)
	if err != nil || d.blobs == nil {
		return err
	}
	return d.blobs.Delete(ctx, h)
}
