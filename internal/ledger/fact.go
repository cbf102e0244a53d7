package ledger

import (
	"crypto/sha256"
	"strconv"

	"tongxin/internal/base/chain"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Grade says how well a quantity is known.
type Grade string

// Recorded by the program as it happened, confirmed by a second person,
// declared by one side only.
const (
	Recorded  Grade = "recorded"
	Confirmed Grade = "confirmed"
	Declared  Grade = "declared"
)

// Fact is one countable thing. Org and Unit are positions; Area a 12-digit
// division code; Campaign, Service and Category numbers of their tables, 0
// where there is none. Day is YYYY-MM-DD in the product's time zone.
type Fact struct {
	ID       id.ID
	Kind     *Kind
	Day      string
	Org      int64
	Unit     int64
	Area     int64
	Campaign int64
	Callup   id.ID
	Service  int64
	Category int64
	Subject  id.ID
	Person   id.ID
	Qty      int64
	Grade    Grade
	By       id.ID
}

var book = chain.Define("ledger", "ledger_fact", "posted",
	"home", "id", "kind", "day", "org", "unit", "area", "campaign", "callup", "service", "category",
	"subject", "person", "qty", "grade", "posted", "by", "reverses", "once")

// Book is the ledger as a chain, for sealing and for as-of moments.
func Book() *chain.Book { return book }

// Post writes a fact. One that lives already under the same kind, subject,
// person and day is refused with Conflict `ledger.twice`; one that was
// reversed is posted anew under the next revision.
func Post(tx *db.Tx, f Fact) error {
	kind, err := f.Kind.number(tx)
	if err != nil {
		return err
	}
	f.ID = tx.NewID(f.Subject.Home())
	for rev := 1; ; rev++ {
		once := f.once(rev)
		fresh, err := book.Append(tx, f.row(tx, kind, "", once)...)
		if err != nil || fresh {
			return err
		}
		_, reversed, err := revision(tx, f.Subject.Home(), kind, once)
		if err != nil {
			return err
		}
		if !reversed {
			return fail.New(fail.Conflict, "ledger.twice")
		}
	}
}

// Reverse takes back the living fact of a kind on a subject, and on a person
// or a day where the kind is per person or per day. It answers whether there
// was one.
func Reverse(tx *db.Tx, k *Kind, subject, person id.ID, day string, by id.ID) (bool, error) {
	kind, err := k.find(tx.Context(), tx)
	if err != nil || kind == 0 {
		return false, err
	}
	probe := Fact{Kind: k, Subject: subject, Person: person, Day: day}
	for rev := 1; ; rev++ {
		f, reversed, err := revision(tx, subject.Home(), kind, probe.once(rev))
		if err != nil || f.ID == "" {
			return false, err
		}
		if reversed {
			continue
		}
		f.Kind = k
		if err := post(tx, f, kind, by); err != nil {
			return false, err
		}
		return true, nil
	}
}

// post writes the reversal of f.
func post(tx *db.Tx, f Fact, kind int64, by id.ID) error {
	original := f.ID
	f.ID, f.Qty, f.By = tx.NewID(f.Subject.Home()), -f.Qty, by
	fresh, err := book.Append(tx, f.row(tx, kind, original, []byte(original))...)
	if err == nil && !fresh {
		return fail.New(fail.Conflict, "ledger.reversed")
	}
	return err
}

// once is the key under which the fact counts a single time.
func (f Fact) once(rev int) []byte {
	key := string(f.Subject)
	if f.Person != "" {
		key += "/" + string(f.Person)
	}
	if f.Kind.Per == PerDay {
		key += "/" + f.Day
	}
	sum := sha256.Sum256([]byte(key + "#" + strconv.Itoa(rev)))
	return sum[:16]
}

func (f Fact) row(tx *db.Tx, kind int64, reverses id.ID, once []byte) []any {
	return f.rowAt(db.MS(tx.Now), kind, reverses, once)
}

// rowAt is the fact as the book keeps it, posted at a moment.
func (f Fact) rowAt(at, kind int64, reverses id.ID, once []byte) []any {
	return []any{
		f.Subject.Home(), string(f.ID), kind, f.Day, f.Org, f.Unit, f.Area, f.Campaign, string(f.Callup), f.Service, f.Category,
		string(f.Subject), string(f.Person), f.Qty, string(f.Grade), at, string(f.By), string(reverses), once,
	}
}

// revision finds the fact posted under one revision and whether it was
// reversed; no id where that revision was never posted.
func revision(tx *db.Tx, home string, kind int64, once []byte) (f Fact, reversed bool, err error) {
	err = tx.QueryRow(tx.Context(), `SELECT id, day, org, unit, area, campaign, callup, service, category, subject, person, qty, grade
		FROM ledger_fact WHERE home = $1 AND kind = $2 AND once = $3`, home, kind, once).
		Scan(&f.ID, &f.Day, &f.Org, &f.Unit, &f.Area, &f.Campaign, &f.Callup, &f.Service, &f.Category, &f.Subject, &f.Person, &f.Qty, &f.Grade)
	if db.NoRows(err) {
		return Fact{}, false, nil
	}
	if err != nil {
		return f, false, err
	}
	var n int
	err = tx.QueryRow(tx.Context(), "SELECT COUNT(*) FROM ledger_fact WHERE home = $1 AND kind = $2 AND once = $3",
		home, kind, []byte(f.ID)).Scan(&n)
	return f, n > 0, err
}
