package export

import (
	"bytes"
	"html"
	"net/url"
	"slices"
	"strings"
)

// named are the attributes whose values are addresses of this site, where they begin as such.
var named = [][]byte{[]byte("href"), []byte("src"), []byte("content")}

// linksOf appends what a page names of its own site: where its links lead, its pictures in each width, and what it tells machines of.
// The pages are the site's own, whose attributes stand in double quotes.
func linksOf(into []string, page []byte, origin string) []string {
	for at := bytes.Index(page, []byte(`="`)); at >= 0; {
		name := page[bytes.LastIndexAny(page[:at], " \n")+1 : at]
		rest := page[at+2:]
		end := bytes.IndexByte(rest, '"')
		if end < 0 {
			break
		}
		value := rest[:end]
		switch {
		case string(name) == "srcset":
			for source := range bytes.SplitSeq(value, []byte(", ")) {
				address, _, _ := bytes.Cut(source, []byte(" "))
				into = appendOwn(into, address, origin)
			}
		case slices.ContainsFunc(named, func(n []byte) bool { return bytes.Equal(n, name) }):
			into = appendOwn(into, value, origin)
		}
		next := bytes.Index(rest[end:], []byte(`="`))
		if next < 0 {
			break
		}
		at += 2 + end + next
	}
	into = addressesIn(into, page, "url(/", ")")        // what styles name
	return addressesIn(into, page, `"`+origin+"/", `"`) // what stands in data blocks
}

// locsOf appends what a sitemap lists.
func locsOf(into []string, sitemap []byte, origin string) []string {
	return addressesIn(into, sitemap, "<loc>"+origin+"/", "<")
}

// addressesIn appends every path that stands between an opening, which ends in the origin and a slash, and an end.
func addressesIn(into []string, text []byte, open, end string) []string {
	for {
		at := bytes.Index(text, []byte(open))
		if at < 0 {
			return into
		}
		text = text[at+len(open)-1:]
		to := bytes.IndexByte(text, end[0])
		if to < 0 {
			return into
		}
		into = append(into, html.UnescapeString(string(text[:to])))
		text = text[to:]
	}
}

// appendOwn appends the path of an address, if it is of this site.
func appendOwn(into []string, address []byte, origin string) []string {
	if path, ok := bytes.CutPrefix(address, []byte(origin)); ok {
		address = path
	}
	if len(address) == 0 || address[0] != '/' || bytes.HasPrefix(address, []byte("//")) {
		return into
	}
	return append(into, html.UnescapeString(string(address)))
}

// pathOf is a link within the site without what follows a #, as the link spells it: imported addresses are looked up so.
func pathOf(link string) string {
	link, _, _ = strings.Cut(link, "#")
	return link
}

// isPath says whether what pathOf gives is a path that a server of files can look up: it has no query, which none looks at.
func isPath(link string) bool {
	_, err := url.PathUnescape(link)
	return err == nil && strings.HasPrefix(link, "/") && !strings.Contains(link, "?")
}

// decoded is a path without its escapes; "" where they are none.
func decoded(path string) string {
	plain, _ := url.PathUnescape(path)
	return plain
}

// leadTo is a page that leads elsewhere at once, for servers that cannot redirect.
func leadTo(location, origin string) []byte {
	to := html.EscapeString(location)
	whole := to
	if strings.HasPrefix(location, "/") {
		whole = html.EscapeString(origin) + to
	}
	return []byte("<!doctype html>\n<meta charset=\"utf-8\">\n<title>" + to + "</title>\n<link rel=\"canonical\" href=\"" + whole +
		"\">\n<meta http-equiv=\"refresh\" content=\"0; url=" + to + "\">\n<p><a href=\"" + to + "\">" + to + "</a></p>\n")
}
