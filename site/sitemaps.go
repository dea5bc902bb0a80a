package site

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/feed"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// sitemapSections is the file of the addresses that are no articles.
const sitemapSections = "sections.xml"

// sitemapIndex lists a file for every month with articles or pages, and one for home and sections.
func (s *Site) sitemapIndex(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		v.on(shelf.KeySitemaps)
		months, err := v.tx.SitemapMonths()
		if err != nil {
			return nil, err
		}
		files := []feed.SitemapFile{{Address: v.absolute("/sitemaps/" + sitemapSections)}}
		for _, m := range months {
			for part := range parts(m.Count) {
				files = append(files, feed.SitemapFile{Address: v.absolute("/sitemaps/" + sitemapFile(m.Month, part)), Modified: m.Modified})
			}
		}
		page := v.data(sitemapType, feed.SitemapIndex(files))
		page.Modified, err = v.modified()
		return page, err
	})
}

// sitemapMost is how many articles stand in a file of a month. An act ages all files of its month, but waits for only one, which its receipt
// asks for: of a large archive's month the whole would take longer than all the rest of the act. The others are made when they are asked for.
// They count from the newest article, so that a new one pushes one out of each into the next, and an export writes all of the month.
const sitemapMost = 500

// parts is how many files a month of so many articles takes.
func parts(count int) int { return max(1, (count+sitemapMost-1)/sitemapMost) }

// sitemapFile names a month's file; all but the newest of a month stand in further parts.
func sitemapFile(month shelf.Day, part int) string {
	if part == 0 {
		return fmt.Sprintf("%04d-%02d.xml", month.Year, int(month.Month))
	}
	return fmt.Sprintf("%04d-%02d-%d.xml", month.Year, int(month.Month), part+1)
}

// parseSitemapFile reads what sitemapFile writes.
func parseSitemapFile(name string) (month shelf.Day, part int, ok bool) {
	name, ok = strings.CutSuffix(name, ".xml")
	fields := strings.Split(name, "-")
	if !ok || len(fields) < 2 || len(fields) > 3 || len(fields[0]) != 4 || len(fields[1]) != 2 || !digits(fields[0]) || !digits(fields[1]) {
		return month, 0, false
	}
	if month, ok = dateOf(fields[:2]); !ok {
		return month, 0, false
	}
	if len(fields) == 3 {
		n, ok := number(fields[2])
		if !ok || n < 2 {
			return month, 0, false
		}
		part = n - 1
	}
	return month, part, true
}

func (s *Site) sitemap(ctx context.Context, a *ask) (*press.Entry, error) {
	if a.params[0] == sitemapSections {
		return s.page(ctx, a.Path, (*view).sectionsMap)
	}
	month, part, ok := parseSitemapFile(a.params[0])
	if !ok {
		return nil, press.ErrNotFound
	}
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		v.on(shelf.KeySitemap(month))
		rows, err := v.sitemapRows(month, part)
		if err != nil {
			return nil, err
		}
		if len(rows) == 0 {
			return nil, press.ErrNotFound
		}
		page := v.data(sitemapType, feed.Sitemap(rows))
		page.Modified, err = v.modified()
		return page, err
	})
}

// sitemapRows reads one part of a month. An act on any of its articles changes the month's own key, so the articles' are
// not noted one by one.
func (v *view) sitemapRows(month shelf.Day, part int) ([]feed.SitemapRow, error) {
	listed, err := v.tx.Sitemap(month, part*sitemapMost, sitemapMost)
	if err != nil {
		return nil, err
	}
	out := make([]feed.SitemapRow, len(listed))
	for i, l := range listed {
		out[i] = feed.SitemapRow{Article: l.ID, Edition: l.Edition, Address: v.absolute(l.Address), Modified: l.Modified}
		if l.Kind != dateline.KindLive {
			continue
		}
		live, err := v.tx.Live(l.ID)
		if err != nil {
			return nil, err
		}
		if live.Touched.After(l.Modified) {
			out[i].Modified = live.Touched
		}
	}
	return out, nil
}

func (v *view) sectionsMap() (*press.Page, error) {
	rows := []feed.SitemapRow{{Address: v.absolute("/")}}
	for i := range v.paper.sections {
		if sec := &v.paper.sections[i]; v.paper.shown[sec.ID] {
			rows = append(rows, feed.SitemapRow{Address: v.absolute(sectionAddress(sec.Slug))})
		}
	}
	v.on(shelf.KeyStories)
	stories, err := v.tx.Stories(feed.MaxSitemap - len(rows))
	if err != nil {
		return nil, err
	}
	for i := range stories {
		v.on(shelf.KeyStory(stories[i].ID))
		rows = append(rows, feed.SitemapRow{Address: v.absolute(storyAddress(stories[i].Slug)), Modified: stories[i].At})
	}
	page := v.data(sitemapType, feed.Sitemap(rows))
	page.Modified, err = v.modified()
	return page, err
}

// news is the news sitemap: the articles of today and yesterday in the paper's zone. It changes at midnight.
func (s *Site) news(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		v.on(shelf.KeyNews)
		cards, err := v.newsCards()
		if err != nil {
			return nil, err
		}
		rows := make([]feed.NewsRow, len(cards))
		for i := range cards {
			c := &cards[i]
			v.on(shelf.KeyCard(c.ID))
			rows[i] = feed.NewsRow{Article: c.ID, Edition: c.Edition, Address: v.absolute(c.Address), Headline: c.Headline, Language: c.Language, First: c.First}
		}
		page := v.data(sitemapType, feed.News(v.paper.pub.Name, rows))
		page.Visit = press.VisitDay
		if page.Modified, err = v.modified(); err == nil && !page.Modified.IsZero() {
			if midnight := shelf.DayOf(v.now, v.paper.pub.Zone).Start(v.paper.pub.Zone); midnight.After(page.Modified) {
				page.Modified = midnight
			}
		}
		return page, err
	})
}

// newsCards are the articles that the news sitemap holds today. It is asked as of the end of the local day, so that it
// changes with the furniture and not from minute to minute: what is in it at midnight stays in it until the next.
func (v *view) newsCards() ([]shelf.Card, error) {
	return v.tx.News(v.newsEnd(), feed.MaxNews)
}

func (v *view) newsEnd() time.Time {
	return v.today().Next().Start(v.paper.pub.Zone)
}

func (s *Site) robots(ctx context.Context, a *ask) (*press.Entry, error) {
	return s.page(ctx, a.Path, func(v *view) (*press.Page, error) {
		body := "User-agent: *\nDisallow: /search\nDisallow: /as-of$\nDisallow: /as-of?\nDisallow: /as-of/\n\nSitemap: " + v.absolute("/sitemap.xml") + "\nSitemap: " + v.absolute("/sitemap-news.xml") + "\n"
		return v.data("text/plain; charset=utf-8", []byte(body)), nil
	})
}
