package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/render"
)

type storyCommand struct {
	FromTopic storyFromTopicCommand `cmd:"" help:"Propose a running story made of the articles under a topic."`
}

type storyFromTopicCommand struct {
	inFolder
	Topic string `arg:"" help:"The topic's slug, such as that of an imported tag or category."`
	Name  string `help:"The story's name; the topic's where it is not given." placeholder:"NAME"`
}

// Help gives the example.
func (storyFromTopicCommand) Help() string {
	return `The story is a draft on the desk: readers have nothing of it. Its parties are the people, organisations and places that its articles
share, its dates those that their texts name ahead of their day, each with its source. An editor takes out what is wrong, says where
the story stands, and publishes it.

Example:
  dateline story from-topic fishing --name "The fishing-ground talks" --dir paper`
}

// Run proposes the story.
func (c storyFromTopicCommand) Run(ctx context.Context, s streams) error {
	var out proposedStory
	if err := perform(ctx, c.Dir, "story-from-topic", fromTopicArgs{c.Topic, c.Name}, &out, newProgress(s.err).tell); err != nil {
		return err
	}
	if c.JSON {
		return printJSON(s.out, out)
	}
	_, err := fmt.Fprintf(s.out, "The draft of a story was made: %s (%s), of %d articles, with %d parties and %d dates to confirm.\nSay where it stands and publish it in the newsroom, at /stories/%s\n",
		out.Name, out.Slug, out.Articles, out.Parties, out.Dates, out.ID)
	return err
}

type fromTopicArgs struct{ Topic, Name string }

// proposedStory is what was proposed.
type proposedStory struct {
	ID       dateline.ID `json:"id"`
	Slug     string      `json:"slug"`
	Name     string      `json:"name"`
	Articles int         `json:"articles"`
	Parties  int         `json:"parties"`
	Dates    int         `json:"dates"`
}

// How many parties and dates are proposed at most, and how many years ahead of an article its dates may lie.
const (
	proposedParties = 8
	proposedDates   = 60
	yearsAhead      = 3
)

func storyFromTopic(ctx context.Context, r *room, a fromTopicArgs, tell tell) (out proposedStory, err error) {
	p := &proposal{shared: map[dateline.ID]int{}, finders: map[int]*render.WhenFinder{}}
	err = r.desk.View(ctx, func(tx desk.Tx) error {
		if err := p.open(tx, a); err != nil {
			return err
		}
		for i, use := range p.uses {
			if err := p.read(tx, use.Article); err != nil {
				return err
			}
			tell("reading the topic's articles", int64(i+1), int64(len(p.uses)))
		}
		return p.choose(tx)
	})
	if err != nil {
		return out, err
	}
	s, err := r.desk.CreateStory(ctx, local, "", p.content)
	if err != nil {
		return out, err
	}
	return proposedStory{s.ID, s.Slug, s.Content.Name, len(s.Content.Joined), len(s.Content.Parties), len(s.Content.Events)}, nil
}

// proposal is a story that is being made of a topic.
type proposal struct {
	topic   *dateline.Topic
	uses    []desk.TopicUse
	content dateline.StoryContent
	zone    *time.Location
	words   *render.Catalogue
	shared  map[dateline.ID]int // topics, by how many of the articles have them
	finders map[int]*render.WhenFinder
}

func (p *proposal) open(tx desk.Tx, a fromTopicArgs) (err error) {
	if p.topic, err = tx.Topics().FindBySlug(a.Topic); err != nil {
		return err
	}
	pub, err := tx.FindPublication()
	if err != nil {
		return err
	}
	if p.zone, err = pub.Location(); err != nil {
		return err
	}
	now, err := tx.Now()
	if err != nil {
		return err
	}
	if p.uses, err = tx.ListTopicUses(p.topic.ID, now.Add(time.Second), dateline.MaxStoryArticles); err != nil {
		return err
	}
	if len(p.uses) == 0 {
		return dateline.Errorf(dateline.EState, "no published article stands under the topic %s", a.Topic)
	}
	language := render.FrameLanguage(pub.Language, pub.Language)
	p.words, _ = render.CatalogueFor(language)
	p.content = dateline.StoryContent{Name: strings.TrimSpace(a.Name), Language: language}
	if p.content.Name == "" {
		p.content.Name, _ = p.topic.Names.In(language, pub.Language)
	}
	slices.Reverse(p.uses) // the oldest first
	return nil
}

// read takes an article in: its topics, and the dates that its text names ahead of its day.
func (p *proposal) read(tx desk.Tx, id dateline.ID) error {
	a, err := tx.FindArticle(id)
	if err != nil {
		return err
	}
	p.content.Joined = append(p.content.Joined, id)
	for _, topic := range a.Content.Topics {
		p.shared[topic]++
	}
	var doc markup.Node
	if len(a.Content.Body) > 0 {
		if err := json.Unmarshal(a.Content.Body, &doc); err != nil {
			return fmt.Errorf("read the text of %s: %w", id, err)
		}
	}
	for n, paragraph := range markup.Paragraphs(doc) {
		for _, sentence := range sentences(paragraph) {
			p.date(a, n+1, sentence)
		}
	}
	return nil
}

// date proposes the date that a sentence names, where it lies ahead of the article's day.
func (p *proposal) date(a *dateline.Article, paragraph int, sentence string) {
	if len(p.content.Events) >= proposedDates || len([]rune(sentence)) > dateline.MaxSentence {
		return
	}
	day := a.First.In(p.zone)
	f := p.finders[day.Year()]
	if f == nil {
		f = p.words.Finder(day.Year(), day.Year()+yearsAhead)
		p.finders[day.Year()] = f
	}
	w, ok := f.Find(sentence)
	if !ok {
		return
	}
	if _, last := w.Span(false); !last.After(time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)) {
		return
	}
	if slices.ContainsFunc(p.content.Events, func(e dateline.StoryEvent) bool { return e.When == w && e.Title == sentence }) {
		return
	}
	p.content.Events = append(p.content.Events, dateline.StoryEvent{When: w, Title: sentence,
		Source: dateline.StorySource{Article: a.ID, Edition: a.Edition, Paragraph: paragraph}})
}

// sentences parts a paragraph where a sentence of Latin, Devanagari or Arabic script ends.
func sentences(paragraph string) (list []string) {
	for paragraph != "" {
		cut := len(paragraph)
		for _, end := range []string{". ", "! ", "? ", "।", "؟ "} {
			if i := strings.Index(paragraph, end); i >= 0 {
				cut = min(cut, i+len(end))
			}
		}
		if s := strings.TrimSpace(paragraph[:cut]); s != "" {
			list = append(list, s)
		}
		paragraph = paragraph[cut:]
	}
	return list
}

// choose takes as parties the topics that most of the articles share and that can act: persons, organisations and places.
func (p *proposal) choose(tx desk.Tx) error {
	delete(p.shared, p.topic.ID)
	ids := slices.SortedFunc(maps.Keys(p.shared), func(a, b dateline.ID) int { return cmp.Or(p.shared[b]-p.shared[a], cmp.Compare(a, b)) })
	for _, id := range ids {
		if p.shared[id] < 2 || len(p.content.Parties) == proposedParties {
			break
		}
		topic, err := tx.Topics().Find(id)
		if err != nil {
			return err
		}
		if topic.Kind != dateline.TopicSubject {
			p.content.Parties = append(p.content.Parties, dateline.StoryParty{Topic: id})
		}
	}
	return nil
}
