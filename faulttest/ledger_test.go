package faulttest

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"regexp"
	"strconv"
	"sync"
)

// ledger is what was acknowledged to those who work, and must be there whatever happens.
type ledger struct {
	mu       sync.Mutex
	next     int
	articles []*written
	pictures map[string][]byte // by id, as they were brought in
	saves    int               // acknowledged
	acts     int               // publications and withdrawals that were acknowledged
	stepped  func()            // told after each acknowledgement
}

// written is an article that one editor works on.
type written struct {
	id, address string
	version     int64
	saved       int // the newest number that was acknowledged as saved
	edition     int // the newest edition that was acknowledged
	withdrawn   bool
	asked       bool // for a withdrawal, whose answer was lost
}

type answer struct {
	ID      string
	Version int64
	Address string
	Edition int
	Readers string
	Content struct{ Headline string }
}

func match(version int64) string { return strconv.Quote(strconv.FormatInt(version, 10)) }

func content(n int) fields {
	return fields{"section": "coast", "headline": fmt.Sprintf("The tide, number %d.", n), "html": fmt.Sprintf("<p>The tide came in before the boats. Number %d.</p>", n)}
}

// pixels is a picture that no other is equal to.
func pixels(n int) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 40, 40))
	for i := range 1600 {
		img.Set(i%40, i/40, color.RGBA{uint8(n), uint8(n >> 8), uint8(i), 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		panic(err) // an image in memory
	}
	return b.Bytes()
}

// open makes a section to work in.
func (at *program) open() {
	at.t.Helper()
	at.api("POST", "/sections", fields{"slug": "coast", "names": fields{"en": "Coast"}}).is(201)
}

// work writes, saves, brings in pictures, publishes and withdraws until an answer is not a good one, or there are enough articles.
func (l *ledger) work(at *program, enough int) (done bool) {
	note := func(change func()) {
		l.mu.Lock()
		change()
		l.mu.Unlock()
		if l.stepped != nil {
			l.stepped()
		}
	}
	for range enough {
		l.mu.Lock()
		l.next++
		n := l.next
		l.mu.Unlock()
		var a answer
		g := at.api("POST", "/articles", content(100*n))
		if !g.good() {
			return false
		}
		g.into(&a)
		w := &written{id: a.ID, version: a.Version, saved: 100 * n}
		note(func() { l.articles, l.saves = append(l.articles, w), l.saves+1 })
		for i := 1; i <= 4; i++ {
			if g = at.api("PUT", "/articles/"+w.id, content(100*n+i), "If-Match", match(w.version)); !g.good() {
				return false
			}
			g.into(&a)
			note(func() { w.version, w.saved, l.saves = a.Version, 100*n+i, l.saves+1 })
		}
		var picture struct{ ID string }
		if g = at.api("POST", "/pictures", pixels(n), "Content-Type", "image/png"); !g.good() {
			return false
		}
		g.into(&picture)
		note(func() { l.pictures[picture.ID] = pixels(n) })
		if !at.api("POST", "/articles/"+w.id+"/publish", fields{}, "If-Match", match(w.version)).good() {
			return false
		}
		note(func() { w.edition, l.acts = 1, l.acts+1 })
		if g = at.api("GET", "/articles/"+w.id, nil); !g.good() {
			return false
		}
		g.into(&a)
		note(func() { w.address, w.version = a.Address, a.Version })
		if n%3 > 0 {
			continue
		}
		note(func() { w.asked = true })
		if !at.api("POST", "/articles/"+w.id+"/withdraw", fields{"kind": "expired", "notice": "Its day is over."}, "If-Match", match(w.version)).good() {
			return false
		}
		note(func() { w.withdrawn, l.acts = true, l.acts+1 })
	}
	return true
}

var number = regexp.MustCompile(`number (\d+)\.`)

// missing tells what was acknowledged and is not there.
func (l *ledger) missing(at *program) (lost []string) {
	at.t.Helper()
	miss := func(format string, args ...any) { lost = append(lost, fmt.Sprintf(format, args...)) }
	for _, w := range l.articles {
		var a answer
		g := at.api("GET", "/articles/"+w.id, nil)
		if !g.ok() {
			miss("article %s was saved; %s answers %d", w.id, g.asked, g.status)
			continue
		}
		g.into(&a)
		found := number.FindStringSubmatch(a.Content.Headline)
		if found == nil {
			miss("article %s is called %q", w.id, a.Content.Headline)
			continue
		}
		if n, _ := strconv.Atoi(found[1]); n < w.saved {
			miss("article %s was saved as number %d and is number %d", w.id, w.saved, n)
		}
		if a.Edition < w.edition {
			miss("edition %d of %s was published and is not at the desk", w.edition, w.id)
			continue
		}
		if w.edition == 0 {
			continue
		}
		switch page := at.read(a.Address); {
		case w.withdrawn && page.status != 410:
			miss("article %s was withdrawn; its page answers %d", w.id, page.status)
		case !w.asked && page.status != 200:
			miss("article %s was published; its page answers %d", w.id, page.status)
		}
	}
	for id, b := range l.pictures {
		if g := at.api("GET", "/pictures/"+id, nil); !g.ok() {
			miss("picture %s was brought in; %s answers %d", id, g.asked, g.status)
		} else if g := at.api("GET", "/pictures/"+id+"/bytes", nil); g.body != string(b) {
			miss("picture %s was brought in; of its %d bytes %d are there (%d)", id, len(b), len(g.body), g.status)
		}
	}
	return lost
}
