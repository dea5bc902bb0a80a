package browsertest

import "testing"

// TestARunningStoryInABrowser makes a story, lets an article join it, changes its status, and reads it as somebody who comes back.
func TestARunningStoryInABrowser(t *testing.T) {
	needsBrowser(t)
	newPaper(t).work("stories.mjs", 30, 50)
}
