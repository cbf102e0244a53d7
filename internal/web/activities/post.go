package activities

import (
	"context"
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// typedPost is a post as the form sends it.
type typedPost struct {
	ID       id.ID   `path:"id"`
	Post     string  `path:"post"`
	Rev      int64   `form:"rev"`
	Name     string  `form:"name"`
	Duty     string  `form:"duty"`
	MinAge   int64   `form:"min_age"`
	MaxAge   int64   `form:"max_age"`
	Skill    int64   `form:"skill"`
	Papers   []int64 `form:"certificates"`
	Risky    bool    `form:"risky"`
	Places   int64   `form:"places"`
	Standbys int64   `form:"standby_places"`
}

func (t typedPost) in() activity.PostIn {
	return activity.PostIn{Name: t.Name, Duty: t.Duty, MinAge: t.MinAge, MaxAge: t.MaxAge, Skill: t.Skill, Risky: t.Risky,
		Certificates: people.KindsOf(t.Papers...), Places: t.Places, StandbyPlaces: t.Standbys}
}

// postForm is what the page of a post needs.
type postForm struct {
	detail
	Post  activity.Post // without an id: a new one
	Skill []people.Skill
	Kinds []people.CertificateKind
}

func (f postForm) action() string {
	if f.Post.ID == "" {
		return f.path("/posts")
	}
	return f.path("/posts/" + string(f.Post.ID))
}

// fixed says that people signed up for what the post asks, so that only its places change.
func (f postForm) fixed() bool { return f.Post.ID != "" && f.State == activity.Published }

func readPost(c *page.Ctx, in typedPost) (f postForm, err error) {
	if f.detail, err = read(c, in.ID); err != nil {
		return f, err
	}
	if !f.Mine {
		return f, fail.New(fail.Forbidden, "org.out_of_reach")
	}
	f.Post.PostIn = activity.PostIn{Places: 1}
	if in.Post != "" {
		post, err := id.Parse(in.Post)
		if err != nil {
			return f, err
		}
		if f.Post, err = activity.PostOf(c, c.DB, post); err != nil {
			return f, err
		}
		if f.Post.Activity != in.ID {
			return f, fail.New(fail.NotFound, "activity.post_unknown")
		}
	}
	if f.Skill, err = people.Skills(c, c.DB); err != nil {
		return f, err
	}
	f.Kinds, err = people.CertificateKinds(c, c.DB)
	return f, err
}

// EditPost shows the form of a post, or of a new one.
func EditPost(c *page.Ctx) error {
	in, err := page.Bind[typedPost](c)
	if err != nil {
		return err
	}
	f, err := readPost(c, in)
	if err != nil {
		return err
	}
	return c.Render(postPage(f))
}

// SavePost adds a post or keeps a changed one.
func SavePost(c *page.Ctx) error {
	in, err := page.Bind[typedPost](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	f, broken := readPost(c, in)
	if broken != nil {
		return broken
	}
	if err == nil {
		err = c.Write(in.ID.Home(), func(tx *db.Tx) error { return savePost(c, tx, c, f, in) })
	}
	if err != nil {
		return c.Retry(err, postPage(f))
	}
	c.Flash("activities.post_saved", "name", in.Name)
	return c.Redirect(f.path(""))
}

func savePost(ctx context.Context, tx *db.Tx, c *page.Ctx, f postForm, in typedPost) error {
	if f.Post.ID == "" {
		_, err := activity.AddPost(ctx, tx, c.Actor, in.ID, in.Rev, in.in())
		return err
	}
	edit := in.in()
	if f.fixed() { // what cannot change any more is not in the form
		places, standbys := edit.Places, edit.StandbyPlaces
		edit = f.Post.PostIn
		edit.Places, edit.StandbyPlaces = places, standbys
	}
	return activity.EditPost(ctx, tx, c.Actor, f.Post.ID, in.Rev, edit)
}

// RemovePost takes a post away that has no shifts.
func RemovePost(c *page.Ctx) error {
	in, err := page.Bind[typedPost](c)
	if err != nil {
		return err
	}
	f, err := readPost(c, in)
	if err != nil {
		return err
	}
	err = c.Write(in.ID.Home(), func(tx *db.Tx) error { return roster.RemovePost(c, tx, c.Actor, f.Post.ID, in.Rev) })
	if err != nil {
		return c.Retry(err, postPage(f))
	}
	c.Flash("activities.post_removed", "name", f.Post.Name)
	return c.Redirect(f.path(""))
}

func (f postForm) skills(ctx context.Context) []ui.Option {
	out := []ui.Option{{Label: ui.T(ctx, "activities.no_skill")}}
	for _, s := range f.Skill {
		if s.Open || s.ID == f.Post.Skill {
			out = append(out, ui.Option{Value: number(s.ID), Label: s.Name})
		}
	}
	return out
}

// papers are the kinds of certificates to choose from, and those chosen.
func (f postForm) papers() (all []ui.Option, chosen []string) {
	asked := f.Post.Certificates.List()
	for _, k := range f.Kinds {
		on := slices.Contains(asked, k.ID)
		if k.Open || on {
			all = append(all, ui.Option{Value: number(k.ID), Label: k.Name})
		}
		if on {
			chosen = append(chosen, number(k.ID))
		}
	}
	return all, chosen
}

func (f postForm) title(ctx context.Context) string {
	if f.Post.ID == "" {
		return ui.T(ctx, "activities.post_new")
	}
	return ui.T(ctx, "activities.post_edit")
}
