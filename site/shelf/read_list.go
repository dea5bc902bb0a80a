package shelf

import (
	"cmp"
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
)

// farFuture is the instant before the head of every list.
const farFuture = int64(math.MaxInt64)

func (p Position) key() (at int64, id []byte) {
	if p.At.IsZero() {
		return farFuture, []byte{}
	}
	return micros(p.At), packID(p.ID)
}

// span is a stretch of a list: instants from, inclusive, to, exclusive.
type span struct{ from, to int64 }

var ever = span{math.MinInt64, math.MaxInt64}

// listOf finds a list's number and the stretch of it that is meant; ErrNotFound where there is no such thing.
func (tx *Tx) listOf(of ListOf) (number int64, in span, err error) {
	switch of.kind {
	case listAll:
		return numberAll, ever, nil
	case listDay:
		zone := tx.zone()
		return numberAll, span{micros(of.day.Start(zone)), micros(of.day.Next().Start(zone))}, nil
	}
	if of.kind == listStory {
		n, err := tx.storyNum(of.id)
		return storyNumber(n), ever, err
	}
	t, err := tx.thing(of.id)
	if err != nil {
		return 0, in, err
	}
	return listNumber(t.num, of.kind == listQuoting), ever, nil
}

// List is up to limit cards of a list after a position.
func (tx *Tx) List(of ListOf, after Position, limit int) ([]Card, error) {
	if tx.then != nil && of.kind == listStory {
		return tx.storyListThen(of.id, after, limit)
	}
	number, in, err := tx.listOf(of)
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return tx.listCards(number, in, after, limit)
}

// listQuery steps to a position in a list and reads on from there, however long the list is. The sums hide the list's number and the
// limit from the planner: it would plan the statement anew for every other limit, and for the numbers 0 and 1.
const listQuery = `SELECT c.key, c.data FROM list l JOIN card c ON c.key = l.key
	WHERE l.k = ? + 0 AND (l.first, l.id) < (?, ?) AND l.first >= ? ORDER BY l.first DESC, l.id DESC LIMIT ? + 0`

func (tx *Tx) listCards(number int64, in span, after Position, limit int) ([]Card, error) {
	at, id := after.key()
	if at >= in.to {
		at, id = in.to, []byte{}
	}
	if tx.then != nil {
		return tx.listThen(number, in, at, id, limit)
	}
	rows, err := tx.c.rows(listQuery, number, at, id, in.from, limit)
	if err != nil {
		return nil, err
	}
	return tx.cards(rows)
}

// cards reads rows of key and data.
func (tx *Tx) cards(rows []row) ([]Card, error) {
	out := make([]Card, 0, len(rows))
	for _, r := range rows {
		s, err := unpackState(r.int(0), r.blob(1))
		if err != nil {
			return nil, err
		}
		if !tx.hides(s.ID) {
			out = append(out, s.Card)
		}
	}
	return out, nil
}

// Count is how many articles a list has, a kept counter; of Quoting it is 0.
func (tx *Tx) Count(of ListOf) (int64, error) {
	if of.kind == listDay {
		return tx.tally(tallyDay, of.day.number())
	}
	number, _, err := tx.listOf(of)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return tx.tally(tallyList, number)
}

// Latest are the newest by updated.
func (tx *Tx) Latest(limit int) ([]Card, error) {
	if tx.then != nil {
		return tx.latestThen(limit)
	}
	rows, err := tx.c.rows(`SELECT c.key, c.data FROM latest l JOIN card c ON c.key = l.key ORDER BY l.updated DESC, l.id DESC LIMIT ?`, limit)
	if err != nil {
		return nil, err
	}
	return tx.cards(rows)
}

// Front arranges the home page: the newest article with a picture leads, the next newest stand beside it, then the latest
// by updated, and each section's newest of those that do not stand above.
func (tx *Tx) Front() (*Front, error) {
	f := &Front{}
	var err error
	if f.Changed, err = tx.HomeChanged(); err != nil {
		return nil, err
	}
	above := map[dateline.ID]bool{}
	fresh := func(cards []Card, limit int) (out []Card) {
		for _, c := range cards {
			if !above[c.ID] && len(out) < limit {
				above[c.ID] = true
				out = append(out, c)
			}
		}
		return out
	}
	lead, err := tx.listCards(numberLead, ever, Position{}, 1)
	if err != nil {
		return nil, err
	}
	if len(lead) > 0 {
		f.Lead = &fresh(lead, 1)[0]
	}
	newest, err := tx.List(All(), Position{}, homeBeside+1)
	if err != nil {
		return nil, err
	}
	f.Beside = fresh(newest, homeBeside)
	if f.Latest, err = tx.Latest(homeLatest); err != nil {
		return nil, err
	}
	sections, err := tx.Sections()
	if err != nil {
		return nil, err
	}
	for _, s := range sections {
		cards, err := tx.List(InSection(s.ID), Position{}, homeSection+homeBeside+1)
		if err != nil {
			return nil, err
		}
		if cards = fresh(cards, homeSection); len(cards) > 0 {
			f.Bands = append(f.Bands, Band{s, cards})
		}
	}
	return f, nil
}

// Corrections are the corrections, clarifications and retractions, newest first.
func (tx *Tx) Corrections(after Position, limit int) ([]Correction, error) {
	list, err := tx.articleCorrections(after, limit)
	if err != nil {
		return nil, err
	}
	stories, err := tx.storyCorrections(after, limit)
	if err != nil || len(stories) == 0 {
		return list, err
	}
	list = append(list, stories...)
	slices.SortFunc(list, func(a, b Correction) int {
		return cmp.Or(b.Public.Compare(a.Public), cmp.Compare(b.Card.ID, a.Card.ID), cmp.Compare(b.Number, a.Number))
	})
	return list[:min(len(list), limit)], nil
}

// articleCorrections are those of articles.
func (tx *Tx) articleCorrections(after Position, limit int) ([]Correction, error) {
	if tx.then != nil {
		return tx.correctionsThen(after, limit)
	}
	at, id := after.key()
	rows, err := tx.c.rows(`SELECT o.seq, o.number, e.change, e.note, o.public, c.key, c.data FROM correction o
		JOIN edition e ON e.seq = o.seq JOIN article a ON a.id = o.id JOIN card c ON c.key = a.key
		WHERE (o.public, o.id, o.number) < (?, ?, ?) ORDER BY o.public DESC, o.id DESC, o.number DESC LIMIT ?`, at, id, after.N, limit)
	if err != nil {
		return nil, err
	}
	return tx.corrections(rows)
}

// storyCorrections are those of running stories that readers can open.
func (tx *Tx) storyCorrections(after Position, limit int) (out []Correction, err error) {
	at, id := after.key()
	if tx.then != nil && at > tx.then.at {
		at, id = tx.then.at+1, []byte{}
	}
	rows, err := tx.c.rows(`SELECT o.seq, t.data, s.id, s.data FROM story_correction o JOIN story s ON s.id = o.story JOIN telling t ON t.story = o.story AND t.seq = o.seq
		WHERE (o.public, o.story, o.number) < (?, ?, ?) ORDER BY o.public DESC, o.story DESC, o.number DESC LIMIT ?`, at, id, after.N, limit)
	if err != nil {
		return nil, err
	}
	for _, r := range rows {
		t, err := unpackTelling(r.int(0), r.blob(1))
		if err != nil {
			return nil, err
		}
		st, err := tx.unpackStory(r[2:])
		if err == nil && tx.hides(st.ID) {
			continue
		}
		if err == nil && tx.then != nil {
			st, err = tx.storyThen(st.ID)
		}
		if err != nil {
			return nil, err
		}
		c := Correction{Story: true, Number: t.Number, Change: t.Change, Note: t.Note, Public: t.Public, Seq: t.Seq}
		c.Card.ID, c.Card.Headline, c.Card.Language, c.Card.Address, c.Card.Edition = st.ID, st.Name, st.Language, "/stories/"+st.Slug, st.Number
		out = append(out, c)
	}
	return out, nil
}

// corrections reads rows of sequence number, edition's number, change, note, public instant, and an article's key and card; those
// of articles that are being taken down are left out.
func (tx *Tx) corrections(rows []row) (out []Correction, err error) {
	for _, r := range rows {
		s, err := unpackState(r.int(5), r.blob(6))
		if err != nil {
			return nil, err
		}
		if tx.hides(s.ID) {
			continue
		}
		out = append(out, Correction{Card: s.Card, Number: int(r.int(1)), Change: dateline.Change(r.text(2)), Note: r.text(3), Public: instant(r.int(4)), Seq: r.int(0)})
	}
	return out, nil
}

// tallies reads the counters of one kind between two, the second exclusive, ascending.
func (tx *Tx) tallies(kind, from, to int64) ([]MonthCount, error) {
	rows, err := tx.c.rows("SELECT at, n, modified FROM tally WHERE kind = ? AND at >= ? AND at < ? AND n > 0 ORDER BY at", kind, from, to)
	if err != nil {
		return nil, err
	}
	out := make([]MonthCount, len(rows))
	for i, r := range rows {
		d := dayOfNumber(r.int(0))
		d.Month, d.Day = max(d.Month, 1), max(d.Day, 1)
		out[i] = MonthCount{Month: d, Count: int(r.int(1))}
		if r.int(2) != 0 {
			out[i].Modified = instant(r.int(2))
		}
	}
	return out, nil
}

// Days are the days of a month that have articles, ascending.
func (tx *Tx) Days(month Day) ([]DayCount, error) {
	list, err := tx.tallies(tallyDay, month.MonthStart().number(), month.NextMonth().number())
	out := make([]DayCount, len(list))
	for i, m := range list {
		out[i] = DayCount{m.Month, m.Count}
	}
	return out, err
}

// Months are the months of a year that have articles, ascending.
func (tx *Tx) Months(year int) ([]MonthCount, error) {
	return tx.tallies(tallyMonth, int64(year)*10000, int64(year+1)*10000)
}

// Years are those that have articles, newest first, with their counts; Month.Month is January.
func (tx *Tx) Years() ([]MonthCount, error) {
	list, err := tx.tallies(tallyYear, math.MinInt64, math.MaxInt64)
	slices.Reverse(list)
	return list, err
}

// DayBefore is the nearest earlier day with articles; zero for none.
func (tx *Tx) DayBefore(d Day) (Day, error) {
	return tx.nearestDay("SELECT at FROM tally WHERE kind = ? AND at < ? AND n > 0 ORDER BY at DESC LIMIT 1", d)
}

// DayAfter is the nearest later day with articles; zero for none.
func (tx *Tx) DayAfter(d Day) (Day, error) {
	return tx.nearestDay("SELECT at FROM tally WHERE kind = ? AND at > ? AND n > 0 ORDER BY at LIMIT 1", d)
}

func (tx *Tx) nearestDay(query string, d Day) (Day, error) {
	rows, err := tx.c.rows(query, tallyDay, d.number())
	if err != nil || len(rows) == 0 {
		return Day{}, err
	}
	if near := dayOfNumber(rows[0].int(0)); tx.then == nil {
		return near, nil
	} else {
		return tx.dayThen(near)
	}
}

// SitemapMonths are the months, in UTC, that have articles or pages, oldest first.
func (tx *Tx) SitemapMonths() ([]MonthCount, error) {
	return tx.tallies(tallySitemap, math.MinInt64, math.MaxInt64)
}

// sitemapMonth are the instants of a month's sitemap.
func sitemapMonth(month Day) span {
	return span{micros(month.MonthStart().Start(time.UTC)), micros(month.NextMonth().Start(time.UTC))}
}

// Sitemap are up to limit articles and pages of a month of first publication, in UTC, newest first, after so many newer ones.
func (tx *Tx) Sitemap(month Day, skip, limit int) (out []Listed, err error) {
	in := sitemapMonth(month)
	return out, tx.c.Each(func(r []driver.Value) error {
		l, err := unpackListed(row(r).int(0), row(r).blob(1))
		if err == nil && !tx.hides(l.ID) {
			out = append(out, l)
		}
		return err
	}, `SELECT c.key, c.data FROM (SELECT key, first, id FROM list WHERE k = ? AND first < ? AND first >= ?
		ORDER BY first DESC, id DESC LIMIT ? OFFSET ?) l JOIN card c ON c.key = l.key ORDER BY l.first DESC, l.id DESC`,
		numberSitemap, in.to, in.from, limit, skip)
}

// MaxPlaced is how far places in a sitemap are counted.
const MaxPlaced = 10_000

// SitemapPlace is how many articles and pages of the month are newer than a position in it, counted no further than MaxPlaced.
func (tx *Tx) SitemapPlace(month Day, of Position) (int, error) {
	at, id := of.key()
	r, err := tx.c.one(`SELECT count(*) FROM (SELECT 1 FROM list WHERE k = ? AND (first, id) > (?, ?) AND first < ? LIMIT ?)`,
		numberSitemap, at, id, sitemapMonth(month).to, MaxPlaced)
	if err != nil {
		return 0, err
	}
	return int(r.int(0)), nil
}

// News are the articles first published in the two days before now, imported ones passed over.
func (tx *Tx) News(now time.Time, limit int) ([]Card, error) {
	cards, err := tx.listCards(numberNews, span{micros(now.Add(-48 * time.Hour)), math.MaxInt64}, Position{}, limit)
	if err != nil {
		return nil, fmt.Errorf("the news of two days: %w", err)
	}
	return cards, nil
}
