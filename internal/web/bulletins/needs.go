package bulletins

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/web/page"
)

// Needs are issues that the organisation has not read or not answered, texts that are asked of
// it, and issues of its own that others have not read for days or not answered in time.
func Needs(ctx context.Context, s *page.Site, a page.Asked) (all []page.Need, err error) {
	if a.Campaign != 0 {
		return nil, nil
	}
	w, err := bulletin.NeedsOf(ctx, s.DB, a.Org, a.Now)
	if err != nil {
		return nil, err
	}
	now := db.MS(a.Now)
	for _, n := range []struct {
		what string
		bulletin.Need
		hot  bool
		href string
	}{
		{"write", w.Write, w.Write.At < now, "/desk/bulletins"},
		{"answer", w.Answer, w.Answer.At < now, "/desk/bulletins"},
		{"read", w.Read, false, "/desk/bulletins"},
		{"unanswered", w.Unanswered, true, deskPath(w.Unanswered.Issue)},
		{"unread", w.Unread, false, deskPath(w.Unread.Issue)},
	} {
		if n.N > 0 {
			all = append(all, page.Need{Hot: n.hot, At: db.Time(n.At), Title: i18n.T(a.Lang, "bulletins.need."+n.what, "n", n.N),
				Text: i18n.T(a.Lang, "bulletins.need."+n.what+"_text"), Href: n.href, Do: i18n.T(a.Lang, "bulletins.need."+n.what+"_do")})
		}
	}
	return all, nil
}
