package org

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
)

const someone id.ID = "321281-01jd3k8zq4w7c2xv"

func standingOrg(k Kind, t Tier) Org { return Org{ID: someone, Kind: k, Tier: t, State: Approved} }

func TestWhatHangsUnderWhat(t *testing.T) {
	practice := map[Tier][]Tier{
		Office: {Office}, Center: {Office}, Institute: {Center}, Station: {Institute}, Point: {Center, Institute, Station},
	}
	for _, child := range Tiers() {
		for _, parent := range Tiers() {
			want := ""
			if !contains(practice[child], parent) {
				want = "org.parent_wrong_tier"
			}
			if got := fail.Key(checkHangs(Practice, child, standingOrg(Practice, parent))); got != want {
				t.Errorf("%s under %s: %q, want %q", child, parent, got, want)
			}
		}
		for _, parent := range []Kind{Unit, Department, Organization, Team} {
			if checkHangs(Practice, child, standingOrg(parent, "")) == nil {
				t.Errorf("a %s hangs under a %s", child, parent)
			}
		}
	}
	for _, child := range []Kind{Unit, Department, Organization, Team} {
		for _, parent := range Tiers() {
			if err := checkHangs(child, "", standingOrg(Practice, parent)); err != nil {
				t.Errorf("%s under %s: %v", child, parent, err)
			}
		}
		for _, parent := range []Kind{Unit, Department, Organization, Team} {
			want := child == Team && parent != Team
			if got := checkHangs(child, "", standingOrg(parent, "")) == nil; got != want {
				t.Errorf("%s under %s: %v, want %v", child, parent, got, want)
			}
		}
		if key := fail.Key(checkHangs(child, "", Org{})); key != "org.parent_missing" {
			t.Errorf("%s at the top: %q", child, key)
		}
	}
	for _, tier := range Tiers() {
		if got := checkHangs(Practice, tier, Org{}) == nil; got != (tier == Office) {
			t.Errorf("%s at the top: %v", tier, got)
		}
	}
	for _, s := range []State{Pending, Returned, Merged, Closed} {
		if key := fail.Key(checkHangs(Team, "", Org{ID: someone, Kind: Practice, Tier: Station, State: s})); key != "org.parent_not_open" {
			t.Errorf("a team under a %s station: %q", s, key)
		}
	}
}

func contains(all []Tier, t Tier) bool {
	for _, a := range all {
		if a == t {
			return true
		}
	}
	return false
}

func TestTypes(t *testing.T) {
	for _, typ := range Types() {
		k, tier := typ.Parts()
		if checkKind(k, tier) != nil || TypeOf(k, tier) != typ {
			t.Errorf("%s is %s, %s", typ, k, tier)
		}
	}
	for _, typ := range []Type{"", "practice", "ngo"} {
		if k, tier := typ.Parts(); k != "" || tier != "" {
			t.Errorf("%q is %s, %s", typ, k, tier)
		}
	}
	for o, want := range map[*Org]string{
		{ID: someone, Kind: Practice, Tier: Institute, State: Approved}: "[station point unit department organization team]",
		{ID: someone, Kind: Unit, State: Approved}:                      "[team]",
		{ID: someone, Kind: Team, State: Approved}:                      "[]",
		{}: "[office]",
	} {
		if got := fmt.Sprint(o.Takes()); got != want {
			t.Errorf("%+v takes %s, want %s", o, got, want)
		}
	}
	team := Org{ID: "a", Kind: Team, Parent: someone, Area: 321281_001_001}
	other := Org{ID: "b", Kind: Practice, Tier: Station, Area: 321282_001_001, State: Approved}
	if !team.Fits(other) || (Org{ID: "b", Kind: Team}).Fits(other) || (Org{ID: "a", Kind: Practice, Tier: Point, Area: 321281_001_001}).Fits(other) {
		t.Error("Fits")
	}
}

func TestKindsAndTiers(t *testing.T) {
	for _, c := range []struct {
		kind Kind
		tier Tier
		key  string
	}{
		{Practice, Office, ""}, {Practice, Point, ""}, {Team, "", ""}, {Unit, "", ""},
		{"", "", "org.kind_unknown"}, {"ngo", "", "org.kind_unknown"},
		{Practice, "", "org.tier_missing"}, {Practice, "hall", "org.tier_missing"}, {Team, Station, "org.tier_other_kind"},
	} {
		if got := fail.Key(checkKind(c.kind, c.tier)); got != c.key {
			t.Errorf("checkKind(%q, %q) = %q, want %q", c.kind, c.tier, got, c.key)
		}
	}
}

func TestPlaces(t *testing.T) {
	parent := func(a area.Code) Org { return Org{ID: someone, Area: a} }
	for _, c := range []struct {
		kind   Kind
		tier   Tier
		at     area.Code
		parent Org
		key    string
	}{
		{Practice, Office, 320000_000_000, Org{}, ""},
		{Practice, Office, 321200_000_000, parent(320000_000_000), ""},
		{Practice, Office, 321200_000_000, parent(321200_000_000), "org.area_outside"},
		{Practice, Office, 320000_000_000, parent(321200_000_000), "org.area_outside"},
		{Practice, Office, 321281_000_000, parent(321200_000_000), "org.area_level.office"},
		{Practice, Center, 321281_000_000, parent(321200_000_000), ""},
		{Practice, Center, 321171_000_000, parent(321100_000_000), ""}, // known to statistics only
		{Practice, Center, 321181_000_000, parent(321200_000_000), "org.area_outside"},
		{Practice, Center, 321281_001_000, parent(321200_000_000), "org.area_level.center"},
		{Practice, Institute, 321281_001_000, parent(321281_000_000), ""},
		{Practice, Institute, 321282_001_000, parent(321281_000_000), "org.area_outside"},
		{Practice, Station, 321281_001_001, parent(321281_001_000), ""},
		{Practice, Station, 321281_001_000, parent(321281_001_000), "org.area_level.station"},
		{Practice, Station, 321281_002_001, parent(321281_001_000), "org.area_outside"},
		{Practice, Point, 321281_001_001, parent(321281_001_001), ""},
		{Practice, Point, 321281_001_000, parent(321281_000_000), ""},
		{Practice, Point, 321281_000_000, parent(321281_001_000), "org.area_outside"},
		{Team, "", 321281_001_001, parent(321281_001_001), ""},
		{Unit, "", 321281_001_001, parent(321200_000_000), ""},
		{Unit, "", 321200_000_000, parent(321281_000_000), "org.area_outside"},
	} {
		if got := fail.Key(checkPlace(c.kind, c.tier, c.at, c.parent)); got != c.key {
			t.Errorf("%s %s at %v under %v: %q, want %q", c.kind, c.tier, c.at, c.parent.Area, got, c.key)
		}
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ in, out, key string }{
		{"文明实践站", "文明实践站", ""},
		{"  戴窑镇　文明实践所 ", "戴窑镇 文明实践所", ""},
		{"第１２小学（东校区）志愿队", "第12小学（东校区）志愿队", ""},
		{"𠮷𠮷", "𠮷𠮷", ""}, // two characters beyond the BMP
		{strings.Repeat("𠮷", 40), strings.Repeat("𠮷", 40), ""},
		{strings.Repeat("队", 41), strings.Repeat("队", 41), "org.name_long"},
		{strings.Repeat("队", 40), strings.Repeat("队", 40), ""},
		{"", "", "org.name_missing"}, {" \u200b　", "", "org.name_missing"},
		{"队", "队", "org.name_short"}, {"𠮷", "𠮷", "org.name_short"},
		{"——", "——", "org.name_signs"}, {"１２３４５", "12345", "org.name_signs"},
		{"红\u202e马甲", "红马甲", ""},
	} {
		got, err := checkName(c.in)
		if got != c.out || fail.Key(err) != c.key {
			t.Errorf("checkName(%q) = %q, %v; want %q, %q", c.in, got, err, c.out, c.key)
		}
	}
}

func TestEveryWrongFieldIsNamed(t *testing.T) {
	_, err := In{Kind: "ngo", Name: "队", CreditCode: "91350100M000100Y4", Address: strings.Repeat("街", 101), About: strings.Repeat("字", 501)}.tidy()
	var fields []string
	for _, f := range fail.Fields(err) {
		fields = append(fields, f.Field)
	}
	if got := strings.Join(fields, " "); got != "kind name credit_code address about" {
		t.Errorf("fields %s: %v", got, err)
	}
	in, err := In{Kind: Unit, Name: "供电公司", CreditCode: " ９1350100m000100y43 ", About: "一\r\n二 "}.tidy()
	if err != nil || in.CreditCode != "91350100M000100Y43" || in.About != "一\n二" {
		t.Errorf("%+v, %v", in, err)
	}
	if _, err := checkReason(" x "); !errors.Is(err, fail.New(fail.Invalid, "org.reason_missing")) {
		t.Errorf("a reason of one character: %v", err)
	}
	if _, err := checkReason(strings.Repeat("因", 201)); fail.Key(err) != "org.reason_long" {
		t.Errorf("a reason of 201 characters: %v", err)
	}
}

func TestPositionHeldOnADay(t *testing.T) {
	all := []Position{
		{ID: 1, From: "2020-02-01", To: "2020-02-10"}, {ID: 2, From: "2020-02-10", To: "2020-02-10"},
		{ID: 3, From: "2020-02-10", To: "2020-02-20"}, {ID: 4, From: "2020-02-20", To: "2020-02-25"},
	}
	for day, want := range map[string]int64{
		"2019-12-31": 1, "2020-02-01": 1, "2020-02-09": 1, "2020-02-10": 3, "2020-02-19": 3, "2020-02-20": 4, "2020-02-25": 4, "2021-01-01": 4,
	} {
		if p, ok := on(all, day); !ok || p.ID != want {
			t.Errorf("on %s: %d, want %d", day, p.ID, want)
		}
	}
	if _, ok := on(nil, "2020-02-01"); ok {
		t.Error("no position at all is one")
	}
}

func TestSeek(t *testing.T) {
	for text, want := range map[string]sought{
		"":                   {like: "%%"},
		"100%_Ｗ":             {like: `%100\%\_w%`},
		"321281":             {like: "%321281%", from: 321281_000_000, to: 321282_000_000},
		"３２１２８１００１００１":       {like: "%321281001001%", from: 321281_001_001, to: 321281_001_002},
		"1":                  {like: "%1%"},
		"3212810010012":      {like: "%3212810010012%"},
		"91350100m000100y43": {like: "%91350100m000100y43%", credit: "91350100M000100Y43"},
	} {
		if got := seek(text); got != want {
			t.Errorf("seek(%q) = %+v, want %+v", text, got, want)
		}
	}
}

func TestCursor(t *testing.T) {
	c := cursor{321281_001_001, "站/\"𠮷", someone}
	if got, err := parseCursor(c.String()); got != c || err != nil {
		t.Errorf("%+v, %v", got, err)
	}
	for _, s := range []string{"x", "!!", "e30x"} {
		if _, err := parseCursor(s); fail.Key(err) != "org.page_unknown" {
			t.Errorf("%q: %v", s, err)
		}
	}
}
