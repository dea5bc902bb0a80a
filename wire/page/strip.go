package page

import (
	"regexp"
	"strings"
	"time"
)

var (
	todayIn     = regexp.MustCompile(`(?i)^today in\s+(.+)$`)
	weatherLine = regexp.MustCompile(`(?i)^(humidity|wind|temperature|temp|feels like|rain|precipitation|visibility|pressure|uv index|dew point|sunrise|sunset|air quality|aqi|weather|max|min|high|low)\b\s*[:\-–]?\s*(.*)$`)
	measure     = regexp.MustCompile(`(?i)^[<>~]?-?\d+(?:[.,]\d+)?\s*(?:%|km/?h|kmph|kph|mph|m/s|kt|kts|knots|°\s*[CF]?|hpa|mb|mm|km|in)?(?:\s+[NSEW]{1,3})?$|^[NSEW]{1,3}\s+\d+.*$`)
	weekdayDate = regexp.MustCompile(`\d{4}\s*[-–,]?\s*\(?(?i:monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|wed|thu|fri|sat|sun)\)?\.?$`)
)

// stripReader takes the furniture strip off the head of a capture.
type stripReader struct {
	own     *time.Location
	f       Furniture
	any     bool
	waiting *string // the label whose value may stand on the next line
	city    bool    // the line before may have been the city alone
}

// takeStrip returns the strip, or nil, and how many of the lines it takes.
func takeStrip(lines []line, own *time.Location) (*Furniture, int) {
	if !looksLikeStrip(lines, own) {
		return nil, 0
	}
	r := stripReader{own: own}
	n := 0
	for i, l := range lines {
		if l.text == "" {
			continue
		}
		if !r.take(l, lines[i+1:]) {
			break
		}
		n = i + 1
	}
	if !r.any {
		return nil, 0
	}
	return &r.f, n
}

// looksLikeStrip asks for one line that only a strip has among the first of the page.
func looksLikeStrip(lines []line, own *time.Location) bool {
	seen := 0
	for _, l := range lines {
		if l.text == "" {
			continue
		}
		if seen++; seen > 4 {
			return false
		}
		if todayIn.MatchString(l.text) && len(l.text) < 80 || isWeather(l.text) {
			return true
		}
		if _, day, _, ok := parseDate(l.text, own); ok && day && weekdayDate.MatchString(l.text) {
			return true
		}
	}
	return false
}

// isWeather reports whether a line is a label of the weather with nothing or a measure after it.
func isWeather(text string) bool {
	m := weatherLine.FindStringSubmatch(text)
	return m != nil && (m[2] == "" || measure.MatchString(m[2]))
}

func (r *stripReader) take(l line, next []line) bool {
	if r.waiting != nil && measure.MatchString(l.text) {
		*r.waiting, r.waiting = l.text, nil
		return true
	}
	r.waiting = nil
	if m := todayIn.FindStringSubmatch(l.text); m != nil && r.f.Place == "" && len(l.text) < 80 {
		r.f.Place, r.any = m[1], true
		return true
	}
	if at, day, _, ok := parseDate(l.text, r.own); ok && r.f.Captured == "" && (day || r.any) {
		r.f.Captured, r.any = at.Format(time.DateOnly), true
		return true
	}
	if isWeather(l.text) {
		r.weather(weatherLine.FindStringSubmatch(l.text))
		return true
	}
	return r.place(l.text, next)
}

func (r *stripReader) weather(m []string) {
	r.any = true
	var into *string
	switch strings.ToLower(m[1]) {
	case "humidity":
		into = &r.f.Humidity
	case "wind":
		into = &r.f.Wind
	default:
		var elsewhere string
		into = &elsewhere
	}
	if m[2] == "" {
		r.waiting = into
	} else {
		*into = m[2]
	}
}

// place takes the city, which stands once more on a line of its own: the place's first part, or a short line with
// more of the strip after it.
func (r *stripReader) place(text string, next []line) bool {
	first, _, _ := strings.Cut(r.f.Place, ",")
	if r.f.Place != "" && (strings.EqualFold(text, first) || strings.EqualFold(text, r.f.Place)) {
		return true
	}
	if r.city || len([]rune(text)) > 40 {
		return false
	}
	for _, l := range next {
		if l.text == "" {
			continue
		}
		_, day, _, isDate := parseDate(l.text, r.own)
		if !isWeather(l.text) && (!isDate || !day || r.f.Captured != "") {
			return false
		}
		r.city = true
		if r.f.Place == "" {
			r.f.Place = text
		}
		return true
	}
	return false
}
