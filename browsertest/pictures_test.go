package browsertest

import "testing"

// TestPicturesInABrowser brings pictures in by every way and over a connection that breaks, frames one, publishes, looks as a reader does,
// and compares what was.
func TestPicturesInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("pictures.mjs", 33, 12)
}
