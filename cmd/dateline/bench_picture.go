package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/datelinehq/dateline/media"
	"github.com/datelinehq/dateline/media/blob"
)

const (
	benchPictureWidth, benchPictureHeight = 3456, 2304 // eight megapixels
	benchPictures                         = 9          // each new to the workshop, so that nothing is kept from before
	firstWidth                            = 800        // what a phone asks for
)

// pictureFigures are those of a picture of eight megapixels. Times are milliseconds, memory megabytes.
type pictureFigures struct {
	First         spread  `json:"picture_first"`      // to its first rendition as WebP, 800 pixels wide
	FirstJPEG     spread  `json:"picture_first_jpeg"` // the same as JPEG
	PictureMemory float64 `json:"picture_memory"`     // the most that was resident
}

type benchPictureCommand struct {
	File string `arg:"" optional:"" help:"Only make the picture and write it here."`
}

// Run measures and prints what it found as JSON. The picture is made in a process of its own, so that the memory is the
// workshop's alone.
func (c benchPictureCommand) Run(ctx context.Context, s streams) (err error) {
	if c.File != "" {
		return os.WriteFile(c.File, eightMegapixels(), 0o600)
	}
	dir, err := os.MkdirTemp(os.Getenv("DATELINE_BENCH_DIR"), "dateline-picture-*")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file := filepath.Join(dir, "photograph.jpg")
	if err := benchChild(ctx, s, nil, "picture", file); err != nil {
		return err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	found := pictureFigures{}
	if found.First, err = firstRenditions(ctx, filepath.Join(dir, "webp"), data, media.WebP); err != nil {
		return err
	}
	if found.FirstJPEG, err = firstRenditions(ctx, filepath.Join(dir, "jpeg"), data, ""); err != nil {
		return err
	}
	found.PictureMemory = memoryLine("self", "VmHWM")
	return printJSON(s.out, found)
}

// firstRenditions brings a picture in several times, each time as another file, and times the first rendition.
func firstRenditions(ctx context.Context, dir string, data []byte, format media.Format) (_ spread, err error) {
	store, err := blob.OpenDisk(filepath.Join(dir, "originals"))
	if err != nil {
		return spread{}, err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	w, err := media.NewWorkshop(store, filepath.Join(dir, "renditions"), 1)
	if err != nil {
		return spread{}, err
	}
	defer func() { err = errors.Join(err, w.Close()) }()
	var times []float64
	for i := range benchPictures {
		info, err := w.Intake(ctx, bytes.NewReader(commented(data, i)))
		if err != nil {
			return spread{}, err
		}
		began := time.Now()
		r, err := w.Rendition(ctx, info.Hash, media.Order{Width: firstWidth, Format: format})
		if err := errors.Join(err, r.Instead); err != nil {
			return spread{}, err
		}
		times = append(times, milliseconds(time.Since(began)))
	}
	return spreadOf(times), nil
}

// commented is a JPEG with a comment behind its first marker, so that it is another file with the same pixels.
func commented(data []byte, n int) []byte {
	text := fmt.Sprintf("%04d", n)
	comment := append([]byte{0xff, 0xfe, 0, byte(2 + len(text))}, text...)
	return bytes.Join([][]byte{data[:2], comment, data[2:]}, nil)
}

// eightMegapixels makes a JPEG with the gradients and the grain of a photograph; always the same.
func eightMegapixels() []byte {
	r := rand.New(rand.NewPCG(8, 8))
	m := image.NewRGBA(image.Rect(0, 0, benchPictureWidth, benchPictureHeight))
	for y := range benchPictureHeight {
		for x := range benchPictureWidth {
			grain := r.IntN(12)
			m.SetRGBA(x, y, color.RGBA{R: uint8(x*200/benchPictureWidth + grain), G: uint8(y*200/benchPictureHeight + grain), B: uint8((x^y)&63 + 90 + grain), A: 255})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 90}); err != nil {
		panic(err) // an image in memory of a size that JPEG has
	}
	return out.Bytes()
}
