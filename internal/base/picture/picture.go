package picture

import (
	"bytes"
	"context"
	"image"
	_ "image/gif" // its first picture
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // as phones and WeChat send them

	"tongxin/internal/base/fail"
)

// The bounds of a picture that is sent, and the two sizes that are kept.
const (
	MaxBytes  = 16 << 20
	MaxPixels = 40_000_000
	LargeSide = 1600
	SmallSide = 480
	quality   = 82
)

// Picture is what is kept of one.
type Picture struct {
	Kind          string // image/jpeg or image/png
	Width, Height int    // of the large one
	Large, Small  []byte
}

// turn lets one picture at a time be unpacked: each may take a hundred megabytes.
var turn = make(chan struct{}, 1)

// New takes a picture as it was sent.
func New(ctx context.Context, content []byte) (*Picture, error) {
	switch {
	case len(content) == 0:
		return nil, fail.Field("picture", "picture.empty")
	case len(content) > MaxBytes:
		return nil, fail.Field("picture", "picture.large", "max", MaxBytes>>20)
	}
	head, format, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || head.Width < 1 || head.Height < 1 {
		return nil, fail.Field("picture", "picture.kind")
	}
	if head.Width > MaxPixels/head.Height {
		return nil, fail.Field("picture", "picture.pixels", "max", MaxPixels/10_000, "width", head.Width, "height", head.Height)
	}
	select {
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	shown, _, err := image.Decode(bytes.NewReader(content))
	if err != nil || shown.Bounds().Empty() {
		return nil, fail.Field("picture", "picture.broken")
	}
	held := 1
	if format == "jpeg" {
		held = orientation(content)
	}
	return make2(shown, held)
}

// make2 makes the two sizes.
func make2(shown image.Image, held int) (*Picture, error) {
	large := turned(scaled(shown, LargeSide), held)
	p := &Picture{Kind: "image/jpeg", Width: large.Bounds().Dx(), Height: large.Bounds().Dy()}
	if !large.Opaque() {
		p.Kind = "image/png"
	}
	for into, of := range map[*[]byte]*image.RGBA{&p.Large: large, &p.Small: scaled(large, SmallSide)} {
		var b bytes.Buffer
		var err error
		if p.Kind == "image/png" {
			err = png.Encode(&b, of)
		} else {
			err = jpeg.Encode(&b, of, &jpeg.Options{Quality: quality})
		}
		if err != nil {
			return nil, err
		}
		*into = b.Bytes()
	}
	return p, nil
}

// scaled is a picture with no side longer than most.
func scaled(from image.Image, most int) *image.RGBA {
	b := from.Bounds()
	w, h := b.Dx(), b.Dy()
	if long := max(w, h); long > most {
		w, h = max(1, w*most/long), max(1, h*most/long)
	}
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if w == b.Dx() && h == b.Dy() {
		draw.Draw(to, to.Bounds(), from, b.Min, draw.Src)
		return to
	}
	draw.BiLinear.Scale(to, to.Bounds(), from, b, draw.Src, nil)
	return to
}

// turned is a picture the way its camera was held: 1 is upright, the others as EXIF counts.
func turned(from *image.RGBA, held int) *image.RGBA {
	if held <= 1 {
		return from
	}
	w, h := from.Bounds().Dx(), from.Bounds().Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if held >= 5 {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch held {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			to.SetRGBA(tx, ty, from.RGBAAt(x, y))
		}
	}
	return to
}
