package wxr

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

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

// corpusFiles are all exports of the corpora, by name.
func corpusFiles(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{"wordpress_wxr.xml": filepath.Join(corpora.Dir(t, "wires"), "wordpress_wxr.xml")}
	list, err := filepath.Glob(filepath.Join(corpora.Dir(t, "wxr"), "*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range list {
		files[filepath.Base(file)] = file
	}
	corpora.Read(t, len(files), "wxr")
	return files
}

// counts are authors, terms and items by type and status.
var wantCounts = map[string]string{
	"a11y-unit-test-data.xml":                 "0 authors, 93 terms, map[/:1 attachment/inherit:39 nav_menu_item/publish:50 page/publish:17 post/draft:1 post/future:1 post/publish:45]",
	"blank-lines.xml":                         "0 authors, 0 terms, map[post/publish:1]",
	"crazy-cdata.xml":                         "0 authors, 0 terms, map[post/publish:1]",
	"slashes.xml":                             "1 authors, 2 terms, map[post/publish:1]",
	"small-export.xml":                        "3 authors, 33 terms, map[page/draft:1 page/publish:4 post/private:1 post/publish:5]",
	"term-formats.xml":                        "0 authors, 7 terms, map[]",
	"test-serialized-postmeta-with-cdata.xml": "0 authors, 0 terms, map[post/draft:1]",
	"theme-unit-test-data.xml":                "2 authors, 185 terms, map[attachment/inherit:37 nav_menu_item/publish:70 page/publish:21 post/draft:1 post/future:1 post/publish:56]",
	"valid-wxr-1.0.xml":                       "0 authors, 9 terms, map[page/publish:3 post/publish:3]",
	"wxr-flat-attachment-same-site.xml":       "1 authors, 0 terms, map[attachment/inherit:1 post/publish:1]",
	"wxr-simple.xml":                          "1 authors, 0 terms, map[post/publish:1]",
	"wordpress_wxr.xml":                       "4 authors, 1 terms, map[post/inherit:4 post/publish:1]",
	"malformed-simple.xml":                    "line 14: the file ends inside <item>, which begins on line 9",
	"malformed.xml":                           "line 27: <notachanneltag> stands where <channel> should",
	"missing-version-tag.xml":                 "line 27: the export does not name its version",
}

func TestReadCorpus(t *testing.T) {
	for name, file := range corpusFiles(t) {
		got, err := readFile(t, file)
		have := fmt.Sprint(err)
		if err == nil {
			types := map[string]int{}
			for _, i := range got.items {
				types[i.Type+"/"+i.Status]++
			}
			have = fmt.Sprintf("%d authors, %d terms, %v", len(got.authors), len(got.terms), types)
			if len(got.site) != 1 {
				t.Errorf("%s: the site was told %d times", name, len(got.site))
			}
		}
		if want := wantCounts[name]; want != "" && !strings.HasPrefix(have, want) {
			t.Errorf("%s: got  %s\nwant %s", name, have, want)
		}
		var e *Error
		if err != nil && !errors.As(err, &e) {
			t.Errorf("%s: the error is not of this package: %v", name, err)
		}
	}
}

func TestCDATA(t *testing.T) {
	files := corpusFiles(t)
	got, err := readFile(t, files["crazy-cdata.xml"])
	if err != nil || len(got.items) != 1 {
		t.Fatal(err, len(got.items))
	}
	if want := "Content with nested <![CDATA[ tags ]]> :)"; got.items[0].Content != want || got.items[0].OtherMeta != 3 {
		t.Errorf("got %q and %d, want %q", got.items[0].Content, got.items[0].OtherMeta, want)
	}
	for in, want := range map[string]string{
		"<![CDATA[a]]>":                          "a",
		"\n <![CDATA[a]]> \n":                    "a",
		"a &amp; b &lt;c&gt; &#233;&#xE9;":       "a & b <c> éé",
		"a &nbsp; b & c":                         "a &nbsp; b & c",
		"<![CDATA[a &amp; b]]>":                  "a &amp; b",
		"<![CDATA[a ]]]]><![CDATA[> b]]>":        "a ]]> b",
		"<![CDATA[<title>x</title>]]>":           "<title>x</title>",
		"<![CDATA[a <![CDATA[b]]> c]]>":          "a <![CDATA[b]]> c",
		"<![CDATA[]]>]]>":                        "]]>",
		"<![CDATA[a]]><![CDATA[b]]>":             "ab",
		"<![CDATA[<pre><![CDATA[x]]></pre> y]]>": "<pre><![CDATA[x]]></pre> y",
		"a <b>bold</b> word":                     "a <b>bold</b> word",
		"a\x0bb":                                 "a\uFFFDb",
		"a\xffb":                                 "a\uFFFDb",
		"a&#11;b":                                "a\uFFFDb",
		"a\r\nb\rc":                              "a\nb\nc",
	} {
		var got found
		err := Read(strings.NewReader(export("<item><title>"+in+"</title></item>")), got.handler())
		if err != nil || len(got.items) != 1 || got.items[0].Title != want {
			t.Errorf("%q: got %+v %v, want %q", in, got.items, err, want)
		}
	}
}

// export puts items into a file that is otherwise complete.
func export(items string) string {
	return head + items + "\n</channel></rss>\n"
}

const head = `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>The Estuary</title><link>https://estuary.example</link><language>en-GB</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://estuary.example</wp:base_site_url><wp:base_blog_url>https://estuary.example</wp:base_blog_url>
`

func TestErrors(t *testing.T) {
	for name, c := range map[string]struct {
		in, says string
		line     int
	}{
		"empty":            {"", "empty", 1},
		"blank":            {" \n\n", "empty", 1},
		"zip":              {"PK\x03\x04...", "zip", 1},
		"gzip":             {"\x1f\x8b...", "gzip", 1},
		"JSON":             {"{}", "JSON", 1},
		"a web page":       {"<!DOCTYPE html>\n<html><body></body></html>", "a web page", 2},
		"Atom":             {"<feed xmlns=\"http://www.w3.org/2005/Atom\"/>", "Atom", 1},
		"plain RSS":        {"<rss version=\"2.0\">\n<channel><item><title>x</title></item></channel></rss>", "RSS feed", 2},
		"words":            {"Dear editor,\n", "not with XML", 1},
		"UTF-16":           {"\xff\xfe<\x00r\x00", "UTF-16", 1},
		"odd encoding":     {"<?xml version=\"1.0\" encoding=\"x-klingon\"?><rss/>", "x-klingon", 1},
		"entities":         {"<?xml version=\"1.0\"?>\n<!DOCTYPE rss [<!ENTITY a \"b\">]>\n<rss/>", "definitions", 2},
		"no channel":       {"<rss version=\"2.0\"></rss>\n", "no <channel>", 1},
		"wrong end":        {head + "<item>\n<title>x</title>\n</itme></channel></rss>", "</itme>", 7},
		"cut in a field":   {head + "<item>\n<title><![CDATA[x\ny", "the file ends inside the text of <title>", 7},
		"cut in a tag":     {head + "<item>\n<title", "inside a tag", 6},
		"two exports":      {export("") + export(""), "after the end", 8},
		"version 2":        {strings.Replace(export(""), ">1.2</wp:wxr", ">2.0</wp:wxr", 1), `"2.0"`, 3},
		"nesting":          {head + strings.Repeat("<a>", 100), "64 deep", 5},
		"a field too long": {head + "<item><title>" + strings.Repeat("x", maxField+1) + "</title></item>", "16 MB", 5},
		"a tag too long":   {head + "<item " + strings.Repeat("x", maxTag+1), "64 KB", 5},
	} {
		var got found
		err := Read(strings.NewReader(c.in), got.handler())
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(err.Error(), c.says) || e.Line != c.line {
			t.Errorf("%s: got %v, want line %d and %q", name, err, c.line, c.says)
		}
	}
}

func TestEncodings(t *testing.T) {
	in := strings.Replace(export("<item><title>caf\xe9 \x93x\x94</title></item>"), "UTF-8", "windows-1252", 1)
	var got found
	if err := Read(strings.NewReader("\n\n"+in), got.handler()); err != nil || got.items[0].Title != "café “x”" || got.items[0].Line != 7 {
		t.Errorf("got %+v %v", got.items, err)
	}
	got = found{}
	if err := Read(strings.NewReader("\ufeff"+export("<item><title>é</title></item>")), got.handler()); err != nil || got.items[0].Title != "é" {
		t.Errorf("got %+v %v", got.items, err)
	}
}

func TestHandlerEnds(t *testing.T) {
	stop := errors.New("enough")
	err := Read(strings.NewReader(export("<item/>")), Handler{Item: func(Item) error { return stop }})
	if !errors.Is(err, stop) {
		t.Errorf("got %v", err)
	}
}

// One byte at a time gives the same as all at once.
func TestSmallReads(t *testing.T) {
	for name, file := range corpusFiles(t) {
		if strings.HasSuffix(name, "unit-test-data.xml") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var all, single found
		errAll := Read(strings.NewReader(string(src)), all.handler())
		errSingle := Read(&slow{src}, single.handler())
		if diff := cmp.Diff(all, single, cmp.AllowUnexported(found{})); diff != "" || fmt.Sprint(errAll) != fmt.Sprint(errSingle) {
			t.Errorf("%s: %v %v\n%s", name, errAll, errSingle, diff)
		}
	}
}

type slow struct{ left []byte }

func (s *slow) Read(p []byte) (int, error) {
	if len(s.left) == 0 {
		return 0, io.EOF
	}
	p[0] = s.left[0]
	s.left = s.left[1:]
	return 1, nil
}

// long gives an export of n items without holding it.
type long struct {
	n, i int
	part strings.Reader
	text string
}

func newLong(n int) *long {
	return &long{n: n, text: strings.Repeat("The pier was shut on Monday, the council said. ", 120)}
}

func (l *long) Read(p []byte) (int, error) {
	for l.part.Len() == 0 {
		switch {
		case l.i == 0:
			l.part.Reset(head)
		case l.i <= l.n:
			l.part.Reset(fmt.Sprintf(`<item><title>Item %d</title><link>https://estuary.example/%d/</link><content:encoded><![CDATA[%s]]></content:encoded>`+
				`<wp:post_id>%d</wp:post_id><wp:post_date_gmt>2014-01-02 08:00:00</wp:post_date_gmt><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>`+"\n", l.i, l.i, l.text, l.i))
		case l.i == l.n+1:
			l.part.Reset("</channel></rss>")
		default:
			return 0, io.EOF
		}
		l.i++
	}
	return l.part.Read(p)
}

func TestMemory(t *testing.T) {
	const items = 10000 // 60 MB
	var stats runtime.MemStats
	seen, most := 0, uint64(0)
	err := Read(newLong(items), Handler{Item: func(Item) error {
		if seen++; seen%2000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&stats)
			most = max(most, stats.HeapAlloc)
		}
		return nil
	}})
	if err != nil || seen != items {
		t.Fatal(seen, err)
	}
	if most > 32<<20 {
		t.Errorf("%d MB of heap are live while reading; 32 at most", most>>20)
	}
	t.Logf("%d items, at most %.1f MB live", seen, float64(most)/(1<<20))
}

func BenchmarkRead(b *testing.B) {
	src, _ := io.ReadAll(newLong(2000))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if err := Read(strings.NewReader(string(src)), Handler{}); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(export("<item><title>x</title><category domain='tag' nicename='a'>A</category></item>")))
	f.Add([]byte(head + "<item><content:encoded><![CDATA[a <![CDATA[ b ]]> c]]></content:encoded>"))
	f.Add([]byte("<rss><channel><wp:wxr_version>1.0</wp:wxr_version><a b='c'/></channel></rss>"))
	f.Fuzz(func(t *testing.T, in []byte) {
		var got found
		err := Read(strings.NewReader(string(in)), got.handler())
		if err == nil && len(got.site) != 1 {
			t.Error("read without a site")
		}
		var e *Error
		if err != nil && (!errors.As(err, &e) || e.Line < 1 || e.Line > strings.Count(string(in), "\n")+1) {
			t.Errorf("got %v", err)
		}
	})
}
