package people

import (
	"context"
	"slices"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Purpose is why a masked field is looked at: one of a list, so that nobody types anything
// personal into the reason.
type Purpose string

// Purposes are all purposes.
func Purposes() []Purpose {
	return []Purpose{"contact_shift", "verify_identity", "correct_record", "certificate", "insurance", "emergency", "complaint"}
}

// Label is the message key of a purpose's words.
func (p Purpose) Label() string { return "people.purpose." + string(p) }

// Look asks to see a masked field of a person.
type Look struct {
	Person  id.ID
	Field   Field
	Purpose Purpose
}

// Reveal shows a masked field to staff whose subtree the person belongs to, for a purpose
// and for a while, and tells the audit trail. It answers the field and the end of the while.
func Reveal(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Look) (plain string, until int64, err error) {
	if !slices.Contains(Purposes(), in.Purpose) {
		return "", 0, fail.Field("purpose", "people.purpose_missing")
	}
	if !slices.Contains(Fields(), in.Field) {
		return "", 0, fail.Field("field", "people.field_unknown")
	}
	p, err := Get(ctx, tx, in.Person)
	if err != nil {
		return "", 0, err
	}
	if err := permit(ctx, tx, actor, p.Standing, keepers...); err != nil {
		return "", 0, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return "", 0, err
	}
	until = db.MS(tx.Now.Add(set.RevealFor))
	if err := putReveal(tx, actor, in.Person, in.Field, in.Purpose, until); err != nil {
		return "", 0, err
	}
	if err := audit.Record(tx, actor, audit.Entry{Action: "people.revealed", Subject: in.Person, Org: p.Station,
		After: map[string]any{"field": in.Field, "purpose": in.Purpose, "until": until}}); err != nil {
		return "", 0, err
	}
	plain, err = p.Open(keys, in.Field)
	return plain, until, err
}

// Shown is a person's fields as one reader sees them now: whole where she revealed them and
// the while is not over, masked otherwise; and until when.
type Shown struct {
	Text  map[Field]string
	Until map[Field]int64
}

// Show opens a person's fields for staff.
func Show(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor, p Person, now int64) (Shown, error) {
	s := Shown{Text: map[Field]string{}}
	var err error
	if s.Until, err = LookedAt(ctx, r, actor.Person, p.ID, now); err != nil {
		return s, err
	}
	for _, f := range Fields() {
		plain, err := p.Open(keys, f)
		if err != nil {
			return s, err
		}
		if s.Until[f] == 0 {
			plain = Mask(f, plain)
		}
		s.Text[f] = plain
	}
	return s, nil
}
