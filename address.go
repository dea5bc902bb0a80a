package dateline

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// reserved are the first parts of the site's fixed addresses: no section or page may be called so.
var reserved = []string{"topics", "people", "stories", "archive", "search", "corrections", "history", "proof",
	"record", "assets", "pictures", "live", "as-of", "api", "rss.xml", "atom.xml", "sitemap.xml", "sitemaps", "sitemap-news.xml",
	"robots.txt", "opensearch.xml", "favicon.ico", "forecast", "feeds", "page", "feed.json", "opml.xml", ".well-known"}

// Reserved says whether a slug may not name a section or a page: the site's fixed routes, and whatever looks like a year.
func Reserved(slug string) bool {
	for _, r := range reserved {
		if r == slug {
			return true
		}
	}
	if len(slug) != 4 {
		return false
	}
	for _, r := range slug {
		if r < '0' || r > '9' {
			return false
		}
	}
	return true
}

// ValidSlug refuses a slug that cannot stand in an address: letters and digits of every script (in NFC, lower case where
// there is one) with their marks, parted by single hyphens, at most 80 code points.
func ValidSlug(s string) error {
	if s == "" || utf8.RuneCountInString(s) > MaxSlug {
		return Errorf(EInvalid, "a slug has 1 to %d characters", MaxSlug)
	}
	last := '-'
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !validAt(s, i):
			return Errorf(EInvalid, "byte %d of the slug is not UTF-8", i)
		case r == '-' && last == '-':
			return Errorf(EInvalid, "a slug neither begins with a hyphen nor has two in a row")
		case r != '-' && !SlugRune(r):
			return Errorf(EInvalid, "%q cannot stand in a slug: use letters, digits and hyphens", r)
		}
		last = r
	}
	if last == '-' {
		return Errorf(EInvalid, "a slug does not end with a hyphen")
	}
	return nil
}

// SlugRune says whether a slug may hold r: a digit, a mark, a letter that is lower case or has no case, or one of the
// two joiners that Indic scripts and Persian need inside words.
func SlugRune(r rune) bool {
	if r == 0x200C || r == 0x200D {
		return true
	}
	return (unicode.IsLetter(r) && unicode.ToLower(r) == r) || unicode.IsMark(r) || unicode.IsDigit(r)
}

// ArticleAddress is the address of an article first published at an instant: /{section}/{yyyy}/{mm}/{dd}/{slug}, the day
// being that of the publication's zone.
func ArticleAddress(section, slug string, first time.Time, zone *time.Location) string {
	y, m, d := first.In(zone).Date()
	return fmt.Sprintf("/%s/%04d/%02d/%02d/%s", section, y, int(m), d, slug)
}

// DayAddress is the address of a day's archive in the publication's zone.
func DayAddress(at time.Time, zone *time.Location) string {
	y, m, d := at.In(zone).Date()
	return fmt.Sprintf("/%04d/%02d/%02d/", y, int(m), d)
}

// ValidAddress refuses what cannot be an address on the site: it begins with one slash, holds no control characters,
// backslashes, spaces or dot segments, no fragment, and at most 2,000 bytes. It may hold a query, as imported ones do.
func ValidAddress(a string) error {
	if len(a) > 2000 {
		return Errorf(EInvalid, "the address has %d bytes; 2000 at most", len(a))
	}
	if !strings.HasPrefix(a, "/") || strings.HasPrefix(a, "//") {
		return Errorf(EInvalid, "an address begins with one slash")
	}
	if err := PlainText(a); err != nil {
		return err
	}
	path, _, _ := strings.Cut(a, "?")
	for _, part := range strings.Split(path, "/") {
		if part == "." || part == ".." {
			return Errorf(EInvalid, "an address holds no %q", part)
		}
	}
	for i, r := range a {
		if unicode.IsSpace(r) || strings.ContainsRune("\\#<>\"{}|^`", r) {
			return Errorf(EInvalid, "byte %d of the address cannot stand there", i)
		}
	}
	return nil
}
