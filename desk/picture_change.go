package desk

import (
	"context"
	"fmt"
	"time"

	"github.com/datelinehq/dateline"
)

// keepState keeps what a picture has become beside what it was.
func (t *turn) keepState(p *dateline.Picture) error {
	return t.InsertPictureState(PictureState{Picture: *p, At: t.now, By: t.actor.Name})
}

// tellUses leaves, with each article that shows a picture, what became other about it: its history is that of what it shows too.
func (t *turn) tellUses(was, now *dateline.Picture) error {
	changes := differing(pictureFields(was), pictureFields(now))
	if len(changes) == 0 {
		return nil
	}
	uses, err := t.ListPictureUses(now.ID, maxUses)
	if err != nil {
		return err
	}
	for _, u := range uses {
		a, err := t.FindArticle(u.Article)
		if err != nil {
			return err
		}
		s := stateOf(a)
		if err := t.InsertAudit(AuditLine{At: t.now, Actor: t.actor.Name, Role: t.actor.Role, Act: dateline.ActDescribe, Article: a.ID, Version: a.Version,
			LineMore: LineMore{State: &s, Picture: &PictureChange{ID: now.ID, Name: now.Name, Version: now.Version, Fields: changes}}}); err != nil {
			return err
		}
	}
	return nil
}

// pictureFields puts into words what the desk keeps with a picture, in one order.
func pictureFields(p *dateline.Picture) []inWords {
	until := ""
	if p.Until != nil {
		until = p.Until.UTC().Format(time.RFC3339)
	}
	focal := ""
	if f := p.Framing.Focal; f != nil {
		focal = fmt.Sprintf("%d, %d", f.X, f.Y)
	}
	list := []inWords{{"picture.rights", p.Rights}, {"picture.until", until}, {"picture.name", p.Name}, {"picture.alt", p.Alt}, {"picture.caption", p.Caption},
		{"picture.credit", p.Credit}, {"picture.creator", p.Creator}, {"picture.copyright", p.Copyright}, {"picture.focal", focal}}
	for _, at := range dateline.Placements {
		crop := ""
		if c, ok := p.Framing.Crops[at]; ok {
			crop = fmt.Sprintf("%d × %d + %d, %d", c.Width, c.Height, c.X, c.Y)
		}
		list = append(list, inWords{"picture.crop." + string(at), crop})
	}
	return list
}

// ListPictureStates lists what the desk kept with a picture, newest first, of versions below one where that is not 0.
func (d *Desk) ListPictureStates(ctx context.Context, actor dateline.Actor, picture dateline.ID, before int64, most int) (list []PictureState, err error) {
	if most, err = limit(most); err != nil {
		return nil, err
	}
	err = d.read(ctx, actor, func(tx Tx) error {
		if _, err := tx.Pictures().Find(picture); err != nil {
			return err
		}
		list, err = tx.ListPictureStates(picture, before, most)
		return err
	})
	return list, err
}

// ComparePicture gives what differs between two versions of what the desk kept with a picture; ENotFound where one is not there.
func (d *Desk) ComparePicture(ctx context.Context, actor dateline.Actor, picture dateline.ID, from, to int64) (list []FieldChange, err error) {
	err = d.read(ctx, actor, func(tx Tx) error {
		var sides [2][]inWords
		for i, version := range []int64{from, to} {
			states, err := tx.ListPictureStates(picture, version+1, 1)
			if err != nil {
				return err
			}
			if len(states) == 0 || states[0].Picture.Version != version {
				return dateline.Errorf(dateline.ENotFound, "version %d of the picture is not kept", version)
			}
			sides[i] = pictureFields(&states[0].Picture)
		}
		list = differing(sides[0], sides[1])
		return nil
	})
	return list, err
}
