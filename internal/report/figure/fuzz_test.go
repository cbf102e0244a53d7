package figure

import (
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

// FuzzParse: a question of any words is understood, or refused in words, at the words.
func FuzzParse(f *testing.F) {
	f.Add("volunteers_serving", "321281000000", "", "3212", "1", "", "3", "2020-02-01", "2020-02-28", "2020-02-28", "day")
	f.Add("minutes_served", "长塘村", "321281-0000000000000000", "x", "阻控疫情", "社区防疫", "党员", "2020-02-30", "x", "seq:0", "nothing")
	f.Add("", "'", "%", "\\", "-1", "99999999999999999999", "０", "9999-12-31", "0001-01-01", "seq:9223372036854775807", "org")
	d, _ := dbtest.Open(f, db.SQLite)
	f.Fuzz(func(t *testing.T, key, org, unit, area, campaign, service, category, from, to, asOf, by string) {
		q, err := Parse(t.Context(), d, key, Words{Org: org, Unit: unit, Area: area, Campaign: campaign, Service: service, Category: category, From: from, To: to, AsOf: asOf, By: by})
		if err != nil && fail.KindOf(err) == fail.Internal {
			t.Errorf("%v", err)
		}
		if err == nil && q.Indicator != key {
			t.Errorf("%q is understood as %q", key, q.Indicator)
		}
	})
}

// FuzzParseCursor: where a page of entries begins is read as it is written, or refused.
func FuzzParseCursor(f *testing.F) {
	for _, s := range []string{"", "1.0.0", "0.0.0", "1.-1.0", "01.0.0", "1.0.4294967296", "1.0.0x", " 1.0.0", "9223372036854775807.2.4294967295"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		c, err := parseCursor(s)
		if err == nil && s != "" && (c.String() != s || c.seq < 1) {
			t.Errorf("%q is read as %v", s, c)
		}
	})
}

// FuzzParseSince: whatever is written for a moment since which is read or refused at its field.
func FuzzParseSince(f *testing.F) {
	for _, s := range []string{"", "2020-02-28", "2020-02-28T14:26:00+08:00", "seq:12", "seq:-1", "0001-01-01", "9999-12-31"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		at, err := ParseSince(s)
		if err == nil && at.Seq != 0 && !at.Time.IsZero() {
			t.Errorf("%q is both a number and a moment: %+v", s, at)
		}
		if p := fail.Fields(err); err != nil && (len(p) != 1 || p[0].Field != "since") {
			t.Errorf("%q: %v", s, err)
		}
	})
}
