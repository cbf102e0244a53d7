package bench

import (
	"context"
	"errors"
	"slices"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

const (
	visitors   = 96  // volunteers whose pages are asked for
	onRoster   = 200 // people on the long roster
	manyShifts = 20  // that a volunteer can take, so that her first page has something to choose from
	twoWeeks   = 14 * 24 * time.Hour
)

// guest is a volunteer of the database who has signed in, and what she could take.
type guest struct {
	person
	eligible   int
	activities []id.ID
}

// onStage has the copy set.
func (m *pages) onStage(ctx context.Context, set func(s *setter) error) error {
	a, err := m.b.open(ctx, m.served, 0)
	if err != nil {
		return err
	}
	m.r.Engine = a.DB.Engine()
	if err = set(&setter{b: m.b, a: a, d: a.DB, p: &plan{}}); err == nil && m.r.Engine == db.Postgres {
		err = a.DB.Write(ctx, analyze)
	}
	return errors.Join(err, a.Close())
}

// stage signs in volunteers and one of the staff on the copy, by the product's commands, and
// puts people on a long roster.
func (m *pages) stage(ctx context.Context) error {
	return m.onStage(ctx, func(s *setter) error {
		if err := s.places(ctx); err != nil {
			return err
		}
		office, err := s.office(ctx)
		if err != nil {
			return err
		}
		guests, err := s.guests(ctx)
		if err != nil {
			return err
		}
		clerk, err := s.clerk(ctx, office.ID)
		if err != nil {
			return err
		}
		shifts, err := s.longRoster(ctx, &m.r)
		if err != nil {
			return err
		}
		m.guests, m.spare = guests, shifts[1]
		orgs, err := below(ctx, s.d, office.ID)
		m.r.Orgs = len(orgs)
		m.r.Eligible = guests[len(guests)-1].eligible
		m.sights = sights(guests, clerk, shifts[0], orgs, office.ID)
		return err
	})
}

// office is the office over the centres: the city's.
func (s *setter) office(ctx context.Context) (org.Org, error) {
	path, err := org.Path(ctx, s.d, s.centers[0].ID)
	if err != nil {
		return org.Org{}, err
	}
	return org.Get(ctx, s.d, path[max(0, len(path)-2)].ID)
}

// sights are the sorts of pages, the trivial one first.
func sights(guests []guest, clerk string, shift id.ID, orgs []id.ID, office id.ID) []sight {
	all := []sight{{name: "healthz", targets: []target{{path: "/healthz"}}}, {name: "home"}, {name: "activity"},
		{name: "roster", targets: []target{{path: "/desk/shifts/" + string(shift), secret: clerk}}}, {name: "org"}, {name: "org_desk"},
		{name: "overview", targets: []target{{path: "/desk/overview?org=" + string(office), secret: clerk}}}}
	for _, g := range guests {
		all[1].targets = append(all[1].targets, target{path: "/", secret: g.secret})
		for _, a := range g.activities {
			all[2].targets = append(all[2].targets, target{path: "/activities/" + string(a), secret: g.secret})
		}
	}
	for i, o := range orgs {
		all[4].targets = append(all[4].targets, target{path: "/orgs/" + string(o), secret: guests[i%len(guests)].secret})
		all[5].targets = append(all[5].targets, target{path: "/desk/orgs/" + string(o), secret: clerk})
	}
	return slices.DeleteFunc(all, func(s sight) bool { return len(s.targets) == 0 })
}

// guests signs in volunteers of the database, each by a code to her number: those who could take
// the most.
func (s *setter) guests(ctx context.Context) (all []guest, err error) {
	some, err := volunteers(ctx, s.d, 10*visitors)
	if err != nil {
		return nil, err
	}
	for _, p := range some {
		g, err := s.offered(ctx, p)
		if err != nil {
			return nil, err
		}
		if all = append(all, g); enough(all) {
			break
		}
	}
	slices.SortStableFunc(all, func(a, b guest) int { return b.eligible - a.eligible })
	signed := all[:0]
	for _, g := range all {
		if len(signed) == visitors {
			break
		}
		if g.person, err = s.signIn(ctx, g.id); err != nil {
			return nil, err
		}
		if g.secret != "" { // else her number is another's to sign in with
			signed = append(signed, g)
		}
	}
	if len(signed) == 0 {
		return nil, errors.New("there are no volunteers who sign in with a number")
	}
	return signed, nil
}

// enough reports whether as many as are wanted could take many shifts.
func enough(all []guest) bool {
	n := 0
	for _, g := range all {
		if g.eligible >= manyShifts {
			n++
		}
	}
	return n >= visitors
}

// offered is what somebody could take.
func (s *setter) offered(ctx context.Context, p id.ID) (guest, error) {
	g := guest{person: person{id: p}}
	who, err := people.StandingOf(ctx, s.d, p)
	if err != nil {
		return g, err
	}
	now := s.d.Now()
	offers, err := roster.OpenFor(ctx, s.d, who, roster.Window{From: db.MS(now), To: db.MS(now.Add(twoWeeks))})
	for _, o := range offers {
		if o.Why != nil {
			continue
		}
		g.eligible++
		if len(g.activities) < 4 && !slices.Contains(g.activities, o.Activity.ID) {
			g.activities = append(g.activities, o.Activity.ID)
		}
	}
	return g, err
}

// signIn signs in a volunteer.
func (s *setter) signIn(ctx context.Context, p id.ID) (in person, err error) {
	err = s.write(ctx, func(ctx context.Context, tx *db.Tx) error {
		record, err := people.Get(ctx, tx, p)
		if err != nil {
			return err
		}
		phone, err := record.Open(s.a.Keys, people.FieldContact)
		if err != nil {
			return err
		}
		code, err := people.RequestCode(ctx, tx, s.a.Keys, phone)
		if err != nil {
			return err
		}
		entered, err := people.Enter(ctx, tx, s.a.Keys, auth.Actor{Via: auth.Web}, people.Entry{Phone: phone, Code: code.Digits})
		if err == nil && entered.Refused != nil {
			err = entered.Refused
		}
		in = person{entered.Started.Person, entered.Started.Secret}
		return err
	})
	return in, err
}

// clerk makes somebody who administers the office and leads, and signs her in, second factor
// and all.
func (s *setter) clerk(ctx context.Context, office id.ID) (secret string, err error) {
	const login = "bench.clerk"
	plain, web := auth.RandomPassword(), auth.Actor{Via: auth.Web}
	hash, err := people.NewPassword(ctx, s.d, login, plain)
	if err != nil {
		return "", err
	}
	var try people.Attempt
	err = s.write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if _, err := people.CreateStaff(ctx, tx, s.a.Keys, auth.System, people.Staff{Org: office, Name: "Bench Clerk", Login: login, Password: hash,
			Roles: []auth.Role{auth.Admin, auth.Leader}}); err != nil {
			return err
		}
		var err error
		try, err = people.Try(ctx, tx, s.a.Keys, login)
		return err
	})
	if err != nil {
		return "", err
	}
	proof, err := try.Check(ctx, plain)
	if err != nil {
		return "", err
	}
	err = s.write(ctx, func(ctx context.Context, tx *db.Tx) error {
		started, err := people.EnterStaff(ctx, tx, web, proof, "bench", nil)
		if err == nil && started.Step == people.StepSetUp {
			started, err = s.secondFactor(ctx, tx, web, started)
		}
		secret = started.Secret
		return err
	})
	return secret, err
}

func (s *setter) secondFactor(ctx context.Context, tx *db.Tx, web auth.Actor, half people.Started) (people.Started, error) {
	hash := auth.HashSecret(half.Secret)
	h, err := people.Halfway(ctx, tx, s.a.Keys, tx.Now, hash)
	if err != nil {
		return half, err
	}
	in, err := people.SecondFactor(ctx, tx, s.a.Keys, web, hash, auth.TOTP(h.Secret, tx.Now, 6))
	if err == nil {
		err = in.Refused
	}
	return in.Started, err
}

// longRoster publishes two shifts and signs people up for the first until it has as many as are
// wanted.
func (s *setter) longRoster(ctx context.Context, r *Pages) (made []id.ID, err error) {
	services, err := activity.Services(ctx, s.d)
	if err != nil {
		return nil, err
	}
	var service int64
	for _, k := range services {
		if k.Open && !k.Risky {
			service = k.ID
		}
	}
	if made, err = s.publish(ctx, 0, service, s.d.Now().Truncate(time.Hour).Add(20*24*time.Hour), 2, onRoster); err != nil {
		return nil, err
	}
	some, err := volunteers(ctx, s.d, 3*onRoster)
	for i := 0; i < len(some) && r.Roster < onRoster && err == nil; i++ {
		err = s.write(ctx, func(ctx context.Context, tx *db.Tx) error {
			_, err := roster.SignUp(ctx, tx, auth.Actor{Person: some[i], Via: auth.Web}, roster.Request{Shift: made[0]})
			return err
		})
		switch {
		case err == nil:
			r.Roster++
		case fail.KindOf(err) != fail.Internal: // she may not: another may
			err = nil
		}
	}
	return made, err
}
