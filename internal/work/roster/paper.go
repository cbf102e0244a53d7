package roster

import (
	"context"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/notice"
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

// paperJob is the kind of job that tells people of certificates that end soon.
const paperJob = "roster.certificates"

// papersAtOnce is how many are told in one transaction.
const papersAtOnce = 200

// remindPapers tells whoever bears a certificate that ends soon, once: days before by setting. Who
// has another of the kind that holds for longer is told nothing.
func remindPapers(ctx context.Context, tx *db.Tx, _ jobs.Job) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	ending, err := endingPapers(ctx, tx, db.Day(tx.Now), db.Day(tx.Now.Add(set.CertificateEnds)), papersAtOnce)
	if err != nil {
		return err
	}
	for _, c := range ending {
		if err := notePaper(tx, c.Certificate); err != nil {
			return err
		}
		if err := notice.Tell(tx, c.Person, "roster.certificate_ends", c.ID, "roster.certificate_ends/"+string(c.ID)+"/"+c.Expires, "kind", c.name, "day", c.Expires); err != nil {
			return err
		}
	}
	if len(ending) == papersAtOnce {
		return jobs.Again
	}
	return nil
}

// Ending says of whoever is on a shift which certificate that it asks for ends by a day, in words.
// Who lacks one altogether is told of by [Uncertified].
func Ending(ctx context.Context, r db.Reader, s Shift, by string) (map[id.ID]error, error) {
	if s.Certificates == "" {
		return nil, nil
	}
	names, err := people.CertificateNames(ctx, r)
	if err != nil {
		return nil, err
	}
	held, err := heldOn(ctx, r, s)
	ends := map[id.ID]error{}
	for person, all := range held {
		for _, kind := range s.Certificates.List() {
			if last := lastDay(all, kind, s.Day); last != "" && last <= by {
				ends[person] = fail.New(fail.Conflict, "roster.certificate_ends", "kind", names[kind], "day", last)
			}
		}
	}
	return ends, err
}

// lastDay is until when one's certificates of a kind that count on a day hold; "" for good, and
// where none counts.
func lastDay(all []people.Certificate, kind int64, day string) (last string) {
	for _, c := range all {
		if c.Kind != kind || !c.HoldsOn(day) {
			continue
		}
		if c.Expires == "" {
			return ""
		}
		last = max(last, c.Expires)
	}
	return last
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
