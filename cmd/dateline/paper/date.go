package paper

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// placeholder finds "{{form offset}}"; what lies between other double braces is reported by checkDates.
var placeholder = regexp.MustCompile(`\{\{([a-z]+) ([^{}]*)\}\}`)

// offsetPart is one move of an offset: "-3", "+1m", "-4y".
var offsetPart = regexp.MustCompile(`^([+-]\d+)([dwmy]?)`)

// calendar holds a language's words for months and days of the week, Sunday first.
type calendar struct {
	months   [12]string
	weekdays [7]string
	full     string // order of weekday, day, month, year: a format for fmt
}

// calendarOf gives the words of a language; English where there are none.
func calendarOf(language string) calendar {
	switch language {
	case "hi":
		return calendar{
			months:   [12]string{"जनवरी", "फ़रवरी", "मार्च", "अप्रैल", "मई", "जून", "जुलाई", "अगस्त", "सितंबर", "अक्टूबर", "नवंबर", "दिसंबर"},
			weekdays: [7]string{"रविवार", "सोमवार", "मंगलवार", "बुधवार", "गुरुवार", "शुक्रवार", "शनिवार"},
			full:     "%s, %s",
		}
	case "ar":
		return calendar{
			months:   [12]string{"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
			weekdays: [7]string{"الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت"},
			full:     "%s %s",
		}
	}
	c := calendar{full: "%s %s"}
	for m := time.January; m <= time.December; m++ {
		c.months[m-1] = m.String()
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		c.weekdays[d] = d.String()
	}
	return c
}

// resolveDates replaces every placeholder by the date it stands for, counted from a day, in a language. Placeholders
// that do not parse stay as they are; Load has refused them.
func resolveDates(text string, day time.Time, language string) string {
	if !strings.Contains(text, "{{") {
		return text
	}
	c := calendarOf(language)
	return placeholder.ReplaceAllStringFunc(text, func(s string) string {
		m := placeholder.FindStringSubmatch(s)
		words, err := c.date(m[1], m[2], day)
		if err != nil {
			return s
		}
		return words
	})
}

// checkDates reports placeholders that do not parse.
func checkDates(text string) error {
	rest := placeholder.ReplaceAllString(text, "")
	if i := strings.Index(rest, "{{"); i >= 0 {
		return fmt.Errorf("%.30q is no placeholder; write it like {{day -3}}", rest[i:])
	}
	if strings.Contains(rest, "}}") {
		return fmt.Errorf("a placeholder ends that was not opened")
	}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		if _, err := calendarOf("en").date(m[1], m[2], time.Date(2026, 6, 30, 0, 0, 0, 0, time.UTC)); err != nil {
			return fmt.Errorf("%s: %w", m[0], err)
		}
	}
	return nil
}

// date writes the day that lies an offset from another one.
func (c calendar) date(form, offset string, day time.Time) (string, error) {
	unit := "d"
	switch form {
	case "month", "monthyear":
		unit = "m"
	case "year":
		unit = "y"
	}
	t, err := move(day, offset, unit)
	if err != nil {
		return "", err
	}
	month := c.months[t.Month()-1]
	date := fmt.Sprintf("%d %s %d", t.Day(), month, t.Year())
	switch form {
	case "date":
		return date, nil
	case "day":
		return fmt.Sprintf("%d %s", t.Day(), month), nil
	case "weekday":
		return c.weekdays[t.Weekday()], nil
	case "full":
		return fmt.Sprintf(c.full, c.weekdays[t.Weekday()], date), nil
	case "month":
		return month, nil
	case "monthyear":
		return fmt.Sprintf("%s %d", month, t.Year()), nil
	case "year":
		return strconv.Itoa(t.Year()), nil
	}
	return "", fmt.Errorf("%q is no form of a date; use date, day, weekday, full, month, monthyear or year", form)
}

// move applies an offset such as "0", "-3", "+1m" or "-4y-12d" to a day, part by part from the left.
func move(t time.Time, offset, unit string) (time.Time, error) {
	rest := strings.TrimSpace(offset)
	if rest == "0" {
		return t, nil
	}
	if rest == "" {
		return t, fmt.Errorf("the offset is missing; write 0 for the day itself")
	}
	for rest != "" {
		m := offsetPart.FindStringSubmatch(rest)
		if m == nil {
			return t, fmt.Errorf("%q is no offset; write it like 0, -3, +1m or -4y-12d", offset)
		}
		n, err := strconv.Atoi(m[1])
		if err != nil || n > 40000 || n < -40000 {
			return t, fmt.Errorf("%q is too far", m[1])
		}
		if m[2] == "" {
			m[2] = unit
		}
		switch m[2] {
		case "d":
			t = addDays(t, n)
		case "w":
			t = addDays(t, 7*n)
		case "m":
			t = addMonths(t, n)
		case "y":
			t = addMonths(t, 12*n)
		}
		rest = rest[len(m[0]):]
	}
	return t, nil
}
