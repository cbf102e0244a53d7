package people_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

var web = auth.Actor{Via: auth.Web}

// request asks for a code, which must be given unless a refusal is wanted.
func request(t *testing.T, c *peopletest.City, phone, refusal string) (code people.Code) {
	t.Helper()
	err := c.Try(func(ctx context.Context, tx *db.Tx) (err error) {
		code, err = people.RequestCode(ctx, tx, c.Keys, phone)
		return err
	})
	if fail.Key(err) != refusal {
		t.Fatalf("request: %v, want %q", err, refusal)
	}
	return code
}

func enter(t *testing.T, c *peopletest.City, phone, code string) (in people.Entered) {
	t.Helper()
	c.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		in, err = people.Enter(ctx, tx, c.Keys, web, people.Entry{Phone: phone, Code: code})
		return err
	})
	return in
}

// wrong is a code of six digits that is not this one.
func wrong(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestCodesAreBounded(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		request(t, c, phone, "")
		request(t, c, phone, "people.code_wait")
		clock.Add(59 * time.Second)
		request(t, c, phone, "people.code_wait")
		clock.Add(time.Second)
		for range 9 {
			request(t, c, phone, "")
			clock.Add(time.Minute)
		}
		request(t, c, phone, "people.code_daily")
		request(t, c, c.Phone(), "") // another number has its own
		clock.Set(time.Date(2020, 2, 29, 0, 0, 0, 0, dbtest.Start.Location()))
		request(t, c, phone, "")
		for _, bad := range []string{"", "1380013800", "23800138000", "02389993131", "１３８"} {
			request(t, c, bad, "ident.mobile")
		}
	})
}

// One address of the network may ask for many numbers, but not for any number of them; the next day it may again, and
// what was counted is no code.
func TestAnAddressAsksForSoManyCodes(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		ask := func(sender string) string {
			return fail.Key(c.Try(func(ctx context.Context, tx *db.Tx) error {
				_, err := people.RequestCodeFrom(ctx, tx, c.Keys, c.Phone(), sender)
				return err
			}))
		}
		for range 200 {
			if key := ask("192.0.2.7"); key != "" {
				t.Fatal(key)
			}
		}
		for sender, want := range map[string]string{"192.0.2.7": "people.code_sender", "192.0.2.8": "", "": ""} {
			if key := ask(sender); key != want {
				t.Errorf("%q: %q, want %q", sender, key, want)
			}
		}
		clock.Add(24 * time.Hour)
		if key := ask("192.0.2.7"); key != "" {
			t.Error(key)
		}
	})
}

func TestTheAnswerDoesNotTellWhoIsKnown(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		known, unknown := c.Phone(), c.Phone()
		c.Join(c.Form("张玉兰", known))
		clock.Add(time.Minute)
		for _, digits := range []string{"000000", "12345", "", "abcdef"} {
			a, b := enter(t, c, known, digits), enter(t, c, unknown, digits)
			if fail.Key(a.Refused) != "people.code_wrong" || a.Refused.Error() != b.Refused.Error() || a.Ticket+b.Ticket != "" {
				t.Errorf("without a code: %v and %v", a.Refused, b.Refused)
			}
		}
		codes := []people.Code{request(t, c, known, ""), request(t, c, unknown, "")}
		if codes[0].Until != codes[1].Until || len(codes[0].Digits) != 6 || len(codes[1].Digits) != 6 {
			t.Errorf("codes %v", codes)
		}
		for i, phone := range []string{known, unknown} {
			in := enter(t, c, phone, wrong(codes[i].Digits))
			if fail.Key(in.Refused) != "people.code_wrong" {
				t.Errorf("a wrong code: %v", in.Refused)
			}
		}
		// only who has the code learns the rest
		if in := enter(t, c, known, codes[0].Digits); in.Refused != nil || in.Started.Secret == "" || in.Ticket != "" {
			t.Errorf("known: %+v", in)
		}
		if in := enter(t, c, unknown, codes[1].Digits); in.Refused != nil || in.Started.Secret != "" || in.Ticket == "" {
			t.Errorf("unknown: %+v", in)
		}
	})
}

func TestACodeIsGoodOnceForAWhileAndForFewTries(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		refused := func(what, phone, code string) {
			t.Helper()
			if in := enter(t, c, phone, code); fail.Key(in.Refused) != "people.code_wrong" || in.Ticket != "" {
				t.Errorf("%s: %v, ticket %q", what, in.Refused, in.Ticket)
			}
		}
		phone := c.Phone()
		code := request(t, c, phone, "").Digits
		if in := enter(t, c, "＋８６ "+phone, " "+code[:3]+" "+code[3:]); in.Refused != nil {
			t.Fatalf("with spaces and full-width signs: %v", in.Refused)
		}
		refused("used", phone, code)

		old := c.Phone()
		code = request(t, c, old, "").Digits
		clock.Add(5 * time.Minute)
		refused("after five minutes", old, code)

		replaced := c.Phone()
		code = request(t, c, replaced, "").Digits
		clock.Add(time.Minute)
		next := request(t, c, replaced, "").Digits
		if next != code {
			refused("replaced by a newer", replaced, code)
		}
		if in := enter(t, c, replaced, next); in.Refused != nil {
			t.Errorf("the newer: %v", in.Refused)
		}

		tried := c.Phone()
		code = request(t, c, tried, "").Digits
		for range 4 {
			refused("a wrong try", tried, wrong(code))
		}
		if in := enter(t, c, tried, code); in.Refused != nil {
			t.Errorf("the fifth try: %v", in.Refused)
		}
		clock.Add(time.Minute)
		code = request(t, c, tried, "").Digits
		for range 5 {
			refused("a wrong try", tried, wrong(code))
		}
		refused("the sixth try", tried, code)
		refused("another's", c.Phone(), code)
	})
}

func TestRacersHaveFiveTriesTogether(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		code := request(t, c, phone, "").Digits
		var wg sync.WaitGroup
		for range 40 {
			wg.Go(func() {
				_ = c.Try(func(ctx context.Context, tx *db.Tx) error {
					_, err := people.Enter(ctx, tx, c.Keys, web, people.Entry{Phone: phone, Code: wrong(code)})
					return err
				})
			})
		}
		wg.Wait()
		var tries int
		if err := d.QueryRow(t.Context(), "SELECT tries FROM people_code").Scan(&tries); err != nil || tries != 5 {
			t.Errorf("%d tries counted, %v", tries, err)
		}
		if in := enter(t, c, phone, code); in.Refused == nil {
			t.Error("the right code after forty wrong ones")
		}
	})
}

// One code, many who give it at once: one of them gets in.
func TestRacersShareOneCode(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		phone := c.Phone()
		code := request(t, c, phone, "").Digits
		var mu sync.Mutex
		var wg sync.WaitGroup
		in := 0
		for range 16 {
			wg.Go(func() {
				var e people.Entered
				err := c.Try(func(ctx context.Context, tx *db.Tx) (err error) {
					e, err = people.Enter(ctx, tx, c.Keys, web, people.Entry{Phone: phone, Code: code})
					return err
				})
				mu.Lock()
				defer mu.Unlock()
				if err == nil && e.Refused == nil {
					in++
				}
			})
		}
		wg.Wait()
		if in != 1 {
			t.Errorf("%d got in with one code", in)
		}
	})
}

func TestTickets(t *testing.T) {
	d, clock := dbtest.Open(t, db.SQLite)
	c := peopletest.Plant(t, d)
	phone := c.Phone()
	ticket := c.Ticket(phone)
	if got, err := people.TicketPhone(c.Keys, ticket, clock.Now()); got != phone || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	for what, bad := range map[string]string{"": "", "cut": ticket[:20], "altered": ticket[:len(ticket)-3] + "AAA", "none": "!!"} {
		if _, err := people.TicketPhone(c.Keys, bad, clock.Now()); fail.Key(err) != "people.ticket_over" {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, err := people.TicketPhone(c.Keys, ticket, clock.Now().Add(time.Hour+time.Second)); fail.Key(err) != "people.ticket_over" {
		t.Errorf("an hour later: %v", err)
	}
}
