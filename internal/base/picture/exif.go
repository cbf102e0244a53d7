package picture

import (
	"bytes"
	"encoding/binary"
)

// orientation reads from a JPEG's head how its camera was held: 1 to 8, 1 where it says
// nothing that can be read.
func orientation(content []byte) int {
	for at := 2; at+4 <= len(content) && content[at] == 0xff; {
		marker, size := content[at+1], int(binary.BigEndian.Uint16(content[at+2:]))
		if marker == 0xda || size < 2 || at+2+size > len(content) {
			break // the picture itself begins, or nothing sensible
		}
		part := content[at+4 : at+2+size]
		if tiff, ok := bytes.CutPrefix(part, []byte("Exif\x00\x00")); marker == 0xe1 && ok {
			return held(tiff)
		}
		at += 2 + size
	}
	return 1
}

// held finds tag 0x0112 in the first directory of a TIFF head.
func held(tiff []byte) int {
	if len(tiff) < 8 {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 1
	}
	n := int64(order.Uint16(tiff[at:]))
	for i := range n {
		entry := at + 2 + 12*i
		if entry+12 > int64(len(tiff)) {
			break
		}
		if order.Uint16(tiff[entry:]) == 0x0112 {
			if v := int(order.Uint16(tiff[entry+8:])); v >= 1 && v <= 8 {
				return v
			}
			break
		}
	}
	return 1
}
