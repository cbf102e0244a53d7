package picture

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"tongxin/internal/base/fail"
)

// flag is red on the left half and blue on the right.
func flag(w, h int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{200, 0, 0, 255}
			if x >= w/2 {
				c = color.RGBA{0, 0, 200, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

func encode(t *testing.T, m image.Image, how func(*bytes.Buffer) error) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := how(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t *testing.T, m image.Image) []byte {
	return encode(t, m, func(b *bytes.Buffer) error { return jpeg.Encode(b, m, nil) })
}

// withEXIF puts an orientation, and a place where it was taken, into a JPEG's head.
func withEXIF(content []byte, held byte) []byte {
	tiff := []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, held, 0, 0, 0, 0, 0, 0}
	part := append([]byte("Exif\x00\x00"), append(tiff, "GPS 32.4912N 119.9229E"...)...)
	head := []byte{0xff, 0xd8, 0xff, 0xe1, 0, 0}
	binary.BigEndian.PutUint16(head[4:], uint16(len(part)+2))
	return append(append(head, part...), content[2:]...)
}

func TestAPictureIsMadeAnewInTwoSizes(t *testing.T) {
	m := flag(2000, 1000)
	sent := withEXIF(asJPEG(t, m), 1)
	p, err := New(context.Background(), sent)
	if err != nil {
		t.Fatal(err)
	}
	if p.Kind != "image/jpeg" || p.Width != 1600 || p.Height != 800 {
		t.Errorf("%s %d×%d", p.Kind, p.Width, p.Height)
	}
	for most, content := range map[int][]byte{LargeSide: p.Large, SmallSide: p.Small} {
		got, _, err := image.Decode(bytes.NewReader(content))
		if err != nil || got.Bounds().Dx() != most {
			t.Error(err, got.Bounds())
		}
		if bytes.Contains(content, []byte("GPS")) || bytes.Contains(content, []byte("Exif")) {
			t.Error("where it was taken is still in it")
		}
	}
}

func TestAPictureStandsUprightHoweverItsCameraWasHeld(t *testing.T) {
	where := map[byte]image.Point{1: {2, 10}, 2: {37, 10}, 3: {37, 10}, 4: {2, 10}, 5: {10, 2}, 6: {10, 2}, 7: {10, 37}, 8: {10, 37}} // where red is
	for held, red := range where {
		p, err := New(context.Background(), withEXIF(asJPEG(t, flag(40, 20)), held))
		if err != nil {
			t.Fatal(err)
		}
		got, _ := jpeg.Decode(bytes.NewReader(p.Large))
		if r, _, b, _ := got.At(red.X, red.Y).RGBA(); r < b {
			t.Errorf("held %d: at %v it is not red", held, red)
		}
		if wide := got.Bounds().Dx() == 40; wide != (held < 5) {
			t.Errorf("held %d: %v", held, got.Bounds())
		}
	}
}

func TestWhatOneSeesThroughStaysSo(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 30, 30))
	m.Set(1, 1, color.NRGBA{255, 0, 0, 128})
	p, err := New(context.Background(), encode(t, m, func(b *bytes.Buffer) error { return png.Encode(b, m) }))
	if err != nil || p.Kind != "image/png" {
		t.Fatal(p, err)
	}
}

func TestGIFAndWebPAreTaken(t *testing.T) {
	m := image.NewPaletted(image.Rect(0, 0, 10, 10), color.Palette{color.White, color.Black})
	content := encode(t, m, func(b *bytes.Buffer) error { return gif.Encode(b, m, nil) })
	if p, err := New(context.Background(), content); err != nil || p.Kind != "image/jpeg" {
		t.Error(p, err)
	}
	// one white dot, lossless
	webp := []byte("RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00")
	if p, err := New(context.Background(), webp); err != nil || p.Width != 1 {
		t.Error(p, err)
	}
}

// pngHead is a PNG that says how large it is, and has nothing behind it.
func pngHead(w, h uint32) []byte {
	ihdr := make([]byte, 13)
	binary.BigEndian.PutUint32(ihdr, w)
	binary.BigEndian.PutUint32(ihdr[4:], h)
	ihdr[8], ihdr[9] = 8, 2
	part := append([]byte("IHDR"), ihdr...)
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), part...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(part))
}

func TestWhatIsTooLargeIsRefusedBeforeItIsUnpacked(t *testing.T) {
	for want, content := range map[string][]byte{
		"picture.empty":  nil,
		"picture.large":  make([]byte, MaxBytes+1),
		"picture.kind":   []byte("<svg onload=alert(1)>"),
		"picture.pixels": pngHead(10_000, 6_000), // 60 megapixels
		"picture.broken": pngHead(100, 100),
	} {
		if _, err := New(context.Background(), content); fail.Key(err) != want {
			t.Errorf("%s: %v", want, err)
		}
	}
	if _, err := New(context.Background(), pngHead(100_000, 100_000)); fail.Key(err) != "picture.pixels" {
		t.Error("ten gigapixels were let in:", err)
	}
}

func FuzzNew(f *testing.F) {
	var b bytes.Buffer
	jpeg.Encode(&b, flag(8, 4), nil)
	f.Add(withEXIF(b.Bytes(), 6))
	f.Add(pngHead(3, 3))
	f.Fuzz(func(t *testing.T, content []byte) {
		orientation(content)
		if head, _, err := image.DecodeConfig(bytes.NewReader(content)); err == nil && head.Width*head.Height > 1<<20 {
			return // large ones are slow and teach nothing
		}
		p, err := New(context.Background(), content)
		if err != nil {
			return
		}
		if _, _, err := image.Decode(bytes.NewReader(p.Small)); err != nil {
			t.Error(err)
		}
	})
}
