package browsertest

import "testing"

// TestTheStripsCityInABrowser has a chief name cities and readers choose among them.
func TestTheStripsCityInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("weather.mjs", 9, 10)
}
