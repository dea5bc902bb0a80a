package site

import (
	"net"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/site/reads"
	"github.com/datelinehq/dateline/weather"
)

// kept is a request for a page that is in memory, of a paper with everything that costs something: readers are counted, there is
// weather with further cities, and something was taken down.
func kept(t testing.TB) (*Site, *fasthttp.RequestCtx) {
	t.Helper()
	d := newPaper(t)
	d.site.conf.Reads = &reads.Counter{}
	d.site.conf.Weather = &skies{paperDesk: d, cities: []City{{Slug: "mora", Names: dateline.Names{"en": "Mora"}}}}
	d.setWeather(true, weather.Weather{Temperature: 27, Code: weather.Rain, Hour: d.now().Truncate(time.Hour)})
	down, _ := d.publish("tram", "Trams are late", nil)
	d.withdraw(down, dateline.WithdrawnLegal, nil)
	id, _ := d.publish("ferry", "Ferry stops again", nil)
	d.pass(time.Hour)
	c := &fasthttp.RequestCtx{}
	c.Init2(noConn{}, nil, false)
	h := &c.Request.Header
	h.SetRequestURI(d.editions[id].Address)
	h.SetHost("estuary.example")
	h.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	h.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	h.Set("Accept-Language", "en-GB,en;q=0.5")
	h.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	h.SetContentLength(-2)
	d.site.ServeFast(c)
	if c.Response.StatusCode() != 200 {
		t.Fatal(c.Response.String())
	}
	return d.site, c
}

// TestAKeptPageCostsTwoAllocations: the address and the browser's name, which are fasthttp's no longer than the request takes.
func TestAKeptPageCostsTwoAllocations(t *testing.T) {
	s, c := kept(t)
	if n := testing.AllocsPerRun(100, func() {
		c.Response.Reset()
		s.ServeFast(c)
	}); n > 2 {
		t.Errorf("a page from memory costs %v allocations", n)
	}
}

// BenchmarkFastKept is what the site itself costs where a page is kept: between fasthttp's reading of a request and its writing
// of the answer.
func BenchmarkFastKept(b *testing.B) {
	s, c := kept(b)
	b.ReportAllocs()
	for b.Loop() {
		c.Response.Reset()
		s.ServeFast(c)
	}
}

// noConn is a connection that only has an end.
type noConn struct{ net.Conn }

func (noConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9} }
