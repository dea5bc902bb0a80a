package paper

import (
	"strings"
	"testing"
	"time"
)

func TestResolveDates(t *testing.T) {
	tuesday := time.Date(2026, 6, 30, 12, 0, 0, 0, time.UTC)
	tests := []struct {
		text, language, want string
		day                  time.Time
	}{
		{"{{date -3}}", "en", "27 June 2026", tuesday},
		{"{{day -3}}", "en", "27 June", tuesday},
		{"{{weekday 0}}", "en", "Tuesday", tuesday},
		{"{{full 0}}", "en", "Tuesday 30 June 2026", tuesday},
		{"{{month +1}}", "en", "July", tuesday},
		{"{{monthyear -6}}", "en", "December 2025", tuesday},
		{"{{month -74d}}", "en", "April", tuesday},
		{"{{year -1y}}", "en", "2025", tuesday},
		{"{{year -4y-200d}}", "en", "2021", tuesday},
		{"{{day +2w}}", "en", "14 July", tuesday},
		{"{{date -3}}", "hi", "27 जून 2026", tuesday},
		{"{{full 0}}", "hi", "मंगलवार, 30 जून 2026", tuesday},
		{"{{full 0}}", "ar", "الثلاثاء 30 يونيو 2026", tuesday},
		{"{{month +1}}", "ar", "يوليو", tuesday},
		{"{{weekday 0}}", "pt", "Tuesday", tuesday},
		{"{{month +1}}", "en", "February", time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)},
		{"{{date +1m}}", "en", "28 February 2027", time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC)},
		{"{{date -1y}}", "en", "28 February 2027", time.Date(2028, 2, 29, 0, 0, 0, 0, time.UTC)},
		{"{{date +1}}", "en", "1 January 2027", time.Date(2026, 12, 31, 0, 0, 0, 0, time.UTC)},
		{"no date at all", "en", "no date at all", tuesday},
		{"{{day -1}} and {{day +1}}", "en", "29 June and 1 July", tuesday},
	}
	for _, tt := range tests {
		if got := resolveDates(tt.text, tt.day, tt.language); got != tt.want {
			t.Errorf("%s in %s on %s: %q, want %q", tt.text, tt.language, tt.day.Format(time.DateOnly), got, tt.want)
		}
		if err := checkDates(tt.text); err != nil {
			t.Errorf("%s: %v", tt.text, err)
		}
	}
}

func TestCheckDatesRefuses(t *testing.T) {
	for _, s := range []string{"{{day}}", "{{day }}", "{{hour 0}}", "{{day 3}}", "{{day -3x}}", "{{day -3", "day -3}}", "{{day -99999}}", "{{Day 0}}"} {
		if checkDates(s) == nil {
			t.Errorf("%q was taken for a placeholder", s)
		}
	}
}

func TestParseWhen(t *testing.T) {
	zone := time.FixedZone("IST", 19800)
	start := time.Date(2028, 2, 29, 0, 5, 40, 0, zone)
	before := time.Date(2028, 2, 28, 10, 0, 0, 0, zone)
	for s, want := range map[string]string{
		"12m": "2028-02-28 23:53", "3h10m": "2028-02-28 20:55", "+8m": "2028-02-28 10:08",
		"1d 18:15": "2028-02-28 18:15", "4y3d 12:08": "2024-02-26 12:08", "1y 07:00": "2027-02-28 07:00",
	} {
		w, err := parseWhen(s)
		if err != nil {
			t.Errorf("%s: %v", s, err)
			continue
		}
		if got := w.past(start, before, zone).Format("2006-01-02 15:04"); got != want {
			t.Errorf("%s: %s, want %s", s, got, want)
		}
	}
	for _, s := range []string{"", "12", "0m", "-3m", "90s", "0d 10:00", "3d", "3d 25:00", "xd 10:00", "0y 10:00", "3w 10:00"} {
		if w, err := parseWhen(s); err == nil {
			t.Errorf("%q was read as %+v", s, w)
		}
	}
}

func TestParseArticleRefuses(t *testing.T) {
	const head = "slug: a\nheadline: A\n"
	for name, text := range map[string]string{
		"an unknown key":          head + "colour: red\nedition: 1d 10:00 first\n\n<p>x</p>",
		"a key twice":             head + "slug: b\n\n<p>x</p>",
		"no slug":                 "headline: A\n\n<p>x</p>",
		"a bad time":              head + "edition: yesterday first\n\n<p>x</p>",
		"a change of nothing":     head + "edition: 2d 10:00 first\nedition: 1d 10:00 minor\n\n<p>x</p>\n=== edition 2\nreplace: y ⇒ z\n",
		"a change of two places":  head + "edition: 2d 10:00 first\nedition: 1d 10:00 minor\n\n<p>x x</p>\n=== edition 2\nreplace: x ⇒ z\n",
		"a part without edition":  head + "edition: 2d 10:00 first\n\n<p>x</p>\n=== edition 2\nreplace: x ⇒ z\n",
		"an unknown state":        head + "state: lost\n\n<p>x</p>",
		"a picture without words": head + "picture: a.jpg\n\n<p>x</p>",
		"a killing without why":   head + "edition: 2d 10:00 first\nwithdrawn: 1d 10:00 killed\n\n<p>x</p>",
	} {
		if _, err := parseArticle("a", text); err == nil {
			t.Errorf("%s was accepted", name)
		} else if strings.Contains(err.Error(), "%!") {
			t.Errorf("%s: the error is badly made: %v", name, err)
		}
	}
}
