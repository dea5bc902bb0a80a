package wxr

// Site is what an export says of the site it was made from.
type Site struct {
	Line        int    // line of <channel>
	Title       string // the site's name
	Link        string // the site's address as its feed has it
	Description string
	Language    string // BCP 47 as WordPress writes it, such as "en-US"
	Generator   string // the program that wrote the export
	Version     string // the export's own version, such as "1.2"
	SiteURL     string // base_site_url: the installation's address
	BlogURL     string // base_blog_url: this blog's address
	PubDate     string // when the export was made, as written
}

// Base returns the address by which the site's posts are told from another's: base_blog_url (which differs from
// base_site_url where one installation holds several blogs), and where an export has none, what else names the site.
func (s Site) Base() string {
	for _, base := range []string{s.BlogURL, s.SiteURL, s.Link, s.Title} {
		if base != "" {
			return base
		}
	}
	return "unnamed"
}

// Author is one account that wrote something.
type Author struct {
	Line        int
	Login       string
	Email       string
	DisplayName string
	FirstName   string
	LastName    string
}

// Term is a category, a tag or a term of another taxonomy.
type Term struct {
	Line        int
	Taxonomy    string // "category", "post_tag" or the name of another
	Slug        string // nicename, as written (it may be percent-encoded)
	Name        string
	Parent      string // the parent's slug; empty at the top
	Description string
}

// ItemTerm is a term that an item carries.
type ItemTerm struct {
	Taxonomy string // the domain, "tag" of the oldest exports given as "post_tag"
	Slug     string
	Name     string
}

// Item is one post, page, attachment, menu entry or anything else that WordPress keeps as a post. Dates are as written:
// "2006-01-02 15:04:05", in the site's zone or, where the name ends in GMT, in UTC.
type Item struct {
	Line          int // line of <item>
	Title         string
	Link          string
	GUID          string
	Creator       string // login
	PubDate       string // RFC 1123 with zone
	Content       string
	Excerpt       string
	ID            int64 // wp:post_id; 0 where it is missing
	Date          string
	DateGMT       string
	Modified      string
	ModifiedGMT   string
	Status        string // publish, draft, pending, future, private, trash, inherit ...
	Type          string // post, page, attachment, nav_menu_item ...
	Name          string // the slug, as written (it may be percent-encoded)
	Parent        int64
	Password      string
	Sticky        bool
	AttachmentURL string
	Terms         []ItemTerm
	Thumbnail     int64  // _thumbnail_id: the attachment that is the lead image
	AttachedFile  string // _wp_attached_file: path under the uploads folder
	AttachmentAlt string // _wp_attachment_image_alt
	OtherMeta     int    // postmeta that was not kept
	Comments      int    // comments that were not kept
}

// Handler takes what Read finds. Any function may be nil. An error that one returns ends the reading and is returned
// as it is. Authors and terms come as they stand in the file; Site comes once, before the first item or, where there
// is none, at the end.
type Handler struct {
	Site   func(Site) error
	Author func(Author) error
	Term   func(Term) error
	Item   func(Item) error
	Note   func(Note)
}

func (h Handler) site(s Site) error {
	if h.Site == nil {
		return nil
	}
	return h.Site(s)
}

func (h Handler) author(a Author) error {
	if h.Author == nil {
		return nil
	}
	return h.Author(a)
}

func (h Handler) term(t Term) error {
	if h.Term == nil {
		return nil
	}
	return h.Term(t)
}

func (h Handler) item(i Item) error {
	if h.Item == nil {
		return nil
	}
	return h.Item(i)
}

func (h Handler) note(line int, kind, text string) {
	if h.Note != nil {
		h.Note(Note{Line: line, Kind: kind, Text: text})
	}
}
