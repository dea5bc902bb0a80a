package newsroom

import (
	"context"
	"net/http"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/record"
)

// stories adds the routes of running stories.
func (s *server) stories() {
	register(s, dateline.ActRead, "GET", "/stories", "list-stories", "List running stories by slug", s.listStories)
	register(s, dateline.ActRead, "GET", "/names/stories", "find-stories", "Running stories, while their name is typed", s.typedStories)
	register(s, dateline.ActRead, "GET", "/stories/{id}", "find-story", "A running story with what was saved last", s.findStory)
	register(s, dateline.ActDescribe, "POST", "/stories", "create-story", "Make a running story; readers have nothing of it until it is published", s.createStory, answers(http.StatusCreated))
	register(s, dateline.ActDescribe, "PUT", "/stories/{id}", "save-story", "Save a running story; readers keep what they have", s.saveStory)
	register(s, dateline.ActPublishStory, "POST", "/stories/{id}/publish", "publish-story", "Give readers what was saved last of a story; the answer is the receipt", s.publishStory)
	register(s, dateline.ActPublishStory, "POST", "/stories/{id}/status", "change-status", "Say where a published story stands from now on; the answer is the receipt", s.changeStatus)
	register(s, dateline.ActPublishStory, "POST", "/stories/{id}/withdraw", "withdraw-story", "Take a story down; its articles stay. The answer is the receipt", s.withdrawStory)
	register(s, dateline.ActPublishStory, "POST", "/stories/{id}/merge", "merge-story", "Make a story part of another, to which its address leads for good; the answer is the other's receipt", s.mergeStory)
	register(s, dateline.ActPublishStory, "POST", "/stories/{id}/split", "split-story", "Make a new story of some of its articles; the answer is the new one's receipt", s.splitStory)
	register(s, dateline.ActRead, "GET", "/stories/{id}/articles", "list-story-articles", "The published articles of a story", s.storyArticles)
	register(s, dateline.ActRead, "GET", "/articles/{id}/stories", "suggest-stories", "Stories that an article may belong to, and why", s.suggestStories)
	register(s, dateline.ActSave, "POST", "/story-dismissals", "dismiss-story", "Say for good that an article does not belong to a story", s.dismissStory, answers(http.StatusNoContent))
}

// StoryIn is a running story as it is sent.
type StoryIn struct {
	Slug       string        `json:"slug,omitempty" doc:"The last part of its address; made of the name where it is absent"`
	Name       string        `json:"name"`
	Summary    string        `json:"summary,omitempty" doc:"What it is about, in a sentence"`
	Background string        `json:"background,omitempty" doc:"At most 150 words"`
	Language   string        `json:"language,omitempty" doc:"BCP 47; the publication's where it is absent"`
	Statuses   []StoryStatus `json:"statuses,omitempty" doc:"In the order of their instants; the last one is where it stands"`
	Parties    []StoryParty  `json:"parties,omitempty"`
	Events     []StoryEvent  `json:"events,omitempty" doc:"What has happened and what is awaited"`
	Joined     []dateline.ID `json:"joined,omitempty" doc:"Articles that belong to it although they do not say so"`
	Left       []dateline.ID `json:"left,omitempty" doc:"Articles that do not, although they say so"`
}

// StoryStatus is one line of a status's history.
type StoryStatus struct {
	ID       dateline.ID         `json:"id,omitempty" doc:"As it was given; absent for a new one"`
	At       *time.Time          `json:"at,omitempty" doc:"Since when; now where it is absent"`
	State    dateline.StoryState `json:"state" enum:"expected,uncertain,under_way,suspended,ended,called_off"`
	Words    string              `json:"words" doc:"The newsroom's own, at most 80 characters: Talks suspended"`
	Sentence string              `json:"sentence,omitempty" doc:"What happened, at most 300 characters"`
	Source   *StorySource        `json:"source,omitempty"`
}

// StoryParty is a topic with its part in the story.
type StoryParty struct {
	Topic string `json:"topic" doc:"A topic, by id or slug"`
	Role  string `json:"role,omitempty"`
}

// StoryEvent is a dated line.
type StoryEvent struct {
	ID     dateline.ID   `json:"id,omitempty" doc:"As it was given; absent for a new one"`
	When   dateline.When `json:"when" doc:"As exactly as it is known: 2026, 2026-21 to 2026-24 for a season from spring to winter, 2026-07, 2026-07-W2 for a week of a month, 2026-07-04"`
	Title  string        `json:"title"`
	Text   string        `json:"text,omitempty"`
	Source *StorySource  `json:"source,omitempty"`
}

// StorySource is an article of the paper, or an address outside.
type StorySource struct {
	Article   dateline.ID `json:"article,omitempty"`
	Edition   int         `json:"edition,omitempty"`
	Paragraph int         `json:"paragraph,omitempty"`
	Address   string      `json:"address,omitempty"`
	Name      string      `json:"name,omitempty"`
}

// Story is a running story as the API gives it.
type Story struct {
	ID       dateline.ID      `json:"id"`
	Version  int64            `json:"version" doc:"Moved by every save and act; name it in If-Match"`
	Readers  dateline.Readers `json:"readers" doc:"What readers have" enum:"unpublished,published,withdrawn"`
	Unsaid   bool             `json:"unpublished_changes" doc:"What was saved differs from what readers have"`
	Edition  int              `json:"edition" doc:"How often it was published"`
	Address  string           `json:"address,omitempty"`
	Former   []string         `json:"former,omitempty" doc:"Slugs that redirect to it"`
	Into     dateline.ID      `json:"into,omitempty" doc:"The story that it was merged into"`
	Notice   string           `json:"notice,omitempty"`
	Sequence []int64          `json:"sequences,omitempty" doc:"Its entries in the record"`
	SavedAt  time.Time        `json:"saved_at"`
	SavedBy  string           `json:"saved_by"`
	Content  StoryIn          `json:"content"`
}

func newStory(s *dateline.Story) *Story {
	out := &Story{ID: s.ID, Version: s.Version, Readers: s.Readers, Unsaid: s.Unsaid, Edition: s.Edition, Former: s.Former, Into: s.Into, Notice: s.Notice,
		Sequence: s.Sequence, SavedAt: s.SavedAt, SavedBy: s.SavedBy}
	if s.Shown != "" {
		out.Address = "/stories/" + s.Shown
	}
	c := s.Content
	out.Content = StoryIn{Slug: s.Slug, Name: c.Name, Summary: c.Summary, Background: c.Background, Language: c.Language, Joined: c.Joined, Left: c.Left}
	for _, st := range c.Statuses {
		at := st.At
		out.Content.Statuses = append(out.Content.Statuses, StoryStatus{st.ID, &at, st.State, st.Words, st.Sentence, newSource(st.Source)})
	}
	for _, p := range c.Parties {
		out.Content.Parties = append(out.Content.Parties, StoryParty{string(p.Topic), p.Role})
	}
	for _, e := range c.Events {
		out.Content.Events = append(out.Content.Events, StoryEvent{e.ID, e.When, e.Title, e.Text, newSource(e.Source)})
	}
	return out
}

func newSource(s dateline.StorySource) *StorySource {
	if s == (dateline.StorySource{}) {
		return nil
	}
	return &StorySource{s.Article, s.Edition, s.Paragraph, s.Address, s.Name}
}

func (s *StorySource) domain() dateline.StorySource {
	if s == nil {
		return dateline.StorySource{}
	}
	return dateline.StorySource{Address: s.Address, Article: s.Article, Edition: s.Edition, Name: s.Name, Paragraph: s.Paragraph}
}

func (s *StoryStatus) domain() dateline.StoryStatus {
	out := dateline.StoryStatus{ID: s.ID, State: s.State, Words: s.Words, Sentence: s.Sentence, Source: s.Source.domain()}
	if s.At != nil {
		out.At = s.At.UTC()
	}
	return out
}

// domain makes the domain's content of what came in, with the slugs of topics looked up.
func (in *StoryIn) domain(ctx context.Context, d *desk.Desk) (c dateline.StoryContent, err error) {
	c = dateline.StoryContent{Name: in.Name, Summary: in.Summary, Background: in.Background, Language: in.Language, Joined: in.Joined, Left: in.Left}
	for i := range in.Statuses {
		c.Statuses = append(c.Statuses, in.Statuses[i].domain())
	}
	for _, e := range in.Events {
		c.Events = append(c.Events, dateline.StoryEvent{ID: e.ID, When: e.When, Title: e.Title, Text: e.Text, Source: e.Source.domain()})
	}
	if len(in.Parties) == 0 {
		return c, nil
	}
	err = d.View(ctx, func(tx desk.Tx) error {
		for i, p := range in.Parties {
			id, err := dateline.ParseID(p.Topic)
			if err != nil {
				if id, err = idOf(tx.Topics().FindBySlug(p.Topic)); err != nil {
					return &dateline.Error{Code: dateline.EInvalid, Message: "the story cannot be used as it is",
						Fields: []dateline.Field{{Path: "parties[" + itoa(i) + "].topic", Message: "there is no topic with this id or slug: make it first"}}}
				}
			}
			c.Parties = append(c.Parties, dateline.StoryParty{Topic: id, Role: p.Role})
		}
		return nil
	})
	return c, err
}

type storyOut struct {
	ETag     string `header:"ETag" doc:"The version, for If-Match"`
	Location string `header:"Location"`
	Body     *Story
}

func answerStory(s *dateline.Story, err error) (*storyOut, error) {
	if err != nil {
		return nil, err
	}
	return &storyOut{ETag: etag(s.Version), Body: newStory(s)}, nil
}

// StoryRow is a running story in a list.
type StoryRow struct {
	ID      dateline.ID         `json:"id"`
	Slug    string              `json:"slug"`
	Name    string              `json:"name"`
	Readers dateline.Readers    `json:"readers" enum:"unpublished,published,withdrawn"`
	Unsaid  bool                `json:"unpublished_changes"`
	Into    dateline.ID         `json:"into,omitempty"`
	State   dateline.StoryState `json:"state,omitempty"`
	Words   string              `json:"words,omitempty" doc:"Where it stands, as it was saved last"`
	Since   *time.Time          `json:"since,omitempty"`
	SavedAt time.Time           `json:"saved_at"`
	SavedBy string              `json:"saved_by"`
	Version int64               `json:"version"`
}

type storiesOut struct {
	Body struct {
		Items []StoryRow `json:"items"`
		Next  string     `json:"next,omitempty" doc:"For after; absent on the last page"`
	}
}

func storyRows(list []*dateline.Story) []StoryRow {
	rows := []StoryRow{}
	for _, st := range list {
		row := StoryRow{ID: st.ID, Slug: st.Slug, Name: st.Content.Name, Readers: st.Readers, Unsaid: st.Unsaid, Into: st.Into, SavedAt: st.SavedAt, SavedBy: st.SavedBy, Version: st.Version}
		if now := st.Content.Status(); now != nil {
			row.State, row.Words, row.Since = now.State, now.Words, &now.At
		}
		rows = append(rows, row)
	}
	return rows
}

func (s *server) listStories(ctx context.Context, in *thingsIn) (*storiesOut, error) {
	list, err := s.Desk.ListStories(ctx, actor(ctx), desk.Page{Prefix: in.Prefix, After: in.After, Limit: in.Limit})
	out := &storiesOut{}
	out.Body.Items = storyRows(list)
	if len(list) == in.Limit {
		out.Body.Next = list[len(list)-1].Slug
	}
	return out, err
}

type typedStoriesIn struct {
	Q     string `query:"q" required:"true" doc:"What has been typed of the name" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"10"`
}

func (s *server) typedStories(ctx context.Context, in *typedStoriesIn) (*storiesOut, error) {
	list, err := s.Desk.FindStories(ctx, actor(ctx), in.Q, in.Limit)
	out := &storiesOut{}
	out.Body.Items = storyRows(list)
	return out, err
}

func (s *server) findStory(ctx context.Context, in *One) (*storyOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	return answerStory(s.Desk.FindStory(ctx, actor(ctx), id))
}

type newStoryIn struct {
	Body StoryIn
}

func (s *server) createStory(ctx context.Context, in *newStoryIn) (*storyOut, error) {
	c, err := in.Body.domain(ctx, s.Desk)
	if err != nil {
		return nil, err
	}
	out, err := answerStory(s.Desk.CreateStory(ctx, actor(ctx), in.Body.Slug, c))
	if err == nil {
		out.Location = "/api/v1/stories/" + string(out.Body.ID)
	}
	return out, err
}

type storyIn struct {
	Versioned
	Body StoryIn
}

func (s *server) saveStory(ctx context.Context, in *storyIn) (*storyOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	c, err := in.Body.domain(ctx, s.Desk)
	if err != nil {
		return nil, err
	}
	return answerStory(s.Desk.SaveStory(ctx, actor(ctx), t, in.Body.Slug, c))
}

// storyReceipt gives the receipt of an act on a story. The act is committed, so whatever the site says the answer is 200.
func (s *server) storyReceipt(ctx context.Context, in *Repeatable, r desk.StoryResult, err error) (*receiptOut, error) {
	if err != nil {
		return nil, err
	}
	out, err := s.receipt(ctx, in, desk.Result{Sequence: r.Sequence, Act: record.KindStory}, nil)
	if err == nil {
		out.ETag = etag(r.Story.Version)
	}
	return out, err
}

func (s *server) publishStory(ctx context.Context, in *restoreIn) (*receiptOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.PublishStory(ctx, actor(ctx), t)
	return s.storyReceipt(ctx, &in.Repeatable, r, err)
}

type statusIn struct {
	Repeatable
	Body StoryStatus
}

func (s *server) changeStatus(ctx context.Context, in *statusIn) (*receiptOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.ChangeStatus(ctx, actor(ctx), t, in.Body.domain())
	return s.storyReceipt(ctx, &in.Repeatable, r, err)
}

type withdrawStoryIn struct {
	Repeatable
	Body struct {
		Notice string `json:"notice,omitempty" doc:"The public sentence at its address"`
		Reason string `json:"reason,omitempty" doc:"For colleagues; needed, and kept in the audit"`
	}
}

func (s *server) withdrawStory(ctx context.Context, in *withdrawStoryIn) (*receiptOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.WithdrawStory(ctx, actor(ctx), t, in.Body.Notice, in.Body.Reason)
	return s.storyReceipt(ctx, &in.Repeatable, r, err)
}

type mergeStoryIn struct {
	Repeatable
	Body struct {
		Into    string `json:"into" doc:"The id of the story that it becomes a part of"`
		Version int64  `json:"version" doc:"The version of that story that was seen" minimum:"1"`
	}
}

func (s *server) mergeStory(ctx context.Context, in *mergeStoryIn) (*receiptOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	into, err := One{in.Body.Into}.id()
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.MergeStory(ctx, actor(ctx), t, desk.Target{ID: into, Version: in.Body.Version})
	return s.storyReceipt(ctx, &in.Repeatable, r, err)
}

type splitStoryIn struct {
	Repeatable
	Body struct {
		Name     string        `json:"name" doc:"Of the new story"`
		Articles []dateline.ID `json:"articles" doc:"Those that go over"`
	}
}

func (s *server) splitStory(ctx context.Context, in *splitStoryIn) (*receiptOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	r, err := s.Desk.SplitStory(ctx, actor(ctx), t, in.Body.Name, in.Body.Articles)
	return s.storyReceipt(ctx, &in.Repeatable, r, err)
}

type storyArticlesOut struct {
	Body struct {
		Articles []*Article `json:"articles"`
	}
}

func (s *server) storyArticles(ctx context.Context, in *One) (*storyArticlesOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.StoryArticles(ctx, actor(ctx), id, desk.MaxList)
	out := &storyArticlesOut{}
	out.Body.Articles = []*Article{}
	for _, a := range list {
		out.Body.Articles = append(out.Body.Articles, newArticle(a))
	}
	return out, err
}

// SuggestedStory is a story that an article may belong to.
type SuggestedStory struct {
	Story  StoryRow `json:"story"`
	Topics []string `json:"topics,omitempty" doc:"Names of what both are about"`
	Words  []string `json:"words,omitempty" doc:"Words of the story's name that the article uses"`
}

type suggestedOut struct {
	Body struct {
		Items []SuggestedStory `json:"items"`
	}
}

func (s *server) suggestStories(ctx context.Context, in *One) (*suggestedOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.SuggestStories(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &suggestedOut{}
	out.Body.Items = []SuggestedStory{}
	err = s.Desk.View(ctx, func(tx desk.Tx) error {
		p, err := tx.FindPublication()
		if err != nil {
			return err
		}
		for _, g := range list {
			item := SuggestedStory{Story: storyRows([]*dateline.Story{g.Story})[0], Words: g.Words}
			for _, id := range g.Topics {
				topic, err := tx.Topics().Find(id)
				if err != nil {
					return err
				}
				name, _ := topic.Names.In(p.Language, p.Language)
				item.Topics = append(item.Topics, name)
			}
			out.Body.Items = append(out.Body.Items, item)
		}
		return nil
	})
	return out, err
}

type dismissIn struct {
	Body struct {
		Article string `json:"article"`
		Story   string `json:"story"`
	}
}

func (s *server) dismissStory(ctx context.Context, in *dismissIn) (*none, error) {
	article, err := One{in.Body.Article}.id()
	if err != nil {
		return nil, err
	}
	story, err := One{in.Body.Story}.id()
	if err != nil {
		return nil, err
	}
	return nil, s.Desk.DismissStory(ctx, actor(ctx), article, story)
}
