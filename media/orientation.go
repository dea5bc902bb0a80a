package media

import (
	"bytes"
	"encoding/binary"
	"image"
	"iter"
)

// orientationTag is the TIFF tag in which a camera says how it was held (Exif 3.0, section 4.6.5.1.1).
const orientationTag = 0x0112

const exifPrefix = "Exif\x00\x00"

// orientationOf returns the Exif orientation, 1 to 8, of a picture; 1, which is upright, where there is none that can be read.
func orientationOf(data []byte, format Format) int {
	switch format {
	case JPEG:
		return tiffOrientation(jpegExif(data))
	case PNG:
		return tiffOrientation(pngExif(data))
	case WebP:
		return tiffOrientation(webpExif(data))
	}
	return 1
}

// jpegExif returns the TIFF data of the first Exif segment before the picture's own data.
func jpegExif(data []byte) []byte {
	for marker, segment := range jpegSegments(data) {
		if tiff, found := bytes.CutPrefix(segment, []byte(exifPrefix)); found && marker == 0xe1 {
			return tiff
		}
	}
	return nil
}

// jpegSegments gives the markers before the picture's own data, with what their segments hold.
func jpegSegments(data []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for at := 2; at+4 <= len(data) && data[at] == 0xff; {
			marker := data[at+1]
			if marker == 0xff { // fill byte
				at++
				continue
			}
			length := int(binary.BigEndian.Uint16(data[at+2:]))
			if marker == 0xda || marker == 0xd9 || length < 2 || at+2+length > len(data) || !yield(marker, data[at+4:at+2+length]) {
				return
			}
			at += 2 + length
		}
	}
}

// pngExif returns the eXIf chunk before the picture's own data.
func pngExif(data []byte) []byte { return pngHeadChunk(data, "eXIf") }

// pngHeadChunk returns what the first chunk of a kind holds before the picture's own data.
func pngHeadChunk(data []byte, want string) []byte {
	for at := 8; at+12 <= len(data); {
		length := int(binary.BigEndian.Uint32(data[at:]))
		kind := string(data[at+4 : at+8])
		if kind == "IDAT" || length > len(data)-at-12 {
			return nil
		}
		if kind == want {
			return data[at+8 : at+8+length]
		}
		at += 12 + length
	}
	return nil
}

// webpExif returns the EXIF chunk, which may or may not begin as a JPEG segment does.
func webpExif(data []byte) []byte {
	return bytes.TrimPrefix(webpChunk(data, "EXIF"), []byte(exifPrefix))
}

// webpChunk returns what a WebP's first chunk of a kind holds.
func webpChunk(data []byte, kind string) []byte {
	for at := 12; at+8 <= len(data); {
		length := int(binary.LittleEndian.Uint32(data[at+4:]))
		if length > len(data)-at-8 {
			return nil
		}
		if string(data[at:at+4]) == kind {
			return data[at+8 : at+8+length]
		}
		at += 8 + length + length%2
	}
	return nil
}

// tiffOrientation reads the orientation from the first directory of TIFF data.
func tiffOrientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return 1
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	entries := tiff[at+2:]
	for n := order.Uint16(tiff[at:]); n > 0 && len(entries) >= 12; n-- {
		if order.Uint16(entries) == orientationTag && order.Uint16(entries[2:]) == 3 {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// lies reports whether an orientation swaps width and height.
func lies(orientation int) bool { return orientation >= 5 }

// lying is where a part of the upright picture, of a width and height, lies in the file.
func lying(r image.Rectangle, orientation, width, height int) image.Rectangle {
	across := func(r image.Rectangle) image.Rectangle {
		return image.Rect(width-r.Max.X, r.Min.Y, width-r.Min.X, r.Max.Y)
	}
	down := func(r image.Rectangle) image.Rectangle {
		return image.Rect(r.Min.X, height-r.Max.Y, r.Max.X, height-r.Min.Y)
	}
	turned := func(r image.Rectangle) image.Rectangle { return image.Rect(r.Min.Y, r.Min.X, r.Max.Y, r.Max.X) }
	switch orientation {
	case 2:
		return across(r)
	case 3:
		return across(down(r))
	case 4:
		return down(r)
	case 5:
		return turned(r)
	case 6:
		return turned(across(r))
	case 7:
		return turned(across(down(r)))
	case 8:
		return turned(down(r))
	}
	return r
}

// upright turns and mirrors a picture as its orientation says.
func upright(src *image.RGBA, orientation int) *image.RGBA {
	w, h := src.Bounds().Dx(), src.Bounds().Dy()
	place := map[int]func(x, y int) (int, int){
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, h - 1 - x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return w - 1 - y, x },
	}[orientation]
	if place == nil {
		return src
	}
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	if lies(orientation) {
		dst = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range dst.Rect.Dy() {
		row := dst.Pix[y*dst.Stride:]
		for x := range dst.Rect.Dx() {
			sx, sy := place(x, y)
			copy(row[4*x:4*x+4], src.Pix[sy*src.Stride+4*sx:])
		}
	}
	return dst
}
