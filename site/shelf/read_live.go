package shelf

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/record"
)

// Live is what readers have of a live coverage beside its article and its entries.
type Live struct {
	State     dateline.LiveState
	Stated    int64     // the act that gave state and summary; 0 for none
	Sequence  int64     // the newest act about the coverage; 0 for none
	Changed   time.Time // when state and summary were given
	Began     time.Time // zero while it has not
	Ended     time.Time // zero while it has not
	Latest    time.Time // when the newest entry was posted; zero for none
	Touched   time.Time // when what readers can read of it was changed last, its edition aside; zero for never
	Entries   int       // that readers can read
	Corrected int       // of those, with a correction
	Language  string    // of the summary
	Summary   []byte    // its fragment; empty for none
}

// LiveEntry is an entry of a live coverage as readers have it.
type LiveEntry struct {
	record.LiveEntry
	Public    time.Time   // the instant that it is of
	Posted    time.Time   // when the record took it
	Modified  time.Time   // when the record took its latest change
	Corrected time.Time   // when its correction was given
	Sequence  int64       // of its latest change
	Made      int64       // the act that made it
	Out       dateline.ID // the article that was made of it, where readers can open that
	Text      string
	Fragment  []byte
}

// Removed says whether readers have no more of it than that it was removed.
func (e *LiveEntry) Removed() bool { return e.Act == record.EntryDeleted }

// Coverages answer what live coverages hold.
type Coverages interface {
	// Live is a live coverage's state; ErrNotFound where readers cannot open it.
	Live(id dateline.ID) (*Live, error)
	// LiveEntries are up to limit entries, newest first by the instant they are of, then by number. They begin after an entry,
	// or with it, or with the newest where from is 0; pinned ones are left out where they stand above.
	LiveEntries(id dateline.ID, from int, limit int, withPinned bool) ([]LiveEntry, error)
	// LiveNewer is the number of the entry that is n places before an entry, or of the newest where there are fewer; 0 where
	// the entry itself is the newest.
	LiveNewer(id dateline.ID, from int, n int) (int, error)
	// LivePinned are the pinned entries, newest first.
	LivePinned(id dateline.ID) ([]LiveEntry, error)
	// LiveKeys are up to limit entries that tell the main events, newest first.
	LiveKeys(id dateline.ID, limit int) ([]LiveEntry, error)
	// LiveSince are up to limit entries that were posted, changed or removed after a sequence number, in that order.
	LiveSince(id dateline.ID, after int64, limit int) ([]LiveEntry, error)
	// LiveAt is the newest act about a coverage at or before a sequence number; 0 for none.
	LiveAt(id dateline.ID, sequence int64) (int64, error)
	// LiveLatest is the entry that was posted last of those readers can read; ErrNotFound where there is none.
	LiveLatest(id dateline.ID) (*LiveEntry, error)
	// OnAir are the live coverages that are live or paused, MaxOnAir at most, the last published first.
	OnAir() ([]Card, error)
}

// MaxOnAir is how many coverages that are on air are told of.
const MaxOnAir = 12

// maxPinned is how many pinned entries stand above the others.
const maxPinned = 20

const liveColumns = "e.number, e.public, e.seq, e.made, e.posted, e.z"

// Live is a live coverage's state; ErrNotFound where readers cannot open it.
func (tx *Tx) Live(id dateline.ID) (*Live, error) {
	if _, err := tx.state(id); err != nil {
		return nil, err
	}
	if tx.then != nil {
		return tx.liveHeadThen(id)
	}
	key := packID(id)
	l := &Live{State: dateline.LivePlanned}
	r, err := tx.c.one(`SELECT (SELECT coalesce(max(seq), 0) FROM live_act WHERE article = ?),
		(SELECT coalesce(max(posted), 0) FROM live_entry WHERE article = ? AND deleted = 0)`, key, key)
	if err != nil {
		return nil, err
	}
	l.Sequence, l.Latest = r.int(0), since(r.int(1))
	rows, err := tx.c.rows("SELECT data FROM live WHERE article = ?", key)
	if err != nil || len(rows) == 0 {
		return l, err
	}
	c, err := unpackCoverage(rows[0].blob(0))
	if err != nil {
		return nil, err
	}
	l.State, l.Stated, l.Changed, l.Began, l.Ended, l.Touched = c.state, c.seq, since(c.changed), since(c.began), since(c.ended), since(c.touched)
	l.Entries, l.Corrected, l.Language, l.Summary = int(c.count), int(c.corrected), c.language, []byte(c.fragment)
	return l, nil
}

// since is an instant, or none.
func since(at int64) time.Time {
	if at == 0 {
		return time.Time{}
	}
	return instant(at)
}

// LiveEntries are entries newest first, from an entry on.
func (tx *Tx) LiveEntries(id dateline.ID, from, limit int, withPinned bool) ([]LiveEntry, error) {
	if tx.then != nil {
		return tx.liveEntriesThen(id, from, limit, func(e *LiveEntry) bool { return withPinned || !e.Pinned })
	}
	key := packID(id)
	at, n := int64(1)<<62, int64(1)<<62
	if from > 0 {
		r, err := tx.c.one("SELECT public, number FROM live_entry WHERE article = ? AND number = ?", key, from)
		if err != nil {
			return nil, fmt.Errorf("entry %d of %.60s: %w", from, id, err)
		}
		at, n = r.int(0), r.int(1)
	}
	return tx.liveEntries(id, "SELECT "+liveColumns+` FROM live_entry e WHERE e.article = ? AND (e.public, e.number) <= (?, ?) AND e.pinned <= ?
		ORDER BY e.public DESC, e.number DESC LIMIT ?`, key, at, n, flag(withPinned), limit)
}

// LiveNewer finds the entry some places before another.
func (tx *Tx) LiveNewer(id dateline.ID, from, n int) (int, error) {
	rows, err := tx.c.rows(`SELECT e.number FROM live_entry e, live_entry f WHERE f.article = ? AND f.number = ? AND e.article = f.article
		AND (e.public, e.number) > (f.public, f.number) ORDER BY e.public, e.number LIMIT ?`, packID(id), from, n)
	if err != nil || len(rows) == 0 {
		return 0, err
	}
	return int(rows[len(rows)-1].int(0)), nil
}

// LivePinned are the pinned entries, newest first.
func (tx *Tx) LivePinned(id dateline.ID) ([]LiveEntry, error) {
	if tx.then != nil {
		return tx.liveEntriesThen(id, 0, maxPinned, func(e *LiveEntry) bool { return e.Pinned && !e.Removed() })
	}
	return tx.liveEntries(id, "SELECT "+liveColumns+` FROM live_entry e WHERE e.article = ? AND e.pinned = 1 AND e.deleted = 0
		ORDER BY e.public DESC, e.number DESC LIMIT ?`, packID(id), maxPinned)
}

// LiveKeys are the entries that tell the main events, newest first.
func (tx *Tx) LiveKeys(id dateline.ID, limit int) ([]LiveEntry, error) {
	if tx.then != nil {
		return tx.liveEntriesThen(id, 0, limit, func(e *LiveEntry) bool { return e.Key && !e.Removed() })
	}
	return tx.liveEntries(id, "SELECT "+liveColumns+` FROM live_entry e WHERE e.article = ? AND e.main = 1 AND e.deleted = 0
		ORDER BY e.public DESC, e.number DESC LIMIT ?`, packID(id), limit)
}

// LiveSince are the entries that changed after a sequence number, in the order of their changes.
func (tx *Tx) LiveSince(id dateline.ID, after int64, limit int) ([]LiveEntry, error) {
	return tx.liveEntries(id, "SELECT "+liveColumns+" FROM live_entry e WHERE e.article = ? AND e.seq > ? ORDER BY e.seq LIMIT ?", packID(id), after, limit)
}

// LiveAt is the newest act about a coverage at or before a sequence number.
func (tx *Tx) LiveAt(id dateline.ID, sequence int64) (int64, error) {
	r, err := tx.c.one("SELECT coalesce(max(seq), 0) FROM live_act WHERE article = ? AND seq <= ?", packID(id), sequence)
	if err != nil {
		return 0, err
	}
	return r.int(0), nil
}

// LiveLatest is the entry that was posted last of those readers can read.
func (tx *Tx) LiveLatest(id dateline.ID) (*LiveEntry, error) {
	list, err := tx.liveEntries(id, "SELECT "+liveColumns+` FROM live_entry e WHERE e.article = ? AND e.deleted = 0
		ORDER BY e.posted DESC, e.number DESC LIMIT 1`, packID(id))
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, ErrNotFound
	}
	return &list[0], nil
}

const onAirQuery = "SELECT article FROM live WHERE on_air = 1 ORDER BY article"

// OnAir are the live coverages that are live or paused.
func (tx *Tx) OnAir() ([]Card, error) {
	if tx.then != nil {
		return nil, nil
	}
	rows, err := tx.c.rows(onAirQuery)
	if err != nil {
		return nil, err
	}
	ids := make([]dateline.ID, len(rows))
	for i, r := range rows {
		ids[i] = unpackID(r.blob(0))
	}
	cards, err := tx.Cards(ids)
	slices.SortFunc(cards, func(a, b Card) int {
		return cmp.Or(b.First.Compare(a.First), strings.Compare(string(b.ID), string(a.ID)))
	})
	return cards[:min(len(cards), MaxOnAir)], err
}

// spoken is the text of all entries of a coverage that readers can read, in the order in which they were posted.
func (c *conn) spoken(codec *codec, id []byte) ([]keptLive, error) {
	rows, err := c.rows("SELECT z FROM live_entry WHERE article = ? AND deleted = 0 ORDER BY number", id)
	if err != nil {
		return nil, err
	}
	out := make([]keptLive, len(rows))
	for i, r := range rows {
		b, err := codec.inflate(r.blob(0))
		if err != nil {
			return nil, err
		}
		if out[i], err = openLive(b); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (tx *Tx) liveEntries(id dateline.ID, query string, args ...any) ([]LiveEntry, error) {
	rows, err := tx.c.rows(query, args...)
	if err != nil {
		return nil, err
	}
	out := make([]LiveEntry, len(rows))
	for i, r := range rows {
		if err := tx.unpackLive(&out[i], r); err != nil {
			return nil, fmt.Errorf("entry %d of %.60s: %w", r.int(0), id, err)
		}
		if err := tx.brokenOut(&out[i], id); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (tx *Tx) unpackLive(e *LiveEntry, r row) error {
	b, err := tx.shelf.codec.inflate(r.blob(5))
	if err != nil {
		return err
	}
	k, err := openLive(b)
	if err != nil {
		return err
	}
	e.LiveEntry, e.Modified, e.Text, e.Fragment = *k.body, instant(k.worded), k.text, k.fragment
	e.Public, e.Sequence, e.Made, e.Posted = instant(r.int(1)), r.int(2), r.int(3), instant(r.int(4))
	if e.LiveEntry.Corrected != "" {
		e.Corrected, err = record.ParseInstant(e.LiveEntry.Corrected)
	}
	return err
}

// brokenOut finds the article that was made of an entry, where readers can open one.
func (tx *Tx) brokenOut(e *LiveEntry, id dateline.ID) error {
	rows, err := tx.c.rows("SELECT made FROM origin WHERE article = ? AND number = ? ORDER BY made LIMIT 1", packID(id), e.Number)
	if err == nil && len(rows) > 0 {
		e.Out = unpackID(rows[0].blob(0))
	}
	return err
}
