package notice_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/people/peopletest"
)

const subject id.ID = "321281-01jd3k8zq4w7c2xv"

func tell(c *peopletest.City, person id.ID, once string, args ...any) {
	c.Write(func(_ context.Context, tx *db.Tx) error {
		return notice.Tell(tx, person, "roster.moved", subject, once, args...)
	})
}

func inbox(t *testing.T, d *db.DB, actor auth.Actor, person id.ID, after string) ([]notice.Notice, string) {
	t.Helper()
	all, next, err := notice.Inbox(t.Context(), d, actor, person, after)
	if err != nil {
		t.Fatal(err)
	}
	return all, next
}

func unread(t *testing.T, d *db.DB, person id.ID) int {
	t.Helper()
	n, err := notice.Unread(t.Context(), d, person)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestToldOnceUntilRead(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		her := c.Volunteer("张玉兰")
		starts := dbtest.Start.UnixMilli()
		tell(c, her.Person, "shift/1", "title", "体温检测", "starts", starts, "ends", starts+3_600_000, "new_starts", starts, "new_ends", starts)
		clock.Add(time.Minute)
		tell(c, her.Person, "shift/1", "title", "体温检测", "starts", starts, "ends", starts+3_600_000,
			"new_starts", starts+10*3_600_000, "new_ends", starts+12*3_600_000)
		all, _ := inbox(t, d, her, her.Person, "")
		if len(all) != 1 || unread(t, d, her.Person) != 1 {
			t.Fatalf("%d notices, %d unread", len(all), unread(t, d, her.Person))
		}
		n := all[0]
		if n.At != clock.Now().UnixMilli() || n.Subject != subject || n.Read != 0 {
			t.Errorf("%+v", n)
		}
		want := "“体温检测”改时间了：原定 2月28日 周五 14:26 – 15:26，改为 2月29日 周六 00:26 – 02:26"
		if got := n.Text(i18n.Chinese); got != want {
			t.Errorf("%s, want %s", got, want)
		}
		if got := n.Text(i18n.English); !strings.Contains(got, "14:26 – 15:26") || strings.Contains(got, "{") {
			t.Error(got)
		}
		c.Write(func(ctx context.Context, tx *db.Tx) error { return notice.Read(ctx, tx, her, n.ID) })
		tell(c, her.Person, "shift/1", "title", "又改")
		if all, _ := inbox(t, d, her, her.Person, ""); unread(t, d, her.Person) != 0 || len(all) != 1 || all[0].Text(i18n.Chinese) != want {
			t.Errorf("what was read changed: %d unread", unread(t, d, her.Person))
		}
		tell(c, her.Person, "shift/1/b", "title", "再改")
		if unread(t, d, her.Person) != 1 {
			t.Error("a new one is not told")
		}
		c.Write(func(ctx context.Context, tx *db.Tx) error { return notice.ReadAll(ctx, tx, her, her.Person) })
		if unread(t, d, her.Person) != 0 {
			t.Error("unread after all were read")
		}
	})
}

func TestAnInboxIsOnesOwn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		guardian, other := c.Volunteer("周建平"), c.Volunteer("李娜")
		ward := c.Ward(guardian, "周小雨", "2008-05-01")
		tell(c, ward, "x", "title", "体温检测")
		all, _ := inbox(t, d, guardian, ward, "")
		if len(all) != 1 {
			t.Fatalf("the guardian sees %d", len(all))
		}
		admin := c.Staff("admin", c.Station, auth.Admin)
		for what, actor := range map[string]auth.Actor{"another": other, "staff": admin, "nobody": {}} {
			if _, _, err := notice.Inbox(t.Context(), d, actor, ward, ""); fail.Key(err) != "notice.unknown" {
				t.Errorf("%s: %v", what, err)
			}
			if err := c.Try(func(ctx context.Context, tx *db.Tx) error { return notice.Read(ctx, tx, actor, all[0].ID) }); fail.Key(err) != "notice.unknown" {
				t.Errorf("%s reads: %v", what, err)
			}
			if err := c.Try(func(ctx context.Context, tx *db.Tx) error { return notice.ReadAll(ctx, tx, actor, ward) }); fail.Key(err) != "notice.unknown" {
				t.Errorf("%s reads all: %v", what, err)
			}
		}
		if unread(t, d, ward) != 1 {
			t.Error("somebody read it")
		}
		if err := c.Try(func(ctx context.Context, tx *db.Tx) error { return notice.Read(ctx, tx, guardian, subject) }); fail.Key(err) != "notice.unknown" {
			t.Errorf("unknown: %v", err)
		}
	})
}

func TestAnInboxHasPages(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		her := c.Volunteer("张玉兰")
		c.Write(func(_ context.Context, tx *db.Tx) error { // all at one moment
			for i := range 70 {
				if err := notice.Tell(tx, her.Person, "roster.skipped", subject, string(rune('a'+i)), "title", "n"); err != nil {
					return err
				}
			}
			return nil
		})
		seen, after, pages := map[id.ID]bool{}, "", 0
		for {
			all, next := inbox(t, d, her, her.Person, after)
			for _, n := range all {
				seen[n.ID] = true
			}
			if pages++; next == "" {
				break
			}
			after = next
		}
		if len(seen) != 70 || pages != 3 {
			t.Errorf("%d notices on %d pages", len(seen), pages)
		}
		if all, _ := inbox(t, d, her, her.Person, "nonsense"); len(all) != 30 {
			t.Errorf("a cursor that is none: %d", len(all))
		}
	})
}

func TestMomentsAreWritten(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	c := peopletest.Plant(t, d)
	her := c.Volunteer("张玉兰")
	c.Write(func(_ context.Context, tx *db.Tx) error {
		return notice.Tell(tx, her.Person, "activity.to_review", subject, "x", "title", "体温检测", "due_at", dbtest.Start.UnixMilli())
	})
	all, _ := inbox(t, d, her, her.Person, "")
	if got := all[0].Text(i18n.Chinese); got != "“体温检测”等待审核，请在 2月28日 周五 14:26 前办结" {
		t.Error(got)
	}
}

func TestTellRefusesAnOddName(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	c := peopletest.Plant(t, d)
	her := c.Volunteer("张玉兰")
	if err := c.Try(func(_ context.Context, tx *db.Tx) error {
		return notice.Tell(tx, her.Person, "roster.moved", subject, "x", "title")
	}); err == nil {
		t.Error("a name without a value")
	}
}

func TestVerify(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		her := c.Volunteer("张玉兰")
		tell(c, her.Person, "x", "title", "t")
		tell(c, subject, "x", "title", "t") // to nobody
		checks, err := notice.Verify(t.Context(), d)
		if err != nil || len(checks) != 3 || checks[0].Checked != 2 || checks[0].Broken != 1 {
			t.Errorf("%+v, %v", checks, err)
		}
	})
}
