package shelf

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf/index"
)

// writeWords brings the search index up to what was collected.
func (w *writer) writeWords() error {
	for id := range w.spoken {
		if err := w.gather([]byte(id)); err != nil {
			return err
		}
	}
	list := make([]index.Change, 0, len(w.words))
	for key, p := range w.words {
		x := index.Change{Key: key, Old: w.indexed[key]}
		if p != nil {
			filters, err := w.filters(p.Section, p.Topics)
			if err != nil {
				return err
			}
			x.New = append(filters, p.document...)
		}
		if err := w.keepSpoken(p, x); err != nil {
			return err
		}
		list = append(list, x)
	}
	slices.SortFunc(list, func(a, b index.Change) int { return cmp.Compare(a.Key, b.Key) })
	return w.index(list)
}

// keepSpoken keeps what the index holds of a live coverage, whose words come from many entries.
func (w *writer) keepSpoken(p *edition, x index.Change) error {
	if p != nil && p.Kind == dateline.KindLive {
		return w.c.exec("INSERT OR REPLACE INTO spoken(key, document) VALUES(?, ?)", x.Key, x.New)
	}
	return w.c.exec("DELETE FROM spoken WHERE key = ?", x.Key)
}

// leave notes what the search index holds of an article, before that is changed for the first time in a transaction; nil is an
// article that it does not hold.
func (w *writer) leave(key int64, s *state) error {
	if _, known := w.indexed[key]; known || w.building {
		return nil
	}
	var document []byte
	if s != nil && s.Kind != dateline.KindPage {
		var err error
		if document, err = w.documentOf(s); err != nil {
			return err
		}
	}
	w.indexed[key] = document
	return nil
}

// documentOf makes again what was put into the index of an article.
func (w *writer) documentOf(s *state) ([]byte, error) {
	if s.Kind == dateline.KindLive {
		rows, err := w.c.rows("SELECT document FROM spoken WHERE key = ?", s.key)
		if err != nil || len(rows) == 0 {
			return nil, err
		}
		return rows[0].blob(0), nil
	}
	r, err := w.c.one("SELECT z FROM body WHERE key = ?", s.key)
	if err != nil {
		return nil, fmt.Errorf("the body of %s: %w", s.ID, err)
	}
	a, kept, err := unpackArticle(w.shelf.codec, s, r.blob(0))
	if err != nil {
		return nil, err
	}
	text := string(kept)
	if s.Standfirst != "" {
		text = strings.TrimPrefix(text, s.Standfirst+"\n\n")
	}
	filters, err := w.filters(s.Section, s.Topics)
	if err != nil {
		return nil, err
	}
	return append(filters, document(s.Headline, s.Standfirst, a.Place, text)...), nil
}

// gather puts the words of a live coverage's entries beside those of its edition.
func (w *writer) gather(id []byte) error {
	s, err := w.state(id)
	if err != nil || s == nil {
		return err
	}
	r, err := w.c.one("SELECT l.data, e.z FROM edition e JOIN leaf l ON l.seq = e.seq WHERE e.seq = ?", s.numberedSeq)
	if err != nil {
		return err
	}
	e, err := openEntry(w.shelf.codec, r.blob(0), r.blob(1))
	if err != nil {
		return err
	}
	body, err := e.Decode()
	if err != nil {
		return err
	}
	ed := body.(*record.Edition)
	doc, err := parseDocument(ed.Body)
	if err != nil {
		return err
	}
	entries, err := w.c.spoken(w.shelf.codec, id)
	if err != nil {
		return err
	}
	if err := w.leave(s.key, s); err != nil {
		return err
	}
	w.words[s.key] = &edition{Edition: ed, document: document(ed.Headline, ed.Standfirst, ed.Place, markup.Text(doc), entries...)}
	return nil
}

// filters are the terms by which a search is narrowed to a section and topics, as a document of the index. They come before
// every word.
func (w *writer) filters(section dateline.ID, topics []dateline.ID) ([]byte, error) {
	var terms []index.Term
	add := func(id dateline.ID, kind record.Kind) error {
		n, err := w.thing(id, kind)
		terms = append(terms, index.Term{Text: filterTerm(n), Impact: 1})
		return err
	}
	if section != "" {
		if err := add(section, record.KindSection); err != nil {
			return nil, err
		}
	}
	for _, id := range topics {
		if err := add(id, record.KindTopic); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(terms, func(a, b index.Term) int { return strings.Compare(a.Text, b.Text) })
	return index.AppendDocument(nil, slices.Compact(terms)), nil
}

// filterTerm is the term of a section or topic. No text can hold one: its words have letters and digits only.
func filterTerm(thing int64) string { return "#" + strconv.FormatInt(thing, 36) }

// indexer makes the search index of a rebuild in a file of its own beside the rest, because it takes as long as all the rest
// together.
type indexer struct {
	builder *index.Builder
	work    chan []index.Change
	done    chan struct{}
	err     error
}

func newIndexer(path string) (*indexer, error) {
	b, err := index.NewBuilder(path)
	if err != nil {
		return nil, err
	}
	x := &indexer{builder: b, work: make(chan []index.Change, 1), done: make(chan struct{})}
	go x.run()
	return x, nil
}

func (x *indexer) run() {
	defer close(x.done)
	for list := range x.work {
		for i := 0; i < len(list) && x.err == nil; i++ {
			x.err = x.builder.Add(list[i].Key, list[i].New)
		}
	}
}

// add takes a batch; an error comes from finish.
func (x *indexer) add(list []index.Change) error {
	x.work <- list
	return nil
}

// finish waits until everything is taken.
func (x *indexer) finish() error {
	close(x.work)
	<-x.done
	return x.err
}

// moveInto writes the index into a file that has none, in one transaction.
func (x *indexer) moveInto(c *conn) error {
	return errors.Join(c.exec("BEGIN"), x.builder.Finish(c), c.exec("COMMIT"))
}
