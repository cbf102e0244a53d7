package people_test

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

func TestACertificateCountsOnceANamedPersonHasSeenIt(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		m := mergersIn(t, d)
		her := m.Volunteer("王小明")
		kinds, err := people.CertificateKinds(t.Context(), d)
		if err != nil || len(kinds) == 0 {
			t.Fatalf("%d kinds, %v", len(kinds), err)
		}
		kind, today := kinds[0].ID, db.Day(c.Now())
		soon := db.Day(c.Now().Add(10 * 24 * time.Hour))
		add := func(by auth.Actor, in people.NewCertificate) (cert id.ID, err error) {
			err = m.Try(func(ctx context.Context, tx *db.Tx) (err error) {
				cert, err = people.AddCertificate(ctx, tx, m.Keys, by, her.Person, in)
				return err
			})
			return cert, err
		}
		decide := func(by auth.Actor, cert id.ID, seen bool) error {
			return m.Try(func(ctx context.Context, tx *db.Tx) error { return people.DecideCertificate(ctx, tx, by, cert, seen) })
		}
		holds := func(day string) bool {
			all, err := people.CertificatesOf(t.Context(), d, her.Person)
			if err != nil {
				t.Fatal(err)
			}
			gap, _ := people.GapOf(all, kind, day)
			return gap == people.NoGap
		}
		for key, in := range map[string]people.NewCertificate{
			"people.certificate_kind":    {Kind: 999},
			"people.certificate_no":      {Kind: kind, No: "<b>"},
			"people.certificate_day":     {Kind: kind, Issued: "2月3日"},
			"people.certificate_issued":  {Kind: kind, Issued: soon},
			"people.certificate_expired": {Kind: kind, Expires: "2019-12-31"},
		} {
			_, err := add(her, in)
			refusedWith(t, err, key)
		}
		cert, err := add(her, people.NewCertificate{Kind: kind, No: "JS-2019（０１）", Issued: "2019-03-01", Expires: soon})
		if err != nil {
			t.Fatal(err)
		}
		if holds(today) {
			t.Error("nobody has seen it, and it counts")
		}
		waiting, err := people.FindCertificates(t.Context(), d, m.station, people.CertificateFilter{Org: m.Station, State: people.CertificateTold, Limit: 10})
		if err != nil || len(waiting) != 1 {
			t.Errorf("%d wait, %v", len(waiting), err)
		}
		refusedWith(t, decide(her, cert, true), "people.certificate_own")
		refusedWith(t, decide(m.far, cert, true), "org.out_of_reach")
		if err := decide(m.station, cert, true); err != nil {
			t.Fatal(err)
		}
		refusedWith(t, decide(m.station, cert, false), "people.certificate_decided")
		if !holds(today) || !holds(soon) || holds(db.Day(c.Now().Add(11*24*time.Hour))) {
			t.Error("it does not hold from now until it expires")
		}
		for until, want := range map[string]int{today: 0, soon: 1} {
			for _, by := range []auth.Actor{m.station, m.institute} {
				got, err := people.FindCertificates(t.Context(), d, by, people.CertificateFilter{Org: by.Grants[0].Org, State: people.CertificateConfirmed, Until: until, Limit: 10})
				if err != nil || len(got) != want {
					t.Errorf("until %s %d expire, want %d, %v", until, len(got), want, err)
				}
			}
		}
		if err := m.Try(func(ctx context.Context, tx *db.Tx) error {
			return people.WithdrawCertificate(ctx, tx, m.station, cert)
		}); err != nil {
			t.Fatal(err)
		}
		if holds(today) {
			t.Error("it was withdrawn, and it counts")
		}
		// What staff enters, staff has seen; and a merged record's count for the one that stands.
		cert, err = add(m.station, people.NewCertificate{Kind: kind})
		if err != nil || !holds(soon) {
			t.Errorf("what staff entered does not count: %v", err)
		}
		other := m.Volunteer("王小明")
		p, err := m.propose(m.station, her.Person, other.Person)
		if err == nil {
			err = m.decide(m.institute, p, true)
		}
		if err != nil {
			t.Fatal(err)
		}
		m.jobs()
		all, err := people.CertificatesOf(t.Context(), d, other.Person)
		if gap, _ := people.GapOf(all, kind, soon); err != nil || gap != people.NoGap {
			t.Errorf("the survivor holds %+v, %v", all, err)
		}
		if no, err := all[len(all)-1].No(m.Keys); err != nil || no != "JS-2019(01)" {
			t.Errorf("its number is %q, %v", no, err)
		}
	})
}
