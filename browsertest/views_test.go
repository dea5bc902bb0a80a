package browsertest

import "testing"

// TestEveryViewInABrowser opens every view of the newsroom's own list of routes, in both languages and lights, at phone and desk width,
// enlarged, and from the keyboard.
func TestEveryViewInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("views.mjs", 88, 270)
}
