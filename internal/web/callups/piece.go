package callups

import (
	"github.com/a-h/templ"

	"tongxin/internal/base/db"
	"tongxin/internal/web/page"
	"tongxin/internal/work/callup"
)

// onHome is how many call-ups a volunteer's first page shows, and onPortal how many everybody's.
const onHome, onPortal = 2, 3

// Home is what a volunteer is asked, on her first page; nil where she is asked nothing.
func Home(c *page.Ctx) (templ.Component, error) {
	if !c.Volunteer {
		return nil, nil
	}
	all, err := mine(c, onHome, true)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var open []card
	for _, k := range all {
		if k.Answer == "" || k.Answer == callup.Yes && (k.Waits() || k.Offered > 0) {
			open = append(open, k)
		}
	}
	if len(open) == 0 {
		return nil, nil
	}
	return cards(open), nil
}

// Portal is the call-ups that are open and the latest appeal, on everybody's first page.
func Portal(c *page.Ctx) (templ.Component, error) {
	open, err := callup.OpenNow(c, c.DB, db.MS(c.Now), onPortal)
	if err != nil {
		return nil, err
	}
	appeals, err := callup.PublicAppeals(c, c.DB, 1)
	if err != nil || len(open) == 0 && len(appeals) == 0 {
		return nil, err
	}
	return portalPart(open, appeals), nil
}
