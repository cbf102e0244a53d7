package seed

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/figure"
)

// draft writes the draft of an organisation with the standard template, and below it each
// figure.
func (a asker) draft(w figure.Words) string {
	a.t.Helper()
	q, err := figure.Parse(a.ctx, a.d, "turns", w)
	if err != nil {
		a.t.Fatalf("%+v: %v", w, err)
	}
	t, err := bulletin.ParseTemplate(bulletin.Standard())
	if err != nil {
		a.t.Fatal(err)
	}
	o, err := bulletin.Draft(a.ctx, a.d, a.e, t, bulletin.Ask{Org: q.Org, Campaign: q.Campaign, From: q.From, To: q.To, AsOf: q.AsOf})
	if err != nil {
		a.t.Fatalf("%+v: %v", w, err)
	}
	var b strings.Builder
	b.WriteString(o.Text())
	for _, f := range o.Figures() {
		got, err := a.e.At(a.ctx, f.Query)
		if err != nil || got.Value != f.Value || !f.Holds(got.Value) {
			a.t.Errorf("%s says %s and is %d: %v", f.Query.Indicator, f.Text(), got.Value, err)
		}
	}
	return b.String()
}

// golden compares a text with what it was when it was last looked at.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *rewrite {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != got {
		t.Errorf("%s changed: %s", name, difference(strings.Split(string(want), "\n"), strings.Split(got, "\n")))
	}
}

// TestDraftsOfTheSmallCities compares what the standard template writes of three cities whose
// kinds and gaps differ with what it wrote when it was last read.
func TestDraftsOfTheSmallCities(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		makeWorld(t, dsn, 1, dbtest.Start)
		a := askerOf(t, inspect(t, dsn))
		for name, w := range map[string]figure.Words{
			"draft-taizhou-small.txt": {Org: "泰州", Campaign: "阻控疫情 志愿同行", From: "2020-01-28", To: "2020-02-28"},
			"draft-xinghua.txt":       {Org: "兴化市", From: "2020-01-28", To: "2020-02-28"},
			"draft-zhenjiang.txt":     {Org: "镇江", Campaign: "大爱护航 同心战疫", From: "2020-01-28", To: "2020-02-28"},
		} {
			golden(t, name, a.draft(w))
		}
	})
}
