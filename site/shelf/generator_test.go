package shelf

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
)

// newsroom makes a record of random acts that a desk could have done, and remembers what it did.
type newsroom struct {
	t        testing.TB
	rand     *rand.Rand
	random   *rand.ChaCha8
	now      time.Time
	entries  []record.Entry // as they were made
	stripped map[int64]bool // bodies that nobody is given now
	language string
	sections []dateline.ID
	topics   []dateline.ID
	stories  []dateline.ID
	told     map[dateline.ID]*record.Story // what each story says now
	tellings map[dateline.ID][]int64       // its entries that still say something
	wrong    map[dateline.ID]bool          // that one of its entries was a correction
	merged   map[dateline.ID]bool          // that it became part of another
	out      []record.StoryStatus          // statuses that were taken out of any story
	persons  []dateline.ID
	pictures []dateline.ID
	articles []*work
	vocab    int
	length   int
}

// work is an article as the desk knows it.
type work struct {
	id        dateline.ID
	kind      dateline.Kind
	editions  []*record.Edition
	seqs      []int64
	redacted  map[int64]bool
	address   string
	old       []string
	moves     []int64
	withdrawn int64 // the withdrawal's entry; 0 while readers have it
	legal     bool
	said      []*record.LiveEntry // of a live coverage: what each of its entries says now
	told      []int64             // the acts on it
}

func newNewsroom(t testing.TB, seed uint64) *newsroom {
	n := &newsroom{t: t, rand: rand.New(rand.NewPCG(seed, 1)), random: rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)}),
		now: time.Date(2026, 6, 30, 5, 0, 0, 0, time.UTC), stripped: map[int64]bool{}, vocab: 300, length: 60, language: "en"}
	n.publication("Asia/Kolkata")
	for i := range 4 {
		n.sections = append(n.sections, n.make(&record.Section{Slug: fmt.Sprintf("section-%d", i), Names: dateline.Names{"en": fmt.Sprintf("Section %d", i)}}))
	}
	n.publication("Asia/Kolkata")
	for i := range 8 {
		n.topics = append(n.topics, n.make(&record.Topic{Slug: fmt.Sprintf("topic-%d", i), Kind: dateline.TopicSubject, Names: dateline.Names{"en": fmt.Sprintf("Topic %d", i)}}))
	}
	for i := range 5 {
		n.persons = append(n.persons, n.make(&record.Person{Slug: fmt.Sprintf("person-%d", i), Names: dateline.Names{"en": fmt.Sprintf("Person %d", i)}}))
	}
	n.told, n.tellings = map[dateline.ID]*record.Story{}, map[dateline.ID][]int64{}
	n.wrong, n.merged = map[dateline.ID]bool{}, map[dateline.ID]bool{}
	for i := range 4 {
		n.stories = append(n.stories, n.id())
		n.told[n.stories[i]] = &record.Story{Slug: fmt.Sprintf("story-%d", i), Name: fmt.Sprintf("Story %d", i), Language: "en"}
		n.tell(n.stories[i])
	}
	n.topics = append(n.topics, n.make(&record.Topic{Slug: "about-person", Kind: dateline.TopicPerson, Person: n.persons[0], Names: dateline.Names{"en": "Person 0"}}))
	return n
}

func (n *newsroom) id() dateline.ID {
	id, err := dateline.NewID(n.now, n.random)
	if err != nil {
		n.t.Fatal(err)
	}
	return id
}

// add appends an entry and gives its sequence number.
func (n *newsroom) add(subject dateline.ID, body any) int64 {
	kind, schema, err := record.KindOf(body)
	if err != nil {
		n.t.Fatal(err)
	}
	data, err := record.Encode(body)
	if err != nil {
		n.t.Fatal(err)
	}
	n.now = n.now.Add(time.Duration(1+n.rand.IntN(90)) * time.Second)
	seq := int64(len(n.entries) + 1)
	e, err := record.NewEntry(record.Header{Sequence: seq, At: n.now, Kind: kind, Schema: schema, Subject: subject, Role: dateline.RoleEditor}, data, n.random)
	if err != nil {
		n.t.Fatal(err)
	}
	n.entries = append(n.entries, e)
	return seq
}

func (n *newsroom) make(body any) dateline.ID {
	id := n.id()
	n.add(id, body)
	return id
}

const paper = dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c07398f")

func (n *newsroom) publication(zone string) {
	var footer []dateline.ID
	for _, a := range n.articles {
		if a.kind == dateline.KindPage && a.withdrawn == 0 {
			footer = append(footer, a.id)
		}
	}
	n.add(paper, &record.Publication{Name: "The Estuary", Site: "https://estuary.example", Zone: zone, Language: n.language,
		Navigation: slices.Clone(n.sections), Footer: footer})
}

func pick[T any](n *newsroom, list []T) T { return list[n.rand.IntN(len(list))] }

func (n *newsroom) some(list []dateline.ID, most int) (out []dateline.ID) {
	for range n.rand.IntN(most + 1) {
		if id := pick(n, list); !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

// words are drawn so that some are in nearly every article and most in few.
func (n *newsroom) words(count int) string {
	var b strings.Builder
	for i := range count {
		if i > 0 {
			b.WriteByte(' ')
		}
		r := n.rand.Float64()
		fmt.Fprintf(&b, "w%d", int(float64(n.vocab)*r*r*r))
	}
	return b.String()
}

func (n *newsroom) document() json.RawMessage {
	doc := markup.Node{Type: markup.TypeDoc}
	for range 1 + n.rand.IntN(3) {
		doc.Content = append(doc.Content, markup.Node{Type: markup.TypeParagraph,
			Content: []markup.Node{{Type: markup.TypeText, Text: n.words(1 + n.length/2 + n.rand.IntN(n.length))}}})
	}
	b, err := doc.JSON()
	if err != nil {
		n.t.Fatal(err)
	}
	return b
}

func (n *newsroom) picture() dateline.ID {
	if len(n.pictures) > 3 && n.rand.IntN(3) > 0 {
		return pick(n, n.pictures)
	}
	hash := fmt.Sprintf("%064x", 1+n.rand.IntN(6)+len(n.pictures)/2*10)
	id := n.make(&record.Picture{Hash: hash, Format: "jpeg", Width: 1600, Height: 900})
	n.pictures = append(n.pictures, id)
	return id
}

// fill gives an edition words, topics and the rest.
func (n *newsroom) fill(e *record.Edition) {
	e.Headline, e.Standfirst, e.Language = n.words(5), n.words(8), pick(n, []string{"en", "en", "hi", "ar", "de"})
	e.Body = n.document()
	if e.Kind == dateline.KindPage {
		return
	}
	e.Section = pick(n, n.sections)
	e.Topics, e.Stories = n.some(n.topics, 3), n.some(n.stories, 2)
	e.Byline = nil
	for _, id := range n.some(n.persons, 2) {
		e.Byline = append(e.Byline, dateline.Credit{Person: id})
	}
	e.Speakers, e.Lead, e.Pictures = n.some(n.persons, 1), nil, nil
	if n.rand.IntN(2) == 0 {
		id := n.picture()
		e.Lead = &dateline.Lead{Picture: id, Alt: "Boats"}
		e.Pictures = []dateline.ID{id}
	}
	e.Place = "Neerapatnam"
	var earlier []dateline.ID
	for _, a := range n.articles {
		earlier = append(earlier, a.id)
	}
	if e.Translations = nil; len(earlier) > 0 {
		e.Translations = n.some(earlier, 1)
	}
}

// publish makes edition 1: now, or imported with an instant of the past in any order.
func (n *newsroom) publish(kind dateline.Kind, imported bool) *work {
	a := &work{id: n.id(), kind: kind, redacted: map[int64]bool{}}
	e := &record.Edition{Number: 1, Change: dateline.ChangeFirst, Kind: kind}
	n.fill(e)
	first := n.now.Add(91 * time.Second)
	if imported {
		e.Change = dateline.ChangeImported
		// Whole seconds, and often the same ones, as exports have them.
		first = time.Date(2019+n.rand.IntN(3), time.Month(1+n.rand.IntN(12)), 1+n.rand.IntN(28), 18, 15*n.rand.IntN(4), 0, 0, time.UTC)
		if n.rand.IntN(2) == 0 {
			e.Updated = record.FormatInstant(first.Add(time.Hour))
		}
	}
	e.First, e.Public = record.FormatInstant(first), record.FormatInstant(first)
	a.address = fmt.Sprintf("/s/%s/a-%d", first.Format("2006/01/02"), len(n.articles))
	if kind == dateline.KindPage {
		a.address = fmt.Sprintf("/page-%d", len(n.articles))
	}
	e.Address = a.address
	a.editions, a.seqs = append(a.editions, e), append(a.seqs, n.add(a.id, e))
	n.articles = append(n.articles, a)
	if imported {
		old := fmt.Sprintf("/?p=%d", len(n.articles))
		n.add(a.id, &record.Redirect{From: old})
		a.old = append(a.old, old)
	}
	return a
}

func (n *newsroom) edit(a *work) {
	last := a.editions[len(a.editions)-1]
	e := *last
	e.Number++
	e.Change = pick(n, []dateline.Change{dateline.ChangeMinor, dateline.ChangeUpdate, dateline.ChangeCorrection, dateline.ChangeClarification})
	e.Note = ""
	if e.Change.NeedsNote() {
		e.Note = "It was " + n.words(3)
	}
	n.fill(&e)
	public := n.now.Add(91 * time.Second)
	e.Public, e.Address = record.FormatInstant(public), a.address
	if e.Change != dateline.ChangeMinor {
		e.Updated = e.Public
	}
	a.editions, a.seqs = append(a.editions, &e), append(a.seqs, n.add(a.id, &e))
}

func (n *newsroom) move(a *work) {
	to := fmt.Sprintf("%s-m%d", a.address, len(a.old))
	a.moves = append(a.moves, n.add(a.id, &record.Redirect{From: a.address, To: to}))
	a.old, a.address = append(a.old, a.address), to
}

func (n *newsroom) withdraw(a *work, into dateline.ID) {
	w := &record.Withdrawal{Kind: dateline.WithdrawnKilled, Public: record.FormatInstant(n.now), First: a.editions[0].First, Language: "en",
		Addresses: append([]string{a.address}, a.old...), Section: a.editions[len(a.editions)-1].Section, Notice: "It is no longer available."}
	last := a.editions[len(a.editions)-1]
	w.Topics, w.Stories = last.Topics, last.Stories
	if n.rand.IntN(3) == 0 {
		w.Kind, w.Notice = dateline.WithdrawnLegal, ""
		for _, x := range w.Addresses {
			w.Hashes = append(w.Hashes, record.AddressHash(x))
		}
		w.Addresses = nil
	}
	if into != "" {
		w.Kind, w.Into = dateline.WithdrawnMerged, into
	}
	for i, e := range a.editions {
		w.Editions = append(w.Editions, record.EditionMark{Number: e.Number, Change: e.Change, Public: e.Public, Sequence: a.seqs[i]})
	}
	a.withdrawn = n.add(a.id, w)
	a.legal = w.Kind == dateline.WithdrawnLegal
	n.strip(a, true)
}

// strip notes which bodies are given to nobody while an article is withdrawn.
func (n *newsroom) strip(a *work, withdrawn bool) {
	for _, seq := range a.seqs {
		n.stripped[seq] = withdrawn || a.redacted[seq]
	}
	for _, seq := range a.told {
		n.stripped[seq] = withdrawn || a.redacted[seq]
	}
	for _, seq := range a.moves {
		n.stripped[seq] = withdrawn && a.legal || a.redacted[seq]
	}
}

func (n *newsroom) restore(a *work) {
	n.strip(a, false)
	back := slices.Concat(a.seqs, a.told)
	if a.legal {
		back = append(back, a.moves...)
	}
	n.add(a.id, &record.Restoration{Withdrawal: a.withdrawn, Editions: back, Public: record.FormatInstant(n.now)})
	a.withdrawn, a.legal = 0, false
}

// redact takes the words out of an edition; the live one gets a replacement.
func (n *newsroom) redact(a *work) {
	if len(a.told) > 0 && n.rand.IntN(2) == 0 {
		seq := pick(n, a.told)
		if !a.redacted[seq] {
			a.redacted[seq], n.stripped[seq] = true, true
			r := &record.Redaction{Entries: []int64{seq}}
			if n.rand.IntN(4) > 0 {
				r.Live = []record.LiveMark{n.markOf(seq)}
			}
			n.add(a.id, r)
		}
		return
	}
	i := n.rand.IntN(len(a.seqs))
	seq := a.seqs[i]
	if a.redacted[seq] {
		return
	}
	a.redacted[seq], n.stripped[seq] = true, true
	r := &record.Redaction{Entries: []int64{seq}, Reason: "By order of a court"}
	if was := a.editions[i]; n.rand.IntN(4) > 0 {
		r.Editions = []record.EditionMark{{Number: was.Number, Change: was.Change, Public: was.Public, Sequence: seq}}
	}
	if len(a.moves) > 0 && n.rand.IntN(3) == 0 { // the address held the words too
		move := a.moves[n.rand.IntN(len(a.moves))]
		if !a.redacted[move] {
			a.redacted[move], n.stripped[move] = true, true
			r.Entries = append(r.Entries, move)
			r.Hashes = []string{record.AddressHash(pick(n, a.old))}
		}
	}
	if i == len(a.seqs)-1 || n.rand.IntN(2) == 0 {
		e := *a.editions[i]
		e.Headline, e.Body, e.Address = n.words(4), n.document(), a.address
		r.Replacement = n.add(a.id, &e)
		a.editions = slices.Insert(a.editions, i+1, &e)
		a.seqs = slices.Insert(a.seqs, i+1, r.Replacement)
	}
	n.add(a.id, r)
}

// markOf is what a redaction may still say of an act on a live coverage.
func (n *newsroom) markOf(seq int64) record.LiveMark {
	body, err := n.entries[seq-1].Decode()
	if err != nil {
		n.t.Fatal(err)
	}
	m := record.LiveMark{Sequence: seq}
	switch b := body.(type) {
	case *record.LiveEntry:
		m.Number = b.Number
	case *record.LiveState:
		m.State = b.State
	}
	return m
}

// report does one act on a live coverage: its state, or an entry that is posted, edited or deleted.
func (n *newsroom) report(a *work) {
	d := n.rand.IntN(10)
	if d < 2 {
		a.told = append(a.told, n.add(a.id, &record.LiveState{Language: "en", Summary: n.document(),
			State: pick(n, []dateline.LiveState{dateline.LiveOn, dateline.LiveOn, dateline.LivePaused, dateline.LiveEnded})}))
		return
	}
	e := &record.LiveEntry{Act: record.EntryMade, Number: len(a.said) + 1, Public: record.FormatInstant(n.now.Add(time.Duration(n.rand.IntN(3)-1) * time.Hour)),
		Headline: n.words(3), Body: n.document(), Language: "en", Pinned: n.rand.IntN(9) == 0, Key: n.rand.IntN(5) == 0}
	if len(a.said) > 0 && d < 6 {
		was := pick(n, a.said)
		e.Number, e.Act, e.Public = was.Number, record.EntryEdited, was.Public
		switch {
		case was.Act == record.EntryDeleted:
			return
		case d == 5:
			e = &record.LiveEntry{Act: record.EntryDeleted, Number: was.Number, Public: was.Public, Reason: "It was told twice.", Language: "en"}
		case d == 4: // only pinned
			e.Headline, e.Body, e.Key = was.Headline, was.Body, was.Key
		default:
			e.Correction, e.Corrected = n.words(4), record.FormatInstant(n.now)
		}
		a.said[was.Number-1] = e
	} else {
		if n.rand.IntN(4) == 0 {
			e.Pictures = []dateline.ID{n.picture()}
		}
		a.said = append(a.said, e)
	}
	a.told = append(a.told, n.add(a.id, e))
}

// tell goes on with a story: a status, what is awaited, and articles that join or leave by its word. At times it has another
// address, is taken down, or loses the words of any of its entries.
func (n *newsroom) tell(id dateline.ID) {
	b := *n.told[id]
	b.Number++
	b.Change, b.Note = pick(n, []dateline.Change{dateline.ChangeMinor, dateline.ChangeUpdate, dateline.ChangeCorrection}), n.words(2)
	b.Public = record.FormatInstant(n.now)
	b.Joined, b.Left = nil, nil
	for range min(len(n.articles), n.rand.IntN(5)) {
		switch a := pick(n, n.articles).id; {
		case slices.Contains(b.Joined, a) || slices.Contains(b.Left, a):
		case n.rand.IntN(2) == 0:
			b.Joined = append(b.Joined, a)
		default:
			b.Left = append(b.Left, a)
		}
	}
	b.Stories = nil
	for _, whole := range n.some(n.stories, 2) {
		if whole != id {
			b.Stories = append(b.Stories, whole)
		}
	}
	n.turn(&b)
	if len(b.Events) > 0 && n.rand.IntN(3) == 0 {
		b.Events = nil
	}
	b.Events = append(slices.Clone(b.Events), dateline.StoryEvent{ID: n.id(), When: dateline.When(fmt.Sprintf("2026-%02d", 1+n.rand.IntN(12))), Title: n.words(3)})
	if n.rand.IntN(4) == 0 {
		b.Former = append(slices.Clone(b.Former), b.Slug)
		b.Slug += "x"
	}
	n.wrong[id] = n.wrong[id] || b.Change.Wrong()
	n.told[id] = &b
	n.tellings[id] = append(n.tellings[id], n.add(id, &b))
	switch n.rand.IntN(8) {
	case 0, 1:
		n.redactTelling(id)
	case 2:
		n.takeStory(id)
	}
}

// turn gives a story another status, and at times takes one out, or brings back one that was.
func (n *newsroom) turn(b *record.Story) {
	b.Statuses, b.Gone = slices.Clone(b.Statuses), slices.Clone(b.Gone)
	if i := len(b.Gone) - 1; i >= 0 && n.rand.IntN(4) == 0 {
		id := b.Gone[i].ID
		b.Gone = b.Gone[:i]
		b.Statuses = append(b.Statuses, n.out[slices.IndexFunc(n.out, func(s record.StoryStatus) bool { return s.ID == id })])
	}
	b.Statuses = append(b.Statuses, record.StoryStatus{ID: n.id(), At: record.FormatInstant(n.now), State: dateline.StoryUnderWay, Words: n.words(2)})
	if len(b.Statuses) > 1 && n.rand.IntN(3) == 0 {
		i := n.rand.IntN(len(b.Statuses) - 1)
		n.out = append(n.out, b.Statuses[i])
		b.Gone = append(b.Gone, record.StoryGone{At: b.Public, ID: b.Statuses[i].ID})
		b.Statuses = slices.Delete(b.Statuses, i, i+1)
	}
}

// down is what the record says of a story that is taken down.
func (n *newsroom) down(id dateline.ID) *record.Story {
	b := n.told[id]
	b.Number++
	w := &record.Story{Number: b.Number, Public: record.FormatInstant(n.now), Slug: b.Slug, Former: b.Former, Language: "en", Gone: slices.Clone(b.Gone)}
	if n.wrong[id] {
		w.Gone = append(w.Gone, record.StoryGone{At: w.Public, ID: id})
	}
	return w
}

// takeStory takes a story down: what its entries said is given to nobody any more.
func (n *newsroom) takeStory(id dateline.ID) {
	for _, seq := range n.tellings[id] {
		n.stripped[seq] = true
	}
	w := n.down(id)
	w.Withdrawn, w.Note, w.Stories = true, "It was told wrongly.", n.told[id].Stories
	n.tellings[id] = []int64{n.add(id, w)}
}

// merge makes a story part of another, which has its statuses as dated lines from then on. What its entries said is given still.
func (n *newsroom) merge(id, into dateline.ID) {
	b := *n.told[into]
	b.Number++
	b.Change, b.Note, b.Public = dateline.ChangeUpdate, "", record.FormatInstant(n.now)
	b.Events = slices.Clone(b.Events)
	for _, s := range n.told[id].Statuses {
		b.Events = append(b.Events, dateline.StoryEvent{ID: s.ID, When: "2026-06-30", Title: s.Words})
	}
	for _, a := range n.told[id].Joined {
		if !slices.Contains(b.Left, a) && !slices.Contains(b.Joined, a) {
			b.Joined = append(slices.Clone(b.Joined), a)
		}
	}
	n.told[into] = &b
	n.tellings[into] = append(n.tellings[into], n.add(into, &b))
	w := n.down(id)
	w.Into = into
	n.tellings[id] = append(n.tellings[id], n.add(id, w))
	n.merged[id] = true
}

// goOn does something with a story: it is told, merged, or loses words after it was merged.
func (n *newsroom) goOn() {
	id, other := pick(n, n.stories), pick(n, n.stories)
	switch {
	case n.merged[id]:
		n.redactTelling(id)
	case other != id && !n.merged[other] && n.rand.IntN(6) == 0:
		n.merge(id, other)
	default:
		n.tell(id)
	}
}

// redactTelling takes the words out of any of a story's entries but the last that is left.
func (n *newsroom) redactTelling(id dateline.ID) {
	if len(n.tellings[id]) < 2 {
		return
	}
	at := n.rand.IntN(len(n.tellings[id]))
	seq := n.tellings[id][at]
	n.tellings[id] = slices.Delete(n.tellings[id], at, at+1)
	body, err := n.entries[seq-1].Decode()
	if err != nil {
		n.t.Fatal(err)
	}
	n.stripped[seq] = true
	r := &record.Redaction{Entries: []int64{seq}}
	if b := body.(*record.Story); n.rand.IntN(4) > 0 {
		r.Editions = []record.EditionMark{{Number: b.Number, Change: b.Change, Public: b.Public, Sequence: seq}}
	}
	n.add(id, r)
}

// front arranges home or a section.
func (n *newsroom) front() {
	f := &record.Front{Number: 1 + n.rand.IntN(9)}
	subject := pick(n, n.sections)
	if f.Home = n.rand.IntN(2) == 0; f.Home {
		subject = paper
	}
	box := dateline.Container{Layout: dateline.LayoutWide, Rule: &dateline.Rule{Kind: dateline.RuleLatest}, Items: make([]dateline.FrontItem, 3)}
	box.Items[0] = dateline.FrontItem{Article: pick(n, n.articles).id, Headline: n.words(3)}
	if n.rand.IntN(2) == 0 {
		box.Items[0].Picture = n.picture()
		f.Pictures = []dateline.ID{box.Items[0].Picture}
	}
	f.Containers = []dateline.Container{box, {Layout: dateline.LayoutThree, Rule: &dateline.Rule{Kind: dateline.RuleLive}, Items: make([]dateline.FrontItem, 2)},
		{Layout: dateline.LayoutList, Rule: &dateline.Rule{Kind: dateline.RuleTopic, Of: pick(n, n.topics)}, Items: make([]dateline.FrontItem, 2)}}
	seq := n.add(subject, f)
	if n.rand.IntN(5) == 0 {
		n.stripped[seq] = true
		n.add(subject, &record.Redaction{Entries: []int64{seq}})
	}
}

func (n *newsroom) rename() {
	switch n.rand.IntN(4) {
	case 0:
		n.add(pick(n, n.topics[:8]), &record.Topic{Slug: fmt.Sprintf("topic-r%d", n.rand.IntN(50)), Kind: dateline.TopicPlace, Names: dateline.Names{"en": n.words(2)}})
	case 1:
		n.add(pick(n, n.persons[:4]), &record.Person{Slug: fmt.Sprintf("person-r%d", n.rand.IntN(50)), Names: dateline.Names{"en": n.words(2)}})
	case 2:
		i := n.rand.IntN(len(n.sections))
		n.add(n.sections[i], &record.Section{Slug: fmt.Sprintf("section-%d-r%d", i, n.rand.IntN(5)), Names: dateline.Names{"en": n.words(1)}})
	case 3:
		n.publication(pick(n, []string{"Asia/Kolkata", "Asia/Kolkata", "America/New_York"}))
	}
}

// eraseOnce redacts every entry of the last person.
func (n *newsroom) erase() {
	var seqs []int64
	for _, e := range n.entries {
		if e.Subject == n.persons[4] && !n.stripped[e.Sequence] {
			seqs = append(seqs, e.Sequence)
			n.stripped[e.Sequence] = true
		}
	}
	if len(seqs) > 0 {
		n.add(n.persons[4], &record.Redaction{Entries: seqs})
	}
}

// act does one random act.
func (n *newsroom) act() {
	if len(n.articles) < 3 {
		n.publish(dateline.KindArticle, n.rand.IntN(2) == 0)
		return
	}
	a := pick(n, n.articles)
	switch d := n.rand.IntN(100); {
	case d < 5:
		n.publish(dateline.KindLive, false)
	case d < 22:
		n.publish(dateline.KindArticle, false)
	case d < 38:
		n.publish(dateline.KindArticle, true)
	case d < 42:
		n.goOn()
	case d < 45:
		n.publish(dateline.KindPage, n.rand.IntN(2) == 0)
	case d == 45:
		n.rename()
	case d == 46:
		n.front()
	case d == 47:
		n.erase()
	case d < 50:
		n.goOn()
	case a.withdrawn != 0:
		n.restore(a)
	case d < 60:
		n.withdraw(a, "")
	case d < 62:
		if b := pick(n, n.articles); b != a {
			n.withdraw(a, b.id)
		}
	case d < 68:
		n.move(a)
	case d < 76:
		n.redact(a)
	case a.kind == dateline.KindLive && d < 96:
		for range 4 {
			n.report(a)
		}
	default:
		n.edit(a)
	}
}

func (n *newsroom) acts(count int) *newsroom {
	for range count {
		n.act()
	}
	return n
}

// given is an entry as it would be answered after the first upTo entries: its body may be gone by then.
func (n *newsroom) given(e record.Entry) record.Entry {
	if n.stripped[e.Sequence] {
		e.Body, e.Salt = nil, nil
	}
	return e
}

// now is the record as it is answered now; it is a Source and what a shelf refetches from.
type answering struct{ n *newsroom }

func (a answering) Head(context.Context) (int64, error) { return int64(len(a.n.entries)), nil }

func (a answering) Entries(_ context.Context, after int64, limit int) ([]record.Entry, error) {
	var out []record.Entry
	for _, e := range a.n.entries[min(int(after), len(a.n.entries)):] {
		if len(out) < limit {
			out = append(out, a.n.given(e))
		}
	}
	return out, nil
}

func (a answering) at(_ context.Context, seqs []int64) ([]record.Entry, error) {
	var out []record.Entry
	for _, s := range seqs {
		out = append(out, a.n.given(a.n.entries[s-1]))
	}
	return out, nil
}
