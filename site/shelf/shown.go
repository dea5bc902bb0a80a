package shelf

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
