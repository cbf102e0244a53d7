package callup

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/ledger"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// AppealIn is what is typed about an appeal.
type AppealIn struct{ Title, Text, Signed string }

func (in *AppealIn) tidy() error {
	in.Title, in.Text, in.Signed = ident.Line(in.Title), ident.Lines(in.Text), ident.Line(in.Signed)
	return fail.Join(between("title", in.Title, 2, mostTitle), between("text", in.Text, 5, mostText), between("signed", in.Signed, 2, 60))
}

// DraftAppeal writes an appeal that nobody sees yet.
func DraftAppeal(ctx context.Context, tx *db.Tx, actor auth.Actor, of id.ID, in AppealIn) (id.ID, error) {
	if err := org.Permit(ctx, tx, actor, of, Writing...); err != nil {
		return "", err
	}
	if err := in.tidy(); err != nil {
		return "", err
	}
	a := Appeal{ID: tx.NewID(of.Home()), Org: of, Title: in.Title, Text: in.Text, Signed: in.Signed, State: Draft, Author: actor.Person, Created: db.MS(tx.Now), Rev: 1}
	if err := insertAppeal(tx, a); err != nil {
		return "", err
	}
	return a.ID, record(tx, actor, "callup.appeal_drafted", a.ID, a.Org, nil, a)
}

// ReviseAppeal rewrites a draft.
func ReviseAppeal(ctx context.Context, tx *db.Tx, actor auth.Actor, appeal id.ID, in AppealIn) error {
	return changeAppeal(ctx, tx, actor, appeal, Writing, "callup.appeal_revised", func(a *Appeal) error {
		if a.State != Draft {
			return fail.New(fail.Conflict, "callup.not_while."+string(a.State))
		}
		err := in.tidy()
		a.Title, a.Text, a.Signed = in.Title, in.Text, in.Signed
		return err
	})
}

// Publish shows an appeal to all, and has the volunteers below whoever appeals told.
func Publish(ctx context.Context, tx *db.Tx, actor auth.Actor, appeal id.ID) error {
	return changeAppeal(ctx, tx, actor, appeal, Issuing, "callup.appealed", func(a *Appeal) error {
		if a.State != Draft {
			return fail.New(fail.Conflict, "callup.not_while."+string(a.State))
		}
		a.State, a.Published, a.Signer = Published, db.MS(tx.Now), actor.Person
		f, err := CallUp{}.fact(ctx, tx, AppealedFact, a.Org, a.ID, 1, actor.Person)
		if err != nil {
			return err
		}
		if err := ledger.Post(tx, f); err != nil {
			return err
		}
		return notice.Announce(ctx, tx, a.Org, "callup.appealed", a.ID, a.told()...)
	})
}

// told is what volunteers are told of it.
func (a Appeal) told() []any { return []any{"title", a.Title, "signed", a.Signed} }

// Recall takes an appeal back, with a reason: who has not been told of it is not. What was published stays counted.
func Recall(ctx context.Context, tx *db.Tx, actor auth.Actor, appeal id.ID, reason string) error {
	return changeAppeal(ctx, tx, actor, appeal, Issuing, "callup.appeal_recalled", func(a *Appeal) (err error) {
		if a.State == Withdrawn {
			return fail.New(fail.Conflict, "callup.not_while.withdrawn")
		}
		if a.State == Published {
			if reason, err = reasonFor(reason); err != nil {
				return err
			}
		}
		a.State, a.Ended, a.Reason = Withdrawn, db.MS(tx.Now), reason
		return notice.Hush(tx, a.ID)
	})
}

func changeAppeal(ctx context.Context, tx *db.Tx, actor auth.Actor, appeal id.ID, who []auth.Role, action string, change func(*Appeal) error) error {
	a, err := GetAppeal(ctx, tx, appeal)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, a.Org, who...); err != nil {
		return err
	}
	before := a
	if err := change(&a); err != nil {
		return err
	}
	if err := saveAppeal(tx, &a); err != nil {
		return err
	}
	return record(tx, actor, action, a.ID, a.Org, before, a)
}

func record(tx *db.Tx, actor auth.Actor, action string, subject, at id.ID, before, after any) error {
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: subject, Org: at, Before: before, After: after})
}
