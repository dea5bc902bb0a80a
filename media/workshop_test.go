package media

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"github.com/datelinehq/dateline/media/blob"
)

// workshop returns a Workshop with the folder of its renditions and its store.
func workshop(t *testing.T) (*Workshop, string, *blob.Disk) {
	t.Helper()
	originals, err := blob.OpenDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "renditions")
	w, err := NewWorkshop(originals, dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Close(); originals.Close() })
	return w, dir, originals
}

func intake(t *testing.T, w *Workshop, data []byte) Info {
	t.Helper()
	info, err := w.Intake(t.Context(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return info
}

// filesIn returns the names of all files under a folder.
func filesIn(t *testing.T, dir string) (names []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, d.Name())
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func TestIntakeKeepsTheOriginal(t *testing.T) {
	w, _, originals := workshop(t)
	data := jpegBytes(t, photograph(600, 400))
	info := intake(t, w, data)
	if info.Hash != blob.Sum(data) || info.Width != 600 || info.Height != 400 {
		t.Errorf("%+v", info)
	}
	if err := blob.Verify(t.Context(), originals, info.Hash); err != nil {
		t.Error(err)
	}
	_, err := w.Intake(t.Context(), strings.NewReader("<svg/>"))
	var refused *RefusedError
	if !errors.As(err, &refused) {
		t.Errorf("SVG: %v", err)
	}
	if ok, _ := originals.Has(t.Context(), blob.Sum([]byte("<svg/>"))); ok {
		t.Error("what was refused is kept")
	}
}

func TestRenditionsAreMadeOnceAndKept(t *testing.T) {
	w, dir, originals := workshop(t)
	photo, plan := intake(t, w, jpegBytes(t, photograph(600, 400))), intake(t, w, pngBytes(t, drawing(600, 400, true)))
	for _, info := range []Info{photo, plan} {
		for _, width := range WidthsFor(info.Width) {
			r, err := w.Rendition(t.Context(), info.Hash, Order{Width: width})
			if err != nil {
				t.Fatal(err)
			}
			if want := string(info.Hash) + "-" + strconv.Itoa(width) + "." + info.Served.Ext(); r.Name != want || r.Format != info.Served {
				t.Errorf("%s as %s, want %s as %s", r.Name, r.Format, want, info.Served)
			}
			if size := decoded(t, r.Body).Bounds().Size(); size.X != width || size.Y != HeightFor(600, 400, width) {
				t.Errorf("%d wide: it is %v", width, size)
			}
		}
	}
	if names := filesIn(t, dir); len(names) != 6 {
		t.Fatalf("the folder holds %v", names)
	}
	first, err := w.Rendition(t.Context(), photo.Hash, Order{Width: 320})
	if err != nil {
		t.Fatal(err)
	}
	// Without the original, what is kept is still served, and the same.
	if err := originals.Delete(t.Context(), photo.Hash); err != nil {
		t.Fatal(err)
	}
	again, err := w.Rendition(t.Context(), photo.Hash, Order{Width: 320})
	if err != nil || !bytes.Equal(first.Body, again.Body) {
		t.Errorf("again: %v", err)
	}
}

func TestRenditionRefusals(t *testing.T) {
	w, dir, _ := workshop(t)
	info := intake(t, w, jpegBytes(t, photograph(600, 400)))
	for _, width := range []int{-1, 0, 1, 319, 321, 599, 601, 800, 2400, 2401, 1 << 40} {
		if _, err := w.Rendition(t.Context(), info.Hash, Order{Width: width}); !errors.Is(err, ErrWidth) {
			t.Errorf("width %d: %v, want ErrWidth", width, err)
		}
	}
	if _, err := w.Rendition(t.Context(), blob.Sum([]byte("nobody")), Order{Width: 320}); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("unknown: %v", err)
	}
	for _, h := range []blob.Hash{"", "../../etc/passwd", "x"} {
		if _, err := w.Rendition(t.Context(), h, Order{Width: 320}); !errors.Is(err, blob.ErrHash) {
			t.Errorf("%q: %v", h, err)
		}
		if err := w.DeleteRenditions(h); !errors.Is(err, blob.ErrHash) {
			t.Errorf("delete %q: %v", h, err)
		}
	}
	if names := filesIn(t, dir); len(names) != 0 {
		t.Errorf("the folder holds %v", names)
	}
}

func TestDeletedPicturesAreGone(t *testing.T) {
	w, dir, originals := workshop(t)
	gone, stays := intake(t, w, jpegBytes(t, photograph(600, 400))), intake(t, w, jpegBytes(t, photograph(601, 400)))
	for _, info := range []Info{gone, stays} {
		if _, err := w.Rendition(t.Context(), info.Hash, Order{Width: 320}); err != nil {
			t.Fatal(err)
		}
	}
	// A write that a crash has cut goes too.
	part := filepath.Join(dir, string(gone.Hash[:2]), string(gone.Hash)+"-520.jpg.part")
	if err := os.WriteFile(part, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := w.Delete(t.Context(), gone.Hash); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.Rendition(t.Context(), gone.Hash, Order{Width: 320}); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("the deleted one: %v", err)
	}
	if ok, _ := originals.Has(t.Context(), stays.Hash); !ok {
		t.Error("the other original is gone")
	}
	if names := filesIn(t, dir); len(names) != 1 || !strings.HasPrefix(names[0], string(stays.Hash)) {
		t.Errorf("the folder holds %v", names)
	}
}

// TestARenditionThatFinishesAfterTheDeletionIsNotKept does by hand what a slow rendition and a withdrawal do together.
func TestARenditionThatFinishesAfterTheDeletionIsNotKept(t *testing.T) {
	w, dir, _ := workshop(t)
	info := intake(t, w, jpegBytes(t, photograph(600, 400)))
	if err := w.Delete(t.Context(), info.Hash); err != nil {
		t.Fatal(err)
	}
	late := Rendered{Name: nameOf(info.Hash, Order{Width: 320}, JPEG), Format: JPEG, Body: []byte("late")}
	if err := w.keep(t.Context(), info.Hash, late); !errors.Is(err, blob.ErrNotFound) {
		t.Errorf("got %v", err)
	}
	if names := filesIn(t, dir); len(names) != 0 {
		t.Errorf("the folder holds %v", names)
	}
}

func TestManyReadersGetOneRendition(t *testing.T) {
	w, dir, _ := workshop(t)
	info := intake(t, w, jpegBytes(t, photograph(600, 400)))
	bodies := make([][]byte, 16)
	var wg sync.WaitGroup
	for i := range bodies {
		wg.Go(func() {
			r, err := w.Rendition(t.Context(), info.Hash, Order{Width: 520})
			if err != nil {
				t.Error(err)
			}
			bodies[i] = r.Body
		})
	}
	wg.Wait()
	for i := range bodies {
		if !bytes.Equal(bodies[i], bodies[0]) {
			t.Errorf("reader %d got other bytes", i)
		}
	}
	if names := filesIn(t, dir); len(names) != 1 {
		t.Errorf("the folder holds %v", names)
	}
}

func TestAFullWorkshopHonoursTheContext(t *testing.T) {
	w, _, _ := workshop(t)
	info := intake(t, w, jpegBytes(t, photograph(600, 400)))
	release, err := w.enter(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.Rendition(ctx, info.Hash, Order{Width: 320}); !errors.Is(err, context.Canceled) {
		t.Errorf("rendition: %v", err)
	}
	if _, err := w.Intake(ctx, bytes.NewReader(jpegBytes(t, photograph(9, 9)))); !errors.Is(err, context.Canceled) {
		t.Errorf("intake: %v", err)
	}
	release()
	if _, err := w.Rendition(t.Context(), info.Hash, Order{Width: 320}); err != nil {
		t.Errorf("once there is room again: %v", err)
	}
}

// gate is a store whose originals are handed out one by one as the test lets them; decoding happens between Open and Close.
type gate struct {
	blob.Store
	let      chan struct{}
	in, most int
	mu       sync.Mutex
}

func (g *gate) Open(ctx context.Context, h blob.Hash) (io.ReadSeekCloser, int64, error) {
	g.mu.Lock()
	g.in++
	g.most = max(g.most, g.in)
	g.mu.Unlock()
	<-g.let
	r, size, err := g.Store.Open(ctx, h)
	return leaving{r, g}, size, err
}

type leaving struct {
	io.ReadSeekCloser
	g *gate
}

func (l leaving) Close() error {
	l.g.mu.Lock()
	l.g.in--
	l.g.mu.Unlock()
	return l.ReadSeekCloser.Close()
}

// TestAsManyAreDecodedAtOnceAsThereArePlaces: of many large pictures that are asked for at once, no more are decoded than the workshop was
// given places, so that its memory has a bound.
func TestAsManyAreDecodedAtOnceAsThereArePlaces(t *testing.T) {
	originals, err := blob.OpenDisk(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer originals.Close()
	var hashes []blob.Hash
	for i := range 6 {
		h, _, err := originals.Put(t.Context(), bytes.NewReader(jpegBytes(t, photograph(2000+i, 1500))), MaxBytes)
		if err != nil {
			t.Fatal(err)
		}
		hashes = append(hashes, h)
	}
	for _, places := range []int{1, 2} {
		synctest.Test(t, func(t *testing.T) {
			g := &gate{Store: originals, let: make(chan struct{})}
			w, err := NewWorkshop(g, t.TempDir(), places)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			for _, h := range hashes {
				go func() {
					if _, err := w.Rendition(t.Context(), h, Order{Width: 320}); err != nil {
						t.Error(err)
					}
				}()
			}
			for range hashes {
				synctest.Wait() // nobody can go on by himself
				if g.mu.Lock(); g.in > places || g.in < 1 {
					t.Errorf("%d are decoded at once at %d places", g.in, places)
				}
				g.mu.Unlock()
				g.let <- struct{}{}
			}
			synctest.Wait()
			if g.in != 0 || g.most != places {
				t.Errorf("in the end %d are decoded, at most %d were", g.in, places)
			}
		})
	}
}

// TestOnePictureHasABound: a photograph of eight megapixels, from its file to a rendition.
func TestOnePictureHasABound(t *testing.T) {
	data := jpegBytes(t, photograph(3464, 2309))
	for _, format := range []Format{JPEG, WebP} {
		if grown := allocated(func() { rendition(t, data, 1600, format) }); grown > 150<<20 {
			t.Errorf("as %s it took %d MB", format, grown>>20)
		}
	}
}
