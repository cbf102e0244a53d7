package activity

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

type areaCode = area.Code

// publishAt publishes an activity of the center from one hour after now to another.
func (w *world) publishAt(title string, from, to time.Duration, edit func(*Edit)) (a id.ID) {
	w.t.Helper()
	in := full()
	in.Title, in.Service = title, w.services["cleaning"]
	if edit != nil {
		edit(&in)
	}
	w.must(func(tx *db.Tx) (err error) {
		if a, err = Create(w.ctx, tx, w.center, w.Center, in); err != nil {
			return err
		}
		if _, err = AddPost(w.ctx, tx, w.center, a, 0, PostIn{Name: "岗位", Places: 1}); err != nil {
			return err
		}
		_, err = Submit(w.ctx, tx, w.center, a, Span{Starts: db.MS(w.c.Now().Add(from)), Ends: db.MS(w.c.Now().Add(to)), Shifts: 1})
		if err != nil {
			return err
		}
		return Approve(w.ctx, tx, w.city, a)
	})
	return a
}

func titles(all []Listed) (out []string) {
	for _, l := range all {
		out = append(out, l.Title)
	}
	return out
}

func TestOpen(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		var programme, action int64
		w.must(func(tx *db.Tx) (err error) {
			programme, err = campaign.Create(w.ctx, tx, w.center, w.Center, 0, campaign.In{Name: "志愿同行", FromDay: "2020-01-28"})
			if err != nil {
				return err
			}
			action, err = campaign.Create(w.ctx, tx, w.center, w.Center, programme, campaign.In{Name: "清洁家园", FromDay: "2020-01-28"})
			return err
		})
		hours := time.Hour
		w.publishAt("后天 50%_折", 48*hours, 50*hours, nil)
		w.publishAt("今晚", 3*hours, 5*hours, func(e *Edit) { e.Campaign = action; e.Area = orgtest.StationArea })
		w.publishAt("正在进行", -hours, hours, func(e *Edit) { e.Service = w.services["culture"] })
		w.publishAt("明天 ABC", 24*hours, 26*hours, func(e *Edit) { e.Campaign = programme })
		w.draft(w.leader, w.Team, "cleaning")
		gone := w.publishAt("取消的", 24*hours, 26*hours, nil)
		w.must(func(tx *db.Tx) error { return Cancel(w.ctx, tx, w.center, gone, "下雨") })

		day := func(s string) int64 {
			at, _ := time.ParseInLocation(time.DateOnly, s, dbtest.Start.Location())
			return db.MS(at)
		}
		for name, q := range map[string]struct {
			f    Filter
			want []string
		}{
			"all":           {Filter{}, []string{"正在进行", "今晚", "明天 ABC", "后天 50%_折"}},
			"county":        {Filter{Area: orgtest.CenterArea}, []string{"正在进行", "今晚", "明天 ABC", "后天 50%_折"}},
			"city":          {Filter{Area: orgtest.CityArea}, []string{"正在进行", "今晚", "明天 ABC", "后天 50%_折"}},
			"other county":  {Filter{Area: orgtest.OtherCenter}, nil},
			"village":       {Filter{Area: orgtest.StationArea}, []string{"今晚"}},
			"township":      {Filter{Area: orgtest.InstituteArea}, []string{"今晚"}},
			"service":       {Filter{Service: w.services["culture"]}, []string{"正在进行"}},
			"programme":     {Filter{Campaign: programme}, []string{"今晚", "明天 ABC"}},
			"action":        {Filter{Campaign: action}, []string{"今晚"}},
			"text":          {Filter{Text: "天"}, []string{"明天 ABC", "后天 50%_折"}},
			"letters":       {Filter{Text: " ａbC"}, []string{"明天 ABC"}},
			"signs":         {Filter{Text: "50%_"}, []string{"后天 50%_折"}},
			"no pattern":    {Filter{Text: "%"}, []string{"后天 50%_折"}},
			"a day":         {Filter{From: day("2020-02-29"), To: day("2020-03-01")}, []string{"明天 ABC"}},
			"a past moment": {Filter{To: db.MS(c.Now())}, []string{"正在进行"}},
		} {
			got, next, err := Open(w.ctx, d, c.Now(), q.f, "")
			if err != nil || !slices.Equal(titles(got), q.want) || next != "" {
				t.Errorf("%s: %q, next %q, %v; want %q", name, titles(got), next, err, q.want)
			}
			if n, err := CountOpen(w.ctx, d, c.Now(), q.f); err != nil || n != len(q.want) {
				t.Errorf("%s: counted %d, %v", name, n, err)
			}
		}
		if got, _, _ := Open(w.ctx, d, c.Now(), Filter{}, ""); len(got) > 0 && (got[0].OrgName != "center" || got[0].ServiceName != "文化文艺") {
			t.Errorf("named %q, %q", got[0].OrgName, got[0].ServiceName)
		}
	})
}

// Page by page every activity comes once, whatever begins at the same moment.
func TestOpenPages(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		var want []string
		for i := range 11 {
			title := fmt.Sprintf("第 %02d 场", i)
			w.publishAt(title, time.Duration(1+i/4)*time.Hour, 9*time.Hour, nil)
			want = append(want, title)
		}
		var got []string
		after := ""
		for pages := 0; ; pages++ {
			page, next, err := Open(w.ctx, d, c.Now(), Filter{Limit: 3}, after)
			if err != nil || len(page) > 3 || pages > 4 {
				t.Fatal(pages, len(page), err)
			}
			got = append(got, titles(page)...)
			if after = next; next == "" {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("pages gave %q", got)
		}
		for _, nonsense := range []string{"x", ".", "99999999999999999999.x", "12", "'; DROP TABLE"} {
			if all, _, err := Open(w.ctx, d, c.Now(), Filter{}, nonsense); err != nil || len(all) != len(want) {
				t.Errorf("after %q: %d, %v", nonsense, len(all), err)
			}
		}
	})
}

func TestWithin(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		team := w.draft(w.leader, w.Team, "cleaning")
		c.Add(time.Second)
		sibling := w.draft(w.sibling, w.Sibling, "cleaning")
		c.Add(time.Second)
		foreign := w.draft(w.foreign, w.Foreign, "cleaning")
		w.submit(w.leader, team)
		ids := func(by auth.Actor, state State) []id.ID {
			t.Helper()
			seats, err := org.Seats(w.ctx, d, by)
			if err != nil {
				t.Fatal(err)
			}
			var all []id.ID
			for after := ""; ; {
				page, next, err := Within(w.ctx, d, seats, state, Filter{Limit: 1}, after)
				if err != nil {
					t.Fatal(err)
				}
				for _, l := range page {
					all = append(all, l.ID)
				}
				if after = next; next == "" {
					return all
				}
			}
		}
		for name, q := range map[string]struct {
			by    auth.Actor
			state State
			want  []id.ID
		}{
			"team": {w.leader, "", []id.ID{team}}, "sibling": {w.sibling, "", []id.ID{sibling}},
			"institute": {w.institute, "", []id.ID{sibling, team}}, "city": {w.city, "", []id.ID{foreign, sibling, team}},
			"submitted": {w.city, Submitted, []id.ID{team}}, "foreign": {w.foreign, "", []id.ID{foreign}},
			"nobody": {orgtest.Person(30), "", nil},
		} {
			if got := ids(q.by, q.state); !slices.Equal(got, q.want) {
				t.Errorf("%s sees %v, want %v", name, got, q.want)
			}
		}
		w.must(func(tx *db.Tx) error { return SetCoOrgs(w.ctx, tx, w.foreign, foreign, 0, []CoOrg{{w.Team, Assist}}) })
		if got := ids(w.leader, ""); !slices.Equal(got, []id.ID{foreign, team}) {
			t.Errorf("a co-organiser sees %v", got)
		}
		seats, _ := org.Seats(w.ctx, d, w.city)
		counts, err := Counts(w.ctx, d, seats, Filter{})
		if err != nil || counts[Draft] != 2 || counts[Submitted] != 1 || counts[Published] != 0 {
			t.Errorf("counts %v, %v", counts, err)
		}
	})
}

func TestQueue(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		first := w.draft(w.leader, w.Team, "cleaning")
		w.submit(w.leader, first)
		c.Add(time.Hour)
		second := w.draft(w.leader, w.Team, "culture")
		w.submit(w.leader, second)
		w.draft(w.leader, w.Team, "culture")
		queue := func(by auth.Actor, desk Desk, want ...id.ID) {
			t.Helper()
			all, next, err := Queue(w.ctx, d, c.Now(), by.Orgs(auth.Reviewer, auth.Admin), desk, "")
			var got []id.ID
			for _, l := range all {
				got = append(got, l.ID)
			}
			if err != nil || next != "" || !slices.Equal(got, want) {
				t.Errorf("%s: %v, %v; want %v", desk, got, err, want)
			}
			if n, err := CountQueue(w.ctx, d, c.Now(), by.Orgs(auth.Reviewer, auth.Admin), desk); err != nil || n != len(want) {
				t.Errorf("%s: counted %d, %v", desk, n, err)
			}
		}
		queue(w.station, Mine, first, second)
		queue(w.station, Raised)
		queue(w.station, Overdue)
		queue(w.institute, Mine)
		queue(w.leader, Mine)
		c.Add(24*time.Hour - 30*time.Minute)
		queue(w.station, Overdue, first)
		queue(w.city, Overdue, first)
		queue(w.foreign, Overdue)
		c.Add(-30 * time.Minute)
		if err := w.run.RunDue(w.ctx); err != nil {
			t.Fatal(err)
		}
		queue(w.station, Mine, second)
		queue(w.institute, Mine, first)
		queue(w.institute, Raised, first)
		queue(w.center, Mine)
		if l, _, _ := Queue(w.ctx, d, c.Now(), []id.ID{w.Institute}, Raised, ""); len(l) != 1 || l[0].ReviewerName != "institute" || l[0].OrgName != "team" {
			t.Errorf("listed %+v", l)
		}
	})
}

func TestInstallFollowsTheSetting(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		risky := func() (slugs []string) {
			all, err := Services(w.ctx, d)
			if err != nil || len(all) != len(builtin()) {
				t.Fatalf("%d kinds of service, %v", len(all), err)
			}
			for _, s := range all {
				if s.Risky {
					slugs = append(slugs, s.Slug)
				}
			}
			slices.Sort(slugs)
			return slugs
		}
		if got := risky(); !slices.Equal(got, []string{"checkpoint_duty", "isolated_visit", "temperature_check"}) {
			t.Errorf("risky from the start: %v", got)
		}
		plain, post := w.draft(w.leader, w.Team, "cleaning"), w.draft(w.leader, w.Team, "checkpoint_duty")
		w.must(func(tx *db.Tx) error {
			_, err := AddPost(w.ctx, tx, w.leader, post, 0, PostIn{Name: "拦车", Places: 1, Risky: true})
			return err
		})
		was := w.draft(w.leader, w.Team, "checkpoint_duty")
		w.must(func(tx *db.Tx) error {
			if err := config.Save(tx, "activity.risky_services", "cleaning"); err != nil {
				return err
			}
			return Install(w.ctx, tx)
		})
		if got := risky(); !slices.Equal(got, []string{"cleaning"}) {
			t.Errorf("risky by the setting: %v", got)
		}
		if !w.get(plain).Risky || !w.get(post).Risky || w.get(was).Risky {
			t.Error("activities do not follow")
		}
		w.verified()
	})
}

func TestCounties(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.publishAt("县里", time.Hour, 2*time.Hour, nil)
		w.publishAt("村里", time.Hour, 2*time.Hour, func(e *Edit) { e.Area = orgtest.StationArea })
		w.publishAt("过去", -2*time.Hour, time.Hour, nil)
		c.Add(time.Hour)
		got, err := Counties(w.ctx, d, c.Now())
		if want := []Tally{{orgtest.CenterArea, 2}}; err != nil || !slices.Equal(got, want) {
			t.Errorf("counties %v, %v", got, err)
		}
	})
}
