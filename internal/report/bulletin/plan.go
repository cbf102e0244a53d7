package bulletin

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// Plan begins an issue of an organisation.
func Plan(ctx context.Context, tx *db.Tx, actor auth.Actor, of id.ID, in In) (id.ID, error) {
	return plan(ctx, tx, actor, of, in, "")
}

// Correct begins the issue that corrects a published one: what was published stays as it is.
// Its texts begin as those of the other.
func Correct(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID, in In) (id.ID, error) {
	old, err := Get(ctx, tx, issue)
	if err != nil {
		return "", err
	}
	if err := old.refuse(Published); err != nil {
		return "", err
	}
	made, err := plan(ctx, tx, actor, old.Org, in, issue)
	if err != nil {
		return "", err
	}
	all, err := Articles(ctx, tx, issue)
	if err != nil {
		return "", err
	}
	for _, a := range all {
		if a.State != Accepted {
			continue
		}
		a.ID, a.Issue, a.State, a.Author, a.Created = tx.NewID(made.Home()), made, Drafted, actor.Person, db.MS(tx.Now)
		a.Submitted, a.Accepted, a.Due, a.Reason, a.Edited, a.Rev = 0, 0, 0, "", 0, 1
		if err := adopt(tx, &a); err != nil {
			return "", err
		}
		if err := insertArticle(tx, a); err != nil {
			return "", err
		}
	}
	return made, nil
}

func plan(ctx context.Context, tx *db.Tx, actor auth.Actor, of id.ID, in In, corrects id.ID) (id.ID, error) {
	if err := org.Permit(ctx, tx, actor, of, Writing...); err != nil {
		return "", err
	}
	in = in.normal()
	if err := fail.Join(in.check(), checkCampaign(ctx, tx, in.Campaign)); err != nil {
		return "", err
	}
	i := Issue{ID: tx.NewID(of.Home()), Org: of, Corrects: corrects, State: Planned, Author: actor.Person, Created: db.MS(tx.Now), Rev: 1}
	i.put(in)
	if err := free(ctx, tx, i); err != nil {
		return "", err
	}
	if err := insert(tx, i); err != nil {
		return "", err
	}
	return i.ID, record(tx, actor, "bulletin.planned", i, nil, in)
}

// Edit changes what is planned of an issue that is not published.
func Edit(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID, rev int64, in In) error {
	i, err := written(ctx, tx, actor, issue, rev)
	if err != nil {
		return err
	}
	in = in.normal()
	if err := fail.Join(i.refuse(Planned), in.check(), checkCampaign(ctx, tx, in.Campaign)); err != nil {
		return err
	}
	i.put(in)
	if err := free(ctx, tx, i); err != nil {
		return err
	}
	if err := save(tx, &i); err != nil {
		return err
	}
	return record(tx, actor, "bulletin.edited", i, nil, in)
}

// Drop gives up an issue that is not published; its numbers are free again.
func Drop(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID) error {
	i, err := written(ctx, tx, actor, issue, 0)
	if err != nil {
		return err
	}
	if err := i.refuse(Planned, InReview, Approved); err != nil {
		return err
	}
	i.State = Dropped
	if err := save(tx, &i); err != nil {
		return err
	}
	return record(tx, actor, "bulletin.dropped", i, nil, nil)
}

// free refuses a number that another issue of the organisation has.
func free(ctx context.Context, r db.Reader, i Issue) error {
	number, total, err := taken(ctx, r, i)
	if err != nil {
		return err
	}
	var errs []error
	if number {
		errs = append(errs, fail.Field("number", "bulletin.number_taken", "year", plainNumber(i.Year), "n", i.Number))
	}
	if total {
		errs = append(errs, fail.Field("total", "bulletin.total_taken", "n", i.Total))
	}
	return fail.Join(errs...)
}

func checkCampaign(ctx context.Context, r db.Reader, n int64) error {
	if n == 0 {
		return nil
	}
	_, err := campaign.Get(ctx, r, n)
	if fail.KindOf(err) == fail.NotFound {
		err = fail.Field("campaign", "campaign.unknown")
	}
	return err
}

// written reads an issue for somebody who writes it; rev 0 takes any.
func written(ctx context.Context, tx *db.Tx, actor auth.Actor, issue id.ID, rev int64) (Issue, error) {
	i, err := Get(ctx, tx, issue)
	if err != nil {
		return i, err
	}
	if err := org.Permit(ctx, tx, actor, i.Org, Writing...); err != nil {
		return i, err
	}
	if rev != 0 && rev != i.Rev {
		return i, fail.New(fail.Conflict, "bulletin.changed_meanwhile")
	}
	return i, nil
}

func record(tx *db.Tx, actor auth.Actor, action string, i Issue, before, after any) error {
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: i.ID, Org: i.Org, Before: before, After: after})
}

// SaveTemplate keeps the template of an organisation, for itself and those below that have
// none; an empty one goes back to the one above.
func SaveTemplate(ctx context.Context, tx *db.Tx, actor auth.Actor, of id.ID, rev int64, text string) error {
	if err := org.Permit(ctx, tx, actor, of, auth.Admin, auth.Editor); err != nil {
		return err
	}
	before, err := OwnTemplate(ctx, tx, of)
	switch {
	case err != nil:
		return err
	case before.Rev != rev:
		return fail.New(fail.Conflict, "bulletin.changed_meanwhile")
	}
	if text != "" {
		if _, err := ParseTemplate(text); err != nil {
			return err
		}
	}
	if err := putTemplate(tx, of, text, actor.Person, rev); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "bulletin.template", Subject: of, Org: of, Before: before.Text, After: text})
}

// TemplateOf is the template with which an organisation drafts: its own, or the nearest above
// it that has one, or the standard one.
func TemplateOf(ctx context.Context, r db.Reader, of id.ID) (Template, error) {
	text, err := templateText(ctx, r, of)
	if err != nil {
		return Template{}, err
	}
	return ParseTemplate(text)
}

// templateText is the text of the template of an organisation.
func templateText(ctx context.Context, r db.Reader, of id.ID) (string, error) {
	path, err := org.Path(ctx, r, of)
	if err != nil {
		return "", err
	}
	for i := len(path) - 1; i >= 0; i-- {
		own, err := OwnTemplate(ctx, r, path[i].ID)
		if err != nil || own.Text != "" {
			return own.Text, err
		}
	}
	return standard, nil
}

// InForce is the text of the template with which an organisation drafts.
func InForce(ctx context.Context, r db.Reader, of id.ID) (string, error) {
	return templateText(ctx, r, of)
}
