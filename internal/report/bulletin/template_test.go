package bulletin

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/work/area"
)

// What is wrong with a template is told with its line.
func TestTemplatesAreChecked(t *testing.T) {
	head := "# title\n= heading\n* topic\n"
	for text, key := range map[string]string{
		Standard():                                                    "",
		"\n; remark\n" + head + "- said\r\n":                          "",
		head + "- {turns times ~ after}[, {place}]":                   "",
		head + "- {each:org turns times 3}, {names:service turns 20}": "",
		"":                                   "bulletin.template.no_title",
		"# title":                            "bulletin.template.no_section",
		strings.Repeat("x", maxTemplate+1):   "bulletin.template.long",
		strings.Repeat("\n", maxLines):       "bulletin.template.long",
		head + "said":                        "bulletin.template.mark",
		head + "-":                           "bulletin.template.empty",
		"- said":                             "bulletin.template.say_first",
		"# title\n- said":                    "bulletin.template.say_first",
		"# title\n> lead\n- said":            "bulletin.template.say_first",
		"# title\n= heading\n- said":         "bulletin.template.say_first",
		"* topic":                            "bulletin.template.point_first",
		"| else":                             "bulletin.template.else_first",
		head + "| else":                      "bulletin.template.else_first",
		head + "- {turns times":              "bulletin.template.brace",
		head + "- turns}":                    "bulletin.template.brace",
		head + "- {}":                        "bulletin.template.brace",
		head + "- [a [b]]":                   "bulletin.template.bracket",
		head + "- [a":                        "bulletin.template.bracket",
		head + "- {weather warm}":            "bulletin.template.unknown",
		head + "- {turns}":                   "bulletin.template.measure",
		head + "- {turns times persons}":     "bulletin.template.option",
		head + "- {turns 3}":                 "bulletin.template.option",
		head + "- {each:org turns times 21}": "bulletin.template.option",
		head + "- {turns 4-5}":               "bulletin.template.option",
		head + "- {place times}":             "bulletin.template.option",
		head + "- {each:day turns times}":    "bulletin.template.list",
		head + "- {every:org turns times}":   "bulletin.template.list",
		head + "- {each:org}":                "bulletin.template.list",
	} {
		_, err := ParseTemplate(text)
		got := ""
		if fields := fail.Fields(err); len(fields) == 1 {
			got = fields[0].Key
			if strings.HasPrefix(text, head) && (len(fields[0].Args) != 2 || fields[0].Args[1] != 4) {
				t.Errorf("%q: told with %v", text, fields[0].Args)
			}
		}
		if got != key {
			t.Errorf("%.60q is refused as %q, want %q", text, got, key)
		}
	}
}

func FuzzParseTemplate(f *testing.F) {
	f.Add(Standard())
	f.Add("# a\n= b\n* c\n- {each:org turns x 3}[{place}]\n| d")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := ParseTemplate(text); err != nil && len(fail.Fields(err)) != 1 {
			t.Errorf("%q: %v", text, err)
		}
	})
}

var slotText = regexp.MustCompile(`\{[^}]*\}`)

// longest is how many characters in a row a template may have in common with the bulletin that
// the product was asked to be able to write.
const longest = 12

// What drafts say beside what is in the ledger is our own: the template and the sentences of
// this package name no place, and share no phrase with the original bulletin.
func TestTemplatesAreNotTheOriginal(t *testing.T) {
	text, err := os.ReadFile("testdata/original.txt")
	if err != nil {
		t.Fatal(err)
	}
	original := han(string(text))
	if len([]rune(original)) < 4000 {
		t.Fatal("the original is not there")
	}
	ours := slotText.ReplaceAllString(Standard(), "|")
	for _, key := range []string{"section", "point", "and", "due", "incomplete", "by_now", "same_day", "whole", "whole_none", "entitled", "quoted", "comma"} {
		ours += "\n" + i18n.T(i18n.Chinese, "bulletin."+key)
	}
	if shared(ours, original) != "" {
		t.Errorf("shares %q with the original", shared(ours, original))
	}
	if got := shared("x"+string([]rune(original)[100:100+longest+1]), original); got == "" {
		t.Error("a shared phrase is not found")
	}
	places := area.Reference(320000_000000)
	for _, a := range places {
		if len([]rune(a.Name)) > 2 && strings.Contains(ours, a.Name) {
			t.Errorf("names %s", a.Name)
		}
	}
	if len(places) < 20_000 {
		t.Errorf("only %d places are known", len(places))
	}
}

// shared is the first run of characters of ours, longer than may be, that the original has.
func shared(ours, original string) string {
	for _, line := range strings.FieldsFunc(ours, func(r rune) bool { return r == '|' || r == '\n' }) {
		runes := []rune(han(line))
		for i := 0; i+longest < len(runes); i++ {
			if phrase := string(runes[i : i+longest+1]); strings.Contains(original, phrase) {
				return phrase
			}
		}
	}
	return ""
}

// han keeps the characters of a text, without what stands between them.
func han(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Han, r) {
			return r
		}
		return -1
	}, text)
}
