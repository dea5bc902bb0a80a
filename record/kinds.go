package record

import (
	"encoding/json"
	"fmt"

	"github.com/datelinehq/dateline"
)

// Kind names what an entry's body holds. Kinds may be added; old ones never change: a new form of a body is a new
// schema version, and the program reads every version ever written. A version that only adds fields shares the type of
// the one before it.
type Kind string

// The kinds of the first day.
const (
	KindPublication Kind = "publication" // the paper: name, address, zone, languages, city, navigation
	KindSection     Kind = "section"
	KindTopic       Kind = "topic"
	KindPerson      Kind = "person"
	KindPicture     Kind = "picture"
	KindEdition     Kind = "edition"
	KindWithdrawal  Kind = "withdrawal"
	KindRestoration Kind = "restoration"
	KindRedirect    Kind = "redirect"
	KindRedaction   Kind = "redaction"
	KindKey         Kind = "key"
	KindOrigin      Kind = "origin"
	KindStory       Kind = "story"
	KindLiveEntry   Kind = "live_entry" // an entry of a live coverage was made, edited or deleted
	KindLiveState   Kind = "live_state" // a live coverage's state or its summary
)

// KindFront is an arrangement of home or of a section's front.
const KindFront Kind = "front"

// Publication is the body of KindPublication, schemas 1 and 2 (2 adds fields; a body of schema 1 lacks them).
type Publication struct {
	City       dateline.Names `json:"city,omitempty"`
	Email      string         `json:"email,omitempty"`
	Footer     []dateline.ID  `json:"footer,omitempty"`
	Language   string         `json:"language"`
	Latitude   int64          `json:"latitude"`  // millionths of a degree, north positive
	Longitude  int64          `json:"longitude"` // millionths of a degree, east positive
	Motto      dateline.Names `json:"motto,omitempty"`
	Name       string         `json:"name"`
	Navigation []dateline.ID  `json:"navigation,omitempty"`
	Site       string         `json:"site"`
	Zone       string         `json:"zone"`
}

// Section is the body of KindSection, schema 1.
type Section struct {
	Description dateline.Names `json:"description,omitempty"`
	Names       dateline.Names `json:"names"`
	Parent      dateline.ID    `json:"parent,omitempty"`
	Slug        string         `json:"slug"`
}

// Topic is the body of KindTopic, schema 1.
type Topic struct {
	Description dateline.Names     `json:"description,omitempty"`
	Kind        dateline.TopicKind `json:"kind"`
	Names       dateline.Names     `json:"names"`
	Person      dateline.ID        `json:"person,omitempty"`
	Slug        string             `json:"slug"`
}

// Person is the body of KindPerson, schema 1.
type Person struct {
	Names dateline.Names `json:"names"`
	Role  dateline.Names `json:"role,omitempty"`
	Slug  string         `json:"slug"`
}

// Picture is the body of KindPicture, schemas 1 and 2 (2 adds fields; a body of schema 1 lacks them).
type Picture struct {
	Crops  map[dateline.Placement]dateline.Crop `json:"crops,omitempty"` // made by hand, in pixels
	Focal  *dateline.Point                      `json:"focal,omitempty"`
	Format string                               `json:"format"` // jpeg or png: how readers get it who do not read WebP
	Hash   string                               `json:"hash"`   // SHA-256 of the bytes, in hex
	Height int                                  `json:"height"`
	Rights string                               `json:"rights,omitempty"`
	Width  int                                  `json:"width"`
	Words  *PictureWords                        `json:"words,omitempty"` // absent where they are the file's own
}

// Framing is what matters of a picture.
func (p *Picture) Framing() dateline.Framing { return dateline.Framing{Crops: p.Crops, Focal: p.Focal} }

// PictureWords stand in what readers get of a picture in place of those that its file has. The caption is the file's or none:
// captions as published stand in editions.
type PictureWords struct {
	Copyright   string `json:"copyright,omitempty"`
	Creator     string `json:"creator,omitempty"`
	Credit      string `json:"credit,omitempty"`
	Taken       string `json:"taken,omitempty"`
	Uncaptioned bool   `json:"uncaptioned,omitempty"` // the file's caption is left out
}

// Edition is the body of KindEdition, schemas 1 and 2 (2 adds fields; a body of schema 1 lacks them). Its header's subject is the article. Everything a reader can see of the
// article stands here, but for names of persons, topics and sections, which stand in their own entries.
type Edition struct {
	Address      string            `json:"address"`
	Agency       string            `json:"agency,omitempty"` // of the dateline
	Body         json.RawMessage   `json:"body,omitempty"`
	Byline       []dateline.Credit `json:"byline,omitempty"`
	Change       dateline.Change   `json:"change"`
	Corrects     int               `json:"corrects,omitempty"` // schema 2: the block of the body that it corrects, from 1
	First        string            `json:"first"`              // of edition 1
	Headline     string            `json:"headline"`
	Kind         dateline.Kind     `json:"kind"`
	Label        dateline.Label    `json:"label,omitempty"` // absent for news
	Language     string            `json:"language"`
	Lead         *dateline.Lead    `json:"lead,omitempty"`
	Note         string            `json:"note,omitempty"`
	Number       int               `json:"number"`
	Origin       *dateline.Origin  `json:"origin,omitempty"`          // the live entry that it was made of (schema 2)
	Pictures     []dateline.ID     `json:"pictures,omitempty"`        // every picture it shows, lead first
	Place        string            `json:"place,omitempty"`           // of the dateline
	Public       string            `json:"public"`                    // the instant readers are shown
	Related      []dateline.ID     `json:"related,omitempty"`         // at most six earlier articles
	SearchTitle  string            `json:"search_headline,omitempty"` // the page's title, where it is not the headline
	Section      dateline.ID       `json:"section,omitempty"`
	SocialTitle  string            `json:"social_headline,omitempty"` // where the address is shared, if not the headline
	Source       *dateline.Source  `json:"source,omitempty"`
	Speakers     []dateline.ID     `json:"speakers,omitempty"` // every person whom the body quotes
	Standfirst   string            `json:"standfirst,omitempty"`
	Stories      []dateline.ID     `json:"stories,omitempty"` // the running stories it belongs to, of those that readers know
	Topics       []dateline.ID     `json:"topics,omitempty"`
	Translations []dateline.ID     `json:"translations,omitempty"`
	Updated      string            `json:"updated,omitempty"` // absent when it equals First
}

// EditionMark is what a withdrawal may still show of an edition.
type EditionMark struct {
	Change   dateline.Change `json:"change"`
	Number   int             `json:"number"`
	Public   string          `json:"public"`
	Sequence int64           `json:"seq"`
}

// Withdrawal is the body of KindWithdrawal, schemas 1 and 2; its header's subject is the article.
type Withdrawal struct {
	Addresses []string                `json:"addresses,omitempty"` // the last address first, then those that redirect
	Editions  []EditionMark           `json:"editions"`
	First     string                  `json:"first"`
	Hashes    []string                `json:"hashes,omitempty"` // in place of Addresses for legal: AddressHash of each
	Into      dateline.ID             `json:"into,omitempty"`   // the article it was merged into
	Kind      dateline.WithdrawalKind `json:"kind"`
	Language  string                  `json:"language"`
	Notice    string                  `json:"notice,omitempty"` // what the tombstone prints
	Public    string                  `json:"public"`
	Section   dateline.ID             `json:"section,omitempty"`
	Stories   []dateline.ID           `json:"stories,omitempty"` // schema 2: that its newest edition named
	Topics    []dateline.ID           `json:"topics,omitempty"`  // schema 2: that it stood under, but for those that are persons
}

// Restoration is the body of KindRestoration, schema 1; its header's subject is the article.
type Restoration struct {
	Editions   []int64 `json:"editions"` // the entries that it brings back
	Public     string  `json:"public"`
	Withdrawal int64   `json:"withdrawal"` // the entry that took it down
}

// Redirect is the body of KindRedirect, schema 1; its header's subject is the article. From redirects to the article's
// own address for good.
type Redirect struct {
	From string `json:"from"`
	To   string `json:"to,omitempty"` // the article's new address, when it moved; absent for a further old address
}

// What happened to an entry of a live coverage.
const (
	EntryMade    = "made"
	EntryEdited  = "edited"
	EntryDeleted = "deleted"
)

// LiveEntry is the body of KindLiveEntry, schema 1; its header's subject is the live coverage. It says all of the entry as
// it is from here on; of a deleted one only its place, its instant and why.
type LiveEntry struct {
	Act        string            `json:"act"`
	Body       json.RawMessage   `json:"body,omitempty"`
	Byline     []dateline.Credit `json:"byline,omitempty"`
	Corrected  string            `json:"corrected,omitempty"` // when Correction was given
	Correction string            `json:"correction,omitempty"`
	Headline   string            `json:"headline,omitempty"`
	Key        bool              `json:"key,omitempty"`
	Language   string            `json:"language"`
	Number     int               `json:"number"`
	Pictures   []dateline.ID     `json:"pictures,omitempty"`
	Pinned     bool              `json:"pinned,omitempty"`
	Place      string            `json:"place,omitempty"`
	Public     string            `json:"public"`           // the instant that it is of
	Reason     string            `json:"reason,omitempty"` // of its removal
	Speakers   []dateline.ID     `json:"speakers,omitempty"`
}

// LiveState is the body of KindLiveState, schema 1; its header's subject is the live coverage. It says both state and
// summary as they are from here on.
type LiveState struct {
	Language string             `json:"language"`
	State    dateline.LiveState `json:"state"`
	Summary  json.RawMessage    `json:"summary,omitempty"`
}

// Pictures are those that a body shows.
func Pictures(body any) []dateline.ID {
	switch b := body.(type) {
	case *Edition:
		return b.Pictures
	case *LiveEntry:
		return b.Pictures
	}
	return nil
}

// Redaction is the body of KindRedaction, schemas 1 to 3 (2 and 3 add fields; a body of an earlier schema lacks them): the
// entries whose bodies are gone, and why.
type Redaction struct {
	Editions    []EditionMark `json:"editions,omitempty"` // schema 2: what may still be shown of those that were editions, of an article or a story
	Entries     []int64       `json:"entries"`
	Hashes      []string      `json:"hashes,omitempty"` // schema 2: AddressHash of each address that leads nowhere from here on
	Live        []LiveMark    `json:"live,omitempty"`   // schema 3: what may still be shown of those that were about a live coverage
	Reason      string        `json:"reason,omitempty"`
	Replacement int64         `json:"replacement,omitempty"` // the entry that stands in their place
}

// LiveMark is what a redaction may still show of an act on a live coverage: which entry it was about, so that its place and
// the time of its posting stay, or which state it gave, so that beginning and end stay.
type LiveMark struct {
	Number   int                `json:"number,omitempty"`
	Sequence int64              `json:"seq"`
	State    dateline.LiveState `json:"state,omitempty"`
}

// Key is the body of KindKey, schemas 1 and 2 (2 adds fields; a body of schema 1 lacks them): the public key that signs
// checkpoints from here on, as a note verifier key (C2SP signed-note).
type Key struct {
	Note     string `json:"note,omitempty"` // schema 2: the key before names this one (Signer.Announce); none for the first
	Origin   string `json:"origin"`
	Verifier string `json:"verifier"`
}

// Origin is the body of KindOrigin, schema 1: the log goes on under another name, because what followed the entries before
// this one is lost. Before, Root and Size are of the newest checkpoint that was known to have been signed under the old name.
type Origin struct {
	Before   string `json:"before"`
	Note     string `json:"note"` // the key before names the new one (Signer.Announce)
	Origin   string `json:"origin"`
	Root     string `json:"root"` // hex
	Size     int64  `json:"size"`
	Verifier string `json:"verifier"`
}

// Story is the body of KindStory, schemas 1 to 5 (each adds fields; a body of an earlier one lacks them); its header's subject is
// the story. The newest one says all of the story, its history of statuses included; whoever wants to know how it was told reads
// those before. One that was merged or withdrawn says only so, what its addresses were, and a withdrawn one which larger stories it is taken from.
type Story struct {
	Background string                `json:"background,omitempty"`
	Change     dateline.Change       `json:"change,omitempty"` // schema 2: why it was told another way; none where it was taken down
	Events     []dateline.StoryEvent `json:"events,omitempty"`
	Former     []string              `json:"former,omitempty"` // schema 3: the slugs that it had before, which lead to it
	Gone       []StoryGone           `json:"gone,omitempty"`   // schema 4: what stood in feeds and does no more, oldest first
	Into       dateline.ID           `json:"into,omitempty"`   // the story that it was merged into
	Joined     []dateline.ID         `json:"joined,omitempty"` // articles that belong to it although no edition of theirs says so
	Language   string                `json:"language"`
	Left       []dateline.ID         `json:"left,omitempty"` // articles that do not, although an edition says so
	Name       string                `json:"name,omitempty"`
	Note       string                `json:"note,omitempty"` // the public sentence on the change, or on the withdrawal
	Number     int                   `json:"number"`         // from 1
	Parties    []dateline.StoryParty `json:"parties,omitempty"`
	Public     string                `json:"public"` // the instant readers are shown
	Slug       string                `json:"slug"`
	Statuses   []StoryStatus         `json:"statuses,omitempty"` // oldest first
	Stories    []dateline.ID         `json:"stories,omitempty"`  // schema 5: larger stories that it is part of
	Summary    string                `json:"summary,omitempty"`
	Withdrawn  bool                  `json:"withdrawn,omitempty"`
}

// StoryGone is what feeds mark as deleted: a status that was taken out, or by its own id a story that was corrected and taken down.
type StoryGone struct {
	At string      `json:"at"`
	ID dateline.ID `json:"id"`
}

// StoryStatus is one line of a story's history of statuses.
type StoryStatus struct {
	At       string               `json:"at"`
	ID       dateline.ID          `json:"id"`
	Sentence string               `json:"sentence,omitempty"`
	Source   dateline.StorySource `json:"source,omitzero"`
	State    dateline.StoryState  `json:"state"`
	Words    string               `json:"words"`
}

// Content is the story as an editor writes it.
func (s *Story) Content() (*dateline.StoryContent, error) {
	c := &dateline.StoryContent{Name: s.Name, Summary: s.Summary, Background: s.Background, Language: s.Language, Parties: s.Parties, Events: s.Events,
		Joined: s.Joined, Left: s.Left, Stories: s.Stories}
	for _, st := range s.Statuses {
		at, err := ParseInstant(st.At)
		if err != nil {
			return nil, err
		}
		c.Statuses = append(c.Statuses, dateline.StoryStatus{ID: st.ID, At: at, State: st.State, Words: st.Words, Sentence: st.Sentence, Source: st.Source})
	}
	return c, nil
}

// Front is the body of KindFront, schemas 1 and 2; its header's subject is the section whose front it is, or the publication.
// Home had the running stories after its lead without saying so in schema 1; in schema 2 they stand where a container has them.
type Front struct {
	Containers []dateline.Container `json:"containers"`
	Home       bool                 `json:"home,omitempty"`
	Number     int                  `json:"number"`             // from 1
	Pictures   []dateline.ID        `json:"pictures,omitempty"` // that stand in place of articles' own
	Strip      *Strip               `json:"strip,omitempty"`
}

// Strip is the line above a front that something is breaking. It goes with the front's next entry.
type Strip struct {
	Article dateline.ID `json:"article,omitempty"`
	Text    string      `json:"text"`
	Until   string      `json:"until"`
}

// bodies makes an empty body for each kind and schema version ever written.
var bodies = map[Kind]map[int]func() any{
	KindPublication: {1: func() any { return new(Publication) }, 2: func() any { return new(Publication) }},
	KindSection:     {1: func() any { return new(Section) }},
	KindTopic:       {1: func() any { return new(Topic) }},
	KindPerson:      {1: func() any { return new(Person) }},
	KindPicture:     {1: func() any { return new(Picture) }, 2: func() any { return new(Picture) }},
	KindEdition:     {1: func() any { return new(Edition) }, 2: func() any { return new(Edition) }},
	KindWithdrawal:  {1: func() any { return new(Withdrawal) }, 2: func() any { return new(Withdrawal) }},
	KindRestoration: {1: func() any { return new(Restoration) }},
	KindRedirect:    {1: func() any { return new(Redirect) }},
	KindRedaction:   {1: func() any { return new(Redaction) }, 2: func() any { return new(Redaction) }, 3: func() any { return new(Redaction) }},
	KindKey:         {1: func() any { return new(Key) }, 2: func() any { return new(Key) }},
	KindOrigin:      {1: func() any { return new(Origin) }},
	KindStory:       {1: func() any { return new(Story) }, 2: func() any { return new(Story) }, 3: func() any { return new(Story) }, 4: func() any { return new(Story) }, 5: func() any { return new(Story) }},
	KindFront:       {1: func() any { return new(Front) }, 2: func() any { return new(Front) }},
	KindLiveEntry:   {1: func() any { return new(LiveEntry) }},
	KindLiveState:   {1: func() any { return new(LiveState) }},
}

// KindOf gives the kind and newest schema version of a body, for whoever appends it.
func KindOf(body any) (Kind, int, error) {
	switch body.(type) {
	case *Publication:
		return KindPublication, 2, nil
	case *Section:
		return KindSection, 1, nil
	case *Topic:
		return KindTopic, 1, nil
	case *Person:
		return KindPerson, 1, nil
	case *Picture:
		return KindPicture, 2, nil
	case *Edition:
		return KindEdition, 2, nil
	case *Withdrawal:
		return KindWithdrawal, 2, nil
	case *Restoration:
		return KindRestoration, 1, nil
	case *Redirect:
		return KindRedirect, 1, nil
	case *Redaction:
		return KindRedaction, 3, nil
	case *Key:
		return KindKey, 2, nil
	case *Origin:
		return KindOrigin, 1, nil
	case *Story:
		return KindStory, 5, nil
	case *Front:
		return KindFront, 2, nil
	case *LiveEntry:
		return KindLiveEntry, 1, nil
	case *LiveState:
		return KindLiveState, 1, nil
	}
	return "", 0, fmt.Errorf("%T is no body of the record", body)
}

// known says whether this program knows the entry's kind in its schema.
func (e Entry) known() bool {
	_, ok := bodies[e.Kind][e.Schema]
	return ok
}

// Decode reads an entry's body into a pointer to its kind's type. Bodies are read strictly: an unknown key is an error,
// because a key that this program does not know would be left out of the pages it makes.
func (e Entry) Decode() (any, error) {
	empty, ok := bodies[e.Kind][e.Schema]
	if !ok {
		return nil, fmt.Errorf("entry %d: this program does not know %s of schema %d; a newer one wrote it", e.Sequence, e.Kind, e.Schema)
	}
	if !e.HasBody() {
		return nil, fmt.Errorf("entry %d: its body was removed", e.Sequence)
	}
	body := empty()
	if err := strict(e.Body, body); err != nil {
		return nil, fmt.Errorf("entry %d: read its %s: %w", e.Sequence, e.Kind, err)
	}
	return body, nil
}
