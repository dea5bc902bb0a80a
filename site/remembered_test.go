package site

import (
	"strconv"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/site/shelf"
)

// TestWhatIsRememberedIsNotStale: names and what is newest on a topic are remembered between pages, and no page that is made after
// an act shows what they were before it.
func TestWhatIsRememberedIsNotStale(t *testing.T) {
	d := newPaper(t)
	of := func(e *record.Edition) { e.Topics = []dateline.ID{d.ferries} }
	old, _ := d.publish("old", "The old pier", of)
	first, _ := d.publish("first", "The first pier", of)
	address := func(id dateline.ID) string { return d.editions[id].Address }
	d.want(address(old), 200, "Ada Menon", "Ferries", "The first pier")
	d.append(d.menon, &record.Person{Slug: "ada-menon", Names: dateline.Names{"en": "Ada M. Menon"}})
	d.append(d.ferries, &record.Topic{Slug: "ferries", Kind: dateline.TopicSubject, Names: dateline.Names{"en": "Ferries and piers"}})
	second, _ := d.publish("second", "The second pier", of)
	d.want(address(old), 200, "Ada M. Menon", "Ferries and piers", "The second pier", "!The first pier")
	d.want(address(first), 200, "Ada M. Menon", "Ferries and piers", "The second pier")
	d.want(address(second), 200, "The first pier", "!The old pier")
	d.withdraw(second, dateline.WithdrawnKilled, nil)
	d.want(address(old), 200, "The first pier", "!The second pier")
	d.change(first, dateline.ChangeMinor, "", func(e *record.Edition) { e.Headline = "The first landing" })
	d.want(address(old), 200, "The first landing", "!The first pier")
	// All that is remembered of the topic are the article itself and its related ones: the next comes from the shelf.
	for _, slug := range []string{"third", "fourth"} {
		d.publish(slug, "The "+slug+" pier", of)
	}
	newest, _ := d.publish("newest", "The newest pier", of)
	d.want(address(newest), 200, "The fourth pier")
	d.change(newest, dateline.ChangeMinor, "", func(e *record.Edition) {
		for id, other := range d.editions {
			if other.Headline == "The fourth pier" || other.Headline == "The third pier" {
				e.Related = append(e.Related, id)
			}
		}
	})
	d.want(address(newest), 200, "The fourth pier", "The third pier", "The first landing")
}

// TestWhatIsRememberedIsBounded: where there is too much, a little gives way and not all of it.
func TestWhatIsRememberedIsBounded(t *testing.T) {
	d := newPaper(t)
	v := &view{s: d.site, present: true}
	read := 0
	ask := func(n int) {
		_, err := v.recall(shelf.Key(strconv.Itoa(n)), func(*memo) error { read++; return nil })
		if err != nil {
			t.Fatal(err)
		}
	}
	for n := range 2 * rememberedMost {
		ask(n)
	}
	if got := len(d.site.remembered.known); got != rememberedMost {
		t.Errorf("%d are remembered, not %d", got, rememberedMost)
	}
	read = 0
	for n := range 2 * rememberedMost {
		ask(n)
	}
	if read == 0 || read >= 2*rememberedMost {
		t.Errorf("of %d, half of which were remembered, %d were read again", 2*rememberedMost, read)
	}
}

// TestWhatWasNotThereIsFoundOnceItIs: that nothing stands at an address is remembered until the next act, and no longer.
func TestWhatWasNotThereIsFoundOnceItIs(t *testing.T) {
	d := newPaper(t)
	d.publish("first", "The first pier", nil)
	for range 2 {
		d.want("/coast/2026/06/30/second", 404)
	}
	if d.site.absent.paths == nil {
		t.Error("nothing is remembered")
	}
	id, _ := d.publish("second", "The second pier", nil)
	if at := d.editions[id].Address; at != "/coast/2026/06/30/second" {
		t.Fatalf("it stands at %s", at)
	}
	d.want("/coast/2026/06/30/second", 200, "The second pier")
	d.withdraw(id, dateline.WithdrawnKilled, nil)
	d.want("/coast/2026/06/30/second", 410)
	for i := range absentKnown + 10 {
		d.site.absent.note(strings.Repeat("/", 1+i%7)+strconv.Itoa(i), 1<<40)
	}
	if n := len(d.site.absent.paths); n > absentKnown {
		t.Errorf("%d addresses are remembered", n)
	}
}

// TestOneSpellingIsNotRememberedForAnother: an imported address is looked up as it was written; that another spelling of it stands
// nowhere says nothing of it.
func TestOneSpellingIsNotRememberedForAnother(t *testing.T) {
	d := newPaper(t)
	id, _ := d.publish("cafe", "The café opens", nil)
	d.append(id, &record.Redirect{From: "/2019/caf%C3%A9"})
	for range 2 {
		if w := d.get("/2019/caf%c3%a9"); w.Code != 404 {
			t.Errorf("the other spelling answers %d", w.Code)
		}
		if w := d.get("/2019/caf%C3%A9"); w.Code != 301 || w.Header().Get("Location") != d.editions[id].Address {
			t.Errorf("the address answers %d to %q", w.Code, w.Header().Get("Location"))
		}
	}
}
