package articles

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/report/article"
	"tongxin/internal/web/editor"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
)

// AddPicture takes a picture for a text.
func AddPicture(c *page.Ctx) error {
	at, err := pictured(c)
	return editor.Answer(c, map[string]any{"id": at}, err)
}

func pictured(c *page.Ctx) (at id.ID, err error) {
	a, err := opened(c)
	if err != nil {
		return "", err
	}
	p, err := editor.Sent(c)
	if err != nil {
		return "", err
	}
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		at, err = article.AddPicture(c, tx, c.Actor, a.ID, p)
		return err
	})
	return at, err
}

// Look: everybody looks at the pictures of what everybody reads, staff at those of articles
// that they reach.
func Look(c *page.Ctx, owner id.ID) (open bool, err error) {
	a, err := article.Get(c, c.DB, owner)
	if err != nil || a.Live() {
		return err == nil, err
	}
	ok, err := org.Reaches(c, c.DB, c.Actor, a.Org)
	if err == nil && !ok && a.ReviewerOrg != "" {
		ok, err = org.Reaches(c, c.DB, c.Actor, a.ReviewerOrg)
	}
	if err == nil && !ok {
		err = fail.New(fail.NotFound, "article.unknown")
	}
	return false, err
}
