package store

import (
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// pictures is the catalogue of pictures, which also keeps beside each what pictures are found and chosen by.
type pictures struct{ catalogue[dateline.Picture] }

var _ desk.Catalogue[dateline.Picture] = pictures{}

// Pictures is the catalogue of pictures, by hash.
func (t *tx) Pictures() desk.Catalogue[dateline.Picture] {
	return pictures{catalogue[dateline.Picture]{t, "pictures", "picture", func(s *dateline.Picture) (dateline.ID, string, int64) { return s.ID, s.Hash, s.Version }}}
}

// Insert keeps a new picture.
func (c pictures) Insert(p *dateline.Picture) error {
	if err := c.catalogue.Insert(p); err != nil {
		return err
	}
	return c.found(p)
}

// Update puts a picture in place of its version was.
func (c pictures) Update(p *dateline.Picture, was int64) error {
	if err := c.catalogue.Update(p, was); err != nil {
		return err
	}
	return c.found(p)
}

// found keeps what a picture is found by.
func (c pictures) found(p *dateline.Picture) error {
	var until any
	if p.Until != nil {
		until = micros(*p.Until)
	}
	words := strings.ToLower(strings.Join([]string{p.Name, p.Alt, p.Caption, p.Credit, p.Creator}, " "))
	_, err := c.t.exec("UPDATE pictures SET until = $2, words = $3 WHERE id = $1", string(p.ID), until, words)
	return err
}

// UsePictures says which pictures an article shows.
func (t *tx) UsePictures(article dateline.ID, live bool, list []dateline.ID) error {
	flag := 0
	if live {
		flag = 1
	}
	had := map[dateline.ID]bool{}
	err := t.each("SELECT picture FROM picture_uses WHERE article = $1 AND live = $2", []any{string(article), flag}, func(rows *sql.Rows) error {
		var id string
		err := rows.Scan(&id)
		had[dateline.ID(id)] = true
		return translate(err)
	})
	if err != nil {
		return err
	}
	for _, id := range list {
		if had[id] {
			delete(had, id)
			continue
		}
		if _, err := t.exec("INSERT INTO picture_uses (picture, article, live) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", string(id), string(article), flag); err != nil {
			return err
		}
	}
	for id := range had {
		if _, err := t.exec("DELETE FROM picture_uses WHERE picture = $1 AND article = $2 AND live = $3", string(id), string(article), flag); err != nil {
			return err
		}
	}
	return nil
}

// uses are the uses of pictures that count: those of drafts, and of editions that readers have.
const uses = `picture_uses u JOIN articles a ON a.id = u.article AND (u.live = 0 OR a.readers = 'published')`

// FindPictureUse returns how an article shows a picture.
func (t *tx) FindPictureUse(picture, article dateline.ID) (dateline.PictureUse, error) {
	list, err := t.listUses("SELECT u.article, u.live FROM "+uses+" WHERE u.picture = $1 AND u.article = $2 ORDER BY u.article, u.live", string(picture), string(article))
	if err != nil {
		return dateline.PictureUse{}, err
	}
	if len(list) == 0 {
		return dateline.PictureUse{}, dateline.Errorf(dateline.ENotFound, "the article %.60s does not show the picture %.60s", article, picture)
	}
	return list[0], nil
}

// ListPictureUses lists the articles that show a picture.
func (t *tx) ListPictureUses(picture dateline.ID, limit int) ([]dateline.PictureUse, error) {
	return t.listUses("SELECT u.article, u.live FROM "+uses+" WHERE u.picture = $1 ORDER BY u.article, u.live LIMIT $2", string(picture), 2*limit)
}

func (t *tx) listUses(query string, args ...any) (list []dateline.PictureUse, err error) {
	err = t.each(query, args, func(rows *sql.Rows) error {
		var article string
		var live int64
		if err := rows.Scan(&article, &live); err != nil {
			return translate(err)
		}
		if len(list) == 0 || list[len(list)-1].Article != dateline.ID(article) {
			list = append(list, dateline.PictureUse{Article: dateline.ID(article)})
		}
		u := &list[len(list)-1]
		u.Draft, u.Live = u.Draft || live == 0, u.Live || live == 1
		return nil
	})
	return list, err
}

// ListEnded says which articles show pictures in which the rights have ended.
func (t *tx) ListEnded(articles []dateline.ID, at time.Time) (map[dateline.ID][]dateline.ID, error) {
	ended := map[dateline.ID][]dateline.ID{}
	if len(articles) == 0 {
		return ended, nil
	}
	args := []any{micros(at)}
	var places []string
	for _, id := range articles {
		args = append(args, string(id))
		places = append(places, "$"+strconv.Itoa(len(args)))
	}
	err := t.each("SELECT DISTINCT u.article, u.picture FROM "+uses+" JOIN pictures p ON p.id = u.picture AND p.until <= $1 WHERE u.article IN ("+strings.Join(places, ", ")+
		") ORDER BY u.article, u.picture", args, func(rows *sql.Rows) error {
		var article, picture string
		err := rows.Scan(&article, &picture)
		ended[dateline.ID(article)] = append(ended[dateline.ID(article)], dateline.ID(picture))
		return translate(err)
	})
	return ended, err
}

// maxFound bounds how many words of a question are looked for.
const maxFound = 8

// FindPictures finds pictures by words.
func (t *tx) FindPictures(words string, at time.Time, limit int) (list []*dateline.Picture, err error) {
	query, args := "SELECT data FROM pictures WHERE (until IS NULL OR until > $1)", []any{micros(at)}
	asked := strings.Fields(strings.ToLower(words))
	for _, w := range asked[:min(len(asked), maxFound)] {
		args = append(args, "%"+strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(w)+"%")
		query += " AND words LIKE $" + strconv.Itoa(len(args)) + " ESCAPE '!'"
	}
	args = append(args, limit)
	err = t.each(query+" ORDER BY id DESC LIMIT $"+strconv.Itoa(len(args)), args, func(rows *sql.Rows) error {
		var data string
		if err := rows.Scan(&data); err != nil {
			return translate(err)
		}
		list = append(list, new(dateline.Picture))
		return decode(data, list[len(list)-1])
	})
	return list, err
}
