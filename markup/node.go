// Package markup holds the body of an article: a tree of typed blocks and marks with one schema. The editor's
// JSON, HTML coming in and plain text are read into it; what the schema cannot say cannot get through.
package markup

// Type names a node of the body. The names are those of the editor's schema and stand in every stored document.
type Type string

// The blocks and inline nodes of the schema.
const (
	TypeDoc         Type = "doc"          // the root; its content is blocks
	TypeParagraph   Type = "paragraph"    // inline content
	TypeHeading     Type = "heading"      // inline content; Attrs.Level is 2, 3 or 4
	TypeBulletList  Type = "bullet_list"  // list_item nodes
	TypeOrderedList Type = "ordered_list" // list_item nodes; Attrs.Start when it is not 1
	TypeListItem    Type = "list_item"    // paragraphs and nested lists
	TypeQuote       Type = "quote"        // paragraphs; Attrs.Speaker (a person's id) or Attrs.Name, and Attrs.Role
	TypePullQuote   Type = "pull_quote"   // inline content; it repeats the article and has no speaker
	TypeFigure      Type = "figure"       // Attrs.Picture, Alt, Credit; its inline content is the caption
	TypeGallery     Type = "gallery"      // figure nodes without captions of their own; Attrs.Caption and Credit
	TypeTable       Type = "table"        // table_row nodes; Attrs.Caption
	TypeTableRow    Type = "table_row"    // table_cell nodes
	TypeTableCell   Type = "table_cell"   // inline content; Attrs.Header, Colspan, Rowspan
	TypeFactBox     Type = "fact_box"     // paragraphs, headings and lists; Attrs.Title
	TypeEmbed       Type = "embed"        // Attrs.Provider, URL, Title; loaded only when a reader asks
	TypeCode        Type = "code"         // preformatted text: one text node without marks
	TypeRule        Type = "rule"         // a break between parts, without content
	TypeText        Type = "text"         // Text, with Marks
	TypeBreak       Type = "hard_break"   // a line break inside a block
)

// MarkType names a mark on a run of text.
type MarkType string

// The marks of the schema.
const (
	MarkStrong MarkType = "strong"
	MarkEm     MarkType = "em"
	MarkCode   MarkType = "code"
	MarkStrike MarkType = "strike"
	MarkSub    MarkType = "sub"
	MarkSup    MarkType = "sup"
	MarkLink   MarkType = "link" // Attrs.Href (http, https, mailto, tel or a path of the same site)
	MarkLang   MarkType = "lang" // Attrs.Lang, a BCP 47 tag, for words in another language
)

// The marks of a draft. They are the newsroom's own: no document outside the desk holds one, see Publishable.
const (
	MarkInsertion MarkType = "insertion" // Attrs.Suggestion; the words are not there until somebody takes it
	MarkDeletion  MarkType = "deletion"  // Attrs.Suggestion; the words are there until somebody takes it
	MarkNote      MarkType = "note"      // Attrs.Note; the words that a colleague's note is about
)

// Node is one block, inline node or run of text. Fields stand in the order of their JSON keys, so that
// encoding a node gives keys sorted as the record asks.
type Node struct {
	Attrs   *Attrs `json:"attrs,omitempty"`
	Content []Node `json:"content,omitempty"`
	Marks   []Mark `json:"marks,omitempty"`
	Text    string `json:"text,omitempty"`
	Type    Type   `json:"type"`
}

// Mark is one mark on a run of text.
type Mark struct {
	Attrs *Attrs   `json:"attrs,omitempty"`
	Type  MarkType `json:"type"`
}

// Attrs holds the attributes of nodes and marks; each type allows only those its line in the schema names.
type Attrs struct {
	Alt      string `json:"alt,omitempty"`      // figure: what the picture shows, for those who cannot see it
	Caption  string `json:"caption,omitempty"`  // gallery, table
	Colspan  int    `json:"colspan,omitempty"`  // table_cell, when it is over 1
	Credit   string `json:"credit,omitempty"`   // figure, gallery
	Header   bool   `json:"header,omitempty"`   // table_cell
	Href     string `json:"href,omitempty"`     // link
	Lang     string `json:"lang,omitempty"`     // lang: BCP 47
	Level    int    `json:"level,omitempty"`    // heading: 2 to 4
	Name     string `json:"name,omitempty"`     // quote: a speaker who is no person of the newsroom
	Note     string `json:"note,omitempty"`     // note: its id
	Picture  string `json:"picture,omitempty"`  // figure: a picture's id
	Provider string `json:"provider,omitempty"` // embed: a name on the allow-list
	Role     string `json:"role,omitempty"`     // quote: what the speaker is
	Rowspan  int    `json:"rowspan,omitempty"`  // table_cell, when it is over 1
	Speaker  string `json:"speaker,omitempty"`  // quote: a person's id
	Start    int    `json:"start,omitempty"`    // ordered_list, when it is not 1
	// Suggestion is the id of what an insertion or a deletion belongs to; one that replaces words has both.
	Suggestion string `json:"suggestion,omitempty"`
	Title      string `json:"title,omitempty"` // fact_box, embed
	URL        string `json:"url,omitempty"`   // embed
}
