package site

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
)

// A month of many articles is parted into files that together hold each once, and receipts ask for the one in which the article stands.
func TestALargeMonthIsParted(t *testing.T) {
	d := newPaper(t)
	first := "/sitemaps/2026-06.xml"
	oldest, _ := d.publish("first", "What came first", nil)
	for i := range sitemapMost - 1 {
		d.publish(fmt.Sprint("n", i), fmt.Sprint("Story ", i), nil)
	}
	d.want("/sitemap.xml", 200, "http://estuary.example"+first, "!2026-06-2.xml")
	d.want("/sitemaps/2026-06-2.xml", 404)
	newest, seq := d.publish("last", "What came last", nil)
	if got := d.confirmed(seq); !slices.Contains(got, first) || slices.Contains(got, "/sitemaps/2026-06-2.xml") {
		t.Errorf("the newest: %q", got)
	}
	d.want("/sitemap.xml", 200, "http://estuary.example"+first, "http://estuary.example/sitemaps/2026-06-2.xml", "!2026-06-3.xml")
	whole := d.want(first, 200, d.editions[newest].Address, "!"+d.editions[oldest].Address) + d.want("/sitemaps/2026-06-2.xml", 200, d.editions[oldest].Address)
	for _, e := range d.editions {
		if n := strings.Count(whole, "<loc>http://estuary.example"+e.Address+"</loc>"); n != 1 {
			t.Errorf("%s stands %d times", e.Address, n)
		}
	}
	for _, seq := range []int64{d.change(oldest, dateline.ChangeMinor, "", nil), d.withdraw(oldest, dateline.WithdrawnKilled, nil)} {
		if got := d.confirmed(seq); slices.Contains(got, first) || !slices.Contains(got, "/sitemaps/2026-06-2.xml") {
			t.Errorf("the oldest: %q", got)
		}
	}
	d.want("/sitemaps/2026-06-2.xml", 404)
	d.want("/sitemaps/2026-06-922337203685477580.xml", 404)
}
