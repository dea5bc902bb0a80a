package site

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/reads"
	"github.com/datelinehq/dateline/site/shelf"
)

// readers have n of them read an address, each from an address of their own.
func (d *paperDesk) readers(target string, n int, headers ...string) {
	d.t.Helper()
	for i := range n {
		r := httptest.NewRequest(http.MethodGet, target, nil)
		r.RemoteAddr = fmt.Sprintf("192.0.2.%d:40000", i+1)
		r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
		w := httptest.NewRecorder()
		d.site.ServeHTTP(w, r)
		if w.Code != 200 && w.Code != 304 {
			d.t.Fatalf("%s: %d", target, w.Code)
		}
	}
}

// TestMostRead: what is read most stands at the end of home and of articles after the next count, in a rule's place where an
// editor gave it one, and not after a withdrawal; programs, prefetches and other pages are not counted.
func TestMostRead(t *testing.T) {
	d := newPaper(t)
	d.site.conf.Reads = &reads.Counter{}
	var ids []dateline.ID
	var at []string
	for i := range 4 {
		id, _ := d.publish(fmt.Sprint("read-", i), fmt.Sprint("Read number ", i), nil)
		ids, at = append(ids, id), append(at, d.editions[id].Address)
	}
	home := d.want("/", 200)
	d.readers(at[0], 2)
	d.readers(at[1], 9)
	d.readers(at[2], 5)
	d.readers(at[3], 50, "User-Agent", "Mozilla/5.0 (compatible; Examplebot/1.0; +https://bot.example)")
	d.readers(at[3], 50, "Sec-Purpose", "prefetch")
	d.readers("/", 50)
	if again := d.want("/", 200); again != home {
		t.Error("home changed before the next count")
	}
	got := d.site.MostRead(10)
	if len(got) != 3 || got[0] != (reads.Count{Article: ids[1], Readers: 9, Hour: 9}) || got[2].Readers != 2 {
		t.Fatalf("counted: %+v", got)
	}
	d.site.recount()
	page := d.want("/", 200, "Most read")
	band := page[strings.Index(page, "Most read"):]
	if first, second := strings.Index(band, mark(ids[1], 1)), strings.Index(band, mark(ids[2], 1)); first < 0 || second < first || strings.Contains(band, mark(ids[3], 1)) {
		t.Errorf("most read on home: %s", band)
	}
	article := d.want(at[1], 200, "Most read")
	if list := article[strings.Index(article, "Most read"):]; strings.Contains(list, mark(ids[1], 1)) || !strings.Contains(list, mark(ids[2], 1)) {
		t.Errorf("most read at an article's end: %s", list)
	}

	d.append(d.site.memo.Load().pub.ID, &record.Front{Home: true, Number: 1, Containers: []dateline.Container{
		{Layout: dateline.LayoutThree, Rule: &dateline.Rule{Kind: dateline.RuleMostRead}, Items: make([]dateline.FrontItem, 2)}}})
	page = d.want("/", 200, "Most read")
	if strings.Count(page, "Most read") != 1 || strings.Index(page, mark(ids[1], 1)) > strings.Index(page, mark(ids[2], 1)) || strings.Contains(page, mark(ids[0], 1)) {
		t.Errorf("a rule's place: %s", page)
	}
	d.withdraw(ids[1], dateline.WithdrawnKilled, nil)
	if page = d.want("/", 200); strings.Contains(page, string(ids[1])) || !strings.Contains(page, mark(ids[0], 1)) {
		t.Errorf("after a withdrawal: %s", page)
	}
}

// TestTheSameReaderBehindAProxy: what a proxy says counts where it is known, and is ignored where it is not.
func TestTheSameReaderBehindAProxy(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("read", "Read", nil)
	for name, c := range map[string]struct {
		proxies []string
		readers int
	}{"no proxy is known": {nil, 3}, "the proxy is known": {[]string{"192.0.2.0/24"}, 1}} {
		d.site.conf.Reads, d.site.conf.Proxies = &reads.Counter{}, prefixes(c.proxies...)
		d.readers(d.editions[id].Address, 3, "X-Forwarded-For", "203.0.113.9, 198.51.100.7")
		if got := d.site.MostRead(1); got[0].Readers != c.readers {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

// TestAFrontIsReplayed: a shelf that is built anew fills a front alike, whatever was withdrawn, restored and arranged before.
func TestAFrontIsReplayed(t *testing.T) {
	d := newPaper(t)
	d.want("/", 200)
	a, _ := d.publish("one", "One of two", nil)
	b, _ := d.publish("two", "Two of two", nil)
	pub := d.site.memo.Load().pub.ID
	d.append(pub, &record.Front{Home: true, Number: 1, Containers: []dateline.Container{{Layout: dateline.LayoutList, Title: dateline.Names{"en": "Once"}, Items: []dateline.FrontItem{{Article: a}}}}})
	d.append(pub, &record.Front{Home: true, Number: 2, Pictures: []dateline.ID{d.picture}, Containers: []dateline.Container{
		{Layout: dateline.LayoutLead, Rule: &dateline.Rule{Kind: dateline.RuleTopic, Of: d.ferries}, Items: []dateline.FrontItem{{Article: b, Picture: d.picture, Headline: "In other words"}, {}}}}})
	w := d.withdraw(b, dateline.WithdrawnKilled, nil)
	if page := d.want("/", 200); strings.Contains(page, "In other words") || strings.Contains(page, "Once") {
		t.Errorf("withdrawn: %s", page)
	}
	d.restore(b, w)
	page := d.want("/", 200, "In other words")
	if _, err := d.shelf.Rebuild(t.Context(), d, nil); err != nil {
		t.Fatal(err)
	}
	d.tell(shelf.Changes{Everything: true, Cursor: int64(len(d.log))})
	if again := d.want("/", 200); again != page {
		t.Errorf("after a replay:\n%s\nbefore:\n%s", again, page)
	}
}

func prefixes(list ...string) (out []netip.Prefix) {
	for _, s := range list {
		out = append(out, netip.MustParsePrefix(s))
	}
	return out
}

// Head is the newest entry of the record that the test keeps.
func (d *paperDesk) Head(context.Context) (int64, error) { return int64(len(d.log)), nil }
