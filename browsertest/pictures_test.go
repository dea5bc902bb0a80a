package browsertest

import "testing"

// TestPicturesInABrowser brings pictures in over a connection that breaks, frames one, publishes, and looks as a reader does.
func TestPicturesInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("pictures.mjs", 14, 4)
}
