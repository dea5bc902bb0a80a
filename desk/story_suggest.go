package desk

import (
	"cmp"
	"context"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/search"
)

// Dismissals keeps which suggestions were wrong.
type Dismissals interface {
	// DismissStory keeps that an article does not belong to a story; twice is once.
	DismissStory(article, story dateline.ID) error
	// ListDismissed lists the stories that an article does not belong to.
	ListDismissed(article dateline.ID) ([]dateline.ID, error)
}

// StorySuggestion is a story that an article may belong to, and why.
type StorySuggestion struct {
	Story  *dateline.Story
	Topics []dateline.ID // parties of the story that the article is about, quotes, or was written by
	Words  []string      // of the story's name that the article uses
	weight int
}

// How much a shared party and a shared word weigh, from which weight on a story is suggested, and how many at most.
const (
	partyWeight   = 3
	wordWeight    = 2
	suggestFrom   = 4
	maxSuggested  = 3
	storiesLooked = 1000
)

// SuggestStories names the stories that an article, as it was saved last, may belong to: those whose parties it shares, and
// whose names' words it uses. The same article gets the same answer; what somebody dismissed for it is not named again.
func (d *Desk) SuggestStories(ctx context.Context, actor dateline.Actor, article dateline.ID) (list []StorySuggestion, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		a, err := tx.FindArticle(article)
		if err != nil {
			return err
		}
		passed, err := tx.ListDismissed(article)
		if err != nil {
			return err
		}
		passed = append(passed, a.Content.Stories...)
		t := &turn{Tx: tx, desk: d, actor: actor}
		about, words, err := t.aboutArticle(&a.Content)
		if err != nil {
			return err
		}
		return eachStory(tx, func(s *dateline.Story) error {
			if slices.Contains(passed, s.ID) || s.Into != "" || s.Readers == dateline.Withdrawn {
				return nil
			}
			g, err := about.suggestion(s, words)
			if g.weight >= suggestFrom {
				list = append(list, g)
			}
			return err
		})
	})
	slices.SortFunc(list, func(a, b StorySuggestion) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.Story.Slug, b.Story.Slug))
	})
	return list[:min(len(list), maxSuggested)], err
}

func eachStory(tx Tx, f func(*dateline.Story) error) error {
	after := ""
	for range storiesLooked / MaxList {
		page, err := tx.Stories().List("", after, MaxList)
		if err != nil {
			return err
		}
		for _, s := range page {
			if err := f(s); err != nil {
				return err
			}
			after = s.Slug
		}
		if len(page) < MaxList {
			return nil
		}
	}
	return nil
}

// subjects are what an article is about.
type subjects struct {
	turn    *turn
	topics  map[dateline.ID]bool
	persons map[dateline.ID]bool        // whom it quotes, who wrote it, and whom its topics stand for
	stands  map[dateline.ID]dateline.ID // persons that topics stand for, looked up so far
}

// has says whether an article is about a topic, or about the person that the topic stands for.
func (s *subjects) has(topic dateline.ID) (bool, error) {
	if s.topics[topic] || len(s.persons) == 0 {
		return s.topics[topic], nil
	}
	person, err := s.person(topic)
	return s.persons[person], err
}

// person is whom a topic stands for; none for one that stands for nobody, or is there no more.
func (s *subjects) person(topic dateline.ID) (dateline.ID, error) {
	if known, ok := s.stands[topic]; ok {
		return known, nil
	}
	t, err := s.turn.Topics().Find(topic)
	if absent(err) {
		t, err = new(dateline.Topic), nil
	}
	if err != nil {
		return "", err
	}
	s.stands[topic] = t.Person
	return t.Person, nil
}

// aboutArticle gives what an article is about, and the words it uses.
func (t *turn) aboutArticle(c *dateline.Content) (about *subjects, words map[string]bool, err error) {
	doc, err := document(c.Body)
	if err != nil {
		return nil, nil, err
	}
	about, words = &subjects{t, map[dateline.ID]bool{}, map[dateline.ID]bool{}, map[dateline.ID]dateline.ID{}}, map[string]bool{}
	r := references(c, doc)
	for _, id := range slices.Concat(r.speakers, r.byline) {
		about.persons[id] = true
	}
	for _, word := range search.Tokens(nil, c.Headline+" "+c.Standfirst+" "+c.Dateline.Place+" "+text(doc)) {
		words[word] = true
	}
	for _, id := range c.Topics {
		about.topics[id] = true
		person, err := about.person(id)
		if err != nil {
			return nil, nil, err
		}
		if person != "" {
			about.persons[person] = true
		}
	}
	return about, words, nil
}

// shortest is the length, in bytes, of the shortest word of a name that says something.
const shortest = 4

func (s *subjects) suggestion(story *dateline.Story, words map[string]bool) (StorySuggestion, error) {
	g := StorySuggestion{Story: story}
	for _, p := range story.Content.Parties {
		has, err := s.has(p.Topic)
		if err != nil {
			return g, err
		}
		if has {
			g.Topics = append(g.Topics, p.Topic)
			g.weight += partyWeight
		}
	}
	for _, word := range search.Tokens(nil, story.Content.Name) {
		if len(word) >= shortest && words[word] && !slices.Contains(g.Words, word) {
			g.Words = append(g.Words, word)
			g.weight += wordWeight
		}
	}
	return g, nil
}

// DismissStory says for good that an article does not belong to a story that was suggested for it.
func (d *Desk) DismissStory(ctx context.Context, actor dateline.Actor, article, story dateline.ID) error {
	return d.do(ctx, actor, dateline.ActSave, func(t *turn) error {
		a, err := t.FindArticle(article)
		if err != nil {
			return err
		}
		if err := dateline.Can(actor, dateline.ActSave, a); err != nil {
			return err
		}
		s, err := t.Stories().Find(story)
		if err != nil {
			return err
		}
		if err := t.Tx.DismissStory(article, story); err != nil {
			return err
		}
		return t.note(dateline.ActSave, a, 0, "it does not belong to the story %s", s.Slug)
	})
}
