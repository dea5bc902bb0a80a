package shelf

import "github.com/datelinehq/dateline"

// ShownPictures lists the hashes of the pictures that some edition which readers can open shows, so that a follower can
// bring those that a crash kept from the site's folder.
func (tx *Tx) ShownPictures() ([]string, error) {
	rows, err := tx.c.rows("SELECT hash FROM shown ORDER BY hash")
	if err != nil {
		return nil, err
	}
	hashes := make([]string, len(rows))
	for i, r := range rows {
		hashes[i] = r.text(0)
	}
	return hashes, nil
}

// OnlyShownBy are the hashes of pictures that an article's editions show and nothing else does.
func (tx *Tx) OnlyShownBy(article dateline.ID) ([]string, error) {
	id := packID(article)
	rows, err := tx.c.rows(`SELECT DISTINCT h.hash FROM edition e JOIN usage u ON u.seq = e.seq JOIN hash h ON h.picture = u.picture
		WHERE e.article = ? AND NOT EXISTS (SELECT 1 FROM hash g JOIN usage o ON o.picture = g.picture LEFT JOIN edition x ON x.seq = o.seq
			WHERE g.hash = h.hash AND (x.article IS NULL OR x.article <> ?)) ORDER BY h.hash`, id, id)
	if err != nil {
		return nil, err
	}
	var list []string
	for _, r := range rows {
		list = append(list, r.text(0))
	}
	return list, nil
}
