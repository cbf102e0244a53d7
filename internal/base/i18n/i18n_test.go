package i18n

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"tongxin/internal/base/fail"
)

func at(s string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", s, Zone())
	if err != nil {
		panic(err)
	}
	return t
}

type places int64

func TestT(t *testing.T) {
	for _, c := range []struct {
		lang, key string
		args      []any
		want      string
	}{
		{Chinese, "form.invalid", []any{"n", 2}, "有 2 处需要改正"},
		{Chinese, "form.invalid", []any{"n", 36840}, "有 36,840 处需要改正"},
		{Chinese, "form.invalid", []any{"n", places(1234)}, "有 1,234 处需要改正"},
		{Chinese, "form.invalid", []any{"n", "2020"}, "有 2020 处需要改正"},
		{Chinese, "form.invalid", []any{"n", 1}, "有 1 处需要改正"},
		{English, "form.invalid", []any{"n", 1}, "One entry needs correction"},
		{English, "form.invalid", []any{"n", int64(2)}, "2 entries need correction"},
		{"fr", "format.near.today", nil, "今天"},
		{Chinese, "form.invalid", nil, "有 {n} 处需要改正"},
		{Chinese, "no.such.key", []any{"n", 1}, "no.such.key"},
	} {
		if got := T(c.lang, c.key, c.args...); got != c.want {
			t.Errorf("T(%s, %s, %v) = %q, want %q", c.lang, c.key, c.args, got, c.want)
		}
	}
}

func TestFillSurvivesOddTexts(t *testing.T) {
	for text, want := range map[string]string{
		"{a}{b}{a}": "121", "{a": "", "}{a}": "}1", "{}": "{}", "{c}": "{c}", "a { b": "a ",
	} {
		if got := fill(text, []any{"a", 1, "b", "2", "odd"}); got != want {
			t.Errorf("fill(%q) = %q, want %q", text, got, want)
		}
	}
}

func TestValuesAreNotFilledTwice(t *testing.T) {
	if got := fill("{a}", []any{"a", "{b}", "b", "x"}); got != "{b}" {
		t.Errorf("a value was read as a placeholder: %q", got)
	}
}

func TestMessage(t *testing.T) {
	refusal := fmt.Errorf("x: %w", fail.New(fail.Invalid, "form.invalid", "n", 3))
	if got := Message(Chinese, refusal); got != "有 3 处需要改正" {
		t.Errorf("Message = %q", got)
	}
	if got := Message(Chinese, errors.New("disk of 138****1234")); got != T(Chinese, "error.internal") {
		t.Errorf("an internal error shows: %q", got)
	}
}

func TestMatch(t *testing.T) {
	for header, want := range map[string]string{
		"": Chinese, "zh-CN,zh;q=0.9,en;q=0.8": Chinese, "en-GB,en;q=0.9": English, "fr": Chinese,
		"fr, en;q=0.5": English, "en;q=0.3, zh;q=0.7": Chinese, "zh-TW": Chinese, ";;q=,": Chinese, "EN": English,
	} {
		if got := Match(header); got != want {
			t.Errorf("Match(%q) = %q, want %q", header, got, want)
		}
	}
}

func TestLoadRefuses(t *testing.T) {
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	for name, from := range map[string]fstest.MapFS{
		"nothing":       {},
		"a key twice":   {"locales/en/a.json": file(`{"a.b":"1"}`), "locales/en/b.json": file(`{"a.b":"2"}`)},
		"not flat":      {"locales/en/a.json": file(`{"a":{"b":"1"}}`)},
		"broken syntax": {"locales/en/a.json": file(`{`)},
	} {
		if _, err := load(from, English); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestNumber(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0", 7: "7", 999: "999", 1000: "1,000", 36840: "36,840", 1234567: "1,234,567",
		-1: "-1", -999: "-999", -1000: "-1,000", -9223372036854775808: "-9,223,372,036,854,775,808",
	} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestMoments(t *testing.T) {
	m := at("2020-02-28 14:26").Add(8 * time.Second)
	for got, want := range map[string]string{
		Clock(m.UTC()):               "14:26",
		Stamp(m.UTC()):               "2020-02-28 14:26:08",
		Day(Chinese, m):              "2月28日",
		Day(English, m):              "28 Feb",
		Date(Chinese, m):             "2020年2月28日",
		Date(English, m):             "28 Feb 2020",
		DayWeek(Chinese, m):          "2月28日 周五",
		DayTime(Chinese, m.UTC()):    "2月28日 周五 14:26",
		DayTime(English, m):          "Fri 28 Feb 14:26",
		DayOf(Chinese, "2020-03-01"): "2020年3月1日",
		DayOf(Chinese, "tomorrow"):   "tomorrow",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestDayNear(t *testing.T) {
	now := at("2020-02-28 23:59")
	for moment, want := range map[string]string{
		"2020-02-26 12:00": "2月26日", "2020-02-27 00:00": "昨天", "2020-02-28 00:00": "今天",
		"2020-02-29 00:00": "明天", "2020-03-01 23:59": "周日", "2020-03-05 08:00": "周四",
		"2020-03-06 00:00": "3月6日",
	} {
		if got := DayNear(Chinese, now, at(moment)); got != want {
			t.Errorf("DayNear(%s) = %q, want %q", moment, got, want)
		}
	}
}

func TestSpan(t *testing.T) {
	for _, c := range []struct{ from, to, zh, en string }{
		{"2020-02-28 08:00", "2020-02-28 14:00", "2月28日 周五 08:00 – 14:00", "Fri 28 Feb 08:00 – 14:00"},
		{"2020-02-28 22:00", "2020-02-29 06:00", "2月28日 周五 22:00 – 次日 06:00", "Fri 28 Feb 22:00 – 06:00 next day"},
		{"2020-02-28 20:00", "2020-02-29 00:00", "2月28日 周五 20:00 – 24:00", "Fri 28 Feb 20:00 – 24:00"},
		{"2020-12-31 22:00", "2021-01-01 06:00", "12月31日 周四 22:00 – 次日 06:00", "Thu 31 Dec 22:00 – 06:00 next day"},
		{"2020-02-28 22:00", "2020-03-01 00:00", "2月28日 周五 22:00 – 3月1日 00:00", "Fri 28 Feb 22:00 – 1 Mar 00:00"},
	} {
		if got := DaySpan(Chinese, at(c.from), at(c.to)); got != c.zh {
			t.Errorf("got %q, want %q", got, c.zh)
		}
		if got := DaySpan(English, at(c.from), at(c.to)); got != c.en {
			t.Errorf("got %q, want %q", got, c.en)
		}
	}
	now := at("2020-02-28 14:26")
	if got := NearSpan(Chinese, now, at("2020-02-29 08:00"), at("2020-02-29 12:00")); got != "明天 08:00 – 12:00" {
		t.Errorf("NearSpan = %q", got)
	}
}

func TestLeftAndAgo(t *testing.T) {
	now := at("2020-02-28 14:26")
	for d, want := range map[time.Duration]string{
		30 * time.Second: "还剩 不到 1 分钟", 25*time.Minute + 59*time.Second: "还剩 25 分钟",
		59*time.Minute + 59*time.Second: "还剩 59 分钟", 47*time.Hour + 59*time.Minute: "还剩 47 小时", 71 * time.Hour: "还剩 2 天",
		0: "已超时 不到 1 分钟", -12 * time.Minute: "已超时 12 分钟", -50 * time.Hour: "已超时 2 天",
	} {
		if got := Left(Chinese, now, now.Add(d)); got != want {
			t.Errorf("Left(%v) = %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]string{0: "刚刚", time.Hour: "刚刚", -4 * time.Minute: "4 分钟前", -3 * time.Hour: "3 小时前"} {
		if got := Ago(Chinese, now, now.Add(d)); got != want {
			t.Errorf("Ago(%v) = %q, want %q", d, got, want)
		}
	}
	if got := Left(English, now, now.Add(time.Hour)); got != "1 hour left" {
		t.Errorf("Left = %q", got)
	}
}

func TestHours(t *testing.T) {
	for minutes, want := range map[int64]string{
		0: "0", 5: "0", 6: "0.1", 59: "0.9", 60: "1", 90: "1.5", 119: "1.9", 2160: "36", 74075: "1,234.5",
		-5: "0", -90: "-1.5", -119: "-1.9",
	} {
		if got := HoursV1.Print(minutes); got != want {
			t.Errorf("rule 1: %d minutes = %q, want %q", minutes, got, want)
		}
	}
	for minutes, want := range map[int64]string{29: "0", 30: "0.5", 59: "0.5", 60: "1", 119: "1.5", -59: "-0.5"} {
		if got := HoursV2.Print(minutes); got != want {
			t.Errorf("rule 2: %d minutes = %q, want %q", minutes, got, want)
		}
	}
	if got := Hours(99); got != "1.6" {
		t.Errorf("Hours(99) = %q: rule 1 is in force by default", got)
	}
	if r, ok := HoursRuleOf(2); !ok || r != HoursV2 {
		t.Errorf("rule 2 = %v, %v", r, ok)
	}
	if _, ok := HoursRuleOf(3); ok {
		t.Error("there is a rule 3 without a test")
	}
}

// What is printed never exceeds what was given, and never falls short by a whole step.
func FuzzHours(f *testing.F) {
	f.Add(int64(119))
	f.Add(int64(-119))
	f.Fuzz(func(t *testing.T, minutes int64) {
		if minutes < -1e12 || minutes > 1e12 {
			return
		}
		for _, r := range []HoursRule{HoursV1, HoursV2} {
			var h float64
			if _, err := fmt.Sscan(strings.ReplaceAll(r.Print(minutes), ",", ""), &h); err != nil {
				t.Fatal(err)
			}
			short := float64(minutes) - h*60
			if minutes < 0 {
				short = -short
			}
			if short < -0.01 || short >= float64(r.Step) {
				t.Errorf("rule %d prints %d minutes as %v hours", r.Version, minutes, h)
			}
		}
	})
}

func TestLength(t *testing.T) {
	for minutes, want := range map[int64]string{0: "0 分钟", 57: "57 分钟", 60: "1 小时", 357: "5 小时 57 分"} {
		if got := Length(Chinese, minutes); got != want {
			t.Errorf("Length(%d) = %q, want %q", minutes, got, want)
		}
	}
}

func TestMasks(t *testing.T) {
	for name, want := range map[string]string{
		"张三": "张*", "张三丰": "张*", "欧阳修": "欧阳*", "欧阳": "欧*", "上官婉儿": "上官*", "张": "*", "": "", " 李 雷 ": "李*",
		"阿卜杜拉·买买提": "阿*", "Smith": "S*", "𠮷野家": "𠮷*",
	} {
		if got := MaskName(name); got != want {
			t.Errorf("MaskName(%q) = %q, want %q", name, got, want)
		}
	}
	for phone, want := range map[string]string{
		"13800001234": "138****1234", "052386991234": "********1234", "96111": "*****", "": "",
	} {
		if got := MaskPhone(phone); got != want {
			t.Errorf("MaskPhone(%q) = %q, want %q", phone, got, want)
		}
	}
	for number, want := range map[string]string{"11010519491231002X": "1101**********002X", "123": "***", "": ""} {
		if got := MaskID(number); got != want {
			t.Errorf("MaskID(%q) = %q, want %q", number, got, want)
		}
	}
}

func TestSetZone(t *testing.T) {
	before := Zone()
	t.Cleanup(func() { SetZone(before) })
	SetZone(time.UTC)
	if got := Clock(time.Date(2020, 2, 28, 14, 26, 0, 0, before)); got != "06:26" {
		t.Errorf("Clock in UTC = %q", got)
	}
}
