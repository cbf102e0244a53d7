package people_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

// idno is a valid identity number of somebody born on 1949-12-31.
const idno = "11010519491231002X"

func get(t *testing.T, d *db.DB, person id.ID) people.Person {
	t.Helper()
	p, err := people.Get(t.Context(), d, person)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func open(t *testing.T, c *peopletest.City, p people.Person, f people.Field) string {
	t.Helper()
	s, err := p.Open(c.Keys, f)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func try(c *peopletest.City, in people.Joining) (s people.Started, err error) {
	err = c.Try(func(ctx context.Context, tx *db.Tx) error {
		var err error
		s, err = people.Join(ctx, tx, c.Keys, web, in)
		return err
	})
	return s, err
}

// has says whether an error, alone or among others, has a key at a field.
func has(err error, field, key string) bool {
	for _, p := range fail.Fields(err) {
		if p.Field == field && p.Key == key {
			return true
		}
	}
	return false
}

func facts(t *testing.T, d *db.DB, person id.ID) []ledger.Entry {
	t.Helper()
	all, err := ledger.Of(t.Context(), d, person)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestJoining(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		in := c.Form(" 张 玉兰 ", phone)
		in.Birth, in.IDNo, in.Agreed.IDNumber = "", "１１０１０５19491231002ｘ", true
		in.Skills = []int64{c.Skill("driving"), c.Skill("first_aid"), c.Skill("driving")}
		her := c.Join(in)
		p := get(t, d, her.Person)
		if p.State != people.Active || !p.Volunteer || p.No != "321281000001" || p.Home != "321281" || p.Station != c.Station ||
			p.BirthYear != 1949 || p.AdultOn != "1967-12-31" || p.Sex != 2 || p.Category != c.Category("public") || p.Area != orgtest.StationArea {
			t.Errorf("%+v", p.Standing)
		}
		for f, want := range map[people.Field]string{people.FieldName: "张玉兰", people.FieldContact: phone, people.FieldIDNo: idno, people.FieldBirth: "1949-12-31"} {
			if got := open(t, c, p, f); got != want {
				t.Errorf("%s: %q", f, got)
			}
		}
		s, err := people.StandingOf(t.Context(), d, her.Person)
		if err != nil || len(s.Skills) != 2 || !s.HasSkill(c.Skill("first_aid")) || s.HasSkill(c.Skill("law")) {
			t.Errorf("%+v, %v", s, err)
		}
		at, err := org.Get(t.Context(), d, c.Station)
		if err != nil {
			t.Fatal(err)
		}
		f := facts(t, d, her.Person)
		if len(f) != 1 || f[0].Key != "people.registered" || f[0].Org != at.Position || f[0].Unit != at.Position || f[0].Area != int64(at.Area) ||
			f[0].Category != c.Category("public") || f[0].Day != "2020-02-28" || f[0].Person != her.Person || f[0].By != her.Person {
			t.Errorf("facts %+v", f)
		}
		if units, err := people.UnitsOf(t.Context(), d, s); err != nil || len(units) != 1 || units[0] != c.Station {
			t.Errorf("units %v, %v", units, err)
		}
		names, err := people.Names(t.Context(), d, c.Keys, []id.ID{her.Person, her.Person, "", c.Station})
		if err != nil || len(names) != 1 || names[her.Person] != "张玉兰" {
			t.Errorf("names %v, %v", names, err)
		}
	})
}

func TestNumbersAndDefaultUnits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		for _, x := range []struct {
			at   func(*people.Joining)
			no   string
			unit id.ID
		}{
			{func(in *people.Joining) { in.Area = orgtest.StationArea }, "321281000001", c.Station},
			{func(in *people.Joining) { in.Area = orgtest.InstituteArea + 5 }, "321281000002", c.Institute}, // a village without a station
			{func(in *people.Joining) { in.Area = orgtest.OtherInstitute }, "321281000003", c.Next},
			{func(in *people.Joining) { in.Area = 321281_003_000 }, "321281000004", c.Center}, // a township without an institute
			{func(in *people.Joining) { in.Area = orgtest.CenterArea }, "321281000005", c.Center},
			{func(in *people.Joining) { in.Area = orgtest.OtherCenter }, "321282000001", c.Foreign},
		} {
			in := c.Form("王五", c.Phone())
			x.at(&in)
			p := get(t, d, c.Join(in).Person)
			unit, err := people.DefaultUnit(t.Context(), d, p.Standing)
			if p.No != x.no || unit != x.unit || err != nil {
				t.Errorf("at %d: number %s, unit %s, %v; want %s, %s", p.Area, p.No, unit, err, x.no, x.unit)
			}
		}
	})
}

func TestJoiningIsRefusedInWords(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		form := c.Form("张玉兰", c.Phone())
		for _, x := range []struct {
			change     func(*people.Joining)
			field, key string
		}{
			{func(in *people.Joining) { in.Name = "张" }, "name", "people.name_length"},
			{func(in *people.Joining) { in.Birth = "2020-02-29" }, "birth", "people.birth_range"},
			{func(in *people.Joining) { in.Area = 0 }, "area", "people.area_missing"},
			{func(in *people.Joining) { in.Area = orgtest.CityArea }, "area", "people.area_missing"},
			{func(in *people.Joining) { in.Area = 321283_000_000 }, "area", "people.area_no_center"},
			{func(in *people.Joining) { in.Category = 999 }, "category", "people.category_missing"},
			{func(in *people.Joining) { in.Agreed.Terms = false }, "terms", "people.terms_missing"},
			{func(in *people.Joining) { in.IDNo = idno }, "idno_consent", "people.idno_consent_missing"},
			{func(in *people.Joining) { in.IDNo, in.Agreed.IDNumber = idno[:17]+"1", true }, "idno", "ident.citizen_check"},
			{func(in *people.Joining) { in.IDNo, in.Agreed.IDNumber = idno, true }, "birth", "people.birth_mismatch"},
			{func(in *people.Joining) { in.Birth = "2002-02-29" }, "birth", "people.birth_form"},
			{func(in *people.Joining) { in.Birth = "2002-03-01" }, "guardian_phone", "people.guardian_phone_missing"},
			{func(in *people.Joining) { in.Category = c.Category("party_member") }, "political", "people.political_consent_missing"},
			{func(in *people.Joining) { in.Skills = []int64{999} }, "skill", "people.skill_unknown"},
		} {
			in := form
			x.change(&in)
			if _, err := try(c, in); !has(err, x.field, x.key) {
				t.Errorf("%v, want %s at %s", err, x.key, x.field)
			}
		}
		in := form
		in.Name, in.Agreed.Terms, in.Category = "", false, 0
		if _, err := try(c, in); len(fail.Fields(err)) != 3 {
			t.Errorf("all that is wrong is not named: %v", err)
		}
		in = form
		in.Area = 321281_999_999
		if _, err := try(c, in); fail.Key(err) != "area.unknown" {
			t.Errorf("a village that is none: %v", err)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM people_person"); n != 0 {
			t.Errorf("%d persons were left behind", n)
		}
		if _, err := try(c, form); err != nil {
			t.Errorf("the same form put right: %v", err)
		}
		if _, err := try(c, form); fail.Key(err) != "people.phone_taken" {
			t.Errorf("the same form twice: %v", err)
		}
	})
}

func count(t *testing.T, d *db.DB, q string, args ...any) (n int) {
	t.Helper()
	if err := d.QueryRow(t.Context(), q, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAnIdentityNumberIsOnePersons(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		var forms []people.Joining
		for i := range 6 {
			in := c.Form("张玉兰", c.Phone())
			in.Birth, in.IDNo, in.Agreed.IDNumber = "1949", idno, true
			if i%2 == 1 {
				in.Area = orgtest.OtherCenter
			}
			forms = append(forms, in)
		}
		var mu sync.Mutex
		var wg sync.WaitGroup
		joined, taken := 0, 0
		for _, in := range forms {
			wg.Go(func() {
				_, err := try(c, in)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					joined++
				case has(err, "idno", "people.idno_taken"):
					taken++
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if joined != 1 || taken != 5 {
			t.Errorf("%d joined with one number, %d were refused", joined, taken)
		}
		// withdrawn, the number is free again
		other := c.Volunteer("李娜")
		var first id.ID
		if err := d.QueryRow(t.Context(), "SELECT person FROM people_idno").Scan(&first); err != nil {
			t.Fatal(err)
		}
		set := func(ctx context.Context, tx *db.Tx) error {
			return people.SetIDNo(ctx, tx, c.Keys, other, other.Person, idno, people.Agreed{IDNumber: true})
		}
		if err := c.Try(set); !has(err, "idno", "people.birth_mismatch") { // born 1980
			t.Errorf("another's number: %v", err)
		}
		c.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.Withdraw(ctx, tx, auth.Actor{Person: first, Via: auth.Web}, first, people.IDNumber)
		})
		if p := get(t, d, first); p.Has(people.FieldIDNo) || p.BirthYear != 1949 {
			t.Error("the number was not deleted, or more than it")
		}
		if _, err := try(c, forms[5]); err != nil && fail.Key(err) != "people.phone_taken" {
			t.Errorf("a number that is free again: %v", err)
		}
	})
}

func TestPoliticalCategoriesNeedAConsentOfTheirOwn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		in := c.Form("张玉兰", c.Phone())
		in.Category, in.Agreed.Political = c.Category("party_member"), true
		her := c.Join(in)
		consents := func() (held []people.ConsentKind) {
			all, err := people.Consents(t.Context(), d, her.Person)
			if err != nil {
				t.Fatal(err)
			}
			for _, k := range all {
				if k.GivenBy != her.Person || k.Channel != people.OnWeb {
					t.Errorf("%+v", k)
				}
				if k.Withdrawn == 0 {
					held = append(held, k.Kind)
				}
			}
			return held
		}
		if held := consents(); len(held) != 2 {
			t.Errorf("consents %v", held)
		}
		act := func(f func(ctx context.Context, tx *db.Tx) error) error { return c.Try(f) }
		withdraw := func(ctx context.Context, tx *db.Tx) error {
			return people.Withdraw(ctx, tx, her, her.Person, people.Political)
		}
		if err := act(withdraw); err != nil {
			t.Fatal(err)
		}
		if p := get(t, d, her.Person); p.Category != c.Category("public") || len(consents()) != 1 {
			t.Errorf("category %d, consents %v", p.Category, consents())
		}
		if err := act(withdraw); fail.Key(err) != "people.consent_not_given" {
			t.Errorf("twice: %v", err)
		}
		set := func(slug string, agreed bool) error {
			return act(func(ctx context.Context, tx *db.Tx) error {
				return people.SetCategory(ctx, tx, c.Keys, her, her.Person, people.Choice{Category: c.Category(slug), Agreed: people.Agreed{Political: agreed}})
			})
		}
		if err := set("party_activist", false); !has(err, "political", "people.political_consent_missing") {
			t.Errorf("without consent: %v", err)
		}
		if err := set("party_activist", true); err != nil || len(consents()) != 2 {
			t.Errorf("with consent: %v, %v", err, consents())
		}
		if err := set("teacher", false); err != nil || len(consents()) != 1 {
			t.Errorf("away from it the consent ends: %v, %v", err, consents())
		}
		if f := facts(t, d, her.Person); len(f) != 1 || f[0].Category != c.Category("party_member") {
			t.Errorf("an old fact changed: %+v", f)
		}
		if err := act(func(ctx context.Context, tx *db.Tx) error {
			return people.Withdraw(ctx, tx, her, her.Person, people.Terms)
		}); fail.Key(err) != "people.terms_close" {
			t.Errorf("the terms: %v", err)
		}
	})
}

func TestConsentsKeepTheHashOfWhatWasShown(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	c := peopletest.Plant(t, d)
	for _, lang := range []string{"zh-CN", "en"} {
		in := c.Form("张玉兰", c.Phone())
		in.Agreed.Lang = lang
		c.Join(in)
	}
	if n := count(t, d, "SELECT COUNT(DISTINCT text_hash) FROM people_consent WHERE kind = 'terms'"); n != 2 {
		t.Errorf("%d hashes for two languages", n)
	}
	if text := people.Terms.Text("zh-CN"); !strings.Contains(text, "同意") {
		t.Error(text)
	}
}

func TestWhomAStationRegisteredTakesHerRecordOver(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		admin := c.Staff("admin", c.Station, auth.Admin)
		phone := c.Phone()
		var person id.ID
		c.Write(func(ctx context.Context, tx *db.Tx) (err error) {
			person, err = people.RegisterFor(ctx, tx, c.Keys, admin, people.Registration{Org: c.Station, Name: "王秀英", Birth: "1946",
				Contact: phone, ContactOf: people.OwnNumber, Category: c.Category("retired"), Paper: people.Agreed{Terms: true}})
			return err
		})
		// another who has the number by mistake does not get her record
		if s, err := try(c, c.Form("李四", phone)); err != nil || s.Person == person {
			t.Errorf("a stranger: %v, %v", s.Person, err)
		}
		other := c.Phone()
		var second id.ID
		c.Write(func(ctx context.Context, tx *db.Tx) (err error) {
			second, err = people.RegisterFor(ctx, tx, c.Keys, admin, people.Registration{Org: c.Station, Name: "刘桂兰", Birth: "1946",
				Contact: other, ContactOf: people.OwnNumber, Category: c.Category("retired"), Paper: people.Agreed{Terms: true}})
			return err
		})
		s, err := try(c, c.Form("刘 桂兰", other))
		if err != nil || s.Person != second {
			t.Fatalf("she herself: %v, %v", s.Person, err)
		}
		p := get(t, d, second)
		if p.No == "" || p.BirthYear != 1946 || len(facts(t, d, second)) != 1 {
			t.Errorf("her record changed: %+v", p)
		}
		clock.Add(60e9)
		if in := enter(t, c, other, request(t, c, other, "").Digits); in.Started.Person != second {
			t.Errorf("she signs in: %+v", in)
		}
	})
}

func TestJoiningForTheFamilyOnly(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		in := c.Form("周建平", c.Phone())
		in.FamilyOnly, in.Category = true, 0
		him := c.Join(in)
		if p := get(t, d, him.Person); p.Volunteer || p.No != "" || p.State != people.Active || len(facts(t, d, him.Person)) != 0 {
			t.Errorf("%+v", p)
		}
		become := func(ctx context.Context, tx *db.Tx) error {
			return people.BecomeVolunteer(ctx, tx, c.Keys, him, him.Person, people.Choice{Category: c.Category("public")})
		}
		if err := c.Try(become); err != nil {
			t.Fatal(err)
		}
		if p := get(t, d, him.Person); !p.Volunteer || p.No != "321281000001" || len(facts(t, d, him.Person)) != 1 {
			t.Errorf("%+v", p)
		}
		if err := c.Try(become); fail.Key(err) != "people.volunteer_already" {
			t.Errorf("twice: %v", err)
		}
	})
}

// One proved number, many forms at once: one person comes of it.
func TestRacersJoinOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		in := c.Form("张玉兰", c.Phone())
		var mu sync.Mutex
		var wg sync.WaitGroup
		joined, taken := 0, 0
		for range 12 {
			wg.Go(func() {
				_, err := try(c, in)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					joined++
				case fail.Key(err) == "people.phone_taken":
					taken++
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if joined != 1 || taken != 11 || count(t, d, "SELECT COUNT(*) FROM people_person") != 1 {
			t.Errorf("%d joined, %d were refused", joined, taken)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM ledger_fact"); n != 11 { // ten organisations and her
			t.Errorf("%d facts", n)
		}
	})
}
