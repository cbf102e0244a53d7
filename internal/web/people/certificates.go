package people

import (
	"strconv"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/people"
)

// paper is a certificate as a page shows it.
type paper struct {
	people.Certificate
	Kind, No string
	Holds    bool
	By       string // who saw it
}

// papers are somebody's certificates and the kinds that there are.
type papers struct {
	subject
	All   []paper
	Kinds []ui.Option
}

// newPaper is the form with which a certificate is told.
type newPaper struct {
	Kind    int64  `form:"kind"`
	No      string `form:"no" max:"60"`
	Issued  string `form:"issued" max:"20"`
	Expires string `form:"expires" max:"20"`
}

func (in newPaper) command() people.NewCertificate {
	return people.NewCertificate{Kind: in.Kind, No: in.No, Issued: in.Issued, Expires: in.Expires}
}

// Certificates shows her certificates, whether they count, and takes others.
func Certificates(c *page.Ctx) error {
	p, err := papersOf(c)
	if err != nil {
		return err
	}
	return c.Render(papersPage(p))
}

func papersOf(c *page.Ctx) (p papers, err error) {
	if p.subject, err = about(c); err != nil {
		return p, err
	}
	p.All, p.Kinds, err = certified(c, p.ID, true)
	return p, err
}

// certified are a person's certificates as they are shown, and the kinds to choose from. A
// number is whole for herself, and its end for others.
func certified(c *page.Ctx, person id.ID, own bool) (all []paper, options []ui.Option, err error) {
	kinds, err := people.CertificateKinds(c, c.DB)
	if err != nil {
		return nil, nil, err
	}
	names := map[int64]string{}
	options = []ui.Option{{Label: c.T("me.choose")}}
	for _, k := range kinds {
		names[k.ID] = k.Name
		if k.Open {
			options = append(options, ui.Option{Value: strconv.FormatInt(k.ID, 10), Label: k.Name})
		}
	}
	found, err := people.CertificatesOf(c, c.DB, person)
	if err != nil {
		return nil, nil, err
	}
	var ids []id.ID
	for _, f := range found {
		ids = append(ids, f.DecidedBy)
	}
	who, err := people.Names(c, c.DB, c.Keys, ids)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range found {
		p := paper{Certificate: f, Kind: names[f.Kind], Holds: f.HoldsOn(db.Day(c.Now)), By: people.Label(who[f.DecidedBy], !own)}
		if p.No, err = f.No(c.Keys); err != nil {
			return nil, nil, err
		}
		if !own {
			p.No = i18n.MaskID(p.No)
		}
		all = append(all, p)
	}
	return all, options, nil
}

// AddCertificate tells of one.
func AddCertificate(c *page.Ctx) error {
	p, err := papersOf(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[newPaper](c)
	if err == nil {
		_, err = c.Create(p.Home, func(tx *db.Tx) (id.ID, error) {
			return people.AddCertificate(c, tx, c.Keys, c.Actor, p.ID, in.command())
		})
	}
	if err != nil {
		return c.Retry(err, papersPage(p))
	}
	c.Flash("me.certificate_added")
	return c.Redirect("/my/data/certificates" + p.query())
}

type dropping struct {
	Certificate id.ID `path:"certificate"`
}

// DropCertificate takes back one that nobody has seen.
func DropCertificate(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[dropping](c)
	if err != nil {
		return err
	}
	if err := c.Write(s.Home, func(tx *db.Tx) error { return people.DropCertificate(c, tx, c.Actor, in.Certificate) }); err != nil {
		return err
	}
	c.Flash("me.certificate_dropped")
	return c.Redirect("/my/data/certificates" + s.query())
}

// tag is how a certificate's state looks.
func (p paper) tag() (kind, key string) {
	switch {
	case p.Holds:
		return "ok", "me.certificate.confirmed"
	case p.State == people.CertificateConfirmed:
		return "red", "me.certificate.expired"
	case p.State == people.CertificateTold:
		return "warn", "me.certificate.told"
	}
	return "line", "me.certificate." + string(p.State)
}

func join(parts []string) string { return strings.Join(parts, " · ") }
