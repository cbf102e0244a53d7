package bulletins

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/experience"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
)

// readExperiences lists the chosen experiences that may still come into the issue.
func (s *shown) readExperiences(c *page.Ctx) error {
	if !s.Writes || s.State != bulletin.Planned {
		return nil
	}
	has := map[id.ID]bool{}
	for _, e := range s.Entries {
		has[e.Source] = true
	}
	all, err := experience.Below(c, c.DB, s.Org, listed)
	for _, e := range all {
		if !has[e.ID] {
			s.Experiences = append(s.Experiences, ui.Option{Value: string(e.ID), Label: c.T("bulletins.experience_of", "title", e.Title, "org", e.OrgName)})
		}
	}
	return err
}

// AddExperience takes a chosen experience into the issue, and opens it.
func AddExperience(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[struct {
		From id.ID `form:"experience"`
	}](c)
	if err == nil && in.From == "" {
		err = fail.Field("experience", "web.form.choose")
	}
	var made id.ID
	if err == nil {
		made, err = c.Create(s.ID.Home(), func(tx *db.Tx) (id.ID, error) { return bulletin.AddExperience(c, tx, c.Actor, s.ID, in.From) })
	}
	if err != nil {
		return c.Retry(err, issuePage(s))
	}
	c.Flash("bulletins.added")
	return c.Redirect(textPath(made))
}
