package site

import (
	"context"
	"strings"

	"github.com/datelinehq/dateline/feed"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site/press"
)

// Where browsers learn how the paper is searched, and what they ask while somebody types in their own field. No page has a script
// for it.
const (
	searchDescription = "/opensearch.xml"
	suggestionsPath   = "/search/suggestions"
)

// searchSuggestions is how many questions are offered to who is typing one.
const searchSuggestions = 8

func (s *Site) openSearch(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		pub := v.paper.pub
		return v.data(feed.SearchType, feed.SearchDescription(pub.Name, pub.Language, v.absolute(render.FaviconAddress),
			v.absolute("/search?q="), v.absolute(suggestionsPath+"?q="))), nil
	})
}

// suggestions completes the last word of a question by words of the archive, those of the most articles first.
func (s *Site) suggestions(ctx context.Context, a *ask) (*press.Entry, error) {
	k := questionOf(a.Query)
	return s.once(ctx, func(v *view) (*press.Page, error) {
		var list []string
		if last, before, ok := k.lastWord(); ok && !strings.HasSuffix(a.Query.Words, " ") {
			words, err := v.tx.Suggest(last, searchSuggestions)
			if err != nil {
				return nil, err
			}
			for _, w := range words {
				list = append(list, strings.Join(append(before[:len(before):len(before)], w), " "))
			}
		}
		page := v.data(feed.SuggestionsType, feed.Suggestions(k.words, list))
		page.Class = press.Unkept
		return page, nil
	})
}
