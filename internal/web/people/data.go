package people

import (
	"net/url"
	"strconv"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// edit is the form with which name and contact number are changed.
type edit struct {
	Rev       int64  `form:"rev"`
	Name      string `form:"name" max:"60"`
	Contact   string `form:"contact" max:"40"`
	ContactOf string `form:"contact_of" max:"20"`
}

// Edit shows the form for name and contact number.
func Edit(c *page.Ctx) error {
	s, in, err := editing(c)
	if err != nil {
		return err
	}
	return c.Render(editPage(s, in))
}

func editing(c *page.Ctx) (s subject, in edit, err error) {
	if s, err = about(c); err != nil {
		return s, in, err
	}
	in = edit{Rev: s.Rev, Name: s.FullName, ContactOf: string(s.ContactOf)}
	in.Contact, err = s.Open(c.Keys, people.FieldContact)
	return s, in, err
}

// SaveEdit changes name and contact number.
func SaveEdit(c *page.Ctx) error {
	s, was, err := editing(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[edit](c)
	if err == nil {
		err = c.Write(s.Home, func(tx *db.Tx) error {
			return people.Change(c, tx, c.Keys, c.Actor, s.ID, people.Edit{Rev: in.Rev, Name: in.Name, Contact: in.Contact,
				ContactOf: people.ContactOf(in.ContactOf), Area: s.Area})
		})
	}
	if err != nil {
		return c.Retry(err, editPage(s, was))
	}
	return saved(c, s)
}

// saved goes back to the sheet and says so.
func saved(c *page.Ctx, s subject) error {
	c.Flash("me.saved")
	return c.Redirect("/my/data" + s.query())
}

// Place chooses where she lives, within her county, level by level.
func Place(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	at := s.Area.At(area.County)
	if v, err := strconv.ParseInt(c.Query("at"), 10, 64); err == nil && area.Code(v).Home() == s.Home {
		at = area.Code(v)
	}
	p, err := choosePlace(c, at)
	if err != nil {
		return err
	}
	p.Href = "/my/data/place?for=" + url.QueryEscape(s.forID())
	return c.Render(movePage(s, p))
}

type move struct {
	At int64 `form:"at"`
}

// SavePlace changes where she lives; her station follows.
func SavePlace(c *page.Ctx) error {
	s, was, err := editing(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[move](c)
	if err != nil {
		return err
	}
	err = c.Write(s.Home, func(tx *db.Tx) error {
		return people.Change(c, tx, c.Keys, c.Actor, s.ID, people.Edit{Rev: s.Rev, Name: was.Name, Contact: was.Contact,
			ContactOf: people.ContactOf(was.ContactOf), Area: area.Code(in.At)})
	})
	if err != nil {
		return err
	}
	return saved(c, s)
}

// identity is the form for the day of birth and the identity number.
type identity struct {
	Birth     string `form:"birth" max:"20"`
	IDNo      string `form:"idno" max:"40"`
	IDConsent bool   `form:"idno_consent"`
}

// Identity shows the form for the day of birth and the identity number.
func Identity(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	sh, err := s.sheet(c)
	if err != nil {
		return err
	}
	return c.Render(identityPage(sh))
}

// SaveBirth says when she was born.
func SaveBirth(c *page.Ctx) error {
	return identify(c, func(s subject, in identity, tx *db.Tx) error {
		return people.SetBirth(c, tx, c.Keys, c.Actor, s.ID, in.Birth)
	})
}

// SaveIDNo keeps her identity number.
func SaveIDNo(c *page.Ctx) error {
	return identify(c, func(s subject, in identity, tx *db.Tx) error {
		return people.SetIDNo(c, tx, c.Keys, c.Actor, s.ID, in.IDNo, people.Agreed{IDNumber: in.IDConsent, Lang: c.Lang})
	})
}

func identify(c *page.Ctx, f func(subject, identity, *db.Tx) error) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[identity](c)
	if err == nil {
		err = c.Write(s.Home, func(tx *db.Tx) error { return f(s, in, tx) })
	}
	if err == nil {
		return saved(c, s)
	}
	if fail.Key(err) == "people.idno_taken" { // for staff to see whether the two records are one person's
		if err := c.DB.Write(c, func(tx *db.Tx) error { return people.NoteSameID(c, tx, c.Keys, c.Actor, s.ID, in.IDNo) }); err != nil {
			return err
		}
	}
	sh, readErr := s.sheet(c)
	if readErr != nil {
		return readErr
	}
	return c.Retry(err, identityPage(sh))
}

// choice is the form for a category.
type choice struct {
	Category  int64 `form:"category"`
	Political bool  `form:"political"`
}

// Category shows the form for the main category.
func Category(c *page.Ctx) error {
	s, ch, err := choosing(c)
	if err != nil {
		return err
	}
	return c.Render(categoryPage(s, ch))
}

func choosing(c *page.Ctx) (s subject, ch choices, err error) {
	if s, err = about(c); err != nil {
		return s, ch, err
	}
	ch, err = chooseFrom(c)
	return s, ch, err
}

// SaveCategory changes the main category; with it one becomes a volunteer who was none.
func SaveCategory(c *page.Ctx) error {
	s, ch, err := choosing(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[choice](c)
	if err == nil {
		choice := people.Choice{Category: in.Category, Agreed: people.Agreed{Political: in.Political, Lang: c.Lang}}
		err = c.Write(s.Home, func(tx *db.Tx) error {
			if s.Volunteer || s.State != people.Active {
				return people.SetCategory(c, tx, c.Keys, c.Actor, s.ID, choice)
			}
			return people.BecomeVolunteer(c, tx, c.Keys, c.Actor, s.ID, choice)
		})
	}
	if err != nil {
		return c.Retry(err, categoryPage(s, ch))
	}
	return saved(c, s)
}

type skillSet struct {
	Skills []string `form:"skill"`
}

// Skills shows what she can do.
func Skills(c *page.Ctx) error {
	s, ch, err := choosing(c)
	if err != nil {
		return err
	}
	return c.Render(skillsPage(s, ch))
}

// SaveSkills adds what was ticked and removes what no longer is.
func SaveSkills(c *page.Ctx) error {
	s, ch, err := choosing(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[skillSet](c)
	if err == nil {
		err = c.Write(s.Home, func(tx *db.Tx) error { return setSkills(c, tx, s, numbers(in.Skills)) })
	}
	if err != nil {
		return c.Retry(err, skillsPage(s, ch))
	}
	return saved(c, s)
}

func setSkills(c *page.Ctx, tx *db.Tx, s subject, want []int64) error {
	had := map[int64]bool{}
	for _, k := range s.Person.Skills {
		had[k] = true
	}
	for _, k := range want {
		if !had[k] {
			if err := people.AddSkill(c, tx, c.Actor, s.ID, k); err != nil {
				return err
			}
		}
		delete(had, k)
	}
	for k := range had {
		if err := people.RemoveSkill(c, tx, c.Actor, s.ID, k); err != nil {
			return err
		}
	}
	return nil
}

// belonging is what the page of organisations shows: hers, and those found by a name.
type belonging struct {
	sheet
	Query string
	Found []org.Org
}

// Orgs shows the organisations that she belongs to, and finds others to join.
func Orgs(c *page.Ctx) error {
	b, err := belongs(c)
	if err != nil {
		return err
	}
	return c.Render(orgsPage(b))
}

// foundMost is how many organisations a search shows.
const foundMost = 20

func belongs(c *page.Ctx) (b belonging, err error) {
	s, err := about(c)
	if err != nil {
		return b, err
	}
	if b.sheet, err = s.sheet(c); err != nil {
		return b, err
	}
	if b.Query = c.Query("q"); b.Query == "" {
		return b, nil
	}
	centre, err := people.CenterOf(c, c.DB, s.Standing)
	if err != nil || centre == "" {
		return b, err
	}
	found, _, err := org.List(c, c.DB, org.Filter{Under: centre, Text: b.Query, Limit: 3 * foundMost})
	for _, o := range found {
		if o.Kind != org.Practice && len(b.Found) < foundMost {
			b.Found = append(b.Found, o)
		}
	}
	return b, err
}

type member struct {
	Org id.ID `path:"org"`
}

// Belong joins an organisation.
func Belong(c *page.Ctx) error {
	return changeOrg(c, "me.belongs", func(s subject, at id.ID, tx *db.Tx) error { return people.Belong(c, tx, c.Actor, s.ID, at) })
}

// Leave leaves an organisation.
func Leave(c *page.Ctx) error {
	return changeOrg(c, "me.left", func(s subject, at id.ID, tx *db.Tx) error { return people.Leave(c, tx, c.Actor, s.ID, at) })
}

func changeOrg(c *page.Ctx, said string, f func(subject, id.ID, *db.Tx) error) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[member](c)
	if err != nil {
		return err
	}
	if err := c.Write(s.Home, func(tx *db.Tx) error { return f(s, in.Org, tx) }); err != nil {
		return err
	}
	c.Flash(said)
	return c.Redirect("/my/data/orgs" + s.query())
}

// agreements is what the page of consents shows.
type agreements struct {
	subject
	All   []people.Consent
	Names map[id.ID]string
}

// Consents shows what was agreed to, when and by whom, and takes it back.
func Consents(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	a := agreements{subject: s}
	if a.All, err = people.Consents(c, c.DB, s.ID); err != nil {
		return err
	}
	ids := []id.ID{s.ID}
	for _, k := range a.All {
		ids = append(ids, k.GivenBy)
	}
	if a.Names, err = people.Names(c, c.DB, c.Keys, ids); err != nil {
		return err
	}
	return c.Render(consentsPage(a))
}

type withdrawal struct {
	Kind string `path:"kind"`
}

// Withdraw takes a consent back.
func Withdraw(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[withdrawal](c)
	if err != nil {
		return err
	}
	err = c.Write(s.Home, func(tx *db.Tx) error {
		return people.Withdraw(c, tx, c.Actor, s.ID, people.ConsentKind(in.Kind))
	})
	if err != nil {
		return err
	}
	c.Flash("me.withdrawn")
	return c.Redirect("/my/data/consents" + s.query())
}
