package site

import (
	"slices"
	"sync"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/site/shelf"
)

// rememberedMost bounds how many persons, topics and heads of topics are remembered, some 2 kB each at most.
const rememberedMost = 16_384

// remembered keeps what many articles' pages show alike: the persons and topics that they name, and what is newest on a topic. Each
// would be two or three questions and a decoding, page for page; together they were half of what an article costs. What is
// remembered is good while the dependency key has not changed since its snapshot was opened; that is the key by which the page
// depends on it, too.
type remembered struct {
	mu    sync.RWMutex
	known map[shelf.Key]*memo
}

// memo is what was read of one key; one of the fields is set.
type memo struct {
	person *shelf.Person // its count of articles is not kept up, nor is the topic's
	topic  *shelf.Topic
	newest []shelf.Card
	stamp  uint64
	slots  []uint32
}

// recall gives what is remembered under a key of the page's, or has it read. On a preview and on a page as of an instant nothing
// is as it is now.
func (v *view) recall(key shelf.Key, read func(*memo) error) (*memo, error) {
	v.on(key)
	if v.then != nil || v.private != nil || !v.present {
		m := new(memo)
		return m, read(m)
	}
	r := &v.s.remembered
	r.mu.RLock()
	m := r.known[key]
	r.mu.RUnlock()
	if m != nil && v.s.press.Unchanged(m.slots, m.stamp) {
		return m, nil
	}
	m = &memo{stamp: v.stamp, slots: v.s.press.Slots([]string{everything, string(key)})}
	if err := read(m); err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil {
		r.known = map[shelf.Key]*memo{}
	}
	for k := range r.known { // one that comes to hand gives way, as long as there are too many
		if len(r.known) < rememberedMost {
			break
		}
		delete(r.known, k)
	}
	r.known[key] = m
	return m, nil
}

// person is a person who is named on a page.
func (v *view) person(id dateline.ID) (*shelf.Person, error) {
	m, err := v.recall(shelf.KeyName(id), func(m *memo) (err error) { m.person, err = v.tx.Person(id); return err })
	if err != nil {
		return nil, err
	}
	if m.person == nil {
		return v.tx.Person(id) // it is a topic, and says so itself
	}
	return m.person, nil
}

// topic is a topic that is named on a page.
func (v *view) topic(id dateline.ID) (*shelf.Topic, error) {
	m, err := v.recall(shelf.KeyName(id), func(m *memo) (err error) { m.topic, err = v.tx.Topic(id); return err })
	if err != nil {
		return nil, err
	}
	if m.topic == nil {
		return v.tx.Topic(id)
	}
	return m.topic, nil
}

// newestRemembered is how many of a topic's cards are; with as many as an article names as related ones they are no more than KeyNewest
// tells of.
const newestRemembered = 3

// related are the cards of an article's related ones that readers can open, then the newest of its first topic that is
// neither among them nor the article itself.
func (v *view) related(a *shelf.Article) ([]shelf.Card, error) {
	for _, id := range a.Related { // those that readers cannot open now may come back
		v.on(shelf.KeyCard(id))
	}
	cards, err := v.tx.Cards(a.Related)
	if err != nil || len(a.Topics) == 0 {
		return cards, err
	}
	first := shelf.OnTopic(a.Topics[0])
	m, err := v.recall(shelf.KeyNewest(a.Topics[0]), func(m *memo) (err error) {
		m.newest, err = v.tx.List(first, shelf.Position{}, newestRemembered)
		return err
	})
	if err != nil {
		return nil, err
	}
	another := func(c shelf.Card) bool {
		if v.s.down(c.Address) {
			return false // the tombstones know more than what is remembered
		}
		return c.ID != a.ID && !slices.ContainsFunc(cards, func(have shelf.Card) bool { return have.ID == c.ID })
	}
	newest := m.newest
	if len(newest) == newestRemembered && !slices.ContainsFunc(newest, another) {
		if newest, err = v.tx.List(first, shelf.Position{}, len(cards)+newestRemembered); err != nil {
			return nil, err
		}
	}
	if i := slices.IndexFunc(newest, another); i >= 0 {
		cards = append(cards, newest[i])
	}
	return cards, nil
}
