package render

import (
	"strings"
	"testing"

	"github.com/datelinehq/dateline/markup"
)

// TestFramePolicy: a page allows the frames of its own embeds, each origin once, and one script; a page without embeds allows neither.
func TestFramePolicy(t *testing.T) {
	embed := func(provider, address string) markup.Node {
		return node(markup.TypeEmbed, &markup.Attrs{Provider: provider, URL: address})
	}
	o := BodyOptions{Language: "en", Publication: "en"}
	if got := FramePolicy(Body(doc(embed("vimeo", "https://vimeo.com/somebody")), o)); got != "" {
		t.Errorf("nothing can be shown in the page, and its policy allows%s", got)
	}
	body := Body(doc(embed("youtube", "https://youtu.be/a"), embed("vimeo", "https://vimeo.com/1"), embed("youtube", "https://youtu.be/b")), o)
	want := "; script-src " + sourceOf(framing) + "; frame-src https://player.vimeo.com https://www.youtube-nocookie.com"
	if got := FramePolicy(body); got != want {
		t.Errorf("the policy is %q, want %q", got, want)
	}
	p := sampleArticle(t, "en")
	p.Body = body
	page := string(New(Options{}).Article(p))
	if n := strings.Count(page, "<script>"); n != 1 || !strings.Contains(page, "<script>"+framing+"</script>") {
		t.Errorf("%d scripts stand in the page", n)
	}
	p.Frame.Private = true
	if strings.Contains(string(New(Options{}).Article(p)), "<script>") {
		t.Error("a preview carries the script, which its policy does not allow")
	}
}
