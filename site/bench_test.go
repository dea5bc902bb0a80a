package site

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/press"
)

// benchPaper is a paper with an article of about 800 words among some others.
func benchPaper(b *testing.B) (d *paperDesk, id dateline.ID) {
	d = newPaper(b)
	for i := range 60 {
		d.publish(fmt.Sprint("story-", i), fmt.Sprint("Story number ", i), nil)
	}
	text := make([]string, 12)
	for i := range text {
		text[i] = strings.Repeat("The boats lay at the quay and nobody could say until when. ", 6)
	}
	id, _ = d.publish("long", "A long story", func(e *record.Edition) { e.Body = paragraphs(text...) })
	d.change(id, dateline.ChangeCorrection, "It was one boat.", nil)
	return d, id
}

func BenchmarkRenderFromTheShelf(b *testing.B) {
	d, id := benchPaper(b)
	for name, address := range map[string]string{"article": d.editions[id].Address, "home": "/", "section": "/coast/", "feed": "/atom.xml", "search": "/search?q=boats"} {
		b.Run(name, func(b *testing.B) {
			req := requestFor(address)
			b.ReportAllocs()
			for b.Loop() {
				if len(d.site.fresh(context.Background(), req)) == 0 {
					b.Fatal("no page")
				}
			}
		})
	}
}

func BenchmarkServeFromCache(b *testing.B) {
	d, id := benchPaper(b)
	req := requestFor(d.editions[id].Address)
	req.Accept = press.ParseAccept("gzip, deflate, br")
	b.Run("site", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if r := d.site.Serve(context.Background(), req); r.Status != 200 {
				b.Fatal(r.Status)
			}
		}
	})
	b.Run("net-http", func(b *testing.B) {
		r := httptest.NewRequest("GET", "http://estuary.example"+req.Path, nil)
		r.Header.Set("Accept-Encoding", "gzip, deflate, br")
		w := &discard{h: http.Header{}}
		b.ReportAllocs()
		for b.Loop() {
			d.site.ServeHTTP(w, r)
		}
		if w.status != 200 {
			b.Fatal(w.status)
		}
	})
}

func BenchmarkPublishToReceipt(b *testing.B) {
	d, id := benchPaper(b)
	for b.Loop() {
		seq := d.change(id, dateline.ChangeMinor, "", nil)
		if r := d.confirm(seq); !r.Confirmed {
			b.Fatalf("%+v", r)
		}
	}
}

type discard struct {
	h      http.Header
	status int
}

func (d *discard) Header() http.Header         { return d.h }
func (d *discard) WriteHeader(status int)      { d.status = status }
func (d *discard) Write(b []byte) (int, error) { return len(b), nil }

// BenchmarkDifference compares an edition of 5,000 words with the one before it, of 500.
func BenchmarkDifference(b *testing.B) {
	d := newPaper(b)
	words := strings.Fields(strings.Repeat("The boats lay at the quay and nobody could say until when they would sail. ", 334))[:5000]
	text := func(n int) json.RawMessage {
		words[(n*37)%len(words)] = fmt.Sprint("changed", n)
		words[(n*7919)%len(words)] = fmt.Sprint("again", n)
		var list []string
		for i := 0; i < len(words); i += 60 {
			list = append(list, strings.Join(words[i:min(i+60, len(words))], " "))
		}
		return paragraphs(list...)
	}
	id, _ := d.publish("long", "A long story", func(e *record.Edition) { e.Body = text(1) })
	for n := 2; n <= 500; n++ {
		d.change(id, dateline.ChangeUpdate, fmt.Sprint("Two words are others, for the ", n, "th time."), func(e *record.Edition) { e.Body = text(n) })
	}
	for _, page := range []string{"/history", "/history/500"} {
		b.Run(page[1:], func(b *testing.B) {
			req := requestFor(d.editions[id].Address + page)
			b.ReportAllocs()
			for b.Loop() {
				if len(d.site.fresh(context.Background(), req)) == 0 {
					b.Fatal("no page")
				}
			}
		})
	}
}
