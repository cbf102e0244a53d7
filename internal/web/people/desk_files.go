package people

import (
	"slices"

	"tongxin/internal/base/db"
	xlsx "tongxin/internal/base/sheet"
	"tongxin/internal/web/page"
	"tongxin/internal/work/intake"
	"tongxin/internal/work/people"
)

// atATime is how many volunteers a list that is given as a file reads at a time.
const atATime = 200

// give answers the list of volunteers as a file, masked as the page is: in the columns of the
// template, and behind them what else the page shows. What the page does not show stays empty.
func give(c *page.Ctx, in lookup) error {
	r := register{lookup: in}
	if err := r.scope(c); err != nil {
		return err
	}
	ch, err := chooseFrom(c)
	if err != nil {
		return err
	}
	f := people.Filter{Org: r.Org, Category: in.Category, State: people.State(in.State), Limit: atATime}
	l := page.List{Kind: "volunteers", Org: r.Org, Name: c.T("volunteers.file", "org", r.Where), Heads: append(intake.Heads(intake.Volunteers, c.Lang), c.Words("me.no", "volunteers.since")...)}
	return c.Give(l, func(put page.Put) error {
		return everybody(c, f, func(some []people.Person) error {
			shown, err := rows(c, some, ch)
			if err != nil {
				return err
			}
			for _, p := range shown {
				if err := put(p.cells(c)...); err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// everybody goes through all pages of a list.
func everybody(c *page.Ctx, f people.Filter, each func([]people.Person) error) error {
	for {
		l, err := people.Find(c, c.DB, c.Keys, c.Actor, f)
		if err == nil {
			err = each(l.People)
		}
		if f.After = l.Next; err != nil || l.Next == "" {
			return err
		}
	}
}

func (p row) cells(c *page.Ctx) []xlsx.Cell {
	of := ""
	if p.ContactOf != "" {
		of = c.T("intake.contact_of." + string(p.ContactOf))
	}
	line := intake.Line(intake.Volunteers, map[string]string{"name": p.Name, "contact": p.Contact, "contact_of": of, "category": p.Category, "org": p.Station})
	return append(line, xlsx.Text(p.No), xlsx.Day(db.Day(db.Time(p.Created))))
}

// give answers the list of certificates as a file.
func (l certificateList) give(c *page.Ctx) error {
	f := page.List{Kind: "certificates", Org: l.Org, Name: c.T("volunteers.certificates_file", "org", l.Where),
		Heads: c.Words("me.name", "me.no", "me.certificate_kind", "volunteers.state", "me.certificate_issue_day", "me.certificate_expire_day")}
	return c.Give(f, func(put page.Put) error {
		for _, part := range [][]bearer{l.Told, l.Soon} {
			for _, b := range part {
				_, key := b.tag()
				cells := append(xlsx.Texts(b.Of.Name, b.Of.No, b.Kind, c.T(key)), xlsx.Day(b.Issued), xlsx.Day(b.Expires))
				if err := put(cells...); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// give answers the list of duplicates as a file: those found, those that wait, those merged.
func (d doubles) give(c *page.Ctx) error {
	f := page.List{Kind: "duplicates", Org: d.Org, Name: c.T("doubles.file", "org", d.Where),
		Heads: c.Words("volunteers.state", "doubles.why", "doubles.one", "me.no", "doubles.two", "me.no")}
	return c.Give(f, func(put page.Put) error {
		for _, p := range d.Pairs {
			if err := put(xlsx.Texts(c.T("doubles.found"), c.T("doubles.why."+string(p.Why)), p.A.Name, p.A.No, p.B.Name, p.B.No)...); err != nil {
				return err
			}
		}
		for i, u := range append(slices.Clone(d.Waits), d.Merged...) {
			state := "doubles.waits"
			if i >= len(d.Waits) {
				state = "doubles.merged"
			}
			if err := put(xlsx.Texts(c.T(state), "", u.Gone.Name, u.Gone.No, u.Stays.Name, u.Stays.No)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// give answers the accounts of a subtree as a file, all pages: who may do what, where.
func (w crew) give(c *page.Ctx) error {
	f := page.List{Kind: "staff", Org: w.Org, Name: c.T("staff.title") + " " + db.Day(c.Now), Heads: c.Words("me.name", "signin.login", "staff.role", "staff.org")}
	return c.Give(f, func(put page.Put) error {
		for {
			for _, one := range w.All {
				for _, g := range one.Grants {
					if err := put(xlsx.Texts(one.FullName, one.LoginName, c.T("people.role."+string(g.Role)), w.Names[g.Org])...); err != nil {
						return err
					}
				}
			}
			if w.Next == "" {
				return nil
			}
			var err error
			if w, err = crewOf(c, crewLookup{Org: w.Org, After: w.Next}); err != nil {
				return err
			}
		}
	})
}
