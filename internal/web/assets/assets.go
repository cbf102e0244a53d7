package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

//go:embed css js icon.svg
var files embed.FS

// sheets are the parts of app.css, in order.
var sheets = []string{"tokens", "base", "shell", "form", "list", "volunteer", "roster", "turns", "desk", "board", "people", "progress", "prose", "bulletin", "print"}

// wallSheets are the parts of wall.css, which a wall loads in the place of app.css.
var wallSheets = []string{"tokens", "board", "wall"}

// scripts are the parts of each script, in order.
var scripts = map[string][]string{
	"app.js":    {"js/app.js", "js/roster.js"},
	"live.js":   {"js/live.js"},
	"editor.js": {"js/editor.min.js"},
	"htmx.js":   {"js/htmx-4.0.1.min.js", "js/hx-sse-4.0.1.min.js"},
}

// Prefix is where the files are served.
const Prefix = "/assets/"

type asset struct {
	name string // "app.3f9a2b1c.css"
	kind string // its content type
	body []byte
	gz   func() []byte
}

// The files by plain name ("app.css"), and by the name that is served.
var byName, byURL = load()

func load() (byName, byURL map[string]*asset) {
	byName, byURL = map[string]*asset{}, map[string]*asset{}
	add := func(name, kind string, body []byte) {
		sum := sha256.Sum256(body)
		ext := path.Ext(name)
		a := &asset{
			name: strings.TrimSuffix(name, ext) + "." + hex.EncodeToString(sum[:5]) + ext,
			kind: kind,
			body: body,
			gz:   sync.OnceValue(func() []byte { return compress(body) }),
		}
		byName[name], byURL[a.name] = a, a
	}
	add("app.css", "text/css; charset=utf-8", styles(sheets))
	add("wall.css", "text/css; charset=utf-8", styles(wallSheets))
	for name, parts := range scripts {
		var b bytes.Buffer
		for _, p := range parts {
			b.Write(must(files.ReadFile(p)))
			b.WriteString("\n")
		}
		add(name, "text/javascript; charset=utf-8", b.Bytes())
	}
	add("icon.svg", "image/svg+xml", must(files.ReadFile("icon.svg")))
	return byName, byURL
}

// Sheet is one part of app.css by its name, for a page that carries its style within.
func Sheet(name string) string { return string(styles([]string{name})) }

var comments = regexp.MustCompile(`(?s)/\*.*?\*/`)

// styles joins the sheets and drops comments and indentation.
func styles(sheets []string) []byte {
	var b strings.Builder
	for _, s := range sheets {
		text := comments.ReplaceAllString(string(must(files.ReadFile("css/"+s+".css"))), "")
		for line := range strings.Lines(text) {
			b.WriteString(strings.TrimSpace(line))
		}
	}
	return []byte(b.String())
}

// must is for embedded files, which are there or the program was built wrongly.
func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

func compress(b []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	w.Write(b)
	w.Close()
	return out.Bytes()
}

// URL is where the file of that plain name is served: "/assets/app.3f9a2b1c.css".
func URL(name string) string {
	a := byName[name]
	if a == nil {
		panic("assets: no file " + name)
	}
	return Prefix + a.name
}

// Wire is the size of the file as it is sent, compressed.
func Wire(name string) int { return len(byName[name].gz()) }

// Handler serves the files below [Prefix].
func Handler() http.Handler { return http.HandlerFunc(serve) }

func serve(w http.ResponseWriter, r *http.Request) {
	a := byURL[strings.TrimPrefix(r.URL.Path, Prefix)]
	if a == nil {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	body := a.body
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.gz()
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		w.Write(body)
	}
}
