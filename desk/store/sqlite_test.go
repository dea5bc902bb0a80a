package store

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
	"github.com/datelinehq/dateline/desk/storetest"
)

func openTest(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(t.Context(), path, storetest.NewClock(time.Date(2026, 3, 29, 12, 8, 0, 0, time.UTC)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// with runs f on the one writing connection, outside any transaction.
func (s *Store) with(t *testing.T, pool chan *conn, f func(*sql.Conn) error) {
	t.Helper()
	c := <-pool
	defer func() { pool <- c }()
	if err := f(c.c); err != nil {
		t.Fatal(err)
	}
}

func TestEveryConnectionKeepsItsPromises(t *testing.T) {
	// A folder's name may hold what addresses treat as their own.
	s := openTest(t, filepath.Join(t.TempDir(), "desk ?mode=memory&x=%41#.db"))
	for name, pool := range map[string]chan *conn{"writer": s.writer, "readers": s.readers} {
		for range cap(pool) {
			for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1", "busy_timeout": "5000", "secure_delete": "1"} {
				s.with(t, pool, func(c *sql.Conn) error {
					var got string
					if err := c.QueryRowContext(t.Context(), "PRAGMA "+pragma).Scan(&got); err != nil {
						return err
					}
					if got != want {
						t.Errorf("%s: %s is %s, want %s", name, pragma, got, want)
					}
					return nil
				})
			}
		}
	}
}

func TestFullDiskIsRefusedCleanly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "desk.db")
	s := openTest(t, path)
	pages := func(n string) {
		s.with(t, s.writer, func(c *sql.Conn) error {
			_, err := c.ExecContext(t.Context(), "PRAGMA max_page_count = "+n)
			return err
		})
	}
	pages("1") // as many as there are
	fill := func(tx desk.Tx) error { return tx.SaveSetting("large", strings.Repeat("a", 1<<20)) }
	err := s.Update(t.Context(), fill)
	if dateline.ErrorCode(err) != dateline.EUnavailable || !strings.Contains(err.Error(), "full") {
		t.Fatalf("a full disk answers %v", err)
	}
	pages("1000000")
	if err := s.Update(t.Context(), func(tx desk.Tx) error {
		if _, err := tx.FindSetting("large"); dateline.ErrorCode(err) != dateline.ENotFound {
			t.Errorf("half of it stayed: %v", err)
		}
		return fill(tx)
	}); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

func TestMeaningOfCodes(t *testing.T) {
	for code, want := range map[int]dateline.Code{
		sqlite3.SQLITE_CONSTRAINT_UNIQUE: dateline.EConflict, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY: dateline.EConflict,
		sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY: dateline.EInternal, sqlite3.SQLITE_BUSY: dateline.EUnavailable,
		sqlite3.SQLITE_BUSY_SNAPSHOT: dateline.EUnavailable, sqlite3.SQLITE_FULL: dateline.EUnavailable,
		sqlite3.SQLITE_READONLY: dateline.EUnavailable, sqlite3.SQLITE_CORRUPT: dateline.EInternal, sqlite3.SQLITE_IOERR: dateline.EUnavailable,
		sqlite3.SQLITE_IOERR_SHMSIZE: dateline.EUnavailable, sqlite3.SQLITE_CANTOPEN: dateline.EUnavailable,
	} {
		if got, message := meaning(code); got != want || message == "" {
			t.Errorf("code %d: %s, want %s", code, got, want)
		}
	}
}

func TestDamagedFileIsNamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "none", "desk.db")
	if s, err := Open(t.Context(), path, storetest.NewClock(time.Now())); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("a folder that is not there: %v, %v", s, err)
	}
	path = filepath.Join(t.TempDir(), "desk.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := Open(t.Context(), path, storetest.NewClock(time.Now()))
	if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("a file that is no database: %v, %v", s, err)
	}
}

func TestClosedStore(t *testing.T) {
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "desk.db"), storetest.NewClock(time.Now()))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	nothing := func(desk.Tx) error { return nil }
	for _, err := range []error{s.View(t.Context(), nothing), s.Update(t.Context(), nothing)} {
		if dateline.ErrorCode(err) != dateline.EUnavailable {
			t.Errorf("a closed store answers %v", err)
		}
	}
}

// Lists stay flat however large the archive is only while an index gives their order: no sorting, no full scan.
func TestListsUseAnIndex(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "desk.db"))
	for _, f := range []dateline.ArticleFilter{
		{}, {Readers: dateline.Unpublished}, {Readers: dateline.Published}, {Readers: dateline.Withdrawn}, {Draft: dateline.DraftNone},
		{Draft: dateline.DraftSubmitted}, {Section: "x"}, {Section: "x", Draft: dateline.DraftOpen}, {Kind: dateline.KindPage}, {Kind: dateline.KindArticle},
		{After: "1.x"}, {Draft: dateline.DraftOpen, After: "1.x"}, {Query: "harbour talks"}, {Query: "harbour", After: "1", Readers: dateline.Published},
	} {
		f.Limit = 50
		q := listQuery(f)
		if q.err != nil {
			t.Fatal(q.err)
		}
		s.with(t, s.readers, func(c *sql.Conn) error {
			return plan(t, c, q)
		})
	}
	for _, text := range []string{
		"SELECT id FROM articles WHERE due <= $1 ORDER BY due, id LIMIT 1",
		"SELECT due FROM articles WHERE due IS NOT NULL ORDER BY due LIMIT 1",
		"SELECT first, article FROM topic_uses WHERE topic = $1 AND first < $2 ORDER BY first DESC, article DESC LIMIT $3",
		"SELECT e.seq FROM entries e WHERE e.kind IN ('withdrawal', 'restoration') AND e.seq > $1 ORDER BY e.seq LIMIT $2",
		"SELECT n FROM audit WHERE n < $1 AND article = $3 AND article <> '' ORDER BY n DESC LIMIT $2",
	} {
		s.with(t, s.readers, func(c *sql.Conn) error {
			return plan(t, c, query{text: text, args: []any{"1", 1, "x"}[:strings.Count(text, "$")]})
		})
	}
}

func plan(t *testing.T, c *sql.Conn, q query) error {
	t.Helper()
	rows, err := c.QueryContext(context.WithoutCancel(t.Context()), "EXPLAIN QUERY PLAN "+q.text, q.args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id, parent, unused int
		var detail string
		if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
			return err
		}
		scan := strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "INDEX") && !strings.Contains(detail, "VIRTUAL TABLE")
		if strings.Contains(detail, "TEMP B-TREE") || scan {
			t.Errorf("%s\n\t%s", q.text, detail)
		}
	}
	return rows.Err()
}

// TestExamine: a whole file has no faults, and of a damaged one the table is named.
func TestExamine(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "desk.db")
	s, err := Open(ctx, path, desk.SystemClock{})
	if err != nil {
		t.Fatal(err)
	}
	var root int
	if err := s.db.QueryRow("SELECT rootpage FROM sqlite_schema WHERE name = 'articles'").Scan(&root); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if faults, err := Examine(ctx, path); err != nil || len(faults) > 0 {
		t.Fatalf("a whole file: %q, %v", faults, err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 4096 {
		raw[(root-1)*4096+i] = 0xa5
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	if faults, err := Examine(ctx, path); err != nil || len(faults) == 0 || !strings.HasPrefix(faults[0], "articles page ") {
		t.Errorf("the page of the articles is damaged: %q, %v", faults, err)
	}
	if _, err := Examine(ctx, filepath.Join(t.TempDir(), "none.db")); dateline.ErrorCode(err) != dateline.EUnavailable {
		t.Errorf("no file: %v", err)
	}
}

// TestTheAuditOnlyGrows: whoever has the database itself in hand can neither change a line nor take one away through SQL, but for
// what a removal takes out.
func TestTheAuditOnlyGrows(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "desk.db"))
	ctx := desk.From(t.Context(), &desk.Place{Address: "203.0.113.7", Device: "Typewriter", Session: "s1"})
	err := s.Update(ctx, func(tx desk.Tx) error {
		for range 2 {
			if err := tx.InsertAudit(desk.AuditLine{At: time.Unix(1780000000, 0), Actor: "elena", Role: dateline.RoleEditor, Act: dateline.ActPublish, Detail: "words"}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		"DELETE FROM audit", "DELETE FROM audit WHERE n = 1", "UPDATE audit SET actor = 'nobody'", "UPDATE audit SET at = 0", "UPDATE audit SET act = 'save'",
		"UPDATE audit SET detail = 'other'", "UPDATE audit SET address = '203.0.113.8'", "UPDATE audit SET n = 9", "UPDATE audit SET role = ''", "UPDATE audit SET seq = 4",
		"UPDATE audit SET article = 'x'", "UPDATE audit SET version = 3", "UPDATE audit SET tell = 'x'", "UPDATE audit SET session = 'x'", "UPDATE audit SET device = 'x'",
		"INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE n = 1",
		"INSERT INTO audit (n, at, actor, role, act, article, version, seq, detail, tell) VALUES (-5, 0, '', '', '', '', 0, 0, '', '')",
		"UPDATE OR REPLACE audit SET n = 2 WHERE n = 1",
	} {
		s.with(t, s.writer, func(c *sql.Conn) error {
			if _, err := c.ExecContext(context.WithoutCancel(t.Context()), statement); err == nil || !strings.Contains(err.Error(), "lines of the audit") {
				t.Errorf("%s: %v", statement, err)
			}
			return nil
		})
	}
	err = s.Update(t.Context(), func(tx desk.Tx) error {
		if n, err := tx.EmptyAudit(desk.NewWords("words")); err != nil || n != 2 {
			t.Errorf("%d were emptied, %v", n, err)
		}
		list, err := tx.FilterAudit(desk.AuditFilter{}, 9)
		if err != nil || len(list) != 2 || list[0].Detail != "removed" || list[0].Address != "203.0.113.7" || list[0].Session != "s1" || list[0].Actor != "elena" {
			t.Errorf("%+v, %v", list, err)
		}
		if n, err := tx.ForgetPlaces(time.Unix(1780000000, 0)); err != nil || n != 0 {
			t.Errorf("forgotten too early: %d, %v", n, err)
		}
		if n, err := tx.CountPlaces(time.Unix(1780000001, 0)); err != nil || n != 1 {
			t.Errorf("of the old there are %d, %v", n, err)
		}
		if n, err := tx.ForgetPlaces(time.Unix(1780000001, 0)); err != nil || n != 2 {
			t.Errorf("forgotten: %d, %v", n, err)
		}
		list, err = tx.FilterAudit(desk.AuditFilter{Actor: "elena", Act: dateline.ActPublish}, 9)
		if err != nil || len(list) != 2 || list[0].Address+list[0].Device+list[0].Session != "" || list[0].Number != 2 {
			t.Errorf("%+v, %v", list, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestAWordThatIsAKeyOfJSONTakesNoNote: a word goes from notes where somebody wrote it, not where Dateline calls a field so.
func TestAWordThatIsAKeyOfJSONTakesNoNote(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "desk.db"))
	const article = dateline.ID("0190abe1")
	notes := func(tx desk.Tx) []dateline.Note {
		list, err := tx.ListNotes(article)
		if err != nil {
			t.Fatal(err)
		}
		return list
	}
	err := s.Update(t.Context(), func(tx desk.Tx) error {
		for i, words := range []string{"Ask the pilot", "He said \"Don\", I think"} {
			n := dateline.Note{ID: []dateline.ID{"0190abe2", "0190abe3"}[i], Article: article, By: "elena", At: time.Unix(1780000000, 0).UTC(), Words: words,
				Answers: []dateline.Answer{{By: "paul", At: time.Unix(1780000100, 0).UTC(), Words: "By noon"}}, Done: &dateline.Decision{By: "elena"}}
			if err := tx.InsertNote(&n); err != nil {
				return err
			}
		}
		for _, key := range []string{"Word", "Article", "Answer"} {
			if err := tx.RemoveRemarks(article, desk.NewWords(key)); err != nil {
				return err
			}
			if list, err := tx.Holding(desk.NewWords(key)); err != nil || len(list) != 0 {
				t.Errorf("%s stands in %+v, %v", key, list, err)
			}
		}
		if n := len(notes(tx)); n != 2 {
			t.Errorf("%d notes are left of 2, of which none says a field's name", n)
		}
		if err := tx.RemoveRemarks(article, desk.NewWords("\"Don\", I")); err != nil {
			return err
		}
		if list := notes(tx); len(list) != 1 || list[0].Words != "Ask the pilot" {
			t.Errorf("after the words were taken out: %+v", list)
		}
		return tx.RemoveRemarks(article, desk.NewWords("by NOON"))
	})
	if err != nil {
		t.Fatal(err)
	}
	err = s.View(t.Context(), func(tx desk.Tx) error {
		if list := notes(tx); len(list) != 0 {
			t.Errorf("an answer's words are left: %+v", list)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAWordThatIsAKeyOfJSONEmptiesNothing: a person may be called what Dateline calls its own things.
func TestAWordThatIsAKeyOfJSONEmptiesNothing(t *testing.T) {
	s := openTest(t, filepath.Join(t.TempDir(), "desk.db"))
	names := []string{"Sai", "Said", "Val", "Mat", "Tex", "Pic", "Path", "Fie", "Alt", "Nam", "Sta", "Jso", "Abe"}
	about := func(detail dateline.Sentence, name, before string) desk.AuditLine {
		l := desk.AuditLine{At: time.Unix(1780000000, 0), Actor: "elena", Role: dateline.RoleEditor, Act: dateline.ActDescribe}
		l.LineMore = desk.LineMore{State: &desk.ArticleState{Readers: dateline.Published},
			Picture: &desk.PictureChange{ID: "0190abe0", Name: name, Version: 2, Fields: []desk.FieldChange{{Path: "picture.alt", Of: "ferry", Before: before, After: "A pier"}}}}
		l.Say(detail)
		return l
	}
	err := s.Update(t.Context(), func(tx desk.Tx) error {
		if err := tx.InsertAudit(about(dateline.Say("until %s", "noon"), "ferry.jpg", "A boat")); err != nil {
			return err
		}
		p := dateline.Picture{ID: "0190abe0", Hash: "abe0", Format: "png", Served: "png", Name: "ferry", Version: 1}
		if err := tx.InsertPictureState(desk.PictureState{Picture: p}); err != nil {
			return err
		}
		p.Version = 2
		return tx.Pictures().Insert(&p)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		words := desk.NewWords(name)
		err := s.Update(t.Context(), func(tx desk.Tx) error {
			for i, l := range []desk.AuditLine{about(dateline.Say("until %s%s", "noon", " ("+name+")"), "", ""), about(dateline.Say("until %s", "noon"), name+".jpg", ""),
				about(dateline.Say("until %s", "noon"), "", "Of \""+name+"\" & others")} {
				if err := tx.InsertAudit(l); err != nil {
					return err
				}
				list, err := tx.Holding(words)
				if err != nil {
					return err
				}
				if list = slices.DeleteFunc(list, func(h desk.Holder) bool { return h.What == "picture" }); len(list) != 1 || list[0].What != "audit line" {
					t.Errorf("%s %d stands in %+v", name, i, list)
				}
				if n, err := tx.EmptyAudit(words); err != nil || n != 1 {
					t.Errorf("%s %d: %d lines were emptied, %v", name, i, n, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	err = s.View(t.Context(), func(tx desk.Tx) error {
		lines, err := tx.FilterAudit(desk.AuditFilter{}, 100)
		if err != nil {
			return err
		}
		left := slices.DeleteFunc(lines, func(l desk.AuditLine) bool {
			return l.Detail == "removed" && l.State == nil && l.Picture == nil && l.Said.String() == "removed"
		})
		if len(left) != 1 || left[0].Number != 1 || left[0].State == nil || left[0].Picture == nil || left[0].Said == nil {
			t.Errorf("left are %+v", left)
		}
		states, err := tx.ListPictureStates("0190abe0", 0, 9)
		if err != nil || len(states) != 1 {
			t.Errorf("states: %+v, %v", states, err)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// TestChangesShareACommit: those who wait for the writer are committed together, so many at a time and in no other's way.
func TestChangesShareACommit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openTest(t, filepath.Join(t.TempDir(), "desk.db"))
		const all = togetherMost + 8
		held := <-s.writer
		var wait sync.WaitGroup
		var seen []int // by each change, of those before it, from outside
		for i := range all {
			wait.Go(func() {
				if err := s.Together(t.Context(), func(tx desk.Tx) error {
					committed := 0
					if err := s.View(t.Context(), func(tx desk.Tx) error {
						lines, err := tx.ListAudit("", 0, 200)
						committed = len(lines)
						return err
					}); err != nil {
						return err
					}
					seen = append(seen, committed)
					return tx.InsertAudit(desk.AuditLine{Actor: strconv.Itoa(i)})
				}); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait() // all of them wait for the writer now
		s.writer <- held
		wait.Wait()
		want := append(slices.Repeat([]int{0}, togetherMost), slices.Repeat([]int{togetherMost}, 8)...)
		if !slices.Equal(seen, want) {
			t.Errorf("each saw committed %v, want %v", seen, want)
		}
	})
}

// TestChangesShareAFailure: where the database loses the transaction, none of those who share it is acknowledged.
func TestChangesShareAFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := openTest(t, filepath.Join(t.TempDir(), "desk.db"))
		held := <-s.writer
		answers := make([]error, 6)
		var wait sync.WaitGroup
		for i := range answers {
			wait.Go(func() {
				answers[i] = s.Together(t.Context(), func(tx desk.Tx) error {
					if i == 3 {
						return s.lose(tx)
					}
					return tx.SaveSetting(strconv.Itoa(i), "kept")
				})
			})
		}
		synctest.Wait()
		s.writer <- held
		wait.Wait()
		lost := 0
		if err := s.View(t.Context(), func(tx desk.Tx) error {
			for i, answer := range answers {
				_, err := tx.FindSetting(strconv.Itoa(i))
				if (answer == nil) != (err == nil) {
					t.Errorf("change %d was answered %v and left %v", i, answer, err)
				}
				if answer != nil {
					lost++
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		if answers[3] == nil || lost == 0 {
			t.Errorf("nothing was lost: %v", answers)
		}
		if err := s.Together(t.Context(), func(tx desk.Tx) error { return tx.SaveSetting("after", "kept") }); err != nil {
			t.Error(err)
		}
	})
}

// lose ends a transaction behind its back, as the database does when the disk fails it, and goes on as if nothing had been.
func (s *Store) lose(t desk.Tx) error { return t.(*tx).c.run("ROLLBACK") }
