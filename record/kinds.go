package record

import (
	"encoding/json"
	"fmt"

	"github.com/datelinehq/dateline"
)

// Kind names what an entry's body holds. Kinds may be added; old ones never change: a new form of a body is a new
// schema version, and the program reads every version ever written.
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
)

// Publication is the body of KindPublication, schema 1.
type Publication struct {
	Name       string         `json:"name"`
	Motto      dateline.Names `json:"motto,omitempty"`
	Site       string         `json:"site"`
	Zone       string         `json:"zone"`
	Language   string         `json:"language"`
	City       dateline.Names `json:"city,omitempty"`
	Latitude   int64          `json:"latitude"`  // millionths of a degree, north positive
	Longitude  int64          `json:"longitude"` // millionths of a degree, east positive
	Navigation []dateline.ID  `json:"navigation,omitempty"`
	Footer     []dateline.ID  `json:"footer,omitempty"`
	Email      string         `json:"email,omitempty"`
}

// Section is the body of KindSection, schema 1.
type Section struct {
	Slug        string         `json:"slug"`
	Names       dateline.Names `json:"names"`
	Description dateline.Names `json:"description,omitempty"`
	Parent      dateline.ID    `json:"parent,omitempty"`
}

// Topic is the body of KindTopic, schema 1.
type Topic struct {
	Slug        string             `json:"slug"`
	Kind        dateline.TopicKind `json:"kind"`
	Person      dateline.ID        `json:"person,omitempty"`
	Names       dateline.Names     `json:"names"`
	Description dateline.Names     `json:"description,omitempty"`
}

// Person is the body of KindPerson, schema 1.
type Person struct {
	Slug  string         `json:"slug"`
	Names dateline.Names `json:"names"`
	Role  dateline.Names `json:"role,omitempty"`
}

// Picture is the body of KindPicture, schema 1.
type Picture struct {
	Hash   string `json:"hash"` // SHA-256 of the bytes, in hex
	Format string `json:"format"`
	Width  int    `json:"width"`
	Height int    `json:"height"`
	Rights string `json:"rights,omitempty"`
}

// Edition is the body of KindEdition, schema 1. Its header's subject is the article. Everything a reader can see of the
// article stands here, but for names of persons, topics and sections, which stand in their own entries.
type Edition struct {
	Number       int               `json:"number"`
	Change       dateline.Change   `json:"change"`
	Note         string            `json:"note,omitempty"`
	Public       string            `json:"public"`            // the instant readers are shown
	First        string            `json:"first"`             // of edition 1
	Updated      string            `json:"updated,omitempty"` // absent when it equals First
	Kind         dateline.Kind     `json:"kind"`
	Address      string            `json:"address"`
	Section      dateline.ID       `json:"section,omitempty"`
	Label        dateline.Label    `json:"label,omitempty"` // absent for news
	Headline     string            `json:"headline"`
	Standfirst   string            `json:"standfirst,omitempty"`
	Place        string            `json:"place,omitempty"`  // of the dateline
	Agency       string            `json:"agency,omitempty"` // of the dateline
	Byline       []dateline.Credit `json:"byline,omitempty"`
	Source       *dateline.Source  `json:"source,omitempty"`
	Topics       []dateline.ID     `json:"topics,omitempty"`
	Body         json.RawMessage   `json:"body,omitempty"`
	Lead         *dateline.Lead    `json:"lead,omitempty"`
	Language     string            `json:"language"`
	Translations []dateline.ID     `json:"translations,omitempty"`
	Related      []dateline.ID     `json:"related,omitempty"`  // at most six earlier articles
	Pictures     []dateline.ID     `json:"pictures,omitempty"` // every picture it shows, lead first
	Speakers     []dateline.ID     `json:"speakers,omitempty"` // every person whom the body quotes
}

// EditionMark is what a withdrawal may still show of an edition.
type EditionMark struct {
	Number   int             `json:"number"`
	Change   dateline.Change `json:"change"`
	Public   string          `json:"public"`
	Sequence int64           `json:"seq"`
}

// Withdrawal is the body of KindWithdrawal, schema 1; its header's subject is the article.
type Withdrawal struct {
	Kind      dateline.WithdrawalKind `json:"kind"`
	Public    string                  `json:"public"`
	First     string                  `json:"first"`
	Addresses []string                `json:"addresses,omitempty"` // the last address first, then those that redirect
	Hashes    []string                `json:"hashes,omitempty"`    // in place of Addresses for legal: AddressHash of each
	Editions  []EditionMark           `json:"editions"`
	Section   dateline.ID             `json:"section,omitempty"`
	Language  string                  `json:"language"`
	Notice    string                  `json:"notice,omitempty"` // what the tombstone prints
	Into      dateline.ID             `json:"into,omitempty"`   // the article it was merged into
}

// Restoration is the body of KindRestoration, schema 1; its header's subject is the article.
type Restoration struct {
	Withdrawal int64   `json:"withdrawal"` // the entry that took it down
	Editions   []int64 `json:"editions"`   // the entries that it brings back
	Public     string  `json:"public"`
}

// Redirect is the body of KindRedirect, schema 1; its header's subject is the article. From redirects to the article's
// own address for good.
type Redirect struct {
	From string `json:"from"`
	To   string `json:"to,omitempty"` // the article's new address, when it moved; absent for a further old address
}

// Redaction is the body of KindRedaction, schema 1: the entries whose bodies are gone, and why.
type Redaction struct {
	Entries     []int64 `json:"entries"`
	Replacement int64   `json:"replacement,omitempty"` // the entry that stands in their place
	Reason      string  `json:"reason,omitempty"`
}

// Key is the body of KindKey, schema 1: the public key that signs checkpoints from here on, as a note verifier key
// (C2SP signed-note).
type Key struct {
	Verifier string `json:"verifier"`
	Origin   string `json:"origin"`
}

// bodies makes an empty body for each kind and schema version ever written.
var bodies = map[Kind]map[int]func() any{
	KindPublication: {1: func() any { return new(Publication) }},
	KindSection:     {1: func() any { return new(Section) }},
	KindTopic:       {1: func() any { return new(Topic) }},
	KindPerson:      {1: func() any { return new(Person) }},
	KindPicture:     {1: func() any { return new(Picture) }},
	KindEdition:     {1: func() any { return new(Edition) }},
	KindWithdrawal:  {1: func() any { return new(Withdrawal) }},
	KindRestoration: {1: func() any { return new(Restoration) }},
	KindRedirect:    {1: func() any { return new(Redirect) }},
	KindRedaction:   {1: func() any { return new(Redaction) }},
	KindKey:         {1: func() any { return new(Key) }},
}

// KindOf gives the kind and newest schema version of a body, for whoever appends it.
func KindOf(body any) (Kind, int, error) {
	switch body.(type) {
	case *Publication:
		return KindPublication, 1, nil
	case *Section:
		return KindSection, 1, nil
	case *Topic:
		return KindTopic, 1, nil
	case *Person:
		return KindPerson, 1, nil
	case *Picture:
		return KindPicture, 1, nil
	case *Edition:
		return KindEdition, 1, nil
	case *Withdrawal:
		return KindWithdrawal, 1, nil
	case *Restoration:
		return KindRestoration, 1, nil
	case *Redirect:
		return KindRedirect, 1, nil
	case *Redaction:
		return KindRedaction, 1, nil
	case *Key:
		return KindKey, 1, nil
	}
	return "", 0, fmt.Errorf("%T is no body of the record", body)
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
