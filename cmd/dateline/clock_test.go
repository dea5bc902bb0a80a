package main

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/newsroom"
)

// setClock is a machine's clock that goes, and that somebody sets.
type setClock struct {
	mu    sync.Mutex
	began time.Time
	off   time.Duration
}

func (c *setClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.off)
}

func (c *setClock) Boot() time.Duration { return time.Since(c.began) }

func (c *setClock) jump(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.off += d
}

// serveAt serves the folder as `dateline serve` does, by another clock.
func (p *paperFolder) serveAt(clock desk.Clock) (s *served, log *screen) {
	p.t.Helper()
	log = new(screen)
	logger := slog.New(slog.NewTextHandler(log, nil))
	ctx, cancel := context.WithCancel(context.Background())
	r, err := openRoomAt(ctx, folder(p.dir), logger, clock, false)
	must(p.t, err)
	pr, err := newProgram(ctx, r, logger, entrance{Streams: 10}, newProgress(os.Stderr))
	must(p.t, err)
	l, err := listen("127.0.0.1:0", "127.0.0.1:0", secure{})
	must(p.t, err)
	ended := make(chan error, 1)
	go func() { ended <- pr.Run(ctx, l) }()
	s = &served{paperFolder: p, screen: new(screen), site: l.siteURL(), newsroom: l.newsroomURL()}
	s.stop = sync.OnceValue(func() int {
		cancel()
		for _, err := range []error{<-ended, pr.Close(), r.Close()} {
			if err != nil {
				p.t.Errorf("the program ended with %v", err)
			}
		}
		return exitOK
	})
	p.t.Cleanup(func() { s.stop() })
	s.token = p.token(dateline.RoleChief)
	return s, log
}

// TestAClockThatSomebodySets: schedules and publishing wait while the clock cannot be believed, and the newsroom is told why; a chief
// confirms it. A clock that goes back takes nothing from readers and publishes nothing again, also across a restart.
func TestAClockThatSomebodySets(t *testing.T) {
	clock := &setClock{began: time.Now()}
	p := newPaper(t)
	s, log := p.serveAt(clock)
	s.section("coast")
	write := func(headline string) newsroom.Article {
		return s.write(fields{"section": "coast", "headline": headline, "html": "<p>The boat lies at the pier.</p>"})
	}
	told := func() (c newsroom.Clock) {
		s.api("GET", "/clock", nil).is(200).into(&c)
		return c
	}
	first := s.act(write("The first").ID, "publish", fields{}).confirmed()
	due := write("It is due in an hour")
	s.act(due.ID, "schedule", fields{"due": clock.Now().Add(time.Hour)}).is(200)
	var would struct{ Address string }
	s.api("GET", "/articles/"+string(due.ID)+"/address", nil).is(200).into(&would)
	other := write("The other")

	clock.jump(2 * time.Hour)
	if c := told(); c.Jump < 7199 || c.Jump > 7201 || !strings.Contains(c.Wrong, "publishing and schedules wait") {
		t.Errorf("after a jump the newsroom is told %+v", c)
	}
	s.act(write("Soon").ID, "schedule", fields{"due": clock.Now().Add(30 * time.Minute)}) // which wakes what looks for what is due
	eventually(t, "the schedule waits, and says so", func() bool { return strings.Contains(log.String(), "scheduled articles wait") })
	s.act(other.ID, "publish", fields{}).is(503).has("jumped")
	s.read(would.Address).is(404)
	s.read(first.Address).is(200)

	clock.jump(-2 * time.Hour) // it agrees again
	if c := told(); c.Wrong != "" {
		t.Errorf("the clock agrees again, and the newsroom is told %+v", c)
	}
	second := s.act(other.ID, "publish", fields{}).confirmed()
	s.read(would.Address).is(404)

	clock.jump(2 * time.Hour)
	s.api("POST", "/clock/confirm", fields{"reason": "The battery was empty"}).is(200)
	eventually(t, "what was due goes out once the clock is confirmed", func() bool { return s.read(would.Address).status == 200 })
	s.api("GET", "/audit?act=administer", nil).is(200).has("The battery was empty")

	// The clock goes back, over everything that was published.
	pages := map[string]string{}
	for _, address := range []string{first.Address, second.Address, would.Address, "/", "/coast/"} {
		pages[address] = s.read(address).is(200).body
	}
	same := func(when string) {
		t.Helper()
		for address, was := range pages {
			if s.read(address).is(200).body != was {
				t.Errorf("%s: %s is another", when, address)
			}
		}
		if a := s.find(due.ID); a.Edition != 1 || a.Readers != "published" {
			t.Errorf("%s: what was due has edition %d and is %s", when, a.Edition, a.Readers)
		}
	}
	clock.jump(-5 * time.Hour)
	same("after the clock went back")
	third := write("The third")
	s.act(third.ID, "publish", fields{}).is(503).has("jumped by -5h")
	if s.find(third.ID).Created.Before(s.find(other.ID).Created) {
		t.Error("what is written is dated before what was written before it")
	}
	s.stop()
	s, _ = p.serveAt(clock) // a start believes the clock as it stands, but not behind the newest act
	same("after a restart")
	if c := told(); c.Behind < 4*3600 || c.Jump != 0 || !strings.Contains(c.Wrong, "behind the newest act") {
		t.Errorf("after a restart the newsroom is told %+v", c)
	}
	s.act(third.ID, "publish", fields{}).is(503).has("behind the newest act")
	s.api("POST", "/clock/confirm", fields{"reason": "It was set five hours ahead by mistake"}).is(200)
	r := s.act(third.ID, "publish", fields{}).confirmed()
	if r.At.After(clock.Now()) {
		t.Errorf("confirmed, the clock is right: the act is dated %v, and it is %v", r.At, clock.Now())
	}
	s.read(r.Address).is(200)
	if a := s.find(due.ID); a.Edition != 1 {
		t.Errorf("what was due went out %d times", a.Edition)
	}
}
