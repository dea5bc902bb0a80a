package desk

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// CreateStory makes a running story, of which readers have nothing until it is published. An empty slug is made of its name.
func (d *Desk) CreateStory(ctx context.Context, actor dateline.Actor, slug string, c dateline.StoryContent) (s *dateline.Story, err error) {
	err = d.do(ctx, actor, dateline.ActDescribe, func(t *turn) error {
		if s, err = t.createStory(slug, c); err != nil {
			return err
		}
		return t.note(dateline.ActDescribe, nil, 0, "made the story %s", s.Slug)
	})
	return s, err
}

func (t *turn) createStory(slug string, c dateline.StoryContent) (s *dateline.Story, err error) {
	s = &dateline.Story{Version: 1, Readers: dateline.Unpublished, Unsaid: true, Content: c, SavedAt: t.now, SavedBy: t.actor.Name}
	if s.ID, err = t.newID(); err != nil {
		return nil, err
	}
	if s.Slug = norm.NFC.String(slug); s.Slug == "" {
		if s.Slug, err = t.freeStorySlug(Slug(c.Name), s.ID); err != nil {
			return nil, err
		}
	}
	if err := t.checkStory(s); err != nil {
		return nil, err
	}
	return s, t.Stories().Insert(s)
}

// freeStorySlug numbers a slug until no story has it or ever had it.
func (t *turn) freeStorySlug(slug string, id dateline.ID) (string, error) {
	if slug == "" {
		return string(id[len(id)-12:]), nil // a name of signs only, or none yet
	}
	for n := 1; n <= maxNumbered; n++ {
		name := numbered(slug, n)
		_, err := t.Stories().FindBySlug(name)
		_, owned := t.FindOwner(storyAddress(name))
		if absent(err) && absent(owned) {
			return name, nil
		}
		if err != nil && !absent(err) {
			return "", err
		}
	}
	return trimSlug(slug, dateline.MaxSlug-13) + "-" + string(id[len(id)-12:]), nil
}

func storyAddress(slug string) string { return "/stories/" + slug }

// SaveStory keeps a new content of a story. What readers have stays as it is until the story is published.
func (d *Desk) SaveStory(ctx context.Context, actor dateline.Actor, target Target, slug string, c dateline.StoryContent) (s *dateline.Story, err error) {
	err = d.do(ctx, actor, dateline.ActDescribe, func(t *turn) error {
		if s, err = t.story(target); err != nil {
			return err
		}
		if slug = norm.NFC.String(slug); slug != "" {
			s.Slug = slug
		}
		s.Content = c
		if err := t.checkStory(s); err != nil {
			return err
		}
		s.Unsaid, s.SavedAt, s.SavedBy = true, t.now, t.actor.Name
		if err := t.keepStory(s); err != nil {
			return err
		}
		return t.note(dateline.ActDescribe, nil, 0, "saved the story %s", s.Slug)
	})
	return s, err
}

// story loads the story that somebody is about to change, at the version that was seen.
func (t *turn) story(target Target) (*dateline.Story, error) {
	s, err := t.Stories().Find(target.ID)
	if err != nil {
		return nil, err
	}
	return s, sameVersion("the story", target.Version, s.Version)
}

// keepStory writes a story as its next version.
func (t *turn) keepStory(s *dateline.Story) error {
	s.Version++
	if err := t.Stories().Update(s, s.Version-1); err != nil {
		return err
	}
	due := time.Time{}
	if s.Schedule != nil {
		due = s.Schedule.Due
	}
	return t.Tx.ScheduleStory(s.ID, due)
}

// checkStory brings a story's content into the form it is kept in and asks whether what it refers to is there.
func (t *turn) checkStory(s *dateline.Story) (err error) {
	c := &s.Content
	if c.Language == "" {
		p, err := t.publication()
		if err != nil {
			return err
		}
		c.Language = p.Language
	}
	c.Name, c.Summary, c.Background = strings.TrimSpace(c.Name), strings.TrimSpace(c.Summary), strings.Join(strings.Fields(c.Background), " ")
	if err := dateline.ValidSlug(s.Slug); err != nil {
		return err
	}
	for i := range c.Statuses {
		if c.Statuses[i].At.IsZero() {
			c.Statuses[i].At = t.now // one that is new
		}
	}
	slices.SortStableFunc(c.Statuses, func(a, b dateline.StoryStatus) int { return a.At.Compare(b.At) })
	for i := range c.Statuses {
		c.Statuses[i].At = c.Statuses[i].At.UTC().Truncate(time.Microsecond)
		if err := t.giveID(&c.Statuses[i].ID); err != nil {
			return err
		}
	}
	for i := range c.Events {
		if err := t.giveID(&c.Events[i].ID); err != nil {
			return err
		}
	}
	if err := c.Validate(); err != nil {
		return err
	}
	if slices.Contains(c.Stories, s.ID) {
		return errItself
	}
	return t.checkStoryRefs(c)
}

var errItself = dateline.Errorf(dateline.EInvalid, "a story is not part of itself; name a larger one")

func (t *turn) giveID(id *dateline.ID) (err error) {
	if *id == "" {
		*id, err = t.newID()
	}
	return err
}

func (t *turn) checkStoryRefs(c *dateline.StoryContent) error {
	for _, p := range c.Parties {
		if _, err := t.Topics().Find(p.Topic); err != nil {
			return missing("parties", err)
		}
	}
	for _, id := range c.Stories {
		if _, err := t.Stories().Find(id); err != nil {
			return missing("stories", err)
		}
	}
	for _, id := range storyArticles(c) {
		if _, err := t.FindArticle(id); err != nil {
			return missing("source", err)
		}
	}
	return nil
}

// storyArticles are the articles that a story's content names, each once.
func storyArticles(c *dateline.StoryContent) (ids []dateline.ID) {
	met := map[dateline.ID]bool{}
	add := func(id dateline.ID) {
		if id != "" && !met[id] {
			met[id] = true
			ids = append(ids, id)
		}
	}
	for _, s := range c.Statuses {
		add(s.Source.Article)
	}
	for _, e := range c.Events {
		add(e.Source.Article)
	}
	for _, id := range slices.Concat(c.Joined, c.Left) {
		add(id)
	}
	return ids
}

// StoryResult is what an act made of a story, with its entry's number.
type StoryResult struct {
	Sequence int64
	Story    *dateline.Story
}

// PublishStory gives readers what was saved last of a story, which is an act, and says why where they had it before: a minor
// change, an update, which it is where nothing is said, a correction or a clarification. A story that was withdrawn comes
// back by it.
func (d *Desk) PublishStory(ctx context.Context, actor dateline.Actor, target Target, change dateline.Change, note string) (res StoryResult, err error) {
	note = strings.TrimSpace(note)
	err = d.do(ctx, actor, dateline.ActPublishStory, func(t *turn) error {
		s, err := t.story(target)
		if err != nil {
			return err
		}
		if s.Into != "" {
			return errMerged
		}
		if change == "" {
			change = nextChange(s)
		}
		if err := dateline.CheckStoryChange(s.Edition+1, change, note); err != nil {
			return err
		}
		res, err = t.publishStory(s, change, note)
		return err
	})
	return res, err
}

var errMerged = dateline.Errorf(dateline.EState, "the story was merged into another; its address leads there for good")

// nextChange is why a story is told again where nobody says it.
func nextChange(s *dateline.Story) dateline.Change {
	if s.Edition == 0 {
		return dateline.ChangeFirst
	}
	return dateline.ChangeUpdate
}

// ChangeStatus says where a published story stands from now on, in one step: it is added to what readers have and to what
// was saved last, and whatever else was saved stays a draft.
func (d *Desk) ChangeStatus(ctx context.Context, actor dateline.Actor, target Target, status dateline.StoryStatus) (res StoryResult, err error) {
	err = d.do(ctx, actor, dateline.ActPublishStory, func(t *turn) error {
		s, err := t.story(target)
		if err != nil {
			return err
		}
		if s.Readers != dateline.Published {
			return dateline.Errorf(dateline.EState, "readers do not have the story; save the status with it and publish it")
		}
		if status.At.IsZero() {
			status.At = t.now // the same in both contents
		}
		if status.ID, err = t.newID(); err != nil {
			return err
		}
		saved, unsaid := s.Content, s.Unsaid
		s.Content = *s.Live
		s.Content.Statuses = append(slices.Clone(s.Content.Statuses), status)
		if res, err = t.publishStory(s, dateline.ChangeUpdate, ""); err != nil || !unsaid {
			return err
		}
		saved.Statuses = append(slices.Clone(saved.Statuses), status)
		s.Content, s.Unsaid = saved, true
		if err := t.checkStory(s); err != nil {
			return err
		}
		return t.keepStory(s)
	})
	return res, err
}

// publishStory appends the next entry of a story.
func (t *turn) publishStory(s *dateline.Story, change dateline.Change, note string) (StoryResult, error) {
	if err := t.CheckClock(); err != nil {
		return StoryResult{}, err
	}
	if err := locked("story", s.Embargo, s.Hold, t.now); err != nil {
		return StoryResult{}, err
	}
	if err := t.cancelStorySchedule(s, dateline.Say("the story was published before its hour")); err != nil {
		return StoryResult{}, err
	}
	if err := t.checkStory(s); err != nil {
		return StoryResult{}, err
	}
	if err := s.Content.Complete(); err != nil {
		return StoryResult{}, err
	}
	if s.Readers != dateline.Published {
		if err := t.gatherArticles(s); err != nil {
			return StoryResult{}, err
		}
	}
	if err := t.claimStory(s); err != nil {
		return StoryResult{}, err
	}
	body, err := t.storyBody(s)
	if err != nil {
		return StoryResult{}, err
	}
	body.Change, body.Note = change, note
	live, err := copyContent(s.Content)
	if err != nil {
		return StoryResult{}, err
	}
	back := s.Readers == dateline.Withdrawn
	s.TakeOut(live, t.now)
	s.Live, s.Unsaid, s.Readers, s.Notice = live, false, dateline.Published, ""
	res, err := t.appendStory(s, body, "published the story %s, its edition %d", s.Slug, s.Edition+1)
	if back {
		t.tombs = append(t.tombs, Tombstone{Sequence: res.Sequence, Kind: record.KindRestoration, Article: s.ID, Story: true})
	}
	return res, err
}

func copyContent(c dateline.StoryContent) (*dateline.StoryContent, error) {
	b, err := json.Marshal(c)
	if err != nil {
		return nil, internal("the story could not be kept", err)
	}
	out := new(dateline.StoryContent)
	if err := json.Unmarshal(b, out); err != nil {
		return nil, internal("the story could not be kept", err)
	}
	return out, nil
}

func (t *turn) appendStory(s *dateline.Story, body *record.Story, format string, args ...any) (res StoryResult, err error) {
	s.Edition++
	body.Number = s.Edition
	for _, g := range s.Gone {
		body.Gone = append(body.Gone, record.StoryGone{At: record.FormatInstant(g.At), ID: g.ID})
	}
	if res.Sequence, err = t.append(s.ID, body); err != nil {
		return res, err
	}
	s.Sequence = append(s.Sequence, res.Sequence)
	s.Tellings = append(s.Tellings, dateline.StoryTelling{Number: s.Edition, Sequence: res.Sequence, At: t.now, By: t.actor.Name, Change: body.Change, Note: body.Note})
	if err := t.keepStory(s); err != nil {
		return res, err
	}
	res.Story = s
	return res, t.note(dateline.ActPublishStory, nil, res.Sequence, format, args...)
}

// gatherArticles joins the published articles that named the story while readers did not know it: their editions do not.
func (t *turn) gatherArticles(s *dateline.Story) error {
	uses, err := t.ListTopicUses(s.ID, t.now.AddDate(1, 0, 0), dateline.MaxStoryArticles)
	if err != nil {
		return err
	}
	for _, u := range uses {
		if !slices.Contains(s.Content.Left, u.Article) {
			s.Content.Joined = addID(s.Content.Joined, u.Article)
		}
	}
	return nil
}

// claimStory gives a story its address. One that it had before redirects for good.
func (t *turn) claimStory(s *dateline.Story) error {
	if openSlug(s.Shown) != "" && s.Shown != s.Slug && !slices.Contains(s.Former, s.Shown) {
		s.Former = append(s.Former, s.Shown)
	}
	s.Former = slices.DeleteFunc(s.Former, func(former string) bool { return former == s.Slug })
	s.Shown = s.Slug
	return t.claim(storyAddress(s.Slug), Owner{OwnerStory, s.ID})
}

// storyBody is a story as the record takes it. Everything that it makes public gets its own entry first; what readers do not
// know is refused where it is a source, and left out where it is a member.
func (t *turn) storyBody(s *dateline.Story) (*record.Story, error) {
	c := &s.Content
	for _, p := range c.Parties {
		if err := t.revealTopic(p.Topic); err != nil {
			return nil, err
		}
	}
	b := &record.Story{Public: record.FormatInstant(t.now), Slug: s.Slug, Former: s.Former, Name: c.Name, Summary: c.Summary, Background: c.Background,
		Language: c.Language, Parties: c.Parties, Events: c.Events}
	for _, st := range c.Statuses {
		if err := t.knownSource(st.Source); err != nil {
			return nil, err
		}
		b.Statuses = append(b.Statuses, record.StoryStatus{At: record.FormatInstant(st.At), ID: st.ID, Sentence: st.Sentence, Source: st.Source,
			State: st.State, Words: st.Words})
	}
	for _, e := range c.Events {
		if err := t.knownSource(e.Source); err != nil {
			return nil, err
		}
	}
	var err error
	if b.Stories, err = t.wholes(s); err != nil {
		return nil, err
	}
	if b.Joined, err = t.known(c.Joined); err != nil {
		return nil, err
	}
	b.Left, err = t.known(c.Left)
	return b, err
}

func (t *turn) knownSource(s dateline.StorySource) error {
	if s.Article == "" {
		return nil
	}
	a, err := t.FindArticle(s.Article)
	if err != nil {
		return missing("source", err)
	}
	if a.Readers == dateline.Unpublished {
		return dateline.Errorf(dateline.EState, "the source %q is not published; publish it first, or name another source", a.Content.Headline)
	}
	return nil
}

// maxMerges bounds how many mergers in a row are followed.
const maxMerges = 16

// knownStories are those of some stories that readers have, merged ones as what they are part of; the record does not name
// the others.
func (t *turn) knownStories(ids []dateline.ID) (list []dateline.ID, err error) {
	for _, id := range ids {
		s, err := t.mergedStory(id)
		if err != nil {
			return nil, err
		}
		if s.Readers == dateline.Published {
			list = addID(list, s.ID)
		}
	}
	return list, nil
}

// mergedStory loads a story, or what it was merged into.
func (t *turn) mergedStory(id dateline.ID) (*dateline.Story, error) {
	s, err := t.Stories().Find(id)
	for n := 0; err == nil && s.Into != "" && n < maxMerges; n++ {
		s, err = t.Stories().Find(s.Into)
	}
	return s, err
}

// ListStories lists stories by slug.
func (d *Desk) ListStories(ctx context.Context, actor dateline.Actor, p Page) ([]*dateline.Story, error) {
	return list(ctx, d, actor, Tx.Stories, p)
}

// FindStory returns a story; ENotFound.
func (d *Desk) FindStory(ctx context.Context, actor dateline.Actor, id dateline.ID) (*dateline.Story, error) {
	return find(ctx, d, actor, Tx.Stories, id)
}

// FindStories lists stories by words of their slugs as they are typed.
func (d *Desk) FindStories(ctx context.Context, actor dateline.Actor, words string, n int) ([]*dateline.Story, error) {
	return named(ctx, d, actor, Tx.Stories, words, n)
}
