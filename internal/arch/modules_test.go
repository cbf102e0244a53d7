package arch

import (
	"slices"
	"strings"
)

// module is a library of others and the folders that may use it, so that each stays behind one package of ours.
type module struct {
	path string
	dirs []string // empty: anywhere
}

// modules are the libraries chosen. A new one needs its reason in an ADR, and its line here.
var modules = []module{
	{"modernc.org/sqlite", []string{"internal/base/db"}},
	{"github.com/ncruces/go-sqlite3", []string{"internal/base/db"}}, // its file layers, for tests of power cuts
	{"github.com/jackc/pgx/v5", []string{"internal/base/db"}},
	{"github.com/pressly/goose/v3", []string{"internal/base/db"}},
	{"golang.org/x/crypto", []string{"internal/base"}},
	{"golang.org/x/text", []string{"internal"}},
	{"golang.org/x/net", []string{"internal/app", "internal/base/prose"}}, // in tests: how a browser reads a page; what was pasted is read as one does
	{"golang.org/x/image", []string{"internal/base/picture"}},
	{"golang.org/x/sync", nil},
	{"github.com/RoaringBitmap/roaring/v2", []string{"internal/report/figure"}},
	{"github.com/a-h/templ", []string{"internal/web"}},
	{"github.com/alexedwards/scs/v2", []string{"internal/web"}},
	{"github.com/skip2/go-qrcode", []string{"internal/web"}},
	{"github.com/yuin/goldmark", []string{"internal/web", "internal/report/bulletin"}},
	{"github.com/danielgtaylor/huma/v2", []string{"internal/api"}},
	{"github.com/wneessen/go-mail", []string{"internal/base/send/mail"}},
	{"github.com/xuri/excelize/v2", []string{"internal/base/sheet"}}, // in its tests: the other program that reads and writes
	{"github.com/alecthomas/kong", []string{"cmd"}},
	{"github.com/chromedp", []string{"e2e", "internal/report/bulletin"}},
	{"pgregory.net/rapid", nil},
}

// chosenModules: only the libraries chosen are used, and each where it belongs.
func chosenModules(t *tree) (found []breach) {
	for _, f := range t.files {
		for _, spec := range f.ast.Imports {
			p := strings.Trim(spec.Path.Value, `"`)
			host, _, _ := strings.Cut(p, "/")
			if !strings.Contains(host, ".") {
				continue // the standard library or ours
			}
			at := slices.IndexFunc(modules, func(m module) bool { return under(p, m.path) })
			switch {
			case at < 0:
				found = append(found, breach{t.at(spec), p + " is not among the libraries chosen (modules_test.go)"})
			case len(modules[at].dirs) > 0 && !under(f.dir, modules[at].dirs...):
				found = append(found, breach{t.at(spec), modules[at].path + " belongs to " + strings.Join(modules[at].dirs, ", ") + "; use what that offers"})
			}
		}
	}
	return found
}
