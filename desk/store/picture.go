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

// InsertPictureState keeps a state of a picture.
func (t *tx) InsertPictureState(s desk.PictureState) error {
	data, err := encode(s.Picture)
	if err != nil {
		return err
	}
	_, err = t.exec("INSERT INTO picture_states (picture, version, at, by, data) VALUES ($1, $2, $3, $4, $5)", string(s.Picture.ID), s.Picture.Version, micros(s.At), s.By, data)
	return err
}

// FindPictureState returns the state that a picture had at an instant.
func (t *tx) FindPictureState(picture dateline.ID, at time.Time) (desk.PictureState, error) {
	list, err := t.states("picture = $1 AND at <= $2 ORDER BY version DESC LIMIT 1", string(picture), micros(at))
	if err == nil && len(list) == 0 {
		err = dateline.Errorf(dateline.ENotFound, "what was kept with the picture %.60s then is not known", picture)
	}
	if err != nil {
		return desk.PictureState{}, err
	}
	return list[0], nil
}

// ListPictureStates lists states of a picture, newest first.
func (t *tx) ListPictureStates(picture dateline.ID, before int64, limit int) ([]desk.PictureState, error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	return t.states("picture = $1 AND version < $2 ORDER BY version DESC LIMIT $3", string(picture), before, limit)
}

func (t *tx) states(where string, args ...any) (list []desk.PictureState, err error) {
	err = t.each("SELECT at, by, data FROM picture_states WHERE "+where, args, func(rows *sql.Rows) error {
		var s desk.PictureState
		var at int64
		var data string
		if err := rows.Scan(&at, &s.By, &data); err != nil {
			return translate(err)
		}
		if at != 0 {
			s.At = instant(at)
		}
		err := decode(data, &s.Picture)
		list = append(list, s)
		return err
	})
	return list, err
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

// UseInEntry says which pictures an entry of a live coverage shows.
func (t *tx) UseInEntry(article dateline.ID, entry int, list []dateline.ID) error {
	if _, err := t.exec("DELETE FROM entry_pictures WHERE article = $1 AND entry = $2", string(article), entry); err != nil {
		return err
	}
	for _, id := range list {
		if _, err := t.exec("INSERT INTO entry_pictures (picture, article, entry) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", string(id), string(article), entry); err != nil {
			return err
		}
	}
	return nil
}

// uses are the uses of pictures that count: those of drafts, and of editions and live entries that readers have.
const uses = `(SELECT picture, article, live FROM picture_uses UNION ALL SELECT picture, article, 1 FROM entry_pictures) u
	JOIN articles a ON a.id = u.article AND (u.live = 0 OR a.readers = 'published')`

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
