package people

import (
	"context"
	"strconv"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// How somebody may act for a person.
const (
	AsSelf     = "self"
	AsGuardian = "guardian"
	AsStaff    = "staff"
)

// keepers keep the records of volunteers below them; readers see them, masked.
var (
	keepers = []auth.Role{auth.Leader, auth.Admin}
	readers = []auth.Role{auth.Leader, auth.Admin, auth.Reviewer, auth.Supervisor}
)

// MayActFor says how the actor may act for a person: as herself, as her guardian, or as
// staff whose subtree she belongs to.
func MayActFor(ctx context.Context, r db.Reader, actor auth.Actor, person id.ID) (how string, err error) {
	if actor.Person == person && person != "" {
		return AsSelf, nil
	}
	p, err := StandingOf(ctx, r, person)
	if err != nil {
		return "", err
	}
	if p.ID == actor.Person && person != "" {
		return AsSelf, nil
	}
	if p.Guardian != "" && p.Guardian == actor.Person {
		return AsGuardian, nil
	}
	return AsStaff, permit(ctx, r, actor, p, keepers...)
}

// permit refuses an actor whose subtree the person does not belong to.
func permit(ctx context.Context, r db.Reader, actor auth.Actor, p Standing, roles ...auth.Role) error {
	if actor.IsSystem() {
		return nil
	}
	if actor.Has(roles...) {
		places, err := placesOf(ctx, r, p)
		if err != nil {
			return err
		}
		for _, place := range places {
			if ok, err := org.Reaches(ctx, r, actor, place, roles...); ok || err != nil {
				return err
			}
		}
	}
	return fail.New(fail.Forbidden, "org.out_of_reach")
}

// placesOf are the organisations through which a person belongs to a subtree: her station,
// those she is a member of, and the centre of her home.
func placesOf(ctx context.Context, r db.Reader, p Standing) (places []id.ID, err error) {
	if p.Station != "" {
		places = append(places, p.Station)
	}
	members, err := Memberships(ctx, r, p.ID)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		places = append(places, m.Org)
	}
	seat, err := seatOf(ctx, r, homeArea(p.Home))
	if err != nil || seat == "" {
		return places, err
	}
	return append(places, seat), nil
}

// homeArea is the division whose first six digits a home is.
func homeArea(home string) area.Code {
	n, _ := strconv.ParseInt(home, 10, 64)
	return area.Code(n * 1_000_000)
}

// UnitsOf are the organisations that a volunteer may serve for, her default first.
func UnitsOf(ctx context.Context, r db.Reader, p Standing) ([]id.ID, error) {
	first, err := DefaultUnit(ctx, r, p)
	if err != nil {
		return nil, err
	}
	units := []id.ID{first}
	members, err := Memberships(ctx, r, p.ID)
	for _, m := range members {
		if m.Org != first {
			units = append(units, m.Org)
		}
	}
	return units, err
}

// DefaultUnit is whom a volunteer serves for when she says nothing: her own station, else
// the centre of her county.
func DefaultUnit(ctx context.Context, r db.Reader, p Standing) (id.ID, error) {
	if p.Station != "" {
		stands, err := org.Stands(ctx, r, p.Station)
		if err != nil || stands {
			return p.Station, err
		}
	}
	seat, err := seatOf(ctx, r, homeArea(p.Home))
	if err == nil && seat == "" {
		err = fail.New(fail.Conflict, "people.no_center")
	}
	return seat, err
}

// stationAt finds the station of a village or the institute of its township, "" where there
// is neither.
func stationAt(ctx context.Context, r db.Reader, at area.Code) (id.ID, error) {
	for at.Level() > area.County {
		seat, err := seatOf(ctx, r, at)
		if seat != "" || err != nil {
			return seat, err
		}
		at = at.Parent()
	}
	return "", nil
}

// checkArea refuses a place that is not in a county with a centre.
func checkArea(ctx context.Context, r db.Reader, at area.Code) error {
	if at == 0 || at.Level() < area.County {
		return fail.Field("area", "people.area_missing")
	}
	seat, err := seatOf(ctx, r, homeArea(at.Home()))
	if err == nil && seat == "" {
		err = fail.Field("area", "people.area_no_center")
	}
	if err == nil && at.Level() > area.County {
		_, err = area.Get(ctx, r, at)
	}
	return err
}

// seatOf is the office, centre, institute or station of a place, "" where there is none.
func seatOf(ctx context.Context, r db.Reader, at area.Code) (id.ID, error) {
	all, err := org.ByArea(ctx, r, at)
	for _, o := range all {
		if o.Tier != org.Point {
			return o.ID, err
		}
	}
	return "", err
}

// CenterOf is the centre of a person's home, "" where there is none.
func CenterOf(ctx context.Context, r db.Reader, p Standing) (id.ID, error) {
	return seatOf(ctx, r, homeArea(p.Home))
}

// Seen is a person's record for staff who may see her, and whether they keep it too.
func Seen(ctx context.Context, r db.Reader, actor auth.Actor, person id.ID) (p Person, keeps bool, err error) {
	if p, err = Get(ctx, r, person); err != nil {
		return p, false, err
	}
	switch err = permit(ctx, r, actor, p.Standing, keepers...); {
	case err == nil:
		return p, true, nil
	case fail.KindOf(err) != fail.Forbidden:
		return Person{}, false, err
	}
	if err = permit(ctx, r, actor, p.Standing, readers...); err != nil {
		return Person{}, false, err
	}
	return p, false, nil
}
