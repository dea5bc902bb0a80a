package wxr

import (
	"fmt"
	"strconv"
	"strings"
)

// itemFields are the elements of an item that are kept as text, by the place they go to.
func itemFields(i *Item, n *itemNumbers) map[name]*string {
	return map[name]*string{
		{"", "title"}: &i.Title, {"", "link"}: &i.Link, {"", "guid"}: &i.GUID, {"", "pubDate"}: &i.PubDate,
		{"dc", "creator"}: &i.Creator, {"wp", "post_date"}: &i.Date, {"wp", "post_date_gmt"}: &i.DateGMT,
		{"wp", "post_modified"}: &i.Modified, {"wp", "post_modified_gmt"}: &i.ModifiedGMT, {"wp", "status"}: &i.Status,
		{"wp", "post_type"}: &i.Type, {"wp", "post_name"}: &i.Name, {"wp", "post_password"}: &i.Password,
		{"wp", "attachment_url"}: &i.AttachmentURL, {"wp", "post_id"}: &n.id, {"wp", "post_parent"}: &n.parent,
		{"wp", "is_sticky"}: &n.sticky, {"excerpt", "encoded"}: &i.Excerpt, {"content", "encoded"}: &i.Content,
	}
}

type itemNumbers struct{ id, parent, sticky string }

func (r *reader) item(t tag) error {
	i := Item{Line: t.line}
	var n itemNumbers
	fields := itemFields(&i, &n)
	r.size = 0
	err := r.children(t, func(u tag) error {
		if r.size > maxItem {
			return &Error{t.line, "an item is longer than 48 MB", "Look at the file here."}
		}
		switch u.name {
		case name{"", "category"}:
			return r.itemTerm(u, &i)
		case name{"wp", "postmeta"}:
			return r.meta(u, &i)
		case name{"wp", "comment"}:
			i.Comments++
			return r.comment(u)
		}
		return r.into(u, fields)
	})
	if err != nil {
		return err
	}
	i.ID = r.number(t, "post_id", n.id)
	i.Parent = r.number(t, "post_parent", n.parent)
	i.Sticky = n.sticky == "1"
	return r.h.item(i)
}

func (r *reader) number(t tag, what, text string) int64 {
	if text == "" {
		return 0
	}
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v < 0 {
		r.h.note(t.line, NoteForm, fmt.Sprintf("<wp:%s> is %q, which is not a number; it was passed over.", what, shorten(text, 20)))
		return 0
	}
	return v
}

// itemTerm reads <category domain="..." nicename="...">. Exports of version 1.0 repeat each of them without a domain,
// as a feed has it; those are passed over.
func (r *reader) itemTerm(t tag, i *Item) error {
	text, err := r.field(t, true)
	if err != nil {
		return err
	}
	r.size += len(text)
	m := ItemTerm{Taxonomy: t.attrs["domain"], Slug: t.attrs["nicename"], Name: strings.TrimSpace(text)}
	if m.Taxonomy == "tag" {
		m.Taxonomy = "post_tag"
	}
	if m.Taxonomy == "" || (m.Slug == "" && m.Name == "") {
		return nil
	}
	if len(i.Terms) >= maxItemTerms {
		return &Error{t.line, "an item has more than 10,000 categories", "Look at the file here."}
	}
	i.Terms = append(i.Terms, m)
	return nil
}

func (r *reader) meta(t tag, i *Item) error {
	var key, value string
	err := r.children(t, func(u tag) error {
		if u.name == (name{"wp", "meta_value"}) {
			v, err := r.field(u, wanted(key) || key == "")
			value = strings.TrimSpace(v)
			return err
		}
		return r.into(u, map[name]*string{{"wp", "meta_key"}: &key})
	})
	if err != nil {
		return err
	}
	switch key {
	case "_thumbnail_id":
		i.Thumbnail = r.number(t, "meta_value", value)
	case "_wp_attached_file":
		i.AttachedFile = value
	case "_wp_attachment_image_alt":
		i.AttachmentAlt = value
	default:
		i.OtherMeta++
	}
	return nil
}

func wanted(key string) bool {
	return key == "_thumbnail_id" || key == "_wp_attached_file" || key == "_wp_attachment_image_alt"
}

// comment passes over a comment. Its own fields are read as fields, so that what readers wrote into them cannot be
// taken for the export's structure.
func (r *reader) comment(t tag) error {
	return r.children(t, func(u tag) error {
		if u.name.local == "commentmeta" {
			return r.comment(u)
		}
		_, err := r.field(u, false)
		return err
	})
}
