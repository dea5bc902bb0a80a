package shelf_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
	"github.com/datelinehq/dateline/render"
	"github.com/datelinehq/dateline/site"
	"github.com/datelinehq/dateline/site/export"
	"github.com/datelinehq/dateline/site/press"
	"github.com/datelinehq/dateline/site/shelf"
)

// drawing plays the workshop: each rendition is its own name.
type drawing struct{}

func (drawing) Rendition(_ context.Context, h blob.Hash, o media.Order) (media.Rendered, error) {
	format := o.Format
	if format == "" {
		format = media.JPEG
	}
	return media.Rendered{Name: "x", Format: format, Body: fmt.Appendf(nil, "%s %d %v", h, o.Width, o.Crop)}, nil
}

// written writes the site of a shelf into a folder, as a process of its own does. It is interrupted after so many answers; 0 for never.
func written(t *testing.T, h *shelf.History, dir string, most int64) (r export.Report) {
	t.Helper()
	still := site.New(site.Config{Shelf: h, Renderer: render.New(render.Options{Record: "/record/checkpoint"}), Pictures: drawing{}, Now: h.Now, Still: true, CacheBytes: 1 << 20,
		Failed: func(err error) { t.Error(err) }})
	defer still.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var asked atomic.Int64
	o := export.Options{Dir: dir, Workers: 2, Serve: func(ctx context.Context, req *press.Request) (press.Response, []string) {
		if asked.Add(1) == most {
			cancel()
		}
		return still.Written(ctx, req)
	}}
	view := func(f func(tx *shelf.Tx) error) error { return h.View(t.Context(), f) }
	o.More = func(tell func(string) error) error {
		return view(func(tx *shelf.Tx) error { return tx.OldAddresses(tell) })
	}
	o.Since = func(m export.Mark) (hashes []uint32, known bool, err error) {
		err = view(func(tx *shelf.Tx) error {
			hashes, known, err = export.TouchedSince(tx, m, o.Of)
			return err
		})
		return hashes, known, err
	}
	if err := view(func(tx *shelf.Tx) (err error) {
		o.Of, o.Origin, err = export.MarkOf(tx, h.Now())
		return err
	}); err != nil {
		t.Fatal(err)
	}
	r, err := export.Run(ctx, o)
	if err != nil && (most == 0 || !errors.Is(err, context.Canceled)) {
		t.Fatal(err)
	}
	return r
}

// contents are the files of a folder with what they hold, the export's marks aside.
func contents(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || strings.HasPrefix(e.Name(), export.MarkName) {
			return err
		}
		files[path[len(dir):]], err = os.ReadFile(path)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return files
}

// TestFilesWrittenOnAreThoseWrittenAnew: whatever happens between runs, and wherever a run is interrupted, a folder that is written on
// holds byte for byte the files of one that is written anew, although most pages are not asked for again.
func TestFilesWrittenOnAreThoseWrittenAnew(t *testing.T) {
	for seed := range uint64(3) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			h := shelf.NewHistory(t, 60+seed)
			h.Acts(t, 60*int(seed+1))
			dir, spared := filepath.Join(t.TempDir(), "on"), int64(0)
			for round := range 12 {
				anew := filepath.Join(t.TempDir(), fmt.Sprint(round))
				on, whole := written(t, h, dir, 0), written(t, h, anew, 0)
				got, want := contents(t, dir), contents(t, anew)
				for name, file := range want {
					if have, there := got[name]; !there || !bytes.Equal(have, file) {
						t.Errorf("round %d: %s is %q, want %q", round, name, have, file)
					}
				}
				for name := range got {
					if _, there := want[name]; !there {
						t.Errorf("round %d: %s is left", round, name)
					}
				}
				if t.Failed() {
					return
				}
				if on.Files != whole.Files || on.Bytes != whole.Bytes || on.Files != int64(len(want)) {
					t.Errorf("round %d: the reports say %+v and %+v", round, on, whole)
				}
				spared += whole.Made - on.Made
				if err := os.RemoveAll(anew); err != nil {
					t.Fatal(err)
				}
				happens(t, h, dir)
			}
			if spared <= 0 {
				t.Errorf("%d answers were spared", spared)
			}
		})
	}
}

// happens lets something happen between two runs.
func happens(t *testing.T, h *shelf.History, dir string) {
	switch h.Below(8) {
	case 0:
		h.Arranges(t)
	case 1:
		h.Pass(time.Duration(h.Below(72)) * time.Hour)
	case 2: // a run that is interrupted, after which something is taken down or comes back
		h.Acts(t, 2)
		written(t, h, dir, int64(1+h.Below(60)))
	case 3:
		h.Anew(t)
	case 4: // somebody takes a file away, and leaves one of his own
		if err := errors.Join(os.Remove(filepath.Join(dir, "archive", "index.html")), os.WriteFile(filepath.Join(dir, "mine.txt"), []byte("x"), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	h.Acts(t, 1+h.Below(3))
}
