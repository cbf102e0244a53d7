package area

import (
	"fmt"
	"slices"
	"testing"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
)

func TestCode(t *testing.T) {
	for _, c := range []struct {
		code, parent Code
		level        Level
		kind         Kind
		home         string
		lo, hi       Code
	}{
		{0, 0, Country, KindCountry, "000000", 0, 1000000000000},
		{320000000000, 0, Province, KindProvince, "320000", 320000000000, 330000000000},
		{321200000000, 320000000000, City, KindCity, "321200", 321200000000, 321300000000},
		{321281000000, 321200000000, County, KindCounty, "321281", 321281000000, 321282000000},
		{321281001000, 321281000000, Township, KindStreet, "321281", 321281001000, 321281002000},
		{321281100000, 321281000000, Township, KindTown, "321281", 321281100000, 321281101000},
		{321281200000, 321281000000, Township, KindRuralTownship, "321281", 321281200000, 321281201000},
		{321281400000, 321281000000, Township, KindZone, "321281", 321281400000, 321281401000},
		{321281100002, 321281100000, Village, KindCommunity, "321281", 321281100002, 321281100003},
		{321281100199, 321281100000, Village, KindCommunity, "321281", 321281100199, 321281100200},
		{321281100200, 321281100000, Village, KindVillage, "321281", 321281100200, 321281100201},
		{321281100400, 321281100000, Village, KindSite, "321281", 321281100400, 321281100401},
		{320771001000, 320771000000, Township, KindStreet, "320771", 320771001000, 320771002000},
		{441900003000, 441900000000, Township, KindStreet, "441900", 441900003000, 441900004000}, // no county
	} {
		if c.code.Parent() != c.parent || c.code.Level() != c.level || c.code.Kind() != c.kind || c.code.Home() != c.home {
			t.Errorf("%s: parent %s, level %d, kind %s, home %s", c.code, c.code.Parent(), c.code.Level(), c.code.Kind(), c.code.Home())
		}
		if lo, hi := c.code.Range(); lo != c.lo || hi != c.hi {
			t.Errorf("%s: range %s to %s", c.code, lo, hi)
		}
		if !i18n.Has(c.kind.Label()) {
			t.Errorf("no name for kind %s", c.kind)
		}
	}
}

func TestCodeRelations(t *testing.T) {
	village, county := Code(321281100002), Code(321281000000)
	if got, want := village.Line(), []Code{320000000000, 321200000000, county, 321281100000, village}; !slices.Equal(got, want) {
		t.Errorf("Line = %v", got)
	}
	if Code(0).Line() != nil {
		t.Error("the country has a line")
	}
	for inner, want := range map[Code]bool{village: true, county: true, 321282000000: false, 321200000000: false, 321281999999: true} {
		if county.Contains(inner) != want {
			t.Errorf("%s contains %s: %v", county, inner, !want)
		}
	}
	for l, want := range map[Level]Code{Country: 0, Province: 320000000000, City: 321200000000, County: county, Township: 321281100000, Village: village} {
		if got := village.At(l); got != want {
			t.Errorf("level %d of %s = %s", l, village, got)
		}
	}
	if got := Code(321200000000).At(County); got != 0 {
		t.Errorf("a city's county is %s", got)
	}
	if got := Code(441900003000).At(County); got != 0 {
		t.Errorf("the county of a township without one is %s", got)
	}
	if !Code(320771001000).Statistical() || Code(320706000000).Statistical() || Code(321281000000).Statistical() {
		t.Error("statistical counties")
	}
	if Code(0).String() != "000000000000" {
		t.Errorf("the country is written %s", Code(0))
	}
}

func TestRural(t *testing.T) {
	for c, want := range map[Code]string{
		321281001000: "false true", 321281100000: "false false", 321281200000: "true true", 321281100002: "false true",
		321281100200: "true true", 321281100400: "false false", 321281000000: "false false",
	} {
		rural, told := c.Rural()
		if got := fmt.Sprint(rural, told); got != want {
			t.Errorf("%s: %s", c, got)
		}
	}
}

func TestParse(t *testing.T) {
	for s, want := range map[string]Code{
		"321281100002": 321281100002, "３２１２８１１０００００": 321281100000, " 321281 ": 321281000000, "3212": 321200000000,
		"32": 320000000000, "321281100": 321281100000, "320771": 320771000000, "441900003000": 441900003000,
	} {
		if got, err := Parse(s); got != want || err != nil {
			t.Errorf("Parse(%q) = %s, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "3", "321", "32128", "3212811000021", "000000000000", "00", "09", "90", "321281000001", "320000001000",
		"320000100000", "-1", "+321281", "0x3212", "32128a", "三二一二八一", "32_281"} {
		if got, err := Parse(s); fail.Key(err) != "area.code_form" || got != 0 {
			t.Errorf("Parse(%q) = %s, %v", s, got, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("321281100002")
	f.Add("３２１２８１")
	f.Add("441900003000")
	f.Fuzz(func(t *testing.T, s string) {
		c, err := Parse(s)
		if err != nil {
			return
		}
		if again, err := Parse(c.String()); again != c || err != nil {
			t.Errorf("%q gives %s, which gives %s, %v", s, c, again, err)
		}
		lo, hi := c.Range()
		if !c.Parent().Contains(c) || c.Parent().Level() >= c.Level() || lo != c || hi <= lo || len(c.Home()) != 6 {
			t.Errorf("%s: parent %s, range %s to %s, home %s", c, c.Parent(), lo, hi, c.Home())
		}
	})
}
