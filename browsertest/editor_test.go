package browsertest

import "testing"

// TestEveryBlockInABrowser walks through every block and field from the keyboard and finds each on the reader's page, pastes what is hard to
// paste, and writes with an input method, also while suggesting.
func TestEveryBlockInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("editor.mjs", 70, 4)
}
