package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/datelinehq/dateline"
)

// nothingOpen says that a ROLLBACK found no transaction: SQLite ended it itself, as it does when the disk is full.
func nothingOpen(err error) bool {
	var driver *sqlite.Error
	return errors.As(err, &driver) && driver.Code() == sqlite3.SQLITE_ERROR
}

// translate gives an error of the driver its code, once and by number.
func translate(err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return &dateline.Error{Code: dateline.ENotFound, Message: "there is no such thing"}
	}
	var known *dateline.Error
	if errors.As(err, &known) {
		return err
	}
	var driver *sqlite.Error
	if !errors.As(err, &driver) {
		return &dateline.Error{Code: dateline.EInternal, Message: "the newsroom's database failed", Cause: err}
	}
	code, message := meaning(driver.Code())
	return &dateline.Error{Code: code, Message: message, Cause: err}
}

// Failed says that an error is of the database's file or its disk, and not of what was asked of it.
func Failed(err error) bool {
	var driver *sqlite.Error
	if !errors.As(err, &driver) {
		return false
	}
	switch driver.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN:
		return true
	}
	return false
}

// mostFaults is how many faults of a damaged file are told.
const mostFaults = 8

// Examine looks through a whole database for damage without changing it, and tells what it finds, such as "articles page 45 cell 3: …".
// It reads every page.
func Examine(ctx context.Context, path string) (faults []string, err error) {
	full, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", (&url.URL{Scheme: "file", Path: filepath.ToSlash(full), RawQuery: "mode=ro&_pragma=busy_timeout(5000)"}).String())
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, "PRAGMA integrity_check("+strconv.Itoa(mostFaults)+")")
	if err != nil {
		return asFault(err)
	}
	defer rows.Close()
	for rows.Next() {
		var fault string
		if err := rows.Scan(&fault); err != nil {
			return asFault(err)
		}
		if fault != "ok" {
			faults = append(faults, fault)
		}
	}
	if err := rows.Err(); err != nil {
		more, err := asFault(err)
		if err != nil {
			return nil, err
		}
		faults = append(faults, more...)
	}
	for i, fault := range faults {
		faults[i] = tree.ReplaceAllStringFunc(strings.TrimPrefix(fault, "*** in database main ***\n"), func(named string) string {
			var name string
			if db.QueryRowContext(ctx, "SELECT name FROM sqlite_schema WHERE rootpage = ?", named[len("Tree "):]).Scan(&name) != nil {
				return named // the schema is damaged too
			}
			return name
		})
	}
	return faults, nil
}

// tree is how SQLite names a table or an index that is damaged: by the page of its root.
var tree = regexp.MustCompile(`(?m)^Tree \d+`)

// asFault tells damage that is met before the file can be looked through.
func asFault(err error) ([]string, error) {
	var driver *sqlite.Error
	if errors.As(err, &driver) && (driver.Code()&0xff == sqlite3.SQLITE_CORRUPT || driver.Code()&0xff == sqlite3.SQLITE_NOTADB) {
		return []string{driver.Error()}, nil
	}
	return nil, translate(err)
}

// at says in which file an error of opening it lies.
func at(path string, err error) error {
	var e *dateline.Error
	if !errors.As(translate(err), &e) {
		return err
	}
	return &dateline.Error{Code: e.Code, Message: path + ": " + e.Message, Cause: err}
}

func meaning(code int) (dateline.Code, string) {
	switch code {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
		return dateline.EConflict, "it is there already"
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return dateline.EInternal, "something names a thing that is not there"
	}
	if code == sqlite3.SQLITE_IOERR_SHMSIZE { // what a full disk answers where a first connection asks for room
		code = sqlite3.SQLITE_FULL
	}
	switch code & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return dateline.EUnavailable, "another program holds the newsroom's database; try again, or stop that program"
	case sqlite3.SQLITE_FULL:
		return dateline.EUnavailable, "the newsroom's disk is full: nothing was changed; make room and try again"
	case sqlite3.SQLITE_READONLY:
		return dateline.EUnavailable, "the newsroom's database cannot be written to: look at the owner and the rights of its folder, and whether its disk can be written to"
	case sqlite3.SQLITE_CANTOPEN:
		return dateline.EUnavailable, "the newsroom's database cannot be opened: look at the owner and the rights of its folder, and whether its disk can be written to"
	case sqlite3.SQLITE_IOERR:
		return dateline.EUnavailable, "the newsroom's disk answers with an error, so nothing is saved: tell whoever keeps the machine to look at the disk and at the system's log"
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return dateline.EInternal, "the newsroom's database is damaged; restore it from a backup"
	}
	return dateline.EInternal, "the newsroom's database failed"
}
