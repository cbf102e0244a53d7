package live

import (
	"context"
	"unicode/utf8"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// Wall is a screen that nobody operates.
type Wall struct {
	ID       id.ID
	Org      id.ID
	Campaign int64
	Label    string
	Made     int64
}

// labelMost is how long the name of a wall may be, in characters.
const labelMost = 40

// Hang makes a wall and answers the secret of its address, which is shown once.
func Hang(ctx context.Context, tx *db.Tx, actor auth.Actor, in Wall) (id.ID, string, error) {
	if err := org.Permit(ctx, tx, actor, in.Org, auth.Admin); err != nil {
		return "", "", err
	}
	in.Label = ident.Line(in.Label)
	if n := utf8.RuneCountInString(in.Label); n == 0 || n > labelMost {
		return "", "", fail.Field("label", "live.wall_label", "max", labelMost)
	}
	if in.Campaign != 0 {
		if _, err := campaign.Get(ctx, tx, in.Campaign); err != nil {
			return "", "", err
		}
	}
	secret, hash := auth.NewSecret()
	in.ID, in.Made = tx.NewID(in.Org.Home()), db.MS(tx.Now)
	if err := insertWall(tx, in, hash, actor.Person); err != nil {
		return "", "", err
	}
	return in.ID, secret, audit.Record(tx, actor, audit.Entry{Action: "live.wall_hung", Subject: in.ID, Org: in.Org,
		After: map[string]any{"label": in.Label, "campaign": in.Campaign}})
}

// TakeDown ends a wall: its address shows nothing any more.
func TakeDown(ctx context.Context, tx *db.Tx, actor auth.Actor, wall id.ID) error {
	w, err := wallOf(ctx, tx, wall)
	if err == nil {
		err = org.Permit(ctx, tx, actor, w.Org, auth.Admin)
	}
	if err != nil {
		return err
	}
	if err := endWall(tx, wall); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "live.wall_down", Subject: wall, Org: w.Org, Before: map[string]any{"label": w.Label}})
}

// Enter answers the wall of an address. One that was ended, and one that never was, is not
// there.
func Enter(ctx context.Context, r db.Reader, wall id.ID, secret string) (Wall, error) {
	return wallBy(ctx, r, wall, auth.HashSecret(secret))
}
