package browsertest

import "testing"

// TestArrangingAFront arranges home as editors do, by keyboard and by dragging, and reads it as readers do.
func TestArrangingAFront(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("fronts.mjs", 24, 28)
}
