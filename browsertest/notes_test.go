package browsertest

import "testing"

// TestNotesAndSuggestionsInABrowser: two editors work on one text with notes and suggestions, of which readers never see a trace.
func TestNotesAndSuggestionsInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("notes.mjs", 18, 8)
}
