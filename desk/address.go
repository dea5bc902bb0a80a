package desk

import (
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/datelinehq/dateline"
)

// Slug makes a slug of words: composed (NFC), in lower case, letters, marks and digits of every script, everything else a
// hyphen, at most 80 code points and cut between words where that keeps half of them. It is empty where the words hold
// nothing that a slug may.
func Slug(words string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFC.String(strings.ToLower(strings.ToValidUTF8(words, " "))) {
		switch {
		case r == '\'' || r == '’' || r == 'ʼ':
			continue // an apostrophe stands inside a word
		case !dateline.SlugRune(r):
			gap = true
			continue
		case gap && b.Len() > 0:
			b.WriteByte('-')
		}
		gap = false
		b.WriteRune(r)
	}
	return trimSlug(b.String(), dateline.MaxSlug)
}

// trimSlug cuts a slug to a number of code points.
func trimSlug(slug string, limit int) string {
	runes := []rune(strings.Trim(slug, "-"))
	if len(runes) <= limit {
		return string(runes)
	}
	cut := limit
	for cut > 0 && unicode.IsMark(runes[cut]) {
		cut-- // a letter keeps its marks
	}
	short := string(runes[:cut])
	if i := strings.LastIndexByte(short, '-'); i > len(short)/2 && runes[cut] != '-' {
		short = short[:i]
	}
	return strings.Trim(short, "-")
}

// numbered is the n-th slug of the same words.
func numbered(slug string, n int) string {
	if n == 1 {
		return slug
	}
	end := "-" + strconv.Itoa(n)
	return trimSlug(slug, dateline.MaxSlug-len(end)) + end
}

// wish is the slug that content asks for.
func wish(c *dateline.Content, id dateline.ID) string {
	if c.Slug != "" {
		return norm.NFC.String(c.Slug)
	}
	if s := Slug(c.Headline); s != "" {
		return s
	}
	return string(id[len(id)-12:]) // a headline of signs only
}

// maxNumbered is how many articles of one day and section may share their words before ids tell them apart: an import of
// thousands with one headline is not to try thousands of numbers for each.
const maxNumbered = 99

// address finds the address that an article would have if it were first published at an instant. Nothing is reserved.
func (t *turn) address(a *dateline.Article, c *dateline.Content, first time.Time) (string, error) {
	base := func(slug string) (string, error) { return "/" + slug, nil }
	if a.Kind != dateline.KindPage {
		section, err := t.sectionSlug(c.Section)
		if err != nil {
			return "", err
		}
		zone, err := t.zone()
		if err != nil {
			return "", err
		}
		base = func(slug string) (string, error) {
			return dateline.ArticleAddress(section, slug, first, zone), nil
		}
	}
	slug := wish(c, a.ID)
	if a.Kind == dateline.KindPage && dateline.Reserved(slug) {
		return "", dateline.Errorf(dateline.EInvalid, "a page cannot be called %q: it is one of the site's own addresses or looks like a year", slug)
	}
	for n := 1; ; n++ {
		name := numbered(slug, n)
		if n > maxNumbered {
			name = trimSlug(slug, dateline.MaxSlug-13) + "-" + string(a.ID[len(a.ID)-12:])
		}
		address, err := base(name)
		if err != nil {
			return "", err
		}
		free, err := t.free(address, a.ID)
		if err != nil || free {
			return address, err
		}
	}
}

// sectionSlug is a section's slug, which never changes.
func (t *turn) sectionSlug(id dateline.ID) (string, error) {
	if t.met != nil && t.met.slugs[id] != "" {
		return t.met.slugs[id], nil
	}
	s, err := t.Sections().Find(id)
	if err != nil {
		return "", err
	}
	if t.met != nil {
		t.met.slugs[id] = s.Slug
	}
	return s.Slug, nil
}

// twins are the forms of one address that no two owners may share: /about and /about/ are one name.
func twins(address string) []string {
	if strings.Contains(address, "?") || address == "/" {
		return []string{address}
	}
	if bare, ok := strings.CutSuffix(address, "/"); ok {
		return []string{address, bare}
	}
	return []string{address, address + "/"}
}

// free says whether an address may be given to an article: nobody has it in any of its forms, or the article itself.
func (t *turn) free(address string, article dateline.ID) (bool, error) {
	for _, form := range twins(address) {
		owner, err := t.FindOwner(form)
		if absent(err) {
			continue
		}
		if err != nil {
			return false, err
		}
		if owner != (Owner{OwnerArticle, article}) {
			return false, nil
		}
	}
	return true, nil
}

// claim gives an address to its owner, in the form it is written in; other forms are kept from others by free.
func (t *turn) claim(address string, owner Owner) error {
	for _, form := range twins(address)[1:] {
		if has, err := t.FindOwner(form); err == nil && has != owner {
			return dateline.Errorf(dateline.EConflict, "the address %s belongs to another %s; an address is never used again", form, has.Kind)
		} else if err != nil && !absent(err) {
			return err
		}
	}
	return t.ClaimAddress(address, owner)
}

func isYear(part string) bool { return len(part) == 4 && isDigits(part) }

// isDay says whether the parts of an address that begins with a year are those of an archive: a year, month or day.
// Others' addresses, such as /2014/06/bridge-opens/, are no archive's.
func isDay(parts []string) bool {
	for _, part := range parts[1:] {
		if len(part) != 2 || !isDigits(part) {
			return false
		}
	}
	return len(parts) <= 3
}

func isDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// below are the ends of addresses under which the site keeps something else of an article or list.
var below = []string{"history", "proof", "rss.xml", "atom.xml", "feed.json"}

// checkFree refuses an address that the site answers itself.
func checkFree(address string) error {
	if err := dateline.ValidAddress(address); err != nil {
		return err
	}
	path, query, _ := strings.Cut(address, "?")
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if path == "/" && query == "" {
		return dateline.Errorf(dateline.EInvalid, "the address / is the paper's home")
	}
	if path == "/" {
		return nil
	}
	if dateline.Reserved(parts[0]) && (!isYear(parts[0]) || isDay(parts)) {
		return dateline.Errorf(dateline.EInvalid, "the site answers addresses under /%s itself; choose another", parts[0])
	}
	for _, name := range below {
		if parts[len(parts)-1] == name || len(parts) > 1 && parts[len(parts)-2] == "history" {
			return dateline.Errorf(dateline.EInvalid, "an address that ends in /%s is the site's own; choose another", name)
		}
	}
	return nil
}
