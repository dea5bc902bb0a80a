package wxr

import "time"

// Kind says whether a story is an article or a page.
type Kind string

// The kinds of stories.
const (
	KindArticle Kind = "article"
	KindPage    Kind = "page"
)

// State is what a story is to become.
type State string

// The states that an imported story can have.
const (
	StatePublished State = "published"
	StateDraft     State = "draft"
)

// Why a draft must never become public without an editor's own decision.
const (
	PrivateStatus   = "private"  // WordPress showed it to signed-in editors only
	PrivatePassword = "password" // WordPress asked readers for a password
)

// Story is an item of an export in the newsroom's words: what an importer stores.
type Story struct {
	Line       int    // line of the item in the file
	ExternalID string // "wxr:", the site's address, ":" and the post's number; the same at every run
	Kind       Kind
	State      State
	Private    string    // PrivateStatus or PrivatePassword; empty for what was or may become public
	Proposed   time.Time // for a post that was scheduled: the hour, in UTC; otherwise zero

	Headline   string // without markup; never empty
	Standfirst string // without markup
	Slug       string // a valid slug, or empty
	Language   string // the site's, as BCP 47; may be empty

	Section TermRef   // zero for a page
	Topics  []TermRef // in the file's order, each once
	Byline  []Person

	FirstPublished time.Time // UTC; zero for what was never published
	Updated        time.Time // UTC; zero where it is not after FirstPublished

	Address string   // the address that readers know, path and query; empty where it was not the site's own
	Former  []string // further addresses at which the site answered

	LeadAttachment int64  // the attachment that is the lead image, or 0
	Post           int64  // the post's number, by which its attachments name it
	Content        string // the text as WordPress keeps it; see Body
}

// TermRef names a section or topic.
type TermRef struct {
	Slug string // valid in an address
	Name string
}

// Person is somebody in a byline.
type Person struct {
	Login string // by which the export knows them; it stays the same when the name changes
	Name  string
}

// Attachment is a file of the site's uploads folder: most often a picture.
type Attachment struct {
	Line    int
	ID      int64
	Parent  int64  // the post it was uploaded to, or 0
	URL     string // where the site served it
	File    string // its path under the uploads folder, with slashes; empty where the export does not say
	Title   string
	Alt     string
	Caption string // without markup
}
