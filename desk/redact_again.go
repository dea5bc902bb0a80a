package desk

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// removed tells entries that lost their bodies by number and commitment.
func (t *turn) removed(sequences []int64) (list []RemovedEntry, err error) {
	for _, seq := range sequences {
		e, err := t.FindEntry(seq)
		if err != nil {
			return nil, err
		}
		list = append(list, RemovedEntry{seq, hex.EncodeToString(e.Commitment[:])})
	}
	return list, nil
}

// remember keeps a redaction in the file of tombstones, so that an older database does not bring the words back.
func (t *turn) remember(seq int64, subject dateline.ID, r *record.Redaction) error {
	list, err := t.removed(r.Entries)
	t.tombs = append(t.tombs, Tombstone{Sequence: seq, Kind: record.KindRedaction, Article: subject, Entries: list, Addresses: r.Hashes})
	return err
}

// removeAgain takes away bodies that an older database still has and that the tombstones know to have been removed. Articles
// whose live edition is among them are withdrawn for law.
func (d *Desk) removeAgain(ctx context.Context, s Tombstone) error {
	again := map[dateline.ID][]int64{}
	err := d.store.View(ctx, func(tx Tx) error {
		for _, r := range s.Entries {
			e, err := tx.FindEntry(r.Sequence)
			if absent(err) {
				continue
			}
			if err != nil {
				return err
			}
			if e.HasBody() && hex.EncodeToString(e.Commitment[:]) == r.Commitment {
				again[e.Subject] = append(again[e.Subject], e.Sequence)
			}
		}
		return nil
	})
	for subject, sequences := range again {
		if err == nil {
			err = d.removeOf(ctx, subject, sequences, s.Addresses)
		}
	}
	if err != nil {
		return fmt.Errorf("entries of %s lost their words, this database still has them, and they could not be removed again: %w", s.Article, err)
	}
	return nil
}

// removeOf removes entries of one subject again.
func (d *Desk) removeOf(ctx context.Context, subject dateline.ID, sequences []int64, hashes []string) error {
	return d.update(ctx, dateline.Actor{Name: "tombstones", Role: dateline.RoleChief}, func(t *turn) error {
		sequences, err := t.removePassages(subject, sequences, hashes)
		if err != nil || len(sequences) == 0 {
			return err
		}
		a, err := t.FindArticle(subject)
		if err != nil {
			return err
		}
		w := &redaction{turn: t, a: a, known: hashes}
		if err := w.load(); err != nil {
			return err
		}
		gone := map[int64]bool{}
		for _, seq := range sequences {
			gone[seq] = true
		}
		for _, e := range w.editions {
			if gone[e.Sequence] {
				w.going = append(w.going, e)
				delete(gone, e.Sequence)
			}
		}
		for _, seq := range sequences {
			if gone[seq] {
				w.addition = append(w.addition, seq)
			}
		}
		for _, step := range []func() error{w.widen, w.takeDown, w.append, w.clear, w.finish} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
}

// removePassages removes again what a coverage's entries, a story, a front, a name or the paper said, with what the desk kept of it. Where
// readers have it, nothing of it is left but its place, or what it said before: the words themselves are not known. It gives back the entries of articles.
func (t *turn) removePassages(subject dateline.ID, sequences []int64, hashes []string) (rest []int64, err error) {
	var list []*Passage
	for _, seq := range sequences {
		p, err := t.passageOf(Holder{Kind: PassageEntry, ID: strconv.FormatInt(seq, 10)})
		if err != nil {
			return nil, err
		}
		if p == nil || p.Kind == PassageArticle {
			rest = append(rest, seq)
		} else if i := slices.IndexFunc(list, func(f *Passage) bool { return f.Key == p.Key }); i >= 0 {
			list[i].Entries = append(list[i].Entries, seq)
		} else {
			list = append(list, p)
		}
	}
	if len(list) > 0 {
		err = t.owe(nil)
	}
	for _, p := range list {
		if err != nil {
			return nil, err
		}
		w := &taking{turn: t, passage: p, goes: func(s string) bool { return s != "" }, again: true, hashes: hashes}
		err = w.run(new(Redacted))
	}
	return rest, err
}

// stands says whether what is to be removed again is what the desk has: the newest entry of the passage is among it.
func (w *taking) stands() (bool, error) {
	if !w.again {
		return true, nil
	}
	newest := int64(0)
	switch p := w.passage; p.Kind {
	case record.KindLiveEntry:
		e, err := w.FindLiveEntry(p.ID, p.Number)
		if err != nil {
			return false, err
		}
		newest = e.Sequence
	case record.KindLiveState:
		acts, err := w.ListLiveActs(p.ID)
		if err != nil {
			return false, err
		}
		for _, seq := range acts {
			e, err := w.FindEntry(seq)
			if err != nil {
				return false, err
			}
			if e.Kind == record.KindLiveState {
				newest = seq
			}
		}
	case record.KindStory:
		s, err := w.Stories().Find(p.ID)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(append([]string{s.Slug, s.Shown}, s.Former...), w.goesSlug) {
			return true, nil
		}
		if n := len(s.Tellings); n > 0 {
			newest = s.Tellings[n-1].Sequence
		}
	case record.KindFront:
		f, err := findFront(w.turn, p.ID)
		if err != nil {
			return false, err
		}
		if f.Live > 0 {
			v, err := w.FindFrontVersion(f.ID, f.Live)
			if err != nil {
				return false, err
			}
			newest = v.Sequence
		}
	default:
		entries, err := w.entriesOf()
		if err != nil || len(entries) == 0 {
			return false, err
		}
		newest = entries[len(entries)-1].Sequence
	}
	return slices.Contains(w.passage.Entries, newest), nil
}

// entriesOf reads from the whole record the entries that say something of a thing: few are asked for, and only after a restore.
func (w *taking) entriesOf() (list []record.Entry, err error) {
	for after := int64(0); ; {
		entries, err := w.ListEntries(after, MaxEntries)
		if err != nil || len(entries) == 0 {
			return list, err
		}
		for _, e := range entries {
			if after = e.Sequence; e.Subject == w.passage.ID && e.Kind == w.passage.Kind && e.HasBody() {
				list = append(list, e)
			}
		}
	}
}

// before is what the record says of a thing in the newest entry that keeps its words; its zero value where there is none. What stands
// there cannot be what is to go.
func before[T any](w *taking) (b T, err error) {
	entries, err := w.entriesOf()
	if err != nil {
		return b, err
	}
	for _, e := range slices.Backward(entries) {
		if slices.Contains(w.passage.Entries, e.Sequence) {
			continue
		}
		body, err := e.Decode()
		if err != nil {
			return b, internal("an entry cannot be read", err)
		}
		return *body.(*T), nil
	}
	return b, nil
}

// thingAgain has a section, a picture or the paper say what it said before, or nothing where that is not known, and tells readers so.
func (w *taking) thingAgain() error {
	switch w.passage.Kind {
	case record.KindSection:
		return w.sectionAgain()
	case record.KindPicture:
		return w.pictureAgain()
	}
	return w.publicationAgain()
}

// named is what something is called whose name is not known any more: the words of its address.
func (w *taking) named(names dateline.Names, slug string) (dateline.Names, error) {
	if len(names) > 0 {
		return names, nil
	}
	p, err := w.publication()
	if err != nil {
		return nil, err
	}
	return dateline.Names{p.Language: strings.ReplaceAll(slug, "-", " ")}, nil
}

func (w *taking) tellAgain(body any) (err error) {
	w.told, err = w.append(w.passage.ID, body)
	return err
}

func (w *taking) sectionAgain() error {
	v, err := w.Sections().Find(w.passage.ID)
	if err != nil {
		return err
	}
	was, err := before[record.Section](w)
	if err != nil {
		return err
	}
	if v.Names, err = w.named(was.Names, v.Slug); err != nil {
		return err
	}
	v.Description, v.Version = was.Description, v.Version+1
	if err := w.Sections().Update(v, v.Version-1); err != nil {
		return err
	}
	return w.tellAgain(sectionBody(v))
}

func (w *taking) topicAgain(v *dateline.Topic) error {
	was, err := before[record.Topic](w)
	if err != nil {
		return err
	}
	if v.Names, err = w.named(was.Names, v.Slug); err != nil {
		return err
	}
	v.Description, v.Version = was.Description, v.Version+1
	if err := w.Topics().Update(v, v.Version-1); err != nil {
		return err
	}
	if err := w.indexNaming(v.ID); err != nil {
		return err
	}
	return w.tellAgain(topicBody(v))
}

func (w *taking) personAgain(v *dateline.Person) error {
	was, err := before[record.Person](w)
	if err != nil {
		return err
	}
	if v.Names, err = w.named(was.Names, v.Slug); err != nil {
		return err
	}
	v.Role, v.Version = was.Role, v.Version+1
	if err := w.Persons().Update(v, v.Version-1); err != nil {
		return err
	}
	if err := w.indexNaming(v.ID); err != nil {
		return err
	}
	return w.tellAgain(personBody(v))
}

// pictureAgain leaves a picture the words that its file came with, which could not have gone without the picture.
func (w *taking) pictureAgain() error {
	v, err := w.Pictures().Find(w.passage.ID)
	if err != nil {
		return err
	}
	was, err := before[record.Picture](w)
	if err != nil {
		return err
	}
	said := NewWords(v.Name, v.Alt, v.Caption, v.Credit, v.Creator, v.Copyright, v.Rights)
	v.Name, v.Alt, v.Rights, v.Version = "", "", was.Rights, v.Version+1
	v.Caption, v.Credit, v.Creator, v.Copyright, v.Taken = v.File.Caption, v.File.Credit, v.File.Creator, v.File.Copyright, v.File.Taken
	if err := w.Pictures().Update(v, v.Version-1); err != nil {
		return err
	}
	if err := w.keepState(v); err != nil {
		return err
	}
	if _, err := w.EmptyAudit(said); err != nil { // and the states that it had
		return err
	}
	return w.tellAgain(pictureBody(v))
}

func (w *taking) publicationAgain() error {
	v, err := w.FindPublication()
	if err != nil {
		return err
	}
	was, err := before[record.Publication](w)
	if err != nil {
		return err
	}
	if v.Name = was.Name; v.Name == "" {
		v.Name = strings.TrimPrefix(strings.TrimPrefix(v.Site, "https://"), "http://")
	}
	v.Motto, v.City, v.Email, v.Version = was.Motto, was.City, was.Email, v.Version+1
	if err := w.SavePublication(v); err != nil {
		return err
	}
	return w.tellAgain(publicationBody(v))
}
