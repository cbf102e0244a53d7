package callups

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/web/page"
	"tongxin/internal/work/callup"
)

// Needs are call-ups that the organisation has not acknowledged, and the silence of others
// that lies on its desk.
func Needs(ctx context.Context, s *page.Site, a page.Asked) (all []page.Need, err error) {
	if a.Campaign != 0 {
		return nil, nil
	}
	w, err := db.While(&s.Still, s.DB, "callups|"+string(a.Org), func() (callup.Waits, error) { return callup.Waiting(ctx, s.DB, a.Org) })
	if err != nil {
		return nil, err
	}
	if w.Mine > 0 {
		all = append(all, page.Need{Hot: true, At: db.Time(w.MineBy), Title: i18n.T(a.Lang, "callups.need.mine", "n", w.Mine),
			Text: i18n.T(a.Lang, "callups.need.mine_text"), Href: "/desk/callups", Do: i18n.T(a.Lang, "callups.need.mine_do")})
	}
	if w.Silent > 0 {
		all = append(all, page.Need{Hot: w.SilentBy < db.MS(a.Now), At: db.Time(w.SilentBy), Title: i18n.T(a.Lang, "callups.need.silent", "n", w.Silent),
			Text: i18n.T(a.Lang, "callups.need.silent_text"), Href: "/desk/callups", Do: i18n.T(a.Lang, "callups.need.silent_do")})
	}
	return all, nil
}
