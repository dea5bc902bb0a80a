package wxr

import "fmt"

// Error says what is wrong with a file, on which of its lines, and what to do about it. The caller adds the file's
// name.
type Error struct {
	Line int    // counted from 1
	What string // what is wrong
	Hint string // what to do; may be empty
}

// Error returns the message in one line.
func (e *Error) Error() string {
	if e.Hint == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.What)
	}
	return fmt.Sprintf("line %d: %s. %s", e.Line, e.What, e.Hint)
}

// Note is one thing that was changed, left out or guessed, for the report at the end of an import.
type Note struct {
	Line int    // line of the file that it is about, counted from 1
	Kind string // one of the Note constants
	Text string // a full sentence
}

// The kinds of notes.
const (
	NoteCharacters = "characters" // characters that XML does not allow were replaced
	NoteCDATA      = "cdata"      // a CDATA section held the mark of its own end
	NoteEntity     = "entity"     // an entity that XML does not define was left as it stands
	NoteForm       = "form"       // something stands where WordPress puts nothing
	NoteVersion    = "version"    // the export is of a newer version than is known
	NoteDate       = "date"       // a date was missing, impossible or contradicted another
	NoteHeadline   = "headline"   // the headline was made from the text
	NoteState      = "state"      // the item is not published as it was
	NoteSkipped    = "skipped"    // the item is not imported
	NoteTerm       = "term"       // a taxonomy that is not imported
	NoteAddress    = "address"    // the address is not one of the site's own
	NoteAuthor     = "author"     // the author is not in the file's list
	NotePicture    = "picture"    // a picture is not had
	NoteShortcode  = "shortcode"  // a shortcode's brackets were dropped
	NoteBlock      = "block"      // a block has no counterpart
	NoteBody       = "body"       // something in the text was changed
)
