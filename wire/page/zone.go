package page

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

// offsets are the abbreviations in common use, in minutes east of UTC. Where several zones share one, it is the zone
// of the most readers; a newsroom that uses it otherwise says so by its own zone.
var offsets = map[string]int{
	"UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "MEZ": 60, "CEST": 120, "MESZ": 120, "MET": 60, "MEST": 120,
	"EET": 120, "EEST": 180, "MSK": 180, "TRT": 180, "SAST": 120, "CAT": 120, "WAT": 60, "EAT": 180, "AST": -240, "GST": 240,
	"IRST": 210, "AFT": 270, "PKT": 300, "IST": 330, "NPT": 345, "BDT": 360, "MMT": 390, "ICT": 420, "WIB": 420, "WITA": 480,
	"WIT": 540, "SGT": 480, "MYT": 480, "PHT": 480, "HKT": 480, "AWST": 480, "JST": 540, "KST": 540, "ACST": 570, "ACDT": 630,
	"AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780, "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360,
	"PST": -480, "PDT": -420, "AKST": -540, "AKDT": -480, "HST": -600, "ADT": -180, "NST": -210, "NDT": -150, "BRT": -180,
	"ART": -180, "CLT": -240, "CLST": -180, "COT": -300, "PET": -300, "VET": -240,
}

// general are abbreviations that leave open whether summer time is meant, with the offset of standard time.
var general = map[string]int{"ET": -300, "CT": -360, "MT": -420, "PT": -480}

var numericZone = regexp.MustCompile(`^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$`)

// zoneOf reads a zone as printed beside a local time. An abbreviation that the newsroom's own zone uses in that year
// means that; otherwise the common meaning.
func zoneOf(abbr string, local time.Time, own *time.Location) (*time.Location, bool) {
	abbr = strings.ToUpper(strings.Trim(abbr, "()[]."))
	if abbr == "UT" || abbr == "UTC" || abbr == "Z" || abbr == "GMT" {
		return time.UTC, true
	}
	if m := numericZone.FindStringSubmatch(strings.ReplaceAll(abbr, "−", "-")); m != nil {
		return numeric(m)
	}
	if offset, ok := inUse(abbr, local, own); ok {
		return time.FixedZone(abbr, offset), true
	}
	if minutes, ok := offsets[abbr]; ok {
		return time.FixedZone(abbr, minutes*60), true
	}
	if minutes, ok := general[abbr]; ok {
		if summerInAmerica(local) {
			minutes += 60
		}
		return time.FixedZone(abbr, minutes*60), true
	}
	return nil, false
}

func numeric(m []string) (*time.Location, bool) {
	hours, _ := strconv.Atoi(m[2])
	minutes, _ := strconv.Atoi("0" + m[3])
	offset := hours*3600 + minutes*60
	if hours > 14 || minutes > 59 {
		return nil, false
	}
	if m[1] == "-" {
		offset = -offset
	}
	if offset == 0 {
		return time.UTC, true
	}
	return time.FixedZone("", offset), true
}

// inUse looks for an abbreviation among those that a zone has around a local time, first at that time itself.
func inUse(abbr string, local time.Time, zone *time.Location) (offset int, ok bool) {
	y, m, d := local.Date()
	for _, months := range []int{0, 3, 6, 9, -3} {
		name, offset := time.Date(y, m+time.Month(months), d, local.Hour(), local.Minute(), 0, 0, zone).Zone()
		if name == abbr {
			return offset, true
		}
	}
	return 0, false
}

// summerInAmerica reports whether clocks in the United States and Canada are put forward: from the second Sunday of
// March to the first of November (since 2007), at two o'clock.
func summerInAmerica(local time.Time) bool {
	sunday := func(m time.Month, n int) time.Time {
		first := time.Date(local.Year(), m, 1, 2, 0, 0, 0, time.UTC)
		return first.AddDate(0, 0, (7-int(first.Weekday()))%7+7*(n-1))
	}
	at := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC)
	return !at.Before(sunday(time.March, 2)) && at.Before(sunday(time.November, 1))
}
