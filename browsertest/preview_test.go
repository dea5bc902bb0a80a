package browsertest

import "testing"

// TestPreviewsInABrowser: private links, locks, moved addresses, and every view at 200 % zoom.
func TestPreviewsInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("preview.mjs", 48, 32)
}
