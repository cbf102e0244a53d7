package people

import (
	"net/url"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// subject is whose page it is: the reader's own, or that of one for whom she acts.
type subject struct {
	people.Person
	FullName string
	Own      bool
}

// query adds to a path for whom it is.
func (s subject) query() string {
	if s.Own {
		return ""
	}
	return "?for=" + url.QueryEscape(string(s.ID))
}

// forID is the hidden field of forms about her; "" for oneself.
func (s subject) forID() string {
	if s.Own {
		return ""
	}
	return string(s.ID)
}

// about reads whose page is asked for: one's own, or with "for" a dependant's.
func about(c *page.Ctx) (s subject, err error) {
	if err := c.Form(); err != nil {
		return s, err
	}
	who := c.Actor.Person
	if v := c.R.Form.Get("for"); v != "" {
		if who, err = id.Parse(v); err != nil {
			return s, err
		}
	}
	how, err := people.MayActFor(c, c.DB, c.Actor, who)
	if err == nil && how == people.AsStaff {
		err = fail.New(fail.NotFound, "people.unknown")
	}
	if err != nil {
		return s, err
	}
	if s.Person, err = people.Get(c, c.DB, who); err != nil {
		return s, err
	}
	s.Own = how == people.AsSelf
	s.FullName, err = s.Open(c.Keys, people.FieldName)
	return s, err
}

// overview is the first page of one's own things.
type overview struct {
	subject
	Unread, Asks, Wards int
	Sessions            int
	Account             bool // staff too
}

// My shows one's own things.
func My(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	o := overview{subject: s, Unread: c.Unread, Account: c.Actor.Staff()}
	asks, err := people.Asks(c, c.DB, c.Keys, c.Actor, c.Now)
	if err != nil {
		return err
	}
	relatives, err := people.Relatives(c, c.DB, c.Keys, c.Actor)
	if err != nil {
		return err
	}
	wards, err := people.Dependants(c, c.DB, c.Actor.Person)
	if err != nil {
		return err
	}
	sessions, err := people.Sessions(c, c.DB, c.Actor, c.Now)
	if err != nil {
		return err
	}
	o.Asks, o.Wards, o.Sessions = len(asks)+len(relatives), len(wards), len(sessions)
	return c.Render(myPage(o))
}

// sheet is all that is kept about a person, for herself.
type sheet struct {
	subject
	Contact, Birth, IDNo string
	Place, Station       string
	Category             string
	Skills               []string
	Orgs                 []people.Membership
}

// Data shows what is kept about a person, and where each part is changed.
func Data(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	sh, err := s.sheet(c)
	if err != nil {
		return err
	}
	return c.Render(dataPage(sh))
}

func (s subject) sheet(c *page.Ctx) (sh sheet, err error) {
	sh.subject = s
	for f, to := range map[people.Field]*string{people.FieldContact: &sh.Contact, people.FieldBirth: &sh.Birth, people.FieldIDNo: &sh.IDNo} {
		if *to, err = s.Open(c.Keys, f); err != nil {
			return sh, err
		}
	}
	if sh.Place, err = placeName(c, s.Area); err != nil {
		return sh, err
	}
	if sh.Station, err = orgName(c, s.Station); err != nil {
		return sh, err
	}
	if sh.Orgs, err = people.Memberships(c, c.DB, s.ID); err != nil {
		return sh, err
	}
	ch, err := chooseFrom(c)
	if err != nil {
		return sh, err
	}
	sh.Category, sh.Skills = ch.words(s.Person)
	return sh, nil
}

// words are the names of a person's category and skills.
func (ch choices) words(p people.Person) (category string, skills []string) {
	for _, k := range ch.Categories {
		if k.ID == p.Category {
			category = k.Name
		}
	}
	for _, s := range ch.Skills {
		if p.HasSkill(s.ID) {
			skills = append(skills, s.Name)
		}
	}
	return category, skills
}

// placeName is a place as one says it, from the county down.
func placeName(c *page.Ctx, at area.Code) (string, error) {
	if at == 0 {
		return "", nil
	}
	p, err := choosePlace(c, at)
	return p.whole(), err
}

func orgName(c *page.Ctx, at id.ID) (string, error) {
	if at == "" {
		return "", nil
	}
	names, err := org.Names(c, c.DB, []id.ID{at})
	return names[at], err
}
