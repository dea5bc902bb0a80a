package dateline

import (
	"math"
	"time"
)

// Placement is where a picture is shown, each with a shape of its own.
type Placement string

// The placements.
const (
	PlaceLead   Placement = "lead"   // at the head of an article: the whole picture, unless a crop was made by hand
	PlaceCard   Placement = "card"   // in lists and fronts: 16:9
	PlaceSocial Placement = "social" // where others show a link to the article: 1.91:1
	PlaceSquare Placement = "square" // where there is little room: 1:1
)

// Placements lists every placement in the order in which a desk shows them.
var Placements = []Placement{PlaceLead, PlaceCard, PlaceSocial, PlaceSquare}

// Ratio is a placement's width for each unit of its height; 0 where any shape is right.
func (p Placement) Ratio() float64 {
	switch p {
	case PlaceCard:
		return 16.0 / 9
	case PlaceSocial:
		return 1.91
	case PlaceSquare:
		return 1
	}
	return 0
}

// Point is a place on a picture, in pixels of the upright picture from its upper left corner.
type Point struct {
	X int `json:"x"`
	Y int `json:"y"`
}

// Crop is a part of a picture, in pixels of the upright picture.
type Crop struct {
	Height int `json:"height"`
	Width  int `json:"width"`
	X      int `json:"x"`
	Y      int `json:"y"`
}

// Framing says what of a picture matters: its focal point, which every crop keeps in view, and crops that were made by hand.
type Framing struct {
	Crops map[Placement]Crop `json:"crops,omitempty"`
	Focal *Point             `json:"focal,omitempty"`
}

// minCrop is the least side, in pixels, of a crop that is made by hand.
const minCrop = 16

// Crop is what a placement shows of a picture of a width and height: the crop that was made for it, otherwise the largest
// part of its shape, with the focal point (the middle where there is none) as near to its middle as the edges allow.
func (f Framing) Crop(p Placement, width, height int) Crop {
	if c, ok := f.Crops[p]; ok {
		return c
	}
	c := Crop{Width: width, Height: height}
	ratio := p.Ratio()
	if ratio == 0 || width < 1 || height < 1 {
		return c
	}
	if float64(width) > ratio*float64(height) {
		c.Width = max(1, int(math.Round(ratio*float64(height))))
	} else {
		c.Height = max(1, int(math.Round(float64(width)/ratio)))
	}
	focal := Point{width / 2, height / 2}
	if f.Focal != nil {
		focal = *f.Focal
	}
	c.X = min(max(focal.X-c.Width/2, 0), width-c.Width)
	c.Y = min(max(focal.Y-c.Height/2, 0), height-c.Height)
	return c
}

func (f Framing) validate(e *fields, width, height int) {
	if p := f.Focal; p != nil && (p.X < 0 || p.Y < 0 || p.X >= width || p.Y >= height) {
		e.add("focal", "the focal point (%d, %d) lies outside the picture of %d × %d pixels", p.X, p.Y, width, height)
	}
	for place, c := range f.Crops {
		path := "crops." + string(place)
		if !known(place) {
			e.add("crops", "%.40q is no placement; use lead, card, social or square", string(place))
			continue
		}
		if c.X < 0 || c.Y < 0 || c.Width > width || c.Height > height || c.X > width-c.Width || c.Y > height-c.Height {
			e.add(path, "the crop does not lie in the picture of %d × %d pixels", width, height)
		} else if c.Width < minCrop || c.Height < minCrop {
			e.add(path, "the crop has %d × %d pixels; it needs %d each way", c.Width, c.Height, minCrop)
		} else if r := place.Ratio(); r != 0 && math.Abs(float64(c.Width)-r*float64(c.Height)) > 1+r {
			e.add(path, "the crop has %d × %d pixels, which is not the shape of this placement (%.3g:1)", c.Width, c.Height, r)
		}
	}
}

func known(p Placement) bool {
	for _, k := range Placements {
		if k == p {
			return true
		}
	}
	return false
}

// PictureFile is what was read from a picture's file when it came in. Place and Device say only that the file names a place
// or the number of a camera or lens; readers' copies do not.
type PictureFile struct {
	Caption   string `json:"caption,omitempty"`
	Copyright string `json:"copyright,omitempty"`
	Creator   string `json:"creator,omitempty"`
	Credit    string `json:"credit,omitempty"`
	Taken     string `json:"taken,omitempty"` // as RFC 3339 has it, without zone or hour where the file has none
	Place     bool   `json:"place,omitempty"`
	Device    bool   `json:"device,omitempty"`
}

// Picture is an image by the hash of its bytes, with its size, framing and rights. Caption, alternative text and credit
// stand where it is used; those here are proposed there.
type Picture struct {
	ID        ID          `json:"id"`
	Hash      string      `json:"hash"`   // SHA-256 of the bytes, in hex
	Format    string      `json:"format"` // jpeg, png, gif or webp, as it came
	Served    string      `json:"served"` // jpeg or png, as readers get it who do not read WebP
	Width     int         `json:"width"`  // pixels, after orientation
	Height    int         `json:"height"`
	Bytes     int64       `json:"bytes"`
	Name      string      `json:"name,omitempty"`      // the file's name as it came; the desk's only
	Alt       string      `json:"alt,omitempty"`       // proposed where the picture is used
	Caption   string      `json:"caption,omitempty"`   // proposed where the picture is used
	Credit    string      `json:"credit,omitempty"`    // proposed where the picture is used, and written into what readers get
	Creator   string      `json:"creator,omitempty"`   // who made it; written into what readers get
	Copyright string      `json:"copyright,omitempty"` // the notice; written into what readers get
	Taken     string      `json:"taken,omitempty"`     // when it was made, as the file says
	Rights    string      `json:"rights,omitempty"`    // what may be done with it, in words
	Until     *time.Time  `json:"until,omitempty"`     // when the rights end; the desk's only
	File      PictureFile `json:"file,omitzero"`
	Framing
	Public  bool  `json:"public"`
	Version int64 `json:"version"`
}

// Ended says whether the rights in a picture have ended at an instant, so that it may not be used anew.
func (p *Picture) Ended(now time.Time) bool { return p.Until != nil && !now.Before(*p.Until) }

// Validate reports what is wrong with the words and the framing that the desk keeps with a picture.
func (p *Picture) Validate() error {
	var f fields
	f.text("name", p.Name, MaxName)
	f.text("credit", p.Credit, MaxName)
	f.text("creator", p.Creator, MaxName)
	f.text("alt", p.Alt, MaxCaption)
	f.text("caption", p.Caption, MaxCaption)
	f.text("copyright", p.Copyright, MaxCaption)
	f.text("rights", p.Rights, MaxCaption)
	if p.Until != nil && (p.Until.Year() < 1970 || p.Until.Year() > 9999) {
		f.add("until", "%s is no day on which rights end", p.Until.Format(time.DateOnly))
	}
	p.Framing.validate(&f, p.Width, p.Height)
	return f.err("the picture")
}

// PictureUse is an article that shows a picture.
type PictureUse struct {
	Article ID
	Draft   bool // what was saved last shows it
	Live    bool // what readers have shows it
}
