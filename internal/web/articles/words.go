package articles

import (
	"context"
	"net/url"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/report/article"
	"tongxin/internal/web/ui"
)

// name is what a list is called.
func (s stand) name(say func(string, ...any) string) string {
	switch {
	case s.OrgName != "":
		return say("articles.of_org", "org", s.OrgName)
	case s.CampaignName != "":
		return say("articles.of_campaign", "campaign", s.CampaignName)
	}
	return say("articles.public")
}

func (s stand) query() string {
	q := url.Values{}
	if s.Org != "" {
		q.Set("org", string(s.Org))
	}
	if s.Campaign != 0 {
		q.Set("campaign", number(s.Campaign))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

func (s stand) path() string { return "/articles" + s.query() }

func (s stand) feedPath() string { return "/articles.atom" + s.query() }

// sign is the colour of a state.
func sign(s article.State) string {
	switch s {
	case article.Published:
		return "ok"
	case article.Submitted, article.Scheduled:
		return "wait"
	case article.Returned:
		return "stop"
	case article.Withdrawn:
		return "left"
	}
	return "no"
}

// stateNote says more about a state.
func stateNote(ctx context.Context, a article.Article) string {
	lang := ui.Lang(ctx)
	switch {
	case a.State == article.Scheduled:
		return stamp(lang, db.Time(a.Wanted))
	case a.State == article.Submitted:
		return ui.T(ctx, "articles.due", "at", stamp(lang, db.Time(a.Due)))
	case a.State == article.Returned || a.State == article.Withdrawn:
		return a.Reason
	case a.Correcting():
		return ui.T(ctx, "articles.correcting")
	}
	return ""
}

func deskLine(ctx context.Context, l article.Listed) string {
	return ui.T(ctx, "articles.line", "kind", ui.T(ctx, "articles.kind."+string(l.Kind)), "org", l.OrgName, "day", day(ui.Lang(ctx), l.Edited))
}

func publicLine(ctx context.Context, l article.Listed) string {
	return ui.T(ctx, "articles.line", "kind", ui.T(ctx, "articles.kind."+string(l.Kind)), "org", l.OrgName, "day", day(ui.Lang(ctx), l.Published))
}

// titled is a title, or that there is none yet.
func titled(ctx context.Context, title string) string {
	if title == "" {
		return ui.T(ctx, "articles.untitled")
	}
	return title
}

func kinds(ctx context.Context) (all []ui.Option) {
	for _, k := range article.Kinds() {
		all = append(all, ui.Option{Value: string(k), Label: ui.T(ctx, "articles.kind."+string(k))})
	}
	return all
}

func states(ctx context.Context) []ui.Option {
	all := []ui.Option{{Value: "", Label: ui.T(ctx, "articles.any_state")}}
	for _, s := range article.States() {
		all = append(all, ui.Option{Value: string(s), Label: ui.T(ctx, "articles.state."+string(s))})
	}
	return all
}

// local is a moment as its field wants it.
func (p paper) local() string {
	if at := wanted(p.Article); !at.IsZero() {
		return at.In(i18n.Zone()).Format("2006-01-02T15:04")
	}
	return ""
}

// why says why somebody may not decide.
func (s sheet) why(ctx context.Context) string {
	if s.Second == "" {
		return ""
	}
	return i18n.Message(ui.Lang(ctx), fail.New(fail.Forbidden, s.Second))
}

// say is T of a page, as a function.
func say(ctx context.Context) func(string, ...any) string {
	return func(key string, args ...any) string { return ui.T(ctx, key, args...) }
}

// segments choose a kind.
func (s stand) segments(ctx context.Context) []ui.Link {
	all := []ui.Link{{Href: ui.Here(ctx, "kind", ""), Label: ui.T(ctx, "articles.any_kind"), On: s.Kind == ""}}
	for _, k := range article.Kinds() {
		all = append(all, ui.Link{Href: ui.Here(ctx, "kind", string(k)), Label: ui.T(ctx, "articles.kind."+string(k)), On: s.Kind == k})
	}
	return all
}
