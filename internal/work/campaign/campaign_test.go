package campaign

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org/orgtest"
)

type world struct {
	orgtest.Tree
	t   *testing.T
	ctx context.Context
	d   *db.DB

	city, center, station, foreign auth.Actor
}

func begin(t *testing.T, d *db.DB) *world {
	w := &world{t: t, ctx: t.Context(), d: d}
	w.must(func(tx *db.Tx) (err error) { w.Tree, err = orgtest.Plant(w.ctx, tx); return err })
	w.city, w.center = orgtest.Staff(1, w.City, auth.Admin), orgtest.Staff(2, w.Center, auth.Admin)
	w.station, w.foreign = orgtest.Staff(3, w.Station, auth.Admin), orgtest.Staff(4, w.Foreign, auth.Admin)
	return w
}

func (w *world) must(f func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.Write(w.ctx, f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) refused(key string, f func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.d.Write(w.ctx, f); fail.Key(err) != key {
		w.t.Errorf("refused with %v, want %s", err, key)
	}
}

func (w *world) create(by auth.Actor, of id.ID, parent int64, name string) (n int64) {
	w.t.Helper()
	w.must(func(tx *db.Tx) (err error) {
		n, err = Create(w.ctx, tx, by, of, parent, In{Name: name, FromDay: "2020-01-28"})
		return err
	})
	return n
}

func names(all []Campaign, err error) string {
	var out []string
	for _, c := range all {
		out = append(out, strings.Repeat(">", c.Depth())+c.Name)
	}
	if err != nil {
		out = append(out, err.Error())
	}
	return strings.Join(out, " ")
}

func TestTree(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		w := begin(t, d)
		programme := w.create(w.city, w.City, 0, "志愿同行")
		action := w.create(w.center, w.Center, programme, "大爱护航")
		project := w.create(w.center, w.Station, action, "牵手暖心") // the center for its station
		other := w.create(w.foreign, w.Foreign, programme, "清洁家园")
		w.create(w.city, w.City, 0, "邻里守望")
		try := func(by auth.Actor, of id.ID, parent int64) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := Create(w.ctx, tx, by, of, parent, In{Name: "再来一个", FromDay: "2020-01-28"})
				return err
			}
		}
		w.refused("campaign.too_deep", try(w.station, w.Station, project))
		w.refused("campaign.unknown", try(w.station, w.Station, 999))
		w.refused("org.out_of_reach", try(w.station, w.Center, 0))
		w.refused("campaign.not_yours", try(w.station, w.Station, other))
		w.refused("campaign.not_yours", try(w.city, w.City, action)) // it belongs to one below

		if got := names(List(w.ctx, d, w.City)); got != "志愿同行 >大爱护航 >>牵手暖心 >清洁家园 邻里守望" {
			t.Errorf("the city sees %s", got)
		}
		if got := names(List(w.ctx, d, w.Station)); got != "志愿同行 >大爱护航 >>牵手暖心 邻里守望" {
			t.Errorf("the station sees %s", got)
		}
		if got := names(Path(w.ctx, d, project)); got != "志愿同行 >大爱护航 >>牵手暖心" {
			t.Errorf("path %s", got)
		}
		for _, c := range []struct {
			ancestor, campaign int64
			want               bool
		}{{programme, project, true}, {action, project, true}, {project, project, true}, {project, action, false}, {other, project, false}} {
			if got, err := Under(w.ctx, d, c.ancestor, c.campaign); got != c.want || err != nil {
				t.Errorf("%d under %d: %v, %v", c.campaign, c.ancestor, got, err)
			}
		}
		checks, err := Verify(w.ctx, d)
		for _, c := range checks {
			if c.Broken > 0 || c.Checked == 0 {
				t.Errorf("verify %+v", c)
			}
		}
		if err != nil || len(checks) == 0 {
			t.Error(err)
		}
	})
}

func TestClosingReachesBelow(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		w := begin(t, d)
		programme := w.create(w.city, w.City, 0, "志愿同行")
		action := w.create(w.center, w.Center, programme, "大爱护航")
		takes := func(campaign int64, of id.ID) string { return fail.Key(Takes(w.ctx, d, campaign, of)) }
		if takes(action, w.Team) != "" || takes(action, w.Foreign) != "campaign.not_yours" || takes(programme, w.Foreign) != "" || takes(99, w.Team) != "campaign.unknown" {
			t.Error("who may add to an open campaign")
		}
		w.refused("org.out_of_reach", func(tx *db.Tx) error { return Close(w.ctx, tx, w.center, programme) })
		for range 2 { // a second tap is no error
			w.must(func(tx *db.Tx) error { return Close(w.ctx, tx, w.city, programme) })
		}
		if takes(action, w.Team) != "campaign.closed" || names(Choices(w.ctx, d, w.Team)) != "" {
			t.Error("what is below a closed campaign is open")
		}
		w.refused("campaign.closed", func(tx *db.Tx) error {
			_, err := Create(w.ctx, tx, w.center, w.Center, programme, In{Name: "又一个", FromDay: "2020-02-01"})
			return err
		})
		w.must(func(tx *db.Tx) error { return Reopen(w.ctx, tx, w.city, programme) })
		if takes(action, w.Team) != "" || names(Choices(w.ctx, d, w.Team)) != "志愿同行 >大爱护航" {
			t.Errorf("opened again: %s", names(Choices(w.ctx, d, w.Team)))
		}
	})
}

func TestTwoEditors(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		w := begin(t, d)
		n := w.create(w.city, w.City, 0, "志愿同行")
		edit := func(rev int64, name, to string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error {
				return Edit(w.ctx, tx, w.city, n, rev, In{Name: name, FromDay: "2020-01-28", ToDay: to})
			}
		}
		w.must(edit(1, "阻控疫情 志愿同行", "２０２０-03-31"))
		w.refused("campaign.changed_meanwhile", edit(1, "志愿行动", ""))
		if c, err := Get(w.ctx, d, n); err != nil || c.Name != "阻控疫情 志愿同行" || c.ToDay != "2020-03-31" || c.Rev != 2 {
			t.Errorf("%+v, %v", c, err)
		}
		w.refused("org.out_of_reach", func(tx *db.Tx) error {
			return Edit(w.ctx, tx, w.center, n, 2, In{Name: "我们的", FromDay: "2020-01-28"})
		})
	})
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		in    In
		wrong []string
	}{
		{In{Name: "志愿同行", FromDay: "2020-01-28"}, nil},
		{In{Name: "𠮷村", FromDay: "2020-01-28", ToDay: "2020-01-28"}, nil},
		{In{Name: strings.Repeat("行", 40), FromDay: "2020-01-28"}, nil},
		{In{Name: "行", FromDay: "2020-01-28"}, []string{"name"}},
		{In{Name: strings.Repeat("行", 41), FromDay: "2020-01-28"}, []string{"name"}},
		{In{Name: "志愿同行", FromDay: "2020-02-30"}, []string{"from_day"}},
		{In{Name: "志愿同行", FromDay: "2020-01-28", ToDay: "2020-01-27"}, []string{"to_day"}},
		{In{Name: "志愿同行", FromDay: "2020-01-28", ToDay: "soon"}, []string{"to_day"}},
		{In{About: strings.Repeat("长", 1001)}, []string{"name", "about", "from_day"}},
	} {
		var wrong []string
		for _, f := range fail.Fields(c.in.normal().check()) {
			wrong = append(wrong, f.Field)
		}
		if !slices.Equal(wrong, c.wrong) {
			t.Errorf("%+v: %v, want %v", c.in, wrong, c.wrong)
		}
	}
}

// checkTree finds what a hand in the tables would break.
func TestCheckTreeFindsTampering(t *testing.T) {
	all := []Campaign{{ID: 1, Level: Programme}, {ID: 2, Parent: 1, Level: Action}, {ID: 3, Parent: 2, Level: Project}}
	lines := []line{{1, 1, 0}, {2, 2, 0}, {3, 3, 0}, {1, 2, 1}, {2, 3, 1}, {1, 3, 2}}
	if c := checkTree(all, lines); c.Broken != 0 || c.Checked != int64(len(lines)) {
		t.Errorf("a sound tree: %+v", c)
	}
	for name, broken := range map[string][]line{
		"a line too few":  lines[:5],
		"a line too many": append(slices.Clone(lines), line{3, 1, 1}),
		"a wrong depth":   append(slices.Clone(lines[:5]), line{1, 3, 1}),
	} {
		if c := checkTree(all, broken); c.Broken == 0 {
			t.Errorf("%s is not found", name)
		}
	}
	if c := checkTree([]Campaign{{ID: 1, Level: Action}}, []line{{1, 1, 0}}); c.Broken == 0 {
		t.Error("an action at the top is not found")
	}
}
