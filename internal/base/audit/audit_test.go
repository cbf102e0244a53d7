package audit_test

import (
	"testing"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
)

func TestRecordIsSealed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		actor := auth.Actor{Person: "321281-0000000000000001", Via: auth.Web}
		var subjects []id.ID
		for i, action := range []string{"roster.signed_up", "roster.withdrawn", "people.joined"} {
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				s := tx.NewID([]string{"321281", "321281", "320700"}[i])
				subjects = append(subjects[:i], s)
				return audit.Record(tx, actor, audit.Entry{Action: action, Subject: s, After: map[string]any{"sealed": []byte{1, 2}}})
			}); err != nil {
				t.Fatal(err)
			}
			c.Add(time.Hour)
		}
		if _, err := audit.Book().Seal(t.Context(), d, "test"); err != nil {
			t.Fatal(err)
		}
		checks, err := audit.Book().Verify(t.Context(), d, c.Now())
		if err != nil || checks[0].Checked != 3 || checks[0].Broken != 0 {
			t.Errorf("%+v %v", checks, err)
		}
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE audit_entry SET actor = 'nobody' WHERE seq = 2")
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if checks, err = audit.Book().Verify(t.Context(), d, c.Now()); err != nil || checks[0].Broken == 0 {
			t.Errorf("an entry was rewritten and nobody saw: %+v %v", checks, err)
		}
	})
}
