package desk

import (
	"context"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/fetch"
)

// Asker asks other machines for something; fetch.Client is the one that the program uses.
type Asker interface {
	Do(ctx context.Context, q fetch.Question) (fetch.Response, error)
}

var _ Asker = (*fetch.Client)(nil)

// Bounds of asking whether links answer.
const (
	maxLinks     = 100 // of one article; the rest is not asked
	linksAtOnce  = 4   // of the whole newsroom
	linkTime     = 5 * time.Second
	linksTime    = 9 * time.Second // for all of one article
	maxLinksKept = 5000
	goodFor      = time.Hour   // how long an answer is believed
	othersFor    = time.Minute // that a link is broken, or could not be asked
)

// linkAnswer is what asking for a link came to.
type linkAnswer struct {
	state  dateline.FindingState
	why    string // gone, no_host; refused, late, private, silent, many
	status int
	at     time.Time
}

// linkAsker asks whether links answer, a few at once, and remembers for a while what they did.
type linkAsker struct {
	asker  Asker // nil: nothing is asked
	places chan struct{}
	now    func() time.Time

	mu   sync.Mutex
	kept map[string]linkAnswer
}

func newLinkAsker(a Asker) *linkAsker {
	return &linkAsker{asker: a, places: make(chan struct{}, linksAtOnce), now: time.Now, kept: map[string]linkAnswer{}}
}

// known gives what is remembered of some links.
func (l *linkAsker) known(links []string) map[string]linkAnswer {
	l.mu.Lock()
	defer l.mu.Unlock()
	found := map[string]linkAnswer{}
	for _, address := range links {
		if a, ok := l.kept[address]; ok && l.now().Sub(a.at) < a.good() {
			found[address] = a
		}
	}
	return found
}

func (a linkAnswer) good() time.Duration {
	if a.state == dateline.FindingGood {
		return goodFor
	}
	return othersFor
}

// ask gives an answer for every link, from memory or from the site it leads to, within linksTime.
func (l *linkAsker) ask(ctx context.Context, links []string) map[string]linkAnswer {
	found := l.known(links)
	ctx, cancel := context.WithTimeout(ctx, linksTime)
	defer cancel()
	var wait sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]linkAnswer{}
	asked := 0
	for _, address := range links {
		if _, ok := found[address]; ok {
			continue
		}
		if asked++; asked > maxLinks {
			found[address] = linkAnswer{state: dateline.FindingUnknown, why: "many"}
			continue
		}
		wait.Go(func() {
			a := l.one(ctx, address)
			mu.Lock()
			defer mu.Unlock()
			answers[address] = a
		})
	}
	wait.Wait()
	maps.Copy(found, answers)
	return found
}

// one asks for one link.
func (l *linkAsker) one(ctx context.Context, address string) linkAnswer {
	if l.asker == nil {
		return linkAnswer{state: dateline.FindingUnknown, why: "silent"}
	}
	select {
	case l.places <- struct{}{}:
		defer func() { <-l.places }()
	case <-ctx.Done():
		return linkAnswer{state: dateline.FindingUnknown, why: "late"}
	}
	r, err := l.asker.Do(ctx, fetch.Question{URL: address, StatusOnly: true, Limits: fetch.Limits{Timeout: linkTime}})
	a := judged(r.Status, err)
	l.keep(ctx, address, a)
	return a
}

// judged says what an answer means. Only what says for itself that there is nothing is broken: a site that turns programs
// away, is slow or has trouble of its own may well answer readers.
func judged(status int, err error) linkAnswer {
	var dns *net.DNSError
	switch {
	case err == nil && status >= 200 && status < 400:
		return linkAnswer{state: dateline.FindingGood, status: status}
	case err == nil && (status == http.StatusNotFound || status == http.StatusGone):
		return linkAnswer{state: dateline.FindingFails, why: "gone", status: status}
	case err == nil:
		return linkAnswer{state: dateline.FindingUnknown, why: "refused", status: status}
	case errors.As(err, &dns) && dns.IsNotFound:
		return linkAnswer{state: dateline.FindingFails, why: "no_host"}
	case errors.Is(err, fetch.ErrAddress), errors.Is(err, fetch.ErrURL):
		return linkAnswer{state: dateline.FindingUnknown, why: "private"}
	case errors.Is(err, fetch.ErrTimeout):
		return linkAnswer{state: dateline.FindingUnknown, why: "late"}
	}
	return linkAnswer{state: dateline.FindingUnknown, why: "silent"}
}

// keep remembers an answer, unless whoever asked went away meanwhile. When memory is full it begins anew.
func (l *linkAsker) keep(ctx context.Context, address string, a linkAnswer) {
	if ctx.Err() != nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.kept) >= maxLinksKept {
		clear(l.kept)
	}
	a.at = l.now()
	l.kept[address] = a
}

// outside gives a link's address as another site is asked for it; "" where it leads to this paper or nowhere that is asked.
func outside(href, site string) (address string, own *url.URL) {
	u, err := url.Parse(href)
	if err != nil {
		return "", nil
	}
	here, err := url.Parse(site)
	if u.Host == "" && u.Scheme == "" || err == nil && u.Host == here.Host && (u.Scheme == "http" || u.Scheme == "https") {
		return "", u
	}
	if u.Scheme != "http" && u.Scheme != "https" {
		return "", nil
	}
	u.Fragment = ""
	return u.String(), nil
}
