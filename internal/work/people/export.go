package people

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// TakeAlong counts and writes down that a person, or her guardian, takes along all that is kept
// about her: so many times a day. It answers for whom: the record that stands for her.
func TakeAlong(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID, form string) (Person, error) {
	how, err := MayActFor(ctx, tx, actor, person)
	if err == nil && how == AsStaff {
		err = fail.New(fail.Forbidden, "people.export_own")
	}
	if err != nil {
		return Person{}, err
	}
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return p, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return p, err
	}
	if counted, err := countExport(tx, p.ID, set.ExportsDaily); err != nil || !counted {
		return p, orTaken(err, fail.New(fail.TooMany, "people.export_daily", "n", set.ExportsDaily))
	}
	return p, audit.Record(tx, actor, audit.Entry{Action: "people.exported", Subject: p.ID, Org: p.Station, After: map[string]any{"form": form}})
}
