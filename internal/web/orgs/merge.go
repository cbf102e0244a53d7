package orgs

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// joining is the form of a merger: into what, looked for by a text, and why.
type joining struct {
	Text   string `form:"q" max:"40"`
	Into   id.ID  `form:"into"`
	Reason string `form:"reason"`
}

// MergeForm asks into what, why, and for the name of what goes.
func MergeForm(c *page.Ctx) error {
	f, err := page.Bind[joining](c)
	if err != nil {
		return err
	}
	m, err := chooseHeir(c, f.Text)
	if err != nil {
		return err
	}
	return c.Render(mergePage(m))
}

// Merge merges an organisation into another.
func Merge(c *page.Ctx) error {
	f, err := page.Bind[joining](c)
	m, wrong := chooseHeir(c, f.Text)
	if wrong != nil {
		return wrong
	}
	if err == nil {
		err = c.Named(m.Name)
	}
	if err == nil {
		err = c.Write(m.Home, func(tx *db.Tx) error { return activity.MergeOrg(c, tx, c.Actor, m.ID, f.Into, f.Reason) })
	}
	if err != nil {
		return c.Retry(err, mergePage(m))
	}
	c.Flash("orgs.merged", "name", m.Name)
	return c.Redirect("/desk/orgs/" + string(f.Into))
}

// chooseHeir lists into what an organisation may merge: its like that is found by the text, or
// without one its siblings.
func chooseHeir(c *page.Ctx, text string) (m moving, err error) {
	if m.subject, err = about(c, "orgs.merge"); err != nil {
		return m, err
	}
	m.Text, m.Paths = text, map[id.ID]string{}
	var found []org.Org
	if text == "" && m.Parent != "" {
		found, _, err = org.List(c, c.DB, org.Filter{Under: m.Parent, Direct: true, Limit: 200})
	} else {
		found, err = candidates(c, m.Org, text)
	}
	for _, o := range found {
		if o.ID == m.ID || o.Type() != m.Type() || len(m.Targets) == 20 {
			continue
		}
		m.Targets = append(m.Targets, o)
		if m.Paths[o.ID], err = pathText(c, o.Parent); err != nil {
			return m, err
		}
	}
	return m, err
}
