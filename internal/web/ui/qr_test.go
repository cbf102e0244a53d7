package ui_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/skip2/go-qrcode"

	"tongxin/internal/web/ui"
)

// A code is drawn as it is: every run of the path filled in gives the dots back.
func TestQRDrawsEveryDot(t *testing.T) {
	const text = "https://example.org/checkin?shift=321281-01jd3k8zq4w7c2xv&code=407291"
	svg := render(t, view("/"), ui.QR(text, `签到"码`))
	has(t, svg, `role="img"`, `aria-label="签到&#34;码"`)
	code, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		t.Fatal(err)
	}
	code.DisableBorder = true
	want := code.Bitmap()
	has(t, svg, fmt.Sprintf(`viewBox="-2 -2 %[1]d %[1]d"`, len(want)+4))
	got := make([][]bool, len(want))
	for y := range got {
		got[y] = make([]bool, len(want))
	}
	for _, m := range regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`).FindAllStringSubmatch(svg, -1) {
		var x, y, n, back int
		if _, err := fmt.Sscan(strings.Join(m[1:], " "), &x, &y, &n, &back); err != nil || n != back {
			t.Fatal(m, err)
		}
		for i := range n {
			got[y][x+i] = true
		}
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Error("the drawing is another code")
	}
	var b strings.Builder
	if err := ui.QR(strings.Repeat("x", 5000), "").Render(t.Context(), &b); err == nil {
		t.Error("drew what is too long")
	}
}
