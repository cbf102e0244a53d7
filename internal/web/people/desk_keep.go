package people

import (
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
)

// rebinding is the form about the number with which somebody signs in.
type rebinding struct {
	Phone string `form:"phone" max:"40"`
	Proof string `form:"proof" max:"20"`
}

// Rebind binds another number, or none, for somebody who came to the station.
func Rebind(c *page.Ctx) error {
	r, err := recordOf(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[rebinding](c)
	if err == nil {
		err = c.Write(r.Home, func(tx *db.Tx) error {
			return people.Rebind(c, tx, c.Keys, c.Actor, people.Rebinding{Person: r.ID, Phone: in.Phone, Proof: people.IdentityProof(in.Proof)})
		})
	}
	if err != nil {
		return c.Retry(err, personPage(r))
	}
	c.Flash("volunteers.number_bound")
	return c.Redirect("/desk/people/" + string(r.ID))
}

// CloseFor shows what closing an account means, for staff to whom she came with her wish in writing.
func CloseFor(c *page.Ctx) error {
	f, err := leavingFor(c)
	if err != nil {
		return err
	}
	return c.Render(closeForPage(f))
}

func leavingFor(c *page.Ctx) (f farewell, err error) {
	r, err := recordOf(c)
	if err != nil {
		return f, err
	}
	if !r.Keeps {
		return f, fail.New(fail.Forbidden, "org.out_of_reach")
	}
	f.subject = subject{Person: r.Person, FullName: r.Shown.Text[people.FieldName]}
	return f, f.load(c)
}

// inWriting is the form with which staff ask for it: she signed, and it is named by its number.
type inWriting struct {
	Written bool `form:"written"`
}

// AskToCloseFor asks that somebody's account be closed.
func AskToCloseFor(c *page.Ctx) error {
	f, err := leavingFor(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[inWriting](c)
	if err == nil && !in.Written {
		err = fail.Field("written", "volunteers.close_written_missing")
	}
	if err == nil {
		err = c.Named(f.No)
	}
	if err == nil {
		err = c.Write(f.Home, func(tx *db.Tx) error { _, err := people.AskToClose(c, tx, c.Actor, f.ID); return err })
	}
	if err != nil {
		return c.Retry(err, closeForPage(f))
	}
	c.Flash("volunteers.close_asked")
	return c.Redirect("/desk/people/" + string(f.ID))
}

// KeepOpenFor takes that back.
func KeepOpenFor(c *page.Ctx) error {
	r, err := recordOf(c)
	if err != nil {
		return err
	}
	if err := c.Write(r.Home, func(tx *db.Tx) error { return people.KeepOpen(c, tx, c.Actor, r.ID) }); err != nil {
		return err
	}
	c.Flash("me.close_taken_back")
	return c.Redirect("/desk/people/" + string(r.ID))
}

// EnterCertificate enters a certificate that staff has seen.
func EnterCertificate(c *page.Ctx) error {
	r, err := recordOf(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[newPaper](c)
	if err == nil {
		_, err = c.Create(r.Home, func(tx *db.Tx) (id.ID, error) {
			return people.AddCertificate(c, tx, c.Keys, c.Actor, r.ID, in.command())
		})
	}
	if err != nil {
		return c.Retry(err, personPage(r))
	}
	c.Flash("volunteers.certificate_entered")
	return c.Redirect("/desk/people/" + string(r.ID) + "#certificates")
}

// SeenCertificate says that a named person has seen a certificate.
func SeenCertificate(c *page.Ctx) error {
	return decidePaper(c, "volunteers.certificate_was_seen", func(tx *db.Tx, at id.ID) error {
		return people.DecideCertificate(c, tx, c.Actor, at, true)
	})
}

// UnseenCertificate says that there is no such certificate.
func UnseenCertificate(c *page.Ctx) error {
	return decidePaper(c, "volunteers.certificate_was_not", func(tx *db.Tx, at id.ID) error {
		return people.DecideCertificate(c, tx, c.Actor, at, false)
	})
}

// WithdrawCertificate ends the validity of one.
func WithdrawCertificate(c *page.Ctx) error {
	return decidePaper(c, "volunteers.certificate_ended", func(tx *db.Tx, at id.ID) error {
		return people.WithdrawCertificate(c, tx, c.Actor, at)
	})
}

func decidePaper(c *page.Ctx, said string, f func(*db.Tx, id.ID) error) error {
	in, err := page.Bind[dropping](c)
	if err != nil {
		return err
	}
	if err := c.Write(in.Certificate.Home(), func(tx *db.Tx) error { return f(tx, in.Certificate) }); err != nil {
		return err
	}
	c.Flash(said)
	owner, err := people.CertificateOf(c, c.DB, in.Certificate)
	if err != nil {
		return err
	}
	return c.Redirect("/desk/people/" + string(owner.Person) + "#certificates")
}

// soon is how far ahead the list of certificates looks.
const soon = 60 * 24 * time.Hour

// bearer is a certificate in a list, with whose it is, masked.
type bearer struct {
	paper
	Of row
}

// certificateList is the page of certificates: those to be seen, those that expire soon.
type certificateList struct {
	register
	Told, Soon []bearer
}

// CertificateList lists what waits to be seen, and what expires soon.
func CertificateList(c *page.Ctx) error {
	in, err := page.Bind[finding](c)
	if err != nil {
		return err
	}
	l := certificateList{}
	l.Org = in.Org
	if err := l.scope(c); err != nil {
		return err
	}
	most := pairsMost
	if c.WantsFile() {
		most = filedMost
	}
	if l.Told, err = bearers(c, people.CertificateFilter{Org: l.Org, State: people.CertificateTold, Limit: most}); err != nil {
		return err
	}
	until := db.Day(c.Now.Add(soon))
	if l.Soon, err = bearers(c, people.CertificateFilter{Org: l.Org, State: people.CertificateConfirmed, Until: until, Limit: most}); err != nil {
		return err
	}
	if c.WantsFile() {
		return l.give(c)
	}
	return c.Render(certificatesPage(l))
}

func bearers(c *page.Ctx, f people.CertificateFilter) (all []bearer, err error) {
	found, err := people.FindCertificates(c, c.DB, c.Actor, f)
	if err != nil {
		return nil, err
	}
	kinds, err := people.CertificateKinds(c, c.DB)
	if err != nil {
		return nil, err
	}
	names := map[int64]string{}
	for _, k := range kinds {
		names[k.ID] = k.Name
	}
	ch, err := chooseFrom(c)
	if err != nil {
		return nil, err
	}
	for _, x := range found {
		p, err := people.Get(c, c.DB, x.Person)
		if err != nil {
			return nil, err
		}
		of, err := rows(c, []people.Person{p}, ch)
		if err != nil {
			return nil, err
		}
		all = append(all, bearer{paper{Certificate: x, Kind: names[x.Kind], Holds: x.HoldsOn(db.Day(c.Now))}, of[0]})
	}
	return all, nil
}
