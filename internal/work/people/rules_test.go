package people

import (
	"slices"
	"strings"
	"testing"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/org/orgtest"
)

const today = "2020-02-28"

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"张玉兰": "张玉兰", " 张 三 ": "张三", "　王\u200b五 ": "王五", "𠮷田": "𠮷田", "阿依古丽•买买提": "阿依古丽·买买提",
		"Jean-Luc  O’Neil": "Jean-Luc O'Neil", strings.Repeat("长", 40): strings.Repeat("长", 40),
	} {
		if got, err := cleanName(in); got != want || err != nil {
			t.Errorf("cleanName(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for in, key := range map[string]string{
		"": "people.name_missing", " \u3000": "people.name_missing", "张": "people.name_length", "𠮷": "people.name_length",
		strings.Repeat("长", 41): "people.name_length", "张3": "people.name_signs", "张<三>": "people.name_signs", "张😀": "people.name_signs",
	} {
		if got, err := cleanName(in); fail.Key(err) != key || got != "" {
			t.Errorf("cleanName(%q) = %q, %v; want %s", in, got, err, key)
		}
	}
}

func TestPairs(t *testing.T) {
	for name, want := range map[string][]string{
		"张玉兰": {"张玉", "玉兰"}, "张三": {"张三"}, "𠮷田光": {"𠮷田", "田光"}, "阿依·古丽": {"阿依", "依古", "古丽"},
		"娜娜娜": {"娜娜"}, "Li Na": {"li", "in", "na"}, "张": nil,
	} {
		if got := pairs(name); !slices.Equal(got, want) {
			t.Errorf("pairs(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestBirth(t *testing.T) {
	for _, c := range []struct {
		in      string
		want    born
		adultOn string
		minor   bool
		child   bool
	}{
		{"", born{}, "", false, false},
		{"1949", born{"", 1949}, "1967-12-31", false, false},
		{"1949-10-01", born{"1949-10-01", 1949}, "1967-12-31", false, false},
		{"１９８０/5/1", born{"1980-05-01", 1980}, "1998-12-31", false, false},
		// 18 this year already: the day of asking tells no birthday
		{"2002-02-28", born{"2002-02-28", 2002}, today, false, false},
		{"2002-01-15", born{"2002-01-15", 2002}, today, false, false},
		// 18 tomorrow
		{"2002-02-29", born{}, "", false, false}, // no such day
		{"2002-03-01", born{"2002-03-01", 2002}, "2020-03-01", true, false},
		// only the year: a minor until it ends
		{"2002", born{"", 2002}, "2020-12-31", true, false},
		{"2006-02-28", born{"2006-02-28", 2006}, "2024-02-28", true, false}, // 14 today
		{"2006-02-29", born{}, "", false, false},
		{"2006-03-01", born{"2006-03-01", 2006}, "2024-03-01", true, true},
		{"2006", born{"", 2006}, "2024-12-31", true, true},
		{"2004-02-29", born{"2004-02-29", 2004}, "2022-03-01", true, false},
	} {
		b, err := parseBirth(c.in, today)
		if c.want == (born{}) && c.in != "" {
			if fail.Key(err) != "people.birth_form" {
				t.Errorf("%q: %v", c.in, err)
			}
			continue
		}
		if err != nil || b != c.want || b.adultOn(today) != c.adultOn || b.minor(today) != c.minor || b.isChild(today) != c.child {
			t.Errorf("%q: %+v, adult on %s, minor %v, child %v, %v; want %+v", c.in, b, b.adultOn(today), b.minor(today), b.isChild(today), err, c)
		}
	}
	for in, key := range map[string]string{
		"2020-02-29": "people.birth_range", "2021": "people.birth_range", "1899": "people.birth_form", "1900-01-01": "",
		"1899-12-31": "people.birth_range", "yesterday": "people.birth_form", "19800501": "people.birth_form",
	} {
		if _, err := parseBirth(in, today); fail.Key(err) != key {
			t.Errorf("%q: %v, want %q", in, err, key)
		}
	}
}

func TestBirthFromIdentityNumber(t *testing.T) {
	c, err := ident.ParseCitizen("11010519491231002X", today)
	if err != nil {
		t.Fatal(err)
	}
	want := born{"1949-12-31", 1949}
	for _, b := range []born{{}, {"", 1949}, {"1949-12-31", 1949}} {
		if got, err := b.fromID(c); got != want || err != nil {
			t.Errorf("%+v: %+v, %v", b, got, err)
		}
	}
	for _, b := range []born{{"", 1950}, {"1949-12-30", 1949}} {
		if _, err := b.fromID(c); fail.Key(err) != "people.birth_mismatch" {
			t.Errorf("%+v: %v", b, err)
		}
	}
}

func TestAge(t *testing.T) {
	for _, c := range []struct {
		birth, on string
		age       int
		known     bool
		minor     bool
	}{
		{"", today, 0, false, false},
		{"2003-02-28", today, 17, true, true},
		{"2003-02-28", "2021-02-27", 17, true, true},
		{"2003-02-28", "2021-02-28", 18, true, false},
		{"2010-03-01", today, 9, true, true},
		{"1950-12-01", today, 70, true, false}, // of an adult only the year counts
		{"1950", today, 70, true, false},
		{"2002-01-01", today, 18, true, false},
		{"2002", today, 17, true, true},
	} {
		b, err := parseBirth(c.birth, today)
		if err != nil {
			t.Fatal(err)
		}
		s := Standing{BirthYear: b.year, AdultOn: b.adultOn(today)}
		age, known := s.AgeOn(c.on)
		if age != c.age || known != c.known || s.MinorOn(c.on) != c.minor || s.AdultKnown(c.on) != (c.known && !c.minor) {
			t.Errorf("born %q, on %s: %d, %v, minor %v; want %+v", c.birth, c.on, age, known, s.MinorOn(c.on), c)
		}
	}
	if _, known := (Standing{BirthYear: 1980}).AgeOn(""); known {
		t.Error("an age on no day")
	}
}

func TestMasks(t *testing.T) {
	for _, c := range []struct {
		f           Field
		plain, want string
	}{
		{FieldName, "欧阳玉兰", "欧阳*"}, {FieldContact, "13800138000", "138****8000"}, {FieldIDNo, "11010519491231002X", "1101**********002X"},
		{FieldBirth, "1949-12-31", "1949-**-**"}, {FieldBirth, "1949", "1949"}, {FieldBirth, "", ""},
	} {
		if got := Mask(c.f, c.plain); got != c.want {
			t.Errorf("Mask(%s, %q) = %q, want %q", c.f, c.plain, got, c.want)
		}
	}
	if Label("张玉兰", true) != "张玉兰" || Label("张玉兰", false) != "张*" {
		t.Error("Label")
	}
}

func TestHomesOfAScope(t *testing.T) {
	for _, c := range []struct{ low, top string }{{"320000", "330000"}, {"321200", "321300"}, {"321281", "321282"}} {
		at := homeArea(c.low)
		if low, top := homesOf(at); low != c.low || top != c.top {
			t.Errorf("homes of %s: %s to %s", c.low, low, top)
		}
	}
	if homeArea("321281") != orgtest.CenterArea {
		t.Error("homeArea")
	}
}

func TestBearer(t *testing.T) {
	for header, want := range map[string]string{"Bearer abc": "abc", "bearer  abc ": "abc", "Basic abc": "", "": "", "Bearer": ""} {
		if got := Bearer(header); got != want {
			t.Errorf("Bearer(%q) = %q", header, got)
		}
	}
}

func FuzzParseBirth(f *testing.F) {
	for _, s := range []string{"1949", "1980-05-01", "2002/2/29", "", "１９８０.5.1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		b, err := parseBirth(s, today)
		if err == nil && b.known() && (b.year < 1899 || b.day > today || b.adultOn(today) == "") {
			t.Errorf("%q: %+v", s, b)
		}
	})
}

func FuzzCleanName(f *testing.F) {
	for _, s := range []string{"张三", "𠮷田 光", "a·b", "\u202e", "O'Neil"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, err := cleanName(s)
		if err != nil {
			return
		}
		if again, err := cleanName(name); err != nil || again != name {
			t.Errorf("%q becomes %q, and that %q, %v", s, name, again, err)
		}
	})
}
