package app_test

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/archive"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/people"
)

// wish keeps how somebody wants to be told: by no channel of a topic, in a language, without quiet hours.
func (s *post) wish(her auth.Actor, not notice.Topic, lang string) {
	s.t.Helper()
	w := notice.Wishes{Lang: lang, Chosen: map[notice.Topic][]notice.Channel{}}
	for _, t := range notice.Topics() {
		if t != not {
			w.Chosen[t] = notice.Channels()
		}
	}
	s.Write(func(ctx context.Context, tx *db.Tx) error { return notice.Wish(ctx, tx, her, her.Person, w) })
}

// sent are the messages that left, as "address text".
func (s *post) sent() (all []string) {
	for _, m := range s.p.took {
		all = append(all, m.To+" "+m.Text)
	}
	return all
}

// TestSheIsWrittenToInHerLanguage: who chose English gets her mail in English; a text message is
// in the words that the provider agreed to.
func TestSheIsWrittenToInHerLanguage(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.SMS, notice.Mail)
		her, other := s.withMail("张玉兰", "zhang@example.org"), s.withMail("李娜", "li@example.org")
		s.wish(her, "", i18n.English)
		for _, who := range []auth.Actor{her, other} {
			s.tell(who.Person, "roster.cancelled", "a", "title", "体温检测", "starts", dbtest.Start.UnixMilli(), "ends", dbtest.Start.UnixMilli()+3_600_000)
		}
		s.run()
		for _, m := range s.p.took {
			english := strings.Contains(m.Text, "is cancelled")
			if english != (m.To == "zhang@example.org") || english != strings.HasPrefix(m.Title, i18n.T(i18n.English, "web.brand")) {
				t.Errorf("%s: %s: %s", m.To, m.Title, m.Text)
			}
		}
		if len(s.p.took) != 4 {
			t.Errorf("%d were sent", len(s.p.took))
		}
		err := s.Try(func(ctx context.Context, tx *db.Tx) error {
			return notice.Wish(ctx, tx, her, her.Person, notice.Wishes{Lang: "fr"})
		})
		if err == nil {
			t.Error("she is to be written to in a language that there is not")
		}
	})
}

// TestTheMergedAreToldOnce: what one of two records had not been told is told to the survivor, once, as
// she wants it; parted again, each is told what is hers.
func TestTheMergedAreToldOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.Mail)
		s.Write(func(ctx context.Context, tx *db.Tx) error { return activity.Install(ctx, tx) })
		r := jobs.NewRunner(d)
		app.Handle(r)
		station, institute := s.Staff("station", s.Station, auth.Admin), s.Staff("institute", s.Institute, auth.Admin)
		her, two := s.withMail("张玉兰", "zhang@example.org"), s.withMail("张玉兰", "two@example.org")
		s.wish(her, notice.Hours, "")
		s.wish(two, "", i18n.English)
		s.tell(two.Person, "roster.accepted", "both", "title", "都有")
		s.tell(her.Person, "roster.accepted", "both", "title", "都有")
		s.tell(two.Person, "roster.proxy_accepted", "two", "title", "她的")
		s.tell(two.Person, "roster.confirmed", "hours", "title", "时长")
		s.run()
		var m people.Merge
		s.Write(func(ctx context.Context, tx *db.Tx) (err error) {
			m, err = people.ProposeMerge(ctx, tx, s.Keys, station, two.Person, her.Person)
			return err
		})
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := people.DecideMerge(ctx, tx, s.Keys, institute, m.ID, true)
			return err
		})
		if err := r.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.p.took = nil
		clock.Add(10 * time.Minute)
		s.run()
		clock.Add(10 * time.Minute)
		s.run()
		var mine []string
		for _, line := range s.sent() {
			if strings.HasPrefix(line, "two@") {
				t.Errorf("sent to a record that is none: %s", line)
			}
			if strings.Contains(line, "都有") || strings.Contains(line, "她的") || strings.Contains(line, "时长") {
				mine = append(mine, line)
			}
		}
		// about one subject: the later one stands for both
		if len(mine) != 1 || !strings.HasPrefix(mine[0], "zhang@example.org ") {
			t.Errorf("the survivor was sent %q", mine)
		}
		if n := unread(t, d, her.Person); n < 3 {
			t.Errorf("%d unread in her inbox", n)
		}
		s.holds()

		s.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := people.Unmerge(ctx, tx, institute, m.ID)
			return err
		})
		if err := r.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		clock.Add(10 * time.Minute)
		s.run()
		s.p.took = nil
		s.tell(two.Person, "roster.cancelled", "after", "title", "分开以后")
		s.run()
		if got := s.sent(); len(got) != 1 || !strings.HasPrefix(got[0], "two@example.org ") || !strings.Contains(got[0], "cancelled") {
			t.Errorf("parted, she was sent %q", got)
		}
		s.holds()
	})
}

// TestDeliveriesAndWishesAreInABackup: a restored installation goes on where the other stood: it sends what
// waited, under the key that it had, where and as people wanted it.
func TestDeliveriesAndWishesAreInABackup(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		s := openPost(t, d, clock, notice.Mail, notice.SMS)
		her := s.withMail("张玉兰", "zhang@example.org")
		s.wish(her, notice.Calls, i18n.English)
		s.tell(her.Person, "roster.accepted", "a", "title", "体温检测")
		s.tell(her.Person, "callup.asked", "b", "title", "不要")
		if _, err := s.c.Queue(t.Context()); err != nil {
			t.Fatal(err)
		}
		var file bytes.Buffer
		if _, err := archive.Write(t.Context(), d, &file); err != nil {
			t.Fatal(err)
		}
		clock.Add(5 * time.Minute)
		s.run()
		first := s.p.took

		back, err := db.Open(t.Context(), "file:"+filepath.Join(t.TempDir(), "back.db"), db.Options{Now: clock.Now})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { back.Close() })
		if _, err := archive.Load(t.Context(), back, &file); err != nil {
			t.Fatal(err)
		}
		again := &provider{}
		c := app.NewCourier(back, s.Keys)
		c.Through(again)
		if err := c.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		spell := func(all []string) string { return fmt.Sprint(len(all), all) }
		var one, other []string
		for _, m := range first {
			one = append(one, m.Key+m.To[:2]+m.Text)
		}
		for _, m := range again.took {
			other = append(other, m.Key+m.To[:2]+m.Text)
		}
		if len(one) != 2 || !sameSet(one, other) {
			t.Errorf("sent were %s, by the restored %s", spell(one), spell(other))
		}
		if w, err := notice.WishesOf(t.Context(), back, her, her.Person); err != nil || w.Lang != i18n.English || len(w.Chosen[notice.Calls]) != 0 {
			t.Errorf("%+v %v", w, err)
		}
	})
}

func sameSet(a, b []string) bool {
	n := map[string]int{}
	for _, s := range a {
		n[s]++
	}
	for _, s := range b {
		n[s]--
	}
	for _, v := range n {
		if v != 0 {
			return false
		}
	}
	return len(a) == len(b)
}
