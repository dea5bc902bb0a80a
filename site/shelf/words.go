package shelf

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/record"
)

// wordChange is what the search index is to hold of one article from now on.
type wordChange struct {
	key     int64
	replace bool   // it holds something of the article already
	terms   string // empty: nothing
}

// writeWords brings the search index and the weights up to what was collected, in ascending order, which is the order the
// index is fast in.
func (w *writer) writeWords() error {
	for id := range w.spoken {
		if err := w.gather([]byte(id)); err != nil {
			return err
		}
	}
	list := make([]wordChange, 0, len(w.words))
	for key := range w.words {
		list = append(list, wordChange{key: key})
	}
	slices.SortFunc(list, func(a, b wordChange) int {
		if a.key < b.key {
			return -1
		}
		return 1
	})
	for i := range list {
		if err := w.weigh(&list[i]); err != nil {
			return err
		}
	}
	return w.index(list)
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
	of := &edition{Edition: ed}
	of.terms, of.weights = weigh(ed, markup.Text(doc), entries...)
	w.words[s.key] = of
	return nil
}

// weigh keeps the weights of an article's terms and completes the change.
func (w *writer) weigh(x *wordChange) (err error) {
	if x.replace, err = w.c.has("SELECT 1 FROM weight WHERE key = ?", x.key); err != nil {
		return err
	}
	p := w.words[x.key]
	if p == nil {
		return w.c.exec("DELETE FROM weight WHERE key = ?", x.key)
	}
	filters, err := w.filters(p)
	if err != nil {
		return err
	}
	x.terms = p.terms + filters
	return w.c.exec("INSERT OR REPLACE INTO weight(key, data) VALUES(?, ?)", x.key, p.weights)
}

// indexWords writes changes to the search index of a connection.
func indexWords(c *conn, list []wordChange) error {
	for _, x := range list {
		if x.replace {
			if err := c.exec("DELETE FROM words WHERE rowid = ?", x.key); err != nil {
				return err
			}
		}
		if x.terms == "" {
			continue
		}
		if err := c.exec("INSERT INTO words(rowid, t) VALUES(?, ?)", x.key, x.terms); err != nil {
			return err
		}
	}
	return nil
}

// filters are the terms by which a search is narrowed to an edition's section and topics.
func (w *writer) filters(p *edition) (string, error) {
	var b strings.Builder
	add := func(id dateline.ID, kind record.Kind) error {
		n, err := w.thing(id, kind)
		b.WriteString(filterTerm(n))
		b.WriteByte(' ')
		return err
	}
	if p.Section != "" {
		if err := add(p.Section, record.KindSection); err != nil {
			return "", err
		}
	}
	for _, id := range p.Topics {
		if err := add(id, record.KindTopic); err != nil {
			return "", err
		}
	}
	return b.String(), nil
}

// filterTerm is the term of a section or topic. No text can hold one: its words have no underscore.
func filterTerm(thing int64) string { return "_" + strconv.FormatInt(thing, 36) }

// indexer writes the search index of a rebuild into a file of its own beside the rest, because it takes as long as all the
// rest together.
type indexer struct {
	c    *conn
	path string
	work chan []wordChange
	done chan struct{}
	err  error
}

func newIndexer(path string) (*indexer, error) {
	if err := removeDatabase(path); err != nil {
		return nil, err
	}
	c, err := openConn(path, buildingPragmas...)
	if err != nil {
		return nil, err
	}
	// One segment for each batch, merged sixteen at a time; Tidy does the rest.
	if err := c.batch([]string{wordsTable, "INSERT INTO words(words, rank) VALUES('hashsize', 33554432)",
		"INSERT INTO words(words, rank) VALUES('automerge', 16)"}); err != nil {
		return nil, errors.Join(err, c.close())
	}
	x := &indexer{c: c, path: path, work: make(chan []wordChange, 1), done: make(chan struct{})}
	go x.run()
	return x, nil
}

func (x *indexer) run() {
	defer close(x.done)
	for list := range x.work {
		if x.err != nil {
			continue
		}
		x.err = errors.Join(x.c.exec("BEGIN"), indexWords(x.c, list), x.c.exec("COMMIT"))
	}
}

// add takes a batch; an error comes from finish.
func (x *indexer) add(list []wordChange) error {
	x.work <- list
	return nil
}

// finish waits until everything is written and closes the file.
func (x *indexer) finish() error {
	close(x.work)
	<-x.done
	return errors.Join(x.err, x.c.close())
}

// remove removes the indexer's file.
func (x *indexer) remove() error { return removeDatabase(x.path) }

// moveInto copies the tables behind the index into a file whose own index is empty. The connection must be closed after it,
// because it has read the empty index.
func (x *indexer) moveInto(c *conn) error {
	if err := c.exec("ATTACH ? AS built", x.path); err != nil {
		return err
	}
	statements := []string{"BEGIN"}
	for _, t := range []string{"data", "idx", "docsize", "config"} {
		statements = append(statements, "DELETE FROM main.words_"+t, "INSERT INTO main.words_"+t+" SELECT * FROM built.words_"+t)
	}
	return c.batch(append(statements, "COMMIT", "DETACH built"))
}
