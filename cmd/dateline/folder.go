package main

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/datelinehq/dateline"
)

// folder is a newsroom on disk.
//
//	desk.db      the desk's database; the record is its table entries
//	tombstones   what was withdrawn, without words
//	blobs/       pictures under their hash
//	key          the signing key; only its owner may read it
//	seal         what seals second factors; there once the key was rotated, of which it is derived before
//	tls/         certificates that were fetched, with their keys, and the names they are for; only its owner may read it
//	site/        the shelf, its tombstones and the public pictures: all of it can be made again
//	dateline.sock, dateline.lock   while a server runs
type folder string

func (f folder) path(parts ...string) string {
	return filepath.Join(append([]string{string(f)}, parts...)...)
}

func (f folder) database() string     { return f.path("desk.db") }
func (f folder) tombstones() string   { return f.path("tombstones") }
func (f folder) blobs() string        { return f.path("blobs") }
func (f folder) key() string          { return f.path("key") }
func (f folder) site() string         { return f.path("site") }
func (f folder) certificates() string { return f.path("tls") }
func (f folder) names() string        { return f.path("tls", "names") }
func (f folder) reads() string        { return f.path("site", "reads") }
func (f folder) socket() string       { return f.path("dateline.sock") }

// exists says whether a newsroom is in the folder.
func (f folder) exists() bool {
	_, err := os.Stat(f.database())
	return err == nil
}

// mustExist refuses a folder without a newsroom.
func (f folder) mustExist() error {
	if f.exists() {
		return nil
	}
	return dateline.Errorf(dateline.ENotFound, "there is no newsroom in %s: make one with `dateline init --dir %s`, or name another folder with --dir", f.name(), f.name())
}

func (f folder) name() string {
	abs, err := filepath.Abs(string(f))
	if err != nil {
		return string(f)
	}
	return abs
}

// unused refuses a folder that holds anything, so that init never mixes a newsroom with something else.
func (f folder) unused() error {
	entries, err := os.ReadDir(string(f))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return dateline.Errorf(dateline.EInvalid, "%s cannot be read: %v", f.name(), err)
	}
	for _, e := range entries {
		if e.Name() != "dateline.lock" {
			return dateline.Errorf(dateline.EConflict, "%s is in use (it holds %s): choose an empty or a new folder with --dir", f.name(), e.Name())
		}
	}
	return nil
}

// lock takes the folder for this process until the returned function is called. It is EUnavailable while another has it.
func (f folder) lock() (release func(), err error) {
	if err := os.MkdirAll(string(f), 0o750); err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "%s cannot be made: %v", f.name(), err)
	}
	file, err := os.OpenFile(f.path("dateline.lock"), os.O_CREATE|os.O_RDWR, 0o640)
	if err != nil {
		return nil, dateline.Errorf(dateline.EInternal, "%s cannot be written to: %v; look at the rights of the folder and at its disk, and start again", f.name(), err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := os.ReadFile(f.path("dateline.lock"))
		file.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, dateline.Errorf(dateline.EUnavailable, "another dateline works in %s (process %s): wait until it has finished, or stop it", f.name(), strings.TrimSpace(string(holder)))
		}
		return nil, fmt.Errorf("lock %s: %w", f.name(), err)
	}
	if err := file.Truncate(0); err == nil {
		_, _ = fmt.Fprintf(file, "%d\n", os.Getpid())
	}
	return func() { file.Close() }, nil
}

// longestSocket is how long a socket's path may be on the systems that Dateline runs on, in bytes.
const longestSocket = 103

// listen answers on the folder's socket. The lock must be held: a socket that is there is that of a program that was killed.
func (f folder) listen() (net.Listener, error) {
	if n := len(f.socket()); n > longestSocket {
		return nil, dateline.Errorf(dateline.EInvalid, "the path %s has %d bytes, and a socket's has %d at most: start in a folder nearer to it, or move the newsroom", f.socket(), n, longestSocket)
	}
	if err := os.Remove(f.socket()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("take away the old socket: %w", err)
	}
	l, err := net.Listen("unix", f.socket())
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", f.socket(), err)
	}
	return l, nil
}

// readKey reads the signing key.
func (f folder) readKey() (string, error) {
	b, err := os.ReadFile(f.key())
	if err != nil {
		return "", dateline.Errorf(dateline.EInternal, "the signing key %s cannot be read: %v; without it nothing can be published, so put it back from a backup", f.key(), err)
	}
	return strings.TrimSpace(string(b)), nil
}

// writeKey keeps the signing key where only its owner may read it.
func (f folder) writeKey(secret string) error { return writeSecret(f.key(), secret) }

// writeSecret writes a new file that only its owner may read.
func writeSecret(path, secret string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write a secret: %w", err)
	}
	_, err = file.WriteString(secret + "\n")
	return errors.Join(err, file.Sync(), file.Close(), syncFolder(filepath.Dir(path)))
}

// sync waits until the names in the folder, and its own, are on disk: a file whose bytes were synced is lost with its name.
func (f folder) sync() error {
	err := syncFolder(filepath.Dir(f.name()))
	if errors.Is(err, fs.ErrPermission) {
		err = nil // whoever made the folder there keeps its name
	}
	return errors.Join(syncFolder(string(f)), err)
}

func syncFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
