package main

import (
	"fmt"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// TestAStoryIsProposedFromATopic: an import's tags, and categories that are no section, become a draft story with dates and parties to
// confirm, of which readers have nothing.
func TestAStoryIsProposedFromATopic(t *testing.T) {
	r := importRoom(t)
	items := ""
	for n := 1; n <= 3; n++ {
		text := "<p>They met again.</p>"
		if n == 2 {
			text = "<p>Nothing was said.</p><p>The islands vote in the second week of July 2014. Last met: 4 July 2013.</p><p>The order lapses in autumn 2015.</p>"
		}
		items += exportedPost(n, fmt.Sprintf(`<category domain="post_tag" nicename="talks">Talks</category><category domain="post_tag" nicename="islands-council">Islands Council</category><category domain="category" nicename="disputes">Disputes</category><content:encoded><![CDATA[%s]]></content:encoded>`, text))
	}
	if _, err := importWXR(t.Context(), r, wxrArgs{File: writeExport(t, items)}, quiet); err != nil {
		t.Fatal(err)
	}
	var council *dateline.Topic
	if err := r.desk.View(t.Context(), func(tx desk.Tx) (err error) {
		council, err = tx.Topics().FindBySlug("islands-council")
		return err
	}); err != nil {
		t.Fatal(err)
	}
	council.Kind = dateline.TopicOrganisation
	if _, err := r.desk.UpdateTopic(t.Context(), local, *council); err != nil {
		t.Fatal(err)
	}
	head, _ := r.desk.Head(t.Context())
	out, err := storyFromTopic(t.Context(), r, fromTopicArgs{Topic: "talks", Name: "The talks"}, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if out.Articles != 3 || out.Parties != 1 || out.Dates != 2 || out.Slug != "the-talks" {
		t.Errorf("proposed %+v", out)
	}
	s, err := r.desk.FindStory(t.Context(), local, out.ID)
	if err != nil {
		t.Fatal(err)
	}
	if s.Readers != dateline.Unpublished || s.Content.Parties[0].Topic != council.ID || len(s.Content.Statuses) != 0 {
		t.Errorf("the story is %+v", s)
	}
	for i, want := range []struct {
		when      dateline.When
		paragraph int
	}{{"2014-07-W2", 2}, {"2015-23", 3}} {
		if e := s.Content.Events[i]; e.When != want.when || e.Source.Paragraph != want.paragraph || e.Source.Article == "" {
			t.Errorf("date %d is %+v, want %+v", i, e, want)
		}
	}
	if of, err := storyFromTopic(t.Context(), r, fromTopicArgs{Topic: "disputes"}, quiet); err != nil || of.Articles != 3 || of.Name != "Disputes" || of.Dates != 2 {
		t.Errorf("of a category came %+v, %v", of, err)
	}
	if now, _ := r.desk.Head(t.Context()); now != head {
		t.Error("a proposal came into the record")
	}
	if _, err := storyFromTopic(t.Context(), r, fromTopicArgs{Topic: "nothing"}, quiet); dateline.ErrorCode(err) != dateline.ENotFound {
		t.Errorf("an unknown topic: %v", err)
	}
	if _, err := r.desk.PublishStory(t.Context(), local, desk.Target{ID: s.ID, Version: s.Version}, "", ""); dateline.ErrorCode(err) != dateline.EInvalid {
		t.Errorf("a proposal goes out before anybody said where it stands: %v", err)
	}
}
