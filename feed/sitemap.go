package feed

import (
	"time"

	"github.com/datelinehq/dateline"
)

// Limits of the sitemap protocol and of the news sitemap.
const (
	MaxSitemap = 50_000
	MaxNews    = 1_000
)

// SitemapFile is one line of the index.
type SitemapFile struct {
	Address  string // absolute
	Modified time.Time
}

// SitemapRow is one address of a sitemap. A row without an article (a section, the home page) carries no mark.
type SitemapRow struct {
	Article  dateline.ID
	Edition  int
	Address  string    // absolute
	Modified time.Time // left out where it is zero
}

// NewsRow is an article of the news sitemap.
type NewsRow struct {
	Article  dateline.ID
	Edition  int
	Address  string
	Headline string
	Language string
	First    time.Time
}

const sitemapNamespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// SitemapIndex writes the list of a site's sitemap files.
func SitemapIndex(files []SitemapFile) []byte {
	s := sink{b: make([]byte, 0, 256+160*len(files))}
	s.raw(declaration, `<sitemapindex xmlns="`, sitemapNamespace, `">`, "\n")
	for _, f := range files {
		s.raw(" <sitemap>\n")
		s.tag("  ", "loc", f.Address)
		if !f.Modified.IsZero() {
			s.tag("  ", "lastmod", stamp(f.Modified))
		}
		s.raw(" </sitemap>\n")
	}
	s.raw("</sitemapindex>\n")
	return s.b
}

// Sitemap writes one file of addresses, MaxSitemap at most.
func Sitemap(rows []SitemapRow) []byte {
	s := sink{b: make([]byte, 0, 256+240*len(rows))}
	s.raw(declaration, `<urlset xmlns="`, sitemapNamespace, `">`, "\n")
	for _, r := range rows[:min(len(rows), MaxSitemap)] {
		s.raw(" <url>")
		if r.Article != "" {
			s.raw(Mark(r.Article, r.Edition))
		}
		s.raw("\n")
		s.tag("  ", "loc", r.Address)
		if !r.Modified.IsZero() {
			s.tag("  ", "lastmod", stamp(r.Modified))
		}
		s.raw(" </url>\n")
	}
	s.raw("</urlset>\n")
	return s.b
}

// News writes the news sitemap of a paper, MaxNews rows at most.
func News(paper string, rows []NewsRow) []byte {
	s := sink{b: make([]byte, 0, 256+480*len(rows))}
	s.raw(declaration, `<urlset xmlns="`, sitemapNamespace, `" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">`, "\n")
	for _, r := range rows[:min(len(rows), MaxNews)] {
		s.raw(" <url>", Mark(r.Article, r.Edition), "\n")
		s.tag("  ", "loc", r.Address)
		s.raw("  <news:news>\n   <news:publication>\n")
		s.tag("    ", "news:name", paper)
		s.tag("    ", "news:language", newsLanguage(r.Language))
		s.raw("   </news:publication>\n")
		s.tag("   ", "news:publication_date", stamp(r.First))
		s.tag("   ", "news:title", orBlank(r.Headline))
		s.raw("  </news:news>\n </url>\n")
	}
	s.raw("</urlset>\n")
	return s.b
}

// newsLanguage is the language's two or three letters, but for Chinese, where the protocol wants the place too.
func newsLanguage(tag string) string {
	switch tag {
	case "zh-CN", "zh-Hans", "zh-Hans-CN", "zh":
		return "zh-cn"
	case "zh-TW", "zh-Hant", "zh-Hant-TW":
		return "zh-tw"
	}
	for i := range len(tag) {
		if tag[i] == '-' {
			return tag[:i]
		}
	}
	return tag
}
