package browsertest

import "testing"

// TestWhatReadersCanTrust reads histories, differences and pages as they stood.
func TestWhatReadersCanTrust(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("truth.mjs", 11, 20)
}
