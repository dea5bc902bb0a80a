package purge

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// asked is a cache's API that notes what it is asked and answers as it is told.
type asked struct {
	*httptest.Server
	mu     sync.Mutex
	lines  []string
	answer func(n int) (status int, body string)
}

func newAsked(t *testing.T) *asked {
	a := &asked{answer: func(int) (int, string) { return 200, `{"success":true}` }}
	a.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		line := r.Method + " " + r.URL.Path
		for _, name := range []string{"Surrogate-Key", "Fastly-Key", "Fastly-Soft-Purge", "Authorization", "Content-Type"} {
			if v := r.Header.Get(name); v != "" {
				line += " " + name + "=" + v
			}
		}
		if len(body) > 0 {
			line += " " + string(body)
		}
		a.mu.Lock()
		a.lines = append(a.lines, line)
		status, text := a.answer(len(a.lines))
		a.mu.Unlock()
		w.WriteHeader(status)
		io.WriteString(w, text)
	}))
	t.Cleanup(a.Close)
	return a
}

func (a *asked) said() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return slices.Clone(a.lines)
}

func (a *asked) answers(f func(n int) (int, string)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer, a.lines = f, nil
}

func newPurger(t *testing.T, again ...time.Duration) *Purger {
	if again == nil {
		again = []time.Duration{}
	}
	p := New(Config{UserAgent: "Dateline/test", Log: slog.New(slog.DiscardHandler), Rest: time.Millisecond, Again: again})
	t.Cleanup(p.Close)
	return p
}

// through waits until all caches have purged up to an entry.
func through(t *testing.T, p *Purger, sequence int64) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, l := range p.Wait(ctx, sequence) {
		if !l.Confirmed {
			t.Fatalf("%+v", l)
		}
	}
}

// TestEachFormAsksAsItsAPIHasIt: method, address, header lines and body of each form, for a soft purge, a hard one and all.
func TestEachFormAsksAsItsAPIHasIt(t *testing.T) {
	x, y := Tag("x"), Tag("y")
	tags := []string{x, y, Wide}
	slices.Sort(tags)
	spaced, quoted := strings.Join(tags, " "), `"`+strings.Join(tags, `","`)+`"`
	for form, want := range map[Form][3]string{
		Webhook: {`POST / Authorization=Bearer s3 Content-Type=application/json {"sequence":8,"all":false,"hard":false,"tags":[` + quoted + `]}`,
			`POST / Authorization=Bearer s3 Content-Type=application/json {"sequence":9,"all":false,"hard":true,"tags":[` + quoted + `]}`,
			`POST / Authorization=Bearer s3 Content-Type=application/json {"sequence":10,"all":true,"hard":true,"tags":[]}`},
		Fastly: {"POST /service/abc/purge Surrogate-Key=" + spaced + " Fastly-Key=s3 Fastly-Soft-Purge=1", "POST /service/abc/purge Surrogate-Key=" + spaced + " Fastly-Key=s3",
			"POST /service/abc/purge_all Fastly-Key=s3"},
		Cloudflare: {"POST /zones/abc/purge_cache Authorization=Bearer s3 Content-Type=application/json {\"tags\":[" + quoted + "]}",
			"POST /zones/abc/purge_cache Authorization=Bearer s3 Content-Type=application/json {\"tags\":[" + quoted + "]}",
			`POST /zones/abc/purge_cache Authorization=Bearer s3 Content-Type=application/json {"purge_everything":true}`},
		Varnish: {"PURGE / Surrogate-Key=" + spaced + " Authorization=Bearer s3", "PURGE / Surrogate-Key=" + spaced + " Authorization=Bearer s3", "PURGE / Authorization=Bearer s3"},
		Nginx:   {"GET /,GET /", "GET /,GET /", "GET /,GET /"}, // no secret
	} {
		t.Run(string(form), func(t *testing.T) {
			a, p := newAsked(t), newPurger(t)
			c := Cache{Form: form, URL: a.URL, Secret: "s3"}
			if form == Nginx {
				c.Secret = ""
			}
			if form == Fastly || form == Cloudflare {
				c.ID = "abc"
			}
			if err := p.Set([]Cache{c}, 7); err != nil {
				t.Fatal(err)
			}
			through(t, p, 7)
			for i, change := range []Change{{Sequence: 8, Keys: []string{"x", "y", "x"}}, {Sequence: 9, Keys: []string{"y", "x"}, Hard: true}, {Sequence: 10, Keys: []string{"x"}, All: true, Hard: true}} {
				a.answers(a.answer)
				p.Purge(change)
				through(t, p, change.Sequence)
				if diff := cmp.Diff(want[i], strings.ReplaceAll(strings.Join(a.said(), ","), "POST /,", "POST / ")); diff != "" {
					t.Errorf("change %d (-want +got):\n%s", i, diff)
				}
			}
		})
	}
	var many []string
	for i := range 300 {
		many = append(many, fmt.Sprint(i))
	}
	for form, want := range map[Form]int{Fastly: 2, Cloudflare: 3, Varnish: 1, Webhook: 1} {
		if got := len(Cache{Form: form, URL: "http://a/", ID: "b"}.questions(batch{tags: many})); got != want {
			t.Errorf("%s asks %d times for 300 tags, want %d", form, got, want)
		}
	}
}

// TestWhatIsOwedIsPurgedUntilItIs: a cache that refuses is asked again with all that came meanwhile, nothing may be kept until it
// has purged, and those who wait are told what is wrong.
func TestWhatIsOwedIsPurgedUntilItIs(t *testing.T) {
	a, p := newAsked(t), newPurger(t)
	if p.Fresh() || p.Any() {
		t.Error("fresh without caches")
	}
	if err := p.Set([]Cache{{Form: Webhook, URL: a.URL}}, 3); err != nil {
		t.Fatal(err)
	}
	through(t, p, 3)
	if first := a.said(); !p.Fresh() || len(first) != 1 || !strings.Contains(first[0], `"all":true,"hard":true`) {
		t.Errorf("at the start it is asked %q, fresh %v", first, p.Fresh())
	}
	broken := make(chan struct{})
	a.answers(func(n int) (int, string) {
		if n < 4 {
			return 503, "later"
		}
		select {
		case <-broken:
			return 200, ""
		default:
			return 403, "not you"
		}
	})
	p.Purge(Change{Sequence: 4, Keys: []string{"x"}, Hard: true})
	if p.Fresh() {
		t.Error("fresh although something is owed")
	}
	p.Purge(Change{Sequence: 5, Keys: []string{"y"}})
	for {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		l := p.Wait(ctx, 4)[0]
		cancel()
		if l.Confirmed {
			t.Fatalf("%+v", l)
		}
		if l.Status == 403 && strings.Contains(l.Detail, "403") && strings.Contains(l.Detail, "not you") {
			break
		}
	}
	close(broken)
	through(t, p, 5)
	lines := a.said()
	if last := lines[len(lines)-1]; !strings.Contains(last, Tag("x")) || !strings.Contains(last, Tag("y")) || !strings.Contains(last, `"hard":true`) {
		t.Errorf("what came meanwhile is not purged with it: %s", last)
	}
	if !p.Fresh() {
		t.Error("nothing is owed any more, and it is not fresh")
	}
	p.Purge(Change{Sequence: 6}) // changed no page
	through(t, p, 6)
	if got := a.said(); len(got) != len(lines) {
		t.Errorf("it is asked for nothing: %q", got[len(lines):])
	}
	if l := p.Everything(t.Context()); len(l) != 1 || !l[0].Confirmed {
		t.Errorf("everything: %+v", l)
	}
}

// TestWhatWasUnderWayIsPurgedToo: each purge is made again, and a purge that fails then is owed again.
func TestWhatWasUnderWayIsPurgedToo(t *testing.T) {
	a, p := newAsked(t), newPurger(t, time.Millisecond, 2*time.Millisecond)
	a.answers(func(n int) (int, string) {
		if n == 2 {
			return 500, ""
		}
		return 200, ""
	})
	if err := p.Set([]Cache{{Form: Varnish, URL: a.URL}}, 1); err != nil {
		t.Fatal(err)
	}
	for late := time.After(time.Minute); len(a.said()) < 4; { // the first, one again that fails, that once more, and its own: two, or one where both are due at once
		select {
		case <-late:
			t.Fatalf("asked %q", a.said())
		case <-time.After(time.Millisecond):
		}
	}
}

func TestTagsAreShortAndFew(t *testing.T) {
	keys := []string{"article:Minister resigns", "topic:coup"}
	got := strings.Join(Tags(keys), " ")
	if len(got) != 21 || strings.Contains(got, "coup") || strings.Contains(got, "inister") {
		t.Errorf("tags %q", got)
	}
	var many []string
	for i := range MostTags {
		many = append(many, fmt.Sprint("list:", i))
	}
	if got := Tags(append(many, many...)); len(got) != MostTags {
		t.Errorf("%d tags of %d keys", len(got), MostTags)
	}
	if got := Tags(append(many, "one more")); !slices.Equal(got, []string{Wide}) {
		t.Errorf("too many keys give %q", got)
	}
}

func TestCachesThatCannotBeAsked(t *testing.T) {
	for _, c := range []Cache{{}, {Form: "squid", URL: "http://a/"}, {Form: Varnish}, {Form: Varnish, URL: "ftp://a/"}, {Form: Varnish, URL: "http://u:p@a/"}, {Form: Fastly, Secret: "x"},
		{Form: Fastly, ID: "a"}, {Form: Cloudflare, ID: "a/../b", Secret: "x"}, {Form: Webhook, URL: "http://a/", Secret: "a\nb"}, {Form: Webhook, URL: "http://a/?token=x"},
		{Form: Webhook, URL: "http://a/#x"}, {Form: Webhook, URL: "http://x@a/"}, {Form: Nginx, URL: "http://a/", Secret: "x"}} {
		if c.Validate() == nil {
			t.Errorf("%+v is taken", c)
		}
	}
}

// TestNothingIsOwedToACacheThatWasReplaced: whoever still has a worker that Set has ended owes it nothing, and does not wait for it.
func TestNothingIsOwedToACacheThatWasReplaced(t *testing.T) {
	a, p := newAsked(t), newPurger(t)
	one := []Cache{{Form: Webhook, URL: a.URL}}
	if err := p.Set(one, 1); err != nil {
		t.Fatal(err)
	}
	through(t, p, 1)
	old := p.workers[0]
	if err := p.Set(one, 0); err != nil {
		t.Fatal(err)
	}
	through(t, p, 1)
	n := old.owe(Change{All: true})
	if l := old.wait(t.Context(), func() bool { return old.answered >= n }); l.Confirmed || !p.Fresh() {
		t.Errorf("a cache that was replaced: %+v, fresh %v", l, p.Fresh())
	}
	release := p.Hold()
	if p.Fresh() {
		t.Error("fresh while it is held")
	}
	if release(); !p.Fresh() {
		t.Error("not fresh any more")
	}
}

// TestAnActIsPurgedBeforeWhatIsMadeAgain: where both are due, what an act changed goes first.
func TestAnActIsPurgedBeforeWhatIsMadeAgain(t *testing.T) {
	a, p := newAsked(t), newPurger(t, time.Nanosecond)
	asked, answer := make(chan struct{}), make(chan struct{})
	a.answers(func(n int) (int, string) {
		if n == 1 {
			close(asked)
			<-answer
		}
		return 200, ""
	})
	if err := p.Set([]Cache{{Form: Webhook, URL: a.URL}}, 1); err != nil {
		t.Fatal(err)
	}
	<-asked
	p.Purge(Change{Sequence: 2, Keys: []string{"x"}}) // the first is due again as soon as it is answered
	close(answer)
	through(t, p, 2)
	if lines := a.said(); len(lines) < 2 || !strings.Contains(lines[1], Tag("x")) {
		t.Errorf("asked %q", lines)
	}
}

// TestACacheThatCannotBeAsked: it is owed all that it is told, so that nothing may be kept; the others are told as ever.
func TestACacheThatCannotBeAsked(t *testing.T) {
	a, p := newAsked(t), newPurger(t)
	if err := p.Set([]Cache{{Form: Webhook, URL: a.URL}, {Form: Fastly, ID: "x", Broken: fmt.Errorf("its secret is lost")}}, 3); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for len(lines) == 0 {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		if l := p.Wait(ctx, 3); l[0].Confirmed && strings.Contains(l[1].Detail, "its secret is lost") {
			lines = append(lines, l[1].Detail)
		}
		cancel()
	}
	if p.Fresh() || !p.Any() {
		t.Error("pages may be kept by a cache that nobody can purge")
	}
}
