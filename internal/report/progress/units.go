package progress

import (
	"context"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// Unit finds whom a text means within a schedule: its organisation or one below it, by id,
// by the code of the division where it is the office, centre, institute or station, or by its
// whole name. A name that several bear is refused with their ways down the tree.
func (s Schedule) Unit(ctx context.Context, r db.Reader, text string) (id.ID, error) {
	text = ident.Line(text)
	if text == "" {
		return "", fail.Field("org", "progress.org_missing")
	}
	all, err := named(ctx, r, text)
	if err != nil {
		return "", err
	}
	var found []org.Org
	for _, o := range all {
		below, err := stands(ctx, r, o.ID, s.Org)
		if err != nil {
			return "", err
		}
		if below {
			found = append(found, o)
		}
	}
	switch len(found) {
	case 0:
		return "", fail.Field("org", "progress.org_unknown")
	case 1:
		return found[0].ID, nil
	}
	return several(ctx, r, found)
}

func named(ctx context.Context, r db.Reader, text string) ([]org.Org, error) {
	if one, err := id.Parse(text); err == nil {
		o, err := org.Get(ctx, r, one)
		if fail.KindOf(err) == fail.NotFound {
			return nil, nil
		}
		return []org.Org{o}, err
	}
	at, err := area.Parse(text)
	if err != nil {
		return org.ByName(ctx, r, text)
	}
	all, err := org.ByArea(ctx, r, at)
	for _, tier := range org.Tiers() {
		for _, o := range all {
			if o.Tier == tier && tier != org.Point {
				return []org.Org{o}, err
			}
		}
	}
	return nil, err
}

// several lists those of one name.
func several(ctx context.Context, r db.Reader, found []org.Org) (id.ID, error) {
	var list []string
	for _, o := range found[:min(len(found), 5)] {
		path, err := org.Path(ctx, r, o.ID)
		if err != nil {
			return "", err
		}
		names := make([]string, len(path))
		for i, step := range path {
			names[i] = step.Name
		}
		list = append(list, strings.Join(names, " / ")+" "+o.Area.String())
	}
	return "", fail.Field("org", "progress.org_ambiguous", "list", strings.Join(list, "; "))
}
