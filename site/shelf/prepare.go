package shelf

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/search"
	"github.com/datelinehq/dateline/site/shelf/index"
)

// prepared is an entry with everything made of it that does not depend on other entries, so that many are made at once
// while one is written.
type prepared struct {
	record.Entry
	subject []byte
	leaf    []byte
	body    any      // nil where the entry has no body
	edition *edition // of an edition with a body
	live    *live    // of an entry about a live coverage with a body
}

// edition is what an edition's body becomes.
type edition struct {
	*record.Edition
	public, first, updated int64
	z                      []byte // salt and body, compressed
	article                []byte // the body row, compressed
	document               []byte // for the search index, without the terms of section and topics
}

// prepare checks an entry against its commitment and reads its body. The language is the publication's.
func (s *Shelf) prepare(e record.Entry, language string) (p *prepared, err error) {
	if err := e.Check(); err != nil {
		return nil, err
	}
	p = &prepared{Entry: e, subject: packID(e.Subject), leaf: e.Leaf()}
	if !e.HasBody() {
		return p, nil
	}
	if p.body, err = e.Decode(); err != nil {
		return nil, err
	}
	if ed, ok := p.body.(*record.Edition); ok {
		if p.edition, err = s.prepareEdition(e, ed, language); err != nil {
			return nil, fmt.Errorf("entry %d (edition %d of %s): %w", e.Sequence, ed.Number, e.Subject, err)
		}
	}
	if isLive(e.Kind) {
		if p.live, err = s.prepareLive(e, p.body, language); err != nil {
			return nil, fmt.Errorf("entry %d (%s of %s): %w", e.Sequence, e.Kind, e.Subject, err)
		}
	}
	return p, nil
}

func (s *Shelf) prepareEdition(e record.Entry, ed *record.Edition, language string) (*edition, error) {
	p := &edition{Edition: ed}
	if err := p.times(); err != nil {
		return nil, err
	}
	doc, err := parseDocument(ed.Body)
	if err != nil {
		return nil, err
	}
	fragment := s.options.Renderer.Body(doc, render.BodyOptions{Language: ed.Language, Publication: language, Paid: ed.Label == dateline.LabelPaid, Corrected: ed.Corrects})
	text := markup.Text(doc)
	p.article = s.codec.deflate(packArticle(e.Sequence, ed, text, fragment))
	p.z = s.codec.deflate(append(slices.Clone(e.Salt), e.Body...))
	if isArticle(ed) {
		p.document = document(ed.Headline, ed.Standfirst, ed.Place, text)
	}
	return p, nil
}

// times reads an edition's instants.
func (e *edition) times() error {
	for _, t := range []struct {
		to   *int64
		from string
	}{{&e.public, e.Public}, {&e.first, e.First}, {&e.updated, e.Updated}} {
		if t.from == "" {
			*t.to = e.first
			continue
		}
		at, err := record.ParseInstant(t.from)
		if err != nil {
			return err
		}
		*t.to = micros(at)
	}
	e.updated = max(e.updated, e.first)
	return nil
}

// parseDocument reads a body of the record; none is an empty document.
func parseDocument(body json.RawMessage) (doc markup.Node, err error) {
	if len(body) > 0 {
		if err := json.Unmarshal(body, &doc); err != nil {
			return doc, fmt.Errorf("read its document: %w", err)
		}
	}
	return doc, nil
}

// packArticle writes what an article's own page shows and its card does not.
func packArticle(seq int64, ed *record.Edition, text string, fragment []byte) []byte {
	p := packer{make([]byte, 0, len(text)+len(fragment)+512)}
	p.int(seq)
	p.text(ed.Place)
	p.text(ed.Agency)
	p.text(ed.SearchTitle)
	p.text(ed.SocialTitle)
	if src := ed.Source; src != nil {
		p.int(1)
		p.text(src.Agency)
		p.text(src.Item)
		p.text(src.Version)
		p.text(src.Terms)
	} else {
		p.int(0)
	}
	p.ids(ed.Translations)
	p.ids(ed.Related)
	p.ids(ed.Pictures)
	p.ids(ed.Speakers)
	packOrigin(&p, ed.Origin)
	p.int(int64(len(strings.Fields(text))))
	if ed.Standfirst != "" {
		text = ed.Standfirst + "\n\n" + text
	}
	p.text(text)
	p.text(string(fragment))
	return p.b
}

// Weights of a term's occurrences: a headline counts most.
const (
	weightHeadline   = 4
	weightStandfirst = 2
)

// Constants of Okapi BM25, and the length of an article at which a word counts as it is.
const (
	saturation   = 1.2
	lengthEffect = 0.75
	usualLength  = 450
)

// weigher counts the terms of one text after another. It is flat, because a map and a string for each term cost more than
// all else that is made of an article.
type weigher struct {
	tokens []byte
	slots  []int32 // numbers of terms plus one, by hash
	terms  []weighed
	total  int
}

type weighed struct {
	start, end int // in tokens
	hash       uint32
	weight     int
}

var weighers = sync.Pool{New: func() any { return &weigher{slots: make([]int32, 1024)} }}

// add counts the tokens of a text.
func (w *weigher) add(text string, weight int) {
	from := len(w.tokens)
	if w.tokens = search.AppendTokens(w.tokens, text); len(w.tokens) == from {
		return
	}
	if from > 0 {
		from++ // the blank before
	}
	hash := termSeed
	for i := from; i <= len(w.tokens); i++ {
		if i < len(w.tokens) && w.tokens[i] != ' ' {
			hash = (hash ^ uint32(w.tokens[i])) * termPrime
			continue
		}
		w.count(from, i, hash, weight)
		from, hash = i+1, termSeed
	}
}

func (w *weigher) count(start, end int, hash uint32, weight int) {
	w.total++
	if 2*len(w.terms) >= len(w.slots) {
		w.grow()
	}
	mask := uint32(len(w.slots) - 1)
	at := hash & mask
	for ; w.slots[at] != 0; at = (at + 1) & mask {
		t := &w.terms[w.slots[at]-1]
		if t.hash == hash && string(w.tokens[t.start:t.end]) == string(w.tokens[start:end]) {
			t.weight += weight
			return
		}
	}
	w.terms = append(w.terms, weighed{start, end, hash, weight})
	w.slots[at] = int32(len(w.terms))
}

func (w *weigher) grow() {
	w.slots = make([]int32, 2*len(w.slots))
	mask := uint32(len(w.slots) - 1)
	for i, t := range w.terms {
		at := t.hash & mask
		for w.slots[at] != 0 {
			at = (at + 1) & mask
		}
		w.slots[at] = int32(i + 1)
	}
}

// document gives the distinct terms of an article with their weights, as the search index takes them: the part of BM25 that
// goes by how often a term comes and how long the article is. A live coverage's entries count as parts of its body.
func document(headline, standfirst, place, text string, entries ...keptLive) []byte {
	w := weighers.Get().(*weigher)
	defer weighers.Put(w)
	w.tokens, w.terms, w.total = w.tokens[:0], w.terms[:0], 0
	clear(w.slots)
	w.add(headline, weightHeadline)
	w.add(standfirst, weightStandfirst)
	w.add(place, 1)
	w.add(text, 1)
	for i := range entries {
		w.add(entries[i].body.Headline, weightStandfirst)
		w.add(entries[i].text, 1)
		w.add(entries[i].body.Place, 1)
	}
	slices.SortFunc(w.terms, func(a, b weighed) int { return bytes.Compare(w.tokens[a.start:a.end], w.tokens[b.start:b.end]) })
	tokens := string(w.tokens)
	list := make([]index.Term, len(w.terms))
	for i, t := range w.terms {
		list[i] = index.Term{Text: tokens[t.start:t.end], Impact: impact(t.weight, w.total)}
	}
	return index.AppendDocument(make([]byte, 0, 8*len(list)), list)
}

// impact is how much a term tells of an article of some length, in steps of a sixteenth of the most it can.
func impact(weight, length int) uint8 {
	long := 1 - lengthEffect + lengthEffect*float64(length)/usualLength
	share := float64(weight) / (float64(weight) + saturation*long)
	return uint8(max(1, math.Round(share*index.MaxImpact)))
}

// Constants of the hash FNV-1a.
const (
	termSeed  uint32 = 2166136261
	termPrime uint32 = 16777619
)

// languages gives for each entry the publication's language when it was made, of which the first is the one before.
func languages(entries []record.Entry, language string) []string {
	out := make([]string, len(entries)+1)
	out[0] = language
	for i, e := range entries {
		if e.Kind == record.KindPublication && e.HasBody() {
			if body, err := e.Decode(); err == nil { // what is wrong with it prepare says
				language = body.(*record.Publication).Language
			}
		}
		out[i+1] = language
	}
	return out
}

// prepareAll prepares entries on several workers, in their order.
func (s *Shelf) prepareAll(entries []record.Entry, language []string) ([]*prepared, error) {
	out := make([]*prepared, len(entries))
	errs := make([]error, len(entries))
	const chunk = 16
	work := make(chan int, len(entries)/chunk+1)
	for i := 0; i < len(entries); i += chunk {
		work <- i
	}
	close(work)
	one := func() {
		for from := range work {
			for i := from; i < min(from+chunk, len(entries)); i++ {
				out[i], errs[i] = s.prepare(entries[i], language[i])
			}
		}
	}
	var wg sync.WaitGroup
	for range min(s.options.Workers, len(work)) - 1 {
		wg.Go(one)
	}
	one()
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
