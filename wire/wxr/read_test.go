package wxr

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/datelinehq/dateline/archtest/corpora"
)

type found struct {
	site    []Site
	authors []Author
	terms   []Term
	items   []Item
	notes   []Note
}

func (f *found) handler() Handler {
	return Handler{
		Site:   func(s Site) error { f.site = append(f.site, s); return nil },
		Author: func(a Author) error { f.authors = append(f.authors, a); return nil },
		Term:   func(t Term) error { f.terms = append(f.terms, t); return nil },
		Item:   func(i Item) error { f.items = append(f.items, i); return nil },
		Note:   func(n Note) { f.notes = append(f.notes, n) },
	}
}

func readFile(t *testing.T, file string) (found, error) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got found
	err = Read(f, got.handler())
	return got, err
}

func TestCorpus(t *testing.T) {
	dir := corpora.Dir(t, "wxr")
	files, _ := filepath.Glob(filepath.Join(dir, "*.xml"))
	wires := filepath.Join(corpora.Dir(t, "wires"), "wordpress_wxr.xml")
	files = append(files, wires)
	want := map[string]struct {
		line, items, authors, terms int
		err                         string
	}{}
	for _, file := range files {
		got, err := readFile(t, file)
		t.Log(filepath.Base(file), err, len(got.items), len(got.authors), len(got.terms), len(got.site), got.notes)
		types := map[string]int{}
		for _, i := range got.items {
			types[i.Type+"/"+i.Status]++
		}
		t.Log(types)
		_ = want
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Error(err)
		}
	}
	corpora.Read(t, len(files), "wxr")
	_ = strings.Repeat
}
