package seed

import (
	"context"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/report/figure"
)

var rewrite = flag.Bool("rewrite", false, "write the golden figures anew")

// sundays are the Sundays of the city's weeks, and its moment.
var sundays = []string{"2020-02-02", "2020-02-09", "2020-02-16", "2020-02-23", "2020-03-01", "2020-03-05T14:26:00+08:00"}

// toldKeys are the figures that are kept golden.
var toldKeys = []string{"orgs_taking_part", "volunteers_taking_part", "activities_held", "turns", "minutes", "minutes_confirmed", "signups", "no_shows",
	"volunteers_registered"}

// callKeys are those of the appeal and the call-up.
var callKeys = []string{"appeals_published", "callups_issued", "callup_delivered", "callup_acknowledged", "callup_forwarded", "callup_reported",
	"callup_promised", "callup_signups", "callup_hundred_minutes"}

// asker asks figures of a city.
type asker struct {
	t   *testing.T
	d   *db.DB
	e   *figure.Engine
	ctx context.Context
}

func askerOf(t *testing.T, d *db.DB) asker {
	t.Helper()
	e, err := figure.Open(t.Context(), d)
	if err == nil {
		err = e.Load(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return asker{t, d, e, t.Context()}
}

func (a asker) ask(key string, w figure.Words) figure.Answer {
	a.t.Helper()
	q, err := figure.Parse(a.ctx, a.d, key, w)
	if err != nil {
		a.t.Fatalf("%s of %+v: %v", key, w, err)
	}
	got, err := a.e.At(a.ctx, q)
	if err != nil {
		a.t.Fatalf("%s of %+v: %v", key, w, err)
	}
	return got
}

// figures spells the golden figures: of the city on each Sunday as of that Sunday, and of both
// institutes of the moved station, before the move and after it, as of both and as of the end.
// Then what the two teams did that become one, before it and after; and who has reported.
func (a asker) figures(c *city) string {
	var b strings.Builder
	from, into := c.merging()
	for _, t := range []*team{from, into} {
		for _, asOf := range []string{"2020-03-04", "2020-03-05T14:26:00+08:00"} {
			fmt.Fprintf(&b, "%s as of %s: turns %d\n", t.name, asOf, a.ask("turns", figure.Words{Unit: t.name, AsOf: asOf}).Value)
		}
	}
	for _, key := range []string{"reports_due", "reports_made", "reports_missing"} {
		fmt.Fprintf(&b, "%s %d\n", key, a.ask(key, figure.Words{Org: "泰州", Campaign: "阻控疫情 志愿同行"}).Value)
	}
	for _, key := range callKeys {
		for _, day := range sundays[:2] {
			fmt.Fprintf(&b, "%s %s %d\n", day, key, a.ask(key, figure.Words{Org: "泰州", AsOf: day}).Value)
		}
	}
	for _, day := range sundays {
		for _, key := range toldKeys {
			w := figure.Words{Org: "泰州", Campaign: "阻控疫情 志愿同行", AsOf: day}
			if key == "volunteers_registered" {
				w.Campaign = ""
			}
			fmt.Fprintf(&b, "%s %s %d\n", day, key, a.ask(key, w).Value)
		}
	}
	for _, parent := range []string{"321202001000", "321202002000"} {
		for _, asOf := range []string{"2020-02-14", "2020-02-16", "2020-03-05T14:26:00+08:00"} {
			for _, days := range [][2]string{{"2020-01-28", "2020-02-14"}, {"2020-02-16", "2020-03-05"}} {
				for _, key := range []string{"turns", "volunteers_taking_part", "activities_held"} {
					w := figure.Words{Org: parent, AsOf: asOf, From: days[0], To: days[1]}
					fmt.Fprintf(&b, "%s as of %s, %s to %s: %s %d\n", parent, asOf, days[0], days[1], key, a.ask(key, w).Value)
				}
			}
		}
	}
	return b.String()
}

// goldenFraction is the part of the city whose golden figures every run of the tests compares.
const goldenFraction = 0.02

// TestGoldenCity compares the figures of each Sunday as of that Sunday with what they were
// when they were last looked at: those of a fiftieth of the city, or where TONGXIN_TAIZHOU is
// the DSN of the whole one (make taizhou), of that.
func TestGoldenCity(t *testing.T) {
	dsn, name, fraction := os.Getenv("TONGXIN_TAIZHOU"), "taizhou.txt", 1.0
	if dsn == "" {
		fraction = goldenFraction
		dsn, name = dbtest.DSN(t, db.SQLite), "taizhou-fiftieth.txt"
		makeCity(t, dsn, 1, goldenFraction)
	}
	a := askerOf(t, inspect(t, dsn))
	golden(t, name, a.figures(planCity(1, fraction)))
	a.drafts(fraction)
}

// drafts compares what the standard template writes of the city and of one of its counties. Of
// the whole city its sentences say what the bulletin of the time said.
func (a asker) drafts(fraction float64) {
	a.t.Helper()
	for place, name := range map[string]string{"泰州": "taizhou", "兴化市": "xinghua"} {
		got := a.draft(figure.Words{Org: place, Campaign: "阻控疫情 志愿同行", From: "2020-01-28", To: "2020-03-05"})
		if fraction < 1 {
			golden(a.t, "draft-"+name+"-fiftieth.txt", got)
			continue
		}
		for _, said := range []string{"1394个志愿服务组织", "近50万名志愿者", "志愿服务活动8976次"} {
			if place == "泰州" && !strings.Contains(got, said) {
				a.t.Errorf("the draft does not say %s:\n%s", said, got)
			}
		}
	}
}

// TestCityFigures holds the figures of the acceptance table against a recount of the records,
// and those of each Sunday against a recount of the facts that stood by then.
func TestCityFigures(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		makeCity(t, dsn, 1, 0.004)
		c := planCity(1, 0.004)
		d := inspect(t, dsn)
		a := askerOf(t, d)
		for key, q := range recounts {
			w := figure.Words{Org: "泰州", Campaign: "阻控疫情 志愿同行"}
			var want int64
			if err := d.QueryRow(t.Context(), q).Scan(&want); err != nil {
				t.Fatalf("%s: %v", key, err)
			}
			got := a.ask(key, w)
			if got.Value != want || got.Entries != want {
				t.Errorf("%s is %d with %d entries, the records say %d", key, got.Value, got.Entries, want)
			}
			for _, day := range sundays {
				w.AsOf = day
				if got, want := a.ask(key, w), stood(t, d, key, day); got.Value != want {
					t.Errorf("%s as of %s is %d, the facts say %d", key, day, got.Value, want)
				}
			}
		}
		a.calledFirstWeek()
		for key, want := range map[string]int{"orgs_taking_part": max(c.scaled(cityTeams), len(c.cells)), "activities_held": c.scaled(cityHeld)} {
			if got := a.ask(key, figure.Words{Org: "泰州", Campaign: "阻控疫情 志愿同行"}); got.Value != int64(want) {
				t.Errorf("%s is %d, planned are %d", key, got.Value, want)
			}
		}
	})
}

const served = `FROM roster_signup u JOIN roster_shift s ON s.home = u.home AND s.id = u.shift JOIN org_org o ON o.id = u.unit
	WHERE u.state IN ('checked_in', 'checked_out', 'unclosed', 'settled')`

// recounts are the figures as the records tell them.
var recounts = map[string]string{
	"orgs_taking_part":       "SELECT COUNT(DISTINCT u.unit) " + served + " AND o.kind IN ('organization', 'team')",
	"volunteers_taking_part": "SELECT COUNT(DISTINCT u.person) " + served,
	"activities_held":        "SELECT COUNT(*) FROM (SELECT DISTINCT s.activity, s.day " + served + ") held",
	"turns":                  "SELECT COUNT(*) " + served,
}

// stood counts in the facts that were posted by a moment and not reversed by then.
func stood(t *testing.T, d *db.DB, key, day string) (n int64) {
	t.Helper()
	until := db.MS(CityStands)
	if at, err := time.ParseInLocation(time.DateOnly, day, i18n.Zone()); err == nil {
		until = db.MS(at.AddDate(0, 0, 1)) - 1
	}
	what, kind := "COUNT(*)", "roster.arrived"
	switch key {
	case "orgs_taking_part":
		what = "COUNT(DISTINCT CASE WHEN o.kind IN ('organization', 'team') THEN o.org END)"
	case "volunteers_taking_part":
		what = "COUNT(DISTINCT f.person)"
	case "activities_held":
		kind = "activity.held"
	}
	err := d.QueryRow(t.Context(), "SELECT "+what+` FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind JOIN org_position o ON o.id = f.unit
		WHERE k.key = $1 AND f.reverses = '' AND f.posted <= $2
		AND NOT EXISTS (SELECT 1 FROM ledger_fact v WHERE v.reverses = f.id AND v.reverses <> '' AND v.home = f.home AND v.kind = f.kind AND v.posted <= $2)`,
		kind, until).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// calledFirstWeek: a third of the sign-ups of the first week was brought by the call-up, and
// none before it or later.
func (a asker) calledFirstWeek() {
	a.t.Helper()
	var all, called, outside int64
	err := a.d.QueryRow(a.ctx, `SELECT COUNT(CASE WHEN u.applied < $2 THEN 1 END), COUNT(CASE WHEN u.applied < $2 AND u.callup <> '' THEN 1 END),
		COUNT(CASE WHEN (u.applied >= $2 OR u.applied <= $1) AND u.callup <> '' THEN 1 END) FROM roster_signup u WHERE NOT u.walkup`,
		issued.ms(), weekOver.ms()).Scan(&all, &called, &outside)
	if err != nil || all == 0 || outside > 0 || called*100 < all*29 || called*100 > all*38 {
		a.t.Errorf("of %d sign-ups of the first week %d were brought by the call-up, and %d outside of it: %v", all, called, outside, err)
	}
}
