package render

import (
	"bytes"
	"strings"
)

// A slot in a fragment is slotOpen, its kind, the id, and for pictures slotPart and the escaped alternative text, closed
// by slotClose. All four are control characters, which the escaper lets into no text, so no words can look like a slot.
const (
	slotOpen    = 0x01
	slotClose   = 0x02
	slotPart    = 0x03
	slotPerson  = 'P'
	slotPicture = 'F'
	slotSmall   = 'G' // a picture of a gallery
)

// slot leaves a place open in a fragment.
func (w *writer) slot(kind byte, id, alt string) {
	w.b = append(w.b, slotOpen, kind)
	w.text(id)
	w.b = append(w.b, slotPart)
	w.text(alt)
	w.b = append(w.b, slotClose)
}

// cutSlot finds the first slot of a fragment: what stands before it, the slot's parts, and the rest.
func cutSlot(fragment []byte) (before []byte, kind byte, id []byte, alt escaped, rest []byte, ok bool) {
	open := bytes.IndexByte(fragment, slotOpen)
	if open < 0 || open+1 >= len(fragment) {
		return fragment, 0, nil, nil, nil, false
	}
	inside, rest, closed := bytes.Cut(fragment[open+2:], []byte{slotClose})
	if !closed {
		return fragment[:open], 0, nil, nil, nil, false
	}
	id, words, _ := bytes.Cut(inside, []byte{slotPart})
	alt = words
	return fragment[:open], fragment[open+1], id, alt, rest, true
}

// fragment is a body with what fills it.
type fragment struct {
	body     []byte
	language string
	people   []Person
	pictures []Picture
	opening  string // the dateline; none where it is empty
}

// fill writes a body, marked with its language where that is not the page's.
func (s *sheet) fill(f fragment) {
	foreign := s.foreign(f.language)
	if foreign {
		s.lit("<div class=\"text\"")
		s.langOf(f.language)
		s.lit(">\n")
	}
	rest := s.opening(f)
	for {
		before, kind, id, alt, after, ok := cutSlot(rest)
		s.b = append(s.b, s.led(before)...)
		if !ok {
			break
		}
		s.closeSlot(f, kind, id, alt)
		rest = after
	}
	if foreign {
		s.lit("</div>\n")
	}
}

// led is a part of a fragment with links that lead to this site from wherever the page is shown. The escaper lets no quotation
// mark into words, so what looks like such a link is one.
func (s *sheet) led(part []byte) []byte {
	if !s.f.Private {
		return part
	}
	return bytes.ReplaceAll(part, []byte(`href="/`), append(appendURL([]byte(`href="`), s.f.Site), '/'))
}

// opening writes the dateline into the first paragraph, or as one of its own where something else comes first, and
// gives the rest of the body.
func (s *sheet) opening(f fragment) []byte {
	if f.opening == "" {
		return f.body
	}
	rest, first := bytes.CutPrefix(f.body, []byte("<p>"))
	s.lit("<p>")
	s.element("span", "dateline", f.opening)
	if first {
		s.text(s.c.Dash)
		return rest
	}
	s.lit("</p>\n")
	return f.body
}

func (s *sheet) closeSlot(f fragment, kind byte, id []byte, alt escaped) {
	switch kind {
	case slotPerson:
		s.person(f.people, id)
	case slotPicture:
		s.picture(f.pictures, id, alt, "(min-width:48rem) 38.5rem,100vw")
	case slotSmall:
		s.picture(f.pictures, id, alt, "(min-width:48rem) 19rem,50vw")
	}
}

func (s *sheet) person(list []Person, id []byte) {
	for i := range list {
		if string(list[i].ID) == string(id) && list[i].Name.Text != "" {
			s.anchor(Link{Name: list[i].Name, Address: list[i].Address}, "")
			return
		}
	}
	s.text(s.c.NameRemoved)
}

// picture writes a picture of the body, or what it shows in words where its bytes are not to be had. The alternative
// text was escaped when the fragment was made.
func (s *sheet) picture(list []Picture, id []byte, alt escaped, sizes lit) {
	for i := range list {
		if string(list[i].ID) == string(id) && list[i].Address != "" {
			s.image(&list[i], sizes, alt, true)
			return
		}
	}
	if len(alt) == 0 {
		return
	}
	before, after, _ := strings.Cut(s.c.PictureMissing, "{alt}")
	s.lit("<p class=\"when\">")
	s.text(before)
	s.b = append(s.b, alt...)
	s.text(after)
	s.lit("</p>")
}
