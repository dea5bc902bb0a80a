package dateline

import "time"

// Kind parts articles from pages and live coverages.
type Kind string

// The kinds. A page has no section and no date and stands in no list but navigation and sitemap. A live coverage is an
// article made of timed entries.
const (
	KindArticle Kind = "article"
	KindPage    Kind = "page"
	KindLive    Kind = "live"
)

// Known says whether there is such a kind.
func (k Kind) Known() bool { return k == KindArticle || k == KindPage || k == KindLive }

// Readers is what readers have of an article.
type Readers string

// The states readers see.
const (
	Unpublished Readers = "unpublished"
	Published   Readers = "published"
	Withdrawn   Readers = "withdrawn"
)

// DraftState is how far the work on an article is.
type DraftState string

// The states of the draft. DraftNone means that nothing was saved since the latest edition.
const (
	DraftNone      DraftState = "none"
	DraftOpen      DraftState = "draft"
	DraftSubmitted DraftState = "submitted"
	DraftScheduled DraftState = "scheduled"
)

// Article is one piece of journalism as the desk has it: its identity, both facts of its state, its locks, and what
// was saved last.
type Article struct {
	ID         ID          `json:"id"`
	Kind       Kind        `json:"kind"`
	Version    int64       `json:"version"`         // moved by every save, step and act
	Saved      int64       `json:"content_version"` // the version of Content
	Readers    Readers     `json:"readers"`
	Draft      DraftState  `json:"draft"`
	Content    Content     `json:"content"`            // what was saved last
	Schedule   *Schedule   `json:"schedule,omitempty"` // while Draft is scheduled
	Proposed   *time.Time  `json:"proposed,omitempty"` // an hour that an import proposes, UTC
	Embargo    *Lock       `json:"embargo,omitempty"`  // stops publication until its instant
	Hold       *Lock       `json:"hold,omitempty"`     // stops publication until a chief lifts it
	Cleared    *Clearance  `json:"cleared,omitempty"`  // for which words a chief lifted a hold that a check had set
	Private    bool        `json:"private,omitempty"`  // never to be published: it was private where it came from
	Address    string      `json:"address,omitempty"`  // fixed at first publication
	Former     []string    `json:"former,omitempty"`   // addresses that redirect to Address
	Edition    int         `json:"edition"`            // the number of the latest edition; 0 before the first
	First      time.Time   `json:"first_published,omitzero"`
	Updated    time.Time   `json:"updated,omitzero"` // equal to First until an edition that is not minor
	Withdrawal *Withdrawal `json:"withdrawal,omitempty"`
	Origin     *Origin     `json:"origin,omitempty"` // the live entry that it was made of
	Words      int         `json:"words"`            // of the body saved last; below 0 where they were never counted
	Sent       time.Time   `json:"sent,omitzero"`    // when it was submitted last
	Created    time.Time   `json:"created"`
	SavedAt    time.Time   `json:"saved_at"`
	SavedBy    string      `json:"saved_by"`
	Author     string      `json:"author"` // the account that made it
}

// Schedule says what goes out and when. Version is the content version named when it was scheduled, whatever is saved later.
type Schedule struct {
	Due     time.Time `json:"due"` // UTC
	Version int64     `json:"content_version"`
	Change  Change    `json:"change"`
	Note    string    `json:"note,omitempty"`
	// Corrects is the block of the body that the change is about, from 1; 0 for none.
	Corrects int    `json:"corrects,omitempty"`
	By       string `json:"by"`
	Address  string `json:"address,omitempty"` // the one it would have on the day it is due; nothing is reserved
}

// Lock stops the next publication and takes nothing down.
type Lock struct {
	Until  time.Time `json:"until,omitzero"` // embargo only, UTC
	Reason string    `json:"reason,omitempty"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// Withdrawal says how an article was taken down.
type Withdrawal struct {
	Kind     WithdrawalKind `json:"kind"`
	At       time.Time      `json:"at"`
	Sequence int64          `json:"sequence"`         // its entry in the record
	Notice   string         `json:"notice,omitempty"` // the public sentence on the tombstone
	Into     ID             `json:"into,omitempty"`   // the article it was merged into
}

// WithdrawalKind is why an article was taken down.
type WithdrawalKind string

// The kinds of withdrawal: killed, legal and expired answer 410, merged answers 301.
const (
	WithdrawnKilled  WithdrawalKind = "killed"
	WithdrawnLegal   WithdrawalKind = "legal"
	WithdrawnExpired WithdrawalKind = "expired"
	WithdrawnMerged  WithdrawalKind = "merged"
)

// ArticleOrder says by what a list of articles is ordered; ids part what is equal.
type ArticleOrder string

// The orders of a list. Those by due and by embargo hold only articles that have one, the next first; the one by stood only
// what readers have or had, newest first: by the latest public instant that moved a time, or by the withdrawal.
const (
	BySaved   ArticleOrder = "" // by the last save, newest first
	ByDue     ArticleOrder = "due"
	ByEmbargo ArticleOrder = "embargo"
	ByStood   ArticleOrder = "stood"
)

// ArticleFilter narrows a list of articles; zero values do not. A list is paged by the key of its last row. With a query
// the order is always that of the last save.
type ArticleFilter struct {
	Readers Readers
	Draft   DraftState
	Kind    Kind
	Section ID
	Author  string // the account that made it
	Query   string // words of headline, standfirst, names and text
	Typing  bool   // the query's last word may be the beginning of one
	Order   ArticleOrder
	From    time.Time // what the order goes by is not before this
	Before  time.Time // and before this; zero values bound nothing
	After   string    // the Next of the page before
	Limit   int       // 1 to 200; 50 where it is 0
}

// ArticlePage is one page of a list of articles; Next is empty on the last one.
type ArticlePage struct {
	Articles []*Article
	Next     string
}

// Embargoed reports whether the embargo still stands at an instant.
func (a *Article) Embargoed(now time.Time) bool {
	return a.Embargo != nil && now.Before(a.Embargo.Until)
}
