package reads

import (
	"fmt"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
)

const browser = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

var noon = time.Date(2026, 6, 30, 12, 8, 0, 0, time.UTC)

// from is one of many addresses.
func from(net string, i int) netip.Addr {
	if net == "192.0.2." {
		return netip.MustParseAddr(fmt.Sprint(net, i))
	}
	return netip.MustParseAddr(fmt.Sprintf("2001:db8::%x:%x", i>>16, i&0xffff))
}

func TestReadersAreCountedOnce(t *testing.T) {
	var c Counter
	for range 3 {
		for i := range 12 {
			c.Read("a", from("192.0.2.", i), browser, noon)
		}
	}
	c.Read("b", netip.MustParseAddr("192.0.2.1"), browser, noon)
	c.Read("b", netip.MustParseAddr("192.0.2.1"), strings.Replace(browser, "140.0", "141.0", 2), noon)
	got := c.Counts(noon, 10)
	if len(got) != 2 || got[0] != (Count{"a", 12, 12}) || got[1] != (Count{"b", 2, 2}) {
		t.Errorf("%+v", got)
	}
	if got := c.Counts(noon, 1); len(got) != 1 || got[0].Article != "a" {
		t.Errorf("the first: %+v", got)
	}
}

func TestManyAreEstimated(t *testing.T) {
	for _, n := range []int{100, 3_000, 50_000} {
		var c Counter
		for i := range n {
			c.Read("a", from("2001:db8::", i), browser, noon)
		}
		if got := c.Counts(noon, 1)[0].Readers; math.Abs(float64(got-n)) > 0.15*float64(n) {
			t.Errorf("%d readers are taken for %d", n, got)
		}
	}
}

// TestHoursAreMergedAndForgotten: who reads in two hours is one reader, and a day later none.
func TestHoursAreMergedAndForgotten(t *testing.T) {
	var c Counter
	c.Read("a", netip.MustParseAddr("192.0.2.1"), browser, noon)
	c.Read("a", netip.MustParseAddr("192.0.2.1"), browser, noon.Add(3*time.Hour))
	if got := c.Counts(noon.Add(3*time.Hour), 9); len(got) != 1 || got[0] != (Count{"a", 1, 1}) {
		t.Errorf("after three hours: %+v", got)
	}
	if got := c.Counts(noon.Add(8*time.Hour), 9); len(got) != 1 || got[0] != (Count{"a", 1, 0}) {
		t.Errorf("after eight: %+v", got)
	}
	if got := c.Counts(noon.Add(28*time.Hour), 9); len(got) != 0 {
		t.Errorf("a day later: %+v", got)
	}
	c.Read("b", netip.MustParseAddr("192.0.2.1"), browser, noon.Add(25*time.Hour)) // takes the place of the first hour
	if got := c.Counts(noon.Add(25*time.Hour), 9); len(got) != 2 {
		t.Errorf("a day and an hour later: %+v", got)
	}
}

func TestProgramsAreLeftOut(t *testing.T) {
	for _, agent := range []string{"", "curl/8.5.0", "Go-http-client/1.1", "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
		"Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingBot/2.0)", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36",
		"facebookexternalhit/1.1", "Mozilla/5.0 (compatible; UptimeMonitor/1.0)"} {
		if !Program(agent) {
			t.Errorf("%q is taken for a person", agent)
		}
	}
	for _, agent := range []string{browser, "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"} {
		if Program(agent) {
			t.Errorf("%q is taken for a program", agent)
		}
	}
}

// TestCountingAllocatesNothing: a hot page costs no more for being counted.
func TestCountingAllocatesNothing(t *testing.T) {
	var c Counter
	c.Read("a", netip.MustParseAddr("192.0.2.1"), browser, noon)
	at := netip.MustParseAddr("192.0.2.1")
	if n := testing.AllocsPerRun(1000, func() { c.Read("a", at, browser, noon) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// TestARestartKeepsTheCounts, and the file holds nothing of readers: neither address nor browser nor any hash of them.
func TestARestartKeepsTheCounts(t *testing.T) {
	var c, again Counter
	id := dateline.ID("0190b5f0-6c00-7cc3-98c4-dc0c0c07398f")
	for i := range 40 {
		c.Read(id, from("192.0.2.", i), browser, noon)
	}
	c.Read("b", netip.MustParseAddr("198.51.100.7"), browser, noon)
	hash := c.hours[noon.Unix()/3600%int64(len(c.hours))].articles["b"].first[0]
	path := filepath.Join(t.TempDir(), "reads")
	if err := c.Save(path); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"198.51", "Firefox", fmt.Sprint(hash), string([]byte{byte(hash >> 56), byte(hash >> 48), byte(hash >> 40), byte(hash >> 32)})} {
		if strings.Contains(string(b), secret) {
			t.Errorf("the file holds %q", secret)
		}
	}
	if err := again.Load(path); err != nil {
		t.Fatal(err)
	}
	was, is := c.Counts(noon, 9), again.Counts(noon, 9)
	if len(is) != 2 || is[0].Article != id || math.Abs(float64(is[0].Readers-was[0].Readers)) > 3 || is[1] != (Count{"b", 1, 1}) {
		t.Errorf("before %+v, after %+v", was, is)
	}
	if err := os.WriteFile(path, []byte("nonsense"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := new(Counter).Load(path); err == nil {
		t.Error("a damaged file is read")
	}
	if err := new(Counter).Load(path + "-missing"); err != nil {
		t.Error(err)
	}
}

func BenchmarkRead(b *testing.B) {
	var c Counter
	b.ReportAllocs()
	at := netip.MustParseAddr("192.0.2.1")
	for b.Loop() {
		c.Read("a", at, browser, noon)
	}
}
