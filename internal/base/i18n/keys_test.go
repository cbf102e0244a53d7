package i18n

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// dynamic are the prefixes of keys that are put together at run time from a kind, a state
// or a code. A prefix written whole in the source, as T(lang, "org.tier."+tier), is found
// without being listed here.
var dynamic = []string{"audit.action.", "notice."}

// keyAt says which argument of a function is a message key.
var keyAt = map[string]int{"New": 1, "Field": 1, "Wrap": 2}

var placeholder = regexp.MustCompile(`\{(\w+)\}`)

// use is one place in the source where a key is named.
type use struct {
	at    token.Position
	key   string
	names []string // of its arguments; nil when they are not written out
}

// source is what the Go files of the project say about keys. Pages are read through the
// code generated from them.
type source struct {
	uses     []use
	literals map[string]bool // every string literal
}

func TestEveryKeyHasItsSentenceAndEverySentenceItsKey(t *testing.T) {
	src := readSource(t, "../../..")
	texts := catalogues()[Chinese]
	for _, u := range src.uses {
		text, ok := texts[u.key]
		switch {
		case strings.HasSuffix(u.key, "."):
			if !anyUnder(texts, u.key) {
				t.Errorf("%s: no key begins with %q", u.at, u.key)
			}
		case !ok:
			t.Errorf("%s: no sentence for key %q", u.at, u.key)
		case u.names != nil:
			for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
				if !slices.Contains(u.names, m[1]) {
					t.Errorf("%s: %q needs the argument %q", u.at, u.key, m[1])
				}
			}
		}
	}
	for _, key := range slices.Sorted(maps.Keys(texts)) {
		if !src.literals[key] && !src.hasPrefixOf(key) {
			t.Errorf("nothing uses key %q", key)
		}
	}
}

func TestLanguagesHaveTheSameKeysAndPlaceholders(t *testing.T) {
	zh := catalogues()[Chinese]
	for _, lang := range Languages() {
		texts := catalogues()[lang]
		for key, text := range texts {
			base := strings.TrimSuffix(key, ".one")
			own, ok := zh[key]
			if !ok {
				own, ok = zh[base]
			}
			if !ok {
				t.Errorf("%s: key %q is not in %s", lang, key, Chinese)
			}
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s: key %q is empty", lang, key)
			}
			if a, b := placeholders(text), placeholders(own); base == key && !slices.Equal(a, b) {
				t.Errorf("%s: key %q has placeholders %v, %s has %v", lang, key, a, Chinese, b)
			}
		}
		for key := range zh {
			if _, ok := texts[key]; !ok {
				t.Errorf("%s: key %q is missing", lang, key)
			}
		}
	}
}

func TestEnglishHasNoHanCharacters(t *testing.T) {
	han := regexp.MustCompile(`\p{Han}`)
	for key, text := range catalogues()[English] {
		if han.MatchString(text) && !strings.HasSuffix(key, ".own_language") {
			t.Errorf("key %q is not translated: %q", key, text)
		}
	}
}

func placeholders(text string) []string {
	names := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		names[m[1]] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func anyUnder(texts map[string]string, prefix string) bool {
	for key := range texts {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

// hasPrefixOf reports whether key is under a listed prefix or one of two parts or more that
// the source writes, as "org.tier.".
func (s source) hasPrefixOf(key string) bool {
	for _, p := range dynamic {
		if strings.HasPrefix(key, p) {
			return true
		}
	}
	for i := strings.IndexByte(key, '.') + 1; i < len(key); i++ {
		if key[i] == '.' && s.literals[key[:i+1]] {
			return true
		}
	}
	return false
}

func readSource(t *testing.T, root string) source {
	t.Helper()
	src := source{literals: map[string]bool{}}
	fset := token.NewFileSet()
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), ".") && path != root {
			return skipDir(err)
		}
		if !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(fset, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool { src.visit(fset, n); return true })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "go.mod")); err != nil || len(src.uses) < 10 {
		t.Fatalf("this is not the project: %d uses of keys, %v", len(src.uses), err)
	}
	return src
}

func skipDir(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

func (s *source) visit(fset *token.FileSet, n ast.Node) {
	switch n := n.(type) {
	case *ast.BasicLit:
		if v, ok := literal(n); ok {
			s.literals[v] = true
		}
	case *ast.CallExpr:
		at := fset.Position(n.Pos())
		if i := keyArgument(n); i >= 0 {
			if key, ok := literal(n.Args[i]); ok {
				s.uses = append(s.uses, use{at, key, names(n, i+1)})
			}
		}
		if isOf(n.Fun, "ledger", "Define") && len(n.Args) > 0 {
			s.label(at, "fact.", n.Args[0])
		}
	case *ast.CompositeLit:
		for _, e := range n.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok && isOf(n.Type, "audit", "Entry") && isNamed(kv.Key, "Action") {
				s.label(fset.Position(kv.Pos()), "audit.action.", kv.Value)
			}
		}
	}
}

// label notes that the name of a fact or an action, where it is written out, has a label.
func (s *source) label(at token.Position, prefix string, name ast.Expr) {
	if lit, ok := name.(*ast.BasicLit); ok {
		if v, ok := literal(lit); ok {
			s.uses = append(s.uses, use{at: at, key: prefix + v})
			s.literals[prefix+v] = true
		}
	}
}

func isOf(e ast.Expr, pkg, name string) bool {
	sel, ok := e.(*ast.SelectorExpr)
	return ok && isNamed(sel.X, pkg) && sel.Sel.Name == name
}

func isNamed(e ast.Expr, name string) bool {
	ident, ok := e.(*ast.Ident)
	return ok && ident.Name == name
}

// keyArgument is the index of the message key in a call of T, fail.New, fail.Field or
// fail.Wrap; -1 for every other call. T takes it first (a page's own T) or second.
func keyArgument(call *ast.CallExpr) int {
	i := -1
	switch f := call.Fun.(type) {
	case *ast.Ident:
		i = tArgument(f.Name, call)
	case *ast.SelectorExpr:
		i = tArgument(f.Sel.Name, call)
		if isNamed(f.X, "fail") {
			if at, ok := keyAt[f.Sel.Name]; ok {
				i = at
			}
		}
	}
	if i >= len(call.Args) {
		return -1
	}
	return i
}

func tArgument(name string, call *ast.CallExpr) int {
	if name != "T" {
		return -1
	}
	for i := range min(2, len(call.Args)) {
		if key, ok := literal(call.Args[i]); ok && strings.Contains(key, ".") {
			return i
		}
	}
	return -1
}

// literal is the value of a string literal, or of the one that an addition begins with.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			v, err := strconv.Unquote(e.Value)
			return v, err == nil
		}
	case *ast.BinaryExpr:
		if e.Op == token.ADD {
			return literal(e.X)
		}
	}
	return "", false
}

// names are the argument names of a call from index i on; nil when they cannot be read.
func names(call *ast.CallExpr, i int) []string {
	out := []string{}
	if call.Ellipsis != token.NoPos {
		return nil
	}
	for ; i < len(call.Args); i += 2 {
		name, ok := literal(call.Args[i])
		if !ok {
			return nil
		}
		out = append(out, name)
	}
	return out
}
