package browsertest

import "testing"

// TestACoverageInTwoBrowsers covers something live with two editors at once, one of them at a phone, and reads it through a lost
// connection, a killed server and a stream that is not to be had.
func TestACoverageInTwoBrowsers(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("live.mjs", 40, 20)
}
