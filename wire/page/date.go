package page

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// months are names and abbreviations of months, lower case and without dots, in the languages that captures have been
// seen in.
var months = monthNames([]string{
	"january jan janvier janv januar jänner enero ene janeiro gennaio gen जनवरी يناير januari",
	"february feb février févr fév februar febrero fevereiro fev febbraio फरवरी फ़रवरी فبراير februari",
	"march mar mars märz mär mrz marzo março मार्च مارس maart mrt",
	"april apr avril avr abril abr aprile अप्रैल أبريل",
	"may mai mayo maio maggio mag मई مايو mei",
	"june jun juin juni junio junho giugno giu जून يونيو",
	"july jul juillet juil juli julio julho luglio lug जुलाई يوليو",
	"august aug août agosto ago अगस्त أغسطس augustus augusti",
	"september sep sept septembre septiembre setembro set settembre सितंबर सितम्बर سبتمبر",
	"october oct octobre oktober okt octubre outubro out ottobre ott अक्टूबर अक्तूबर أكتوبر",
	"november nov novembre noviembre novembro नवंबर नवम्बर نوفمبر",
	"december dec décembre déc dezember dez diciembre dic dezembro dicembre दिसंबर दिसम्बर ديسمبر des desember",
})

func monthNames(lines []string) map[string]time.Month {
	names := map[string]time.Month{}
	for i, line := range lines {
		for _, name := range strings.Fields(line) {
			names[name] = time.Month(i + 1)
		}
	}
	return names
}

// fillers are words of a printed date that say nothing about it: weekdays, prepositions, the word for "o'clock".
var fillers = fillerWords(`monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
	montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag lundi mardi mercredi jeudi vendredi samedi dimanche
	lunes martes miércoles jueves viernes sábado domingo सोमवार मंगलवार बुधवार गुरुवार शुक्रवार शनिवार रविवार
	on at of the um uhr à le de del a las h hrs hours hr den der am den`)

func fillerWords(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}

var (
	isoDate   = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$`)
	slashDate = regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$`)
	clock     = regexp.MustCompile(`^(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:\.\d+)?)?([ap]\.?m\.?)?$`)
	bareHour  = regexp.MustCompile(`^(\d{1,2})([ap]\.?m\.?)$`)
	clockZone = regexp.MustCompile(`^(\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(z|[+-]\d{2}:?\d{2})$`)
	dayNumber = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|er|º|\.)?$`)
	stamp     = regexp.MustCompile(`^(\d{4}-\d{2}-\d{2})[Tt](\d)`)
	gluedDay  = regexp.MustCompile(`(\d{4})-([^\d\s-]+)$`)
)

// printed is a date as it was printed.
type printed struct {
	year, month, day     int
	hour, minute, second int
	clock, pm, am        bool
	zone                 string
}

// parseDate reads a printed date with or without a time. Every word of it must belong to a date, so that no sentence
// is taken for one. day is true where there was no time of day. guessed is true where no zone was printed.
func parseDate(text string, own *time.Location) (at time.Time, day, guessed, ok bool) {
	p, ok := parsePrinted(text)
	if !ok {
		return time.Time{}, false, false, false
	}
	local := time.Date(p.year, time.Month(p.month), p.day, p.hour, p.minute, p.second, 0, time.UTC)
	if local.Day() != p.day || p.hour > 23 || p.minute > 59 || p.second > 60 {
		return time.Time{}, false, false, false
	}
	zone := own
	if p.zone != "" {
		if zone, ok = zoneOf(p.zone, local, own); !ok {
			return time.Time{}, false, false, false
		}
	}
	at = time.Date(p.year, time.Month(p.month), p.day, p.hour, p.minute, p.second, 0, zone)
	return at, !p.clock, p.zone == "", true
}

func parsePrinted(text string) (p printed, ok bool) {
	if len(text) > 120 {
		return p, false
	}
	text = stamp.ReplaceAllString(strings.TrimSpace(text), "$1 $2")
	text = gluedDay.ReplaceAllString(text, "$1 $2") // "Mar 03, 2021-Wednesday"
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || strings.ContainsRune(",،|•·", r) }) {
		if w == "-" || w == "–" || w == "—" {
			continue
		}
		if !p.word(w) {
			return p, false
		}
	}
	if p.pm && p.hour < 12 {
		p.hour += 12
	} else if p.am && p.hour == 12 {
		p.hour = 0
	}
	return p, p.year > 0 && p.month >= 1 && p.month <= 12 && p.day >= 1 && p.day <= 31
}

// word takes one word of a date and reports whether it is one.
func (p *printed) word(raw string) bool {
	w := strings.ToLower(westernDigits(raw))
	bare := strings.TrimRight(strings.Trim(w, "()"), ".:")
	if m, ok := months[bare]; ok && p.month == 0 {
		p.month = int(m)
		return true
	}
	if bare == "am" || bare == "a.m" || bare == "pm" || bare == "p.m" {
		p.am, p.pm = p.am || bare[0] == 'a', p.pm || bare[0] == 'p'
		return p.clock
	}
	return fillers[bare] || p.whole(w) || p.time(w) || p.number(bare) || p.isZone(raw)
}

func (p *printed) whole(w string) bool {
	if p.year != 0 || p.day != 0 {
		return false
	}
	if m := isoDate.FindStringSubmatch(w); m != nil {
		p.year, p.month, p.day = atoi(m[1]), atoi(m[2]), atoi(m[3])
		return true
	}
	if m := slashDate.FindStringSubmatch(w); m != nil {
		p.day, p.month, p.year = atoi(m[1]), atoi(m[2]), atoi(m[3])
		if p.month > 12 {
			p.day, p.month = p.month, p.day
		}
		return true
	}
	return false
}

func (p *printed) time(w string) bool {
	if p.clock {
		return false
	}
	if m := clockZone.FindStringSubmatch(w); m != nil {
		w, p.zone = m[1], m[2]
	}
	if m := clock.FindStringSubmatch(w); m != nil {
		p.hour, p.minute, p.second, p.clock = atoi(m[1]), atoi(m[2]), atoi(m[3]), true
		p.meridiem(m[4])
		return true
	}
	if m := bareHour.FindStringSubmatch(w); m != nil {
		p.hour, p.clock = atoi(m[1]), true
		p.meridiem(m[2])
		return true
	}
	return false
}

func (p *printed) meridiem(s string) {
	if s != "" {
		p.am, p.pm = s[0] == 'a', s[0] == 'p'
	}
}

func (p *printed) number(w string) bool {
	m := dayNumber.FindStringSubmatch(w)
	switch {
	case m != nil && p.day == 0:
		p.day = atoi(m[1])
		return true
	case len(w) == 4 && p.year == 0 && isDigits(w):
		p.year = atoi(w)
		return p.year >= 1500
	}
	return false
}

// isZone takes what may be a zone: it stands after the time and is written in capitals or figures.
func (p *printed) isZone(w string) bool {
	w = strings.Trim(w, "()[].")
	if !p.clock || p.zone != "" || w == "" || len(w) > 9 || w != strings.ToUpper(w) {
		return false
	}
	p.zone = w
	return true
}

// westernDigits replaces the decimal digits of other scripts.
func westernDigits(s string) string {
	return strings.Map(func(r rune) rune {
		for _, zero := range []rune{0x0660, 0x06F0, 0x0966} {
			if r >= zero && r <= zero+9 {
				return '0' + r - zero
			}
		}
		return r
	}, s)
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}

func isDigits(s string) bool {
	for _, r := range s {
		if r < '0' || r > '9' {
			return false
		}
	}
	return s != ""
}
