package desk

import (
	"context"
	"errors"
	"io"
	"reflect"
	"slices"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
)

// OpenPicture opens a picture's bytes as they came in; ENotFound where they are not there.
func (d *Desk) OpenPicture(ctx context.Context, actor dateline.Actor, id dateline.ID) (*dateline.Picture, io.ReadCloser, error) {
	p, err := d.FindPicture(ctx, actor, id)
	if err != nil {
		return nil, nil, err
	}
	if d.blobs == nil {
		return nil, nil, dateline.Errorf(dateline.EUnavailable, "this newsroom keeps no pictures")
	}
	hash, err := blob.Parse(p.Hash)
	if err != nil {
		return nil, nil, internal("the picture's hash cannot be read", err)
	}
	r, size, err := d.blobs.Open(ctx, hash)
	if errors.Is(err, blob.ErrNotFound) {
		return nil, nil, dateline.Errorf(dateline.ENotFound, "the picture's bytes are gone")
	}
	if err != nil {
		return nil, nil, internal("the picture cannot be opened", err)
	}
	p.Bytes = size
	return p, r, nil
}

// SmallWidths are the widths, in pixels, of the copies of pictures that the newsroom itself shows.
var SmallWidths = []int{320, 1040}

// SmallPicture makes a small copy of a picture for the newsroom: upright, whole, in one of SmallWidths. One is made at a time
// and none is kept here, so that a picture that is removed leaves no copy behind.
func (d *Desk) SmallPicture(ctx context.Context, actor dateline.Actor, id dateline.ID, width int) ([]byte, media.Format, error) {
	if !slices.Contains(SmallWidths, width) {
		return nil, "", dateline.Errorf(dateline.EInvalid, "the newsroom shows pictures in the widths %v only", SmallWidths)
	}
	leave, err := d.decode(ctx)
	if err != nil {
		return nil, "", err
	}
	defer leave()
	_, r, err := d.OpenPicture(ctx, actor, id)
	if err != nil {
		return nil, "", err
	}
	defer r.Close()
	body, format, err := media.Rendition(r, media.Order{Width: width, Words: &media.Words{}, Uncaptioned: true})
	if err != nil {
		return nil, "", internal("a small copy of the picture could not be made", err)
	}
	return body, format, nil
}

// decode waits until no other picture is decoded.
func (d *Desk) decode(ctx context.Context) (leave func(), err error) {
	select {
	case d.decoding <- struct{}{}:
		return func() { <-d.decoding }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// CreatePicture takes a picture in. The same bytes are one picture, however often they come.
func (d *Desk) CreatePicture(ctx context.Context, actor dateline.Actor, r io.Reader, name string) (p *dateline.Picture, err error) {
	if err := dateline.Can(actor, dateline.ActDescribe, nil); err != nil {
		return nil, err
	}
	if d.blobs == nil {
		return nil, dateline.Errorf(dateline.EUnavailable, "this newsroom keeps no pictures")
	}
	if err := dateline.PlainText(name); err != nil || len(name) > 4*dateline.MaxName {
		return nil, dateline.Errorf(dateline.EInvalid, "the file's name cannot be kept; give it a plain one")
	}
	hash, size, err := d.blobs.Put(ctx, r, media.MaxBytes)
	if errors.Is(err, blob.ErrTooBig) {
		return nil, dateline.Errorf(dateline.ETooLarge, "the file is over %d MB; save a smaller picture", media.MaxBytes>>20)
	}
	if err != nil {
		return nil, internal("the picture could not be kept", err)
	}
	info, err := d.inspect(ctx, hash)
	if err != nil {
		return nil, err
	}
	v := pictureOf(info, name)
	v.Bytes = size
	err = d.do(ctx, actor, dateline.ActDescribe, func(t *turn) error {
		if p, err = t.Pictures().FindBySlug(v.Hash); !absent(err) {
			return err
		}
		if v.ID, err = t.newID(); err != nil {
			return err
		}
		p = v
		if err := t.Pictures().Insert(v); err != nil {
			return err
		}
		if err := t.keepState(v); err != nil {
			return err
		}
		return t.note(dateline.ActDescribe, nil, 0, "took in the picture %s", v.Hash)
	})
	return p, err
}

// inspect looks at a kept picture; one that is refused is not kept.
func (d *Desk) inspect(ctx context.Context, hash blob.Hash) (info media.Info, err error) {
	leave, err := d.decode(ctx)
	if err != nil {
		return info, err
	}
	defer leave()
	f, _, err := d.blobs.Open(ctx, hash)
	if err != nil {
		return info, internal("the picture could not be read back", err)
	}
	info, err = media.Inspect(f)
	if e := f.Close(); err == nil && e != nil {
		return info, internal("the picture could not be read back", e)
	}
	var refused *media.RefusedError
	if errors.As(err, &refused) {
		if e := d.blobs.Delete(ctx, hash); e != nil {
			d.log.WarnContext(ctx, "a refused picture could not be removed", "hash", hash, "error", e)
		}
		return info, dateline.Errorf(dateline.EInvalid, "%v", refused)
	}
	if err != nil {
		return info, internal("the picture could not be read", err)
	}
	return info, nil
}

// pictureOf is a picture as it comes in: what its file says is proposed for its fields.
func pictureOf(info media.Info, name string) *dateline.Picture {
	w := info.Words
	return &dateline.Picture{Hash: string(info.Hash), Format: string(info.Format), Served: string(info.Served), Width: info.Width, Height: info.Height,
		Bytes: info.Size, Name: name, Version: 1, Caption: w.Caption, Credit: w.Credit, Creator: w.Creator, Copyright: w.Copyright, Taken: w.Taken,
		File: dateline.PictureFile{Caption: w.Caption, Credit: w.Credit, Creator: w.Creator, Copyright: w.Copyright, Taken: w.Taken,
			Place: info.Private.Place, Device: info.Private.Device}}
}

// UpdatePicture changes what the desk keeps with a picture: its words, framing and rights. Where readers' copies of a public
// picture become others by it, it is an act.
func (d *Desk) UpdatePicture(ctx context.Context, actor dateline.Actor, p dateline.Picture) (*dateline.Picture, error) {
	var kept *dateline.Picture
	err := d.do(ctx, actor, dateline.ActDescribe, func(t *turn) error {
		was, err := t.Pictures().Find(p.ID)
		if err != nil {
			return err
		}
		if err := sameVersion("the picture", p.Version, was.Version); err != nil {
			return err
		}
		now := described(*was, p)
		if err := now.Validate(); err != nil {
			return err
		}
		if err := t.Pictures().Update(&now, was.Version); err != nil {
			return err
		}
		if err := t.keepState(&now); err != nil {
			return err
		}
		kept = &now
		var seq int64
		if was.Public && !reflect.DeepEqual(pictureBody(was), pictureBody(&now)) {
			if seq, err = t.append(now.ID, pictureBody(&now)); err != nil {
				return err
			}
		}
		if err := t.note(dateline.ActDescribe, nil, seq, "changed the picture %s", now.Hash); err != nil {
			return err
		}
		return t.tellUses(was, &now)
	})
	return kept, err
}

// described is a picture with what was said of it anew.
func described(was, said dateline.Picture) dateline.Picture {
	now := was
	now.Name, now.Alt, now.Caption, now.Credit, now.Creator, now.Copyright = said.Name, said.Alt, said.Caption, said.Credit, said.Creator, said.Copyright
	now.Rights, now.Framing, now.Version = said.Rights, said.Framing, was.Version+1
	now.Until = nil
	if said.Until != nil {
		until := said.Until.UTC().Truncate(time.Second)
		now.Until = &until
	}
	return now
}

// Showing is where a picture is shown.
type Showing struct {
	Ended    bool // the rights in it have ended
	Uses     []dateline.PictureUse
	Articles map[dateline.ID]*dateline.Article // those of the uses, without bodies
	Fronts   []FrontUse
}

// FrontUse is a front that shows a picture in place of an article's own.
type FrontUse struct {
	Front dateline.ID
	Home  bool
	Draft bool // the arrangement saved last shows it
	Live  bool // what readers have shows it
}

// ListPictureUses lists what shows a picture, in drafts or before readers: articles, with the entries of live coverages, and fronts; by id.
func (d *Desk) ListPictureUses(ctx context.Context, actor dateline.Actor, picture dateline.ID) (s Showing, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		p, err := tx.Pictures().Find(picture)
		if err != nil {
			return err
		}
		now, err := tx.Now()
		if err != nil {
			return err
		}
		s = Showing{Ended: p.Ended(now), Articles: map[dateline.ID]*dateline.Article{}}
		if s.Uses, err = tx.ListPictureUses(picture, maxUses); err != nil {
			return err
		}
		for _, u := range s.Uses {
			if s.Articles[u.Article], err = tx.FindArticle(u.Article); err != nil {
				return err
			}
			s.Articles[u.Article].Content.Body = nil
		}
		s.Fronts, err = frontUses(tx, picture)
		return err
	})
	return s, err
}

// frontUses lists the fronts that show a picture.
func frontUses(tx Tx, picture dateline.ID) (list []FrontUse, err error) {
	fronts, err := tx.ListArranged()
	if err != nil {
		return nil, err
	}
	for _, f := range fronts {
		live, err := liveFront(tx, f)
		if err != nil {
			return nil, err
		}
		u := FrontUse{f.ID, f.Home, slices.Contains(f.Content.Pictures(), picture), slices.Contains(live.Pictures(), picture)}
		if u.Draft || u.Live {
			list = append(list, u)
		}
	}
	return list, nil
}

// liveFront is the arrangement of a front that readers have; an empty one where nobody has published any.
func liveFront(tx Tx, f *dateline.Front) (c dateline.FrontContent, err error) {
	if f.Live == 0 {
		return c, nil
	}
	v, err := tx.FindFrontVersion(f.ID, f.Live)
	if err != nil {
		return c, err
	}
	return v.Content, nil
}

// maxUses is how many articles that show a picture are listed.
const maxUses = 200

// FindPictures finds pictures by the beginnings of words of their names and descriptions, newest first; without words, the
// newest. Those in which the rights have ended are left out.
func (d *Desk) FindPictures(ctx context.Context, actor dateline.Actor, words string, most int) (list []*dateline.Picture, err error) {
	if most, err = limit(most); err != nil {
		return nil, err
	}
	err = d.read(ctx, actor, func(tx Tx) error {
		now, err := tx.Now()
		if err != nil {
			return err
		}
		list, err = tx.FindPictures(words, now, most)
		return err
	})
	return list, err
}

// mayShow refuses pictures in which the rights have ended at an instant, unless the article shows them already: in what was saved last or,
// for a publication, before readers.
func (t *turn) mayShow(article dateline.ID, publishing bool, at time.Time, pictures []dateline.ID) error {
	return t.mayShowAnew(at, pictures, func(id dateline.ID) (bool, error) {
		use, err := t.FindPictureUse(id, article)
		if absent(err) {
			return false, nil
		}
		return use.Live || use.Draft && !publishing, err
	})
}

// mayShowAnew refuses pictures in which the rights have ended at an instant, but for those that are shown already.
func (t *turn) mayShowAnew(at time.Time, pictures []dateline.ID, shown func(dateline.ID) (bool, error)) error {
	var e *dateline.Error
	var fields []dateline.Field
	for _, id := range pictures {
		if t.met.has(id) {
			continue
		}
		p, err := t.Pictures().Find(id)
		if err != nil {
			return err
		}
		if !p.Ended(at) {
			continue
		}
		if ok, err := shown(id); err != nil {
			return err
		} else if ok {
			continue
		}
		day, err := t.day(*p.Until)
		if err != nil {
			return err
		}
		ended := dateline.Errorf(dateline.EInvalid, "the rights in %s ended on %s; take the picture out, or extend its rights where they were renewed", called(p), day)
		fields = append(fields, dateline.Wrong("pictures", ended))
		if e == nil {
			e = ended
		}
	}
	if e == nil {
		return nil
	}
	e.Fields = fields
	return e
}

// called is what a picture is called in a sentence.
func called(p *dateline.Picture) dateline.Sentence {
	if p.Name != "" {
		return dateline.Say("the picture “%s”", p.Name)
	}
	return dateline.Say("a picture")
}

// day is the day of an instant in the paper's zone; rights that end at midnight end on the day before it.
func (t *turn) day(at time.Time) (string, error) {
	p, err := t.publication()
	if err != nil {
		return "", err
	}
	zone, err := p.Location()
	if err != nil {
		return "", err
	}
	return at.Add(-time.Second).In(zone).Format("2 January 2006"), nil
}

// EndedPictures says which of some articles show a picture, in their draft or before readers, in which the rights have ended.
func (d *Desk) EndedPictures(ctx context.Context, actor dateline.Actor, articles []dateline.ID) (ended map[dateline.ID][]dateline.ID, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		now, err := tx.Now()
		if err != nil {
			return err
		}
		ended, err = tx.ListEnded(articles, now)
		return err
	})
	return ended, err
}
