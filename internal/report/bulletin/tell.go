package bulletin

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// tellUnit writes to those who answer for the unit of a text.
func tellUnit(ctx context.Context, tx *db.Tx, i Issue, a Article, kind string, due int64) error {
	return tell(ctx, tx, a.Org, Answering, func(person id.ID) error {
		return notice.Tell(tx, person, kind, a.ID, kind+"/"+string(a.ID)+"/"+db.Stamp(tx.Now), "title", i.Theme, "name", i.Name, "due_at", due)
	})
}

// tellDesk writes to those who hold one of the roles where an issue is made.
func tellDesk(ctx context.Context, tx *db.Tx, i Issue, kind string, roles []auth.Role) error {
	return tell(ctx, tx, i.Org, roles, func(person id.ID) error {
		return notice.Tell(tx, person, kind, i.ID, kind+"/"+string(i.ID)+"/"+db.Stamp(tx.Now), "title", i.Theme, "name", i.Name)
	})
}

// tellReceiver writes to those who read what an organisation receives.
func tellReceiver(ctx context.Context, tx *db.Tx, i Issue, d Delivery, kind string) error {
	names, err := org.Names(ctx, tx, []id.ID{i.Org})
	if err != nil {
		return err
	}
	return tell(ctx, tx, d.Org, Answering, func(person id.ID) error {
		return notice.Tell(tx, person, kind, d.ID, "bulletin.received/"+string(d.ID), "title", i.Theme, "name", i.Name, "org", names[i.Org])
	})
}

func tell(ctx context.Context, tx *db.Tx, at id.ID, roles []auth.Role, write func(person id.ID) error) error {
	people, err := holders(ctx, tx, at, roles)
	if err != nil {
		return err
	}
	for _, person := range people {
		if err := write(person); err != nil {
			return err
		}
	}
	return nil
}
