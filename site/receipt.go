package site

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// want is what a receipt expects of one address.
type want struct {
	address string
	what    string
	checks  []check
}

// check is what the answer at an address has to show.
type check struct {
	expect expectation
	plan   *plan  // whose marks it goes by
	detail string // said of the line also when it is confirmed
}

// expectation is what the body at an address has to show.
type expectation uint8

const (
	carries expectation = iota // the edition's mark
	lacks                      // any mark of the article
	gone                       // no mark, and a status of 410 or 301
	away                       // nothing: a status of 404 or 410
	current                    // what the shelf says now, byte for byte
)

// Confirm makes the receipt of the act at a sequence number: it waits until the shelf has taken the entry, at most as long
// as Config.Patience, then asks for every address that the act touches as a reader would, and looks into what it gets. It
// can be asked for again at any time; an edition that was followed by another is confirmed by its successor's mark. The
// error is ENotFound where the record has no such entry, and EUnavailable where there is no record to read.
func (s *Site) Confirm(ctx context.Context, seq int64) (dateline.Receipt, error) {
	return s.ConfirmEach(ctx, seq, func(int, dateline.ReceiptLine) {})
}

// ConfirmEach is Confirm that tells of each line of the receipt with its place in it: first of all of them, before they are
// asked for and so without a status, then of each with its answer.
func (s *Site) ConfirmEach(ctx context.Context, seq int64, told func(int, dateline.ReceiptLine)) (dateline.Receipt, error) {
	began := time.Now()
	entry, body, err := s.entry(ctx, seq)
	if err != nil {
		return dateline.Receipt{}, err
	}
	r := dateline.Receipt{Sequence: seq, Act: string(entry.Kind), At: entry.At, Addresses: []dateline.ReceiptLine{}}
	plans, err := s.plans(ctx, entry, body)
	if err != nil {
		return dateline.Receipt{}, err
	}
	plans[0].describe(&r)
	if has := s.wait(ctx, seq); has < seq {
		r.Addresses = append(r.Addresses, dateline.ReceiptLine{Address: r.Address, What: "article",
			Detail: fmt.Sprintf("the site has taken the record up to entry %d only; ask for this receipt again", has)})
		r.Millis = millis(began)
		return r, nil
	}
	wants, err := s.allWants(ctx, plans)
	if err != nil {
		return dateline.Receipt{}, err
	}
	for i, w := range wants {
		told(i, dateline.ReceiptLine{Address: w.address, What: w.what})
	}
	purged := make(chan []dateline.PurgeLine, 1)
	go func() {
		ctx, cancel := context.WithTimeout(ctx, s.conf.Patience)
		defer cancel()
		purged <- s.conf.Caches.Wait(ctx, seq)
	}()
	r.Addresses = s.confirmAll(ctx, wants, told)
	r.Purges = <-purged
	r.Confirmed = !slices.ContainsFunc(r.Addresses, func(l dateline.ReceiptLine) bool { return !l.Confirmed }) &&
		!slices.ContainsFunc(r.Purges, func(l dateline.PurgeLine) bool { return !l.Confirmed })
	r.Millis = millis(began)
	return r, nil
}

// confirmAll asks for every address, as many at once as there are processors.
func (s *Site) confirmAll(ctx context.Context, wants []want, told func(int, dateline.ReceiptLine)) []dateline.ReceiptLine {
	lines := make([]dateline.ReceiptLine, len(wants))
	var asking errgroup.Group
	var telling sync.Mutex
	asking.SetLimit(runtime.GOMAXPROCS(0))
	for i, w := range wants {
		asking.Go(func() error {
			lines[i] = s.confirm(ctx, w)
			telling.Lock()
			defer telling.Unlock()
			told(i, lines[i])
			return nil
		})
	}
	_ = asking.Wait() // asking gives no errors: an address that does not answer is a line
	return lines
}

func millis(since time.Time) float64 {
	return float64(time.Since(since).Microseconds()) / 1000
}

// entry reads one entry of the record with its body, nil where the body is gone.
func (s *Site) entry(ctx context.Context, seq int64) (e record.Entry, body any, err error) {
	if s.conf.Record == nil {
		return e, nil, dateline.Errorf(dateline.EUnavailable, "this site has no record to read, so it can make no receipt")
	}
	e, err = s.conf.Record.Entry(ctx, seq)
	if dateline.ErrorCode(err) == dateline.ENotFound {
		return e, nil, err
	}
	if err != nil {
		return e, nil, fmt.Errorf("read entry %d for its receipt: %w", seq, err)
	}
	if !e.HasBody() {
		return e, nil, nil
	}
	body, err = e.Decode()
	return e, body, err
}

// maxTogether bounds how many entries of one act a receipt asks for.
const maxTogether = 500

// plans are those of an act: of its entry, and of a redaction those of the redactions and withdrawals before it that were made at the
// same instant, since one act takes words from several things, each by an entry of its own.
func (s *Site) plans(ctx context.Context, entry record.Entry, body any) (plans []*plan, err error) {
	at := entry.At
	for e := entry; ; {
		if e.Kind == record.KindRedaction || e.Kind == record.KindWithdrawal || e.Sequence == entry.Sequence {
			p := &plan{entry: e, body: body}
			if p.about, err = s.about(ctx, e, body); err != nil {
				return nil, err
			}
			p.name()
			plans = append(plans, p)
		}
		if entry.Kind != record.KindRedaction || e.Sequence == 1 || entry.Sequence-e.Sequence == maxTogether {
			return plans, nil
		}
		if e, body, err = s.entry(ctx, e.Sequence-1); err != nil || !e.At.Equal(at) {
			return plans, err
		}
	}
}

// allWants lists what an act touches by any of its entries: each address once, with all that is looked for there.
func (s *Site) allWants(ctx context.Context, plans []*plan) (all []want, err error) {
	places := map[string]int{}
	for _, p := range plans {
		wants, err := s.wants(ctx, p)
		if err != nil {
			return nil, err
		}
		for _, w := range wants {
			if i, ok := places[w.address]; ok {
				all[i].checks = append(all[i].checks, w.checks...)
				continue
			}
			places[w.address] = len(all)
			all = append(all, w)
		}
	}
	return all, nil
}

// about is the kind of what an entry is about: of a redaction, what it takes the words from.
func (s *Site) about(ctx context.Context, e record.Entry, body any) (record.Kind, error) {
	r, ok := body.(*record.Redaction)
	if !ok || len(r.Entries) == 0 {
		return e.Kind, nil
	}
	of, _, err := s.entry(ctx, r.Entries[0])
	return of.Kind, err
}

// wait returns when the shelf has taken an entry or time is up, with the last entry it has taken.
func (s *Site) wait(ctx context.Context, seq int64) int64 {
	timeout := time.NewTimer(s.conf.Patience)
	defer timeout.Stop()
	for {
		s.mu.Lock()
		has, moved := s.cursor, s.moved
		s.mu.Unlock()
		if has >= seq {
			return has
		}
		select {
		case <-moved:
		case <-timeout.C:
			return has
		case <-ctx.Done():
			return has
		}
	}
}

// confirm asks for one address and looks into what is served for all that it has to show. The line's detail is of the first of them
// that is not so, or else the first that has one.
func (s *Site) confirm(ctx context.Context, w want) dateline.ReceiptLine {
	l := dateline.ReceiptLine{Address: w.address, What: w.what}
	began := time.Now()
	answer := s.Serve(ctx, requestFor(w.address))
	l.Millis = millis(began)
	l.Status = answer.Status
	if answer.Status >= 500 {
		l.Detail = fmt.Sprintf("the address answers %d", answer.Status)
		return l
	}
	fresh := sync.OnceValue(func() []byte { return s.fresh(ctx, requestFor(w.address)) })
	for _, c := range w.checks {
		if fault := c.fault(answer, fresh); fault != "" {
			l.Detail = fault
			return l
		}
		l.Detail = cmp.Or(l.Detail, c.detail)
	}
	l.Confirmed = true
	return l
}

// fault says what is wrong with what is served; "" for nothing. fresh is what would be served if nothing were kept.
func (c *check) fault(answer press.Response, fresh func() []byte) string {
	switch c.expect {
	case carries:
		if !c.plan.marked(answer.Body) {
			return fmt.Sprintf("edition %d is not on the page that is served", c.plan.edition)
		}
	case lacks:
		if c.plan.mentioned(answer.Body) {
			return "the page that is served still shows the article"
		}
	case gone:
		if c.plan.mentioned(answer.Body) || answer.Status != 410 && answer.Status != 301 {
			return fmt.Sprintf("the address answers %d", answer.Status)
		}
	case away:
		if answer.Status != 404 && answer.Status != 410 {
			return fmt.Sprintf("the address answers %d", answer.Status)
		}
	case current:
		if !bytes.Equal(answer.Body, fresh()) {
			return "the page that is served is not what the shelf says now"
		}
	}
	return ""
}

// requestFor asks for an address as a reader without compression would.
func requestFor(address string) *press.Request {
	path, raw, _ := strings.Cut(address, "?")
	req := &press.Request{Method: "GET", Path: path, Escaped: escapeAddress(path), RawQuery: raw, Accept: press.ParseAccept("")}
	if decoded, err := url.PathUnescape(path); err == nil {
		req.Path = decoded
	}
	if raw != "" {
		query(raw, &req.Query)
	}
	return req
}

// bypass marks a context in which pages are made anew and not kept.
type bypass struct{}

// fresh is what an address would be answered with if nothing were kept.
func (s *Site) fresh(ctx context.Context, req *press.Request) []byte {
	ctx = context.WithValue(ctx, bypass{}, true)
	e, err := s.find(ctx, req, s.tombstoned(req))
	if err != nil {
		e, err = s.fallback(ctx, err)
	}
	if err != nil {
		return nil
	}
	return s.press.Answer(e, req).Body
}

// plan is an act whose receipt is being made.
type plan struct {
	entry   record.Entry
	about   record.Kind // the entry's own, or of what it takes the words from
	body    any
	article dateline.ID // none for acts on sections, topics, persons and the paper
	edition int         // the one that readers should have now
	down    bool
}

// name notes the article that the entry is about.
func (p *plan) name() {
	switch p.about {
	case record.KindEdition, record.KindWithdrawal, record.KindRestoration, record.KindRedirect, record.KindRedaction, record.KindLiveEntry, record.KindLiveState:
		p.article = p.entry.Subject
	}
}

// describe fills in what the entry itself says.
func (p *plan) describe(r *dateline.Receipt) {
	r.Article = p.article
	switch b := p.body.(type) {
	case *record.Edition:
		r.Edition, r.Address = b.Number, b.Address
	case *record.Withdrawal:
		if len(b.Addresses) > 0 {
			r.Address = b.Addresses[0]
		}
	case *record.Redirect:
		r.Address = b.To
	}
}

// marked says whether a body carries the mark of the edition that readers should have.
func (p *plan) marked(body []byte) bool {
	html, xml := p.marks(fmt.Sprint(p.edition))
	return bytes.Contains(body, []byte(html+`"`)) || bytes.Contains(body, []byte(xml+" -->"))
}

// mentioned says whether a body carries a mark of any edition of the article.
func (p *plan) mentioned(body []byte) bool {
	html, xml := p.marks("")
	return bytes.Contains(body, []byte(html)) || bytes.Contains(body, []byte(xml))
}

func (p *plan) marks(edition string) (html, xml string) {
	return `data-edition="` + string(p.article) + "/" + edition, "<!-- " + string(p.article) + "/" + edition
}

// wants lists what the act touches: a bounded set, the same whenever it is asked for while the record stays as it is.
func (s *Site) wants(ctx context.Context, p *plan) (wants []want, err error) {
	was, address, err := s.wasBefore(ctx, p)
	if err != nil {
		return nil, err
	}
	err = s.conf.Shelf.View(ctx, func(tx *shelf.Tx) error {
		v := &view{ctx: ctx, s: s, tx: reading(tx), now: s.conf.Now()}
		if v.paper, err = s.paper(v.tx, s.press.Stamp()); err != nil {
			return err
		}
		t := &touched{view: v, plan: p}
		if p.article == "" {
			err = t.thing()
		} else {
			err = t.articleAct(was, address)
		}
		wants = t.wants
		return err
	})
	return wants, err
}

// wasBefore reads from the record what a withdrawn article was, since the shelf no longer has it. What was redacted is
// not known, and then the lists it alone names are not in the receipt.
func (s *Site) wasBefore(ctx context.Context, p *plan) (was *record.Edition, address string, err error) {
	w, ok := p.body.(*record.Withdrawal)
	if !ok {
		return nil, "", nil
	}
	if len(w.Addresses) > 0 {
		address = w.Addresses[0]
	}
	for i := len(w.Editions) - 1; i >= 0; i-- {
		_, body, err := s.entry(ctx, w.Editions[i].Sequence)
		if err != nil {
			return nil, "", err
		}
		if e, ok := body.(*record.Edition); ok {
			if address == "" {
				address = e.Address
			}
			return e, address, nil
		}
	}
	first, err := record.ParseInstant(w.First)
	if err != nil {
		return nil, "", err
	}
	return &record.Edition{First: record.FormatInstant(first), Section: w.Section, Language: w.Language, Kind: dateline.KindArticle}, address, nil
}
