package people

import (
	"context"
	"slices"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// HandoutState is where a handout stands.
type HandoutState string

// The states. What was asked for or agreed to lapses by itself.
const (
	HandoutAsked   HandoutState = "asked"
	HandoutAgreed  HandoutState = "agreed"
	HandoutRefused HandoutState = "refused"
	HandoutTaken   HandoutState = "taken"
)

// HandoutFor is how long a handout can be downloaded once it is agreed to, and how long it may
// wait for that.
const (
	HandoutFor   = 24 * time.Hour
	handoutWaits = 7 * 24 * time.Hour
)

// Handout is a list of volunteers with nothing masked: asked for with a purpose, agreed to by a
// second person, downloaded once, by whoever asked.
//
//	asked ──▶ agreed ──▶ taken
//	   └────▶ refused
type Handout struct {
	ID        id.ID
	Org       id.ID // whose volunteers: it and all below
	Category  int64 // 0: all
	Purpose   Purpose
	State     HandoutState
	AskedBy   id.ID
	Asked     int64
	DecidedBy id.ID
	Decided   int64
	Until     int64 // the end of its download
	Taken     int64
}

// Open reports whether a handout still waits for somebody at a moment: for a second person, or
// for its download.
func (h Handout) Open(now int64) bool {
	return h.State == HandoutAsked && now < h.Asked+handoutWaits.Milliseconds() || h.State == HandoutAgreed && now < h.Until
}

// HandoutPurposes are what a list may be handed out for.
func HandoutPurposes() []Purpose {
	return []Purpose{"insurance", "emergency", "higher_office", "other_system"}
}

// handers may ask for a handout; reviewers of a higher tier decide.
var handers = []auth.Role{auth.Admin}

// AskHandout asks for a list of an organisation's volunteers with nothing masked.
func AskHandout(ctx context.Context, tx *db.Tx, actor auth.Actor, at id.ID, category int64, purpose Purpose) (id.ID, error) {
	if err := org.Permit(ctx, tx, actor, at, handers...); err != nil {
		return "", err
	}
	if !slices.Contains(HandoutPurposes(), purpose) {
		return "", fail.Field("purpose", "people.purpose_missing")
	}
	if category != 0 {
		if _, err := CategoryOf(ctx, tx, category); err != nil {
			return "", err
		}
	}
	h := Handout{ID: tx.NewID(at.Home()), Org: at, Category: category, Purpose: purpose, State: HandoutAsked, AskedBy: actor.Person, Asked: db.MS(tx.Now)}
	if err := insertHandout(tx, h); err != nil {
		return "", err
	}
	return h.ID, h.tell(tx, actor, "people.handout_asked")
}

// DecideHandout is the second person's answer.
func DecideHandout(ctx context.Context, tx *db.Tx, actor auth.Actor, handout id.ID, yes bool) error {
	h, err := handoutOf(ctx, tx, handout)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, h.Org, auth.Admin, auth.Reviewer); err != nil {
		return fail.New(fail.NotFound, "people.handout_unknown")
	}
	if err := org.SecondPerson(ctx, tx, actor, h.AskedBy, h.Org); err != nil {
		return err
	}
	now := db.MS(tx.Now)
	if h.State != HandoutAsked || !h.Open(now) {
		return fail.New(fail.Conflict, "people.handout_over")
	}
	action := "people.handout_refused"
	h.State, h.DecidedBy, h.Decided = HandoutRefused, actor.Person, now
	if yes {
		action, h.State, h.Until = "people.handout_agreed", HandoutAgreed, now+HandoutFor.Milliseconds()
	}
	if moved, err := moveHandout(tx, h, HandoutAsked); err != nil || !moved {
		return orTaken(err, fail.New(fail.Conflict, "people.handout_over"))
	}
	return h.tell(tx, actor, action)
}

// TakeHandout lets whoever asked download what was agreed to, once. It is told before the first
// row leaves.
func TakeHandout(ctx context.Context, tx *db.Tx, actor auth.Actor, handout id.ID) (Handout, error) {
	h, err := handoutOf(ctx, tx, handout)
	if err != nil {
		return h, err
	}
	if h.AskedBy != actor.Person {
		return h, fail.New(fail.NotFound, "people.handout_unknown")
	}
	if err := org.Permit(ctx, tx, actor, h.Org, handers...); err != nil {
		return h, err
	}
	now := db.MS(tx.Now)
	switch {
	case h.State == HandoutAsked && h.Open(now):
		return h, fail.New(fail.Conflict, "people.handout_waits")
	case h.State != HandoutAgreed || !h.Open(now):
		return h, fail.New(fail.Conflict, "people.handout_over")
	}
	h.State, h.Taken = HandoutTaken, now
	if moved, err := moveHandout(tx, h, HandoutAgreed); err != nil || !moved {
		return h, orTaken(err, fail.New(fail.Conflict, "people.handout_over"))
	}
	return h, h.tell(tx, actor, "people.handout_taken")
}

func (h Handout) tell(tx *db.Tx, actor auth.Actor, action string) error {
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: h.ID, Org: h.Org, After: map[string]any{"purpose": h.Purpose, "category": h.Category, "until": h.Until}})
}

// Handouts are the latest of an organisation and of those below it.
func Handouts(ctx context.Context, r db.Reader, actor auth.Actor, at id.ID, limit int) ([]Handout, error) {
	if err := org.Permit(ctx, r, actor, at, auth.Admin, auth.Reviewer); err != nil {
		return nil, err
	}
	return handoutsUnder(ctx, r, at, limit)
}
