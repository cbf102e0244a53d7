package roster

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/people"
)

// certificate tells of a certificate: by the station, who has seen it, or by herself.
func (w *world) certificate(of, by auth.Actor, kind int64, expires string) (cert id.ID) {
	w.t.Helper()
	w.must(func(tx *db.Tx) (err error) {
		cert, err = people.AddCertificate(w.ctx, tx, w.Keys, by, of.Person, people.NewCertificate{Kind: kind, Expires: expires})
		return err
	})
	return cert
}

func TestAPostThatAsksForACertificateTakesWhoHoldsItOnTheDay(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		kinds, err := people.CertificateKinds(w.ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		aid, other := kinds[0].ID, kinds[1].ID
		s := w.shift(plan{places: 1, standbys: 1, certificates: people.KindsOf(other, aid, aid)})
		if got := s.Certificates.List(); len(got) != 2 || got[0] != aid {
			t.Fatalf("asks for %v", got)
		}
		crowd := w.crowd(6)
		none, told, ends, holds, next, third := crowd[0], crowd[1], crowd[2], crowd[3], crowd[4], crowd[5]
		for _, who := range crowd[1:] {
			w.certificate(who, w.station, other, "")
		}
		today := db.Day(c.Now())
		seen := w.certificate(told, told, aid, s.Day)
		w.certificate(ends, w.station, aid, today) // the shift is tomorrow
		kept := w.certificate(holds, w.station, aid, s.Day)
		w.certificate(next, w.station, aid, "")
		w.certificate(third, w.station, aid, "")

		for i, want := range []string{"roster.certificate_missing", "roster.certificate_unconfirmed", "roster.certificate_expires", ""} {
			who := crowd[i]
			offers, err := w.open(who)
			if err != nil || len(offers) != 1 || fail.Key(offers[0].Why) != want {
				t.Errorf("she could take %+v, %v; want %q", offers, err, want)
			}
			in, err := Candidates(w.ctx, d, w.get(s.ID), OfInstitute, 50)
			if found := contains(in, who); err != nil || found != (want == "") {
				t.Errorf("asked: %v, want %q, %v", found, want, err)
			}
			if want != "" {
				w.refused(want, func(tx *db.Tx) error { _, err := SignUp(w.ctx, tx, who, Request{Shift: s.ID}); return err })
				w.refused(want, func(tx *db.Tx) error {
					_, err := SignUp(w.ctx, tx, w.leader, Request{Shift: s.ID, Person: who.Person})
					return err
				})
				w.refused(want, func(tx *db.Tx) error { return AskPeople(w.ctx, tx, w.leader, s.ID, []id.ID{who.Person}) })
			}
		}
		w.signUp(s, holds, Primary)
		w.signUp(s, third, Standby)
		w.signUp(s, next, Primary) // waits

		// What is withdrawn afterwards shows, and frees nothing.
		w.must(func(tx *db.Tx) error { return people.WithdrawCertificate(w.ctx, tx, w.station, kept) })
		lacks, err := Uncertified(w.ctx, d, w.get(s.ID))
		if err != nil || len(lacks) != 1 || fail.Key(lacks[holds.Person]) != "roster.certificate_missing" {
			t.Errorf("%v, %v", lacks, err)
		}
		w.seats(s, 1, 1, 1)
		w.state(s, holds, Accepted)

		// Whoever lost hers is passed over: a standby as well as the waiting list.
		for _, who := range []auth.Actor{third, next} {
			all, err := people.CertificatesOf(w.ctx, d, who.Person)
			if err != nil {
				t.Fatal(err)
			}
			for _, cert := range all {
				if cert.Kind == aid {
					w.must(func(tx *db.Tx) error { return people.WithdrawCertificate(w.ctx, tx, w.station, cert.ID) })
				}
			}
		}
		w.withdraw(s, holds)
		w.state(s, third, Accepted) // a standby still
		if u := w.of(s, next); u.State != Lapsed || u.Reason != "roster.skipped_certificate" {
			t.Errorf("%s, %s", u.State, u.Reason)
		}
		w.seats(s, 0, 1, 0)
		w.must(func(tx *db.Tx) error { return people.DecideCertificate(w.ctx, tx, w.station, seen, true) })
		if got := w.signUp(s, told, Primary); got != Accepted {
			t.Error(got)
		}
		c.Set(s.Starting().Add(-10 * time.Minute))
		w.refused("roster.certificate_missing", func(tx *db.Tx) error {
			_, err := WalkUp(w.ctx, tx, w.leader, s.ID, none.Person, "")
			return err
		})
		w.verified()
	})
}

func TestAnOfferIsNotConfirmedWithoutTheCertificate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		kinds, err := people.CertificateKinds(w.ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		crowd := w.crowd(3)
		s := w.shift(plan{places: 1, certificates: people.KindsOf(kinds[0].ID)})
		review := w.shift(plan{places: 1, approval: true, certificates: people.KindsOf(kinds[0].ID)})
		var certs []id.ID
		for _, who := range crowd {
			certs = append(certs, w.certificate(who, w.station, kinds[0].ID, ""))
		}
		w.signUp(s, crowd[0], Primary)
		w.signUp(s, crowd[1], Primary)
		w.signUp(review, crowd[2], Primary)
		w.withdraw(s, crowd[0])
		w.state(s, crowd[1], Offered)
		for _, cert := range certs[1:] {
			w.must(func(tx *db.Tx) error { return people.WithdrawCertificate(w.ctx, tx, w.station, cert) })
		}
		w.refused("roster.certificate_missing", func(tx *db.Tx) error {
			_, err := Confirm(w.ctx, tx, crowd[1], s.ID, crowd[1].Person)
			return err
		})
		w.refused("roster.certificate_missing", func(tx *db.Tx) error {
			_, err := Decide(w.ctx, tx, w.leader, review.ID, crowd[2].Person, true, "")
			return err
		})
		w.verified()
	})
}

func contains(all []Candidate, who auth.Actor) bool {
	for _, k := range all {
		if k.Person.ID == who.Person {
			return true
		}
	}
	return false
}

func TestWhoseCertificateEndsSoonIsToldOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		run := jobs.NewRunner(d)
		Handle(run)
		run.Handle(activity.JobEscalate, activity.Escalate)
		kinds, err := people.CertificateKinds(w.ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		aid, other := kinds[0].ID, kinds[1].ID
		s := w.shift(plan{places: 5, certificates: people.KindsOf(aid)})
		crowd := w.crowd(6)
		soon, later, good, renewed, unseen, withdrawn := crowd[0], crowd[1], crowd[2], crowd[3], crowd[4], crowd[5]
		day := func(n int) string { return db.Day(c.Now().AddDate(0, 0, n)) }
		w.certificate(soon, w.station, aid, day(20))
		w.certificate(later, w.station, aid, day(33))
		w.certificate(good, w.station, aid, "")
		w.certificate(renewed, w.station, aid, day(10))
		w.certificate(renewed, w.station, aid, day(400))
		w.certificate(renewed, w.station, other, "")
		w.certificate(unseen, unseen, aid, day(10))
		gone := w.certificate(withdrawn, w.station, aid, day(10))
		w.must(func(tx *db.Tx) error { return people.WithdrawCertificate(w.ctx, tx, w.station, gone) })
		for _, who := range []auth.Actor{soon, later, good, renewed} {
			w.must(func(tx *db.Tx) error { _, err := SignUp(w.ctx, tx, who, Request{Shift: s.ID}); return err })
		}
		told := func(want ...int) {
			t.Helper()
			if err := run.RunDue(w.ctx); err != nil {
				t.Fatal(err)
			}
			for i, who := range crowd {
				all, _, err := notice.Inbox(w.ctx, d, who, who.Person, "")
				n := 0
				for _, x := range all {
					if x.Kind == "roster.certificate_ends" {
						n++
					}
				}
				if err != nil || n != want[i] {
					t.Errorf("volunteer %d was told %d times, want %d, %v", i, n, want[i], err)
				}
			}
		}
		told(0, 0, 0, 0, 0, 0) // planned
		c.Add(7 * time.Hour)
		told(1, 0, 0, 0, 0, 0)
		c.Add(7 * time.Hour)
		told(1, 0, 0, 0, 0, 0)

		// Who plans her shifts sees it.
		ends, err := Ending(w.ctx, d, w.get(s.ID), day(30))
		if err != nil || len(ends) != 1 || fail.Key(ends[soon.Person]) != "roster.certificate_ends" {
			t.Errorf("ends %v, %v", ends, err)
		}
		c.Add(4 * 24 * time.Hour)
		told(1, 1, 0, 0, 0, 0)

		// Days before by setting; many are told in parts.
		w.must(func(tx *db.Tx) error { return config.Save(tx, "roster.certificate_ends", "1") })
		w.certificate(good, w.station, other, day(3))
		c.Add(7 * time.Hour)
		told(1, 1, 0, 0, 0, 0)
		w.must(func(tx *db.Tx) error { return config.Save(tx, "roster.certificate_ends", "3") })
		c.Add(7 * time.Hour)
		told(1, 1, 1, 0, 0, 0)
		w.verified()
	})
}
