package activities

import (
	"context"

	"github.com/a-h/templ"

	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
)

func formTitle(ctx context.Context, f form) string {
	switch {
	case f.ID == "":
		return ui.T(ctx, "activities.new")
	case f.published():
		return ui.T(ctx, "activities.change")
	}
	return ui.T(ctx, "activities.edit")
}

func formButton(f form) string {
	if f.published() {
		return "activities.change_save"
	}
	return "activities.save"
}

// formBack is where one goes who does not save.
func formBack(f form) string {
	if f.ID == "" {
		return "/desk/activities"
	}
	return "/desk/activities/" + string(f.ID)
}

func formCrumbs(ctx context.Context, f form) []ui.Link {
	links := []ui.Link{{Href: "/desk/activities", Label: ui.T(ctx, "activities.h1")}}
	if f.ID != "" {
		links = append(links, ui.Link{Href: formBack(f), Label: f.Title})
	}
	return append(links, ui.Link{Label: formTitle(ctx, f)})
}

func areaOptions(f form) []ui.Option {
	out := make([]ui.Option, len(f.Areas))
	for i, a := range f.Areas {
		out[i] = ui.Option{Value: number(int64(a.Code)), Label: a.Name}
	}
	return out
}

func signupOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, s := range []activity.Signup{activity.SignupOpen, activity.SignupApproval} {
		out = append(out, ui.Option{Value: string(s), Label: ui.T(ctx, "activities.signup."+string(s)), Note: ui.T(ctx, "activities.signup_note."+string(s))})
	}
	return out
}

// spoken is the value of a field as people read it.
func spoken(ctx context.Context, field, value string) string {
	switch {
	case field == "leader":
		return ui.T(ctx, "activities.leader_other")
	case value == "":
		return "—"
	case field == "signup":
		return ui.T(ctx, "activities.signup."+value)
	case field == "waitlist":
		return ui.T(ctx, "activities.waitlist."+value)
	}
	return value
}

// later is a field that may be left out now and is asked for before publication.
func later(f ui.F) ui.F {
	f.More = templ.Attributes{"required": false}
	return f
}
