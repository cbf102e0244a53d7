package rosters

import (
	"context"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/web/page"
	"tongxin/internal/work/roster"
)

// soon is how far ahead a shift that is short of people asks for a hand, and named how many
// of them are named.
const (
	soon  = 24 * time.Hour
	named = 3
)

// Needs are shifts that begin soon and are short of people, hours that wait for a second person,
// and what looks wrong about yesterday's hours.
func Needs(ctx context.Context, s *page.Site, a page.Asked) (all []page.Need, err error) {
	short, err := s.Board.ShortOf(ctx, a.Org, a.Campaign, roster.Window{From: db.MS(a.Now), To: db.MS(a.Now.Add(soon))}, named)
	if err != nil {
		return nil, err
	}
	if short.Shifts > 0 {
		all = append(all, shortNeed(a, short))
	}
	if a.Campaign != 0 {
		return all, nil
	}
	n, oldest, err := s.Board.CountPending(ctx, a.Org)
	if n > 0 {
		all = append(all, page.Need{At: db.Time(oldest), Title: i18n.T(a.Lang, "rosters.need.hours", "n", n),
			Text: i18n.T(a.Lang, "rosters.need.hours_text"), Href: "/desk/hours", Do: i18n.T(a.Lang, "rosters.need.hours_do")})
	}
	if err != nil {
		return all, err
	}
	odd, err := oddNeed(ctx, s, a)
	return append(all, odd...), err
}

// oddNeed tells how many anomalies of yesterday nobody has looked into, and leads to them.
func oddNeed(ctx context.Context, s *page.Site, a page.Asked) ([]page.Need, error) {
	day := i18n.Midnight(a.Now).AddDate(0, 0, -1).Format(time.DateOnly)
	odd, err := s.Board.Odd(ctx, a.Org, day)
	var says []string
	all := 0
	for _, k := range roster.AnomalyKinds() {
		if n := odd[k]; n > 0 {
			all += n
			says = append(says, i18n.T(a.Lang, "rosters.need.odd_one", "what", i18n.T(a.Lang, "rosters.anomaly."+string(k)), "n", n))
		}
	}
	if all == 0 || err != nil {
		return nil, err
	}
	return []page.Need{{Title: i18n.T(a.Lang, "rosters.need.odd", "n", all), Text: strings.Join(says, i18n.T(a.Lang, "rosters.need.sep")),
		Href: anomaliesHref(onDay{a.Org, day}), Do: i18n.T(a.Lang, "rosters.need.odd_do")}}, nil
}

// shortNeed names the soonest shifts, and leads to the first.
func shortNeed(a page.Asked, short roster.Shortage) page.Need {
	var names []string
	for _, s := range short.First {
		names = append(names, i18n.T(a.Lang, "rosters.need.short_one", "at", i18n.Clock(s.Starting()), "what", s.Activity.Title,
			"post", s.PostName, "n", s.Free(roster.Primary)))
	}
	first := short.First[0]
	return page.Need{Hot: true, At: first.Starting(), Title: i18n.T(a.Lang, "rosters.need.short", "n", short.Shifts, "lack", short.Lack),
		Text: strings.Join(names, i18n.T(a.Lang, "rosters.need.sep")), Href: "/desk/shifts/" + string(first.ID), Do: i18n.T(a.Lang, "rosters.need.short_do")}
}
