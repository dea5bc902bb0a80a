package desk

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Passage is something other than an article's editions that says words and can lose them: an entry or the summary of a live
// coverage, a running story, a front, a topic and so on.
type Passage struct {
	Key     string            `json:"key"` // by which a redaction names it, such as live_entry/0190…/7 or front/0190…
	Kind    record.Kind       `json:"kind"`
	ID      dateline.ID       `json:"id"` // of the coverage, where it is an entry or a summary
	Number  int               `json:"number,omitempty"`
	Name    string            `json:"name,omitempty"`    // what the newsroom knows it by
	Entries []int64           `json:"entries,omitempty"` // of the record that hold the words
	First   string            `json:"first,omitempty"`   // what has to be done before it can lose them; empty where nothing has
	first   dateline.Sentence // the same, for other languages
}

// ask notes what has to be done first.
func (p *Passage) ask(first dateline.Sentence) { p.First, p.first = first.String(), first }

// Besides the record's kinds, a passage or a Holder can be of these: an article, whose editions, redirects, withdrawals and saved
// texts go together, or an entry of the record, which says itself what it is.
const (
	PassageArticle record.Kind = "article"
	PassageEntry   record.Kind = "entry"
)

func passageKey(kind record.Kind, id dateline.ID, number int) string {
	key := string(kind) + "/" + string(id)
	if kind == record.KindLiveEntry {
		key += "/" + strconv.Itoa(number)
	}
	return key
}

// parsePassage reads a passage's key.
func parsePassage(key string) (*Passage, error) {
	kind, rest, _ := strings.Cut(key, "/")
	id, number, numbered := strings.Cut(rest, "/")
	p := &Passage{Key: key, Kind: record.Kind(kind), ID: dateline.ID(id)}
	if numbered {
		p.Number, _ = strconv.Atoi(number)
	}
	if passageKey(p.Kind, p.ID, p.Number) != key || !slices.Contains(passageKinds, p.Kind) {
		return nil, dateline.Errorf(dateline.EInvalid, "%.80q names no passage; take the names from the plan, such as live_entry/ID/7, live_state/ID, story/ID or front/ID", key)
	}
	return p, nil
}

var passageKinds = []record.Kind{PassageArticle, record.KindLiveEntry, record.KindLiveState, record.KindStory, record.KindFront, record.KindTopic, record.KindPerson, record.KindSection,
	record.KindPicture, record.KindPublication}

// passages finds everything that says words, in the record or at the desk, each once. What belongs to nothing, such as a line of
// the audit, is in none.
func (t *turn) passages(holds Words) (list []*Passage, err error) {
	holders, err := t.Holding(holds)
	if err != nil {
		return nil, err
	}
	return t.passagesOf(holders, holds)
}

// passagesOf are the passages to which what holds words belongs.
func (t *turn) passagesOf(holders []Holder, holds Words) (list []*Passage, err error) {
	met := map[string]*Passage{}
	for _, h := range holders {
		p, err := t.passageOf(h)
		if err != nil {
			return nil, err
		}
		if p == nil {
			continue
		}
		if met[p.Key] == nil {
			met[p.Key] = p
			list = append(list, p)
		} else {
			met[p.Key].Entries = append(met[p.Key].Entries, p.Entries...)
		}
	}
	for _, p := range list {
		slices.Sort(p.Entries)
		if err := t.describe(p, holds); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// passageOf is the passage to which something that holds words belongs; nil for none.
func (t *turn) passageOf(h Holder) (*Passage, error) {
	if h.Kind == "" {
		return nil, nil
	}
	id, number, _ := strings.Cut(h.ID, "/")
	p := &Passage{Kind: h.Kind, ID: dateline.ID(id)}
	switch h.Kind {
	case record.KindPublication:
		pub, err := t.publication()
		if err != nil {
			return nil, err
		}
		p.ID = pub.ID
	case record.KindLiveEntry:
		p.Number, _ = strconv.Atoi(number)
	case PassageEntry:
		seq, err := strconv.ParseInt(h.ID, 10, 64)
		if err != nil {
			return nil, internal("an entry's number cannot be read", err)
		}
		e, err := t.FindEntry(seq)
		if err != nil {
			return nil, err
		}
		p.Kind, p.ID, p.Entries = e.Kind, e.Subject, []int64{seq}
		switch e.Kind {
		case record.KindEdition, record.KindRedirect, record.KindWithdrawal:
			p.Kind = PassageArticle
		case record.KindLiveEntry:
			var b struct{ Number int }
			if err := json.Unmarshal(e.Body, &b); err != nil {
				return nil, internal("an entry cannot be read", err)
			}
			p.Number = b.Number
		case record.KindRedaction, record.KindKey, record.KindOrigin, record.KindRestoration:
			return nil, nil
		}
	}
	p.Key = passageKey(p.Kind, p.ID, p.Number)
	return p, nil
}

// describe says what a passage is called, and what has to be done before it can lose the words.
func (t *turn) describe(p *Passage, holds Words) (err error) {
	switch p.Kind {
	case PassageArticle:
		a, err := t.FindArticle(p.ID)
		if err != nil {
			return err
		}
		if p.Name = a.Content.Headline; a.Readers != dateline.Unpublished {
			p.ask(dateline.Say("redact the article by itself: its editions may go with or without a replacement"))
		}
	case record.KindLiveEntry:
		e, err := t.FindLiveEntry(p.ID, p.Number)
		if err != nil {
			return err
		}
		p.Name = e.Headline
	case record.KindLiveState:
		a, err := t.FindArticle(p.ID)
		if err != nil {
			return err
		}
		p.Name = a.Content.Headline
	case record.KindStory:
		s, err := t.Stories().Find(p.ID)
		if err != nil {
			return err
		}
		if p.Name = s.Content.Name; s.Readers == dateline.Published {
			p.ask(t.storyFirst(s, holds))
		}
	case record.KindFront:
		err = t.nameFront(p)
	default:
		err = t.describeThing(p, holds)
	}
	return err
}

// storyFirst says what has to be done before a story that readers have can lose words.
func (t *turn) storyFirst(s *dateline.Story, holds Words) dateline.Sentence {
	switch {
	case holds.In(s.Live.Name) || holds.In(s.Shown):
		return dateline.Say("the story's name or address holds the words: give it others and publish it")
	case holds.In(s.Content.Name) || holds.In(s.Slug):
		return dateline.Say("the name or address that was saved for the story holds the words: save others")
	case !holds.InKept(s.Live):
		return dateline.Sentence{} // it is not told anew
	}
	if err := locked("story", s.Embargo, s.Hold, t.now); err != nil {
		return dateline.Say("it would be told anew: %s", err)
	}
	w := &taking{turn: t, holds: holds, goes: holds.In}
	if left := w.withoutStory(*s.Live); left.Complete() != nil {
		return dateline.Say("nothing that says where the story stands would be left: give it another status and publish it")
	}
	return dateline.Sentence{}
}

func (t *turn) nameFront(p *Passage) error {
	s, err := t.Sections().Find(p.ID)
	if absent(err) {
		p.Name = "/"
		return nil
	}
	if err == nil {
		p.Name = "/" + s.Slug + "/"
	}
	return err
}

// describeThing asks of what is only changed and never taken down whether it says the words now.
func (t *turn) describeThing(p *Passage, holds Words) error {
	var now any
	var err error
	first := dateline.Say("it says the words now: change it")
	switch p.Kind {
	case record.KindTopic:
		v, e := t.Topics().Find(p.ID)
		if now, err = v, e; err == nil {
			if p.Name = v.Slug; holds.In(v.Slug) {
				return nil // it goes as a whole
			}
		}
	case record.KindPerson:
		v, e := t.Persons().Find(p.ID)
		if now, err = v, e; err == nil {
			p.Name, first = v.Slug, dateline.Say("it says the words now: change it, or erase the person")
		}
	case record.KindSection:
		v, e := t.Sections().Find(p.ID)
		if now, err = v, e; err == nil {
			p.Name = v.Slug
		}
	case record.KindPicture:
		v, e := t.Pictures().Find(p.ID)
		if now, err = v, e; err == nil {
			p.Name = v.Name
		}
	case record.KindPublication:
		v, e := t.FindPublication()
		if now, err = v, e; err == nil {
			p.Name = v.Name
		}
	}
	if absent(err) {
		return nil // only the record knows it
	}
	if err == nil && holds.InKept(now) {
		p.ask(first)
	}
	return err
}
