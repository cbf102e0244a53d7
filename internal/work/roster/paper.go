package roster

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// papers are somebody's certificates, as far as a shift asks for any.
type papers struct {
	held  []people.Certificate
	names map[int64]string
}

func papersOf(ctx context.Context, r db.Reader, person id.ID) (p papers, err error) {
	if p.names, err = people.CertificateNames(ctx, r); err != nil {
		return p, err
	}
	p.held, err = people.CertificatesOf(ctx, r, person)
	return p, err
}

// gaps are what each gap says.
var gaps = map[people.Gap]string{
	people.Missing: "roster.certificate_missing", people.Unconfirmed: "roster.certificate_unconfirmed", people.Expired: "roster.certificate_expires",
}

// against says in words which certificate that the shift asks for does not count on its day, nil
// if all do.
func (p papers) against(s *Shift) error {
	for _, kind := range s.Certificates.List() {
		if gap, until := people.GapOf(p.held, kind, s.Day); gap != people.NoGap {
			return fail.New(fail.Conflict, gaps[gap], "kind", p.names[kind], "day", until)
		}
	}
	return nil
}

// barred says in words why a volunteer may not take a post of the shift, nil if she may: what it
// asks of everybody ([eligible]), and certificates that count on its day.
func barred(ctx context.Context, r db.Reader, s Shift, who people.Standing) (why, err error) {
	if why := eligible(&s, who); why != nil || s.Certificates == "" {
		return why, nil
	}
	p, err := papersOf(ctx, r, who.ID)
	if err != nil {
		return nil, err
	}
	return p.against(&s), nil
}

// admit refuses who is barred.
func admit(ctx context.Context, r db.Reader, s Shift, who people.Standing) error {
	why, err := barred(ctx, r, s, who)
	if err != nil {
		return err
	}
	return why
}

// Uncertified says of whoever is on a shift without the certificates that it asks for, in words,
// what is missing: one that she had may have ended or been withdrawn since. It takes nobody off.
func Uncertified(ctx context.Context, r db.Reader, s Shift) (map[id.ID]error, error) {
	if s.Certificates == "" {
		return nil, nil
	}
	names, err := people.CertificateNames(ctx, r)
	if err != nil {
		return nil, err
	}
	held, err := heldOn(ctx, r, s)
	lacks := map[id.ID]error{}
	for person, all := range held {
		if why := (papers{all, names}).against(&s); why != nil {
			lacks[person] = why
		}
	}
	return lacks, err
}
