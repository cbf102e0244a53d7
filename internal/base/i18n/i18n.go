package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"reflect"
	"strconv"
	"strings"
	"sync"

	"tongxin/internal/base/fail"
)

// The languages of the product, as in the lang attribute of a page.
const (
	Chinese = "zh-CN"
	English = "en"
)

// Languages are all languages, the product's own first.
func Languages() []string { return []string{Chinese, English} }

//go:embed locales
var files embed.FS

var catalogues = sync.OnceValue(func() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, lang := range Languages() {
		texts, err := load(files, lang)
		if err != nil {
			panic(err) // the files are part of the binary and tested
		}
		all[lang] = texts
	}
	return all
})

func load(from fs.FS, lang string) (map[string]string, error) {
	names, err := fs.Glob(from, path.Join("locales", lang, "*.json"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("i18n: no locale files for %s: %w", lang, err)
	}
	texts := map[string]string{}
	for _, name := range names {
		b, err := fs.ReadFile(from, name)
		if err != nil {
			return nil, err
		}
		var one map[string]string
		if err := json.Unmarshal(b, &one); err != nil {
			return nil, fmt.Errorf("i18n: %s: %w", name, err)
		}
		for k, v := range one {
			if _, twice := texts[k]; twice {
				return nil, fmt.Errorf("i18n: %s repeats key %s", name, k)
			}
			texts[k] = v
		}
	}
	return texts, nil
}

// T is the sentence of a key in a language, with args as name, value pairs for its
// placeholders. A key that lang lacks is looked up in Chinese; a key that nobody has comes
// back as it is (and fails the test of this package that reads the whole source).
func T(lang, key string, args ...any) string {
	text, ok := lookup(lang, key, args)
	if !ok {
		return key
	}
	return fill(text, args)
}

// Has reports whether Chinese, the language that has all, has the key.
func Has(key string) bool {
	_, ok := catalogues()[Chinese][key]
	return ok
}

func lookup(lang, key string, args []any) (string, bool) {
	for _, l := range []string{lang, Chinese} {
		texts := catalogues()[l]
		if isOne(args) {
			if text, ok := texts[key+".one"]; ok {
				return text, true
			}
		}
		if text, ok := texts[key]; ok {
			return text, true
		}
	}
	return "", false
}

func isOne(args []any) bool {
	v, ok := argument(args, "n")
	return ok && v == "1"
}

func argument(args []any, name string) (string, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return write(args[i+1]), true
		}
	}
	return "", false
}

// write puts a value into a sentence.
func write(v any) string {
	if s, ok := v.(fmt.Stringer); ok {
		return s.String()
	}
	if r := reflect.ValueOf(v); r.IsValid() && r.CanInt() {
		return Number(r.Int())
	}
	return fmt.Sprint(v)
}

func fill(text string, args []any) string {
	if !strings.Contains(text, "{") {
		return text
	}
	var b strings.Builder
	for {
		before, rest, ok := strings.Cut(text, "{")
		b.WriteString(before)
		name, after, closed := strings.Cut(rest, "}")
		if !ok || !closed {
			break
		}
		if v, given := argument(args, name); given {
			b.WriteString(v)
		} else {
			b.WriteString("{" + name + "}")
		}
		text = after
	}
	return b.String()
}

// Message is the sentence for an error: its own where it is a refusal of package fail, and
// that something went wrong, with no detail, for every other.
func Message(lang string, err error) string {
	if key := fail.Key(err); key != "" {
		return T(lang, key, fail.Args(err)...)
	}
	return T(lang, "error.internal")
}

// Match picks a language from an Accept-Language header: the first of ours that it names,
// by weight, else Chinese.
func Match(header string) string {
	best, weight := Chinese, 0.0
	for part := range strings.SplitSeq(header, ",") {
		tag, q, weighed := strings.Cut(strings.TrimSpace(part), ";")
		w := 1.0
		if weighed {
			w, _ = strconv.ParseFloat(strings.TrimPrefix(strings.TrimSpace(q), "q="), 64)
		}
		primary, _, _ := strings.Cut(strings.ToLower(tag), "-")
		for _, lang := range Languages() {
			if own, _, _ := strings.Cut(lang, "-"); own == primary && w > weight {
				best, weight = lang, w
			}
		}
	}
	return best
}
