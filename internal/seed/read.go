package seed

import (
	"context"

	"tongxin/internal/base/db"
)

// anyOrg reports whether the database has an organisation already.
func anyOrg(ctx context.Context, r db.Reader) (found bool, err error) {
	err = r.QueryRow(ctx, `/* across homes: organisations are reference data */ SELECT EXISTS (SELECT 1 FROM org_org)`).Scan(&found)
	return found, err
}
