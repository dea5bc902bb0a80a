package media

import (
	"archive/zip"
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"
)

func TestPicturesThatAreOtherFilesTooAreRefused(t *testing.T) {
	jpegFile, pngFile := jpegBytes(t, photograph(90, 60)), pngBytes(t, photograph(9, 6))
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	if err := errors.Join(z.SetComment("with a comment"), z.Close()); err != nil {
		t.Fatal(err)
	}
	comment := func(words string) []byte {
		return slices.Concat(jpegFile[:2], []byte{0xff, 0xfe, 0, byte(len(words) + 2)}, []byte(words), jpegFile[2:])
	}
	for name, test := range map[string]struct {
		data []byte
		says string
	}{
		"a page behind a PNG":    {slices.Concat(pngFile, []byte("<HTML><body>")), "web page"},
		"a script in a comment":  {comment("*/</title><ScRipt>alert(1)</script>"), "script"},
		"a program in a comment": {comment("<?php system($_GET['c']); ?>"), "script"},
		"a PDF in a comment":     {comment("%PDF-1.7"), "PDF"},
		"an archive behind":      {slices.Concat(jpegFile, archive.Bytes()), "ZIP"},
	} {
		_, err := Inspect(bytes.NewReader(test.data))
		var refused *RefusedError
		if !errors.As(err, &refused) || !strings.Contains(refused.Message, test.says) {
			t.Errorf("%s: got %v, want a refusal that says %q", name, err, test.says)
		}
	}
	if _, err := Inspect(bytes.NewReader(comment("a < b, PK\x05\x06"))); err != nil {
		t.Errorf("a sound picture: %v", err)
	}
}
