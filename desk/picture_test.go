package desk_test

import (
	"bytes"
	"context"
	"image"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/archtest/corpora"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/record"
)

// until gives a picture rights that end at an instant.
func (n *room) until(p *dateline.Picture, end time.Time) *dateline.Picture {
	n.Helper()
	p, err := n.desk.FindPicture(n.Context(), reporter, p.ID)
	n.must(err)
	p.Until = &end
	p, err = n.desk.UpdatePicture(n.Context(), reporter, *p)
	n.must(err)
	return p
}

// TestRightsThatEndStopNewUsesOnly: from their instant a picture goes into no article anew; where it stands it stays, and is flagged.
func TestRightsThatEndStopNewUsesOnly(t *testing.T) {
	n := newsroom(t)
	world := n.section("world").ID
	p := n.picture(20)
	lead := func(c *dateline.Content) { c.Lead = &dateline.Lead{Picture: p.ID, Alt: "A harbour"} }
	body := func(c *dateline.Content) {
		c.Body = []byte(`{"type":"doc","content":[{"type":"figure","attrs":{"picture":"` + string(p.ID) + `","alt":"x"}}]}`)
	}
	live := n.publish(n.save(n.create(dateline.Content{Headline: "Live", Section: world}), lead), dateline.ChangeFirst, "").Article
	drafted := n.save(n.create(dateline.Content{Headline: "Draft", Section: world}), body)
	planned := n.save(n.create(dateline.Content{Headline: "Planned", Section: world}), lead)
	empty := n.create(dateline.Content{Headline: "Empty", Section: world})
	end := noon.Add(2 * time.Hour)
	begin := n.head()
	n.until(p, end)
	n.nothing(begin) // when rights end is the desk's only
	_, err := n.desk.Schedule(t.Context(), editor, seen(planned), end, desk.Publishing{})
	n.refused(dateline.EInvalid, "ended on 29 March 2026", err)
	planned = n.schedule(planned, time.Hour)

	shown, err := n.desk.ListPictureUses(t.Context(), reporter, p.ID)
	n.must(err)
	uses, articles := shown.Uses, shown.Articles
	if shown.Ended || len(uses) != 3 || len(articles) != 3 || articles[live.ID].Content.Headline != "Live" {
		t.Fatalf("it is used as %+v", uses)
	}
	for _, u := range uses {
		if !u.Draft || u.Live != (u.Article == live.ID) {
			t.Errorf("a use is %+v", u)
		}
	}
	all := []dateline.ID{live.ID, drafted.ID, planned.ID, empty.ID}
	if ended, err := n.desk.EndedPictures(t.Context(), reporter, all); err != nil || len(ended) != 0 {
		t.Errorf("before the end: %v, %v", ended, err)
	}
	if list, err := n.desk.FindPictures(t.Context(), reporter, "HARB", 10); err != nil || len(list) != 1 {
		t.Errorf("it is offered %d times, %v", len(list), err)
	}

	// A machine that was down until after the end does not publish what was due before.
	n.clock.Pass(2 * time.Hour)
	if n.run() != 0 || n.find(planned.ID).Draft != dateline.DraftOpen {
		t.Error("a picture went out whose rights had ended")
	}
	if told := n.told(planned); len(told) == 0 {
		t.Error("nobody was told")
	}
}

func TestRightsThatHaveEnded(t *testing.T) {
	n := newsroom(t)
	world := n.section("world").ID
	p := n.picture(20)
	lead := func(c *dateline.Content) { c.Lead = &dateline.Lead{Picture: p.ID, Alt: "A harbour"} }
	live := n.publish(n.save(n.create(dateline.Content{Headline: "Live", Section: world}), lead), dateline.ChangeFirst, "").Article
	drafted := n.save(n.create(dateline.Content{Headline: "Draft", Section: world}), lead)
	empty := n.create(dateline.Content{Headline: "Empty", Section: world})
	n.until(p, noon.Add(time.Hour))
	n.clock.Pass(time.Hour)

	for name, try := range map[string]func() error{
		"a save": func() error {
			_, err := n.desk.Save(t.Context(), reporter, seen(empty), dateline.Content{Headline: "Empty", Section: world, Lead: &dateline.Lead{Picture: p.ID, Alt: "x"}})
			return err
		},
		"a new article": func() error {
			_, err := n.desk.Create(t.Context(), reporter, dateline.KindArticle, dateline.Content{Headline: "New", Section: world, Lead: &dateline.Lead{Picture: p.ID}})
			return err
		},
		"a publication": func() error {
			_, err := n.desk.Publish(t.Context(), editor, seen(drafted), desk.Publishing{})
			return err
		},
	} {
		n.refused(dateline.EInvalid, "“harbour.png” ended on 29 March 2026", try())
		_ = name
	}
	// Where it stands it stays: the draft may be saved, the live article changed.
	drafted = n.save(drafted, func(c *dateline.Content) { c.Standfirst = "More." })
	live = n.save(live, func(c *dateline.Content) { c.Standfirst = "More." })
	live = n.publish(live, dateline.ChangeMinor, "").Article
	if ended, err := n.desk.EndedPictures(t.Context(), reporter, []dateline.ID{live.ID, drafted.ID, empty.ID}); err != nil || len(ended) != 2 || len(ended[empty.ID]) != 0 || ended[live.ID][0] != p.ID {
		t.Errorf("flagged are %v, %v", ended, err)
	}
	if list, err := n.desk.FindPictures(t.Context(), reporter, "", 10); err != nil || len(list) != 0 {
		t.Errorf("it is still offered: %d, %v", len(list), err)
	}
	// Taken out once, it is out; renewed rights let it in again.
	out := n.save(drafted, func(c *dateline.Content) { c.Lead = nil })
	_, err := n.desk.Save(t.Context(), reporter, seen(out), dateline.Content{Headline: "Draft", Section: world, Lead: &dateline.Lead{Picture: p.ID, Alt: "x"}})
	n.refused(dateline.EInvalid, "rights", err)
	n.until(p, noon.Add(100*time.Hour))
	drafted = n.save(out, lead)
	n.publish(drafted, dateline.ChangeFirst, "")
	// What was withdrawn is no live use.
	_, err = n.desk.Withdraw(t.Context(), editor, seen(live), desk.Withdrawing{Kind: dateline.WithdrawnKilled})
	n.must(err)
	shown, err := n.desk.ListPictureUses(t.Context(), reporter, p.ID)
	n.must(err)
	for _, u := range shown.Uses {
		if u.Article == live.ID && u.Live {
			t.Error("a withdrawn article is counted as live")
		}
	}
}

func TestAPictureBringsItsWords(t *testing.T) {
	n := newsroom(t)
	data, err := os.ReadFile(filepath.Join(corpora.Dir(t, "images"), "IPTC-PhotometadataRef-Std2017.1.jpg"))
	n.must(err)
	p, err := n.desk.CreatePicture(t.Context(), reporter, bytes.NewReader(data), "ref.jpg")
	n.must(err)
	if p.Credit != "Credit Line (ref2017.1)" || p.Caption == "" || p.Copyright == "" || p.Creator == "" || p.Taken != "2017-07-13T17:01:00Z" || p.File.Credit != p.Credit {
		t.Errorf("it brought %+v", p)
	}
	a := n.create(dateline.Content{Headline: "One", Section: n.section("world").ID, Lead: &dateline.Lead{Picture: p.ID, Alt: "x"}})
	begin := n.head()
	n.publish(a, dateline.ChangeFirst, "")
	entry, err := n.entries(begin)[0].Decode()
	n.must(err)
	if b := entry.(*record.Picture); b.Words != nil {
		t.Errorf("the file's own words are in the record: %+v", b.Words)
	}
	if got, err := n.desk.FindPictures(t.Context(), reporter, "creator1 REF", 5); err != nil || len(got) != 1 {
		t.Errorf("found %d, %v", len(got), err)
	}
	corpora.Read(t, 1, "images")
}

func TestAFramingThatCannotBeIsNotKept(t *testing.T) {
	n := newsroom(t)
	var b bytes.Buffer
	n.must(jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 320, 200)), nil))
	p, err := n.desk.CreatePicture(t.Context(), reporter, &b, "grey.jpg")
	n.must(err)
	p.Focal = &dateline.Point{X: 320, Y: 1}
	_, err = n.desk.UpdatePicture(t.Context(), reporter, *p)
	n.refused(dateline.EInvalid, "", err)
	p.Focal, p.Crops = &dateline.Point{X: 300, Y: 100}, map[dateline.Placement]dateline.Crop{dateline.PlaceSquare: {Width: 100, Height: 100, X: 200}}
	kept, err := n.desk.UpdatePicture(t.Context(), reporter, *p)
	n.must(err)
	if *kept.Focal != *p.Focal || kept.Crops[dateline.PlaceSquare] != p.Crops[dateline.PlaceSquare] {
		t.Errorf("kept %+v", kept.Framing)
	}
}

// gate is a store that counts what is read from it at once, and holds whoever reads until all have put theirs.
type gate struct {
	blob.Store
	put      sync.WaitGroup
	let      chan struct{}
	mu       sync.Mutex
	in, most int
}

func (g *gate) Put(ctx context.Context, r io.Reader, limit int64) (blob.Hash, int64, error) {
	defer g.put.Done()
	return g.Store.Put(ctx, r, limit)
}

func (g *gate) Open(ctx context.Context, h blob.Hash) (io.ReadSeekCloser, int64, error) {
	g.mu.Lock()
	g.in++
	g.most = max(g.most, g.in)
	g.mu.Unlock()
	<-g.let
	r, size, err := g.Store.Open(ctx, h)
	return leaving{r, g}, size, err
}

type leaving struct {
	io.ReadSeekCloser
	g *gate
}

func (l leaving) Close() error {
	l.g.mu.Lock()
	l.g.in--
	l.g.mu.Unlock()
	return l.ReadSeekCloser.Close()
}

// TestOnePictureIsDecodedAtATime: several large ones that come in at once, and small copies that are asked for meanwhile, wait for one another.
func TestOnePictureIsDecodedAtATime(t *testing.T) {
	n := newsroom(t)
	here := n.picture(400)
	g := &gate{Store: n.blobs, let: make(chan struct{})}
	signer, err := record.NewSigner(n.key)
	n.must(err)
	d, err := desk.New(t.Context(), desk.Config{Store: n.store, Blobs: g, Signer: signer})
	n.must(err)
	var all sync.WaitGroup
	for i := range 5 {
		g.put.Add(1)
		all.Go(func() {
			if _, err := d.CreatePicture(t.Context(), reporter, bytes.NewReader(pngOf(t, 3000+i)), "large.png"); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			if _, _, err := d.SmallPicture(t.Context(), reporter, here.ID, 320); err != nil {
				t.Error(err)
			}
		})
	}
	g.put.Wait()
	for range 1000 {
		runtime.Gosched() // whoever could go on has
	}
	close(g.let)
	all.Wait()
	if g.in != 0 || g.most != 1 {
		t.Errorf("%d were read at once", g.most)
	}
}
