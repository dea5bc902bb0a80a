package newsroom

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/datelinehq/dateline"
	"github.com/datelinehq/dateline/media/upload"
)

// uploads adds the routes by which a picture comes in in parts, so that a lost connection loses one part at most.
func (s *server) uploads() {
	part := &huma.RequestBody{Description: "The next bytes of the file; none to ask for the picture again",
		Content: map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}}}
	register(s, dateline.ActDescribe, "POST", "/uploads", "start-upload", "Begin to bring in a picture in parts", s.startUpload, answers(http.StatusCreated))
	register(s, dateline.ActDescribe, "HEAD", "/uploads/{id}", "find-upload", "How far one's own upload is", s.findUpload, answers(http.StatusNoContent))
	register(s, dateline.ActDescribe, "PATCH", "/uploads/{id}", "continue-upload", "Add a part: its bytes are the body. The last gives the picture", s.continueUpload, func(op *huma.Operation) {
		op.MaxBodyBytes, op.RequestBody = upload.MaxPart, part
		op.Metadata[tooLarge] = dateline.Say("a part has %d bytes at most; send the file in more parts", upload.MaxPart)
	})
	part.Required = false // huma requires every body of bytes; an empty part asks for the picture again
	register(s, dateline.ActDescribe, "DELETE", "/uploads/{id}", "cancel-upload", "Give one's own upload up", s.cancelUpload, answers(http.StatusNoContent))
}

// Upload is a picture that is coming in.
type Upload struct {
	ID      string            `json:"id"`
	Offset  int64             `json:"offset" doc:"How many bytes are here; the next part begins there"`
	Size    int64             `json:"size"`
	Part    int64             `json:"part" doc:"How many bytes a part may have"`
	Expires time.Time         `json:"expires" doc:"When it is given up, unless a part comes"`
	Picture *dateline.Picture `json:"picture,omitempty" doc:"Once all of it is here"`
}

func newUpload(u upload.Upload, p *dateline.Picture) *Upload {
	return &Upload{ID: u.ID, Offset: u.Offset, Size: u.Size, Part: upload.MaxPart, Expires: u.Expires, Picture: p}
}

type startUploadIn struct {
	Body struct {
		Name string `json:"name,omitempty" doc:"The file's name; it is kept as words only" maxLength:"200"`
		Size int64  `json:"size" doc:"How many bytes the file has"`
	}
}

type uploadOut struct {
	Offset   string `header:"Upload-Offset" doc:"How many bytes are here"`
	Length   string `header:"Upload-Length" doc:"How many there will be"`
	Location string `header:"Location" doc:"Where the parts go"`
	Body     *Upload
}

func answerUpload(u upload.Upload, p *dateline.Picture) *uploadOut {
	return &uploadOut{Offset: strconv.FormatInt(u.Offset, 10), Length: strconv.FormatInt(u.Size, 10), Location: "/api/v1/uploads/" + u.ID, Body: newUpload(u, p)}
}

func (s *server) startUpload(ctx context.Context, in *startUploadIn) (*uploadOut, error) {
	u, err := s.Desk.StartUpload(ctx, actor(ctx), in.Body.Name, in.Body.Size)
	if err != nil {
		return nil, err
	}
	return answerUpload(u, nil), nil
}

type uploadIn struct {
	ID string `path:"id" maxLength:"64"`
}

type uploadHead struct {
	Offset string `header:"Upload-Offset" doc:"How many bytes are here"`
	Length string `header:"Upload-Length" doc:"How many there will be"`
	Cache  string `header:"Cache-Control"`
}

func (s *server) findUpload(ctx context.Context, in *uploadIn) (*uploadHead, error) {
	u, err := s.Desk.FindUpload(ctx, actor(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &uploadHead{strconv.FormatInt(u.Offset, 10), strconv.FormatInt(u.Size, 10), "no-store"}, nil
}

type partIn struct {
	ID      string `path:"id" maxLength:"64"`
	Offset  int64  `header:"Upload-Offset" required:"true" minimum:"0" doc:"Where the part begins: as many bytes as are here"`
	RawBody []byte `contentType:"application/octet-stream"`
}

func (s *server) continueUpload(ctx context.Context, in *partIn) (*uploadOut, error) {
	u, p, err := s.Desk.ContinueUpload(ctx, actor(ctx), in.ID, in.Offset, in.RawBody)
	if err != nil {
		return nil, err
	}
	return answerUpload(u, p), nil
}

func (s *server) cancelUpload(ctx context.Context, in *uploadIn) (*none, error) {
	return nil, s.Desk.CancelUpload(ctx, actor(ctx), in.ID)
}
