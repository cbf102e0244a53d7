package figure

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/work/org"
)

// Permit lets staff ask about an organisation that they reach, or about such a unit wherever
// it served; a question about neither becomes one about the asker's own organisation.
func Permit(ctx context.Context, r db.Reader, actor auth.Actor, q *Query) error {
	at := q.Org
	if at == "" {
		at = q.Unit
	}
	if at != "" {
		return org.Permit(ctx, r, actor, at)
	}
	seats, err := org.Seats(ctx, r, actor)
	if err != nil {
		return err
	}
	if len(seats) == 0 {
		return fail.New(fail.Forbidden, "org.out_of_reach")
	}
	q.Org = seats[0].Org
	return nil
}
