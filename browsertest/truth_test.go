package browsertest

import "testing"

// TestWhatReadersCanTrust reads histories, differences and pages as they stood, and has words and a person go for good.
func TestWhatReadersCanTrust(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("truth.mjs", 51, 68)
}
