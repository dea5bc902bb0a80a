package shelf

import (
	"errors"
	"fmt"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// KeyFront is the key of how home or a section's front is arranged.
func KeyFront(id dateline.ID) Key { return Key("front:" + string(id)) }

// Filled is a container of a front with what stands in it now.
type Filled struct {
	dateline.Container
	Cards []Placed
}

// Placed is a card in its place, with what an editor put in place of the article's own words and picture.
type Placed struct {
	Card Card
	Item dateline.FrontItem // empty where the rule chose the article
}

// front applies an arrangement of a front: the newest that has a body counts.
func (w *writer) front(p *prepared) error {
	if err := w.takeOffFront(p.subject); err != nil {
		return err
	}
	var body any
	if p.body != nil {
		body = append([]byte{byte(p.Schema)}, p.Body...)
	}
	if err := w.c.exec("INSERT INTO front(seq, subject, live, body) VALUES(?, ?, 0, ?)", p.Sequence, p.subject, body); err != nil {
		return err
	}
	return w.putOnFront(p.subject, micros(p.At))
}

// redactFront forgets an arrangement; the one before it counts again.
func (w *writer) redactFront(seq int64, subject []byte, at int64) error {
	if err := w.takeOffFront(subject); err != nil {
		return err
	}
	if err := w.c.exec("UPDATE front SET body = NULL WHERE seq = ?", seq); err != nil {
		return err
	}
	return w.putOnFront(subject, at)
}

// takeOffFront takes back the use that a front makes of pictures.
func (w *writer) takeOffFront(subject []byte) error {
	rows, err := w.c.rows("SELECT seq, body FROM front WHERE subject = ? AND live = 1", subject)
	if err != nil || len(rows) == 0 {
		return err
	}
	f, err := decodeFront(rows[0].blob(1))
	if err != nil {
		return err
	}
	for _, id := range f.Pictures {
		if err := w.c.exec("DELETE FROM usage WHERE picture = ? AND seq = ?", packID(id), rows[0].int(0)); err != nil {
			return err
		}
		if err := w.usePicture(id); err != nil {
			return err
		}
	}
	return w.c.exec("UPDATE front SET live = 0 WHERE seq = ?", rows[0].int(0))
}

// putOnFront makes the newest arrangement of a front the one that readers have.
func (w *writer) putOnFront(subject []byte, at int64) error {
	id := unpackID(subject)
	w.touch(KeyFront(id))
	rows, err := w.c.rows("SELECT seq, body FROM front WHERE subject = ? AND body IS NOT NULL ORDER BY seq DESC LIMIT 1", subject)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		if w.home != nil && w.homeID == id {
			w.home = nil
		}
		return nil
	}
	f, err := decodeFront(rows[0].blob(1))
	if err != nil {
		return err
	}
	for _, picture := range f.Pictures {
		if err := w.c.exec("INSERT OR IGNORE INTO usage(picture, seq) VALUES(?, ?)", packID(picture), rows[0].int(0)); err != nil {
			return err
		}
		if err := w.usePicture(picture); err != nil {
			return err
		}
	}
	if f.Home {
		w.home, w.homeID = f, id
		if err := w.homeChanged(instant(at)); err != nil {
			return err
		}
	}
	return w.c.exec("UPDATE front SET live = 1 WHERE seq = ?", rows[0].int(0))
}

// loadHome reads how home is arranged, if somebody did.
func (w *writer) loadHome() error {
	w.home, w.homeID = nil, ""
	rows, err := w.c.rows("SELECT subject, body FROM front WHERE live = 1")
	if err != nil {
		return err
	}
	for _, r := range rows {
		f, err := decodeFront(r.blob(1))
		if err != nil {
			return err
		}
		if f.Home {
			w.home, w.homeID = f, unpackID(r.blob(0))
		}
	}
	return nil
}

func decodeFront(body []byte) (*record.Front, error) {
	b, err := decodeFact(record.KindFront, body)
	if err != nil {
		return nil, err
	}
	f := b.(*record.Front)
	if f.Home && body[0] == 1 {
		at := 0
		if len(f.Containers) > 0 && f.Containers[0].Layout == dateline.LayoutLead {
			at = 1
		}
		f.Containers = slices.Insert(f.Containers, at, dateline.StoriesContainer())
	}
	return f, nil
}

// onArrangedHome says whether an article of these instants may stand on home as it is arranged: pinned, among the latest, or
// among the newest of a rule. What is read most does not count: it is not in the record.
func (w *writer) onArrangedHome(s *standing) (bool, error) {
	content := dateline.FrontContent{Containers: w.home.Containers}
	pinned := content.Pinned()
	if slices.Contains(pinned, s.id) {
		return true, nil
	}
	places := len(pinned)
	for i, c := range w.home.Containers {
		if c.OfStories() {
			continue
		}
		places += len(c.Items)
		if i == 0 && c.Layout == dateline.LayoutLead {
			if on, err := w.newer("SELECT 1 FROM latest WHERE updated > ? LIMIT ?", s.updated, homeLatest); err != nil || on {
				return on, err
			}
		}
		if c.Rule == nil || len(content.Containers[i].Items) == 0 {
			continue
		}
		if on, err := w.byRule(c.Rule, s, places); err != nil || on {
			return on, err
		}
	}
	return false, nil
}

// standing is what is known of an article when it is asked whether it stands on home.
type standing struct {
	id, section    dateline.ID
	topics         []dateline.ID
	stories        []dateline.ID
	first, updated int64
}

// byRule says whether an article is among the newest so many that a rule chooses from.
func (w *writer) byRule(r *dateline.Rule, s *standing, places int) (bool, error) {
	switch {
	case r.Kind == dateline.RuleLatest:
		return w.newer("SELECT 1 FROM list WHERE k = 0 AND first > ? LIMIT ?", s.first, places)
	case r.Kind == dateline.RuleSection && r.Of == s.section, r.Kind == dateline.RuleTopic && slices.Contains(s.topics, r.Of), r.Kind == dateline.RuleStory && slices.Contains(s.stories, r.Of):
		kind := record.KindSection
		switch r.Kind {
		case dateline.RuleTopic:
			kind = record.KindTopic
		case dateline.RuleStory:
			kind = record.KindStory
		}
		n, err := w.thing(r.Of, kind)
		if err != nil {
			return false, err
		}
		k := listNumber(n, false)
		if kind == record.KindStory {
			k = storyNumber(n)
		}
		rows, err := w.c.rows("SELECT 1 FROM list WHERE k = ? AND first > ? LIMIT ?", k, s.first, places)
		return len(rows) < places, err
	}
	return false, nil
}

// Arranged is how an editor arranged home, by the publication's id, or a section's front; ErrNotFound while nobody has.
func (tx *Tx) Arranged(id dateline.ID) (*record.Front, error) {
	query, args := "SELECT body FROM front WHERE subject = ? AND live = 1", []any{packID(id)}
	if tx.then != nil {
		query, args = "SELECT body FROM front WHERE subject = ? AND seq <= ? AND body IS NOT NULL ORDER BY seq DESC LIMIT 1", append(args, tx.then.seq)
	}
	r, err := tx.c.one(query, args...)
	if err != nil {
		return nil, fmt.Errorf("the front of %.60s: %w", id, err)
	}
	return decodeFront(r.blob(0))
}

// ArrangedFronts are the ids of all fronts that somebody arranged, ascending.
func (tx *Tx) ArrangedFronts() (ids []dateline.ID, err error) {
	rows, err := tx.c.rows("SELECT subject FROM front WHERE live = 1 ORDER BY subject")
	for _, r := range rows {
		ids = append(ids, unpackID(r.blob(0)))
	}
	return ids, err
}

// Fill puts into a front's places what stands there now: what is pinned and readers can open, and by the container's rule
// what comes next for open places and for holes that a withdrawal left. No article stands on a front twice; a container of
// running stories comes without cards. read are the articles that are read most, in their order.
func (tx *Tx) Fill(containers []dateline.Container, read []dateline.ID) ([]Filled, error) {
	content := dateline.FrontContent{Containers: containers}
	cards, err := tx.Cards(content.Pinned())
	if err != nil {
		return nil, err
	}
	f := filler{tx: tx, pinned: map[dateline.ID]*Card{}, stands: map[dateline.ID]bool{}, read: read}
	for i := range cards {
		if cards[i].Kind != dateline.KindPage {
			f.pinned[cards[i].ID], f.stands[cards[i].ID] = &cards[i], true
		}
	}
	out := make([]Filled, 0, len(containers))
	for _, c := range containers {
		filled, err := f.container(c)
		if err != nil {
			return nil, err
		}
		out = append(out, filled)
	}
	return out, nil
}

type filler struct {
	tx     *Tx
	pinned map[dateline.ID]*Card
	stands map[dateline.ID]bool // on the front, above or pinned below
	read   []dateline.ID
}

func (f *filler) container(c dateline.Container) (out Filled, err error) {
	out.Container = c
	open := 0
	for _, item := range c.Items {
		if f.pinned[item.Article] == nil {
			open++
		}
	}
	next, err := f.rule(c.Rule, open)
	if err != nil {
		return out, err
	}
	for _, item := range c.Items {
		if card := f.pinned[item.Article]; card != nil {
			out.Cards = append(out.Cards, Placed{*card, item})
		} else if len(next) > 0 {
			out.Cards = append(out.Cards, Placed{Card: next[0]})
			next = next[1:]
		}
	}
	return out, nil
}

// spare is how many more rows than are needed are read at once, for those that stand elsewhere.
const spare = 3

// rule gives up to n cards that a rule chooses and that do not stand on the front yet.
func (f *filler) rule(r *dateline.Rule, n int) (cards []Card, err error) {
	if r == nil || n == 0 {
		return nil, nil
	}
	of := All()
	switch r.Kind {
	case dateline.RuleStories:
		return nil, nil
	case dateline.RuleMostRead:
		rows, err := f.tx.Cards(f.read)
		return f.fresh(nil, rows, n), err
	case dateline.RuleLive:
		rows, err := f.tx.OnAir()
		return f.fresh(nil, rows, n), err
	case dateline.RuleSection:
		of = InSection(r.Of)
	case dateline.RuleTopic:
		of = OnTopic(r.Of)
	case dateline.RuleStory:
		of = InStory(r.Of)
	}
	for after := (Position{}); ; {
		rows, err := f.list(of, after, n+spare)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return nil, err
		}
		cards = f.fresh(cards, rows, n)
		if len(cards) == n || len(rows) < n+spare {
			return cards, nil
		}
		after = rows[len(rows)-1].At()
	}
}

// headOf is the head of a list that a rule looked at.
type headOf struct {
	list  ListOf
	limit int
}

// list is Tx.List that remembers the heads of lists: a receipt fills many fronts in one snapshot, and most look at the same ones.
func (f *filler) list(of ListOf, after Position, limit int) ([]Card, error) {
	head := headOf{of, limit}
	if rows, ok := f.tx.heads[head]; ok && after == (Position{}) {
		return rows, nil
	}
	rows, err := f.tx.List(of, after, limit)
	if err != nil || after != (Position{}) {
		return rows, err
	}
	if f.tx.heads == nil {
		f.tx.heads = map[headOf][]Card{}
	}
	f.tx.heads[head] = rows
	return rows, nil
}

// fresh adds those of some rows that do not stand on the front yet.
func (f *filler) fresh(cards, rows []Card, n int) []Card {
	for _, c := range rows {
		if len(cards) < n && !f.stands[c.ID] && c.Kind != dateline.KindPage {
			f.stands[c.ID] = true
			cards = append(cards, c)
		}
	}
	return cards
}
