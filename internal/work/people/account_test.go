package people_test

import (
	"bytes"
	"context"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

// factor switches the second factor of staff on or off.
func factor(c *peopletest.City, on string) {
	c.Write(func(_ context.Context, tx *db.Tx) error { return config.Save(tx, "people.staff_second_factor", on) })
}

// signIn gives a login name and a password, as a page does.
func signIn(t *testing.T, c *peopletest.City, login, password string) (s people.Started, err error) {
	t.Helper()
	var a people.Attempt
	c.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		a, err = people.Try(ctx, tx, c.Keys, login)
		return err
	})
	proof, err := a.Check(t.Context(), password)
	if err != nil {
		c.Write(func(ctx context.Context, tx *db.Tx) error { return people.Failed(ctx, tx, web, a) })
		return s, err
	}
	err = c.Try(func(ctx context.Context, tx *db.Tx) error {
		s, err = people.EnterStaff(ctx, tx, web, proof, "test", nil)
		return err
	})
	return s, err
}

func second(c *peopletest.City, secret, code string) (in people.Entered, err error) {
	err = c.Try(func(ctx context.Context, tx *db.Tx) error {
		in, err = people.SecondFactor(ctx, tx, c.Keys, web, auth.HashSecret(secret), code)
		return err
	})
	return in, err
}

func actor(t *testing.T, d *db.DB, now time.Time, secret string) (auth.Actor, people.Session) {
	t.Helper()
	a, s, err := people.Actor(t.Context(), d, now, auth.HashSecret(secret))
	if err != nil {
		t.Fatal(err)
	}
	return a, s
}

func TestStaffSignIn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		factor(c, "false")
		admin := c.Staff("zhang.san", c.Center, auth.Admin)
		s, err := signIn(t, c, "ＺＨＡＮＧ.san ", peopletest.Password)
		if err != nil || s.Kind != people.StaffSession || s.Person != admin.Person || s.Step != people.Whole {
			t.Fatalf("%+v, %v", s, err)
		}
		a, session := actor(t, d, clock.Now(), s.Secret)
		if a.Person != admin.Person || a.Via != auth.Web || len(a.Grants) != 1 || !a.HasAt(c.Center, auth.Admin) || session.Volunteer() {
			t.Errorf("%+v", a)
		}
	})
}

func TestAnUnknownLoginIsAnsweredAlike(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		factor(c, "false")
		c.Staff("zhang.san", c.Center, auth.Admin)
		_, known := signIn(t, c, "zhang.san", "wrong")
		_, unknown := signIn(t, c, "nobody", "wrong")
		_, empty := signIn(t, c, "", "")
		for range 4 {
			signIn(t, c, "zhang.san", "wrong")
		}
		_, locked := signIn(t, c, "zhang.san", peopletest.Password)
		for what, err := range map[string]error{"unknown": unknown, "empty": empty, "locked": locked} {
			if !has(err, "password", "people.login_wrong") || err.Error() != known.Error() {
				t.Errorf("%s: %v, known: %v", what, err, known)
			}
		}
		clock.Add(30*time.Minute - time.Second)
		if _, err := signIn(t, c, "zhang.san", peopletest.Password); err == nil {
			t.Error("the lock opened early")
		}
		clock.Add(time.Second)
		if _, err := signIn(t, c, "zhang.san", "wrong"); err == nil {
			t.Error("wrong")
		}
		if _, err := signIn(t, c, "zhang.san", peopletest.Password); err != nil {
			t.Errorf("after the lock, one wrong try locks again: %v", err)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM audit_entry WHERE action = 'people.sign_in_failed'"); n != 6 {
			t.Errorf("%d failures were written down", n)
		}
	})
}

// Forty try at once: no more than five passwords are looked at.
func TestRacersAreLockedOut(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		factor(c, "false")
		c.Staff("zhang.san", c.Center, auth.Admin)
		var mu sync.Mutex
		var wg sync.WaitGroup
		looked := 0
		for range 40 {
			wg.Go(func() {
				var a people.Attempt
				err := c.Try(func(ctx context.Context, tx *db.Tx) (err error) {
					a, err = people.Try(ctx, tx, c.Keys, "zhang.san")
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if err == nil && a != (people.Attempt{}) {
					looked++
				}
			})
		}
		wg.Wait()
		if looked != 5 {
			t.Errorf("%d tries were let through", looked)
		}
	})
}

func TestTheSecondFactorIsSetUpAndWorksOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		admin := c.Staff("zhang.san", c.Center, auth.Admin)
		s, err := signIn(t, c, "zhang.san", peopletest.Password)
		if err != nil || s.Kind != people.HalfSession || s.Step != people.StepSetUp {
			t.Fatalf("%+v, %v", s, err)
		}
		if a, session := actor(t, d, clock.Now(), s.Secret); a.SignedIn() || session.Kind != people.HalfSession {
			t.Errorf("a half session acts: %+v", a)
		}
		half := func(secret string) people.Half {
			t.Helper()
			h, err := people.Halfway(t.Context(), d, c.Keys, clock.Now(), auth.HashSecret(secret))
			if err != nil {
				t.Fatal(err)
			}
			return h
		}
		h, again := half(s.Secret), half(s.Secret)
		if len(h.Secret) != 20 || !bytes.Equal(h.Secret, again.Secret) || h.Login != "zhang.san" {
			t.Errorf("the secret to set up changes while it is shown: %+v", h)
		}
		if in, err := second(c, s.Secret, wrong(auth.TOTP(h.Secret, clock.Now(), 6))); err != nil || fail.Key(in.Refused) != "people.factor_wrong" {
			t.Errorf("a wrong code: %+v, %v", in, err)
		}
		code := auth.TOTP(h.Secret, clock.Now(), 6)
		in, err := second(c, s.Secret, code)
		if err != nil || in.Refused != nil || in.Started.Kind != people.StaffSession || in.Started.Secret == s.Secret {
			t.Fatalf("%+v, %v", in, err)
		}
		if a, _ := actor(t, d, clock.Now(), in.Started.Secret); a.Person != admin.Person || len(a.Grants) != 1 {
			t.Errorf("%+v", a)
		}
		if _, err := second(c, s.Secret, code); fail.Key(err) != "people.half_over" {
			t.Errorf("the half session goes on: %v", err)
		}
		// from now on the code is asked for, and the one just used is spent
		s, err = signIn(t, c, "zhang.san", peopletest.Password)
		if err != nil || s.Step != people.StepCode {
			t.Fatalf("%+v, %v", s, err)
		}
		if in, err := second(c, s.Secret, code); err != nil || fail.Key(in.Refused) != "people.factor_wrong" {
			t.Errorf("the same code again: %+v, %v", in, err)
		}
		clock.Add(30 * time.Second)
		next := auth.TOTP(h.Secret, clock.Now(), 6)
		// two browsers give the new code at once: one gets in
		other, err := signIn(t, c, "zhang.san", peopletest.Password)
		if err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		got := make([]people.Entered, 2)
		for i, secret := range []string{s.Secret, other.Secret} {
			wg.Go(func() { got[i], _ = second(c, secret, next) })
		}
		wg.Wait()
		if (got[0].Started.Secret == "") == (got[1].Started.Secret == "") {
			t.Errorf("one code: %+v", got)
		}
	})
}

func TestGuessingTheSecondFactorLocks(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		c.Staff("zhang.san", c.Center, auth.Admin)
		s, err := signIn(t, c, "zhang.san", peopletest.Password)
		if err != nil {
			t.Fatal(err)
		}
		h, err := people.Halfway(t.Context(), d, c.Keys, clock.Now(), auth.HashSecret(s.Secret))
		if err != nil {
			t.Fatal(err)
		}
		code := auth.TOTP(h.Secret, clock.Now(), 6)
		for range 5 {
			if in, err := second(c, s.Secret, wrong(code)); err != nil || in.Refused == nil {
				t.Fatalf("%+v, %v", in, err)
			}
		}
		if in, err := second(c, s.Secret, code); err != nil || in.Refused == nil {
			t.Errorf("the right code after five wrong ones: %+v, %v", in, err)
		}
		clock.Add(10 * time.Minute)
		if _, err := second(c, s.Secret, code); fail.Key(err) != "people.half_over" {
			t.Errorf("ten minutes later: %v", err)
		}
	})
}

func TestAPasswordThatMustBeChanged(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		factor(c, "false")
		c.Staff("zhang.san", c.Center, auth.Admin)
		choose := func(secret, plain string) (s people.Started, err error) {
			pw, err := people.NewPassword(t.Context(), d, "zhang.san", plain)
			if err != nil {
				return s, err
			}
			err = c.Try(func(ctx context.Context, tx *db.Tx) error {
				s, err = people.ChoosePassword(ctx, tx, c.Keys, web, auth.HashSecret(secret), pw)
				return err
			})
			return s, err
		}
		clock.Add(91 * 24 * time.Hour) // 90 days are over
		s, err := signIn(t, c, "zhang.san", peopletest.Password)
		if err != nil || s.Step != people.StepPassword {
			t.Fatalf("%+v, %v", s, err)
		}
		if _, err := choose(s.Secret, "short"); !has(err, "password", "auth.password_short") {
			t.Errorf("short: %v", err)
		}
		h, err := people.Halfway(t.Context(), d, c.Keys, clock.Now(), auth.HashSecret(s.Secret))
		if err != nil {
			t.Fatal(err)
		}
		if err := h.Fresh(t.Context(), peopletest.Password); !has(err, "password", "people.password_same") {
			t.Errorf("the old one: %v", err)
		}
		if err := h.Fresh(t.Context(), "Another-2020"); err != nil {
			t.Error(err)
		}
		whole, err := choose(s.Secret, "Another-2020")
		if err != nil || whole.Kind != people.StaffSession || whole.Secret == s.Secret {
			t.Fatalf("%+v, %v", whole, err)
		}
		if _, err := choose(s.Secret, "Another-2021"); fail.Key(err) != "people.half_over" {
			t.Errorf("again: %v", err)
		}
		if _, err := signIn(t, c, "zhang.san", peopletest.Password); err == nil {
			t.Error("the old password still works")
		}
		if s, err := signIn(t, c, "zhang.san", "Another-2020"); err != nil || s.Step != people.Whole {
			t.Errorf("%+v, %v", s, err)
		}
	})
}

func TestOwnPassword(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		factor(c, "false")
		admin := c.Staff("zhang.san", c.Center, auth.Admin)
		other := c.Staff("li.si", c.Center, auth.Admin)
		here, err := signIn(t, c, "zhang.san", peopletest.Password)
		if err != nil {
			t.Fatal(err)
		}
		there, err := signIn(t, c, "zhang.san", peopletest.Password)
		if err != nil {
			t.Fatal(err)
		}
		var a people.Attempt
		c.Write(func(ctx context.Context, tx *db.Tx) (err error) {
			a, err = people.TryOwn(ctx, tx, admin)
			return err
		})
		proof, err := a.Check(t.Context(), peopletest.Password)
		if err != nil {
			t.Fatal(err)
		}
		pw, err := people.NewPassword(t.Context(), d, "zhang.san", "Another-2020")
		if err != nil {
			t.Fatal(err)
		}
		set := func(by auth.Actor) error {
			return c.Try(func(ctx context.Context, tx *db.Tx) error {
				return people.SetPassword(ctx, tx, by, proof, pw, auth.HashSecret(here.Secret))
			})
		}
		if err := set(other); fail.Key(err) != "people.own_account" {
			t.Errorf("another's: %v", err)
		}
		if err := set(admin); err != nil {
			t.Fatal(err)
		}
		if a, _ := actor(t, d, clock.Now(), here.Secret); !a.SignedIn() {
			t.Error("this session ended")
		}
		if a, _ := actor(t, d, clock.Now(), there.Secret); a.SignedIn() {
			t.Error("the other session goes on")
		}
		if err := set(admin); !has(err, "password", "people.login_wrong") {
			t.Errorf("a proof of the old password: %v", err)
		}
	})
}

func TestRolesAreTheSecurityAdministrations(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		security := c.Staff("security", c.City, auth.SecurityAdmin)
		county := c.Staff("county", c.Center, auth.SecurityAdmin)
		him := c.Staff("zhang.san", c.Station, auth.Leader)
		her := c.Volunteer("张玉兰")
		grant := func(by auth.Actor, to, at id.ID, role auth.Role) error {
			return c.Try(func(ctx context.Context, tx *db.Tx) error {
				return people.Grant(ctx, tx, by, to, auth.Grant{Org: at, Role: role})
			})
		}
		revoke := func(by auth.Actor, from, at id.ID, role auth.Role) error {
			return c.Try(func(ctx context.Context, tx *db.Tx) error {
				return people.RevokeRole(ctx, tx, by, from, auth.Grant{Org: at, Role: role})
			})
		}
		for _, x := range []struct {
			what string
			err  error
			key  string
		}{
			{"by an admin", grant(c.Staff("admin", c.City, auth.Admin), him.Person, c.Station, auth.Admin), "org.out_of_reach"},
			{"by the system's", grant(c.Staff("system", c.City, auth.SystemAdmin), him.Person, c.Station, auth.Admin), "org.out_of_reach"},
			{"above her", grant(county, him.Person, c.City, auth.Admin), "org.out_of_reach"},
			{"in another county", grant(county, him.Person, c.Foreign, auth.Admin), "org.out_of_reach"},
			{"to herself", grant(security, security.Person, c.Station, auth.Admin), "people.own_roles"},
			{"to one without an account", grant(security, her.Person, c.Station, auth.Admin), "people.no_account"},
			{"a volunteer's", grant(security, him.Person, c.Station, auth.Volunteer), "people.role_missing"},
			{"one that is none", grant(security, him.Person, c.Station, "root"), "people.role_missing"},
			{"rightly", grant(county, him.Person, c.Station, auth.Admin), ""},
			{"twice", grant(county, him.Person, c.Station, auth.Admin), "people.role_held"},
			{"the auditor's", grant(security, him.Person, c.City, auth.Auditor), ""},
			{"and the system's", grant(security, him.Person, c.Station, auth.SystemAdmin), "auth.roles_exclude"},
			{"and security's", grant(security, him.Person, c.Station, auth.SecurityAdmin), "auth.roles_exclude"},
			{"taken by himself", revoke(him, him.Person, c.Station, auth.Admin), "people.own_roles"},
			{"taken from above her", revoke(county, him.Person, c.City, auth.Auditor), "org.out_of_reach"},
			{"taken", revoke(security, him.Person, c.City, auth.Auditor), ""},
			{"taken twice", revoke(security, him.Person, c.City, auth.Auditor), "people.role_not_held"},
		} {
			if fail.Key(x.err) != x.key || x.key == "" && x.err != nil {
				t.Errorf("%s: %v, want %q", x.what, x.err, x.key)
			}
		}
		grants, err := people.GrantsOf(t.Context(), d, him.Person)
		if err != nil || len(grants) != 2 {
			t.Errorf("%v, %v", grants, err)
		}
	})
}

// Two hands give one person two roles of the three at once: one of them must fail.
func TestTheThreeExcludeOneAnotherInARace(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		security := c.Staff("security", c.City, auth.SecurityAdmin)
		him := c.Staff("zhang.san", c.Station, auth.Leader)
		for range 5 {
			roles := []auth.Role{auth.SystemAdmin, auth.Auditor}
			errs := make([]error, 2)
			var wg sync.WaitGroup
			for i, role := range roles {
				wg.Go(func() {
					errs[i] = c.Try(func(ctx context.Context, tx *db.Tx) error {
						return people.Grant(ctx, tx, security, him.Person, auth.Grant{Org: c.Center, Role: role})
					})
				})
			}
			wg.Wait()
			if (errs[0] == nil) == (errs[1] == nil) {
				t.Fatalf("both or none: %v", errs)
			}
			for i, role := range roles {
				if errs[i] == nil {
					c.Write(func(ctx context.Context, tx *db.Tx) error {
						return people.RevokeRole(ctx, tx, security, him.Person, auth.Grant{Org: c.Center, Role: role})
					})
				}
			}
		}
	})
}

func TestAccountsAreMadeAndKept(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		factor(c, "false")
		security := c.Staff("security", c.City, auth.SecurityAdmin)
		county := c.Staff("county", c.Center, auth.SecurityAdmin)
		pw, err := people.NewPassword(t.Context(), d, "x", "Another-2020")
		if err != nil {
			t.Fatal(err)
		}
		create := func(by auth.Actor, in people.Staff) (person id.ID, err error) {
			err = c.Try(func(ctx context.Context, tx *db.Tx) error {
				person, err = people.CreateStaff(ctx, tx, c.Keys, by, in)
				return err
			})
			return person, err
		}
		form := people.Staff{Org: c.Station, Name: "陈静", Login: "chen.jing", Password: pw, Roles: []auth.Role{auth.Admin, auth.Leader}}
		for _, x := range []struct {
			change     func(*people.Staff)
			field, key string
		}{
			{func(in *people.Staff) { in.Login = "1st" }, "login", "people.login_form"},
			{func(in *people.Staff) { in.Login = "陈静" }, "login", "people.login_form"},
			{func(in *people.Staff) { in.Login = "COUNTY" }, "login", "people.login_taken"},
			{func(in *people.Staff) { in.Name = "" }, "name", "people.name_missing"},
			{func(in *people.Staff) { in.Roles = nil }, "role", "people.role_missing"},
		} {
			in := form
			x.change(&in)
			if _, err := create(county, in); !has(err, x.field, x.key) {
				t.Errorf("%v, want %s at %s", err, x.key, x.field)
			}
		}
		form.Roles = []auth.Role{auth.SystemAdmin, auth.Auditor}
		if _, err := create(county, form); fail.Key(err) != "auth.roles_exclude" {
			t.Errorf("two of the three: %v", err)
		}
		if n := count(t, d, "SELECT COUNT(*) FROM people_account"); n != 2 {
			t.Errorf("%d accounts", n)
		}
		form.Roles = []auth.Role{auth.Admin, auth.Leader}
		person, err := create(county, form)
		if err != nil {
			t.Fatal(err)
		}
		workers, next, err := people.Workers(t.Context(), d, c.Keys, county, c.Center, "", 10)
		if err != nil || next != "" || len(workers) != 2 {
			t.Fatalf("%+v, %v", workers, err)
		}
		for _, w := range workers {
			if w.Person == person && (w.FullName != "陈静" || w.LoginName != "chen.jing" || len(w.Grants) != 2) {
				t.Errorf("%+v", w)
			}
		}
		if found, err := people.WorkerByLogin(t.Context(), d, c.Keys, county, "Chen.Jing"); found != person || err != nil {
			t.Errorf("%s, %v", found, err)
		}
		s, err := signIn(t, c, "chen.jing", "Another-2020")
		if err != nil {
			t.Fatal(err)
		}
		act := func(by auth.Actor, f func(context.Context, *db.Tx, auth.Actor, id.ID) error) error {
			return c.Try(func(ctx context.Context, tx *db.Tx) error { return f(ctx, tx, by, person) })
		}
		reset := func(ctx context.Context, tx *db.Tx, by auth.Actor, person id.ID) error {
			return people.ResetPassword(ctx, tx, by, person, pw)
		}
		// one who holds a role above the county is the city's to change
		c.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.Grant(ctx, tx, security, person, auth.Grant{Org: c.City, Role: auth.Reviewer})
		})
		if err := act(county, reset); fail.Key(err) != "org.out_of_reach" {
			t.Errorf("the county resets the city's: %v", err)
		}
		if found, err := people.WorkerByLogin(t.Context(), d, c.Keys, county, "chen.jing"); found != "" || err != nil {
			t.Errorf("the county finds the city's: %s, %v", found, err)
		}
		if err := act(security, reset); err != nil {
			t.Fatal(err)
		}
		if a, _ := actor(t, d, clock.Now(), s.Secret); a.SignedIn() {
			t.Error("a session outlives a reset")
		}
		if s, err := signIn(t, c, "chen.jing", "Another-2020"); err != nil || s.Step != people.StepPassword {
			t.Errorf("after a reset: %+v, %v", s, err)
		}
		if err := act(security, people.ResetFactor); err != nil {
			t.Error(err)
		}
		if err := act(security, people.RemoveAccount); err != nil {
			t.Fatal(err)
		}
		if _, err := signIn(t, c, "chen.jing", "Another-2020"); err == nil {
			t.Error("a removed account signs in")
		}
		if err := act(security, people.RemoveAccount); fail.Key(err) != "people.no_account" {
			t.Errorf("twice: %v", err)
		}
	})
}
