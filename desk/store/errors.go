package store

import (
	"database/sql"
	"errors"

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
		return dateline.EInternal, "the disk of the newsroom's database answers with an error: look at it and at the system's log before anything else"
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return dateline.EInternal, "the newsroom's database is damaged; restore it from a backup"
	}
	return dateline.EInternal, "the newsroom's database failed"
}
