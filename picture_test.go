package dateline

import (
	"testing"
	"time"
)

func TestACropKeepsTheFocalPointInView(t *testing.T) {
	tests := []struct {
		place         Placement
		width, height int
		focal         *Point
		want          Crop
	}{
		{PlaceLead, 4000, 3000, &Point{10, 10}, Crop{Width: 4000, Height: 3000}},
		{PlaceCard, 1600, 900, &Point{0, 0}, Crop{Width: 1600, Height: 900}},
		{PlaceCard, 1600, 1200, nil, Crop{Width: 1600, Height: 900, Y: 150}},
		{PlaceCard, 1600, 1200, &Point{800, 20}, Crop{Width: 1600, Height: 900}},
		{PlaceCard, 1600, 1200, &Point{800, 1199}, Crop{Width: 1600, Height: 900, Y: 300}},
		{PlaceSquare, 1600, 900, &Point{500, 0}, Crop{Width: 900, Height: 900, X: 50}},
		{PlaceSquare, 900, 1600, &Point{0, 1500}, Crop{Width: 900, Height: 900, Y: 700}},
		{PlaceSocial, 1910, 1910, nil, Crop{Width: 1910, Height: 1000, Y: 455}},
		{PlaceSquare, 1, 5000, nil, Crop{Width: 1, Height: 1, Y: 2500}},
		{PlaceCard, 5000, 1, nil, Crop{Width: 2, Height: 1, X: 2499}},
	}
	for _, tt := range tests {
		f := Framing{Focal: tt.focal}
		got := f.Crop(tt.place, tt.width, tt.height)
		if got != tt.want {
			t.Errorf("%s of %d × %d at %v: %+v, want %+v", tt.place, tt.width, tt.height, tt.focal, got, tt.want)
		}
		if p := tt.focal; p != nil && (p.X < got.X || p.Y < got.Y || p.X >= got.X+got.Width || p.Y >= got.Y+got.Height) {
			t.Errorf("%s: the focal point is out of view", tt.place)
		}
		made := Picture{Width: tt.width, Height: tt.height, Framing: Framing{Focal: tt.focal, Crops: map[Placement]Crop{tt.place: got}}}
		if err := made.Validate(); err != nil && min(got.Width, got.Height) >= minCrop {
			t.Errorf("%s: its own crop is refused: %v", tt.place, err)
		}
	}
	by := Framing{Crops: map[Placement]Crop{PlaceCard: {Width: 160, Height: 90, X: 7, Y: 8}}}
	if got := by.Crop(PlaceCard, 1600, 1200); got != by.Crops[PlaceCard] {
		t.Errorf("the crop made by hand became %+v", got)
	}
}

func TestFramingThatCannotBeIsRefused(t *testing.T) {
	for path, f := range map[string]Framing{
		"focal":        {Focal: &Point{100, 10}},
		"crops":        {Crops: map[Placement]Crop{"poster": {Width: 50, Height: 50}}},
		"crops.card":   {Crops: map[Placement]Crop{PlaceCard: {Width: 60, Height: 60}}},
		"crops.lead":   {Crops: map[Placement]Crop{PlaceLead: {Width: 60, Height: 60, X: 50}}},
		"crops.square": {Crops: map[Placement]Crop{PlaceSquare: {Width: 8, Height: 8}}},
		"crops.social": {Crops: map[Placement]Crop{PlaceSocial: {Width: 1 << 62, Height: 1 << 62, X: 1 << 62}}},
	} {
		p := Picture{Width: 100, Height: 100, Framing: f}
		var e *Error
		err := p.Validate()
		if ErrorCode(err) != EInvalid {
			t.Errorf("%s: %v", path, err)
			continue
		}
		e = err.(*Error)
		if len(e.Fields) != 1 || e.Fields[0].Path != path {
			t.Errorf("%s: %+v", path, e.Fields)
		}
	}
}

func TestRightsEndAtTheirInstant(t *testing.T) {
	end := time.Date(2027, 6, 30, 18, 30, 0, 0, time.UTC)
	p := Picture{Until: &end}
	if p.Ended(end.Add(-time.Second)) || !p.Ended(end) || (&Picture{}).Ended(end) {
		t.Error("they end at another time")
	}
}
