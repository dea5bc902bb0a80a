package browsertest

import "testing"

// TestAWholeDayInABrowser does what a newsroom does in a day, checks, schedule, correction and withdrawal among it, and looks
// at the views in Hindi.
func TestAWholeDayInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("day.mjs", 35, 50)
}
