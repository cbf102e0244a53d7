package people

import (
	"context"
	"crypto/sha256"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
)

// ConsentKind is what was agreed to.
type ConsentKind string

// The kinds. Its sentence, as it is shown, is the message key people.consent.KIND.
const (
	Terms     ConsentKind = "terms"     // that her data are kept, why and how long
	Political ConsentKind = "political" // that a political category is kept
	IDNumber  ConsentKind = "idno"      // that her identity number is kept
	Minor     ConsentKind = "minor"     // a guardian: that a minor takes part
	Child     ConsentKind = "child"     // a guardian, besides: that data of a child under 14 are kept
	Proxy     ConsentKind = "proxy"     // an adult: that another acts for her
)

// Channel is how somebody agreed.
type Channel string

// The channels.
const (
	OnWeb   Channel = "web"
	OnPaper Channel = "paper" // signed at a station, entered by staff
)

// Agreed is what was agreed to with a form, and in which language it was read.
type Agreed struct {
	Terms, Political, IDNumber, Minor, Child, Proxy bool
	Lang                                            string
}

// Text is the sentence of a consent in a language, as it was shown.
func (k ConsentKind) Text(lang string) string { return i18n.T(lang, "people.consent."+string(k)) }

// agree records consents given by one person, for herself or for her ward.
func agree(tx *db.Tx, person, by id.ID, channel Channel, lang string, kinds ...ConsentKind) error {
	for _, k := range kinds {
		if err := putConsent(tx, person, k, textHash(k, lang), by, channel); err != nil {
			return err
		}
	}
	return nil
}

// textHash stands for the sentence that was shown.
func textHash(k ConsentKind, lang string) []byte {
	text := sha256.Sum256([]byte(k.Text(lang)))
	return text[:]
}

// guardianKinds are the consents that a guardian gives for one of that birth, and what is
// missing of them.
func (a Agreed) guardianKinds(b born, today string) ([]ConsentKind, error) {
	if !a.Minor {
		return nil, fail.Field("minor", "people.minor_consent_missing")
	}
	if !b.isChild(today) {
		return []ConsentKind{Minor}, nil
	}
	if !a.Child {
		return nil, fail.Field("child", "people.child_consent_missing")
	}
	return []ConsentKind{Minor, Child}, nil
}

// Withdraw takes back an agreement, as easily as it was given. Without the political one the
// category falls back to the public; without the one for the identity number the number is
// deleted; without a guardian's consent a minor takes no part; without her own an adult is
// acted for no more. The terms are taken back by closing the account.
func Withdraw(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID, kind ConsentKind) error {
	if _, err := MayActFor(ctx, tx, actor, person); err != nil {
		return err
	}
	p, err := Get(ctx, tx, person)
	if err != nil {
		return err
	}
	if err := mayWithdraw(actor, p, kind); err != nil {
		return err
	}
	held, err := endConsents(tx, person, kind)
	if err != nil {
		return err
	}
	if !held {
		return fail.New(fail.Conflict, "people.consent_not_given")
	}
	if err := undoConsented(ctx, tx, p, kind); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.consent_withdrawn", Subject: person, Org: p.Station,
		Before: map[string]any{"kind": kind, "category": p.Category}})
}

// mayWithdraw: who gave it takes it back. A minor does not take back her guardian's.
func mayWithdraw(actor auth.Actor, p Person, kind ConsentKind) error {
	switch {
	case kind == Terms:
		return fail.New(fail.Conflict, "people.terms_close")
	case (kind == Minor || kind == Child) && actor.Person == p.ID:
		return fail.New(fail.Forbidden, "people.guardian_only")
	}
	return nil
}

// undoConsented ends what an agreement allowed.
func undoConsented(ctx context.Context, tx *db.Tx, p Person, kind ConsentKind) error {
	switch kind {
	case Political:
		c, err := categoryBySlug(ctx, tx, publicCategory)
		if err != nil {
			return err
		}
		return setCategory(tx, p.ID, c.ID)
	case IDNumber:
		p.idno = nil
		if err := dropIDNo(tx, p.ID); err != nil {
			return err
		}
		return saveBirth(tx, p)
	case Minor, Child:
		for _, k := range []ConsentKind{Minor, Child} {
			if _, err := endConsents(tx, p.ID, k); err != nil {
				return err
			}
		}
	case Proxy:
		return freeWard(tx, p.ID)
	}
	return nil
}
