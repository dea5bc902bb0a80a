package newsroom

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/desk"
)

// pictures adds the routes of pictures that other things that articles refer to do not have.
func (s *server) pictures() {
	register(s, dateline.ActDescribe, "POST", "/pictures", "create-picture", "Bring in a picture: its bytes are the body", s.createPicture, answers(http.StatusCreated), pictureBody)
	register(s, dateline.ActRead, "GET", "/pictures/{id}/uses", "list-picture-uses", "The articles and fronts that show a picture", s.pictureUses)
	register(s, dateline.ActRead, "GET", "/pictures/{id}/states", "list-picture-states", "What the desk kept with a picture, newest first", s.pictureStates)
	register(s, dateline.ActRead, "GET", "/pictures/{id}/compare", "compare-picture", "What differs between two states of what the desk kept with a picture", s.comparePicture)
	register(s, dateline.ActRead, "GET", "/names/pictures", "find-pictures", "Pictures that may be used, newest first, while words of theirs are typed", s.findPictures)
	s.uploads()
}

// PictureIn is what can be changed of a picture. What is left out is emptied.
type PictureIn struct {
	Name      string                               `json:"name,omitempty" doc:"The file's name; readers never see it"`
	Alt       string                               `json:"alt,omitempty" doc:"Proposed where the picture is used"`
	Caption   string                               `json:"caption,omitempty" doc:"Proposed where the picture is used"`
	Credit    string                               `json:"credit,omitempty" doc:"Proposed where the picture is used, and written into readers' copies"`
	Creator   string                               `json:"creator,omitempty" doc:"Who made it; written into readers' copies"`
	Copyright string                               `json:"copyright,omitempty" doc:"The notice; written into readers' copies"`
	Rights    string                               `json:"rights,omitempty" doc:"What may be done with it"`
	Until     *time.Time                           `json:"until,omitempty" doc:"When the rights end: from then on it goes into nothing anew, and is flagged where it stands"`
	Focal     *dateline.Point                      `json:"focal,omitempty" doc:"What every crop keeps in view, in pixels of the upright picture"`
	Crops     map[dateline.Placement]dateline.Crop `json:"crops,omitempty" doc:"Made by hand, by placement: lead, card (16:9), social (1.91:1), square; the others follow the focal point"`
}

func (in PictureIn) picture(id dateline.ID, version int64) dateline.Picture {
	return dateline.Picture{ID: id, Name: in.Name, Alt: in.Alt, Caption: in.Caption, Credit: in.Credit, Creator: in.Creator, Copyright: in.Copyright,
		Rights: in.Rights, Until: in.Until, Framing: dateline.Framing{Focal: in.Focal, Crops: in.Crops}, Version: version}
}

// MaxPicture is how many bytes a picture may have.
const MaxPicture = 40 << 20

type pictureIn struct {
	Name    string `query:"name" doc:"The file's name; it is kept as words only" maxLength:"200"`
	RawBody []byte `contentType:"application/octet-stream"`
}

// pictureBody describes the body of an upload.
func pictureBody(op *huma.Operation) {
	op.MaxBodyBytes = MaxPicture
	op.Metadata[tooLarge] = dateline.Say("the file is over %d MB; save a smaller picture, 2400 pixels wide are enough for every page", MaxPicture>>20)
	media := &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	op.RequestBody = &huma.RequestBody{Required: true, Description: "The bytes of a JPEG, PNG, GIF or WebP",
		Content: map[string]*huma.MediaType{"image/jpeg": media, "image/png": media, "image/gif": media, "image/webp": media, "application/octet-stream": media}}
}

func (s *server) createPicture(ctx context.Context, in *pictureIn) (*thingOut[dateline.Picture], error) {
	return madeThing[dateline.Picture]("pictures")(s.Desk.CreatePicture(ctx, actor(ctx), bytes.NewReader(in.RawBody), in.Name))
}

// PictureUse is an article that shows a picture.
type PictureUse struct {
	Article  dateline.ID `json:"article"`
	Headline string      `json:"headline"`
	Address  string      `json:"address,omitempty"`
	Draft    bool        `json:"draft" doc:"What was saved last shows it"`
	Live     bool        `json:"live" doc:"What readers have shows it"`
}

type usesOut struct {
	Body struct {
		Items  []PictureUse     `json:"items"`
		Fronts []PictureOnFront `json:"fronts"`
		Ended  bool             `json:"ended,omitempty" doc:"The rights in the picture have ended"`
	}
}

// PictureOnFront is a front that shows a picture in place of an article's own.
type PictureOnFront struct {
	Front dateline.ID `json:"front"`
	Home  bool        `json:"home,omitempty"`
	Draft bool        `json:"draft" doc:"The arrangement saved last shows it"`
	Live  bool        `json:"live" doc:"What readers have shows it"`
}

func (s *server) pictureUses(ctx context.Context, in *One) (*usesOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	shown, err := s.Desk.ListPictureUses(ctx, actor(ctx), id)
	if err != nil {
		return nil, err
	}
	out := &usesOut{}
	out.Body.Items, out.Body.Fronts, out.Body.Ended = []PictureUse{}, []PictureOnFront{}, shown.Ended
	for _, f := range shown.Fronts {
		out.Body.Fronts = append(out.Body.Fronts, PictureOnFront(f))
	}
	for _, u := range shown.Uses {
		a := shown.Articles[u.Article]
		out.Body.Items = append(out.Body.Items, PictureUse{u.Article, a.Content.Headline, a.Address, u.Draft, u.Live})
	}
	return out, nil
}

// PictureState is what the desk kept with a picture from an instant on.
type PictureState struct {
	Version int64      `json:"version"`
	At      *time.Time `json:"at,omitempty" doc:"Absent where it is not known"`
	By      string     `json:"by,omitempty"`
	Picture PictureIn  `json:"picture" doc:"As it is taken, so that it can be given anew"`
}

type statesIn struct {
	One
	Before int64 `query:"before" minimum:"0" doc:"Only those of lower versions"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type statesOut struct {
	Body struct {
		States []PictureState `json:"states"`
	}
}

func (s *server) pictureStates(ctx context.Context, in *statesIn) (*statesOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.ListPictureStates(ctx, actor(ctx), id, in.Before, in.Limit)
	out := &statesOut{}
	out.Body.States = []PictureState{}
	for _, state := range list {
		p := state.Picture
		out.Body.States = append(out.Body.States, PictureState{p.Version, when(state.At), state.By, PictureIn{p.Name, p.Alt, p.Caption, p.Credit, p.Creator, p.Copyright,
			p.Rights, p.Until, p.Focal, p.Crops}})
	}
	return out, err
}

type comparePictureIn struct {
	One
	From int64 `query:"from" required:"true" minimum:"1" doc:"A version"`
	To   int64 `query:"to" required:"true" minimum:"1" doc:"Another"`
}

type comparePictureOut struct {
	Body struct {
		Fields []desk.FieldChange `json:"fields"`
	}
}

func (s *server) comparePicture(ctx context.Context, in *comparePictureIn) (*comparePictureOut, error) {
	id, err := in.id()
	if err != nil {
		return nil, err
	}
	list, err := s.Desk.ComparePicture(ctx, actor(ctx), id, in.From, in.To)
	out := &comparePictureOut{}
	out.Body.Fields = append([]desk.FieldChange{}, list...)
	return out, err
}

type picturesIn struct {
	Q     string `query:"q" doc:"Words of its name and descriptions; all of the newest where there are none" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"50" default:"24"`
}

func (s *server) findPictures(ctx context.Context, in *picturesIn) (*typedOut[dateline.Picture], error) {
	list, err := s.Desk.FindPictures(ctx, actor(ctx), in.Q, in.Limit)
	out := &typedOut[dateline.Picture]{}
	out.Body.Items = append([]*dateline.Picture{}, list...)
	return out, err
}
