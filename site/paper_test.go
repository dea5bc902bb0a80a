package site

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/shelf"
	"github.com/datelinehq/dateline/weather"
)

// paperDesk plays the desk and the follower: it appends entries to a record of its own, applies them to a real shelf and
// tells the site.
type paperDesk struct {
	t      testing.TB
	site   *Site
	shelf  *shelf.Shelf
	log    []record.Entry
	clock  atomic.Int64         // microseconds since 1970
	drop   func(shelf.Key) bool // keys that are not told, to break one on purpose
	keep   bool                 // pictures that went are not told
	stop   bool                 // entries are not applied
	source io.Reader

	mu    sync.Mutex
	fail  error // what every View answers with
	sky   weather.Weather
	known bool
	errs  []error

	coast, markets        dateline.ID
	ferries, mora, menonT dateline.ID
	menon, rao            dateline.ID
	picture               dateline.ID
	editions              map[dateline.ID]*record.Edition
	sequences             map[dateline.ID][]int64
	removed               map[int64]record.EditionMark // what redactions still say of editions, by their entries
	signer                *record.Signer
	tiles                 testTiles
	pictureHash           string
}

type testTiles map[[2]int64][]byte

func (m testTiles) Tile(level int, index int64) ([]byte, error) {
	return m[[2]int64{int64(level), index}], nil
}
func (m testTiles) PutTile(level int, index int64, data []byte) error {
	m[[2]int64{int64(level), index}] = data
	return nil
}

// Current plays the weather.
func (d *paperDesk) Current(time.Time) (weather.Weather, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.sky, d.known
}

func (d *paperDesk) setWeather(known bool, w weather.Weather) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known, d.sky = known, w
}

func (d *paperDesk) setFail(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.fail = err
}

func (d *paperDesk) failures() []error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.errs)
}

func (d *paperDesk) failed(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.errs = append(d.errs, err)
}

func (d *paperDesk) now() time.Time        { return time.UnixMicro(d.clock.Load()).UTC() }
func (d *paperDesk) set(t time.Time)       { d.clock.Store(t.UnixMicro()) }
func (d *paperDesk) pass(by time.Duration) { d.clock.Add(by.Microseconds()) }

// View is the shelf's, or fails.
func (d *paperDesk) View(ctx context.Context, f func(*shelf.Tx) error) error {
	d.mu.Lock()
	fail := d.fail
	d.mu.Unlock()
	if fail != nil {
		return fail
	}
	return d.shelf.View(ctx, f)
}

// Gone asks the shelf's tombstones, which need no database.
func (d *paperDesk) Gone(address string) bool { return d.shelf.Gone(address) }
func (d *paperDesk) GoneVersion() int64       { return d.shelf.GoneVersion() }

// Entries is the record, for a shelf that is made anew.
func (d *paperDesk) Entries(_ context.Context, after int64, limit int) ([]record.Entry, error) {
	if after >= int64(len(d.log)) || after < 0 {
		return nil, nil
	}
	return d.log[after:min(len(d.log), int(after)+limit)], nil
}

// Entry is the record, for receipts.
func (d *paperDesk) Entry(_ context.Context, seq int64) (record.Entry, error) {
	if seq < 1 || seq > int64(len(d.log)) {
		return record.Entry{}, dateline.Errorf(dateline.ENotFound, "the record has no entry %d", seq)
	}
	return d.log[seq-1], nil
}

// Rendition plays the workshop.
func (d *paperDesk) Rendition(_ context.Context, h blob.Hash, o media.Order) (media.Rendered, error) {
	if string(h) != d.pictureHash {
		return media.Rendered{}, blob.ErrNotFound
	}
	r := media.Rendered{Name: "x", Format: media.JPEG, Body: []byte("a picture " + fmt.Sprint(o.Width))}
	if o.Format == media.WebP {
		r.Format = media.WebP
	}
	wide := 1200
	if !o.Crop.Empty() {
		wide = o.Crop.Dx()
	}
	for _, w := range media.WidthsFor(wide) {
		if w == o.Width {
			return r, nil
		}
	}
	return media.Rendered{}, media.ErrWidth
}

func newDesk(t testing.TB) *paperDesk {
	t.Helper()
	d := &paperDesk{t: t, source: mathrand.NewChaCha8([32]byte{7}),
		editions: map[dateline.ID]*record.Edition{}, sequences: map[dateline.ID][]int64{}, removed: map[int64]record.EditionMark{}, tiles: testTiles{},
		pictureHash: strings.Repeat("ab", 32)}
	d.set(time.Date(2026, 6, 30, 8, 35, 0, 0, time.UTC))
	var err error
	d.shelf, err = shelf.Open(shelf.Options{Path: filepath.Join(t.TempDir(), "shelf.db"), Workers: 1, Readers: 2,
		Refetch: func(_ context.Context, seqs []int64) (out []record.Entry, err error) {
			for _, n := range seqs {
				out = append(out, d.log[n-1])
			}
			return out, nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.shelf.Close() })
	d.site = New(Config{Shelf: d, Renderer: render.New(render.Options{}), Pictures: d, Weather: d, Record: d, Now: d.now,
		Patience: 50 * time.Millisecond, Failed: d.failed})
	t.Cleanup(d.site.Close)
	secret, _, err := record.NewKey("estuary.example/record", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if d.signer, err = record.NewSigner(secret); err != nil {
		t.Fatal(err)
	}
	return d
}

// newPaper is a desk with a small paper on it.
func newPaper(t testing.TB) *paperDesk {
	d := newDesk(t)
	d.coast, d.markets = d.id(), d.id()
	d.ferries, d.mora, d.menonT = d.id(), d.id(), d.id()
	d.menon, d.rao, d.picture = d.id(), d.id(), d.id()
	d.append(d.id(), &record.Publication{Name: "The Estuary", Motto: dateline.Names{"en": "News from where the river meets the sea."},
		Site: "http://estuary.example", Zone: "Asia/Kolkata", Language: "en", City: dateline.Names{"en": "Neerapatnam", "hi": "नीरापटनम"},
		Navigation: []dateline.ID{d.coast, d.markets}, Email: "letters@estuary.example"})
	d.append(d.coast, &record.Section{Slug: "coast", Names: dateline.Names{"en": "Coast", "hi": "तट"}})
	d.append(d.markets, &record.Section{Slug: "markets", Names: dateline.Names{"en": "Markets"}})
	d.append(d.menon, &record.Person{Slug: "ada-menon", Names: dateline.Names{"en": "Ada Menon"}, Role: dateline.Names{"en": "Coast correspondent"}})
	d.append(d.rao, &record.Person{Slug: "k-rao", Names: dateline.Names{"en": "K. Rao"}})
	d.append(d.ferries, &record.Topic{Slug: "ferries", Kind: dateline.TopicSubject, Names: dateline.Names{"en": "Ferries"}})
	d.append(d.mora, &record.Topic{Slug: "mora", Kind: dateline.TopicPlace, Names: dateline.Names{"en": "Mora"}})
	d.append(d.menonT, &record.Topic{Slug: "ada-menon", Kind: dateline.TopicPerson, Person: d.menon, Names: dateline.Names{"en": "Ada Menon"}})
	d.append(d.picture, &record.Picture{Hash: d.pictureHash, Format: "jpeg", Width: 1200, Height: 675})
	return d
}

func (d *paperDesk) id() dateline.ID {
	id, err := dateline.NewID(d.now(), d.source)
	if err != nil {
		d.t.Fatal(err)
	}
	return id
}

// append is one act.
func (d *paperDesk) append(subject dateline.ID, body any) int64 {
	d.t.Helper()
	kind, schema, err := record.KindOf(body)
	if err != nil {
		d.t.Fatal(err)
	}
	b, err := record.Encode(body)
	if err != nil {
		d.t.Fatal(err)
	}
	e, err := record.NewEntry(record.Header{Sequence: int64(len(d.log)) + 1, At: d.now(), Kind: kind, Schema: schema, Subject: subject,
		Role: dateline.RoleEditor}, b, d.source)
	if err != nil {
		d.t.Fatal(err)
	}
	d.log = append(d.log, e)
	if _, err := record.Append(d.tiles, e.Sequence-1, [][]byte{e.Leaf()}); err != nil {
		d.t.Fatal(err)
	}
	if !d.stop {
		d.apply(e)
	}
	return e.Sequence
}

func (d *paperDesk) apply(entries ...record.Entry) {
	d.t.Helper()
	ch, err := d.shelf.Apply(context.Background(), entries)
	if err != nil {
		d.t.Fatal(err)
	}
	d.tell(ch)
}

func (d *paperDesk) tell(ch shelf.Changes) {
	if d.keep {
		ch.Hide = nil
	}
	if d.drop != nil {
		var kept []shelf.Key
		for _, k := range ch.Keys {
			if !d.drop(k) {
				kept = append(kept, k)
			}
		}
		ch.Keys = kept
	}
	d.site.Changed(ch)
}

func (d *paperDesk) sign() {
	d.t.Helper()
	size := int64(len(d.log))
	root, err := record.Root(d.tiles, size)
	if err != nil {
		d.t.Fatal(err)
	}
	note, err := d.signer.Sign(record.Checkpoint{Origin: d.signer.Origin(), Size: size, Root: root}, time.Unix(1780000000, 0))
	if err != nil {
		d.t.Fatal(err)
	}
	ch, err := d.shelf.SetCheckpoint(context.Background(), note)
	if err != nil {
		d.t.Fatal(err)
	}
	d.tell(ch)
}

// publish makes the first edition of an article, a moment after the last.
func (d *paperDesk) publish(slug, headline string, edit func(*record.Edition)) (id dateline.ID, seq int64) {
	d.pass(time.Minute)
	id = d.id()
	at := record.FormatInstant(d.now())
	e := &record.Edition{Number: 1, Change: dateline.ChangeFirst, Public: at, First: at, Kind: dateline.KindArticle, Section: d.coast,
		Headline: headline, Standfirst: "What the harbour office said about " + slug + ".", Place: "Mora", Language: "en",
		Byline: []dateline.Credit{{Person: d.menon}}, Topics: []dateline.ID{d.ferries, d.mora}, Body: paragraphs("The boats lay at the quay.", "Nobody could say until when.")}
	if edit != nil {
		edit(e)
	}
	if e.Address == "" {
		e.Address = dateline.ArticleAddress("coast", slug, d.now(), kolkata(d.t))
	}
	d.editions[id] = e
	seq = d.append(id, e)
	d.sequences[id] = append(d.sequences[id], seq)
	return id, seq
}

// change makes a further edition.
func (d *paperDesk) change(id dateline.ID, change dateline.Change, note string, edit func(*record.Edition)) int64 {
	d.pass(time.Minute)
	e := *d.editions[id]
	e.Number++
	e.Change, e.Note, e.Public = change, note, record.FormatInstant(d.now())
	if change != dateline.ChangeMinor {
		e.Updated = e.Public
	}
	if edit != nil {
		edit(&e)
	}
	d.editions[id] = &e
	seq := d.append(id, &e)
	d.sequences[id] = append(d.sequences[id], seq)
	return seq
}

func (d *paperDesk) withdraw(id dateline.ID, kind dateline.WithdrawalKind, edit func(*record.Withdrawal)) int64 {
	d.pass(time.Minute)
	e := d.editions[id]
	w := &record.Withdrawal{Kind: kind, Public: record.FormatInstant(d.now()), First: e.First, Section: e.Section, Language: e.Language,
		Topics: e.Topics, Stories: e.Stories}
	if kind == dateline.WithdrawnLegal {
		w.Hashes = []string{record.AddressHash(e.Address)}
	} else {
		w.Addresses, w.Notice = []string{e.Address}, "It was published by mistake."
	}
	for i, seq := range d.sequences[id] {
		if mark, removed := d.removed[seq]; removed {
			w.Editions = append(w.Editions, mark)
			continue
		}
		body, err := d.log[seq-1].Decode()
		if err != nil {
			d.t.Fatal(err)
		}
		was := body.(*record.Edition)
		w.Editions = append(w.Editions, record.EditionMark{Number: i + 1, Change: was.Change, Public: was.Public, Sequence: seq})
	}
	if edit != nil {
		edit(w)
	}
	return d.append(id, w)
}

// redact takes what entries about something said out of the record, and keeps of them what the desk does.
func (d *paperDesk) redact(subject dateline.ID, entries ...int64) int64 {
	d.t.Helper()
	r := &record.Redaction{Entries: entries, Reason: "By order of a court"}
	for _, seq := range entries {
		body, err := d.log[seq-1].Decode()
		if err != nil {
			d.t.Fatal(err)
		}
		switch b := body.(type) {
		case *record.Edition:
			r.Editions = append(r.Editions, record.EditionMark{Number: b.Number, Change: b.Change, Public: b.Public, Sequence: seq})
		case *record.Story:
			r.Editions = append(r.Editions, record.EditionMark{Number: b.Number, Change: b.Change, Public: b.Public, Sequence: seq})
		case *record.LiveEntry:
			r.Live = append(r.Live, record.LiveMark{Number: b.Number, Sequence: seq})
		case *record.LiveState:
			r.Live = append(r.Live, record.LiveMark{State: b.State, Sequence: seq})
		}
		d.log[seq-1].Body, d.log[seq-1].Salt = nil, nil
	}
	for _, m := range r.Editions {
		d.removed[m.Sequence] = m
	}
	d.pass(time.Minute)
	return d.append(subject, r)
}

// restore brings back what a withdrawal's entry took down.
func (d *paperDesk) restore(id dateline.ID, withdrawal int64) int64 {
	d.pass(time.Minute)
	return d.append(id, &record.Restoration{Withdrawal: withdrawal, Editions: d.sequences[id], Public: record.FormatInstant(d.now())})
}

func paragraphs(texts ...string) json.RawMessage {
	var b strings.Builder
	b.WriteString(`{"content":[`)
	for i, t := range texts {
		if i > 0 {
			b.WriteString(",")
		}
		q, _ := json.Marshal(t)
		fmt.Fprintf(&b, `{"content":[{"text":%s,"type":"text"}],"type":"paragraph"}`, q)
	}
	b.WriteString(`],"type":"doc"}`)
	return json.RawMessage(b.String())
}

func kolkata(t testing.TB) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// get asks over net/http's adapter, with pairs of header names and values.
func (d *paperDesk) get(target string, headers ...string) *httptest.ResponseRecorder {
	return d.do("GET", target, headers...)
}

func (d *paperDesk) do(method, target string, headers ...string) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequest(method, "http://estuary.example/", nil)
	u, err := url.Parse("http://estuary.example" + escapeAddress(target))
	if err != nil {
		d.t.Fatalf("%q: %v", target, err)
	}
	r.URL = u
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	d.site.ServeHTTP(w, r)
	return w
}

func (d *paperDesk) want(target string, status int, texts ...string) string {
	d.t.Helper()
	w := d.get(target)
	body := w.Body.String()
	if w.Code != status {
		d.t.Errorf("%s answers %d, want %d; errors %v; %.300s", target, w.Code, status, d.failures(), body)
	}
	for _, text := range texts {
		if not, ok := strings.CutPrefix(text, "!"); ok {
			if strings.Contains(body, not) {
				d.t.Errorf("%s shows %q", target, not)
			}
		} else if !strings.Contains(body, text) {
			d.t.Errorf("%s does not show %q", target, text)
		}
	}
	return body
}

func (d *paperDesk) moved(target, to string) {
	d.t.Helper()
	if w := d.get(target); w.Code != http.StatusMovedPermanently || w.Header().Get("Location") != to {
		d.t.Errorf("%s answers %d to %q, want 301 to %q", target, w.Code, w.Header().Get("Location"), to)
	}
}

func mark(id dateline.ID, n int) string { return fmt.Sprintf(`data-edition="%s/%d"`, id, n) }
