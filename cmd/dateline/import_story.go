package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/markup"
	"github.com/datelinehq/dateline/wire/wxr"
)

// convertStory makes an item of a story.
func (im *wxrImport) convertStory(ctx context.Context, s *wxr.Story) (desk.Item, pending, error) {
	c := &storyConverter{wxrImport: im, ctx: ctx, story: s}
	c.pending = pending{line: s.Line, page: s.Kind == wxr.KindPage, proposed: !s.Proposed.IsZero(), private: s.Private != "",
		headline: printable(s.Headline, 80)}
	item := desk.Item{
		Source: im.site.Base(), ExternalID: s.ExternalID, Kind: dateline.Kind(s.Kind), Publish: s.State == wxr.StatePublished,
		Address: s.Address, Former: s.Former, Proposed: s.Proposed, Private: s.Private != "",
		Content: dateline.Content{Headline: printable(s.Headline, dateline.MaxHeadline), Standfirst: printable(s.Standfirst, dateline.MaxStandfirst),
			Slug: s.Slug, Language: contentLanguage(s.Language, im.paper)},
	}
	if len(item.Source) > 300 {
		item.Source = item.Source[:300]
	}
	if item.Publish {
		item.First, item.Updated = s.FirstPublished, s.Updated
	}
	if s.Kind == wxr.KindArticle {
		item.Section = named(im.paper, im.placed(s.Section.Slug), printable(s.Section.Name, dateline.MaxName))
		for _, t := range s.Topics {
			item.Topics = append(item.Topics, named(im.paper, t.Slug, printable(t.Name, dateline.MaxName)))
		}
	}
	var names []string
	for _, p := range s.Byline {
		names = append(names, p.Name)
	}
	bylined(&item, im.paper, names)
	err := c.words(&item.Content)
	return item, c.pending, err
}

// storyConverter makes the body and the lead of one story.
type storyConverter struct {
	*wxrImport
	ctx     context.Context
	story   *wxr.Story
	pending pending
	err     error // the newsroom's own
}

func (c *storyConverter) words(content *dateline.Content) error {
	doc, notes := wxr.Body(c.story.Content, wxr.BodyOptions{Base: c.base, Lang: content.Language, Picture: c.picture,
		Attachment: c.attachments.find, Attached: c.attachments.of(c.story.Post)})
	if c.err != nil {
		return c.err
	}
	for _, n := range notes {
		if strings.HasPrefix(n.What, "picture that is not known") {
			continue // each is in the report already
		}
		c.pending.notes = append(c.pending.notes, importLine{Line: c.story.Line, Kind: wxr.NoteBody, Text: fmt.Sprintf("%s (%d×)", n.What, n.Count)})
	}
	if id := c.story.LeadAttachment; id != 0 {
		if err := c.lead(content, &doc, id); err != nil {
			return err
		}
	}
	var err error
	content.Body, err = bodyJSON(doc)
	return err
}

// picture finds a picture of the text.
func (c *storyConverter) picture(attachment int64, src, _ string) (string, bool) {
	if c.err != nil {
		return "", false
	}
	file, addresses := "", []string{}
	if a, ok := c.attachments.find(attachment); ok {
		file = a.File
		addresses = append(addresses, a.URL)
	}
	if src != "" && !slices.Contains(addresses, src) {
		addresses = append(addresses, src)
	}
	found, err := c.pictures.find(c.ctx, file, addresses...)
	if err != nil {
		c.err = err
		return "", false
	}
	if found.id == "" {
		c.miss(src, attachment, found.why)
	}
	return string(found.id), found.id != ""
}

func (c *storyConverter) miss(src string, attachment int64, why string) {
	if src == "" {
		src = fmt.Sprintf("attachment %d", attachment)
	}
	c.pending.missing = append(c.pending.missing, importLine{Line: c.story.Line, Kind: wxr.NotePicture, Text: src + ": " + why})
}

// lead sets the lead picture or, where it is not had, puts its words with a link at the head of the text.
func (c *storyConverter) lead(content *dateline.Content, doc *markup.Node, id int64) error {
	a, ok := c.attachments.find(id)
	if !ok {
		c.miss("", id, "the lead picture is not in the export")
		return nil
	}
	found, err := c.pictures.find(c.ctx, a.File, a.URL)
	if err != nil {
		return err
	}
	alt := printable(firstOf(a.Alt, a.Caption, a.Title, content.Headline), dateline.MaxCaption)
	caption := printable(a.Caption, dateline.MaxCaption)
	if found.id != "" {
		content.Lead = &dateline.Lead{Picture: found.id, Alt: alt, Caption: caption}
		return nil
	}
	c.miss(a.URL, id, found.why)
	words := printable(firstOf(a.Caption, a.Alt, a.Title, "Picture"), dateline.MaxCaption)
	if link, ok := plainLink(words, a.URL); ok {
		doc.Type = markup.TypeDoc
		doc.Content = slices.Insert(doc.Content, 0, link)
	}
	return nil
}

// plainLink is a paragraph of words that are a link; it is false where the address cannot be one.
func plainLink(words, address string) (markup.Node, bool) {
	p := markup.Node{Type: markup.TypeParagraph, Content: []markup.Node{{Type: markup.TypeText, Text: words,
		Marks: []markup.Mark{{Type: markup.MarkLink, Attrs: &markup.Attrs{Href: address}}}}}}
	return p, markup.Validate(markup.Node{Type: markup.TypeDoc, Content: []markup.Node{p}}) == nil
}

func firstOf(words ...string) string {
	for _, w := range words {
		if strings.TrimSpace(w) != "" {
			return w
		}
	}
	return ""
}

// placed is the paper's section for one of the export's.
func (im *wxrImport) placed(slug string) string {
	if to, ok := im.sections[slug]; ok {
		return to
	}
	return slug
}

// placeSections sees to it that the paper has every section of the export before its pages come, because both share one
// name space and articles without a section cannot be. A section whose name is taken gets another slug.
func (im *wxrImport) placeSections(ctx context.Context, wanted map[string]string) error {
	for _, slug := range slices.Sorted(maps.Keys(wanted)) {
		for _, try := range []string{slug, slug + "-section", slug + "-articles"} {
			ok, err := im.placeSection(ctx, try, wanted[slug])
			if err != nil {
				return err
			}
			if ok {
				im.sections[slug] = try
				break
			}
		}
		if to := im.placed(slug); to != slug {
			im.report.note(importLine{Kind: wxr.NoteTerm, Text: fmt.Sprintf("The section %q is called %q in addresses, because its name is taken.", slug, to)})
		}
	}
	return nil
}

func (im *wxrImport) placeSection(ctx context.Context, slug, name string) (bool, error) {
	err := im.room.desk.View(ctx, func(tx desk.Tx) error {
		_, err := tx.Sections().FindBySlug(slug)
		return err
	})
	if dateline.ErrorCode(err) != dateline.ENotFound {
		return err == nil, err
	}
	n := named(im.paper, slug, printable(name, dateline.MaxName))
	_, err = im.room.desk.CreateSection(ctx, local, dateline.Section{Slug: n.Slug, Names: n.Names})
	switch dateline.ErrorCode(err) {
	case dateline.EConflict, dateline.EInvalid:
		return false, nil
	}
	return err == nil, err
}
