package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/record"
)

// How many publications the test of kills makes, how many between two kills, and how many editors work at once. The first
// is taken from the environment where a longer run is wanted.
const (
	publications    = 80
	perKill         = 10
	editorsAtOnce   = 4
	publicationsEnv = "DATELINE_KILL_PUBLICATIONS"
)

// process is the program in a process of its own.
type process struct {
	*served
	cmd *exec.Cmd
}

// spawn starts the program on a newsroom and waits until it says that it is ready.
func (p *paperFolder) spawn(token string) *process {
	p.t.Helper()
	exe, err := os.Executable()
	must(p.t, err)
	cmd := exec.Command(exe, "serve", "--dir", p.dir, "--site", "127.0.0.1:0", "--newsroom", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), asProgram+"=1")
	out, log := new(screen), new(screen)
	cmd.Stdout, cmd.Stderr = out, log
	must(p.t, cmd.Start())
	p.t.Cleanup(func() { _ = cmd.Process.Kill() }) // it may have ended
	eventually(p.t, "the program is ready", func() bool {
		if strings.Contains(log.String(), "dateline: ") || strings.Contains(log.String(), "DATA RACE") {
			p.t.Fatalf("the program says: %s", log)
		}
		return addresses.MatchString(out.String())
	})
	found := addresses.FindStringSubmatch(out.String())
	return &process{&served{paperFolder: p, site: found[1], newsroom: found[2], token: token, screen: log}, cmd}
}

// kill ends the process with SIGKILL: nothing of it runs after that.
func (p *process) kill() {
	p.t.Helper()
	must(p.t, p.cmd.Process.Kill())
	_ = p.cmd.Wait() // says that it was killed
	if strings.Contains(p.screen.String(), "DATA RACE") {
		p.t.Errorf("the program says: %s", p.screen)
	}
}

// promise is a publication that was asked for.
type promise struct {
	id      dateline.ID
	edition int
	words   string // that stand at the end of its text and nowhere else
	key     string // its idempotency key
	version int64  // that it was based on
	body    fields
	receipt dateline.Receipt // of one that was acknowledged
}

// editors publish from several goroutines and keep what was promised to them.
type editors struct {
	t     *testing.T
	mu    sync.Mutex
	n     int
	kept  []*promise // acknowledged
	open  []*promise // asked for, and the answer was lost
	acked chan struct{}
}

// text is a body of many paragraphs; its last words tell whether it is whole.
func text(words string) string {
	return "<p>" + strings.Repeat("The tide came in over the salt marsh before the first boats left the harbour.</p><p>", 30) + words + "</p>"
}

// work writes and publishes articles, each in two editions, until the server does not answer any more.
func (e *editors) work(ctx context.Context, at *served) {
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	ask := func(method, path string, body any, into any, headers ...string) bool {
		g, err := ask(ctx, client, method, at.newsroom+"/api/v1"+path, at.token, body, headers...)
		if err != nil {
			return false
		}
		if g.status >= 300 {
			e.t.Errorf("%s answers %d: %s", g.asked, g.status, g.body)
			return false
		}
		return json.Unmarshal([]byte(g.body), into) == nil
	}
	for ctx.Err() == nil {
		e.mu.Lock()
		e.n++
		n := e.n
		e.mu.Unlock()
		var a newsroom.Article
		for edition, change := range []fields{{}, {"change": "update", "note": "There is more."}} {
			words := fmt.Sprintf("endofstory%dedition%d", n, edition+1)
			content := fields{"section": "coast", "headline": fmt.Sprintf("Story %d as edition %d", n, edition+1), "slug": fmt.Sprint("story-", n), "html": text(words)}
			if edition == 0 && !ask("POST", "/articles", content, &a) {
				return
			}
			if edition > 0 && !(ask("GET", "/articles/"+string(a.ID), nil, &a) && ask("PUT", "/articles/"+string(a.ID), content, &a, "If-Match", quoted(a.Version))) {
				return
			}
			p := &promise{id: a.ID, edition: edition + 1, words: words, key: words, version: a.Version, body: change}
			done := ask("POST", "/articles/"+string(a.ID)+"/publish", change, &p.receipt, "If-Match", quoted(a.Version), "Idempotency-Key", p.key)
			e.mu.Lock()
			if done {
				e.kept = append(e.kept, p)
			} else {
				e.open = append(e.open, p)
			}
			e.mu.Unlock()
			if !done {
				return
			}
			select {
			case e.acked <- struct{}{}:
			case <-ctx.Done():
			}
		}
	}
}

func quoted(version int64) string { return strconv.Quote(strconv.FormatInt(version, 10)) }

// round lets the editors work until some publications are acknowledged, and kills the program at a random moment then.
func (e *editors) round(at *process) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var working sync.WaitGroup
	for range editorsAtOnce {
		working.Go(func() { e.work(ctx, at.served) })
	}
	for range 1 + rand.IntN(2*perKill-1) {
		select {
		case <-e.acked:
		case <-ctx.Done():
			e.t.Fatal("the program does not publish")
		}
	}
	moment := time.NewTimer(time.Duration(rand.IntN(8000)) * time.Microsecond)
	<-moment.C
	at.kill()
	cancel()
	working.Wait()
}

// TestKilledAtAnyMoment: the program is killed while editors publish, and started again, many times. Every publication that
// was acknowledged is there, one whose answer was lost is there once or not at all and can be asked for again, no page is
// half made, and the record verifies.
func TestKilledAtAnyMoment(t *testing.T) {
	total := publications
	if s := os.Getenv(publicationsEnv); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 || n > 1000 {
			t.Fatalf("%s is %q and not a number from 1 to 1000", publicationsEnv, s)
		}
		total = n
	}
	p := newPaper(t)
	token := p.token(dateline.RoleChief)
	at := p.spawn(token)
	at.section("coast")
	e := &editors{t: t}
	checked, kills := 0, 0
	for len(e.kept) < total {
		e.acked = make(chan struct{}, 64)
		e.round(at)
		kills++
		p.do("record", "verify").is(exitOK)
		at = p.spawn(token)
		for _, promise := range e.kept[checked:] {
			at.keeps(promise)
		}
		checked = len(e.kept)
		e.askAgain(at.served)
	}
	t.Logf("%d publications acknowledged, %d kills", len(e.kept), kills)
	if least := total / (2 * perKill); kills < least {
		t.Errorf("only %d kills", kills)
	}
	at.isWhole(e)
	must(t, at.cmd.Process.Signal(os.Interrupt))
	if err := at.cmd.Wait(); err != nil {
		t.Errorf("stopped by an interrupt: %v\n%s", err, at.screen)
	}
	p.do("record", "verify").is(exitOK)
}

// keeps checks that what was acknowledged is there: at the desk, on the page, and as a receipt.
func (at *process) keeps(p *promise) {
	at.t.Helper()
	a := at.find(p.id)
	if a.Edition < p.edition || a.Readers != dateline.Published {
		at.t.Errorf("edition %d of %s was acknowledged; the desk has %d, %s", p.edition, p.id, a.Edition, a.Readers)
	}
	page := at.read(a.Address).is(200).has(mark(p.id, a.Edition), fmt.Sprintf("edition%d</p>", a.Edition))
	if a.Edition == p.edition {
		page.has(p.words)
	}
	at.read(fmt.Sprintf("%s/history/%d", a.Address, p.edition)).is(200).has(p.words)
	// On a machine that is busy a line may be late, such as a search that took too long; asked for anew, it comes.
	eventually(at.t, fmt.Sprintf("the receipt of entry %d is confirmed", p.receipt.Sequence), func() bool {
		var r dateline.Receipt
		at.api("GET", fmt.Sprint("/receipts/", p.receipt.Sequence), nil).is(200).into(&r)
		if r.Sequence != p.receipt.Sequence || r.Article != p.id || r.Edition != p.edition {
			at.t.Fatalf("the receipt of entry %d is %+v", p.receipt.Sequence, r)
		}
		return r.Confirmed
	})
}

// askAgain repeats the requests whose answers were lost. They are carried out now, or were before: once in either case.
func (e *editors) askAgain(at *served) {
	e.t.Helper()
	for _, p := range e.open {
		at.api("POST", "/articles/"+string(p.id)+"/publish", p.body, "If-Match", quoted(p.version), "Idempotency-Key", p.key).is(200).into(&p.receipt)
		if p.receipt.Edition != p.edition {
			e.t.Errorf("asked again for edition %d of %s: %+v", p.edition, p.id, p.receipt)
		}
		e.kept = append(e.kept, p)
	}
	e.open = nil
}

// isWhole checks that the record has no gap and every edition once, that desk and site have the same editions, and that of
// what is not published nothing is to be seen.
func (at *process) isWhole(e *editors) {
	at.t.Helper()
	published := map[dateline.ID]int{}
	for after := int64(0); ; {
		g, err := ask(at.t.Context(), visitor, "GET", fmt.Sprint(at.newsroom, "/record/entries?after=", after), at.token, nil)
		must(at.t, err)
		before := after
		must(at.t, record.ReadLines(strings.NewReader(g.body), func(entry record.Entry) error {
			if after++; entry.Sequence != after {
				at.t.Fatalf("entry %d stands in the place of %d", entry.Sequence, after)
			}
			if entry.Kind == record.KindEdition {
				body, err := entry.Decode()
				if published[entry.Subject]++; err != nil || body.(*record.Edition).Number != published[entry.Subject] {
					at.t.Errorf("entry %d: %+v, %v; want edition %d", entry.Sequence, body, err, published[entry.Subject])
				}
			}
			return nil
		}))
		if after == before {
			break
		}
	}
	editions := 0
	for id, n := range published {
		editions += n
		a := at.find(id)
		if a.Edition != n {
			at.t.Errorf("%s has %d editions in the record and %d at the desk", id, n, a.Edition)
		}
		at.read(a.Address).is(200).has(mark(id, n), fmt.Sprintf("edition%d</p>", n)).lacks(mark(id, 3-n))
	}
	if editions != len(e.kept) {
		at.t.Errorf("%d editions in the record, %d publications were answered", editions, len(e.kept))
	}
	for next, first := "", true; first || next != ""; first = false {
		var page struct {
			Articles []newsroom.Article
			Next     string
		}
		at.api("GET", "/articles?state=unpublished&limit=200&after="+next, nil).is(200).into(&page)
		for _, a := range page.Articles {
			at.read("/search?q=" + strings.ReplaceAll(a.Content.Headline, " ", "+")).is(200).lacks(string(a.ID))
		}
		next = page.Next
	}
	home := at.read("/").is(200)
	for _, part := range strings.Split(home.body, `data-edition="`)[1:] {
		id, _, _ := strings.Cut(part, "/")
		if published[dateline.ID(id)] == 0 {
			at.t.Errorf("home shows %s, which has no edition in the record", id)
		}
	}
}
