package activity

import (
	"context"
	"slices"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// Create begins an activity of an organisation. Only its title and its kind of
// service must be known; the rest may be said later, and is asked for by Submit.
func Create(ctx context.Context, tx *db.Tx, actor auth.Actor, of id.ID, in Edit) (id.ID, error) {
	if err := org.Permit(ctx, tx, actor, of, organisers...); err != nil {
		return "", err
	}
	o, err := org.Get(ctx, tx, of)
	if err != nil {
		return "", err
	}
	if !o.Alive() {
		return "", fail.New(fail.Conflict, "activity.org_not_open")
	}
	if in, err = prepare(ctx, tx, actor, o, Edit{}, in); err != nil {
		return "", err
	}
	s, err := ServiceOf(ctx, tx, in.Service)
	if err != nil {
		return "", err
	}
	a := Activity{
		Edit: in, Home: o.Home, ID: tx.NewID(o.Home), Org: of, Risky: s.Risky, State: Draft,
		Author: actor.Person, Created: db.MS(tx.Now), Rev: 1,
	}
	if err := insert(tx, a); err != nil {
		return "", err
	}
	return a.ID, record(tx, actor, "activity.drafted", a, nil, a.Edit)
}

// prepare tidies what was typed and refuses, field by field, what cannot be.
// before is what stood there: what was right when it was chosen is not asked for
// again until it is submitted.
func prepare(ctx context.Context, tx *db.Tx, actor auth.Actor, o org.Org, before, in Edit) (Edit, error) {
	in = in.normal()
	if in.Area == 0 {
		in.Area = o.Area
	}
	if in.Leader == "" && !actor.IsSystem() {
		in.Leader = actor.Person
	}
	var refs []error
	if in.Service != before.Service || in.Service == 0 {
		refs = append(refs, serviceOpen(ctx, tx, in.Service))
	}
	if in.Campaign != before.Campaign && in.Campaign != 0 {
		refs = append(refs, fail.At("campaign", campaign.Takes(ctx, tx, in.Campaign, o.ID)))
	}
	if in.Area != before.Area {
		refs = append(refs, placeWithin(ctx, tx, o, in.Area))
	}
	if in.Leader != before.Leader && in.Leader != "" && in.Leader != actor.Person {
		refs = append(refs, mayLead(ctx, tx, o, in.Leader))
	}
	return in, fail.Join(append([]error{in.check()}, refs...)...)
}

func serviceOpen(ctx context.Context, r db.Reader, service int64) error {
	if service == 0 {
		return fail.Field("service", "activity.missing.service")
	}
	s, err := ServiceOf(ctx, r, service)
	if fail.KindOf(err) == fail.NotFound || err == nil && !s.Open {
		return fail.Field("service", "activity.service_closed")
	}
	return err
}

// placeWithin refuses a division outside the organiser's, unless it is of a unit that moved to
// it: a village keeps its code when it changes its township.
func placeWithin(ctx context.Context, r db.Reader, o org.Org, at area.Code) error {
	if !o.Area.Contains(at) {
		moved, err := org.MovedHere(ctx, r, o)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(moved, func(m area.Code) bool { return m.Contains(at) }) {
			return fail.Field("area", "activity.area_outside")
		}
	}
	_, err := area.Get(ctx, r, at)
	if fail.KindOf(err) == fail.NotFound {
		return fail.Field("area", "activity.area_unknown")
	}
	return err
}

// mayLead refuses a leader who works neither at the organisation nor above it.
func mayLead(ctx context.Context, r db.Reader, o org.Org, person id.ID) error {
	leaders, err := Leaders(ctx, r, o.ID)
	if err == nil && !slices.Contains(leaders, person) {
		return fail.Field("leader", "activity.leader_outside")
	}
	return err
}

// Revise rewrites a draft, or one that was returned. rev is the one that was read:
// if somebody else saved since, nothing is changed.
func Revise(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID, rev int64, in Edit) error {
	a, o, err := own(ctx, tx, actor, activity, rev)
	if err != nil {
		return err
	}
	if !a.State.editable() {
		return refuse(a)
	}
	before := a.Edit
	if a.Edit, err = prepare(ctx, tx, actor, o, before, in); err != nil {
		return err
	}
	if err := reckonRisk(ctx, tx, &a); err != nil {
		return err
	}
	if err := save(tx, a); err != nil {
		return err
	}
	return record(tx, actor, "activity.edited", a, before, a.Edit)
}

// own reads an activity for its organiser. A rev of 0 asks for none.
func own(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID, rev int64) (Activity, org.Org, error) {
	a, err := Get(ctx, tx, activity)
	if err != nil {
		return a, org.Org{}, err
	}
	if err := org.Permit(ctx, tx, actor, a.Org, organisers...); err != nil {
		return a, org.Org{}, err
	}
	if rev != 0 && rev != a.Rev {
		return a, org.Org{}, fail.New(fail.Conflict, "activity.changed_meanwhile")
	}
	o, err := org.Get(ctx, tx, a.Org)
	return a, o, err
}

// refuse says why nothing can be done with an activity in its state.
func refuse(a Activity) error {
	return fail.New(fail.Conflict, "activity.not_while."+string(a.State))
}

// reckonRisk puts the activity's risk together from its kind of service and posts.
func reckonRisk(ctx context.Context, r db.Reader, a *Activity) error {
	s, err := ServiceOf(ctx, r, a.Service)
	if err != nil {
		return err
	}
	posts, err := Posts(ctx, r, a.ID)
	a.Risky = s.Risky || riskyPost(posts)
	return err
}

// record audits under the activity.
func record(tx *db.Tx, actor auth.Actor, action string, a Activity, before, after any) error {
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: a.ID, Org: a.Org, Before: before, After: after})
}

// SetCoOrgs says who organises beside the organiser, at any time before it is
// over. The same organisation twice counts once, the organiser itself not at all.
func SetCoOrgs(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID, rev int64, with []CoOrg) error {
	a, _, err := own(ctx, tx, actor, activity, rev)
	if err != nil {
		return err
	}
	if !a.State.alive() {
		return refuse(a)
	}
	with, err = checkCoOrgs(ctx, tx, a, with)
	if err != nil {
		return err
	}
	before, err := CoOrgs(ctx, tx, activity)
	if err != nil {
		return err
	}
	if err := putCoOrgs(tx, a, with); err != nil {
		return err
	}
	if err := save(tx, a); err != nil {
		return err
	}
	return record(tx, actor, "activity.coorgs_set", a, before, with)
}

func checkCoOrgs(ctx context.Context, r db.Reader, a Activity, with []CoOrg) (kept []CoOrg, err error) {
	if len(with) > maxCoOrgs {
		return nil, fail.Field("coorgs", "activity.coorgs_many", "max", maxCoOrgs)
	}
	for _, c := range with {
		if c.Part != Host && c.Part != Assist {
			return nil, fail.Field("coorgs", "activity.part_unknown")
		}
		o, err := org.Get(ctx, r, c.Org)
		if fail.KindOf(err) == fail.NotFound || err == nil && !o.Alive() {
			return nil, fail.Field("coorgs", "activity.coorg_unknown")
		}
		if err != nil {
			return nil, err
		}
		twice := slices.ContainsFunc(kept, func(k CoOrg) bool { return k.Org == c.Org })
		if c.Org != a.Org && !twice {
			kept = append(kept, c)
		}
	}
	return kept, nil
}
