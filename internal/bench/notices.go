package bench

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/send"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// Telling is the kind of a measurement of notices, and Queueing its stage.
const (
	Telling  Kind  = "notices"
	Queueing Stage = "queueing"
)

// NoticesOptions say to how many the call goes.
type NoticesOptions struct {
	Options
	People int
}

// Notices is what was measured of a call to many while people sign up. Rates are of accepted
// sign-ups a second. Queued is until the last of them has her notice and her delivery by text
// message; sending goes on meanwhile, to a provider that takes everything.
type Notices struct {
	People   int64   `json:"people"`
	Queued   float64 `json:"queued_s"`
	Alone    float64 `json:"signups_alone_per_s"`
	Along    float64 `json:"signups_meanwhile_per_s"`
	Ratio    float64 `json:"signups_ratio"`
	Sent     int64   `json:"sent_meanwhile"`
	Errors   int64   `json:"errors"`
	VerifyOK bool    `json:"verify_ok"`
}

// telling is such a measurement.
type telling struct {
	*bench
	r Notices
}

// RunNotices measures how fast a call to many is queued, and what that leaves of the rate at
// which people sign up.
func RunNotices(ctx context.Context, o NoticesOptions) (r Notices, err error) {
	if o.Tell == nil {
		o.Tell = func(Stage) {}
	}
	o.Kind = Telling
	if o.Keys, err = crypt.Path(o.DSN, o.Keys); err != nil {
		return r, err
	}
	m := &telling{bench: &bench{Options: o.Options, rows: o.People}}
	defer func() { err = errors.Join(err, m.clean()) }()
	o.Tell(Copying)
	staged, err := m.copy(ctx, o.DSN)
	if err != nil {
		return r, err
	}
	o.Tell(Staging)
	p, _, err := m.stage(ctx, staged)
	if err != nil {
		return r, fmt.Errorf("bench: staging: %w", err)
	}
	err = m.run(ctx, staged, p)
	return m.r, err
}

// taking is a provider that takes everything, as fast as gateways do.
type taking struct{}

func (taking) Send(ctx context.Context, _ send.Message) error {
	wait(ctx, 100*time.Millisecond)
	return ctx.Err()
}

// run serves the stage, has people sign up alone, and then while everybody is called.
func (m *telling) run(ctx context.Context, dsn string, p *plan) (err error) {
	a, err := m.open(ctx, dsn, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	a.Courier.Through(taking{})
	var signups measured
	err = m.served(ctx, a, func(addr string) error {
		c, err := m.crowd(a, p, addr)
		if err != nil {
			return err
		}
		defer c.close()
		m.Tell(Alone)
		c.begin()
		wait(ctx, m.warmUp())
		before := c.rate(ctx, m.For)
		from, began := c.accepted(), time.Now()
		if err := m.call(ctx, a); err != nil {
			return err
		}
		m.r.Queued = time.Since(began).Seconds()
		m.r.Along = float64(c.accepted()-from) / m.r.Queued
		m.Tell(After)
		after := c.rate(ctx, m.For)
		all, dry := c.end()
		if m.r.Alone = (before + after) / 2; !dry.IsZero() {
			m.r.Alone = before
		}
		m.r.Ratio, m.r.Errors, signups = m.r.Along/m.r.Alone, all.errors, all
		return c.err()
	})
	if err != nil {
		return err
	}
	m.Tell(Checking)
	if m.r.People, m.r.Sent, err = announced(ctx, a.DB); err != nil {
		return err
	}
	m.r.VerifyOK, err = m.check(ctx, a, p, signups)
	m.r.VerifyOK = m.r.VerifyOK && m.r.People >= int64(m.rows)
	return err
}

// call calls everybody and waits until the last is queued.
func (m *telling) call(ctx context.Context, a *app.App) error {
	m.Tell(Queueing)
	roots, _, err := org.List(ctx, a.DB, org.Filter{Direct: true})
	if err != nil {
		return err
	}
	subject := roots[0].ID
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		return notice.Announce(ctx, tx, subject, "callup.asked", subject, "title", "Bench", "until_at", db.MS(tx.Now.Add(time.Hour)))
	})
	if err != nil {
		return err
	}
	for busy := true; busy; {
		wait(ctx, 20*time.Millisecond)
		if busy, err = announcing(ctx, a.DB); err != nil {
			return err
		}
	}
	return nil
}

// channels opens text messages on the stage, with a template for everything.
func (s *setter) channels(ctx context.Context) error {
	at := auth.Actor{Person: auth.SystemID, Via: auth.CLI, Grants: []auth.Grant{{Org: s.centers[0].ID, Role: auth.SystemAdmin}}}
	return s.write(ctx, func(ctx context.Context, tx *db.Tx) error {
		err := notice.SetUp(ctx, tx, s.a.Keys, at, notice.SMS, true, map[string]string{"url": "https://sms.example.com", "access": "bench", "signature": "bench", "secret": "bench"})
		if err != nil {
			return err
		}
		return notice.SaveTemplate(ctx, tx, at, notice.Template{Channel: notice.SMS, Kind: notice.Any, Code: "bench", Text: "${text}"})
	})
}
