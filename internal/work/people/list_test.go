package people_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

// found lists the names of a list, in order.
func found(t *testing.T, d *db.DB, c *peopletest.City, actor auth.Actor, f people.Filter) (names []string) {
	t.Helper()
	if f.Limit == 0 {
		f.Limit = 50
	}
	l, err := people.Find(t.Context(), d, c.Keys, actor, f)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range l.People {
		names = append(names, open(t, c, p, people.FieldName))
	}
	return names
}

func same(a, b []string) bool {
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(a, b)
}

// settle joins people here and there: five in one county, one in the other.
func settle(t *testing.T, c *peopletest.City) map[string]auth.Actor {
	t.Helper()
	all := map[string]auth.Actor{}
	for name, at := range map[string]area.Code{"张玉兰": orgtest.StationArea, "张玉梅": orgtest.SiblingArea, "王玉兰": orgtest.InstituteArea,
		"李建国": orgtest.CenterArea, "欧阳玉兰": orgtest.OtherInstitute, "张玉": orgtest.OtherCenter} {
		all[name] = c.VolunteerAt(name, at)
	}
	c.Write(func(ctx context.Context, tx *db.Tx) error {
		return people.Belong(ctx, tx, all["张玉"], all["张玉"].Person, c.Team) // of the first county's team, from the other
	})
	return all
}

func TestListsReachDownAndNowhereElse(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		settle(t, c)
		for _, x := range []struct {
			what  string
			actor auth.Actor
			at    id.ID
			want  []string
		}{
			{"province", c.Staff("province", c.Province, auth.Reviewer), c.Province, []string{"张玉兰", "张玉梅", "王玉兰", "李建国", "欧阳玉兰", "张玉"}},
			{"city", c.Staff("city", c.City, auth.Supervisor), c.City, []string{"张玉兰", "张玉梅", "王玉兰", "李建国", "欧阳玉兰", "张玉"}},
			{"center", c.Staff("center", c.Center, auth.Admin), c.Center, []string{"张玉兰", "张玉梅", "王玉兰", "李建国", "欧阳玉兰"}},
			{"foreign center", c.Staff("foreign", c.Foreign, auth.Admin), c.Foreign, []string{"张玉"}},
			{"institute", c.Staff("institute", c.Institute, auth.Admin), c.Institute, []string{"张玉兰", "张玉梅", "王玉兰", "张玉"}},
			{"station", c.Staff("station", c.Station, auth.Admin), c.Station, []string{"张玉兰", "张玉"}},
			{"sibling", c.Staff("sibling", c.Sibling, auth.Admin), c.Sibling, []string{"张玉梅"}},
			{"team", c.Staff("team", c.Team, auth.Leader), c.Team, []string{"张玉"}},
		} {
			f := people.Filter{Org: x.at}
			if got := found(t, d, c, x.actor, f); !same(got, x.want) {
				t.Errorf("%s: %v, want %v", x.what, got, x.want)
			}
			if n, err := people.Count(t.Context(), d, x.actor, f, 100); n != len(x.want) || err != nil {
				t.Errorf("%s: counts %d, %v", x.what, n, err)
			}
			// page by page it is the same, each once
			var paged []string
			f.Limit = 2
			for {
				l, err := people.Find(t.Context(), d, c.Keys, x.actor, f)
				if err != nil {
					t.Fatal(err)
				}
				for _, p := range l.People {
					paged = append(paged, open(t, c, p, people.FieldName))
				}
				if f.After = l.Next; l.Next == "" {
					break
				}
			}
			if !same(paged, x.want) {
				t.Errorf("%s by pages: %v, want %v", x.what, paged, x.want)
			}
		}
		station := c.Staff("station2", c.Station, auth.Admin)
		for _, at := range []id.ID{c.Institute, c.Center, c.Sibling, c.Foreign} {
			if _, err := people.Find(t.Context(), d, c.Keys, station, people.Filter{Org: at, Limit: 10}); fail.Key(err) != "org.out_of_reach" {
				t.Errorf("a station looks at %s: %v", at, err)
			}
			if _, err := people.Count(t.Context(), d, station, people.Filter{Org: at}, 10); fail.Key(err) != "org.out_of_reach" {
				t.Errorf("a station counts %s: %v", at, err)
			}
		}
		for what, a := range map[string]auth.Actor{"a volunteer": c.Volunteer("李娜"), "an editor": c.Staff("editor", c.City, auth.Editor),
			"security": c.Staff("security", c.City, auth.SecurityAdmin)} {
			if _, err := people.Find(t.Context(), d, c.Keys, a, people.Filter{Org: c.City, Limit: 10}); fail.Key(err) != "org.out_of_reach" {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func TestSearching(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		all := settle(t, c)
		city, center := c.Staff("city", c.City, auth.Admin), c.Staff("center", c.Center, auth.Admin)
		station := c.Staff("station", c.Station, auth.Admin)
		jianguo := get(t, d, all["李建国"].Person)
		phone := open(t, c, jianguo, people.FieldContact)
		in := c.Form("赵四", c.Phone())
		in.Birth, in.IDNo, in.Agreed.IDNumber = "1949", idno, true
		c.Join(in)
		for _, x := range []struct {
			actor auth.Actor
			at    id.ID
			q     string
			want  []string
		}{
			{city, c.City, "玉兰", []string{"张玉兰", "王玉兰", "欧阳玉兰"}}, // one pair
			{city, c.City, "张玉", []string{"张玉兰", "张玉梅", "张玉"}},
			{city, c.City, " 张 玉兰 ", []string{"张玉兰"}}, // the whole name, with spaces
			{city, c.City, "阳玉兰", []string{"欧阳玉兰"}},
			{city, c.City, "玉张", nil},
			{city, c.City, "兰玉", nil},
			{center, c.Center, "张玉", []string{"张玉兰", "张玉梅"}},
			{station, c.Station, "张玉", []string{"张玉兰", "张玉"}},
			{station, c.Station, "玉梅", nil},
			{city, c.City, phone, []string{"李建国"}},
			{city, c.City, "＋８６ " + phone[:3] + "-" + phone[3:], []string{"李建国"}},
			{station, c.Station, phone, nil}, // not in her subtree
			{city, c.City, jianguo.No, []string{"李建国"}},
			{station, c.Station, jianguo.No, nil},
			{city, c.City, "321281999999", nil},
			{center, c.Center, idno, []string{"赵四"}},
			{c.Staff("foreign", c.Foreign, auth.Admin), c.Foreign, idno, nil},
			{city, c.City, "13999999999", nil},
		} {
			if got := found(t, d, c, x.actor, people.Filter{Org: x.at, Query: x.q}); !same(got, x.want) {
				t.Errorf("%q: %v, want %v", x.q, got, x.want)
			}
		}
		for q, key := range map[string]string{"张": "people.search_short", "·": "people.search_short", "12": "people.search_number", "138001380001": ""} {
			_, err := people.Find(t.Context(), d, c.Keys, city, people.Filter{Org: c.City, Query: q, Limit: 10})
			if fail.Key(err) != key {
				t.Errorf("%q: %v, want %q", q, err, key)
			}
		}
		// a changed name is found under the new one and no longer under the old
		her := all["张玉兰"]
		p := get(t, d, her.Person)
		c.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.Change(ctx, tx, c.Keys, her, her.Person, people.Edit{Rev: p.Rev, Name: "张雨岚", Contact: "0523-86991234", ContactOf: people.RelativeNumber, Area: p.Area})
		})
		for q, want := range map[string][]string{"雨岚": {"张雨岚"}, "张玉兰": nil, "052386991234": {"张雨岚"}, open(t, c, p, people.FieldContact): {"张雨岚"}} { // the last still signs in
			if got := found(t, d, c, city, people.Filter{Org: c.City, Query: q}); !same(got, want) {
				t.Errorf("%q: %v, want %v", q, got, want)
			}
		}
	})
}

func TestFilters(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		settle(t, c)
		phone := c.Phone()
		guardian := c.Join(c.Form("周建平", phone))
		waiting := minor(c, "周小雨", "2005-05-01", phone)
		no := minor(c, "周小明", "2005-05-01", phone)
		c.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.GuardianRefusal(ctx, tx, c.Keys, guardian, people.Answer{Person: no.Person, Name: "周小明"})
		})
		teacher := c.Form("陈静", c.Phone())
		teacher.Category = c.Category("teacher")
		c.Join(teacher)
		center, station := c.Staff("center", c.Center, auth.Admin), c.Staff("station", c.Station, auth.Admin)
		for _, x := range []struct {
			actor auth.Actor
			f     people.Filter
			want  []string
		}{
			{center, people.Filter{Org: c.Center, Category: c.Category("teacher")}, []string{"陈静"}},
			{station, people.Filter{Org: c.Station, Category: c.Category("teacher")}, []string{"陈静"}},
			{center, people.Filter{Org: c.Center, State: people.Pending}, []string{"周小雨"}},
			{station, people.Filter{Org: c.Station, State: people.Pending}, []string{"周小雨"}},
			{center, people.Filter{Org: c.Center, State: people.Closed}, nil},
			{center, people.Filter{Org: c.Center, Query: "小雨", Category: c.Category("teacher")}, nil},
			{center, people.Filter{Org: c.Center, Query: "小雨", State: people.Pending}, []string{"周小雨"}},
		} {
			if got := found(t, d, c, x.actor, x.f); !same(got, x.want) {
				t.Errorf("%+v: %v, want %v", x.f, got, x.want)
			}
		}
		in := c.Form("吴桐雨", c.Phone()) // the first of her county, and without a number yet
		in.Area, in.Birth, in.GuardianPhone = orgtest.OtherCenter, "2005-05-01", phone
		c.Join(in)
		if got := found(t, d, c, c.Staff("city", c.City, auth.Admin), people.Filter{Org: c.City, Query: "桐雨"}); !same(got, []string{"吴桐雨"}) {
			t.Errorf("%v", got)
		}
		if n, err := people.Count(t.Context(), d, center, people.Filter{Org: c.Center}, 3); n != 3 || err != nil {
			t.Errorf("counting goes on beyond the most: %d, %v", n, err)
		}
		if p := get(t, d, waiting.Person); p.State != people.Pending {
			t.Error(p.State)
		}
	})
}

func TestWhatIsMaskedIsRevealedForAPurposeAndAWhile(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		her := c.Volunteer("张玉兰")
		p := get(t, d, her.Person)
		phone := open(t, c, p, people.FieldContact)
		admin, other := c.Staff("admin", c.Station, auth.Admin), c.Staff("other", c.Station, auth.Leader)
		show := func(a auth.Actor) map[people.Field]string {
			t.Helper()
			s, err := people.Show(t.Context(), d, c.Keys, a, p, clock.Now().UnixMilli())
			if err != nil {
				t.Fatal(err)
			}
			return s.Text
		}
		masked := "138****" + phone[7:]
		if got := show(admin); got[people.FieldName] != "张*" || got[people.FieldContact] != masked || got[people.FieldBirth] != "1980-**-**" || got[people.FieldIDNo] != "" {
			t.Errorf("%v", got)
		}
		look := func(a auth.Actor, in people.Look) (plain string, err error) {
			err = c.Try(func(ctx context.Context, tx *db.Tx) error {
				plain, _, err = people.Reveal(ctx, tx, c.Keys, a, in)
				return err
			})
			return plain, err
		}
		in := people.Look{Person: her.Person, Field: people.FieldContact, Purpose: "contact_shift"}
		for what, x := range map[string]struct {
			actor  auth.Actor
			change func(*people.Look)
			key    string
		}{
			"no purpose":        {admin, func(in *people.Look) { in.Purpose = "" }, "people.purpose_missing"},
			"a purpose typed":   {admin, func(in *people.Look) { in.Purpose = "just so" }, "people.purpose_missing"},
			"no such field":     {admin, func(in *people.Look) { in.Field = "password" }, "people.field_unknown"},
			"no such person":    {admin, func(in *people.Look) { in.Person = c.Station }, "people.unknown"},
			"another station":   {c.Staff("sibling", c.Sibling, auth.Admin), func(*people.Look) {}, "org.out_of_reach"},
			"a supervisor":      {c.Staff("supervisor", c.City, auth.Supervisor), func(*people.Look) {}, "org.out_of_reach"},
			"another volunteer": {c.Volunteer("李娜"), func(*people.Look) {}, "org.out_of_reach"},
		} {
			in := in
			x.change(&in)
			if plain, err := look(x.actor, in); fail.Key(err) != x.key || plain != "" {
				t.Errorf("%s: %v", what, err)
			}
		}
		if n := count(t, d, "SELECT COUNT(*) FROM people_reveal"); n != 0 {
			t.Errorf("%d looks were noted that nobody had", n)
		}
		if plain, err := look(admin, in); plain != phone || err != nil {
			t.Fatalf("%q, %v", plain, err)
		}
		if got := show(admin); got[people.FieldContact] != phone || got[people.FieldName] != "张*" {
			t.Errorf("%v", got)
		}
		if got := show(other); got[people.FieldContact] != masked {
			t.Error("what one revealed another sees")
		}
		if n := count(t, d, "SELECT COUNT(*) FROM audit_entry WHERE action = 'people.revealed' AND subject = $1 AND actor = $2", her.Person, admin.Person); n != 1 {
			t.Errorf("%d entries in the audit trail", n)
		}
		clock.Add(30 * time.Minute)
		if got := show(admin); got[people.FieldContact] != masked {
			t.Error("it stays open")
		}
	})
}

func TestOwnData(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		her, other := c.Volunteer("张玉兰"), c.Volunteer("李娜")
		p := get(t, d, her.Person)
		form := people.Edit{Rev: p.Rev, Name: "张玉兰", Contact: "13912345678", ContactOf: people.OwnNumber, Area: orgtest.SiblingArea}
		change := func(by auth.Actor, in people.Edit) error {
			return c.Try(func(ctx context.Context, tx *db.Tx) error { return people.Change(ctx, tx, c.Keys, by, her.Person, in) })
		}
		in := form
		in.Area = orgtest.OtherCenter
		if err := change(her, in); !has(err, "area", "people.area_other_home") {
			t.Errorf("another county: %v", err)
		}
		if err := change(other, form); fail.Key(err) != "org.out_of_reach" {
			t.Errorf("another: %v", err)
		}
		if err := change(her, form); err != nil {
			t.Fatal(err)
		}
		if p := get(t, d, her.Person); p.Station != c.Sibling || p.Home != "321281" {
			t.Errorf("%+v", p.Standing)
		}
		if err := change(her, form); fail.Key(err) != "people.changed_meanwhile" {
			t.Errorf("an old page: %v", err)
		}
		do := func(f func(ctx context.Context, tx *db.Tx) error) error { return c.Try(f) }
		skill := c.Skill("driving")
		if err := do(func(ctx context.Context, tx *db.Tx) error { return people.AddSkill(ctx, tx, her, her.Person, skill) }); err != nil {
			t.Error(err)
		}
		if err := do(func(ctx context.Context, tx *db.Tx) error { return people.AddSkill(ctx, tx, other, her.Person, skill) }); fail.Key(err) != "org.out_of_reach" {
			t.Errorf("another's skill: %v", err)
		}
		if err := do(func(ctx context.Context, tx *db.Tx) error { return people.RemoveSkill(ctx, tx, her, her.Person, skill) }); err != nil || get(t, d, her.Person).HasSkill(skill) {
			t.Errorf("%v", err)
		}
		belong := func(by auth.Actor, to id.ID) error {
			return do(func(ctx context.Context, tx *db.Tx) error { return people.Belong(ctx, tx, by, her.Person, to) })
		}
		for what, x := range map[string]struct {
			err error
			key string
		}{
			"a station": {belong(her, c.Station), "people.org_takes_no_members"}, "unknown": {belong(her, "321281-0000000000000000"), "org.unknown"},
			"another for her": {belong(other, c.Team), "org.out_of_reach"}, "a team": {belong(her, c.Team), ""}, "twice": {belong(her, c.Team), "people.member_already"},
		} {
			if fail.Key(x.err) != x.key && !has(x.err, "org", x.key) {
				t.Errorf("%s: %v", what, x.err)
			}
		}
		leave := func(by auth.Actor) error {
			return do(func(ctx context.Context, tx *db.Tx) error { return people.Leave(ctx, tx, by, her.Person, c.Team) })
		}
		if err := leave(c.Staff("foreign", c.ForeignTeam, auth.Leader)); fail.Key(err) != "org.out_of_reach" {
			t.Errorf("another team takes her off: %v", err)
		}
		if err := leave(c.Staff("leader", c.Team, auth.Leader)); err != nil {
			t.Errorf("her team takes her off: %v", err)
		}
		if err := leave(her); fail.Key(err) != "people.member_not" {
			t.Errorf("twice: %v", err)
		}
	})
}
