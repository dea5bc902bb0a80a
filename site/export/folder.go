package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/datelinehq/dateline"
)

// MarkName is the file by which a folder is known for an export's.
const MarkName = ".dateline-export"

// partSuffix ends the name of a file that is being written.
const partSuffix = ".part"

// Mark is what the pages of a paper depend on.
type Mark struct {
	Paper    string `json:"paper"`    // the publication's id
	Position int64  `json:"position"` // of the record
	Entry    string `json:"entry"`    // which entry stands there
	Record   string `json:"record"`   // the newest checkpoint
	Day      string `json:"day"`      // the local date: the news sitemap and what lies ahead in stories go by it
	Zone     string `json:"zone"`     // what the paper's zone is called on it, which every page says
	Program  string `json:"program"`
}

// several stands for the local date where interrupted runs were of more than one.
const several = "several"

// state is what the mark's file says of the last run. Of one that was interrupted the mark is that which it began to write.
type state struct {
	Mark
	Done  bool     `json:"done"` // and all of it is on disk
	Files int64    `json:"files"`
	Bytes int64    `json:"bytes"`
	Left  []string `json:"left,omitempty"`
}

// folder is an export's folder, which this run alone works in.
type folder struct {
	dir  string
	lock *os.File
	last state
}

// open takes a folder. It is EConflict where it holds something else, EUnavailable while another run works in it.
func open(dir, paper string) (f *folder, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "%s cannot be made: %v", dir, err)
	}
	f = &folder{dir: filepath.Clean(dir)}
	if f.lock, err = os.Open(dir); err != nil {
		return nil, dateline.Errorf(dateline.EInvalid, "%s cannot be read: %v", dir, err)
	}
	if err := f.take(paper); err != nil {
		return nil, errors.Join(err, f.close())
	}
	return f, nil
}

// take locks the folder and reads what its mark says.
func (f *folder) take(paper string) error {
	if err := syscall.Flock(int(f.lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return dateline.Errorf(dateline.EUnavailable, "another export writes into %s: wait until it has finished", f.dir)
	}
	b, err := os.ReadFile(f.path(MarkName))
	if errors.Is(err, fs.ErrNotExist) {
		return f.unused()
	}
	if err != nil {
		return dateline.Errorf(dateline.EInvalid, "%s cannot be read: %v", f.path(MarkName), err)
	}
	if err := json.Unmarshal(b, &f.last); err != nil {
		return dateline.Errorf(dateline.EConflict, "%s is damaged (%v): take the folder away, or name another", f.path(MarkName), err)
	}
	if f.last.Paper != paper {
		return dateline.Errorf(dateline.EConflict, "%s is the export of another paper: name a folder of its own for this one", f.dir)
	}
	return nil
}

// unused refuses a folder that holds what an export did not write.
func (f *folder) unused() error {
	names, err := f.lock.Readdirnames(1)
	if errors.Is(err, io.EOF) {
		return nil
	}
	if err != nil {
		return dateline.Errorf(dateline.EInvalid, "%s cannot be read: %v", f.dir, err)
	}
	return dateline.Errorf(dateline.EConflict, "%s holds %s, which no export wrote: what an export does not write it takes away, so name an empty or a new folder", f.dir, names[0])
}

func (f *folder) path(name string) string { return filepath.Join(f.dir, filepath.FromSlash(name)) }

// Forget makes a folder look to the next run as one does that a run of another program wrote: every page is made and compared.
func Forget(dir string) error {
	f := &folder{dir: dir}
	b, err := os.ReadFile(f.path(MarkName))
	if err == nil {
		err = json.Unmarshal(b, &f.last)
	}
	if err != nil {
		return err
	}
	f.last.Done = false
	return errors.Join(f.forget(), f.mark())
}

// begin notes that the folder is neither what it was nor what it is to be.
func (f *folder) begin(of Mark) error {
	if f.last.Paper != "" && !f.last.Done && f.last.Day != of.Day {
		of.Day = several
	}
	f.last.Mark, f.last.Done = of, false
	return f.mark()
}

// done notes what a run ended with. All of it is on disk.
func (f *folder) done(s state) error {
	f.last, f.last.Done = s, true
	return f.mark()
}

func (f *folder) mark() error {
	b, err := json.MarshalIndent(f.last, "", "  ")
	if err != nil {
		return err
	}
	return f.replace(f.path(MarkName), append(b, '\n'), true)
}

// has gives the size of a file that is not empty.
func (f *folder) has(name string) (size int64, ok bool) {
	info, err := os.Stat(f.path(name))
	if err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
		return 0, false
	}
	return info.Size(), true
}

// write gives a file its content, and says whether it had another. A lasting one, which no later run looks into again, is waited for.
func (f *folder) write(name string, body []byte, lasting bool) (wrote bool, err error) {
	path := f.path(name)
	if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && info.Size() == int64(len(body)) {
		if was, err := os.ReadFile(path); err == nil && bytes.Equal(was, body) {
			return false, nil
		}
	}
	err = f.replace(path, body, lasting)
	if errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(path), 0o755); err == nil {
			err = f.replace(path, body, lasting)
		}
	}
	return true, err
}

// replace puts a file in the place of another, so that whoever reads meanwhile gets the one or the other, whole.
func (f *folder) replace(path string, body []byte, wait bool) error {
	return f.replaceBy(path, wait, func(w io.Writer) error {
		_, err := w.Write(body)
		return err
	})
}

func (f *folder) replaceBy(path string, wait bool, write func(io.Writer) error) (err error) {
	part := path + partSuffix
	file, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return err
	}
	if err = write(file); err == nil && wait {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		return errors.Join(f.refusal(path, err), os.Remove(part))
	}
	return nil
}

// refusal says why a file cannot be written.
func (f *folder) refusal(path string, err error) error {
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return dateline.Errorf(dateline.EUnavailable, "there is no room for %s: make some and run it again, it goes on from here", path)
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		return dateline.Errorf(dateline.EInvalid, "%s may not be written by whoever runs this (%v): change the folder's owner or rights, or name another folder", path, err)
	}
	return fmt.Errorf("write %s: %w", path, err)
}

// names calls f with the name of each file that lies in the folder, the export's own marks aside.
func (f *folder) names(each func(name string) error) error {
	return f.walk(func(name, _ string, e fs.DirEntry) error {
		if e.IsDir() {
			return nil
		}
		return each(name)
	})
}

// walk calls f with the name and path of each file and folder, the export's own marks aside.
func (f *folder) walk(each func(name, path string, e fs.DirEntry) error) error {
	return filepath.WalkDir(f.dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || path == f.dir {
			return err
		}
		name := filepath.ToSlash(path[len(f.dir)+1:])
		if strings.HasPrefix(name, MarkName) {
			return nil
		}
		return each(name, path, e)
	})
}

// tidy takes away every file that is not to stay, and the folders that are empty then, and counts the files.
func (f *folder) tidy(stays func(name string) bool) (removed int64, err error) {
	var folders []string
	err = f.walk(func(name, path string, e fs.DirEntry) error {
		if e.IsDir() {
			folders = append(folders, path)
			return nil
		}
		if stays(name) {
			return nil
		}
		if err := os.Remove(path); err != nil {
			return err
		}
		if !strings.HasSuffix(name, partSuffix) {
			removed++
		}
		return nil
	})
	if err != nil || removed == 0 {
		return removed, err
	}
	for i := len(folders) - 1; i >= 0; i-- { // those within others first
		if err := os.Remove(folders[i]); err != nil && !errors.Is(err, fs.ErrExist) && !errors.Is(err, syscall.ENOTEMPTY) {
			return removed, err
		}
	}
	return removed, nil
}

func (f *folder) close() error { return f.lock.Close() }
