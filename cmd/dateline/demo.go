package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/cmd/dateline/paper"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/newsroom"
)

type demoCommand struct {
	Dir      folder `help:"The demo's folder." default:"./demo" placeholder:"DIR"`
	Site     string `help:"Where readers are answered; port 0 takes a free one." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Newsroom string `help:"Where the newsroom is answered; port 0 takes a free one." default:"127.0.0.1:8081" placeholder:"HOST:PORT"`
}

// Help gives the example.
func (demoCommand) Help() string {
	return `Makes The Estuary of Neerapatnam, an invented paper with forty articles over five years, and serves it. A second start goes on
with the same paper. Ctrl-C stops it.

Example:
  dateline demo --dir ./demo --site 127.0.0.1:8080 --newsroom 127.0.0.1:8081`
}

// Run makes the paper where there is none, and serves it.
func (c demoCommand) Run(ctx context.Context, s streams) error {
	listening, err := listen(c.Site, c.Newsroom, secure{})
	if err != nil {
		return err
	}
	defer listening.Close()
	if !c.Dir.exists() {
		p := newProgress(s.err)
		err := makeDemo(ctx, c.Dir, listening.siteURL(), listening.newsroomURL(), time.Now(), p.tell)
		p.finish()
		if err != nil {
			return err
		}
	}
	var moving sync.WaitGroup
	going, stop := context.WithCancel(ctx)
	defer func() {
		stop()
		moving.Wait()
	}()
	return serve(ctx, s, c.Dir, listening, entrance{}, false, func(ctx context.Context, r *room) error {
		moving.Go(func() {
			if err := keepGoing(going, r.desk); err != nil && going.Err() == nil {
				r.log.Warn("the demo no longer moves by itself", "error", err)
			}
		})
		if err := moveDemo(ctx, r, listening.siteURL(), listening.newsroomURL()); err != nil {
			return err
		}
		_, err := fmt.Fprintf(s.out, `The Estuary is served.

  Readers:   %s
  Newsroom:  %s   (its API: %s/api/v1/openapi.json)

Where to look first:
  the front page, and an article that was corrected: follow "see what changed" beside it
  %s/stories/fishing-ground-talks: five years of one story, and what its first articles say at their heads now
  %s/search?q=ferry   and   %s/archive
  a token for the newsroom's API:  dateline token create "Your name" --role editor --dir %s

Ctrl-C stops it; the paper stays in %s.
`, listening.siteURL(), listening.newsroomURL(), listening.newsroomURL(), listening.siteURL(), listening.siteURL(), listening.siteURL(), c.Dir, c.Dir.name())
		return err
	})
}

// moveDemo gives the paper the addresses that it is served at this time.
func moveDemo(ctx context.Context, r *room, site, newsroom string) error {
	p, err := r.desk.FindPublication(ctx)
	if err != nil {
		return err
	}
	if p.Site == site && p.Newsroom == newsroom {
		return nil
	}
	p.Site, p.Newsroom = site, newsroom
	_, _, err = r.desk.UpdatePublication(ctx, local, *p)
	return err
}

// makeDemo writes the paper into a folder. It works beside it and puts the whole in place at the end, so that a making
// that was cut leaves nothing half-made.
func makeDemo(ctx context.Context, f folder, site, newsroomURL string, start time.Time, tell tell) (err error) {
	if err := f.unused(); err != nil {
		return err
	}
	making := folder(filepath.Clean(string(f)) + ".making")
	if err := os.RemoveAll(string(making)); err != nil {
		return dateline.Errorf(dateline.EInvalid, "what is left of an earlier try cannot be taken away: %v", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.RemoveAll(string(making)))
		}
	}()
	whole, err := paper.Load()
	if err != nil {
		return err
	}
	m := &demoMaker{paper: whole, start: start.UTC().Truncate(time.Second), tell: tell, articles: map[string]*dateline.Article{}, sections: map[string]dateline.ID{},
		topics: map[string]dateline.ID{}, persons: map[string]dateline.ID{}, pictures: map[string]dateline.ID{}}
	if err := m.make(ctx, making, site, newsroomURL); err != nil {
		return err
	}
	if err := os.RemoveAll(string(f)); err != nil {
		return err
	}
	return os.Rename(string(making), string(f))
}

// pastClock is a clock that is moved by hand, so that the demo's past happens in its own time.
type pastClock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is the moment it was moved to.
func (c *pastClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Boot goes with Now.
func (c *pastClock) Boot() time.Duration { return c.Now().Sub(time.Unix(0, 0)) }

func (c *pastClock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at.After(c.now) {
		c.now = at
	}
}

// demoMaker makes the demo's paper out of its files.
type demoMaker struct {
	paper    paper.Paper
	start    time.Time
	zone     *time.Location
	tell     tell
	clock    *pastClock
	desk     *desk.Desk
	articles map[string]*dateline.Article
	sections map[string]dateline.ID
	topics   map[string]dateline.ID
	persons  map[string]dateline.ID
	pictures map[string]dateline.ID
	stories  map[string]*dateline.Story
}

// The people of the demo's desk, as they stand in its audit.
var (
	demoReporter = dateline.Actor{Name: "The newsroom", Role: dateline.RoleReporter}
	demoChief    = dateline.Actor{Name: "The editor", Role: dateline.RoleChief}
)

func (m *demoMaker) make(ctx context.Context, f folder, site, newsroomURL string) (err error) {
	src := m.paper.Publication
	if m.zone, err = time.LoadLocation(src.Zone); err != nil {
		return err
	}
	timeline := m.paper.Timeline(m.start, m.zone)
	m.clock = &pastClock{now: timeline[0].At.Add(-time.Hour)}
	p := &dateline.Publication{Name: src.Name, Motto: dateline.Names(src.Motto), Site: site, Newsroom: newsroomURL, Zone: src.Zone, Language: src.Language,
		City: dateline.Names(src.City), Latitude: src.Latitude, Longitude: src.Longitude, Email: src.Email}
	r, err := makeRoom(ctx, f, p, m.clock)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	m.desk = r.desk
	if err := m.organise(ctx); err != nil {
		return err
	}
	told, err := m.draftStories(ctx)
	if err != nil {
		return err
	}
	for i, moment := range timeline {
		if told, err = m.tellUntil(ctx, told, moment.At); err != nil {
			return err
		}
		m.clock.set(moment.At)
		if err := m.happen(ctx, moment); err != nil {
			return fmt.Errorf("the demo's %s: %w", moment.Article, err)
		}
		m.tell("making the demo's paper", int64(i+1), int64(len(timeline)))
	}
	live := m.start.Add(-10 * time.Minute)
	if told, err = m.tellUntil(ctx, told, live); err != nil {
		return err
	}
	m.clock.set(live)
	if err := m.coverages(ctx); err != nil {
		return fmt.Errorf("the demo's live coverages: %w", err)
	}
	if _, err := m.tellUntil(ctx, told, m.start); err != nil {
		return err
	}
	m.clock.set(m.start)
	if err := m.dateStories(ctx); err != nil {
		return err
	}
	if err := m.frame(ctx); err != nil {
		return err
	}
	for _, a := range m.paper.Articles {
		if err := m.plan(ctx, a); err != nil {
			return fmt.Errorf("the demo's %s: %w", a.Name, err)
		}
	}
	weather := newsroom.WeatherSettings{Provider: "fixed", Temperature: src.Weather.Celsius, Condition: src.Weather.Condition}
	for _, c := range src.Cities {
		weather.Cities = append(weather.Cities, newsroom.City{Slug: c.Slug, Names: dateline.Names(c.Names), Latitude: c.Latitude, Longitude: c.Longitude, Temperature: c.Celsius, Condition: c.Condition})
	}
	return newsroom.SaveSettings(ctx, m.desk, local, newsroom.Settings{Weather: weather})
}

// organise makes sections, persons, topics and pictures.
func (m *demoMaker) organise(ctx context.Context) error {
	for _, s := range m.paper.Sections {
		made, err := m.desk.CreateSection(ctx, demoChief, dateline.Section{Slug: s.Slug, Names: dateline.Names(s.Names), Description: dateline.Names(s.Description)})
		if err != nil {
			return fmt.Errorf("the demo's section %s: %w", s.Slug, err)
		}
		m.sections[s.Slug] = made.ID
	}
	for _, p := range m.paper.Persons {
		made, err := m.desk.CreatePerson(ctx, demoReporter, dateline.Person{Slug: p.Slug, Names: dateline.Names(p.Names), Role: dateline.Names(p.Role)})
		if err != nil {
			return fmt.Errorf("the demo's person %s: %w", p.Slug, err)
		}
		m.persons[p.Slug] = made.ID
	}
	for _, t := range m.paper.Topics {
		made, err := m.desk.CreateTopic(ctx, demoReporter, dateline.Topic{Slug: t.Slug, Kind: dateline.TopicKind(t.Kind), Person: m.persons[t.Person],
			Names: dateline.Names(t.Names), Description: dateline.Names(t.Description)})
		if err != nil {
			return fmt.Errorf("the demo's topic %s: %w", t.Slug, err)
		}
		m.topics[t.Slug] = made.ID
	}
	for _, p := range m.paper.Pictures {
		made, err := m.desk.CreatePicture(ctx, demoReporter, bytes.NewReader(p.JPEG), p.File)
		if err != nil {
			return fmt.Errorf("the demo's picture %s: %w", p.File, err)
		}
		m.pictures[p.File] = made.ID
	}
	return m.frame(ctx)
}

// frame puts the sections into the navigation and the pages that there are into the foot.
func (m *demoMaker) frame(ctx context.Context) error {
	p, err := m.desk.FindPublication(ctx)
	if err != nil {
		return err
	}
	p.Navigation, p.Footer = nil, nil
	for _, slug := range m.paper.Publication.Navigation {
		p.Navigation = append(p.Navigation, m.sections[slug])
	}
	for _, slug := range m.paper.Publication.Footer {
		for _, page := range m.paper.Pages {
			if a := m.articles[page.Name]; a != nil && page.Slug == slug {
				p.Footer = append(p.Footer, a.ID)
			}
		}
	}
	_, _, err = m.desk.UpdatePublication(ctx, demoChief, *p)
	return err
}

func (m *demoMaker) source(name string) paper.Article {
	for _, list := range [][]paper.Article{m.paper.Articles, m.paper.Pages} {
		for _, a := range list {
			if a.Name == name {
				return a
			}
		}
	}
	return paper.Article{}
}

// happen does one act of the paper's past.
func (m *demoMaker) happen(ctx context.Context, moment paper.Moment) error {
	a := m.articles[moment.Article]
	if w := moment.Withdrawal; w != nil {
		how := desk.Withdrawing{Kind: dateline.WithdrawalKind(w.Kind), Notice: w.Reason}
		if into := m.articles[w.Into]; into != nil {
			how.Into = into.ID
		}
		res, err := m.desk.Withdraw(ctx, demoChief, desk.Target{ID: a.ID, Version: a.Version}, how)
		if err != nil {
			return err
		}
		m.articles[moment.Article] = res.Article
		return nil
	}
	e := moment.Edition
	content, err := m.content(m.source(moment.Article), e.Text)
	if err != nil {
		return err
	}
	if a == nil {
		kind := dateline.KindArticle
		if moment.Page {
			kind = dateline.KindPage
		}
		a, err = m.desk.Create(ctx, demoReporter, kind, content)
	} else {
		a, err = m.desk.Save(ctx, demoChief, desk.Target{ID: a.ID, Version: a.Version}, content)
	}
	if err != nil {
		return err
	}
	res, err := m.desk.Publish(ctx, demoChief, desk.Target{ID: a.ID, Version: a.Version}, desk.Publishing{Change: dateline.Change(e.Change), Note: e.Note})
	if err != nil {
		return err
	}
	m.articles[moment.Article] = res.Article
	return nil
}

// plan makes what readers do not have yet.
func (m *demoMaker) plan(ctx context.Context, src paper.Article) error {
	p, ok := src.PlanAt(m.start, m.zone)
	if !ok {
		return nil
	}
	content, err := m.content(src, p.Text)
	if err != nil {
		return err
	}
	a, err := m.desk.Create(ctx, demoReporter, dateline.KindArticle, content)
	if err != nil {
		return err
	}
	t := desk.Target{ID: a.ID, Version: a.Version}
	var res desk.Result
	switch p.State {
	case paper.StateSubmitted:
		res, err = m.desk.Submit(ctx, demoReporter, t)
	case paper.StateScheduled:
		res, err = m.desk.Schedule(ctx, demoChief, t, p.Due, desk.Publishing{})
	}
	if err != nil || p.Embargo.IsZero() {
		return err
	}
	if res.Article != nil {
		t.Version = res.Article.Version
	}
	_, err = m.desk.Embargo(ctx, demoChief, t, p.Embargo, p.Reason)
	return err
}

// content makes an article's content of its file and the words of one edition.
func (m *demoMaker) content(src paper.Article, text paper.Text) (c dateline.Content, err error) {
	c = dateline.Content{Section: m.sections[src.Section], Label: dateline.Label(src.Label), Headline: text.Headline, Standfirst: text.Standfirst,
		Dateline: dateline.Dateline{Place: src.Place, Agency: src.Agency}, Language: src.Language, Slug: src.Slug}
	if c.Label == dateline.LabelNews {
		c.Label = ""
	}
	for _, b := range src.Byline {
		c.Byline = append(c.Byline, dateline.Credit{Person: m.persons[b.Person], Agency: b.Agency})
	}
	for _, slug := range src.Topics {
		c.Topics = append(c.Topics, m.topics[slug])
	}
	c.Stories = m.storiesOf(src.Name)
	for _, name := range src.Translations {
		if a := m.articles[name]; a != nil {
			c.Translations = append(c.Translations, a.ID)
		}
	}
	if s := src.Source; s != nil {
		c.Source = &dateline.Source{Agency: s.Agency, Item: s.Item, Version: s.Version}
	}
	if f := text.Picture; f != nil {
		c.Lead = &dateline.Lead{Picture: m.pictures[f.File], Alt: f.Alt, Caption: f.Caption, Credit: f.Credit}
	}
	body := paper.WithLinks(text.Body, func(name string) string {
		if a := m.articles[name]; a != nil {
			return a.Address
		}
		return ""
	})
	doc, _ := markup.FromHTML(body, markup.HTMLOptions{House: true,
		Speaker: func(slug string) (string, bool) { id, ok := m.persons[slug]; return string(id), ok },
		Picture: func(file, _ string) (string, bool) { id, ok := m.pictures[file]; return string(id), ok }})
	c.Body, err = doc.JSON()
	return c, err
}
