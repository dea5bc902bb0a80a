package newsroom

import (
	"context"
	"net/http"
	"strconv"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// organisation adds the routes of what articles refer to, and of the paper itself. Reporters may make topics, persons and
// pictures; sections and the publication are for chiefs.
func (s *server) organisation() {
	catalogue(s, dateline.ActAdminister, "section", "sections", books[dateline.Section, SectionIn]{s.Desk.ListSections, s.Desk.FindSection, s.Desk.CreateSection, s.Desk.UpdateSection, SectionIn.section})
	catalogue(s, dateline.ActDescribe, "topic", "topics", books[dateline.Topic, TopicIn]{s.Desk.ListTopics, s.Desk.FindTopic, s.Desk.CreateTopic, s.Desk.UpdateTopic, TopicIn.topic})
	catalogue(s, dateline.ActDescribe, "person", "persons", books[dateline.Person, PersonIn]{s.Desk.ListPersons, s.Desk.FindPerson, s.Desk.CreatePerson, s.Desk.UpdatePerson, PersonIn.person})
	catalogue(s, dateline.ActDescribe, "picture", "pictures", books[dateline.Picture, PictureIn]{s.Desk.ListPictures, s.Desk.FindPicture, nil, s.Desk.UpdatePicture, PictureIn.picture})
	s.pictures()

	register(s, dateline.ActRead, "GET", "/publication", "find-publication", "The paper's own settings", s.findPublication)
	register(s, dateline.ActAdminister, "PUT", "/publication", "save-publication", "Change the paper's own settings: an act", s.savePublication)
	register(s, dateline.ActRead, "GET", "/settings", "find-settings", "The newsroom's settings, which readers never see as such", s.findSettings)
	register(s, dateline.ActRead, "GET", "/settings/checks", "find-checks", "What is checked before publishing", s.findChecks)
	register(s, dateline.ActAdminister, "PUT", "/settings/checks", "save-checks", "Change what is checked before publishing", s.saveChecks)
	register(s, dateline.ActAdminister, "PUT", "/settings", "save-settings", "Change the newsroom's settings", s.saveSettings)
}

// SectionIn is a section as it is sent.
type SectionIn struct {
	Slug        string         `json:"slug" doc:"Its address, without slashes"`
	Names       dateline.Names `json:"names" doc:"By language; the publication's is needed"`
	Description dateline.Names `json:"description,omitempty"`
	Parent      string         `json:"parent,omitempty" doc:"A section's id; it is not in the address"`
}

func (in SectionIn) section(id dateline.ID, version int64) dateline.Section {
	return dateline.Section{ID: id, Slug: in.Slug, Names: in.Names, Description: in.Description, Parent: dateline.ID(in.Parent), Version: version}
}

// TopicIn is a topic as it is sent.
type TopicIn struct {
	Slug        string             `json:"slug"`
	Kind        dateline.TopicKind `json:"kind" enum:"subject,organisation,place,person"`
	Person      string             `json:"person,omitempty" doc:"For the kind person: the person's id"`
	Names       dateline.Names     `json:"names"`
	Description dateline.Names     `json:"description,omitempty"`
}

func (in TopicIn) topic(id dateline.ID, version int64) dateline.Topic {
	return dateline.Topic{ID: id, Slug: in.Slug, Kind: in.Kind, Person: dateline.ID(in.Person), Names: in.Names, Description: in.Description, Version: version}
}

// PersonIn is a person as it is sent.
type PersonIn struct {
	Slug  string         `json:"slug"`
	Names dateline.Names `json:"names"`
	Role  dateline.Names `json:"role,omitempty" doc:"What the person is: \"Coast correspondent\""`
}

func (in PersonIn) person(id dateline.ID, version int64) dateline.Person {
	return dateline.Person{ID: id, Slug: in.Slug, Names: in.Names, Role: in.Role, Version: version}
}

// books is what the desk does with one kind of thing.
type books[T, In any] struct {
	list   func(context.Context, dateline.Actor, desk.Page) ([]*T, error)
	find   func(context.Context, dateline.Actor, dateline.ID) (*T, error)
	create func(context.Context, dateline.Actor, T) (*T, error)
	update func(context.Context, dateline.Actor, T) (*T, error)
	thing  func(In, dateline.ID, int64) T
}

type thingsIn struct {
	Prefix string `query:"prefix" doc:"Only slugs that begin so" maxLength:"80"`
	After  string `query:"after" doc:"The next of the page before" maxLength:"200"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type thingsOut[T any] struct {
	Body struct {
		Items []*T   `json:"items"`
		Next  string `json:"next,omitempty" doc:"For after; absent on the last page"`
	}
}

type thingOut[T any] struct {
	ETag     string `header:"ETag" doc:"The version, for If-Match"`
	Location string `header:"Location" doc:"Where it was made"`
	Body     *T
}

type newThingIn[In any] struct {
	Body In
}

type thingIn[In any] struct {
	Versioned
	Body In
}

// catalogue adds the four routes of one kind of thing; act is what making and changing one is.
func catalogue[T catalogued, In any](s *server, act dateline.Act, name, plural string, b books[T, In]) {
	register(s, dateline.ActRead, "GET", "/"+plural, "list-"+plural, "List "+plural+" by slug", func(ctx context.Context, in *thingsIn) (*thingsOut[T], error) {
		list, err := b.list(ctx, actor(ctx), desk.Page{Prefix: in.Prefix, After: in.After, Limit: in.Limit})
		out := &thingsOut[T]{}
		out.Body.Items = append([]*T{}, list...)
		if err != nil || len(list) < in.Limit {
			return out, err
		}
		_, last, _ := facts(list[len(list)-1])
		more, err := b.list(ctx, actor(ctx), desk.Page{Prefix: in.Prefix, After: last, Limit: 1})
		if len(more) > 0 {
			out.Body.Next = last
		}
		return out, err
	})
	register(s, dateline.ActRead, "GET", "/"+plural+"/{id}", "find-"+name, "One "+name, func(ctx context.Context, in *One) (*thingOut[T], error) {
		id, err := in.id()
		if err != nil {
			return nil, err
		}
		return answerThing(b.find(ctx, actor(ctx), id))
	})
	if b.create != nil {
		register(s, act, "POST", "/"+plural, "create-"+name, "Make a "+name, func(ctx context.Context, in *newThingIn[In]) (*thingOut[T], error) {
			return madeThing[T](plural)(b.create(ctx, actor(ctx), b.thing(in.Body, "", 0)))
		}, answers(http.StatusCreated))
	}
	register(s, act, "PUT", "/"+plural+"/{id}", "save-"+name, "Change a "+name+"; an act where readers have it", func(ctx context.Context, in *thingIn[In]) (*thingOut[T], error) {
		t, err := in.target()
		if err != nil {
			return nil, err
		}
		return answerThing(b.update(ctx, actor(ctx), b.thing(in.Body, t.ID, t.Version)))
	})
}

// catalogued is a thing that articles refer to.
type catalogued interface {
	dateline.Section | dateline.Topic | dateline.Person | dateline.Picture
}

// facts are what lists and headers say of a thing: its id, the key that lists are ordered by, and its version.
func facts[T catalogued](t *T) (id dateline.ID, key string, version int64) {
	switch t := any(t).(type) {
	case *dateline.Section:
		return t.ID, t.Slug, t.Version
	case *dateline.Topic:
		return t.ID, t.Slug, t.Version
	case *dateline.Person:
		return t.ID, t.Slug, t.Version
	case *dateline.Picture:
		return t.ID, t.Hash, t.Version
	}
	return "", "", 0
}

func answerThing[T catalogued](t *T, err error) (*thingOut[T], error) {
	if err != nil {
		return nil, err
	}
	_, _, version := facts(t)
	return &thingOut[T]{ETag: etag(version), Body: t}, nil
}

// madeThing answers with a thing that was made just now, and says where it is.
func madeThing[T catalogued](plural string) func(*T, error) (*thingOut[T], error) {
	return func(t *T, err error) (*thingOut[T], error) {
		out, err := answerThing(t, err)
		if err != nil {
			return nil, err
		}
		id, _, _ := facts(t)
		out.Location = "/api/v1/" + plural + "/" + string(id)
		return out, nil
	}
}

func etag(version int64) string { return `"` + strconv.FormatInt(version, 10) + `"` }

type publicationOut struct {
	ETag string `header:"ETag" doc:"The version, for If-Match"`
	Body *dateline.Publication
}

type none struct{}

func (s *server) findPublication(ctx context.Context, _ *none) (*publicationOut, error) {
	if err := dateline.Can(actor(ctx), dateline.ActRead, nil); err != nil {
		return nil, err
	}
	p, err := s.Desk.FindPublication(ctx)
	if err != nil {
		return nil, err
	}
	return &publicationOut{etag(p.Version), p}, nil
}

// PublicationIn is the paper's own settings as they are sent.
type PublicationIn struct {
	Name       string         `json:"name"`
	Motto      dateline.Names `json:"motto,omitempty"`
	Site       string         `json:"site" doc:"The readers' address: scheme and host"`
	Newsroom   string         `json:"newsroom,omitempty"`
	Zone       string         `json:"zone" doc:"IANA name"`
	Language   string         `json:"language" doc:"BCP 47"`
	City       dateline.Names `json:"city,omitempty"`
	Latitude   float64        `json:"latitude,omitempty"`
	Longitude  float64        `json:"longitude,omitempty"`
	Navigation []dateline.ID  `json:"navigation,omitempty" doc:"Sections, in order"`
	Footer     []dateline.ID  `json:"footer,omitempty" doc:"Pages, in order"`
	Email      string         `json:"email,omitempty" doc:"Whom readers write to"`
}

type publicationIn struct {
	IfMatch string `header:"If-Match" doc:"The version this is based on, in quotation marks"`
	Body    PublicationIn
}

func (s *server) savePublication(ctx context.Context, in *publicationIn) (*publicationOut, error) {
	version, err := version(in.IfMatch)
	if err != nil {
		return nil, err
	}
	b := in.Body
	p, _, err := s.Desk.UpdatePublication(ctx, actor(ctx), dateline.Publication{Name: b.Name, Motto: b.Motto, Site: b.Site, Newsroom: b.Newsroom, Zone: b.Zone,
		Language: b.Language, City: b.City, Latitude: b.Latitude, Longitude: b.Longitude, Navigation: b.Navigation, Footer: b.Footer, Email: b.Email, Version: version})
	if err != nil {
		return nil, err
	}
	return &publicationOut{etag(p.Version), p}, nil
}

type settingsOut struct {
	Body Settings
}

type settingsIn struct {
	Body Settings
}

// Settings are the newsroom's own; readers see only what comes of them.
type Settings struct {
	Weather WeatherSettings `json:"weather"`
}

// WeatherSettings say where the weather in the furniture comes from. Without a provider there is not a word about it.
type WeatherSettings struct {
	Provider    string `json:"provider" doc:"open-meteo, met-norway, fixed, or nothing" enum:",open-meteo,met-norway,fixed"`
	Temperature int    `json:"temperature,omitempty" doc:"For fixed: degrees Celsius"`
	Condition   string `json:"condition,omitempty" doc:"For fixed, and needed there: such as light-rain"`
	Cities      []City `json:"cities,omitempty" doc:"Further cities that a reader may have in the strip in place of the paper's own" maxItems:"20"`
}

// City is a further city of the strip.
type City struct {
	Slug        string         `json:"slug" doc:"The last part of its forecast's address"`
	Names       dateline.Names `json:"names"`
	Latitude    float64        `json:"latitude" minimum:"-90" maximum:"90" doc:"Degrees, north positive"`
	Longitude   float64        `json:"longitude" minimum:"-180" maximum:"180" doc:"Degrees, east positive"`
	Temperature int            `json:"temperature,omitempty" doc:"For fixed"`
	Condition   string         `json:"condition,omitempty" doc:"For fixed; the paper's city's where it is absent"`
}

func (s *server) findSettings(ctx context.Context, _ *none) (*settingsOut, error) {
	if err := dateline.Can(actor(ctx), dateline.ActRead, nil); err != nil {
		return nil, err
	}
	settings, err := FindSettings(ctx, s.Desk)
	return &settingsOut{settings}, err
}

func (s *server) saveSettings(ctx context.Context, in *settingsIn) (*settingsOut, error) {
	if err := SaveSettings(ctx, s.Desk, actor(ctx), in.Body); err != nil {
		return nil, err
	}
	if s.SettingsChanged != nil {
		s.SettingsChanged(in.Body)
	}
	return &settingsOut{in.Body}, nil
}
