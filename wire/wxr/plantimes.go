package wxr

import (
	"strings"
	"time"
)

// times sets when the story was first published and last changed, as UTC instants.
func (p *Planner) times(i Item, s *Story) {
	at, ok := p.instant(i.DateGMT, i.Date)
	if !ok {
		at, ok = feedDate(i.PubDate)
		if ok && s.State == StatePublished {
			p.note(i.Line, NoteDate, "The post's own date is missing or impossible; the feed's is taken.")
		}
	}
	switch {
	case i.Status == "future":
		s.Proposed = at
		p.note(i.Line, NoteState, "This was scheduled; it is a draft with that hour proposed.")
		return
	case s.State == StateDraft && s.Private == "":
		return
	case !ok && s.State == StateDraft:
		return
	case !ok:
		s.State = StateDraft
		p.note(i.Line, NoteDate, "The post is published but has no date; it is a draft until an editor gives it one.")
		return
	case !p.opt.Now.IsZero() && at.After(p.opt.Now) && s.State == StatePublished:
		s.State, s.Proposed = StateDraft, at
		p.note(i.Line, NoteDate, "The post is published at an hour still to come; it is a draft with that hour proposed.")
		return
	}
	s.FirstPublished = at
	p.updated(i, s)
}

func (p *Planner) updated(i Item, s *Story) {
	at, ok := p.instant(i.ModifiedGMT, i.Modified)
	switch {
	case !ok || at.Equal(s.FirstPublished) || s.FirstPublished.IsZero():
	case at.Before(s.FirstPublished):
		p.note(i.Line, NoteDate, "The last change is earlier than the publication and was dropped.")
	case !p.opt.Now.IsZero() && at.After(p.opt.Now):
		p.note(i.Line, NoteDate, "The last change is at an hour still to come and was dropped.")
	default:
		s.Updated = at
	}
}

// instant reads a date's GMT twin or, where that is missing, the date itself in the old site's zone.
func (p *Planner) instant(gmt, local string) (time.Time, bool) {
	if at, ok := siteDate(gmt, time.UTC); ok {
		return at, true
	}
	return siteDate(local, p.opt.Zone)
}

// siteDate reads a date as WordPress' database has it. A zero date is none.
func siteDate(text string, zone *time.Location) (time.Time, bool) {
	at, err := time.ParseInLocation("2006-01-02 15:04:05", strings.Replace(strings.TrimSpace(text), "T", " ", 1), zone)
	if err != nil || at.Year() < 1 {
		return time.Time{}, false
	}
	return at.UTC(), true
}

// zeroFeedDate is how WordPress 2 wrote 0000-00-00 into a feed.
var zeroFeedDate = time.Date(1999, 11, 30, 0, 0, 0, 0, time.UTC)

func feedDate(text string) (time.Time, bool) {
	for _, layout := range []string{time.RFC1123Z, time.RFC1123, "Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700"} {
		at, err := time.Parse(layout, strings.TrimSpace(text))
		if err == nil && at.Year() > 0 && !at.Equal(zeroFeedDate) {
			return at.UTC(), true
		}
	}
	return time.Time{}, false
}
