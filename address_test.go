package dateline_test

import (
	"strings"
	"testing"
	"time"

	"github.com/datelinehq/dateline"
)

func TestValidSlug(t *testing.T) {
	good := []string{"a", "talks-suspended", "2026", "बातचीत-फिर-शुरू", "مفاوضات", "ça-va", "نمی\u200cشود", "क\u094d\u200dष",
		"𐐨𐐩", strings.Repeat("ä", 80), "会談", "ß"}
	bad := []string{"", "-a", "a-", "a--b", "A", "a b", "a/b", "../etc", "..", "a.b", "a\x00b", "a\u202eb", "a%2fb", "a?b",
		"a#b", "a\\b", "Ä", "\xff", "a\xffb", "emoji-😀", strings.Repeat("a", 81), "a\nb", "a_b", "a\ufeffb"}
	for _, s := range good {
		if err := dateline.ValidSlug(s); err != nil {
			t.Errorf("%q: %v", s, err)
		}
	}
	for _, s := range bad {
		if err := dateline.ValidSlug(s); dateline.ErrorCode(err) != dateline.EInvalid {
			t.Errorf("%.30q was taken (%v)", s, err)
		}
	}
}

func TestReserved(t *testing.T) {
	for _, s := range []string{"topics", "people", "stories", "archive", "search", "corrections", "record", "api", "rss.xml",
		"atom.xml", "sitemap.xml", "robots.txt", ".well-known", "1999", "2026", "0000", "history", "proof", "live", "forecast"} {
		if !dateline.Reserved(s) {
			t.Errorf("%q may name a section", s)
		}
	}
	for _, s := range []string{"world", "topic", "20266", "202", "202a", "२०२६", "about"} {
		if dateline.Reserved(s) {
			t.Errorf("%q may not name a section", s)
		}
	}
}

func TestAddresses(t *testing.T) {
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	late := time.Date(2026, 3, 28, 20, 0, 0, 0, time.UTC) // the 29th in Kolkata
	tests := []struct{ got, want string }{
		{dateline.ArticleAddress("world", "talks", late, time.UTC), "/world/2026/03/28/talks"},
		{dateline.ArticleAddress("world", "talks", late, kolkata), "/world/2026/03/29/talks"},
		{dateline.DayAddress(late, time.UTC), "/2026/03/28/"},
		{dateline.DayAddress(late, kolkata), "/2026/03/29/"},
		{dateline.ArticleAddress("a", "b", time.Date(987, 1, 2, 0, 0, 0, 0, time.UTC), time.UTC), "/a/0987/01/02/b"},
	}
	for _, tt := range tests {
		if tt.got != tt.want {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}

func TestValidAddress(t *testing.T) {
	good := []string{"/", "/about", "/?p=123", "/2014/06/27/talks/", "/world/2026/03/28/बातचीत", "/a/b?c=d&e=f", "/%E0%A4%AC", "/a..b", "/...",
		"/" + strings.Repeat("a", 1999)}
	bad := []string{"", "about", "//evil.example/x", "/../etc/passwd", "/a/./b", "/a/..", "/a b", "/a\x00b", "/a\nb", "/a\\b", "/a#b",
		"/a<b", "/a\"b", "/a\xff", "/a\u202eb", "/a\u2066b", "/a\ufeffb", "/" + strings.Repeat("a", 2000), "http://x/", "/a\u00a0b"}
	for _, s := range good {
		if err := dateline.ValidAddress(s); err != nil {
			t.Errorf("%.40q: %v", s, err)
		}
	}
	for _, s := range bad {
		if err := dateline.ValidAddress(s); dateline.ErrorCode(err) != dateline.EInvalid {
			t.Errorf("%.40q was taken (%v)", s, err)
		}
	}
}
