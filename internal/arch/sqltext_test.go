package arch

import (
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// statement is SQL as it stands in Go code. Constants of the package are put in; a part that is known only at run time
// reads runtimePart.
type statement struct {
	file   *file
	node   ast.Node
	text   string
	part   bool // a constant that is only ever a part of longer ones
	words  []string
	tables []tableUse
	across string // why it reads across homes, from its comment
}

// tableUse is a table named by a statement, and where.
type tableUse struct {
	name, alias string
	write       bool
	at          int // the word
}

const runtimePart = "runtime__part"

var (
	sqlStart = regexp.MustCompile(`(?is)^\s*(/\*.*?\*/\s*|--[^\n]*\n\s*)*(select\s.*\sfrom\s|insert\s+into\s|update\s+\S+\s+(\w+\s+)?set\s|delete\s+from\s|with\s+(recursive\s+)?\w+\s*(\([^)]*\)\s*)?as\s|(create|drop|alter)\s+(table|(unique\s+)?index|view)\s)`)
	sqlUpper = regexp.MustCompile(`(?s)^\s*(/\*.*?\*/\s*|--[^\n]*\n\s*)*(SELECT|INSERT|UPDATE|DELETE|WITH|PRAGMA|VACUUM|CREATE|DROP|ALTER|TRUNCATE|LISTEN|NOTIFY|LOCK TABLE)\s`)
	titleRe  = regexp.MustCompile(`^\s*[A-Z][a-z]`)
	sqlPiece = regexp.MustCompile(`^\s*(FROM|WHERE|AND|ORDER BY|GROUP BY|(LEFT |INNER )?JOIN|VALUES|SET|RETURNING|ON CONFLICT)[\s(]`)
	acrossRe = regexp.MustCompile(`(?s)/\*\s*across homes:(.*?)\*/`)
	tokenRe  = regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*|\$?\d+|<>|<=|>=|!=|\S`)
	remarkRe = regexp.MustCompile(`(?s)/\*.*?\*/|--[^\n]*`)
	quotedRe = regexp.MustCompile(`'(?:[^']|'')*'`)
)

// isSQL takes a sentence that begins with Select or Update for what it is: a sentence.
func isSQL(text string) bool {
	return sqlUpper.MatchString(text) || sqlStart.MatchString(text) && !titleRe.MatchString(text)
}

// statements finds the SQL of all source files.
func statements(t *tree) (all []statement) {
	for _, f := range t.source() {
		alone := usedAlone(f.pkg)
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Names) == len(spec.Values) {
				for i, v := range spec.Values {
					part := f.pkg.consts[spec.Names[i].Name] == v && !alone[spec.Names[i].Name]
					all = append(all, fromExpr(f, v, part)...)
				}
				return false
			}
			e, ok := n.(ast.Expr)
			if !ok || !isText(e) {
				return true
			}
			all = append(all, fromExpr(f, e, false)...)
			return false
		})
	}
	return all
}

// isText says whether an expression is a string literal or a sum of such.
func isText(e ast.Expr) bool {
	switch e := e.(type) {
	case *ast.BasicLit:
		return e.Kind == token.STRING
	case *ast.BinaryExpr:
		return e.Op == token.ADD && (isText(e.X) || isText(e.Y))
	case *ast.ParenExpr:
		return isText(e.X)
	}
	return false
}

// fromExpr finds the statements in an expression: itself, or inside it where it is no text.
func fromExpr(f *file, e ast.Expr, part bool) (all []statement) {
	if isText(e) {
		if text := fold(f.pkg, e, 0); isSQL(text) {
			all = append(all, newStatement(f, e, text, part))
		}
		return all
	}
	ast.Inspect(e, func(n ast.Node) bool {
		inner, ok := n.(ast.Expr)
		if !ok || !isText(inner) {
			return true
		}
		all = append(all, fromExpr(f, inner, false)...)
		return false
	})
	return all
}

// fold joins a sum of strings into one text.
func fold(p *pkg, e ast.Expr, depth int) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if text, ok := literal(e); ok {
			return text
		}
	case *ast.BinaryExpr:
		return fold(p, e.X, depth) + fold(p, e.Y, depth)
	case *ast.ParenExpr:
		return fold(p, e.X, depth)
	case *ast.Ident:
		if value, ok := p.consts[e.Name]; ok && depth < 8 {
			return fold(p, value, depth+1)
		}
	}
	return runtimePart
}

// usedAlone names the constants of a package that stand somewhere by themselves, not as a term of a sum.
func usedAlone(p *pkg) map[string]bool {
	used, inSum := map[string]bool{}, map[string]bool{}
	for _, f := range p.files {
		terms := map[*ast.Ident]bool{}
		each(f, func(b *ast.BinaryExpr) {
			for _, side := range []ast.Expr{b.X, b.Y} {
				if id, ok := side.(*ast.Ident); ok && b.Op == token.ADD {
					terms[id], inSum[id.Name] = true, true
				}
			}
		})
		each(f, func(id *ast.Ident) {
			if p.consts[id.Name] != nil && !terms[id] && !declares(f, id) {
				used[id.Name] = true
			}
		})
	}
	for name := range p.consts {
		if !inSum[name] {
			used[name] = true // never a part
		}
	}
	return used
}

func declares(f *file, id *ast.Ident) bool {
	for _, decl := range f.ast.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok || gen.Tok != token.CONST || id.Pos() < gen.Pos() || id.Pos() > gen.End() {
			continue
		}
		for _, spec := range gen.Specs {
			if slices.Contains(spec.(*ast.ValueSpec).Names, id) {
				return true
			}
		}
	}
	return false
}

func newStatement(f *file, n ast.Node, text string, part bool) statement {
	s := statement{file: f, node: n, text: text, part: part}
	if m := acrossRe.FindStringSubmatch(text); m != nil {
		s.across = strings.TrimSpace(m[1])
	}
	s.words = tokens(text)
	s.tables = tablesOf(s.words)
	return s
}

// plain is SQL without its remarks and with its quoted strings emptied.
func plain(sql string) string {
	return quotedRe.ReplaceAllString(remarkRe.ReplaceAllString(sql, " "), "''")
}

// tokens cuts SQL into words (in lower case) and signs.
func tokens(sql string) []string {
	return tokenRe.FindAllString(strings.ToLower(plain(sql)), -1)
}

// tablesOf lists the tables that a statement names, those it makes itself with WITH left out.
func tablesOf(words []string) (uses []tableUse) {
	own := withNames(words)
	add := func(at int, write bool) (next int) {
		name, alias := word(words, at), word(words, at)
		next = at + 1
		if word(words, next) == "as" {
			next++
		}
		if w := word(words, next); isName(w) && !slices.Contains(clauses, w) {
			alias, next = w, next+1
		}
		if isName(name) && !own[name] {
			uses = append(uses, tableUse{name, alias, write, at})
		}
		return next
	}
	for i := range words {
		next, before := word(words, i+1), word(words, i-1)
		switch words[i] {
		case "into":
			add(i+1, true)
		case "update":
			if before != "for" && before != "do" && next != "set" {
				add(i+1, true)
			}
		case "join":
			add(i+1, false)
		case "from":
			if before == "distinct" && word(words, i-2) == "is" || before == "not" || !isName(next) {
				continue
			}
			for at := add(i+1, before == "delete"); word(words, at) == "," && isName(word(words, at+1)); {
				at = add(at+1, false)
			}
		}
	}
	return uses
}

func word(words []string, i int) string {
	if i < 0 || i >= len(words) {
		return ""
	}
	return words[i]
}

func isName(w string) bool { return w != "" && (w[0] == '_' || w[0] >= 'a' && w[0] <= 'z') }

var clauses = []string{"where", "join", "left", "inner", "cross", "on", "group", "order", "limit", "set", "union", "returning", "having", "for", "using", "except", "intersect", "window", "offset",
	"values", "select", "default", "full", "right", "natural", "when", "and", "or"}

// withNames are the names that WITH gives: name AS ( or name (a, b) AS (.
func withNames(words []string) map[string]bool {
	own := map[string]bool{}
	if !slices.Contains(words, "with") {
		return own
	}
	for i, w := range words {
		if w != "as" || word(words, i+1) != "(" && word(words, i+1) != "materialized" && word(words, i+1) != "not" {
			continue
		}
		j := i - 1
		if word(words, j) == ")" {
			for j >= 0 && words[j] != "(" {
				j--
			}
			j--
		}
		own[word(words, j)] = true
	}
	return own
}
