package newsroom_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/newsroom"
	"github.com/datelinehq/dateline/record"
)

func TestSections(t *testing.T) {
	n := openRoom(t)
	begin := n.head()
	got := n.as(chief, "POST", "/sections", m{"slug": "coast", "names": m{"en": "Coast", "hi": "तट"}, "description": m{"en": "The sea & <us>"}}).is(201)
	var s dateline.Section
	got.into(&s)
	if got.header.Get("Location") != "/api/v1/sections/"+string(s.ID) || got.header.Get("ETag") != `"1"` || s.Description["en"] != "The sea & <us>" {
		t.Errorf("made: %v %s", got.header, got.raw)
	}
	if n.kinds(begin) != "section" {
		t.Errorf("a section is public from the start; the record got %q", n.kinds(begin))
	}
	begin = n.head()
	for what, c := range map[string]struct {
		body m
		path string
	}{
		"no name in the paper's language": {m{"slug": "city", "names": m{"hi": "शहर"}}, "names"},
		"no slug":                         {m{"names": m{"en": "x"}}, "slug"},
		"dots":                            {m{"slug": "../x", "names": m{"en": "x"}}, "slug"},
		"a year":                          {m{"slug": "2026", "names": m{"en": "x"}}, "slug"},
		"a fixed address":                 {m{"slug": "search", "names": m{"en": "x"}}, "slug"},
		"a language":                      {m{"slug": "city", "names": m{"en": "x", "<b>": "y"}}, "names"},
		"an override":                     {m{"slug": "city", "names": m{"en": "a\u202eb"}}, "names.en"},
		"a long description":              {m{"slug": "city", "names": m{"en": "x"}, "description": m{"en": strings.Repeat("x", 1001)}}, "description.en"},
		"a parent that is not there":      {m{"slug": "city", "names": m{"en": "x"}, "parent": nothing}, "parent"},
	} {
		a := n.as(chief, "POST", "/sections", c.body).refuses(422, dateline.EInvalid)
		if p := a.problem(); len(p.Errors) == 0 || p.Errors[0].Path != c.path {
			t.Errorf("%s: the fault is placed at %+v, want %q", what, p.Errors, c.path)
		}
	}
	n.as(chief, "POST", "/sections", m{"slug": "coast", "names": m{"en": "x"}}).refuses(409, dateline.EConflict, "coast")
	path := "/sections/" + string(s.ID)
	n.as(chief, "PUT", path, m{"slug": "shore", "names": m{"en": "x"}}, "If-Match", `"1"`).refuses(409, dateline.EState, "slug")
	n.as(chief, "PUT", path, m{"slug": "coast", "names": m{"en": "x"}}).refuses(428, dateline.EMissing)
	n.as(chief, "PUT", path, m{"slug": "coast", "names": m{"en": "x"}}, "If-Match", `"2"`).refuses(409, dateline.EConflict)
	if n.kinds(begin) != "" {
		t.Errorf("refusals put %s into the record", n.kinds(begin))
	}
	n.as(chief, "PUT", path, m{"slug": "coast", "names": m{"en": "The coast"}}, "If-Match", `"1"`).is(200)
	n.as(reporter, "GET", path, nil).is(200).has("The coast", `"version":2`).lacks("तट")
	n.as(reporter, "GET", "/sections/"+nothing, nil).refuses(404, dateline.ENotFound)
	n.as(reporter, "GET", "/sections/coast", nil).refuses(404, dateline.ENotFound, "id")
}

// TestWhatIsNotPublicStaysAtTheDesk: topics and persons enter the record with the first act that refers to them.
func TestWhatIsNotPublicStaysAtTheDesk(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	begin := n.head()
	var topic dateline.Topic
	n.as(reporter, "POST", "/topics", m{"slug": "ferries", "kind": "subject", "names": m{"en": "Ferries"}}).is(201).into(&topic)
	var person dateline.Person
	n.as(reporter, "POST", "/persons", m{"slug": "ada-menon", "names": m{"en": "Ada Menon"}, "role": m{"en": "Coast correspondent"}}).is(201).into(&person)
	n.as(reporter, "POST", "/topics", m{"slug": "ada", "kind": "person", "names": m{"en": "Ada"}}).refuses(422, dateline.EInvalid, `"path":"person"`)
	n.as(reporter, "POST", "/topics", m{"slug": "ada", "kind": "person", "person": nothing, "names": m{"en": "Ada"}}).refuses(422, dateline.EInvalid, `"path":"person"`)
	n.as(reporter, "POST", "/topics", m{"slug": "ada", "kind": "gossip", "names": m{"en": "Ada"}}).refuses(422, dateline.EInvalid, `"path":"kind"`)
	n.as(reporter, "PUT", "/persons/"+string(person.ID), m{"slug": "ada-menon", "names": m{"en": "Ada M. Menon"}}, "If-Match", `"1"`).is(200).has(`"public":false`)
	if n.kinds(begin) != "" {
		t.Errorf("desk steps put %s into the record", n.kinds(begin))
	}
	a := n.write(m{"section": "coast", "headline": "x", "topics": []string{"ferries"}, "byline": []m{{"person": "ada-menon"}}})
	if a.Content.Topics[0] != string(topic.ID) || a.Content.Byline[0].Person != string(person.ID) {
		t.Errorf("slugs are looked up: %+v", a.Content)
	}
	n.act(editor, a, "publish", m{}).receipt()
	if n.kinds(begin) != "person topic edition" {
		t.Errorf("the record got %s", n.kinds(begin))
	}
	begin = n.head()
	n.as(reporter, "PUT", "/persons/"+string(person.ID), m{"slug": "ada-menon", "names": m{"en": "Ada Menon"}}, "If-Match", `"3"`).is(200).has(`"public":true`)
	if n.kinds(begin) != "person" {
		t.Errorf("a public person's renaming is an act; the record got %q", n.kinds(begin))
	}
}

func TestListsAreReadByKey(t *testing.T) {
	n := openRoom(t)
	for _, slug := range []string{"bay", "बाढ़", "anchor", "bridge", "boats"} {
		n.as(reporter, "POST", "/topics", m{"slug": slug, "kind": "subject", "names": m{"en": slug}}).is(201)
	}
	type page struct {
		Items []dateline.Topic
		Next  string
	}
	var read []string
	for next, i := "", 0; i == 0 || next != ""; i++ {
		var p page
		n.as(reporter, "GET", "/topics?limit=2&after="+next, nil).is(200).into(&p)
		for _, topic := range p.Items {
			read = append(read, topic.Slug)
		}
		if next = p.Next; i > 4 {
			t.Fatal("the list does not end")
		}
	}
	if want := []string{"anchor", "bay", "boats", "bridge", "बाढ़"}; !slices.Equal(read, want) {
		t.Errorf("read %q, want %q", read, want)
	}
	var p page
	n.as(reporter, "GET", "/topics?limit=5", nil).is(200).lacks(`"next"`).into(&p)
	n.as(reporter, "GET", "/topics?prefix=b&limit=2", nil).is(200).has("bay", "boats", `"next":"boats"`).lacks("anchor", "बाढ़")
	n.as(reporter, "GET", "/topics?prefix=zz", nil).is(200).has(`"items":[]`)
	n.as(reporter, "GET", "/topics?limit=1000", nil).refuses(422, dateline.EInvalid, "query.limit")
}

func drawing(encode func(io.Writer, image.Image) error) []byte {
	img := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 * 30 {
		img.Set(i%40, i/40, color.RGBA{uint8(i), uint8(i >> 3), 90, 255})
	}
	var b bytes.Buffer
	_ = encode(&b, img) // a buffer takes everything
	return b.Bytes()
}

func TestPictures(t *testing.T) {
	n := openRoom(t)
	begin := n.head()
	raw := drawing(func(w io.Writer, i image.Image) error { return jpeg.Encode(w, i, nil) })
	got := n.as(reporter, "POST", "/pictures?name=ferry.jpg", raw, "Content-Type", "image/jpeg").is(201)
	var p dateline.Picture
	got.into(&p)
	if p.Format != "jpeg" || p.Width != 40 || p.Height != 30 || p.Bytes != int64(len(raw)) || p.Name != "ferry.jpg" || p.Public || got.header.Get("Location") != "/api/v1/pictures/"+string(p.ID) {
		t.Errorf("taken in: %s", got.raw)
	}
	var again dateline.Picture
	n.as(editor, "POST", "/pictures?name=other.jpg", raw, "Content-Type", "application/octet-stream").is(201).into(&again)
	if again.ID != p.ID {
		t.Errorf("the same bytes are two pictures: %+v", again)
	}
	n.as(reporter, "PUT", "/pictures/"+string(p.ID), m{"name": "ferry-2.jpg", "alt": "A ferry", "credit": "Ada <Menon>"}, "If-Match", `"1"`).is(200).has("A ferry", "Ada <Menon>", "ferry-2.jpg")
	n.as(reporter, "PUT", "/pictures/"+string(p.ID), m{"alt": "x", "hash": "0"}, "If-Match", `"2"`).refuses(422, dateline.EInvalid, "hash")

	made := n.count()
	cut := drawing(png.Encode)
	for what, body := range map[string][]byte{
		"words":       []byte("this is no picture"),
		"SVG":         []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`),
		"HTML":        []byte(`<html><script>alert(1)</script></html>`),
		"a PNG's cut": cut[:20],
		"a program":   []byte("\x7fELF\x02\x01\x01"),
	} {
		a := n.as(reporter, "POST", "/pictures", body, "Content-Type", "image/jpeg").refuses(422, dateline.EInvalid)
		a.lacks("alert")
		if len(a.problem().Detail) < 20 {
			t.Errorf("%s is refused without a reason: %s", what, a.raw)
		}
	}
	n.as(reporter, "POST", "/pictures", nil).refuses(400, dateline.EInvalid, "body")
	n.as(reporter, "POST", "/pictures?name=a%00b", raw).refuses(422, dateline.EInvalid, "name")
	n.as(reporter, "POST", "/pictures", bytes.Repeat([]byte("x"), newsroom.MaxPicture+1)).refuses(413, dateline.ETooLarge)
	if n.count() != made || n.kinds(begin) != "" {
		t.Errorf("refused pictures left something: %s", n.kinds(begin))
	}
}

func TestThePublication(t *testing.T) {
	n := openRoom(t)
	section := n.section("coast")
	var p dateline.Publication
	got := n.as(reporter, "GET", "/publication", nil).is(200)
	got.into(&p)
	if p.Name != "The Estuary" || got.header.Get("ETag") != etag(p.Version) {
		t.Errorf("got %s", got.raw)
	}
	begin := n.head()
	whole := func(change m) m {
		out := m{"name": "The Estuary", "site": "https://estuary.example", "newsroom": "https://desk.estuary.example", "zone": "Asia/Kolkata", "language": "en"}
		for k, v := range change {
			out[k] = v
		}
		return out
	}
	for what, c := range map[string]struct {
		change m
		words  string
	}{
		"one host for both":        {m{"newsroom": "https://estuary.example:8081"}, "two host names"},
		"no address":               {m{"site": "estuary.example"}, "https://"},
		"an address with a path":   {m{"site": "https://estuary.example/paper"}, "scheme and host"},
		"another scheme":           {m{"site": "javascript://estuary.example"}, "scheme and host"},
		"zone":                     {m{"zone": "IST"}, "zone"},
		"no zone":                  {m{"zone": ""}, "Asia/Kolkata"},
		"language":                 {m{"language": "English"}, "BCP 47"},
		"outside the earth":        {m{"latitude": 91}, "latitude"},
		"a name with an override":  {m{"name": "a\u202eb"}, "U+202E"},
		"a section that is not":    {m{"navigation": []string{nothing}}, "navigation"},
		"a page that is not":       {m{"footer": []string{nothing}}, "footer"},
		"unknown":                  {m{"colour": "red"}, "colour"},
		"city in no language":      {m{"city": m{"hi": "x"}}, "city"},
		"what is not to be chosen": {m{"id": nothing}, "unexpected"},
	} {
		a := n.as(chief, "PUT", "/publication", whole(c.change), "If-Match", etag(p.Version)).refuses(422, dateline.EInvalid)
		if !strings.Contains(a.raw, c.words) {
			t.Errorf("%s: %q is not in %s", what, c.words, a.raw)
		}
	}
	n.as(chief, "PUT", "/publication", whole(nil)).refuses(428, dateline.EMissing)
	n.as(chief, "PUT", "/publication", whole(nil), "If-Match", `"7"`).refuses(409, dateline.EConflict)
	if n.kinds(begin) != "" {
		t.Errorf("refusals put %s into the record", n.kinds(begin))
	}
	saved := n.as(chief, "PUT", "/publication", whole(m{"navigation": []dateline.ID{section.ID}, "city": m{"en": "Neerapatnam"}}), "If-Match", etag(p.Version)).is(200)
	saved.has("Neerapatnam", string(section.ID), "desk.estuary.example")
	if n.kinds(begin) != "publication" {
		t.Errorf("the record got %q", n.kinds(begin))
	}
	entries, err := n.desk.Entries(t.Context(), begin, 1)
	n.must(err)
	if strings.Contains(string(entries[0].Body), "desk.estuary.example") {
		t.Error("the record tells the newsroom's address")
	}
}

func TestSettings(t *testing.T) {
	n := openRoom(t)
	begin := n.head()
	n.as(reporter, "GET", "/settings", nil).is(200).has(`"provider":""`)
	for _, body := range []any{m{"weather": m{"provider": "guess"}}, m{}, m{"weather": nil}, m{"weather": m{"provider": "fixed", "temperature": "warm"}}, m{"weather": m{"provider": ""}, "weather2": 1},
		m{"weather": m{"provider": "fixed", "temperature": 20, "condition": "locusts"}}} {
		n.as(chief, "PUT", "/settings", body).refuses(422, dateline.EInvalid, "weather")
	}
	if len(n.settings) > 0 {
		t.Errorf("refused settings were told: %v", n.settings)
	}
	want := newsroom.Settings{Weather: newsroom.WeatherSettings{Provider: "fixed", Temperature: 31, Condition: "light-rain",
		Cities: []newsroom.City{{Slug: "mora", Names: dateline.Names{"en": "Mora"}, Latitude: 9.5, Longitude: 79.25}}}}
	for _, bad := range []newsroom.City{{Slug: "Mora!", Names: dateline.Names{"en": "Mora"}}, {Slug: "mora"}, {Slug: "mora", Names: dateline.Names{"en": "Mora"}, Condition: "warm"}} {
		wrong := want
		wrong.Weather.Cities = []newsroom.City{bad}
		n.as(chief, "PUT", "/settings", wrong).refuses(422, dateline.EInvalid, "cities[0]")
	}
	twice := want
	twice.Weather.Cities = append(slices.Clone(want.Weather.Cities), want.Weather.Cities...)
	n.as(chief, "PUT", "/settings", twice).refuses(422, dateline.EInvalid, "cities[1].slug")
	n.as(chief, "PUT", "/settings", want).is(200)
	var got newsroom.Settings
	n.as(reporter, "GET", "/settings", nil).is(200).into(&got)
	if !reflect.DeepEqual(got, want) || len(n.settings) != 1 || !reflect.DeepEqual(n.settings[0], want) {
		t.Errorf("got %+v, told %+v", got, n.settings)
	}
	if n.kinds(begin) != "" {
		t.Errorf("settings put %s into the record", n.kinds(begin))
	}
}

// TestFollowers: entries come in order with their bodies, page by page; the body of what was withdrawn is given to nobody,
// and nothing of a draft is there.
func TestFollowers(t *testing.T) {
	n := openRoom(t)
	n.section("coast")
	n.write(m{"section": "coast", "headline": "A zarf in the drawer", "html": "<p>zarf</p>"})
	kept, down := n.write(m{"section": "coast", "headline": "Kept in print"}), n.write(m{"section": "coast", "headline": "Taken down soon"})
	first := n.act(editor, down, "publish", m{}).receipt()
	n.act(editor, kept, "publish", m{}).receipt()
	read := func(after int64) (list []record.Entry, words string) {
		a := n.as(follower, "GET", fmt.Sprint("/record/entries?after=", after), nil).is(200)
		if a.header.Get("Content-Type") != "application/jsonl" {
			t.Errorf("the type is %q", a.header.Get("Content-Type"))
		}
		n.must(record.ReadLines(strings.NewReader(a.raw), func(e record.Entry) error {
			list, words = append(list, e), words+string(e.Body)
			return nil
		}))
		return list, words
	}
	all, words := read(0)
	if !strings.Contains(words, "Kept in print") || !strings.Contains(words, "Taken down soon") || strings.Contains(words, "zarf") {
		t.Errorf("the bodies are %s", words)
	}
	for i, e := range all {
		if e.Sequence != int64(i+1) || !e.HasBody() {
			t.Errorf("line %d is entry %d, with a body: %v", i+1, e.Sequence, e.HasBody())
		}
	}
	if int64(len(all)) != n.head() {
		t.Errorf("%d entries, the record has %d", len(all), n.head())
	}
	n.act(editor, down, "withdraw", m{"kind": "killed"}).receipt()
	rest, _ := read(first.Sequence - 1)
	if rest[0].Sequence != first.Sequence || rest[0].HasBody() || rest[len(rest)-1].Kind != record.KindWithdrawal {
		t.Errorf("after the withdrawal: %+v", rest)
	}
	if _, words := read(0); strings.Contains(words, "Taken down soon") || !strings.Contains(words, "Kept in print") {
		t.Error("the headline of a withdrawn article is given away")
	}
	if end, _ := read(n.head()); len(end) != 0 {
		t.Errorf("beyond the end: %v", end)
	}
	for _, after := range []string{"-1", "x", "1.5", "99999999999999999999"} {
		n.as(follower, "GET", "/record/entries?after="+after, nil).refuses(422, dateline.EInvalid, "after")
	}
	n.as(editor, "GET", "/record/entries", nil).refuses(403, dateline.EForbidden).lacks(`"seq"`)
}
