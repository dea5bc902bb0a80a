package media

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sync/singleflight"

	"github.com/datelinehq/dateline/media/blob"
)

// ErrWidth says that a picture is not offered in the width that was asked for; WidthsFor lists those that are.
var ErrWidth = errors.New("the picture is not offered in this width")

// Rendered is a picture as a reader gets it.
type Rendered struct {
	// Name is "<hash>-<width>.<ext>", with the order's tag before the dot where it has one; the bytes under one name
	// never change.
	Name string
	// Format is that of the bytes: JPEG or PNG also where WebP was ordered and could not be made.
	Format Format
	// Body is the encoded picture.
	Body []byte
	// Instead says why it is not in the format that was ordered; nil where it is, or was made before.
	Instead error
}

// Workshop takes originals in and makes renditions of them, few at a time, because a large picture needs hundreds of
// megabytes while it is decoded. Renditions are kept in a folder that can be deleted at any time. A Workshop is safe for
// concurrent use.
type Workshop struct {
	originals blob.Store
	cache     *os.Root
	places    chan struct{}
	flight    singleflight.Group

	// mu lets no rendition be kept while its picture is being deleted.
	mu sync.Mutex
}

// NewWorkshop works on the originals of a store, with renditions in the folder dir, which is made when it is not there, and
// at most atOnce pictures (1 when it is less) decoded at a time.
func NewWorkshop(originals blob.Store, dir string, atOnce int) (*Workshop, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("the renditions' folder: %w", err)
	}
	cache, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("the renditions' folder: %w", err)
	}
	return &Workshop{originals: originals, cache: cache, places: make(chan struct{}, max(1, atOnce))}, nil
}

// Close releases the renditions' folder; the store of originals stays open.
func (w *Workshop) Close() error { return w.cache.Close() }

// Intake inspects a picture and stores the original. Its errors are those of Inspect and of blob.Store's Put; on any of
// them nothing is kept.
func (w *Workshop) Intake(ctx context.Context, r io.Reader) (Info, error) {
	release, err := w.enter(ctx)
	if err != nil {
		return Info{}, err
	}
	defer release()
	data, err := readAll(r)
	if err != nil {
		return Info{}, err
	}
	info, err := inspect(data)
	if err != nil {
		return Info{}, err
	}
	if _, _, err := w.originals.Put(ctx, bytes.NewReader(data), MaxBytes); err != nil {
		return Info{}, err
	}
	return info, nil
}

// enter waits for one of the places at which pictures are decoded.
func (w *Workshop) enter(ctx context.Context) (release func(), err error) {
	select {
	case w.places <- struct{}{}:
		return func() { <-w.places }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// Rendition returns a picture in one of the widths of WidthsFor, from the folder or made now; the order's format is WebP,
// or empty for the picture's other one. Requests for one that is being made wait for it. It returns ErrWidth for another
// width, blob.ErrNotFound where there is no such original, and blob.ErrHash for what is no hash.
func (w *Workshop) Rendition(ctx context.Context, h blob.Hash, o Order) (Rendered, error) {
	if _, err := blob.Parse(string(h)); err != nil {
		return Rendered{}, err
	}
	if o.Width < 1 || o.Width > Widths[len(Widths)-1] {
		return Rendered{}, fmt.Errorf("picture %s, %d pixels wide: %w", h, o.Width, ErrWidth)
	}
	if kept, err := w.kept(h, o); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return kept, err
	}
	// The work outlives the reader who first asked, since others may be waiting for it.
	working := context.WithoutCancel(ctx)
	done := w.flight.DoChan(nameOf(h, o, o.Format), func() (any, error) { return w.produce(working, h, o) })
	select {
	case result := <-done:
		rendered, _ := result.Val.(Rendered)
		return rendered, result.Err
	case <-ctx.Done():
		return Rendered{}, ctx.Err()
	}
}

// nameOf is the name of a rendition's file; the caller has checked the hash.
func nameOf(h blob.Hash, o Order, format Format) string {
	name := string(h) + "-" + strconv.Itoa(o.Width)
	if tag := o.Tag(); tag != "" {
		name += "-" + tag
	}
	return name + "." + format.Ext()
}

// folderOf keeps the folders' lists short enough to be searched.
func folderOf(h blob.Hash) string { return string(h[:2]) }

// kept looks for a rendition in the folder. What was ordered as WebP and could not be made so lies under the same name,
// and its bytes say what it is.
func (w *Workshop) kept(h blob.Hash, o Order) (Rendered, error) {
	formats := []Format{JPEG, PNG}
	if o.Format != "" {
		formats = []Format{o.Format}
	}
	var err error
	for _, format := range formats {
		name := nameOf(h, o, format)
		var body []byte
		if body, err = w.cache.ReadFile(path.Join(folderOf(h), name)); err == nil {
			format, err = formatOf(body)
			return Rendered{Name: name, Format: format, Body: body}, err
		}
		if !errors.Is(err, fs.ErrNotExist) {
			break
		}
	}
	return Rendered{}, fmt.Errorf("rendition of %s: %w", h, err)
}

func (w *Workshop) produce(ctx context.Context, h blob.Hash, o Order) (Rendered, error) {
	release, err := w.enter(ctx)
	if err != nil {
		return Rendered{}, err
	}
	defer release()
	p, err := w.original(ctx, h)
	if err != nil {
		return Rendered{}, err
	}
	wide := p.info.Width
	if !o.Crop.Empty() {
		wide = o.Crop.Dx()
	}
	if !slices.Contains(WidthsFor(wide), o.Width) {
		return Rendered{}, fmt.Errorf("picture %s, %d pixels wide: %w", h, o.Width, ErrWidth)
	}
	rendered, err := p.rendered(h, o)
	if err != nil {
		return Rendered{}, fmt.Errorf("picture %s: %w", h, err)
	}
	return rendered, w.keep(ctx, h, rendered)
}

// rendered makes a rendition; where WebP fails, as every browser's other choice.
func (p picture) rendered(h blob.Hash, o Order) (r Rendered, err error) {
	if o.Format == "" {
		o.Format = p.info.Served
	}
	r.Name, r.Format = nameOf(h, o, o.Format), o.Format
	if r.Body, err = p.render(o); err != nil && o.Format == WebP {
		r.Instead, r.Format, o.Format = err, p.info.Served, p.info.Served
		r.Body, err = p.render(o)
	}
	return r, err
}

func (w *Workshop) original(ctx context.Context, h blob.Hash) (picture, error) {
	r, _, err := w.originals.Open(ctx, h)
	if err != nil {
		return picture{}, err
	}
	defer r.Close()
	data, err := readAll(r)
	if err != nil {
		return picture{}, fmt.Errorf("picture %s: %w", h, err)
	}
	p, err := decode(data)
	if err != nil {
		return picture{}, fmt.Errorf("picture %s: %w", h, err)
	}
	return p, nil
}

// keep writes a rendition so that its name never stands for half of it, unless the picture was deleted meanwhile: by this process,
// or by another that works in the same folder and deletes the original first.
func (w *Workshop) keep(ctx context.Context, h blob.Hash, r Rendered) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.there(ctx, h); err != nil {
		return err
	}
	if err := w.cache.Mkdir(folderOf(h), 0o750); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("keep a rendition: %w", err)
	}
	name := path.Join(folderOf(h), r.Name)
	part := name + "." + strconv.Itoa(os.Getpid()) + ".part"
	if err := w.write(part, r.Body); err != nil {
		return fmt.Errorf("keep a rendition: %w", err)
	}
	if err := w.cache.Rename(part, name); err != nil {
		return fmt.Errorf("keep a rendition: %w", err)
	}
	if err := w.there(ctx, h); err != nil {
		return errors.Join(err, w.cache.Remove(name))
	}
	return nil
}

// there is blob.ErrNotFound where the original is not there any more.
func (w *Workshop) there(ctx context.Context, h blob.Hash) error {
	ok, err := w.originals.Has(ctx, h)
	if err == nil && !ok {
		err = fmt.Errorf("picture %s: %w", h, blob.ErrNotFound)
	}
	return err
}

func (w *Workshop) write(name string, body []byte) (err error) {
	f, err := w.cache.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.Write(body); err != nil {
		return err
	}
	return f.Sync()
}

// Delete removes an original and then all its renditions. Deleting what is not there is no error.
func (w *Workshop) Delete(ctx context.Context, h blob.Hash) error {
	if err := w.originals.Delete(ctx, h); err != nil {
		return err
	}
	return w.DeleteRenditions(h)
}

// DeleteRenditions removes all renditions of an original; they are made again when they are asked for.
func (w *Workshop) DeleteRenditions(h blob.Hash) error {
	if _, err := blob.Parse(string(h)); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	entries, err := fs.ReadDir(w.cache.FS(), folderOf(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("delete the renditions of %s: %w", h, err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), string(h)+"-") {
			continue
		}
		if err := w.cache.Remove(path.Join(folderOf(h), entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("delete the renditions of %s: %w", h, err)
		}
	}
	return nil
}
