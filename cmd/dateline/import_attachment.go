package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/wire/wxr"
)

// attachments keeps what an export says of its attachments, which may stand before or after the posts that show them. The
// words lie in a file that is gone when the import ends; memory holds where each lies.
type attachments struct {
	file   *os.File
	out    *bufio.Writer
	size   int64
	places []place // by number once they are settled
	parent []int32 // the same by the post they were uploaded to
}

// place is where an attachment's words lie.
type place struct {
	id, parent, at int64
	length         int32
}

// maxAttachments bounds the memory for places: 80 MB.
const maxAttachments = 2_000_000

func newAttachments() (*attachments, error) {
	f, err := os.CreateTemp("", "dateline-import-*")
	if err != nil {
		return nil, dateline.Errorf(dateline.EUnavailable, "the import needs a file for its notes: %v", err)
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("make a file for the import's notes: %w", err), f.Close())
	}
	return &attachments{file: f, out: bufio.NewWriterSize(f, 64<<10)}, nil
}

// Close drops what is kept.
func (a *attachments) Close() error { return a.file.Close() }

// add keeps an attachment.
func (a *attachments) add(x wxr.Attachment) error {
	if len(a.places) >= maxAttachments {
		return &wxr.Error{Line: x.Line, What: fmt.Sprintf("the export has more than %d attachments", maxAttachments), Hint: "Export the site in parts, by year, and import them one by one."}
	}
	b, err := json.Marshal(x)
	if err != nil {
		return fmt.Errorf("keep attachment %d: %w", x.ID, err)
	}
	if _, err := a.out.Write(b); err != nil {
		return dateline.Errorf(dateline.EUnavailable, "the import's notes cannot be written: %v", err)
	}
	a.places = append(a.places, place{x.ID, x.Parent, a.size, int32(len(b))})
	a.size += int64(len(b))
	return nil
}

// settle makes what was added to be found.
func (a *attachments) settle() error {
	if err := a.out.Flush(); err != nil {
		return dateline.Errorf(dateline.EUnavailable, "the import's notes cannot be written: %v", err)
	}
	slices.SortStableFunc(a.places, func(x, y place) int { return cmp.Compare(x.id, y.id) })
	a.parent = make([]int32, len(a.places))
	for i := range a.parent {
		a.parent[i] = int32(i)
	}
	slices.SortStableFunc(a.parent, func(x, y int32) int { return cmp.Compare(a.places[x].parent, a.places[y].parent) })
	return nil
}

// find returns an attachment by its number. What cannot be read back counts as absent: the text then names the picture by
// its address alone.
func (a *attachments) find(id int64) (x wxr.Attachment, ok bool) {
	i, found := slices.BinarySearchFunc(a.places, id, func(p place, id int64) int { return cmp.Compare(p.id, id) })
	if !found || id == 0 {
		return x, false
	}
	b := make([]byte, a.places[i].length)
	if _, err := a.file.ReadAt(b, a.places[i].at); err != nil {
		return x, false
	}
	return x, json.Unmarshal(b, &x) == nil
}

// maxAttached bounds the pictures of a gallery that names none.
const maxAttached = 500

// of lists the numbers of what was uploaded to a post.
func (a *attachments) of(post int64) (ids []int64) {
	if post == 0 {
		return nil
	}
	i, _ := slices.BinarySearchFunc(a.parent, post, func(n int32, post int64) int { return cmp.Compare(a.places[n].parent, post) })
	for ; i < len(a.parent) && a.places[a.parent[i]].parent == post && len(ids) < maxAttached; i++ {
		ids = append(ids, a.places[a.parent[i]].id)
	}
	return ids
}
