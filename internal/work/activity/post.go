package activity

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// AddPost adds a kind of duty. After publication too, unless that would make
// risky what was not reviewed as such.
func AddPost(ctx context.Context, tx *db.Tx, actor auth.Actor, activity id.ID, rev int64, in PostIn) (id.ID, error) {
	a, _, err := own(ctx, tx, actor, activity, rev)
	if err != nil {
		return "", err
	}
	if !a.State.editable() && a.State != Published {
		return "", refuse(a)
	}
	posts, err := Posts(ctx, tx, a.ID)
	if err != nil {
		return "", err
	}
	if len(posts) >= maxPosts {
		return "", fail.New(fail.Conflict, "activity.posts_many", "max", maxPosts)
	}
	if in, err = checkPost(ctx, tx, a, in); err != nil {
		return "", err
	}
	if a.State == Published && in.Risky && !a.Risky {
		return "", fail.Field("risky", "activity.risky_unreviewed")
	}
	p := Post{PostIn: in, ID: tx.NewID(a.Home), Activity: a.ID}
	if err := insertPost(tx, p); err != nil {
		return "", err
	}
	return p.ID, afterPost(ctx, tx, actor, a, "activity.post_added", nil, p)
}

// EditPost rewrites a post. After publication only the places that its coming
// shifts begin with may change: people signed up for the rest.
func EditPost(ctx context.Context, tx *db.Tx, actor auth.Actor, post id.ID, rev int64, in PostIn) error {
	p, err := PostOf(ctx, tx, post)
	if err != nil {
		return err
	}
	a, _, err := own(ctx, tx, actor, p.Activity, rev)
	if err != nil {
		return err
	}
	if !a.State.editable() && a.State != Published {
		return refuse(a)
	}
	if in, err = checkPost(ctx, tx, a, in); err != nil {
		return err
	}
	before := p
	p.PostIn = in
	if a.State == Published && !onlyPlaces(before.PostIn, in) {
		return fail.New(fail.Conflict, "activity.post_fixed")
	}
	if err := savePost(tx, p); err != nil {
		return err
	}
	return afterPost(ctx, tx, actor, a, "activity.post_edited", before, p)
}

// onlyPlaces says whether two versions of a post differ in nothing but places.
func onlyPlaces(a, b PostIn) bool {
	a.Places, a.StandbyPlaces = b.Places, b.StandbyPlaces
	return a == b
}

func checkPost(ctx context.Context, r db.Reader, a Activity, in PostIn) (PostIn, error) {
	s, err := ServiceOf(ctx, r, a.Service)
	if err != nil {
		return in, err
	}
	in = in.normal()
	skill, err := skillOpen(ctx, r, in.Skill)
	if err != nil {
		return in, err
	}
	var unknown error
	if !skill {
		unknown = fail.Field("skill", "activity.skill_unknown")
	}
	return in, fail.Join(in.check(s.Risky), unknown, checkKinds(ctx, r, in.Certificates))
}

// maxKinds is how many certificates a post may ask for.
const maxKinds = 5

func checkKinds(ctx context.Context, r db.Reader, set people.KindSet) error {
	asked := set.List()
	if len(asked) == 0 {
		return nil
	}
	if len(asked) > maxKinds {
		return fail.Field("certificates", "activity.certificates_many", "max", maxKinds)
	}
	names, err := people.CertificateNames(ctx, r)
	for _, k := range asked {
		if _, known := names[k]; !known && err == nil {
			return fail.Field("certificates", "activity.certificate_unknown")
		}
	}
	return err
}

// RemovePost is a step: roster first sees that the post has no shifts.
func RemovePost(ctx context.Context, tx *db.Tx, actor auth.Actor, post id.ID, rev int64) error {
	p, err := PostOf(ctx, tx, post)
	if err != nil {
		return err
	}
	a, _, err := own(ctx, tx, actor, p.Activity, rev)
	if err != nil {
		return err
	}
	if !a.State.editable() {
		return refuse(a)
	}
	if err := deletePost(tx, p); err != nil {
		return err
	}
	return afterPost(ctx, tx, actor, a, "activity.post_removed", p, nil)
}

// afterPost saves the activity with the risk that its posts now give it.
func afterPost(ctx context.Context, tx *db.Tx, actor auth.Actor, a Activity, action string, before, after any) error {
	if err := reckonRisk(ctx, tx, &a); err != nil {
		return err
	}
	if err := save(tx, a); err != nil {
		return err
	}
	return record(tx, actor, action, a, before, after)
}
