package media

import (
	"bytes"
	"encoding/binary"

	"github.com/datelinehq/dateline"
)

// pageMarks begin what a browser or server would run if it took a picture for a page. Sound pictures have none: in XMP they
// are escaped.
var pageMarks = [...]string{"<script", "<html", "<!doctype html", "<?php"}

const (
	// pdfHead is how far from a file's beginning readers of PDF look for its mark.
	pdfHead = 1024
	// zipEnd is the length of the record at the end of a ZIP archive, whose last two bytes are the length of a comment.
	zipEnd = 22
)

// checkAlone refuses a picture that is a file of another kind too. No reader would ever get its bytes, but what was made
// to be taken for something else is not kept either. What phones lay behind a picture, a film or a second picture, stays.
func checkAlone(data []byte) error {
	const clean dateline.Phrase = "open it in a picture editor, save it anew and bring that"
	switch {
	case holdsPage(data):
		return refuse("a web page or script is hidden in this picture; %s", clean)
	case bytes.Contains(data[:min(len(data), pdfHead)], []byte("%PDF-")):
		return refuse("this picture is a PDF document too; %s", clean)
	case endsAsZIP(data):
		return refuse("a ZIP archive is hidden in this picture; %s", clean)
	}
	return nil
}

func holdsPage(data []byte) bool {
	for {
		at := bytes.IndexByte(data, '<')
		if at < 0 {
			return false
		}
		data = data[at:]
		for _, mark := range pageMarks {
			if len(data) >= len(mark) && bytes.EqualFold(data[:len(mark)], []byte(mark)) {
				return true
			}
		}
		data = data[1:]
	}
}

// endsAsZIP finds the record with which every ZIP archive of one part ends, whatever stands before the archive.
func endsAsZIP(data []byte) bool {
	tail := data[max(0, len(data)-zipEnd-0xffff):]
	at := bytes.LastIndex(tail, []byte("PK\x05\x06\x00\x00\x00\x00"))
	return at >= 0 && at+zipEnd <= len(tail) && at+zipEnd+int(binary.LittleEndian.Uint16(tail[at+zipEnd-2:])) <= len(tail)
}
