package browsertest

import "testing"

// TestAnArticleIsCheckedInABrowser checks an article against the record, truly and against answers that were tampered with on their way.
func TestAnArticleIsCheckedInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("verify.mjs", 50, 28)
}
