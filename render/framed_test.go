package render

import (
	"strings"
	"testing"

	"github.com/datelinehq/dateline/markup"
)

// TestFramed: a body names the origins of its own embeds, each once, and its page carries one script; a body without embeds names none.
func TestFramed(t *testing.T) {
	embed := func(provider, address string) markup.Node {
		return node(markup.TypeEmbed, &markup.Attrs{Provider: provider, URL: address})
	}
	o := BodyOptions{Language: "en", Publication: "en"}
	if got := FramedOrigins(Body(doc(embed("vimeo", "https://vimeo.com/somebody")), o)); len(got) > 0 {
		t.Errorf("nothing can be shown in the page, and %q are named", got)
	}
	body := Body(doc(embed("youtube", "https://youtu.be/a"), embed("vimeo", "https://vimeo.com/1"), embed("youtube", "https://youtu.be/b")), o)
	if got := strings.Join(FramedOrigins(body), " "); got != "https://player.vimeo.com https://www.youtube-nocookie.com" {
		t.Errorf("the origins are %q", got)
	}
	p := sampleArticle(t, "en")
	p.Body = body
	page := string(New(Options{}).Article(p))
	if n := strings.Count(page, "<script defer"); n != 1 {
		t.Errorf("%d scripts are loaded by the page", n)
	}
	p.Frame.Private = true
	if strings.Contains(string(New(Options{}).Article(p)), "<script defer") {
		t.Error("a preview carries the script, which its policy does not allow")
	}
}
