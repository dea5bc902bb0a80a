package newsroom

import (
	"context"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/render"
)

// Row is an article as the desk's lists show it.
type Row struct {
	ID         dateline.ID             `json:"id"`
	Kind       dateline.Kind           `json:"kind"`
	Version    int64                   `json:"version"`
	Readers    dateline.Readers        `json:"readers"`
	Draft      dateline.DraftState     `json:"draft"`
	Headline   string                  `json:"headline"`
	Section    string                  `json:"section,omitempty" doc:"The section's name"`
	By         []string                `json:"by,omitempty" doc:"The byline's names; where there is none, who made the article"`
	Language   string                  `json:"language"`
	Words      int                     `json:"words" doc:"Of the body; below 0 where they were never counted"`
	SavedAt    time.Time               `json:"saved_at"`
	SavedBy    string                  `json:"saved_by"`
	Sent       *time.Time              `json:"sent,omitempty" doc:"When it was submitted last"`
	Due        *time.Time              `json:"due,omitempty" doc:"When it goes out"`
	Change     dateline.Change         `json:"change,omitempty" doc:"As what it goes out"`
	Embargo    *time.Time              `json:"embargo,omitempty" doc:"Until when nobody can publish it"`
	Hold       bool                    `json:"hold,omitempty" doc:"It is on legal hold"`
	Edition    int                     `json:"edition"`
	Address    string                  `json:"address,omitempty"`
	First      *time.Time              `json:"first_published,omitempty"`
	Updated    *time.Time              `json:"updated,omitempty"`
	Withdrawn  *time.Time              `json:"withdrawn,omitempty"`
	Withdrawal dateline.WithdrawalKind `json:"withdrawal,omitempty"`
	Ended      []dateline.ID           `json:"rights_ended,omitempty" doc:"Pictures it shows in which the rights have ended"`
}

func newRow(a *dateline.Article, names map[dateline.ID]string) Row {
	r := Row{ID: a.ID, Kind: a.Kind, Version: a.Version, Readers: a.Readers, Draft: a.Draft, Headline: a.Content.Headline,
		Section: names[a.Content.Section], Language: a.Content.Language, Words: a.Words, SavedAt: a.SavedAt, SavedBy: a.SavedBy,
		Sent: when(a.Sent), Hold: a.Hold != nil, Edition: a.Edition, Address: a.Address, First: when(a.First)}
	if a.Updated.After(a.First) {
		r.Updated = when(a.Updated)
	}
	if s := a.Schedule; s != nil {
		r.Due, r.Change = when(s.Due), s.Change
	}
	if a.Embargo != nil {
		r.Embargo = when(a.Embargo.Until)
	}
	if w := a.Withdrawal; w != nil {
		r.Withdrawn, r.Withdrawal = when(w.At), w.Kind
	}
	for _, b := range a.Content.Byline {
		switch {
		case b.As != "":
			r.By = append(r.By, b.As)
		case b.Agency != "":
			r.By = append(r.By, b.Agency)
		default:
			r.By = append(r.By, names[b.Person])
		}
	}
	if r.By == nil {
		r.By = []string{a.Author}
	}
	return r
}

// when leaves out an instant that is not known.
func when(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	return &at
}

// flag names with each row the pictures it shows in which the rights have ended.
func (s *server) flag(ctx context.Context, lists ...[]Row) error {
	var ids []dateline.ID
	for _, list := range lists {
		for i := range list {
			ids = append(ids, list[i].ID)
		}
	}
	ended, err := s.Desk.EndedPictures(ctx, actor(ctx), ids)
	for _, list := range lists {
		for i := range list {
			list[i].Ended = ended[list[i].ID]
		}
	}
	return err
}

func newRows(list []*dateline.Article, names map[dateline.ID]string) []Row {
	rows := make([]Row, 0, len(list))
	for _, a := range list {
		rows = append(rows, newRow(a, names))
	}
	return rows
}

// DayGroup is one part of the day, with what is to be done named by its group.
type DayGroup struct {
	Group desk.Group `json:"group" enum:"waiting,work,going,published"`
	Rows  []Row      `json:"rows"`
	More  bool       `json:"more,omitempty" doc:"There are more than these"`
}

type dayIn struct {
	Section string `query:"section" doc:"A section, by id or slug"`
}

type dayOut struct {
	Body struct {
		Now    time.Time           `json:"now"`
		Since  time.Time           `json:"since" doc:"Midnight in the paper's zone"`
		Groups []DayGroup          `json:"groups"`
		Counts map[string]int      `json:"counts" doc:"How many articles each list of the desk holds; 1001 where there are more than 1,000"`
		Open   map[dateline.ID]int `json:"open" doc:"Unfinished drafts by section"`
	}
}

func (s *server) today(ctx context.Context, in *dayIn) (*dayOut, error) {
	section, err := s.section(ctx, in.Section)
	if err != nil {
		return nil, err
	}
	day, err := s.Desk.Today(ctx, actor(ctx), section)
	if err != nil {
		return nil, err
	}
	out := &dayOut{}
	out.Body.Now, out.Body.Since, out.Body.Counts, out.Body.Open = day.Now, day.Since, day.Counts, day.Open
	var lists [][]Row
	for _, g := range day.Groups {
		rows := newRows(g.Articles, day.Names)
		lists = append(lists, rows)
		out.Body.Groups = append(out.Body.Groups, DayGroup{g.Group, rows, g.More})
	}
	return out, s.flag(ctx, lists...)
}

// section finds a section by id or slug; none is asked for by nothing.
func (s *server) section(ctx context.Context, name string) (dateline.ID, error) {
	if name == "" {
		return "", nil
	}
	c, err := s.content(ctx, &Content{Section: name})
	if dateline.ErrorCode(err) == dateline.EInvalid {
		return "", dateline.Errorf(dateline.EInvalid, "there is no section %s", name)
	}
	return c.Section, err
}

type rowsIn struct {
	List    string    `path:"list" enum:"mine,submitted,drafts,scheduled,embargoed,published-today,withdrawn,all"`
	Section string    `query:"section" doc:"A section, by id or slug"`
	State   string    `query:"state" doc:"What readers have, or how far the draft is" enum:"unpublished,published,withdrawn,none,draft,submitted,scheduled"`
	Q       string    `query:"q" doc:"Words of headline, standfirst, names and text; the last may be the beginning of one" maxLength:"500"`
	From    time.Time `query:"from" doc:"For scheduled and embargoed: not before this"`
	Before  time.Time `query:"before" doc:"For scheduled and embargoed: before this"`
	After   string    `query:"after" doc:"The next of the page before"`
	Limit   int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type rowsOut struct {
	Body struct {
		Rows []Row  `json:"rows"`
		Next string `json:"next,omitempty" doc:"For after; absent on the last page"`
	}
}

func (s *server) rows(ctx context.Context, in *rowsIn) (*rowsOut, error) {
	section, err := s.section(ctx, in.Section)
	if err != nil {
		return nil, err
	}
	page, err := s.Desk.Listed(ctx, actor(ctx), desk.Listing{List: in.List, Section: section, State: in.State, Query: in.Q, After: in.After,
		Limit: in.Limit, From: in.From, Before: in.Before})
	if err != nil {
		return nil, err
	}
	out := &rowsOut{}
	out.Body.Rows, out.Body.Next = newRows(page.Articles, page.Names), page.Next
	return out, s.flag(ctx, out.Body.Rows)
}

type roomOut struct {
	Body Room
}

// Room is what whoever works in the newsroom needs to know of it at every step.
type Room struct {
	Me       Me                  `json:"me"`
	Name     string              `json:"name" doc:"The paper's"`
	Site     string              `json:"site" doc:"The readers' address"`
	Zone     string              `json:"zone" doc:"IANA name"`
	Language string              `json:"language"`
	Zones    []ZoneSpan          `json:"zones" doc:"What the clocks of the paper's zone show, from ten years ago for two years to come"`
	Now      time.Time           `json:"now"`
	Sections []*dateline.Section `json:"sections"`
	Labels   []dateline.Label    `json:"labels"`
	Version  string              `json:"version" doc:"The program's"`
}

// Me is whoever asks.
type Me struct {
	Name string        `json:"name"`
	Role dateline.Role `json:"role"`
}

func (s *server) room(ctx context.Context, _ *none) (*roomOut, error) {
	who := actor(ctx)
	sections, err := s.Desk.ListSections(ctx, who, desk.Page{Limit: desk.MaxList})
	if err != nil {
		return nil, err
	}
	p, err := s.Desk.FindPublication(ctx)
	if err != nil {
		return nil, err
	}
	out := &roomOut{Body: Room{Me: Me{who.Name, who.Role}, Name: p.Name, Site: p.Site, Zone: p.Zone, Language: p.Language,
		Sections: append([]*dateline.Section{}, sections...), Labels: dateline.Labels, Version: s.Version}}
	if err := s.Desk.View(ctx, func(tx desk.Tx) error {
		out.Body.Now, err = tx.Now()
		return err
	}); err != nil {
		return nil, err
	}
	zone, err := p.Location()
	out.Body.Zones = spans(out.Body.Now.In(zone))
	return out, err
}

// ZoneSpan is a stretch of time in which a zone's clocks are not changed.
type ZoneSpan struct {
	From   *time.Time `json:"from,omitempty" doc:"Absent for the first"`
	Name   string     `json:"name" doc:"As render names zones: IST, CEST, UTC+5:30 where there are no letters"`
	Offset int        `json:"offset" doc:"Seconds east of UTC"`
}

// spans gives the stretches of a zone around an instant in it.
func spans(now time.Time) (list []ZoneSpan) {
	end := now.AddDate(2, 0, 0)
	for at := now.AddDate(-10, 0, 0); at.Before(end); {
		start, until := at.ZoneBounds()
		_, offset := at.Zone()
		name := render.ZoneAbbreviation(at)
		if n := len(list); n == 0 || list[n-1].Name != name || list[n-1].Offset != offset {
			list = append(list, ZoneSpan{when(start.UTC()), name, offset})
		}
		if until.IsZero() {
			break
		}
		if !until.After(at) { // where a zone goes by a rule, ZoneBounds does not get beyond the last day of a leap year
			until = at.AddDate(0, 0, 1)
		}
		at = until
	}
	list[0].From = nil
	return list
}
