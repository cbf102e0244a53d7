package orgtest

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// Places of the tree: real divisions of Taizhou.
const (
	ProvinceArea   area.Code = 320000_000_000
	CityArea       area.Code = 321200_000_000
	CenterArea     area.Code = 321281_000_000
	OtherCenter    area.Code = 321282_000_000
	InstituteArea  area.Code = 321281_001_000
	OtherInstitute area.Code = 321281_002_000
	StationArea    area.Code = 321281_001_001
	SiblingArea    area.Code = 321281_001_002
)

// Tree is a planted tree. Names are what the organisations are called: tier and number.
type Tree struct {
	Province, City    id.ID
	Center, Foreign   id.ID // of two counties
	Institute, Next   id.ID // both below Center
	Station, Sibling  id.ID // both below Institute
	Team, ForeignTeam id.ID // below Station and below Foreign
}

// Plant loads the divisions of the two counties and founds the tree; run it within one Write.
func Plant(ctx context.Context, tx *db.Tx) (Tree, error) {
	var t Tree
	for _, county := range []area.Code{CenterArea, OtherCenter} {
		if _, err := area.Load(tx, county); err != nil {
			return t, err
		}
	}
	for _, o := range []struct {
		to     *id.ID
		tier   org.Tier
		name   string
		at     area.Code
		parent *id.ID
	}{
		{&t.Province, org.Office, "province office", ProvinceArea, new(id.ID)},
		{&t.City, org.Office, "city office", CityArea, &t.Province},
		{&t.Center, org.Center, "center", CenterArea, &t.City},
		{&t.Foreign, org.Center, "foreign center", OtherCenter, &t.City},
		{&t.Institute, org.Institute, "institute", InstituteArea, &t.Center},
		{&t.Next, org.Institute, "next institute", OtherInstitute, &t.Center},
		{&t.Station, org.Station, "station", StationArea, &t.Institute},
		{&t.Sibling, org.Station, "sibling station", SiblingArea, &t.Institute},
		{&t.Team, "", "team", 0, &t.Station},
		{&t.ForeignTeam, "", "foreign team", 0, &t.Foreign},
	} {
		in := org.In{Kind: org.Practice, Tier: o.tier, Name: o.name, Area: o.at, Parent: *o.parent}
		if o.tier == "" {
			in.Kind = org.Team
		}
		at, err := org.Found(ctx, tx, auth.System, in)
		if err != nil {
			return t, err
		}
		*o.to = at
	}
	return t, nil
}

// Staff is somebody who holds a role at an organisation. People with different numbers are
// different people.
func Staff(number byte, at id.ID, role auth.Role) auth.Actor {
	a := Person(number)
	a.Grants = []auth.Grant{{Org: at, Role: role}}
	return a
}

// Person is somebody who is signed in and holds no role.
func Person(number byte) auth.Actor {
	const digits = "0123456789abcdefghjkmnpqrstvwxyz"
	return auth.Actor{Person: id.ID("321281-0000000000pers" + string([]byte{digits[number>>5&31], digits[number&31]})), Via: auth.Web}
}
