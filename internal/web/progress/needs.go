package progress

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/report/guidance"
	"tongxin/internal/web/page"
)

// Needs are directives that wait for the organisation itself: to be answered or acted on, to
// be closed, and those it looks after that are overdue.
func Needs(ctx context.Context, s *page.Site, a page.Asked) (all []page.Need, err error) {
	if a.Campaign != 0 {
		return nil, nil
	}
	w, err := guidance.Waiting(ctx, s.DB, a.Org, a.Now)
	if err != nil {
		return nil, err
	}
	now := db.MS(a.Now)
	add := func(n, at int64, hot bool, what, query string) {
		if n > 0 {
			all = append(all, page.Need{Hot: hot, At: db.Time(at), Title: i18n.T(a.Lang, "guidance.need."+what, "n", n),
				Text: i18n.T(a.Lang, "guidance.need."+what+"_text"), Href: "/desk/guidance" + query, Do: i18n.T(a.Lang, "guidance.need."+what+"_do")})
		}
	}
	add(w.Answer, w.AnswerBy, w.AnswerBy < now, "answer", "")
	add(w.Act, w.ActBy, w.ActBy < now, "act", "?state=replied")
	add(w.Judge, w.Acted, false, "judge", "?state=acted")
	add(w.Late, w.LateSince, true, "late", "?overdue=1")
	return all, nil
}
