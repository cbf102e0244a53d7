package activities

import (
	"context"
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// typedWith is a change of the co-organisers: one more, by its name or chosen among those of
// one name, or one less.
type typedWith struct {
	ID   id.ID         `path:"id"`
	Rev  int64         `form:"rev"`
	Name string        `form:"name" max:"60"`
	Org  id.ID         `form:"org"`
	Part activity.Part `form:"part"`
	Drop id.ID         `form:"drop"`
}

// coorgForm is what the page of the co-organisers needs.
type coorgForm struct {
	detail
	Same  []org.Org // those of the typed name, where there are several
	Under map[id.ID]string
}

// EditCoOrgs shows who organises beside the organiser.
func EditCoOrgs(c *page.Ctx) error {
	in, err := page.Bind[one](c)
	if err != nil {
		return err
	}
	d, err := read(c, in.ID)
	if err != nil {
		return err
	}
	if !d.living(c.Now) {
		return c.Redirect(d.path(""))
	}
	return c.Render(coorgPage(coorgForm{detail: d}))
}

// SaveCoOrgs adds one or takes one away.
func SaveCoOrgs(c *page.Ctx) error {
	in, err := page.Bind[typedWith](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	d, broken := read(c, in.ID)
	if broken != nil {
		return broken
	}
	f := coorgForm{detail: d}
	if err == nil && in.Drop == "" && in.Org == "" {
		err = f.find(c, &in)
	}
	if err == nil {
		err = c.Write(in.ID.Home(), func(tx *db.Tx) error { return activity.SetCoOrgs(c, tx, c.Actor, in.ID, in.Rev, f.changed(in)) })
	}
	if err != nil {
		return c.Retry(err, coorgPage(f))
	}
	c.Flash("activities.coorgs_saved")
	return c.Redirect(d.path("/coorgs"))
}

// find looks for the organisation of the typed name. Where there are several they are shown
// to be chosen from.
func (f *coorgForm) find(c *page.Ctx, in *typedWith) error {
	same, err := org.ByName(c, c.DB, in.Name)
	if err != nil {
		return err
	}
	same = slices.DeleteFunc(same, func(o org.Org) bool { return !o.Alive() })
	switch len(same) {
	case 0:
		return fail.Field("name", "activities.coorg_none")
	case 1:
		in.Org = same[0].ID
		return nil
	}
	parents := make([]id.ID, len(same))
	for i, o := range same {
		parents[i] = o.Parent
	}
	f.Same = same
	if f.Under, err = org.Names(c, c.DB, parents); err != nil {
		return err
	}
	return fail.Field("org", "activities.coorg_several", "n", len(same))
}

// changed is the list of co-organisers as it shall be.
func (f coorgForm) changed(in typedWith) (all []activity.CoOrg) {
	for _, w := range f.With {
		if w.Org != in.Drop && w.Org != in.Org {
			all = append(all, w.CoOrg)
		}
	}
	if in.Drop == "" {
		all = append(all, activity.CoOrg{Org: in.Org, Part: in.Part})
	}
	return all
}

func (f coorgForm) choices() (out []ui.Option) {
	for _, o := range f.Same {
		out = append(out, ui.Option{Value: string(o.ID), Label: o.Name, Note: f.Under[o.Parent]})
	}
	return out
}

func parts(ctx context.Context) (out []ui.Option) {
	for _, p := range []activity.Part{activity.Host, activity.Assist} {
		out = append(out, ui.Option{Value: string(p), Label: ui.T(ctx, "activities.part."+string(p)), Note: ui.T(ctx, "activities.part_note."+string(p))})
	}
	return out
}
