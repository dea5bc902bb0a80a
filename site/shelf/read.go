package shelf

import (
	"context"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
	"github.com/datelinehq/dateline/search"
)

// Reading is what a Tx answers; it is written down once so that the press and its tests can be read against it.
type Reading interface {
	Coverages

	// AsOf answers as it was at the end of an instant's second.
	AsOf(at time.Time) (Reading, error)
	// ChangedBefore are up to limit instants, in whole seconds, at or before an instant at which a page changed, newest first;
	// ChangedAfter those after it, oldest first.
	ChangedBefore(of PageOf, at time.Time, limit int) ([]time.Time, error)
	ChangedAfter(of PageOf, at time.Time, limit int) ([]time.Time, error)

	// Cursor is the sequence number of the last entry in this snapshot.
	Cursor() int64
	// Publication is the paper; ErrNotFound while the record has no such entry.
	Publication() (*Publication, error)
	// Sections are those of the navigation in its order, then the others by id.
	Sections() ([]Section, error)
	// Footer are the cards of the publication's footer pages that readers can open, in order.
	Footer() ([]Card, error)
	// Section, Topic, Person and Picture answer one by id; ErrNotFound.
	Section(id dateline.ID) (*Section, error)
	Topic(id dateline.ID) (*Topic, error)
	Person(id dateline.ID) (*Person, error)
	Picture(id dateline.ID) (*Picture, error)
	// PictureEntries are all that entries with a body ever said of the pictures of a hash, oldest first.
	PictureEntries(hash string) ([]record.Picture, error)
	// PictureShown says whether an edition that readers can open shows the picture of this hash, and in which format.
	PictureShown(hash string) (format string, shown bool, err error)

	// OnlyShownBy are the hashes of pictures that an article's editions show and nothing else does.
	OnlyShownBy(article dateline.ID) ([]string, error)
	// ShownPictures are the hashes of every picture that some edition which readers can open shows.
	ShownPictures() ([]string, error)

	// Resolve looks an address up: first exactly, query included, then without the query. Feeds and other pages below an
	// address are the caller's.
	Resolve(address string) (Resolution, error)
	// Article is the latest edition with its fragment; ErrNotFound where readers cannot open it.
	Article(id dateline.ID) (*Article, error)
	// Card is what lists show of an article; ErrNotFound where readers cannot open it.
	Card(id dateline.ID) (*Card, error)
	// Cards are those of the ids that readers can open, in the order given.
	Cards(ids []dateline.ID) ([]Card, error)
	// Tombstone is what stays of an article that was taken down; ErrNotFound.
	Tombstone(id dateline.ID) (*Tombstone, error)
	// Editions are an article's, the greatest number first; none where readers cannot open it.
	Editions(id dateline.ID) ([]Edition, error)
	// WouldBe is the article that readers would have if an edition came next in the record, and the line of its history.
	WouldBe(id dateline.ID, ed *record.Edition, at time.Time) (*Article, *Edition, error)
	// EditionAt is one edition whole, its document in Body; ErrNotFound where its body is gone or there is none.
	EditionAt(id dateline.ID, number int) (*Edition, *record.Edition, error)

	// Story answers a running story; ErrNotFound where readers cannot open it. One that was merged answers the story it is in.
	Story(id dateline.ID) (*Story, error)
	// StoriesOf are the stories that an article belongs to and readers can open, those its edition names first.
	StoriesOf(article dateline.ID, named []dateline.ID) ([]Story, error)
	// Wholes are the larger stories that a story is part of, and Parts up to limit stories that are part of one, in the order of Stories.
	Wholes(s *Story) ([]Story, error)
	Parts(whole dateline.ID, limit int) ([]Part, error)
	// GoneStatuses are the statuses of stories that were taken down while they were part of one.
	GoneStatuses(whole dateline.ID) ([]record.StoryGone, error)
	// Stories are running stories: those that go on first, then by the last change of their status, newest first.
	Stories(limit int) ([]Story, error)
	// NamedStories are those in whose names every word of a question stands, in the same order.
	NamedStories(words search.Query, limit int) ([]Story, error)
	// Happenings are dated lines of a story before a position, newest first: statuses, and events whose last day is over on a
	// local date. Statuses are the former alone. Awaited are its events that lie ahead then, the next first.
	Happenings(story dateline.ID, today Day, before Position, limit int) ([]Happening, error)
	Statuses(story dateline.ID, before Position, limit int) ([]Happening, error)
	Awaited(story dateline.ID, today Day, limit int) ([]Happening, error)
	// StoryGone is the entry that took a story down and when it did; ErrNotFound where readers never had the story.
	StoryGone(id dateline.ID) (*record.Story, time.Time, error)
	// StoryEntry is the newest of a story's own entries, its articles' and its parts' among them, at or before a position in the record; 0 for
	// none. RedactedSince says whether anything was redacted after a position.
	StoryEntry(story dateline.ID, position int64) (int64, error)
	RedactedSince(position int64) (bool, error)
	// StoryTold is the newest line of a story's history at or before a position; StoryAt what its entry said. ErrNotFound before
	// the first. Tellings are the lines after a position, newest first.
	StoryTold(story dateline.ID, position int64) (*Telling, error)
	StoryAt(story dateline.ID, position int64) (*record.Story, error)
	Tellings(story dateline.ID, after int64) ([]Telling, error)
	// StoryCorrections are the lines of a story's history that told readers something had been wrong, newest first.
	StoryCorrections(story dateline.ID) ([]Telling, error)
	// ToldSince are up to limit dated lines of a story that its entries after a position were the first to have, newest first.
	// StatusesSince are those of them that are statuses.
	ToldSince(story dateline.ID, position int64, limit int) ([]Happening, error)
	StatusesSince(story dateline.ID, position int64, limit int) ([]Happening, error)
	// StoryEditions are up to limit editions of a story's articles after a position, newest first.
	StoryEditions(story dateline.ID, position int64, limit int) ([]Correction, error)
	// Since counts the articles of a story first published after one, no further than MaxSince.
	Since(story dateline.ID, after *Card) (int, error)

	// List is up to limit cards of a list after a position.
	List(of ListOf, after Position, limit int) ([]Card, error)
	// Count is how many articles a list has, a kept counter; of Quoting it is 0.
	Count(of ListOf) (int64, error)
	// Latest are the newest by updated.
	Latest(limit int) ([]Card, error)
	// Front arranges the home page while nobody has.
	Front() (*Front, error)
	// Arranged is how an editor arranged home, by the publication's id, or a section's front; ErrNotFound while nobody has.
	Arranged(id dateline.ID) (*record.Front, error)
	// ArrangedFronts are the ids of all fronts that somebody arranged, ascending.
	ArrangedFronts() ([]dateline.ID, error)
	// Fill puts into a front's places what stands there now, each article once.
	Fill(containers []dateline.Container, read []dateline.ID) ([]Filled, error)
	// HomeChanged is when an entry, imports aside, last put, moved, changed or removed a card on the home page, or a line of
	// what is on air; zero for never.
	HomeChanged() (time.Time, error)
	// Corrections are the corrections, clarifications and retractions, newest first.
	Corrections(after Position, limit int) ([]Correction, error)

	// Deleted are up to limit articles that stood in a list when they were taken down, the newest withdrawal first; imported
	// ones first published before an instant are passed over. DeletedCorrections are those that had been corrected, and what readers
	// can open whose corrections were all redacted.
	Deleted(of ListOf, oldest time.Time, limit int) ([]Deletion, error)
	DeletedCorrections(limit int) ([]Deletion, error)

	// Days are the days of a month that have articles, ascending.
	Days(month Day) ([]DayCount, error)
	// Months are the months of a year that have articles, ascending.
	Months(year int) ([]MonthCount, error)
	// Years are those that have articles, newest first, with their counts; Month.Month is January.
	Years() ([]MonthCount, error)
	// DayBefore and DayAfter are the nearest days with articles; zero for none.
	DayBefore(d Day) (Day, error)
	DayAfter(d Day) (Day, error)

	// SitemapMonths are the months, in UTC, that have articles or pages, oldest first.
	SitemapMonths() ([]MonthCount, error)
	// Sitemap are up to limit articles and pages of a month of first publication, in UTC, newest first, after so many newer ones.
	Sitemap(month Day, skip, limit int) ([]Listed, error)
	// SitemapPlace is how many articles and pages of the month are newer than a position in it, counted no further than MaxPlaced.
	SitemapPlace(month Day, of Position) (int, error)
	// News are the articles first published in the two days before now, imported ones passed over.
	News(now time.Time, limit int) ([]Card, error)

	// Search answers a query.
	Search(ctx context.Context, q Query) (*Results, error)
	Suggest(text string, limit int) ([]string, error)

	// Checkpoint is the newest signed one whose size this snapshot has reached; ErrNotFound while there is none.
	Checkpoint() ([]byte, error)
	// VerifierKey is the key that the record names last as the one that signs its checkpoints; ErrNotFound while it names none.
	VerifierKey() (string, error)
	// Keys are the entries that name the keys of the log, oldest first, with proofs for the checkpoint's size.
	Keys() ([]byte, []Proof, error)
	// Tile is a tile of the tree, or a bundle of leaves where its level is -1, at the width asked for; ErrNotFound.
	Tile(at record.TileAddress) ([]byte, error)
	// Cosigned gives, for each witness, the smallest checkpoint that it cosigned in which an entry is, or with 0 the largest;
	// ErrNotFound for none.
	Cosigned(sequence int64) ([][]byte, error)
	// Proof is the article's editions that readers can open, oldest first, with proofs for the checkpoint's size.
	Proof(id dateline.ID) ([]byte, []Proof, error)
}
