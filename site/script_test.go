package site

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// scripts are the script elements of a page but for the data of search engines.
var scripts = regexp.MustCompile(`<script(?:>| [^t][^>]*>)`)

// TestOnlyPagesWithSomethingToDoLoadTheScript: there is one file, at most 3 kB compressed, which a page's policy allows by what is in
// it; it is loaded after the page, by those pages alone on which it has something to do. None has a script in itself.
func TestOnlyPagesWithSomethingToDoLoadTheScript(t *testing.T) {
	c := newCoverage(t)
	d := c.paperDesk
	c.state(dateline.LiveOn, "")
	c.post("The first boat", 0)
	s := newTalks(d)
	plain, _ := d.publish("line", "The line is drawn", s.joins)
	film, _ := d.publish("film", "The film", func(e *record.Edition) {
		e.Body = json.RawMessage(`{"type":"doc","content":[{"type":"embed","attrs":{"provider":"youtube","url":"https://youtu.be/a"}}]}`)
	})
	before := s.status(dateline.StoryUnderWay, "Talks under way", "")
	s.status(dateline.StorySuspended, "Talks suspended", "")
	file := ""
	for _, p := range []struct {
		address string
		works   bool
	}{
		{"/", false}, {"/coast", false}, {"/latest", false}, {"/archive", false}, {"/corrections", false}, {"/search?q=line", false},
		{d.editions[plain].Address, false}, {d.editions[plain].Address + "/history", false}, {"/stories/talks/history", false}, {"/nothing", false},
		{d.editions[film].Address, true}, {"/stories/talks", true}, {fmt.Sprint("/stories/talks?since=", before), true}, {c.address, true},
	} {
		w := d.get(p.address)
		found, policy := scripts.FindAllString(w.Body.String(), -1), w.Header().Get("Content-Security-Policy")
		if !p.works {
			if len(found) > 0 || strings.Contains(policy, "script-src") {
				t.Errorf("%s has nothing to do for a script, and has %q under %q", p.address, found, policy)
			}
			continue
		}
		m := regexp.MustCompile(`^<script defer src="(/assets/script/reader\.[0-9a-f]{16}\.js)" integrity="(sha256-[^"]+)">$`).FindStringSubmatch(strings.Join(found, "\n"))
		if m == nil {
			t.Errorf("%s has the scripts %q", p.address, found)
			continue
		}
		file = m[1]
		sum := sha256.Sum256(d.get(file).Body.Bytes())
		if want := "sha256-" + base64.StdEncoding.EncodeToString(sum[:]); m[2] != want || !strings.Contains(policy+";", "; script-src '"+want+"';") {
			t.Errorf("%s is to have %s, the page names %s and allows %q", file, want, m[2], policy)
		}
	}
	var small bytes.Buffer
	z, _ := gzip.NewWriterLevel(&small, gzip.BestCompression)
	if _, err := z.Write(d.get(file).Body.Bytes()); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if small.Len() > 3<<10 {
		t.Errorf("the script has %d bytes compressed", small.Len())
	}
}
