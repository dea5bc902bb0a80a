package site

import (
	"net"
	"testing"
	"time"

	"github.com/valyala/fasthttp"

	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/reads"
)

// BenchmarkFastKept is what the site itself costs where a page is kept: between fasthttp's reading of a request and its writing
// of the answer.
func BenchmarkFastKept(b *testing.B) {
	d := newPaper(b)
	d.site.conf.Reads = &reads.Counter{}
	id, _ := d.publish("ferry", "Ferry stops again", func(*record.Edition) {})
	d.pass(time.Hour)
	var c fasthttp.RequestCtx
	c.Init2(noConn{}, nil, false)
	h := &c.Request.Header
	h.SetRequestURI(d.editions[id].Address)
	h.SetHost("estuary.example")
	h.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	h.Set("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")
	h.Set("Accept-Language", "en-GB,en;q=0.5")
	h.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	h.SetContentLength(-2)
	d.site.ServeFast(&c)
	if c.Response.StatusCode() != 200 {
		b.Fatal(c.Response.String())
	}
	b.ReportAllocs()
	for b.Loop() {
		c.Response.Reset()
		d.site.ServeFast(&c)
	}
}

// noConn is a connection that only has an end.
type noConn struct{ net.Conn }

func (noConn) RemoteAddr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 9} }
