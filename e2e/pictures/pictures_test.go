package main

import (
	"bytes"
	"fmt"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPictures: every page is drawn in every look, each as wide as it should be, dark where it should be; what axe finds, and
// what goes wrong behind a page, ends the command with an error and is told with the picture's name.
func TestPictures(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size := "16px"
		if c, err := r.Cookie("elder"); err == nil && c.Value == "1" {
			size = "21px"
		}
		trouble := map[string]string{"/pale": `<p class=pale>看不清</p>`, "/gone": `<img src=/no.png alt="">`}[r.URL.Path]
		if r.URL.Path == "/no.png" {
			http.NotFound(w, r)
			return
		}
		fmt.Fprintf(w, `<!doctype html><html lang=zh-CN><meta name=viewport content="width=device-width"><title>页</title>
			<link rel=icon href="data:,"><style>html { font-size: %s; background: #fff; color: #000 } .pale { color: #ccc; background: #fff }
			@media (prefers-color-scheme: dark) { html { background: #000; color: #fff } }</style><main><h1>一页</h1>%s</main></html>`, size, trouble)
	}))
	t.Cleanup(server.Close)
	out := t.TempDir()

	if err := run(t.Context(), []string{"-base", server.URL, "-out", out, "-paths", "/,/activities?day=1"}, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, stop := range []string{"home", "activities-day-1"} {
		for _, l := range looks {
			width, corner := examine(t, filepath.Join(out, stop+"-"+l.name+".png"))
			if width != int(l.view.Width) || (corner == 0) != l.view.Dark {
				t.Errorf("%s in %s is %d wide, its corner %d", stop, l.name, width, corner)
			}
		}
	}
	light, elder := drawn(t, out, "home-390-light.png"), drawn(t, out, "home-390-elder.png")
	if bytes.Equal(light, elder) {
		t.Error("the elder look is the light one")
	}
	if sheet := drawn(t, out, "index.html"); !bytes.Contains(sheet, []byte("activities-day-1-1440-dark.png")) {
		t.Error("the sheet does not show every picture")
	}

	for path, want := range map[string]struct {
		things int // what axe finds, in each look; what fails to load, whenever the page is loaded
		says   string
	}{"/pale": {6, "pale-390-elder.png: color-contrast"}, "/gone": {4, "gone-1440-elder.png: 404 for Image"}} {
		var said bytes.Buffer
		err := run(t.Context(), []string{"-base", server.URL, "-out", out, "-paths", path}, &said)
		if err == nil || err.Error() != fmt.Sprintf("%d things are wrong", want.things) || !strings.Contains(said.String(), want.says) {
			t.Errorf("%s: %v and %q, want %d things and %s", path, err, said.String(), want.things, want.says)
		}
	}
}

func drawn(t *testing.T, out, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(out, name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// examine tells a picture's width and the red of its first corner, 0 to 65535.
func examine(t *testing.T, file string) (width int, red uint32) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	red, _, _, _ = img.At(0, 0).RGBA()
	return img.Bounds().Dx(), red
}
