package campaign

import (
	"context"
	"slices"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// Level is how deep a campaign stands in its tree.
type Level string

// The levels, from the top.
const (
	Programme Level = "programme"
	Action    Level = "action"
	Project   Level = "project"
)

var levels = []Level{Programme, Action, Project}

// below is the level under a level; false under a project.
func (l Level) below() (Level, bool) {
	i := slices.Index(levels, l) + 1
	if i == len(levels) {
		return "", false
	}
	return levels[i], true
}

// State says whether a campaign was ended.
type State string

// The states.
const (
	Open   State = "open"
	Closed State = "closed"
)

// Campaign is a programme, an action or a project. Parent is 0 at the top; days
// are YYYY-MM-DD, ToDay is empty while no end is set.
type Campaign struct {
	ID      int64
	Parent  int64
	Level   Level
	Name    string
	Org     id.ID
	About   string
	FromDay string
	ToDay   string
	State   State
	Created int64
	Rev     int64
}

// In is what is typed about a campaign.
type In struct {
	Name    string
	About   string
	FromDay string
	ToDay   string
}

// staffRoles open and close campaigns of their organisation and of those below.
var staffRoles = []auth.Role{auth.Admin}

// Create opens a campaign of an organisation: a programme without a parent, else
// the level below its parent's. The parent must take something new, and belong
// to the same organisation or one above it.
func Create(ctx context.Context, tx *db.Tx, actor auth.Actor, of id.ID, parent int64, in In) (int64, error) {
	if err := org.Permit(ctx, tx, actor, of, staffRoles...); err != nil {
		return 0, err
	}
	in = in.normal()
	level, err := levelUnder(ctx, tx, of, parent)
	if err := fail.Join(err, in.check()); err != nil {
		return 0, err
	}
	n, err := tx.Next("campaign_campaign")
	if err != nil {
		return 0, err
	}
	c := Campaign{ID: n, Parent: parent, Level: level, Org: of, State: Open, Created: db.MS(tx.Now), Rev: 1}
	c.put(in)
	if err := insert(tx, c); err != nil {
		return 0, err
	}
	return n, record(tx, actor, "campaign.created", c, nil, c)
}

// levelUnder is the level of a new campaign of an organisation under a parent.
func levelUnder(ctx context.Context, tx *db.Tx, of id.ID, parent int64) (Level, error) {
	if parent == 0 {
		return Programme, nil
	}
	if err := Takes(ctx, tx, parent, of); err != nil {
		return "", fail.At("parent", err)
	}
	p, err := Get(ctx, tx, parent)
	if err != nil {
		return "", err
	}
	level, ok := p.Level.below()
	if !ok {
		return "", fail.Field("parent", "campaign.too_deep")
	}
	return level, nil
}

// Takes refuses, as Invalid, a campaign to which an organisation may not add an
// activity or a campaign of its own: one that is closed, itself or above, or
// that belongs to an organisation which is neither it nor above it.
func Takes(ctx context.Context, r db.Reader, campaign int64, of id.ID) error {
	if _, err := Get(ctx, r, campaign); err != nil {
		return err
	}
	open, reaches, err := takes(ctx, r, campaign, of)
	switch {
	case err != nil:
		return err
	case !reaches:
		return fail.New(fail.Invalid, "campaign.not_yours")
	case !open:
		return fail.New(fail.Invalid, "campaign.closed")
	}
	return nil
}

// Edit changes name, description and days. rev is the one that was read: if
// somebody else saved since, nothing is changed.
func Edit(ctx context.Context, tx *db.Tx, actor auth.Actor, campaign, rev int64, in In) error {
	c, err := permitted(ctx, tx, actor, campaign)
	if err != nil {
		return err
	}
	in = in.normal()
	if err := in.check(); err != nil {
		return err
	}
	before := c
	c.put(in)
	c.Rev = rev
	if err := save(tx, c); err != nil {
		return err
	}
	return record(tx, actor, "campaign.edited", c, before, c)
}

// Close ends a campaign: nothing new comes under it or under what is below it.
// Activities that are under it stay and count.
func Close(ctx context.Context, tx *db.Tx, actor auth.Actor, campaign int64) error {
	return turn(ctx, tx, actor, campaign, Closed, "campaign.ended")
}

// Reopen takes a closing back.
func Reopen(ctx context.Context, tx *db.Tx, actor auth.Actor, campaign int64) error {
	return turn(ctx, tx, actor, campaign, Open, "campaign.reopened")
}

func turn(ctx context.Context, tx *db.Tx, actor auth.Actor, campaign int64, to State, action string) error {
	c, err := permitted(ctx, tx, actor, campaign)
	if err != nil || c.State == to {
		return err // a repeated tap is no error
	}
	before := c
	c.State = to
	if err := save(tx, c); err != nil {
		return err
	}
	return record(tx, actor, action, c, before, c)
}

func permitted(ctx context.Context, tx *db.Tx, actor auth.Actor, campaign int64) (Campaign, error) {
	c, err := Get(ctx, tx, campaign)
	if err != nil {
		return c, err
	}
	return c, org.Permit(ctx, tx, actor, c.Org, staffRoles...)
}

// record audits under the organisation: a campaign has a number, not an id.
func record(tx *db.Tx, actor auth.Actor, action string, c Campaign, before, after any) error {
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: c.Org, Org: c.Org, Before: before, After: after})
}
