package newsroom

import (
	"context"
	"net/http"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
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
	register(s, dateline.ActSchedule, "POST", "/stories/{id}/schedule", "schedule-story", "Have what is saved now of a story go out at an instant", s.scheduleStory)
	register(s, dateline.ActUnschedule, "POST", "/stories/{id}/unschedule", "unschedule-story", "Take a story's schedule back", s.unscheduleStory)
	register(s, dateline.ActEmbargo, "POST", "/stories/{id}/embargo", "embargo-story", "Stop a story's publication until an instant", s.embargoStory)
	register(s, dateline.ActLiftEmbargo, "DELETE", "/stories/{id}/embargo", "lift-story-embargo", "End a story's embargo", s.liftStoryEmbargo)
	register(s, dateline.ActHold, "POST", "/stories/{id}/hold", "hold-story", "Put a story on legal hold", s.holdStory)
	register(s, dateline.ActLiftHold, "DELETE", "/stories/{id}/hold", "lift-story-hold", "End a story's legal hold", s.liftStoryHold)
	register(s, dateline.ActRead, "GET", "/stories/{id}/history", "list-story-history", "The acts by which readers got a story's states, newest first", s.storyHistory)
	register(s, dateline.ActRead, "GET", "/stories/{id}/compare", "compare-story", "What differs between two states of a story", s.compareStory)
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
	Stories    []dateline.ID `json:"stories,omitempty" doc:"Larger stories that it is part of, at most 10"`
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
	Embargo  *dateline.Lock   `json:"embargo,omitempty"`
	Hold     *dateline.Lock   `json:"hold,omitempty"`
	Schedule *StorySchedule   `json:"schedule,omitempty"`
	SavedAt  time.Time        `json:"saved_at"`
	SavedBy  string           `json:"saved_by"`
	Content  StoryIn          `json:"content"`
}

// StorySchedule is when a state of a story goes out.
type StorySchedule struct {
	Due    time.Time       `json:"due"`
	By     string          `json:"by"`
	Change dateline.Change `json:"change"`
	Note   string          `json:"note,omitempty"`
	Later  bool            `json:"changed_since" doc:"What is saved now is another state, and does not go out"`
}

func newStory(s *dateline.Story) *Story {
	out := &Story{ID: s.ID, Version: s.Version, Readers: s.Readers, Unsaid: s.Unsaid, Edition: s.Edition, Former: s.Former, Into: s.Into, Notice: s.Notice,
		Sequence: s.Sequence, Embargo: s.Embargo, Hold: s.Hold, SavedAt: s.SavedAt, SavedBy: s.SavedBy}
	if d := s.Schedule; d != nil {
		out.Schedule = &StorySchedule{d.Due, d.By, d.Change, d.Note, d.Slug != s.Slug || len(dateline.CompareStories(&d.Content, &s.Content)) > 0}
	}
	if s.Shown != "" {
		out.Address = "/stories/" + s.Shown
	}
	out.Content = newStoryIn(s.Content)
	out.Content.Slug = s.Slug
	return out
}

func newStoryIn(c dateline.StoryContent) StoryIn {
	out := StoryIn{Name: c.Name, Summary: c.Summary, Background: c.Background, Language: c.Language, Joined: c.Joined, Left: c.Left, Stories: c.Stories}
	for i := range c.Statuses {
		out.Statuses = append(out.Statuses, *newStatus(&c.Statuses[i]))
	}
	for _, p := range c.Parties {
		out.Parties = append(out.Parties, StoryParty{string(p.Topic), p.Role})
	}
	for i := range c.Events {
		out.Events = append(out.Events, *newEvent(&c.Events[i]))
	}
	return out
}

func newStatus(s *dateline.StoryStatus) *StoryStatus {
	if s == nil {
		return nil
	}
	at := s.At
	return &StoryStatus{s.ID, &at, s.State, s.Words, s.Sentence, newSource(s.Source)}
}

func newEvent(e *dateline.StoryEvent) *StoryEvent {
	if e == nil {
		return nil
	}
	return &StoryEvent{e.ID, e.When, e.Title, e.Text, newSource(e.Source)}
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
	c = dateline.StoryContent{Name: in.Name, Summary: in.Summary, Background: in.Background, Language: in.Language, Joined: in.Joined, Left: in.Left, Stories: in.Stories}
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

type createStoryIn struct {
	Body StoryIn
}

func (s *server) createStory(ctx context.Context, in *createStoryIn) (*storyOut, error) {
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

type publishStoryIn struct {
	Repeatable
	Body *struct {
		Change dateline.Change `json:"change,omitempty" doc:"Why readers get another state: minor, update, correction or clarification; first or update where it is absent"`
		Note   string          `json:"note,omitempty" doc:"What readers are told: needed for a correction or clarification; at most 300 characters"`
	}
}

func (s *server) publishStory(ctx context.Context, in *publishStoryIn) (*receiptOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	change, note := dateline.Change(""), ""
	if in.Body != nil {
		change, note = in.Body.Change, in.Body.Note
	}
	r, err := s.Desk.PublishStory(ctx, actor(ctx), t, change, note)
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

type scheduleStoryIn struct {
	Versioned
	Body struct {
		Due    time.Time       `json:"due" doc:"When it goes out, with its zone"`
		Change dateline.Change `json:"change,omitempty" doc:"As for publishing"`
		Note   string          `json:"note,omitempty" doc:"What readers are told"`
	}
}

func (s *server) scheduleStory(ctx context.Context, in *scheduleStoryIn) (*storyOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return answerStory(s.Desk.ScheduleStory(ctx, actor(ctx), t, in.Body.Due, in.Body.Change, in.Body.Note))
}

func (s *server) unscheduleStory(ctx context.Context, in *stepIn) (*storyOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return answerStory(s.Desk.UnscheduleStory(ctx, actor(ctx), t))
}

func (s *server) embargoStory(ctx context.Context, in *embargoIn) (*storyOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return answerStory(s.Desk.EmbargoStory(ctx, actor(ctx), t, in.Body.Until, in.Body.Reason))
}

func (s *server) liftStoryEmbargo(ctx context.Context, in *liftIn) (*storyOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return answerStory(s.Desk.LiftStoryEmbargo(ctx, actor(ctx), t, in.Reason))
}

func (s *server) holdStory(ctx context.Context, in *reasonIn) (*storyOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return answerStory(s.Desk.HoldStory(ctx, actor(ctx), t, in.Body.Reason))
}

func (s *server) liftStoryHold(ctx context.Context, in *liftIn) (*storyOut, error) {
	t, err := in.target()
	if err != nil {
		return nil, err
	}
	return answerStory(s.Desk.LiftStoryHold(ctx, actor(ctx), t, in.Reason))
}

type storyHistoryOut struct {
	Body struct {
		Tellings []dateline.StoryTelling `json:"tellings"`
	}
}

func (s *server) storyHistory(ctx context.Context, in *One) (*storyHistoryOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.StoryHistory(ctx, actor(ctx), id)
	out := &storyHistoryOut{}
	out.Body.Tellings = append([]dateline.StoryTelling{}, list...)
	return out, err
}

type compareStoryIn struct {
	One
	From int `query:"from" minimum:"0" doc:"The number of a state; 0 for what was saved last"`
	To   int `query:"to" minimum:"0" doc:"The same of the other side"`
}

// StoryDifference is one thing in which two states of a story differ. What was not there is absent.
type StoryDifference struct {
	Part   dateline.StoryPart      `json:"part" enum:"name,summary,status,event,background,party,article,story"`
	Runs   []DiffRun               `json:"runs,omitempty" doc:"Of name, summary and background"`
	Status StorySides[StoryStatus] `json:"status,omitzero"`
	Event  StorySides[StoryEvent]  `json:"event,omitzero"`
	Party  StorySides[StoryParty]  `json:"party,omitzero"`
	Story  StorySides[string]      `json:"story,omitzero" doc:"The name of a larger story that it is part of"`
	Joined string                  `json:"joined,omitempty" doc:"The headline of an article that joined by the story's own word"`
	Left   string                  `json:"left,omitempty"`
}

// StorySides are what was and what is.
type StorySides[T any] struct {
	Before *T `json:"before,omitempty"`
	After  *T `json:"after,omitempty"`
}

type compareStoryOut struct {
	Body struct {
		From        desk.StoryState   `json:"from"`
		To          desk.StoryState   `json:"to"`
		Differences []StoryDifference `json:"differences"`
		Content     StoryIn           `json:"content" doc:"All of the older side, to take it up again"`
	}
}

func (s *server) compareStory(ctx context.Context, in *compareStoryIn) (*compareStoryOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	was, is, list, err := s.Desk.CompareStory(ctx, actor(ctx), id, in.From, in.To)
	if err != nil {
		return nil, err
	}
	out := &compareStoryOut{}
	out.Body.From, out.Body.To, out.Body.Differences, out.Body.Content = was, is, []StoryDifference{}, newStoryIn(was.Content)
	err = s.Desk.View(ctx, func(tx desk.Tx) error {
		p, err := tx.FindPublication()
		if err != nil {
			return err
		}
		for i := range list {
			d, err := newStoryDifference(tx, p.Language, &list[i])
			if err != nil {
				return err
			}
			out.Body.Differences = append(out.Body.Differences, d)
		}
		return nil
	})
	return out, err
}

// newStoryDifference puts names in the place of ids.
func newStoryDifference(tx desk.Tx, language string, d *dateline.StoryDifference) (out StoryDifference, err error) {
	out = StoryDifference{Part: d.Part, Status: StorySides[StoryStatus]{newStatus(d.Status[0]), newStatus(d.Status[1])},
		Event: StorySides[StoryEvent]{newEvent(d.Event[0]), newEvent(d.Event[1])}}
	if d.Text[0] != d.Text[1] {
		out.Runs = newRuns(markup.DiffText(d.Text[0], d.Text[1]))
	}
	for i, p := range d.Party {
		if p == nil {
			continue
		}
		topic, err := tx.Topics().Find(p.Topic)
		if err != nil {
			return out, err
		}
		name, _ := topic.Names.In(language, language)
		*[]**StoryParty{&out.Party.Before, &out.Party.After}[i] = &StoryParty{name, p.Role}
	}
	for i, id := range d.Story {
		if id == "" {
			continue
		}
		whole, err := tx.Stories().Find(id)
		if err != nil {
			return out, err
		}
		*[]**string{&out.Story.Before, &out.Story.After}[i] = &whole.Content.Name
	}
	for id, headline := range map[dateline.ID]*string{d.Joined: &out.Joined, d.Left: &out.Left} {
		if id == "" {
			continue
		}
		a, err := tx.FindArticle(id)
		if err != nil {
			return out, err
		}
		*headline = a.Content.Headline
	}
	return out, nil
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
