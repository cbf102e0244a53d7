package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/idem"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

func (s *Site) signups() {
	register(s.api, huma.Operation{
		OperationID: "signUp", Method: http.MethodPost, Path: prefix + "/shifts/{id}/signups", Tags: []string{"signups"},
		Summary: "Sign up for a shift", Description: "For oneself, for a dependant, or as staff of the shift's organisation for anybody. The body may be absent.",
		DefaultStatus: http.StatusCreated, Security: signedIn, Errors: []int{400, 401, 403, 404, 409, 413, 415, 422},
	}, s.signUp)
	register(s.api, huma.Operation{
		OperationID: "withdraw", Method: http.MethodDelete, Path: prefix + "/shifts/{id}/signups/{volunteer}", Tags: []string{"signups"},
		Summary: "Withdraw from a shift", Description: "A place that comes free goes to a standby, else to the waiting list.",
		Security: signedIn, Errors: []int{400, 401, 403, 404, 409, 413, 415, 422},
	}, s.withdraw)
}

// Keyed is the header with which a request names itself.
type Keyed struct {
	Key string `header:"Idempotency-Key" pattern:"^[!-~]+$" maxLength:"255" doc:"Names this request: a repeat with the same key gets the first answer for 7 days"`
}

type signUpInput struct {
	Keyed
	ID   string `path:"id" doc:"The shift"`
	Body *SignUp
}

// SignUp is what somebody asks for.
type SignUp struct {
	Volunteer string `json:"volunteer,omitempty" maxLength:"40" doc:"Id or volunteer number; absent: the caller" example:"321281000123"`
	Place     string `json:"place,omitempty" enum:"primary,standby" doc:"primary does the duty, standby steps in; absent: primary"`
	Unit      string `json:"unit,omitempty" maxLength:"40" doc:"Id of the organisation she serves for; absent: her own station, else the centre of her county"`
}

// Signup is a volunteer on a shift.
type Signup struct {
	ID        id.ID      `json:"id"`
	Shift     id.ID      `json:"shift"`
	Volunteer id.ID      `json:"volunteer" doc:"The person's id"`
	Place     string     `json:"place" enum:"primary,standby"`
	State     string     `json:"state" enum:"applied,waitlisted,offered,accepted,declined,lapsed,withdrawn,checked_in,checked_out,unclosed,settled,no_show" doc:"After a sign-up: applied (the leader decides), accepted or waitlisted"`
	Unit      id.ID      `json:"unit" doc:"The organisation she serves for"`
	Until     *time.Time `json:"offered_until,omitempty" doc:"An offer must be confirmed before"`
	Arrived   *time.Time `json:"arrived,omitempty"`
	Departed  *time.Time `json:"departed,omitempty"`
	Minutes   int64      `json:"minutes,omitempty" doc:"Served, whole minutes"`
	Grade     string     `json:"grade,omitempty" enum:"recorded,declared,confirmed" doc:"How well the minutes are known: recorded by the program, told by one side, confirmed by a second person"`
}

func signup(u roster.Signup) Signup {
	return Signup{
		ID: u.ID, Shift: u.Shift, Volunteer: u.Person, Place: string(u.Place), State: string(u.State), Unit: u.Unit,
		Until: known(u.OfferedUntil), Arrived: known(u.Arrived), Departed: known(u.Departed), Minutes: u.Minutes, Grade: string(u.Grade),
	}
}

// known is a moment, nil for none.
func known(ms int64) *time.Time {
	if ms == 0 {
		return nil
	}
	t := moment(ms)
	return &t
}

type signupAnswer struct {
	Status   int
	Replayed string `header:"Idempotency-Replayed" doc:"true: the answer that this key got before"`
	Body     Signup
}

func (s *Site) signUp(ctx context.Context, in *signUpInput) (*signupAnswer, error) {
	if in.Body == nil {
		in.Body = &SignUp{}
	}
	c, b := callIn(ctx), in.Body
	shift, err := shiftID(in.ID)
	if err != nil {
		return nil, err
	}
	unit, err := optionalID("unit", b.Unit)
	if err != nil {
		return nil, err
	}
	person, err := s.person(ctx, c, b.Volunteer)
	if err != nil {
		return nil, err
	}
	req := roster.Request{Shift: shift, Person: person, Place: roster.Place(b.Place), Unit: unit}
	named := []string{"signup", string(shift), string(person), b.Place, string(unit)}
	return s.once(ctx, c, in.Key, named, http.StatusCreated, shift, person, func(tx *db.Tx) (roster.Signup, error) {
		return roster.SignUp(ctx, tx, c.actor, req)
	})
}

type withdrawInput struct {
	Keyed
	ID        string `path:"id" doc:"The shift"`
	Volunteer string `path:"volunteer" doc:"Id or volunteer number"`
	Body      *Withdrawal
}

// Withdrawal is what is said about a withdrawal.
type Withdrawal struct {
	Reason string `json:"reason,omitempty" maxLength:"200" doc:"Why; staff who take somebody off must say"`
}

func (s *Site) withdraw(ctx context.Context, in *withdrawInput) (*signupAnswer, error) {
	reason := ""
	if in.Body != nil {
		reason = ident.Line(in.Body.Reason)
	}
	c := callIn(ctx)
	shift, err := shiftID(in.ID)
	if err != nil {
		return nil, err
	}
	person, err := s.person(ctx, c, in.Volunteer)
	if err != nil {
		return nil, err
	}
	named := []string{"withdraw", string(shift), string(person), reason}
	return s.once(ctx, c, in.Key, named, http.StatusOK, shift, person, func(tx *db.Tx) (roster.Signup, error) {
		return roster.Withdraw(ctx, tx, c.actor, shift, person, reason)
	})
}

// once runs a command on a sign-up unless the caller's key had its answer before. What is
// kept of an answer is its status and the id of the sign-up.
func (s *Site) once(ctx context.Context, c *call, key string, named []string, status int, shift, person id.ID,
	act func(*db.Tx) (roster.Signup, error),
) (*signupAnswer, error) {
	out := &signupAnswer{}
	request := []byte(strings.Join(named, "\x00"))
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var u roster.Signup
		code, _, replayed, err := idem.Once(tx, shift.Home(), c.actor.Person, key, request, func() (_ int, _ string, err error) {
			u, err = act(tx)
			return status, string(u.ID), err
		})
		if err == nil && replayed {
			u, err = roster.SignupOf(ctx, tx, shift, person)
		}
		*out = signupAnswer{Status: code, Body: signup(u)}
		if replayed {
			out.Replayed = "true"
		}
		return err
	})
	return out, err
}

// shiftID reads the id of a shift from a path.
func shiftID(text string) (id.ID, error) {
	shift, err := id.Parse(text)
	if err != nil {
		err = fail.New(fail.NotFound, "roster.unknown")
	}
	return shift, err
}

// optionalID reads an id from a field of a body; none is none.
func optionalID(field, text string) (id.ID, error) {
	if text == "" {
		return "", nil
	}
	key, err := id.Parse(text)
	if err != nil {
		err = fail.Field(field, "id.unknown")
	}
	return key, err
}

// person reads an id or a volunteer number; nothing is the caller herself. Which numbers there
// are is told to staff only.
func (s *Site) person(ctx context.Context, c *call, text string) (id.ID, error) {
	if text == "" {
		return c.actor.Person, nil
	}
	if person, err := id.Parse(text); err == nil {
		return person, nil
	}
	person, err := people.ByNo(ctx, s.DB, ident.Fold(text))
	if fail.KindOf(err) == fail.NotFound && !c.actor.Staff() {
		err = fail.New(fail.Forbidden, "org.out_of_reach")
	}
	return person, err
}
