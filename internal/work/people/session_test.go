package people_test

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

// comeIn signs a volunteer in with a code, over the session that her browser came with.
func comeIn(t *testing.T, c *peopletest.City, phone, label, replaces string) people.Started {
	t.Helper()
	code := request(t, c, phone, "").Digits
	var in people.Entered
	entry := people.Entry{Phone: phone, Code: code, Label: label}
	if replaces != "" {
		entry.Replaces = auth.HashSecret(replaces)
	}
	c.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		in, err = people.Enter(ctx, tx, c.Keys, web, entry)
		return err
	})
	if in.Refused != nil || in.Started.Secret == "" {
		t.Fatalf("%+v", in)
	}
	return in.Started
}

func TestAVolunteersSession(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		her := c.Join(c.Form("张玉兰", phone))
		clock.Add(time.Minute)
		s := comeIn(t, c, phone, "", "")
		a, session := actor(t, d, clock.Now(), s.Secret)
		if a.Person != her.Person || len(a.Grants) != 0 || a.Via != auth.Web || !session.Volunteer() {
			t.Errorf("%+v, %+v", a, session)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM people_session WHERE hash = $1", []byte(s.Secret)); n != 0 {
			t.Error("a secret is stored as it is")
		}
		for _, bad := range []string{"", "x", s.Secret + "x"} {
			if a, session := actor(t, d, clock.Now(), bad); a.SignedIn() || session.Person != "" {
				t.Errorf("%q: %+v", bad, a)
			}
		}
		// a session of yesterday lives; one that rested for a month, or is half a year old, does not
		clock.Add(24 * time.Hour)
		if a, session := actor(t, d, clock.Now(), s.Secret); !a.SignedIn() || !session.Due(clock.Now()) {
			t.Errorf("yesterday's: %+v", session)
		}
		c.Write(func(_ context.Context, tx *db.Tx) error { return people.Touch(tx, auth.HashSecret(s.Secret)) })
		if _, session := actor(t, d, clock.Now().Add(2*time.Minute), s.Secret); session.Due(clock.Now().Add(2 * time.Minute)) {
			t.Error("written down every time")
		}
		clock.Add(30*24*time.Hour + time.Second)
		if a, session := actor(t, d, clock.Now(), s.Secret); a.SignedIn() || session.Person == "" {
			t.Errorf("after a month of rest: %+v", a)
		}
		s = comeIn(t, c, phone, "", "")
		for range 9 {
			clock.Add(20 * 24 * time.Hour)
			c.Write(func(_ context.Context, tx *db.Tx) error { return people.Touch(tx, auth.HashSecret(s.Secret)) })
		}
		if a, _ := actor(t, d, clock.Now(), s.Secret); a.SignedIn() {
			t.Error("after half a year")
		}
	})
}

func TestStaffSessionsEndSooner(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		factor(c, "false")
		c.Staff("admin", c.Center, auth.Admin)
		c.Staff("security", c.Center, auth.SecurityAdmin)
		admin, err := signIn(t, c, "admin", peopletest.Password)
		if err != nil {
			t.Fatal(err)
		}
		security, err := signIn(t, c, "security", peopletest.Password)
		if err != nil {
			t.Fatal(err)
		}
		lives := func(s people.Started) bool {
			a, _ := actor(t, d, clock.Now(), s.Secret)
			return a.SignedIn()
		}
		clock.Add(15*time.Minute + time.Second)
		if !lives(admin) || lives(security) {
			t.Errorf("after a quarter of an hour: admin %v, security %v", lives(admin), lives(security))
		}
		clock.Add(15 * time.Minute)
		if lives(admin) {
			t.Error("staff after half an hour")
		}
		if admin, err = signIn(t, c, "admin", peopletest.Password); err != nil {
			t.Fatal(err)
		}
		for range 25 {
			clock.Add(29 * time.Minute)
			c.Write(func(_ context.Context, tx *db.Tx) error { return people.Touch(tx, auth.HashSecret(admin.Secret)) })
		}
		if lives(admin) {
			t.Error("staff after twelve busy hours")
		}
	})
}

// A browser that comes with a session, its own or a planted one, leaves with another.
func TestNoSessionIsFixed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone, evil := c.Phone(), c.Phone()
		her := c.Join(c.Form("张玉兰", phone))
		c.Join(c.Form("李四", evil))
		clock.Add(time.Minute)
		planted := comeIn(t, c, evil, "", "")
		s := comeIn(t, c, phone, "", planted.Secret)
		if s.Secret == planted.Secret {
			t.Error("the planted secret is taken over")
		}
		if a, _ := actor(t, d, clock.Now(), planted.Secret); a.SignedIn() {
			t.Error("the planted session goes on")
		}
		if a, _ := actor(t, d, clock.Now(), s.Secret); a.Person != her.Person {
			t.Errorf("%+v", a)
		}
	})
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		her := c.Join(c.Form("张玉兰", phone))
		other := c.Volunteer("李娜")
		var all []people.Started
		for _, label := range []string{"phone", "library", "friend"} {
			clock.Add(time.Minute)
			all = append(all, comeIn(t, c, phone, label, ""))
		}
		list := func() []people.Session {
			t.Helper()
			s, err := people.Sessions(t.Context(), d, her, clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		if got := list(); len(got) != 4 || got[0].Label != "friend" || got[2].Label != "phone" {
			t.Errorf("%+v", got)
		}
		end := func(by auth.Actor, secret string) error {
			return c.Try(func(ctx context.Context, tx *db.Tx) error {
				return people.EndSession(ctx, tx, by, auth.HashSecret(secret))
			})
		}
		if err := end(other, all[1].Secret); fail.Key(err) != "people.session_unknown" {
			t.Errorf("another's: %v", err)
		}
		if err := end(her, all[1].Secret); err != nil {
			t.Fatal(err)
		}
		if a, _ := actor(t, d, clock.Now(), all[1].Secret); a.SignedIn() || len(list()) != 3 {
			t.Error("it goes on")
		}
		c.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.EndOthers(ctx, tx, her, auth.HashSecret(all[0].Secret))
		})
		if got := list(); len(got) != 1 || got[0].Label != "phone" {
			t.Errorf("%+v", got)
		}
		if a, _ := actor(t, d, clock.Now(), all[2].Secret); a.SignedIn() {
			t.Error("another goes on")
		}
	})
}

func TestARoleTakenIsGoneWithTheNextRequest(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		factor(c, "false")
		security := c.Staff("security", c.City, auth.SecurityAdmin)
		admin := c.Staff("admin", c.Center, auth.Admin)
		s, err := signIn(t, c, "admin", peopletest.Password)
		if err != nil {
			t.Fatal(err)
		}
		c.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.RevokeRole(ctx, tx, security, admin.Person, auth.Grant{Org: c.Center, Role: auth.Admin})
		})
		if a, _ := actor(t, d, clock.Now(), s.Secret); !a.SignedIn() || a.Staff() {
			t.Errorf("%+v", a)
		}
	})
}

// A phone that was stolen has a volunteer's session: her desk is not in it.
func TestRolesCountInStaffSessionsOnly(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		her := c.Join(c.Form("张玉兰", phone))
		pw, err := people.NewPassword(t.Context(), d, "yulan", peopletest.Password)
		if err != nil {
			t.Fatal(err)
		}
		c.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := people.CreateStaff(ctx, tx, c.Keys, auth.System, people.Staff{Person: her.Person, Org: c.Station, Login: "yulan", Password: pw, Roles: []auth.Role{auth.Admin}})
			return err
		})
		clock.Add(time.Minute)
		if a, _ := actor(t, d, clock.Now(), comeIn(t, c, phone, "", "").Secret); a.Person != her.Person || a.Staff() {
			t.Errorf("%+v", a)
		}
		factor(c, "false")
		s, err := signIn(t, c, "yulan", peopletest.Password)
		if err != nil {
			t.Fatal(err)
		}
		if a, session := actor(t, d, clock.Now(), s.Secret); a.Person != her.Person || !a.Staff() || !session.Volunteer() {
			t.Errorf("%+v", a)
		}
	})
}

func TestTokens(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		security := c.Staff("security", c.Center, auth.SecurityAdmin)
		newToken := func(by auth.Actor, in people.Token) (secret string, bearer id.ID, err error) {
			err = c.Try(func(ctx context.Context, tx *db.Tx) error {
				secret, bearer, err = people.NewToken(ctx, tx, c.Keys, by, in)
				return err
			})
			return secret, bearer, err
		}
		form := people.Token{Org: c.Station, Role: auth.Leader, Label: "签到机"}
		for _, x := range []struct {
			change     func(*people.Token)
			field, key string
		}{
			{func(in *people.Token) { in.Role = auth.Volunteer }, "role", "people.token_role"},
			{func(in *people.Token) { in.Role = "root" }, "role", "people.token_role"},
			{func(in *people.Token) { in.Label = " " }, "label", "people.token_label"},
		} {
			in := form
			x.change(&in)
			if _, _, err := newToken(security, in); !has(err, x.field, x.key) {
				t.Errorf("%v, want %s at %s", err, x.key, x.field)
			}
		}
		for what, in := range map[string]people.Token{"above": {Org: c.City, Role: auth.Admin, Label: "x"}, "beside": {Org: c.Foreign, Role: auth.Admin, Label: "x"}} {
			if _, _, err := newToken(security, in); fail.Key(err) != "org.out_of_reach" {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, _, err := newToken(c.Staff("admin", c.Center, auth.Admin), form); fail.Key(err) != "org.out_of_reach" {
			t.Errorf("an admin: %v", err)
		}
		secret, bearer, err := newToken(security, form)
		if err != nil {
			t.Fatal(err)
		}
		a, s := actor(t, d, clock.Now(), secret)
		if a.Person != bearer || a.Via != auth.API || !a.HasAt(c.Station, auth.Leader) || len(a.Grants) != 1 || s.Kind != people.TokenSession {
			t.Errorf("%+v", a)
		}
		names, err := people.Names(t.Context(), d, c.Keys, []id.ID{bearer})
		if err != nil || names[bearer] != "签到机" {
			t.Errorf("the audit trail shows %v, %v", names, err)
		}
		if p := get(t, d, bearer); p.Volunteer || p.No != "" {
			t.Error("a machine is a volunteer")
		}
		all, err := people.Tokens(t.Context(), d, security, c.Center, clock.Now())
		if err != nil || len(all) != 1 || all[0].Label != "签到机" || all[0].Org != c.Station || all[0].Role != auth.Leader {
			t.Errorf("%+v, %v", all, err)
		}
		if _, err := people.Tokens(t.Context(), d, security, c.City, clock.Now()); fail.Key(err) != "org.out_of_reach" {
			t.Errorf("the city's: %v", err)
		}
		clock.Add(364 * 24 * time.Hour)
		if a, s := actor(t, d, clock.Now(), secret); !a.SignedIn() || s.Due(clock.Now()) {
			t.Error("a token rests as long as it likes")
		}
		// a sign-in never ends a token that is planted in a browser
		phone := c.Phone()
		c.Join(c.Form("张玉兰", phone))
		clock.Add(time.Minute)
		comeIn(t, c, phone, "", secret)
		if a, _ := actor(t, d, clock.Now(), secret); !a.SignedIn() {
			t.Error("somebody ended the token by bringing it")
		}
		end := func(by auth.Actor) error {
			return c.Try(func(ctx context.Context, tx *db.Tx) error { return people.EndToken(ctx, tx, by, bearer) })
		}
		if err := end(c.Staff("foreign", c.Foreign, auth.SecurityAdmin)); fail.Key(err) != "org.out_of_reach" {
			t.Errorf("another county: %v", err)
		}
		if err := end(security); err != nil {
			t.Fatal(err)
		}
		if a, s := actor(t, d, clock.Now(), secret); a.SignedIn() || s.Person != "" {
			t.Error("it goes on")
		}
		if err := end(security); fail.Key(err) != "people.token_unknown" {
			t.Errorf("twice: %v", err)
		}
		secret, _, err = newToken(auth.System, people.Token{Org: c.Province, Role: auth.SystemAdmin, Label: "cli", For: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		clock.Add(time.Hour)
		if a, _ := actor(t, d, clock.Now(), secret); a.SignedIn() {
			t.Error("an hour is over")
		}
	})
}

func TestWhatIsOverIsForgotten(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		c.Join(c.Form("张玉兰", phone))
		run := jobs.NewRunner(d)
		people.Schedule(run, nil, nil)
		forget := func(after time.Duration) (sessions, codes int) {
			t.Helper()
			clock.Add(after)
			if err := run.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			return count(t, d, "SELECT COUNT(*) FROM people_session"), count(t, d, "SELECT COUNT(*) FROM people_code")
		}
		forget(0)
		if sessions, codes := forget(47 * time.Hour); sessions != 1 || codes != 1 {
			t.Errorf("after two days: %d sessions, %d codes", sessions, codes)
		}
		if sessions, codes := forget(2 * time.Hour); sessions != 1 || codes != 0 {
			t.Errorf("a little later: %d sessions, %d codes", sessions, codes)
		}
		if sessions, _ := forget(180 * 24 * time.Hour); sessions != 0 {
			t.Errorf("after half a year: %d sessions", sessions)
		}
	})
}
