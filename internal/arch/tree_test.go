package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

const modulePath = "tongxin"

// tree is the module's source as the rules see it.
type tree struct {
	fset     *token.FileSet
	files    []*file           // every Go file, by path
	packages map[string]*pkg   // by folder
	texts    map[string]string // templates, scripts, styles, migrations and documents, by path
	schema   *schema           // what the migrations make
	sql      []statement       // every statement in non-test Go code
}

type pkg struct {
	dir    string
	files  []*file
	consts map[string]ast.Expr // package-level constants and their values
}

type file struct {
	path, dir       string
	pkg             *pkg
	ast             *ast.File
	lines           int
	test, generated bool
	imports         map[string]string // local name to import path
}

// breach is one place that breaks a rule, said in a sentence.
type breach struct{ at, says string }

func (b breach) String() string { return b.at + ": " + b.says }

// load parses what stands under cmd, internal, e2e and docs, and the Makefile.
func load(fsys fs.FS) (*tree, error) {
	t := &tree{fset: token.NewFileSet(), packages: map[string]*pkg{}, texts: map[string]string{}}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && !wanted(name):
			return fs.SkipDir
		case d.IsDir():
			return nil
		}
		return t.read(fsys, name)
	})
	if err != nil {
		return nil, err
	}
	for _, p := range t.packages {
		p.consts = constants(p)
	}
	t.schema = readSchema(t.texts)
	t.sql = statements(t)
	return t, nil
}

func wanted(dir string) bool {
	top, _, _ := strings.Cut(dir, "/")
	base := path.Base(dir)
	return dir == "." || slices.Contains([]string{"cmd", "internal", "e2e", "docs"}, top) &&
		base != "testdata" && base != "vendored" && !strings.HasPrefix(base, ".")
}

func (t *tree) read(fsys fs.FS, name string) error {
	switch path.Ext(name) {
	case ".go":
	case ".templ", ".js", ".css", ".sql", ".md":
		text, err := fs.ReadFile(fsys, name)
		t.texts[name] = string(text)
		return err
	default:
		if name == "Makefile" {
			text, err := fs.ReadFile(fsys, name)
			t.texts[name] = string(text)
			return err
		}
		return nil
	}
	src, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	parsed, err := parser.ParseFile(t.fset, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	f := &file{path: name, dir: path.Dir(name), ast: parsed, lines: strings.Count(string(src), "\n"),
		test: strings.HasSuffix(name, "_test.go"), generated: ast.IsGenerated(parsed), imports: importsOf(parsed)}
	if t.packages[f.dir] == nil {
		t.packages[f.dir] = &pkg{dir: f.dir}
	}
	f.pkg = t.packages[f.dir]
	f.pkg.files = append(f.pkg.files, f)
	t.files = append(t.files, f)
	return nil
}

func importsOf(f *ast.File) map[string]string {
	imports := map[string]string{}
	for _, spec := range f.Imports {
		full, _ := strconv.Unquote(spec.Path.Value)
		local := path.Base(full)
		if len(local) > 1 && local[0] == 'v' && local[1] >= '2' && local[1] <= '9' { // a major version
			local = path.Base(path.Dir(full))
		}
		if spec.Name != nil {
			local = spec.Name.Name
		}
		imports[local] = full
	}
	return imports
}

func constants(p *pkg) map[string]ast.Expr {
	consts := map[string]ast.Expr{}
	for _, f := range p.files {
		for _, decl := range f.ast.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				values := spec.(*ast.ValueSpec)
				for i, name := range values.Names {
					if i < len(values.Values) {
						consts[name.Name] = values.Values[i]
					}
				}
			}
		}
	}
	return consts
}

// at says where a node stands, as path:line.
func (t *tree) at(n ast.Node) string {
	pos := t.fset.Position(n.Pos())
	return fmt.Sprintf("%s:%d", pos.Filename, pos.Line)
}

// source lists the Go files written by hand that are no tests.
func (t *tree) source() []*file {
	return slices.DeleteFunc(slices.Clone(t.files), func(f *file) bool { return f.test || f.generated })
}

// tests lists the test files.
func (t *tree) tests() []*file {
	return slices.DeleteFunc(slices.Clone(t.files), func(f *file) bool { return !f.test })
}

// selected resolves pkg.Name to an import path and a name; the path is empty where x is no imported package.
func (f *file) selected(n ast.Node) (importPath, name string) {
	sel, ok := n.(*ast.SelectorExpr)
	if !ok {
		return "", ""
	}
	x, ok := sel.X.(*ast.Ident)
	if !ok {
		return "", sel.Sel.Name
	}
	return f.imports[x.Name], sel.Sel.Name
}

// each calls fn for every node of type N in the file.
func each[N ast.Node](f *file, fn func(N)) {
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if hit, ok := n.(N); ok {
			fn(hit)
		}
		return true
	})
}

// literal is the text of a string literal; ok is false for anything else.
func literal(e ast.Expr) (text string, ok bool) {
	lit, isLit := e.(*ast.BasicLit)
	if !isLit || lit.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(lit.Value)
	return text, err == nil
}

// under says whether a folder is one of the given ones or below one.
func under(dir string, folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return dir == f || strings.HasPrefix(dir, f+"/") })
}
