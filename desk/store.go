package desk

import (
	"context"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Store keeps the newsroom's work and the record. Nothing in it is reachable outside a transaction: a Tx that is used
// after its function returned answers EInternal. Errors are *dateline.Error; besides the codes that the methods of Tx
// name, every method may answer EUnavailable (the database is busy, or its disk full) and EInternal.
type Store interface {
	// View runs f over one unchanging state of the store. What f writes is an error.
	View(ctx context.Context, f func(Tx) error) error
	// Update runs f alone among writers. Where f or the commit fails nothing of it stays; where Update returns nil all of
	// it is on disk.
	Update(ctx context.Context, f func(Tx) error) error
	// Together is Update for small changes that come in great numbers: it may keep what several do at the same time in one
	// commit. Each is alone among writers while f runs, sees what those before it did, has an instant of its own, and fails
	// alone: nothing of it stays then. Nobody is answered before the commit. Words that f gives the index are found after it.
	Together(ctx context.Context, f func(Tx) error) error
	// Close ends the store; transactions under way are waited for.
	Close() error
}

// Tx is what can be done inside a transaction.
type Tx interface {
	Articles
	Versions
	Remarks
	Editions
	Fronts
	Coverages
	Addresses
	Ledger
	Journal
	Books
	Tokens
	Imports
	Accounts
	Keys
	Identities
	Sessions
	Invitations
	Previews
	Timepiece
	Removals
	Dismissals
	StorySchedules

	Sections() Catalogue[dateline.Section]
	Topics() Catalogue[dateline.Topic]
	Persons() Catalogue[dateline.Person]
	Pictures() Catalogue[dateline.Picture] // by hash in place of the slug
	Stories() Catalogue[dateline.Story]
	PictureUses
	PictureStates

	// FindPublication returns the paper's settings, ENotFound before the first.
	FindPublication() (*dateline.Publication, error)
	// SavePublication puts the paper's settings in place of those before.
	SavePublication(p *dateline.Publication) error
	// Nested runs f; where it fails, all that f did is undone and the transaction goes on.
	Nested(f func() error) error
}

// Articles keeps the articles.
type Articles interface {
	// InsertArticle keeps a new article without its content. EConflict where its id is taken.
	InsertArticle(a *dateline.Article) error
	// UpdateArticle puts an article in place of the one of version was; EConflict where that is no longer current.
	UpdateArticle(a *dateline.Article, was int64) error
	// FindArticle returns an article with what was saved last; ENotFound.
	FindArticle(id dateline.ID) (*dateline.Article, error)
	// ListArticles lists articles without their bodies, last saved first, then by id.
	ListArticles(f dateline.ArticleFilter) (dateline.ArticlePage, error)
	// CountArticles counts the articles of a list, no further than a limit.
	CountArticles(f dateline.ArticleFilter, limit int) (int, error)
	// IndexArticle makes an article found by the words of a text, in place of those before.
	IndexArticle(id dateline.ID, text string) error
	// ClaimDue returns one article whose schedule is due at an instant, the longest due first, and keeps other
	// transactions from claiming it until this one ends; ENotFound where none is due.
	ClaimDue(now time.Time) (*dateline.Article, error)
	// NextDue returns the earliest hour of any schedule; ENotFound where nothing is scheduled.
	NextDue() (time.Time, error)
}

// Version is one saved content of an article.
type Version struct {
	Article dateline.ID      `json:"article"`
	Number  int64            `json:"content_version"`
	At      time.Time        `json:"at"`
	By      string           `json:"by"`
	Content dateline.Content `json:"content"`
}

// Versions keeps every saved content; none is ever changed.
type Versions interface {
	// InsertVersion keeps a saved content; EConflict where the number is taken.
	InsertVersion(v Version) error
	// FindVersion returns one saved content; ENotFound.
	FindVersion(article dateline.ID, number int64) (Version, error)
	// ListVersions lists up to limit saved contents without bodies, newest first, older than before where it is not 0.
	ListVersions(article dateline.ID, before int64, limit int) ([]Version, error)
	// FindVersionAt returns the content that was saved last at an instant; ENotFound before the first.
	FindVersionAt(article dateline.ID, at time.Time) (Version, error)
}

// Remarks keeps the notes and suggestions of drafts: who made them and what became of them.
type Remarks interface {
	// InsertNote keeps a new note; EConflict where its id is taken.
	InsertNote(n *dateline.Note) error
	// UpdateNote puts a note in place of the one before; ENotFound.
	UpdateNote(n *dateline.Note) error
	// FindNote returns a note; ENotFound.
	FindNote(id dateline.ID) (*dateline.Note, error)
	// ListNotes lists an article's notes, oldest first.
	ListNotes(article dateline.ID) ([]dateline.Note, error)
	// SaveSuggestion keeps a suggestion in place of the one before.
	SaveSuggestion(s *dateline.Suggestion) error
	// ListSuggestions lists an article's suggestions, oldest first.
	ListSuggestions(article dateline.ID) ([]dateline.Suggestion, error)
}

// TopicUse is one published article under a topic.
type TopicUse struct {
	Article dateline.ID
	First   time.Time
}

// Editions keeps what was published, and which of it is withheld.
type Editions interface {
	// InsertEdition keeps an edition; EConflict where the number is taken.
	InsertEdition(e dateline.Edition) error
	// ListEditions lists an article's editions, first to last.
	ListEditions(article dateline.ID) ([]dateline.Edition, error)
	// SetTopics says under which topics, and in which running stories, an article stands in public, in place of those before.
	SetTopics(article dateline.ID, first time.Time, topics []dateline.ID) error
	// ListTopicUses lists up to limit public articles of a topic or story first published before an instant, newest first.
	ListTopicUses(topic dateline.ID, before time.Time, limit int) ([]TopicUse, error)
	// Withhold makes Entries give the bodies and salts of some entries to nobody.
	Withhold(entries []int64, withdrawal int64) error
	// Release ends that for all that a withdrawal withheld and returns their sequence numbers in order.
	Release(withdrawal int64) ([]int64, error)
}

// Fronts keeps the arrangements of home and of sections' fronts.
type Fronts interface {
	// InsertFront keeps a front that nobody arranged before; EConflict where somebody has.
	InsertFront(f *dateline.Front) error
	// UpdateFront puts a front in place of its version was; EConflict where that is no longer current.
	UpdateFront(f *dateline.Front, was int64) error
	// FindFront returns a front by its section, or by the publication for home; ENotFound while nobody arranged it.
	FindFront(id dateline.ID) (*dateline.Front, error)
	// ListArranged lists every front that somebody has arranged, by id.
	ListArranged() ([]*dateline.Front, error)
	// ClaimDueFront returns one front that is due to change by itself at an instant, the longest due first, and keeps other
	// transactions from claiming it until this one ends; ENotFound where none is due.
	ClaimDueFront(now time.Time) (*dateline.Front, error)
	// NextFrontDue returns the earliest instant at which a front changes by itself; ENotFound where none does.
	NextFrontDue() (time.Time, error)
	// SaveFrontVersion keeps a saved arrangement, or notes on one what edition was made of it.
	SaveFrontVersion(v *dateline.FrontVersion) error
	// FindFrontVersion returns one saved arrangement; ENotFound.
	FindFrontVersion(front dateline.ID, number int64) (*dateline.FrontVersion, error)
	// ListFrontVersions lists up to limit saved arrangements, newest first, older than before where it is not 0.
	ListFrontVersions(front dateline.ID, before int64, limit int) ([]*dateline.FrontVersion, error)
}

// Coverages keeps the live coverages: state, entries, and which entries of the record are theirs.
type Coverages interface {
	// FindLive returns a live coverage; ENotFound before its first state.
	FindLive(article dateline.ID) (*dateline.Live, error)
	// SaveLive puts a live coverage in place of what was kept of it.
	SaveLive(l *dateline.Live) error
	// SaveLiveEntry puts an entry in place of the one of version was, which is 0 for a new one; EConflict where that is no
	// longer current.
	SaveLiveEntry(e *dateline.LiveEntry, was int64) error
	// FindLiveEntry returns an entry by its number; ENotFound.
	FindLiveEntry(article dateline.ID, number int) (*dateline.LiveEntry, error)
	// ListLiveEntries lists up to limit entries, the greatest number first, with numbers below before where it is not 0.
	ListLiveEntries(article dateline.ID, before, limit int) ([]dateline.LiveEntry, error)
	// InsertLiveAct notes that an entry of the record is about a live coverage.
	InsertLiveAct(article dateline.ID, sequence int64) error
	// ListLiveActs lists the entries of the record that are about a live coverage, in their order.
	ListLiveActs(article dateline.ID) ([]int64, error)
}

// OwnerKind says what an address belongs to.
type OwnerKind string

// What may own an address.
const (
	OwnerArticle OwnerKind = "article" // pages too
	OwnerSection OwnerKind = "section"
	OwnerStory   OwnerKind = "story"
)

// Owner is whose an address is.
type Owner struct {
	Kind OwnerKind
	ID   dateline.ID
}

// Addresses keeps every address ever used, for good.
type Addresses interface {
	// ClaimAddress gives an address to an owner; EConflict where another has it.
	ClaimAddress(address string, owner Owner) error
	// FindOwner returns whose an address is; ENotFound.
	FindOwner(address string) (Owner, error)
}

// Catalogue keeps the things that articles refer to. Lists are ordered by the bytes of the slug.
type Catalogue[T any] interface {
	// Insert keeps a new thing; EConflict where its id or slug is taken.
	Insert(t *T) error
	// Update puts a thing in place of its version was; EConflict where that is no longer current.
	Update(t *T, was int64) error
	// Find returns a thing by its id; ENotFound.
	Find(id dateline.ID) (*T, error)
	// FindBySlug returns a thing by its slug; ENotFound.
	FindBySlug(slug string) (*T, error)
	// List lists up to limit things whose slugs begin with prefix and come after a slug.
	List(prefix, after string, limit int) ([]*T, error)
	// Named lists up to limit things with a word in the slug that begins so; those whose slugs begin so come first.
	Named(beginning string, limit int) ([]*T, error)
}

// PictureState is what the desk kept with a picture from an instant on.
type PictureState struct {
	Picture dateline.Picture
	At      time.Time // UTC; zero where it is not known
	By      string
}

// PictureStates keeps every state of what the desk keeps with a picture.
type PictureStates interface {
	// InsertPictureState keeps a state; EConflict where there is one of that version.
	InsertPictureState(s PictureState) error
	// FindPictureState returns the state that a picture had at an instant; ENotFound.
	FindPictureState(picture dateline.ID, at time.Time) (PictureState, error)
	// ListPictureStates lists up to limit states of a picture, newest first, of versions below one where that is not 0.
	ListPictureStates(picture dateline.ID, before int64, limit int) ([]PictureState, error)
}

// PictureUses keeps which articles show which pictures. What an entry of a live coverage shows, readers have in its article.
type PictureUses interface {
	// UsePictures says which pictures an article's draft, or its live edition, shows, in place of those before.
	UsePictures(article dateline.ID, live bool, pictures []dateline.ID) error
	// UseInEntry says which pictures an entry of a live coverage shows, in place of those before.
	UseInEntry(article dateline.ID, entry int, pictures []dateline.ID) error
	// FindPictureUse returns how an article shows a picture; ENotFound where it does not. A live edition counts while
	// readers have it.
	FindPictureUse(picture, article dateline.ID) (dateline.PictureUse, error)
	// ListPictureUses lists up to limit articles that show a picture, by id.
	ListPictureUses(picture dateline.ID, limit int) ([]dateline.PictureUse, error)
	// ListEnded says which of some articles show pictures in which the rights have ended at an instant, and which pictures.
	ListEnded(articles []dateline.ID, at time.Time) (map[dateline.ID][]dateline.ID, error)
	// FindPictures finds up to limit pictures in which each of some words stands, newest first, without those in which the
	// rights have ended at an instant.
	FindPictures(words string, at time.Time, limit int) ([]*dateline.Picture, error)
}

// Ledger keeps the record: entries, the tree over them and signed checkpoints.
type Ledger interface {
	// AppendEntry gives an entry the next sequence number and keeps it.
	AppendEntry(e *record.Entry) error
	// ListEntries lists up to limit entries after a sequence number; withheld ones come without body and salt.
	ListEntries(after int64, limit int) ([]record.Entry, error)
	// FindEntry returns one entry as it is kept, withheld or not; ENotFound.
	FindEntry(sequence int64) (record.Entry, error)
	// ListWithdrawals lists up to limit withdrawals, restorations and redactions after a sequence number.
	ListWithdrawals(after int64, limit int) ([]record.Entry, error)
	// ListStoriesTold lists the running stories that have entries after a sequence number.
	ListStoriesTold(after int64) ([]dateline.ID, error)
	// Sequence returns the newest entry's sequence number, 0 before the first.
	Sequence() (int64, error)
	// Root returns the root of the tree over the first size entries, those of this transaction counted.
	Root(size int64) (record.Hash, error)
	// ProveExtends proves that the first newer entries go on from the first older ones; no hashes where older is 0.
	ProveExtends(newer, older int64) ([]record.Hash, error)
	// SaveCheckpoint keeps the signed checkpoint of a size, in place of those of the same size and of smaller ones.
	SaveCheckpoint(size int64, note []byte) error
	// FindCheckpoint returns the signed checkpoint of the largest size; ENotFound.
	FindCheckpoint() (size int64, note []byte, err error)
	// SaveCosigned keeps a cosigned checkpoint for good and numbers it; the first of a witness for a size stays.
	SaveCosigned(c record.Cosigned) error
	// FindCosigned returns a witness's cosigned checkpoint of the largest size; ENotFound.
	FindCosigned(witness string) (record.Cosigned, error)
	// ListCosigned lists up to limit cosigned checkpoints after a number.
	ListCosigned(after int64, limit int) ([]record.Cosigned, error)
}

// AuditLine says who did what.
type AuditLine struct {
	Number   int64         `json:"n"` // the order
	At       time.Time     `json:"at"`
	Actor    string        `json:"actor"`
	Role     dateline.Role `json:"role"`
	Act      dateline.Act  `json:"act"`
	Article  dateline.ID   `json:"article,omitempty"`
	Version  int64         `json:"version,omitempty"` // the article's, after it
	Sequence int64         `json:"sequence,omitempty"`
	Detail   string        `json:"detail,omitempty"`
	For      string        `json:"for,omitempty"`     // the account that is to be told
	Address  string        `json:"address,omitempty"` // from where, until AuditAddressAge
	Device   string        `json:"device,omitempty"`  // what the browser or program called itself, likewise
	Session  string        `json:"session,omitempty"` // likewise
	LineMore
}

// Say gives a line its words, in English and for other languages.
func (l *AuditLine) Say(s dateline.Sentence) {
	l.Detail, l.Said = s.String(), nil
	if s.Format != "" {
		l.Said = &s
	}
}

// LineMore is what a line of the audit says beside its words. Lines that were left before it was kept have none.
// The store asks for lines that begin with a state, so State stays first.
type LineMore struct {
	State   *ArticleState      `json:"state,omitempty"`   // what the article was after it
	Picture *PictureChange     `json:"picture,omitempty"` // what became other about a picture that it shows
	Said    *dateline.Sentence `json:"said,omitempty"`    // what the detail says, for other languages; absent where none of it is Dateline's own words
}

// ArticleState is what an article was at a moment, beside its text.
type ArticleState struct {
	Readers dateline.Readers    `json:"readers"`
	Draft   dateline.DraftState `json:"draft"`
	Due     time.Time           `json:"due,omitzero"`     // UTC, while Draft is scheduled
	Embargo time.Time           `json:"embargo,omitzero"` // UTC; until when nobody could publish it
	Hold    bool                `json:"hold,omitempty"`
}

// PictureChange says what became other about a picture.
type PictureChange struct {
	ID      dateline.ID   `json:"id"`
	Name    string        `json:"name,omitempty"`
	Version int64         `json:"version"` // of the picture, after it
	Fields  []FieldChange `json:"fields"`
}

// Journal keeps the audit. A line is never taken away; of what it says no more can be changed than that its details (EmptyAudit)
// and from where it was done are taken out.
type Journal interface {
	// InsertAudit adds a line to the audit, with the place of the transaction's context.
	InsertAudit(l AuditLine) error
	// ListAudit lists up to limit lines, newest first, older than before where it is not 0, of one article where it is named.
	ListAudit(article dateline.ID, before int64, limit int) ([]AuditLine, error)
	// FindLine returns one line of an article's audit; ENotFound.
	FindLine(article dateline.ID, number int64) (AuditLine, error)
	// FindState returns what an article was at an instant, and after no line beyond one where that is not 0; ENotFound where it was not kept.
	FindState(article dateline.ID, at time.Time, line int64) (ArticleState, error)
	// FilterAudit lists up to limit lines that a filter names, newest first.
	FilterAudit(f AuditFilter, limit int) ([]AuditLine, error)
	// CountPlaces counts the lines before an instant that say from where they were done, no further than one.
	CountPlaces(before time.Time) (int, error)
	// ForgetPlaces takes out of the lines before an instant from where they were done, and says of how many.
	ForgetPlaces(before time.Time) (int, error)
}

// Books keeps receipts, idempotency keys and small settings.
type Books interface {
	// SaveReceipt keeps an act's receipt in place of the one before.
	SaveReceipt(r *dateline.Receipt) error
	// FindReceipt returns an act's receipt; ENotFound.
	FindReceipt(sequence int64) (*dateline.Receipt, error)
	// InsertKey keeps what an idempotency key's request was and answered; EConflict where it is taken.
	InsertKey(k Key) error
	// FindKey returns what a key's request answered; ENotFound.
	FindKey(actor, key string) (Key, error)
	// SaveSetting keeps a value under a name.
	SaveSetting(name, value string) error
	// FindSetting returns the value under a name; ENotFound.
	FindSetting(name string) (string, error)
}

// Key is a request that named an idempotency key, and its answer.
type Key struct {
	Actor   string
	Key     string
	Request string // a digest of what was asked
	Result  []byte // JSON
	At      time.Time
}

// Token is one secret by which a program is known; the secret itself is kept nowhere.
type Token struct {
	ID      dateline.ID   `json:"id"`
	Name    string        `json:"name"`
	Role    dateline.Role `json:"role"`
	Created time.Time     `json:"created"`
	Expires time.Time     `json:"expires,omitzero"` // never where it is zero
	Revoked time.Time     `json:"revoked,omitzero"`
}

// Tokens keeps the tokens.
type Tokens interface {
	// InsertToken keeps a token under the SHA-256 of its secret.
	InsertToken(t Token, hash []byte) error
	// FindToken returns a token by the SHA-256 of its secret; ENotFound.
	FindToken(hash []byte) (Token, error)
	// ListTokens lists every token, oldest first.
	ListTokens() ([]Token, error)
	// RevokeToken ends a token; ENotFound.
	RevokeToken(id dateline.ID, at time.Time) error
}

// Import is what an item from elsewhere became.
type Import struct {
	Source   string
	External string
	Article  dateline.ID
	Digest   string
}

// Imports keeps what became of items from elsewhere.
type Imports interface {
	// InsertImport keeps what became of an item; EConflict where it is known.
	InsertImport(i Import) error
	// FindImport returns what became of an item; ENotFound.
	FindImport(source, external string) (Import, error)
}

// Timepiece tells the instant of a transaction.
type Timepiece interface {
	// Now is the instant of this transaction in UTC, to the microsecond, the same at every call and never before that of
	// an earlier act.
	Now() (time.Time, error)
	// CheckClock answers EUnavailable while the clock cannot be believed: it jumped, or is behind an earlier act.
	CheckClock() error
	// ConfirmClock takes the clock as it is now for right once this transaction commits.
	ConfirmClock() error
}
