package shelf

import (
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// How many cards the home page shows beside its lead, among the latest and of each section. Whether an entry changed the page
// is judged by these too.
const (
	homeBeside  = 4
	homeLatest  = 9
	homeSection = 3
)

// homeShows notes that an entry put, moved or changed a card on the home page, if the article stands there now.
func (w *writer) homeShows(s *state, at time.Time) error {
	on, err := w.onHome(&standing{s.ID, s.Section, s.Topics, s.Stories, micros(s.First), micros(s.Updated)})
	if err != nil || !on {
		return err
	}
	return w.homeChanged(at)
}

// homeLeft notes that a withdrawal took a card from the home page. It asks where the article would stand now, and knows only
// what the withdrawal says of it, so that a shelf that never had the article decides alike.
func (w *writer) homeLeft(id dateline.ID, body *record.Withdrawal, first int64, at time.Time) error {
	updated := first
	for _, e := range body.Editions {
		public, err := record.ParseInstant(e.Public)
		if err != nil {
			return err
		}
		if e.Change != dateline.ChangeMinor {
			updated = max(updated, micros(public))
		}
	}
	on, err := w.onHome(&standing{id: id, section: body.Section, first: first, updated: updated})
	if err != nil || !on {
		return err
	}
	return w.homeChanged(at)
}

func (w *writer) homeChanged(at time.Time) error {
	return w.c.exec("UPDATE meta SET value = max(value, ?) WHERE name = 'home'", micros(at))
}

// onHome says whether an article of these instants has its place on the home page: among the latest, as the lead or newer,
// beside it, or among the newest of its section less what may stand above.
func (w *writer) onHome(s *standing) (bool, error) {
	if w.home != nil {
		return w.onArrangedHome(s)
	}
	section, first, updated := s.section, s.first, s.updated
	latest, err := w.newer("SELECT 1 FROM latest WHERE updated > ? LIMIT ?", updated, homeLatest)
	if err != nil || latest {
		return latest, err
	}
	older, err := w.c.has("SELECT 1 FROM list WHERE k = ? AND first > ? LIMIT 1", numberLead, first)
	if err != nil || !older {
		return !older, err
	}
	top, err := w.newer("SELECT 1 FROM list WHERE k = 0 AND first > ? LIMIT ?", first, homeBeside+1)
	if err != nil || top || section == "" {
		return top, err
	}
	n, err := w.thing(section, record.KindSection)
	if err != nil {
		return false, err
	}
	return w.newerIn(listNumber(n, false), first)
}

// newer says whether fewer than n rows are newer.
func (w *writer) newer(query string, at int64, n int) (bool, error) {
	rows, err := w.c.rows(query, at, n)
	return len(rows) < n, err
}

func (w *writer) newerIn(list, first int64) (bool, error) {
	n := homeSection + homeBeside + 1
	rows, err := w.c.rows("SELECT 1 FROM list WHERE k = ? AND first > ? LIMIT ?", list, first, n)
	return len(rows) < n, err
}
