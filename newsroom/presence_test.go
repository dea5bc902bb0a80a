package newsroom

import (
	"encoding/binary"
	"reflect"
	"testing"
	"time"
)

func TestWhoIsWhere(t *testing.T) {
	h := newHub()
	at := time.Date(2026, 3, 28, 6, 30, 0, 0, time.UTC)
	h.now = func() time.Time { return at }
	happens, leave := h.listen()
	next := func() notice {
		t.Helper()
		select {
		case n := <-happens:
			return n
		default:
			t.Fatal("nobody was told anything")
			return notice{}
		}
	}
	quiet := func(why string) {
		t.Helper()
		select {
		case n := <-happens:
			t.Errorf("%s: %+v", why, n)
		default:
		}
	}
	if list := next().data.([]Presence); list == nil || len(list) != 0 {
		t.Errorf("at first there is %v; an empty list is not null", list)
	}
	h.enter(Presence{Name: "Nalini", Article: "a", Window: "1"})
	if list := next().data.([]Presence); len(list) != 1 || list[0].Name != "Nalini" {
		t.Errorf("%v", list)
	}
	h.enter(Presence{Name: "Nalini", Article: "a", Window: "1"})
	quiet("the same said again")
	h.enter(Presence{Name: "Nalini", Article: "a", Window: "1", Paragraph: 3})
	h.enter(Presence{Name: "Ilan", Article: "a", Window: "1"})
	next()
	if list := next().data.([]Presence); len(list) != 2 || list[0].Name != "Ilan" || list[1].Paragraph != 3 {
		t.Errorf("%v", list)
	}
	at = at.Add(presenceLasts + time.Second)
	h.enter(Presence{Name: "Ilan", Article: "a", Window: "1"})
	if list := next().data.([]Presence); len(list) != 1 || list[0].Name != "Ilan" {
		t.Errorf("who has said nothing for long is still there: %v", list)
	}
	h.enter(Presence{Name: "Ilan", Window: "1"})
	if list := next().data.([]Presence); len(list) != 0 {
		t.Errorf("who has left is still there: %v", list)
	}
	h.announce(moved{Article: "a", Version: 4, By: "Ilan"})
	if n := next(); n.event != "moved" || n.data.(moved).Version != 4 {
		t.Errorf("%+v", n)
	}
	leave()
	h.announce(moved{Article: "a", Version: 5})
	quiet("after leaving")
}

// TestASlowListenerHoldsNobodyUp: a window that takes nothing in misses what is said, and the others do not wait for it.
func TestASlowListenerHoldsNobodyUp(t *testing.T) {
	h := newHub()
	_, leave := h.listen()
	defer leave()
	for i := range 1000 {
		h.announce(moved{Article: "a", Version: int64(i)})
	}
}

// TestZonesByRule: machines keep zones in two forms, with every change until 2037 or with the rule by which they change.
func TestZonesByRule(t *testing.T) {
	block := func(at []byte) []byte { // one change, to CET (RFC 8536, section 3)
		b := append([]byte("TZif2"), make([]byte, 15)...)
		for _, n := range []uint32{0, 0, 0, 1, 1, 4} {
			b = binary.BigEndian.AppendUint32(b, n)
		}
		b = append(append(b, at...), 0)
		return append(append(binary.BigEndian.AppendUint32(b, 3600), 0, 0), "CET\x00"...)
	}
	rule, err := time.LoadLocationFromTZData("Europe/Berlin", append(append(block(make([]byte, 4)), block(make([]byte, 8))...), "\nCET-1CEST,M3.5.0,M10.5.0/3\n"...))
	if err != nil {
		t.Fatal(err)
	}
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for year := 2026; year < 2036; year++ {
		got, want := spans(time.Date(year, 6, 30, 12, 0, 0, 0, rule)), spans(time.Date(year, 6, 30, 12, 0, 0, 0, berlin))
		if !reflect.DeepEqual(got, want) || len(got) < 24 {
			t.Errorf("in %d, by the rule: %+v\nand by the list: %+v", year, got, want)
		}
	}
}

func TestZonesSpans(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	list := spans(time.Date(2026, 6, 30, 12, 0, 0, 0, berlin))
	if list[0].From != nil {
		t.Error("the first stretch has a beginning")
	}
	found := false
	for i, s := range list {
		if s.From != nil && s.From.Equal(time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC)) {
			found = s.Name == "CEST" && s.Offset == 7200 && list[i-1].Name == "CET"
		}
	}
	if !found {
		t.Errorf("the clocks of 29 March 2026 are not in %+v", list)
	}
	kolkata, err := time.LoadLocation("Asia/Kolkata")
	if err != nil {
		t.Fatal(err)
	}
	if list := spans(time.Date(2026, 6, 30, 12, 0, 0, 0, kolkata)); len(list) != 1 || list[0].Name != "IST" {
		t.Errorf("%+v", list)
	}
}
