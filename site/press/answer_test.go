package press

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

func TestAcceptEncoding(t *testing.T) {
	for _, c := range []struct {
		field string
		want  Encoding
	}{
		{"", Identity}, {"gzip", Gzip}, {"br", Brotli}, {"gzip, deflate, br", Brotli}, {"GZIP", Gzip}, {"x-gzip", Gzip},
		{"gzip;q=1.0, br;q=0.5", Gzip}, {"br;q=0, gzip", Gzip}, {"br;q=0.000", Identity}, {"*", Brotli}, {"*;q=0", Identity},
		{"gzip, *;q=0", Gzip}, {"identity", Identity}, {"identity;q=0", Identity}, {"identity;q=0, gzip;q=0.1", Gzip},
		{"identity;q=0.5, gzip;q=0.4", Identity}, {"identity, gzip", Gzip}, {"deflate", Identity}, {"deflate, zstd", Zstd}, {"gzip, deflate, br, zstd", Brotli}, {"gzip, zstd;q=0.9", Gzip},
		{"zstd, gzip", Zstd},
		{"gzip;q=2", Identity}, {"gzip;q=0.1234", Identity}, {"gzip;q=", Identity}, {"gzip;level=9", Identity}, {",,;q=1, br", Brotli},
		{"br ; q=0.9 , gzip ; q=0.8", Brotli}, {"gzip;Q=0.3", Gzip},
	} {
		if got := ParseAccept(c.field).Best(); got != c.want {
			t.Errorf("%q: %v, want %v", c.field, got, c.want)
		}
	}
}

func TestEveryEncodingIsThePageAndHasItsOwnTag(t *testing.T) {
	p := newTestPress(t, Config{})
	text := strings.Repeat("The ferry did not sail. ", 100)
	e := get(t, p, "/x", page(text))
	tags := map[string]bool{}
	for _, field := range []string{"", "gzip", "br", "zstd"} {
		for range 2 {
			r := p.Answer(e, &Request{Method: "GET", Accept: ParseAccept(field)})
			if got := decode(t, r); got != text {
				t.Fatalf("%q decodes to %d bytes", field, len(got))
			}
			tags[r.Header("Etag")] = true
			if r.Header("Vary") != "Accept-Encoding" || r.Header("Cache-Control") != "no-cache" {
				t.Errorf("%q: Vary %q, Cache-Control %q", field, r.Header("Vary"), r.Header("Cache-Control"))
			}
		}
	}
	if len(tags) != 4 {
		t.Fatalf("four encodings have the tags %v", tags)
	}
}

// TestWhatPagesHaveAlikeChangesNothingInThem compares pages whose style sheet is compressed once for all with the bytes that were rendered,
// and their tags with each other.
func TestWhatPagesHaveAlikeChangesNothingInThem(t *testing.T) {
	p := newTestPress(t, Config{})
	style := "<style>" + strings.Repeat("p{margin:0}a{color:red}", 200) + "</style>"
	bodies := []string{"<title>A</title>" + style + "<p>One boat.</p>", "<title>A</title>" + style + "<p>Two boats.</p>", "<title>B</title>" + style + "<p>One boat.</p>",
		style + "<p>p{margin:0}</p>", "<title>" + strings.Repeat("long ", 20_000) + "</title>" + style, style}
	for _, field := range []string{"", "gzip", "br", "zstd"} {
		tags := map[string]bool{}
		for i, body := range bodies {
			for _, alike := range []Alike{{At: strings.Index(body, style), Text: style}, {}} {
				e := get(t, p, fmt.Sprint("/", i, alike.At, len(alike.Text)), func(context.Context) (*Page, error) {
					return &Page{Status: 200, Type: "text/html; charset=utf-8", Body: []byte(body), Alike: alike}, nil
				})
				r := p.Answer(e, &Request{Method: "GET", Accept: ParseAccept(field)})
				if got := decode(t, r); got != body {
					t.Fatalf("%q: page %d decodes to %d bytes, %.40q", field, i, len(got), got)
				}
				if alike.Text != "" {
					tags[r.Header("Etag")] = true
				}
			}
		}
		if len(tags) != len(bodies) {
			t.Errorf("%q: %d pages have the tags %v", field, len(bodies), tags)
		}
	}
}

// TestPartsOfAPageJoin: whichever bit of a byte the part before ends with, and however little a part is, what pages have alike follows.
func TestPartsOfAPageJoin(t *testing.T) {
	p := newTestPress(t, Config{})
	const style = "<style>p{margin:0}a{color:red}</style>"
	random := rand.New(rand.NewPCG(4, 2))
	for n := range 200 {
		text := make([]byte, n)
		for i := range text {
			text[i] = "ab c"[random.IntN(1+n%4)]
		}
		body := string(text[:n/2]) + style + string(text[n/2:])
		e := get(t, p, fmt.Sprint("/", n), func(context.Context) (*Page, error) {
			return &Page{Status: 200, Body: []byte(body), Alike: Alike{At: n / 2, Text: style}}, nil
		})
		for _, field := range []string{"gzip", "br"} {
			if got := decode(t, p.Answer(e, &Request{Method: "GET", Accept: ParseAccept(field)})); got != body {
				t.Fatalf("%s: %q is %q", field, body, got)
			}
		}
	}
}

func TestTheSamePageHasTheSameBytesOnEveryMachine(t *testing.T) {
	a, b := newTestPress(t, Config{}), newTestPress(t, Config{})
	text := strings.Repeat("Low water at Mora was at 06:12. ", 300)
	for _, field := range []string{"gzip", "br", "zstd"} {
		get(t, b, "/warm", page("another page first"))
		b.Answer(get(t, b, "/warm2", page(strings.Repeat("q", 5000))), &Request{Accept: ParseAccept(field)})
		ra := a.Answer(get(t, a, "/x", page(text)), &Request{Accept: ParseAccept(field)})
		rb := b.Answer(get(t, b, "/x", page(text)), &Request{Accept: ParseAccept(field)})
		if !bytes.Equal(ra.Body, rb.Body) {
			t.Errorf("%s differs", field)
		}
	}
}

// TestAPageAroundAStyleSheetHasTheSameBytesOnEveryMachine: what a press made before, other style sheets among it, is in no byte and no tag
// of a page, and neither is who made the style sheet's part.
func TestAPageAroundAStyleSheetHasTheSameBytesOnEveryMachine(t *testing.T) {
	styled := func(before, style, after string) Builder {
		return func(context.Context) (*Page, error) {
			return &Page{Status: 200, Type: "text/html; charset=utf-8", Body: []byte(before + style + after), Alike: Alike{At: len(before), Text: style}}, nil
		}
	}
	style := "<style>" + strings.Repeat("p{margin:0}a{color:red}", 200) + "</style>"
	text := strings.Repeat("Low water at Mora was at 06:12. ", 300)
	warm := newTestPress(t, Config{})
	for _, field := range []string{"", "gzip", "br", "zstd"} {
		req := &Request{Method: "GET", Accept: ParseAccept(field)}
		for i := range 40 {
			other := style
			if i%3 == 0 {
				other = fmt.Sprintf("<style>i{order:%d}</style>", i)
			}
			warm.Answer(get(t, warm, fmt.Sprint("/before", i), styled(strings.Repeat("<title>q", i), other, strings.Repeat("Low water. ", 50*i))), req)
		}
		fresh := newTestPress(t, Config{})
		got := warm.Answer(get(t, warm, "/x", styled("<title>A</title>", style, text)), req)
		want := fresh.Answer(get(t, fresh, "/x", styled("<title>A</title>", style, text)), req)
		if !bytes.Equal(got.Body, want.Body) || got.Header("Etag") != want.Header("Etag") {
			t.Errorf("%q: %d bytes tagged %s, and of a fresh press %d tagged %s", field, len(got.Body), got.Header("Etag"), len(want.Body), want.Header("Etag"))
		}
	}
}

func TestConditions(t *testing.T) {
	now := time.Date(2026, 6, 27, 12, 8, 0, 500, time.UTC)
	p := newTestPress(t, Config{Now: func() time.Time { return now }})
	mod := now.Add(-time.Hour)
	build := func(status int, modified time.Time, class Class) *Entry {
		return get(t, p, fmt.Sprint(status, modified, class), func(context.Context) (*Page, error) {
			return &Page{Status: status, Body: []byte("x"), Modified: modified, Class: class}, nil
		})
	}
	ok := build(200, mod, Revalidated)
	tag := p.Answer(ok, &Request{}).Header("Etag")
	for _, c := range []struct {
		name string
		e    *Entry
		req  Request
		want int
	}{
		{"no condition", ok, Request{}, 200},
		{"the tag", ok, Request{IfNoneMatch: ParseTags(tag)}, 304},
		{"weakly the tag", ok, Request{IfNoneMatch: ParseTags(`"other", W/` + tag)}, 304},
		{"any", ok, Request{IfNoneMatch: ParseTags("*")}, 304},
		{"another tag", ok, Request{IfNoneMatch: ParseTags(`"other"`), IfModifiedSince: now}, 200},
		{"the tag of another encoding", ok, Request{IfNoneMatch: ParseTags(tag), Accept: ParseAccept("gzip")}, 200},
		{"since then", ok, Request{IfModifiedSince: mod}, 304},
		{"since before", ok, Request{IfModifiedSince: mod.Add(-time.Second)}, 200},
		{"no Last-Modified", build(200, time.Time{}, Revalidated), Request{IfModifiedSince: now}, 200},
		{"under two seconds old", build(200, now.Add(-time.Second), Revalidated), Request{IfModifiedSince: now}, 200},
		{"not found", build(404, time.Time{}, Revalidated), Request{IfNoneMatch: ParseTags("*")}, 404},
		{"gone", build(410, time.Time{}, Revalidated), Request{IfNoneMatch: ParseTags("*")}, 410},
		{"not kept", build(200, time.Time{}, Unkept), Request{IfNoneMatch: ParseTags("*")}, 200},
	} {
		r := p.Answer(c.e, &c.req)
		if r.Status != c.want {
			t.Errorf("%s: %d, want %d", c.name, r.Status, c.want)
		}
		if r.Status == 304 && (r.Header("Etag") == "" || r.Header("Vary") == "" || r.Header("Cache-Control") == "" || len(r.Body) != 0) {
			t.Errorf("%s: a 304 with %v and %d bytes", c.name, r.Lines, len(r.Body))
		}
	}
	if got := p.Answer(ok, &Request{}).Header("Last-Modified"); got != "Sat, 27 Jun 2026 11:08:00 GMT" {
		t.Errorf("Last-Modified: %q", got)
	}
	if got := p.Answer(build(200, now.Add(-time.Second), Revalidated), &Request{}).Header("Last-Modified"); got != "" {
		t.Errorf("Last-Modified %q is sent although another change could fall into that second", got)
	}
	if r := p.Answer(ok, &Request{Method: "HEAD"}); r.Body != nil || r.Header("Content-Length") != "1" || r.Header("Etag") != tag {
		t.Errorf("HEAD: %d bytes, %v", len(r.Body), r.Lines)
	}
}

func decode(t testing.TB, r Response) string {
	t.Helper()
	var in io.Reader = bytes.NewReader(r.Body)
	switch r.Header("Content-Encoding") {
	case "gzip":
		z, err := gzip.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		in = z
	case "br":
		in = brotli.NewReader(in)
	case "zstd":
		z, err := zstd.NewReader(in)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		in = z
	}
	b, err := io.ReadAll(in)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func FuzzParseTags(f *testing.F) {
	for _, s := range []string{"", "*", `"a"`, `W/"a", "b"`, `"unclosed`, `W/`, `,,"a",,`, "\"\x00\""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, tag := range ParseTags(s) {
			if tag != "*" && !strings.HasSuffix(tag, `"`) {
				t.Fatalf("%q gave the tag %q", s, tag)
			}
		}
	})
}

func FuzzParseAccept(f *testing.F) {
	for _, s := range []string{"", "gzip;q=0.5, br", "*;q=0", ";;;", "a;q=9", "br;q=1.000"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for e, q := range ParseAccept(s) {
			if q > 1000 {
				t.Fatalf("%q gives %v the weight %d", s, Encoding(e), q)
			}
		}
	})
}

// TestLinesAsOneBlock: lines stand in a block as they go out, without the length, and none of them can become two.
func TestLinesAsOneBlock(t *testing.T) {
	for want, lines := range map[string][]Line{
		"":                  nil,
		"A: b":              {line("A", "b")},
		"A: b\r\nC: d: e":   {line("A", "b"), line("Content-Length", "9"), line("C", "d: e"), line("Content-Length", "9")},
		"A:   B: c\r\nD: ":  {line("A", "\r\nB: c"), line("D", "")},
		"A: b   x\r\nC: \t": {line("A", "b\r\n\nx"), line("C", "\t")},
	} {
		b := NewBlock(lines)
		got := string(b.Upto)
		if b.Upto != nil {
			got += ": " + string(b.Value)
		}
		if got != want {
			t.Errorf("%q are %q, want %q", lines, got, want)
		}
	}
}
