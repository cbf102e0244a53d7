package live

import (
	"context"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org/orgtest"
)

func TestAWallHangsUntilItIsTakenDown(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		var tree orgtest.Tree
		write := func(f func(ctx context.Context, tx *db.Tx) error) error {
			return d.Write(t.Context(), func(tx *db.Tx) error { return f(tx.Context(), tx) })
		}
		if err := write(func(ctx context.Context, tx *db.Tx) (err error) { tree, err = orgtest.Plant(ctx, tx); return err }); err != nil {
			t.Fatal(err)
		}
		admin, leader := orgtest.Staff(1, tree.Center, auth.Admin), orgtest.Staff(2, tree.Center, auth.Leader)
		hang := func(who auth.Actor, in Wall) (wall id.ID, secret string, err error) {
			err = write(func(ctx context.Context, tx *db.Tx) (err error) {
				wall, secret, err = Hang(ctx, tx, who, in)
				return err
			})
			return wall, secret, err
		}
		for _, c := range []struct {
			name string
			who  auth.Actor
			in   Wall
			key  string
		}{
			{"a leader", leader, Wall{Org: tree.Center, Label: "hall"}, "org.out_of_reach"},
			{"elsewhere", admin, Wall{Org: tree.Foreign, Label: "hall"}, "org.out_of_reach"},
			{"no name", admin, Wall{Org: tree.Center, Label: "  "}, "live.wall_label"},
			{"no campaign", admin, Wall{Org: tree.Center, Label: "hall", Campaign: 99}, "campaign.unknown"},
		} {
			if _, _, err := hang(c.who, c.in); fail.Key(err) != c.key && (len(fail.Fields(err)) == 0 || fail.Fields(err)[0].Key != c.key) {
				t.Errorf("%s: %v, want %s", c.name, err, c.key)
			}
		}
		wall, secret, err := hang(admin, Wall{Org: tree.Station, Label: "hall"})
		if err != nil {
			t.Fatal(err)
		}
		if w, err := Enter(t.Context(), d, wall, secret); err != nil || w.Org != tree.Station || w.Label != "hall" {
			t.Errorf("%v %v", w, err)
		}
		if _, err := Enter(t.Context(), d, wall, secret+"x"); fail.Key(err) != "live.no_wall" {
			t.Errorf("another secret: %v", err)
		}
		if all, err := Walls(t.Context(), d, tree.Center); err != nil || len(all) != 1 || all[0].ID != wall {
			t.Errorf("%v %v", all, err)
		}
		if all, err := Walls(t.Context(), d, tree.Foreign); err != nil || len(all) != 0 {
			t.Errorf("elsewhere: %v %v", all, err)
		}
		down := func(who auth.Actor) error {
			return write(func(ctx context.Context, tx *db.Tx) error { return TakeDown(ctx, tx, who, wall) })
		}
		if err := down(leader); fail.Key(err) != "org.out_of_reach" {
			t.Errorf("a leader takes it down: %v", err)
		}
		if err := down(admin); err != nil {
			t.Fatal(err)
		}
		if _, err := Enter(t.Context(), d, wall, secret); fail.Key(err) != "live.no_wall" {
			t.Errorf("after it was taken down: %v", err)
		}
		if err := down(admin); fail.Key(err) != "live.no_wall" {
			t.Errorf("taken down twice: %v", err)
		}
	})
}
