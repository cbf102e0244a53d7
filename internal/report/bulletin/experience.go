package bulletin

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/report/experience"
)

// AddExperience takes a chosen experience into an issue, as the text of its unit, to be edited
// there like any other; once.
func AddExperience(ctx context.Context, tx *db.Tx, actor auth.Actor, issue, from id.ID) (id.ID, error) {
	e, err := experience.Get(ctx, tx, from)
	if err != nil {
		return "", err
	}
	if e.State != experience.Chosen {
		return "", fail.New(fail.Conflict, "bulletin.not_chosen")
	}
	all, err := Articles(ctx, tx, issue)
	if err != nil {
		return "", err
	}
	for _, a := range all {
		if a.Source == from {
			return "", fail.New(fail.Conflict, "bulletin.taken_already")
		}
	}
	return Add(ctx, tx, actor, issue, NewArticle{Org: e.Org, Doc: e.Doc, Source: from})
}
