package ledger

import (
	"context"
	"crypto/sha256"
	"time"

	"tongxin/internal/base/chain"
	"tongxin/internal/base/db"
)

// Check is one line of verify.
type Check = chain.Check

// Verify checks the book itself: its chain, and that every reversal mirrors
// the fact it reverses.
func Verify(ctx context.Context, r db.Reader, now time.Time) ([]Check, error) {
	checks, err := book.Verify(ctx, r, now)
	if err != nil {
		return nil, err
	}
	mirror, err := verifyReversals(ctx, r)
	return append(checks, mirror), err
}

// verifyReversals finds reversals that do not repeat what they reverse, that
// reverse nothing, or that reverse a reversal.
func verifyReversals(ctx context.Context, r db.Reader) (Check, error) {
	c := Check{Name: "ledger.reversals"}
	rows, err := r.Query(ctx, `/* across homes: verify reads everything */
		SELECT v.id, CASE WHEN f.id IS NOT NULL AND f.reverses = '' AND f.qty = -v.qty AND f.day = v.day AND f.org = v.org
			AND f.unit = v.unit AND f.area = v.area AND f.campaign = v.campaign AND f.callup = v.callup AND f.service = v.service
			AND f.category = v.category AND f.subject = v.subject AND f.person = v.person AND f.grade = v.grade
			AND (v.seq IS NULL OR f.seq < v.seq) THEN 1 ELSE 0 END
		FROM ledger_fact v LEFT JOIN ledger_fact f ON f.home = v.home AND f.id = v.reverses AND f.kind = v.kind
		WHERE v.reverses <> ''`)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var at string
		var ok int
		if err := rows.Scan(&at, &ok); err != nil {
			return c, err
		}
		c.Checked++
		if ok == 0 {
			c.Break(at)
		}
	}
	return c, rows.Err()
}

// living selects the facts of a kind that are not reversed.
const living = `/* across homes: verify reads everything */
	SELECT f.subject, f.person, f.day, f.qty, f.grade, f.org, f.unit, f.area, f.campaign, f.service, f.category
	FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind
	WHERE k.key = $1 AND f.reverses = ''
	AND NOT EXISTS (SELECT 1 FROM ledger_fact v WHERE v.home = f.home AND v.kind = f.kind AND v.reverses = f.id AND v.reverses <> '')`

// Recount compares the living facts of a kind with the records that they
// should follow from: the same subjects, persons and days on both sides, with
// the same quantity. Records are given by the owner of the kind as facts with
// Subject, Person, Day (where the kind is per day), Qty and Grade; a zero Org
// or Unit is not compared.
func Recount(ctx context.Context, r db.Reader, k *Kind, records []Fact) (Check, error) {
	return RecountEach(ctx, r, k, func(yield func(Fact)) error {
		for _, f := range records {
			yield(f)
		}
		return nil
	})
}

// RecountEach is Recount of more records than one would hold: each gives one
// after the other, and again where some are to be named. A city's turns are a
// million.
func RecountEach(ctx context.Context, r db.Reader, k *Kind, each func(yield func(Fact)) error) (Check, error) {
	c := Check{Name: "recount." + k.Key}
	want := map[fingerprint]int32{}
	var records []record
	err := each(func(f Fact) {
		key := k.fingerprint(f)
		if at, twice := want[key]; twice {
			records[at] = recordOf(f)
			return
		}
		want[key] = int32(len(records))
		records = append(records, recordOf(f))
	})
	if err != nil {
		return c, err
	}
	rows, err := r.Query(ctx, living, k.Key)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var f Fact
		if err := rows.Scan(&f.Subject, &f.Person, &f.Day, &f.Qty, &f.Grade, &f.Org, &f.Unit, &f.Area, &f.Campaign, &f.Service, &f.Category); err != nil {
			return c, err
		}
		c.Checked++
		key := k.fingerprint(f)
		at, ok := want[key]
		if !ok || !records[at].matches(recordOf(f)) {
			c.Break(k.spell(f))
		}
		delete(want, key)
	}
	if err := rows.Err(); err != nil || len(want) == 0 {
		return c, err
	}
	return c, each(func(f Fact) {
		if key := k.fingerprint(f); has(want, key) {
			delete(want, key)
			c.Checked++
			c.Break(k.spell(f))
		}
	})
}

// fingerprint stands for what makes a fact of a kind the same fact again.
type fingerprint [16]byte

func (k *Kind) fingerprint(f Fact) (key fingerprint) {
	sum := sha256.Sum256([]byte(k.spell(f)))
	copy(key[:], sum[:])
	return key
}

// spell is what makes a fact of the kind the same fact again.
func (k *Kind) spell(f Fact) string {
	s := string(f.Subject) + "/" + string(f.Person)
	if k.Per == PerDay {
		s += "/" + f.Day
	}
	return s
}

func has(all map[fingerprint]int32, key fingerprint) bool { _, ok := all[key]; return ok }

// record is what is compared of a fact, in few bytes.
type record struct {
	qty, area                              int64
	org, unit, campaign, service, category int32
	day                                    int32 // as a number, 20200228; 0 without one
	grade                                  byte
}

func recordOf(f Fact) record {
	r := record{qty: f.Qty, area: f.Area, org: int32(f.Org), unit: int32(f.Unit), campaign: int32(f.Campaign), service: int32(f.Service),
		category: int32(f.Category)}
	for _, c := range []byte(f.Day) {
		if c >= '0' && c <= '9' {
			r.day = r.day*10 + int32(c-'0')
		}
	}
	if f.Grade != "" {
		r.grade = f.Grade[0]
	}
	return r
}

// matches says whether a fact is what the record w should have posted.
func (w record) matches(f record) bool {
	return w.qty == f.qty && w.grade == f.grade && (w.day == 0 || w.day == f.day) &&
		(w.org == 0 || w.org == f.org) && (w.unit == 0 || w.unit == f.unit) && (w.area == 0 || w.area == f.area) &&
		(w.campaign == 0 || w.campaign == f.campaign) && (w.service == 0 || w.service == f.service) &&
		(w.category == 0 || w.category == f.category)
}
