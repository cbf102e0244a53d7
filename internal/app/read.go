package app

import (
	"context"

	"tongxin/internal/base/db"
)

// anyOrg reports whether there is an organisation.
func anyOrg(ctx context.Context, r db.Reader) (found bool, err error) {
	err = r.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM org_org)").Scan(&found)
	return found, err
}
