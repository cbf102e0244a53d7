package people

import (
	"context"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
)

// CertificateKind is a kind of certificate that posts may ask for.
type CertificateKind struct {
	ID   int64  `json:"-"`
	Slug string `json:"slug"`
	Name string `json:"name"`
	Open bool   `json:"-"` // can be chosen
}

// CertificateState is where a certificate stands.
//
//	told ──► confirmed ──► withdrawn
//	   └───► refused
type CertificateState string

// The states.
const (
	CertificateTold      CertificateState = "told" // by herself; nobody has seen it
	CertificateConfirmed CertificateState = "confirmed"
	CertificateRefused   CertificateState = "refused"
	CertificateWithdrawn CertificateState = "withdrawn"
)

// Certificate is something that a person is licensed or trained to do. It counts from the
// day on which a named person has seen it until it expires.
type Certificate struct {
	ID        id.ID
	Person    id.ID
	Kind      int64
	Issued    string // day, "" when unknown
	Expires   string // last day on which it holds; "" for good
	State     CertificateState
	ToldBy    id.ID
	Told      int64
	DecidedBy id.ID // who saw it, or did not
	Decided   int64

	no []byte
}

// No opens the certificate's number, "" where none was given.
func (c Certificate) No(k *crypt.Keys) (string, error) {
	return k.OpenField(certificateTable, "no", c.ID, c.no)
}

const certificateTable = "people_certificate"

// HoldsOn reports whether the certificate counts on a day.
func (c Certificate) HoldsOn(day string) bool {
	return c.State == CertificateConfirmed && (c.Expires == "" || day <= c.Expires)
}

// Gap is why a kind of certificate does not count on a day.
type Gap string

// What may be wrong, from nothing to all.
const (
	NoGap       Gap = ""
	Unconfirmed Gap = "unconfirmed" // told, and nobody has seen it
	Expired     Gap = "expired"     // it ends before the day
	Missing     Gap = "missing"
)

// GapOf tells whether one of somebody's certificates is of the kind and counts on a day; if none
// does, how near she is to it, and of one that ends too early its last day.
func GapOf(all []Certificate, kind int64, day string) (gap Gap, until string) {
	gap = Missing
	for _, c := range all {
		inTime := c.Expires == "" || day <= c.Expires
		switch {
		case c.Kind != kind:
		case c.HoldsOn(day):
			return NoGap, ""
		case c.State == CertificateTold && inTime:
			gap = Unconfirmed
		case c.State == CertificateConfirmed && gap != Unconfirmed:
			gap, until = Expired, max(until, c.Expires)
		}
	}
	return gap, until
}

// KindSet is a set of kinds of certificates as it is kept: their numbers, ascending, with commas
// between.
type KindSet string

// KindsOf makes a set.
func KindsOf(kinds ...int64) KindSet {
	kinds = slices.Compact(slices.Sorted(slices.Values(kinds)))
	words := make([]string, len(kinds))
	for i, k := range kinds {
		words[i] = strconv.FormatInt(k, 10)
	}
	return KindSet(strings.Join(words, ","))
}

// List are the kinds of the set.
func (s KindSet) List() (kinds []int64) {
	for _, word := range strings.FieldsFunc(string(s), func(r rune) bool { return r == ',' }) {
		if k, err := strconv.ParseInt(word, 10, 64); err == nil {
			kinds = append(kinds, k)
		}
	}
	return kinds
}

// NewCertificate is the form with which a certificate is told.
type NewCertificate struct {
	Kind            int64
	No              string
	Issued, Expires string // days; Expires may be missing
}

// AddCertificate tells of a certificate. What herself or her guardian tells waits for a named
// person; staff who enters it has seen it.
func AddCertificate(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, in NewCertificate) (id.ID, error) {
	how, err := MayActFor(ctx, tx, actor, person)
	if err != nil {
		return "", err
	}
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return "", err
	}
	c := Certificate{ID: tx.NewID(p.Home), Person: p.ID, Kind: in.Kind, State: CertificateTold, ToldBy: actor.Person, Told: db.MS(tx.Now)}
	no, err := in.check(ctx, tx, &c)
	if err != nil {
		return "", err
	}
	if no != "" {
		c.no = keys.Seal(certificateTable, "no", c.ID, no)
	}
	if how == AsStaff {
		c.State, c.DecidedBy, c.Decided = CertificateConfirmed, actor.Person, c.Told
	}
	if err := putCertificate(tx, c); err != nil {
		return "", err
	}
	return c.ID, audit.Record(tx, actor, audit.Entry{Action: "people.certificate_added", Subject: p.ID, Org: p.Station, After: c.kept()})
}

// kept is what the audit trail keeps of a certificate; its number stays sealed.
func (c Certificate) kept() map[string]any {
	return map[string]any{"certificate": c.ID, "kind": c.Kind, "no": c.no, "issued": c.Issued, "expires": c.Expires, "state": c.State}
}

var certificateNo = regexp.MustCompile(`^[\pL\pN()\-/. ]{0,40}$`)

// check reads the form, field by field.
func (in NewCertificate) check(ctx context.Context, r db.Reader, c *Certificate) (no string, err error) {
	var errKind, errNo, errIssued, errExpires error
	if open, err := certificateOpen(ctx, r, in.Kind); err != nil {
		return "", err
	} else if !open {
		errKind = fail.Field("kind", "people.certificate_kind")
	}
	if no = ident.Fold(in.No); !certificateNo.MatchString(no) {
		errNo = fail.Field("no", "people.certificate_no")
	}
	c.Issued, errIssued = dayOf("issued", in.Issued)
	c.Expires, errExpires = dayOf("expires", in.Expires)
	today := db.Day(db.Time(c.Told))
	if errIssued == nil && c.Issued > today {
		errIssued = fail.Field("issued", "people.certificate_issued")
	}
	if errExpires == nil && c.Expires != "" && (c.Expires < today || c.Expires < c.Issued) {
		errExpires = fail.Field("expires", "people.certificate_expired")
	}
	return no, fail.Join(errKind, errNo, errIssued, errExpires)
}

// dayOf reads a day, or nothing.
func dayOf(field, s string) (string, error) {
	if s = ident.Fold(s); s == "" {
		return "", nil
	}
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return "", fail.Field(field, "people.certificate_day")
	}
	return s, nil
}

// DecideCertificate is the word of a named person, staff of a subtree that the bearer belongs
// to and never the bearer, who has seen the certificate or has not.
func DecideCertificate(ctx context.Context, tx *db.Tx, actor auth.Actor, certificate id.ID, seen bool) error {
	to, action := CertificateRefused, "people.certificate_refused"
	if seen {
		to, action = CertificateConfirmed, "people.certificate_confirmed"
	}
	return decideCertificate(ctx, tx, actor, certificate, CertificateTold, to, action)
}

// WithdrawCertificate ends the validity of a certificate that was confirmed.
func WithdrawCertificate(ctx context.Context, tx *db.Tx, actor auth.Actor, certificate id.ID) error {
	return decideCertificate(ctx, tx, actor, certificate, CertificateConfirmed, CertificateWithdrawn, "people.certificate_withdrawn")
}

func decideCertificate(ctx context.Context, tx *db.Tx, actor auth.Actor, certificate id.ID, from, to CertificateState, action string) error {
	c, err := CertificateOf(ctx, tx, certificate)
	if err != nil {
		return err
	}
	p, err := Get(ctx, tx, c.Person)
	if err != nil {
		return err
	}
	if p.ID == actor.Person || c.ToldBy == actor.Person && from == CertificateTold {
		return fail.New(fail.Forbidden, "people.certificate_own")
	}
	if err := permit(ctx, tx, actor, p.Standing, keepers...); err != nil {
		return err
	}
	if moved, err := moveCertificate(tx, actor, c.ID, from, to); err != nil || !moved {
		return orTaken(err, fail.New(fail.Conflict, "people.certificate_decided"))
	}
	before := c.kept()
	c.State = to
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: p.ID, Org: p.Station, Before: before, After: c.kept()})
}

// DropCertificate takes back what herself, her guardian or her station told and nobody has
// seen yet.
func DropCertificate(ctx context.Context, tx *db.Tx, actor auth.Actor, certificate id.ID) error {
	c, err := CertificateOf(ctx, tx, certificate)
	if err != nil {
		return err
	}
	p, err := of(ctx, tx, actor, c.Person)
	if err != nil {
		return err
	}
	if dropped, err := dropCertificate(tx, c.ID); err != nil || !dropped {
		return orTaken(err, fail.New(fail.Conflict, "people.certificate_decided"))
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.certificate_dropped", Subject: p.ID, Org: p.Station, Before: c.kept()})
}

// CertificateFilter says which certificates a list at the desk holds: those told and not seen
// yet, or the confirmed ones that expire by a day.
type CertificateFilter struct {
	Org   id.ID // and all below it
	State CertificateState
	Until string // day, of confirmed ones
	Limit int
}

// FindCertificates lists certificates of an organisation's subtree, those that expire first or
// were told first at the top.
func FindCertificates(ctx context.Context, r db.Reader, actor auth.Actor, f CertificateFilter) ([]Certificate, error) {
	s, err := permitScope(ctx, r, actor, f.Org)
	if err != nil {
		return nil, err
	}
	f.Limit = min(max(f.Limit, 1), 500)
	if s.wide {
		return certificatesWide(ctx, r, s, f)
	}
	return certificatesNarrow(ctx, r, s, f)
}
