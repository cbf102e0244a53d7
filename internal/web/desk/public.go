package desk

import (
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
)

// Public is the overview for everybody.
func Public(c *page.Ctx) error {
	e, err := publicEye(c)
	if err != nil {
		return err
	}
	b, err := e.look(c)
	if err != nil {
		return err
	}
	return c.Render(publicPage(b))
}

// PublicLive keeps it up to date.
func PublicLive(c *page.Ctx) error {
	e, err := publicEye(c)
	if err != nil {
		return err
	}
	return c.Stream(e.key(), func() error { return nil }, e.parts)
}

// publicEye looks at an organisation that everybody may know of; without one at the first.
func publicEye(c *page.Ctx) (*eye, error) {
	in, err := page.Bind[asked](c)
	if err != nil {
		return nil, err
	}
	if in.Org == "" {
		if in.Org, err = topOrg(c); err != nil {
			return nil, err
		}
	}
	e, err := newEye(c, public, in.Org, in.Campaign)
	if err == nil && e.org.Approved == 0 {
		err = fail.New(fail.NotFound, "org.unknown")
	}
	return e, err
}

// topOrg is the office at the top of the tree.
func topOrg(c *page.Ctx) (id.ID, error) {
	all, _, err := org.List(c, c.DB, org.Filter{Kind: org.Practice, Tier: org.Office, Limit: 1})
	if err == nil && len(all) == 0 {
		err = fail.New(fail.NotFound, "org.unknown")
	}
	if err != nil {
		return "", err
	}
	return all[0].ID, nil
}
