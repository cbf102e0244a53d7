package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"strings"
	"unicode"
)

// hanFree: what people read in Chinese stands in the locale files, not in code.
func hanFree(t *tree) (found []breach) {
	const instead = "Chinese text belongs in internal/base/i18n/locales, under a message key"
	for _, f := range t.source() {
		if under(f.dir, "internal/seed", "e2e") {
			continue
		}
		each(f, func(lit *ast.BasicLit) {
			if han := firstHan(lit.Value); han != "" && (lit.Kind == token.STRING || lit.Kind == token.CHAR) {
				found = append(found, breach{t.at(lit), fmt.Sprintf("has “%s” in code: %s", han, instead)})
			}
		})
		each(f, func(id *ast.Ident) {
			if han := firstHan(id.Name); han != "" {
				found = append(found, breach{t.at(id), "has a Chinese identifier, " + id.Name + ": docs/glossary.md has its English name"})
			}
		})
	}
	for _, name := range sortedKeys(t.texts) {
		remark, code := remarks[path.Ext(name)]
		if !code || under(path.Dir(name), "internal/seed", "e2e") {
			continue
		}
		blank := func(m string) string { return strings.Repeat("\n", strings.Count(m, "\n")) }
		for i, line := range strings.Split(remark.ReplaceAllStringFunc(t.texts[name], blank), "\n") {
			if han := firstHan(line); han != "" {
				found = append(found, breach{fmt.Sprintf("%s:%d", name, i+1), fmt.Sprintf("has “%s” in code: %s", han, instead)})
			}
		}
	}
	return found
}

// remarks of the languages that are searched as text.
var remarks = map[string]*regexp.Regexp{
	".templ": regexp.MustCompile(`(?s)/\*.*?\*/|<!--.*?-->|(?m:(^|\s)//.*$)`),
	".js":    regexp.MustCompile(`(?s)/\*.*?\*/|(?m:(^|\s)//.*$)`),
	".css":   regexp.MustCompile(`(?s)/\*.*?\*/`),
	".sql":   remarkRe,
}

// firstHan is the first run of Chinese characters or Chinese punctuation.
func firstHan(text string) string {
	isHan := func(r rune) bool {
		return unicode.Is(unicode.Han, r) || r >= 0x3001 && r <= 0x303f || r >= 0xff01 && r <= 0xff5e
	}
	from := strings.IndexFunc(text, isHan)
	if from < 0 {
		return ""
	}
	run := text[from:]
	if to := strings.IndexFunc(run, func(r rune) bool { return !isHan(r) }); to >= 0 {
		run = run[:to]
	}
	return run
}
