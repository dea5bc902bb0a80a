package markup

import (
	"slices"
)

// Limits of a document. They bound what one article can cost to check, store and render.
const (
	MaxDepth = 16      // levels of nodes, the root included
	MaxNodes = 20_000  // nodes of every kind, runs of text included
	MaxText  = 4 << 20 // bytes of text, attributes included

	maxAttr    = 10_000 // bytes of one attribute in words
	maxURL     = 4_096  // bytes of one address
	maxID      = 64     // bytes of a picture's or a person's id
	maxColspan = 100
	maxRowspan = 1_000
	maxStart   = 1_000_000
)

// attr is a set of attributes, a bit for each.
type attr uint32

const (
	attrAlt attr = 1 << iota
	attrCaption
	attrColspan
	attrCredit
	attrHeader
	attrHref
	attrLang
	attrLevel
	attrName
	attrNote
	attrPicture
	attrProvider
	attrRole
	attrRowspan
	attrSpeaker
	attrStart
	attrSuggestion
	attrTitle
	attrURL
)

// rule is a type's line in the schema.
type rule struct {
	content []Type // types of node that may stand in it
	attrs   attr   // attributes it may have
	needs   attr   // attributes it must have
	marks   bool   // whether it may carry marks
	text    bool   // whether it carries text
	block   bool   // whether it is dropped when it has no content, see Normalise
	one     bool   // whether it holds one child at most
	bare    bool   // whether its children may have no content of their own
	plain   bool   // whether its children may carry no marks
}

var (
	inlineTypes = []Type{TypeText, TypeBreak}
	listTypes   = []Type{TypeParagraph, TypeBulletList, TypeOrderedList}
	factTypes   = []Type{TypeParagraph, TypeHeading, TypeBulletList, TypeOrderedList}
	blockTypes  = []Type{
		TypeParagraph, TypeHeading, TypeBulletList, TypeOrderedList, TypeQuote, TypePullQuote, TypeFigure,
		TypeGallery, TypeTable, TypeFactBox, TypeEmbed, TypeCode, TypeRule,
	}
)

// schema says for each type of node what may stand in it. It is never written to.
var schema = map[Type]rule{
	TypeDoc:         {content: blockTypes},
	TypeParagraph:   {content: inlineTypes, block: true},
	TypeHeading:     {content: inlineTypes, block: true, attrs: attrLevel, needs: attrLevel},
	TypeBulletList:  {content: []Type{TypeListItem}, block: true},
	TypeOrderedList: {content: []Type{TypeListItem}, block: true, attrs: attrStart},
	TypeListItem:    {content: listTypes, block: true},
	TypeQuote:       {content: []Type{TypeParagraph}, block: true, attrs: attrSpeaker | attrName | attrRole},
	TypePullQuote:   {content: inlineTypes, block: true},
	TypeFigure:      {content: inlineTypes, attrs: attrPicture | attrAlt | attrCredit, needs: attrPicture},
	TypeGallery:     {content: []Type{TypeFigure}, block: true, bare: true, attrs: attrCaption | attrCredit},
	TypeTable:       {content: []Type{TypeTableRow}, block: true, attrs: attrCaption},
	TypeTableRow:    {content: []Type{TypeTableCell}, block: true},
	TypeTableCell:   {content: inlineTypes, attrs: attrHeader | attrColspan | attrRowspan},
	TypeFactBox:     {content: factTypes, block: true, attrs: attrTitle},
	TypeEmbed:       {attrs: attrProvider | attrURL | attrTitle, needs: attrProvider | attrURL},
	TypeCode:        {content: []Type{TypeText}, block: true, one: true, plain: true},
	TypeRule:        {},
	TypeText:        {text: true, marks: true},
	TypeBreak:       {marks: true},
}

// markRule is a mark's line in the schema: the attribute it has and must have, and its place among the marks
// of a run, the outermost first.
type markRule struct {
	place   int
	needs   attr
	private bool // whether only drafts may carry it
}

var markSchema = map[MarkType]markRule{
	MarkInsertion: {place: -2, needs: attrSuggestion, private: true},
	MarkDeletion:  {place: -1, needs: attrSuggestion, private: true},
	MarkNote:      {place: 0, needs: attrNote, private: true},
	MarkLink:      {place: 1, needs: attrHref},
	MarkLang:      {place: 2, needs: attrLang},
	MarkStrong:    {place: 3},
	MarkEm:        {place: 4},
	MarkStrike:    {place: 5},
	MarkCode:      {place: 6},
	MarkSub:       {place: 7},
	MarkSup:       {place: 8},
}

// allows reports whether the parent may hold the child.
func (r rule) allows(child Type) bool { return slices.Contains(r.content, child) }

// attrField gives access to one attribute by its JSON name: words through text, numbers through number.
type attrField struct {
	bit    attr
	name   string
	text   func(*Attrs) *string
	number func(*Attrs) *int
	flag   func(*Attrs) *bool
}

// attrFields lists every attribute in the order of its JSON key.
var attrFields = []attrField{
	{bit: attrAlt, name: "alt", text: func(a *Attrs) *string { return &a.Alt }},
	{bit: attrCaption, name: "caption", text: func(a *Attrs) *string { return &a.Caption }},
	{bit: attrColspan, name: "colspan", number: func(a *Attrs) *int { return &a.Colspan }},
	{bit: attrCredit, name: "credit", text: func(a *Attrs) *string { return &a.Credit }},
	{bit: attrHeader, name: "header", flag: func(a *Attrs) *bool { return &a.Header }},
	{bit: attrHref, name: "href", text: func(a *Attrs) *string { return &a.Href }},
	{bit: attrLang, name: "lang", text: func(a *Attrs) *string { return &a.Lang }},
	{bit: attrLevel, name: "level", number: func(a *Attrs) *int { return &a.Level }},
	{bit: attrName, name: "name", text: func(a *Attrs) *string { return &a.Name }},
	{bit: attrNote, name: "note", text: func(a *Attrs) *string { return &a.Note }},
	{bit: attrPicture, name: "picture", text: func(a *Attrs) *string { return &a.Picture }},
	{bit: attrProvider, name: "provider", text: func(a *Attrs) *string { return &a.Provider }},
	{bit: attrRole, name: "role", text: func(a *Attrs) *string { return &a.Role }},
	{bit: attrRowspan, name: "rowspan", number: func(a *Attrs) *int { return &a.Rowspan }},
	{bit: attrSpeaker, name: "speaker", text: func(a *Attrs) *string { return &a.Speaker }},
	{bit: attrStart, name: "start", number: func(a *Attrs) *int { return &a.Start }},
	{bit: attrSuggestion, name: "suggestion", text: func(a *Attrs) *string { return &a.Suggestion }},
	{bit: attrTitle, name: "title", text: func(a *Attrs) *string { return &a.Title }},
	{bit: attrURL, name: "url", text: func(a *Attrs) *string { return &a.URL }},
}

// set reports whether the attribute has a value.
func (f attrField) set(a *Attrs) bool {
	switch {
	case f.text != nil:
		return *f.text(a) != ""
	case f.number != nil:
		return *f.number(a) != 0
	default:
		return *f.flag(a)
	}
}
