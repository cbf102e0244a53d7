package api

import (
	"context"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

func (s *Site) checkins() {
	errors := []int{400, 401, 403, 404, 409, 413, 415, 422, 429}
	register(s.api, huma.Operation{
		OperationID: "checkIn", Method: http.MethodPost, Path: prefix + "/shifts/{id}/checkins", Tags: []string{"checkins"},
		Summary: "Arrive", Description: "By the code that the desk shows, or on the leader's list. The first arrival stands: who tells it again is answered 200.",
		DefaultStatus: http.StatusCreated, Responses: again(), Security: signedIn, Errors: errors,
	}, s.checkIn)
	register(s.api, huma.Operation{
		OperationID: "checkOut", Method: http.MethodPost, Path: prefix + "/shifts/{id}/checkouts", Tags: []string{"checkins"},
		Summary: "Leave", Description: "By the code that the desk shows, or on the leader's list. The first departure stands: who tells it again is answered 200.",
		DefaultStatus: http.StatusCreated, Responses: again(), Security: signedIn, Errors: errors,
	}, s.checkOut)
}

// again documents the answer to what was told before.
func again() map[string]*huma.Response {
	return map[string]*huma.Response{"200": {Description: "She had before; nothing is new", Content: map[string]*huma.MediaType{
		"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Signup"}},
	}}}
}

type checkInInput struct {
	ID   string `path:"id" doc:"The shift"`
	Body CheckIn
}

// CheckIn says who arrives, and how it is known.
type CheckIn struct {
	Code      string `json:"code,omitempty" maxLength:"12" doc:"The six digits that the desk shows now; with volunteer: of a dependant" example:"204816"`
	Volunteer string `json:"volunteer,omitempty" maxLength:"40" doc:"Id or volunteer number of whom the leader sees; without code"`
	Device    string `json:"device,omitempty" minLength:"16" maxLength:"128" doc:"With a code: a random secret that this device made once and keeps; absent: the sign-in stands for the device"`
}

type checkOutInput struct {
	ID   string `path:"id" doc:"The shift"`
	Body CheckOut
}

// CheckOut says who leaves, and how it is known.
type CheckOut struct {
	CheckIn
	Early bool `json:"early,omitempty" doc:"She left her post before its end; only on the leader's list"`
}

// way is how a command at the desk is known: by the code, or on the leader's list. done says
// whether what it records had been recorded before.
type way struct {
	byCode func(*db.Tx, roster.Scan) (roster.Scanned, error)
	onList func(tx *db.Tx, shift, person id.ID) (roster.Signup, error)
	done   func(roster.Signup) bool
}

func (s *Site) checkIn(ctx context.Context, in *checkInInput) (*signupAnswer, error) {
	c := callIn(ctx)
	return s.desk(ctx, c, in.ID, in.Body, way{
		byCode: func(tx *db.Tx, scan roster.Scan) (roster.Scanned, error) {
			return roster.CheckInByCode(ctx, tx, s.Keys, c.actor, scan)
		},
		onList: func(tx *db.Tx, shift, person id.ID) (roster.Signup, error) {
			return roster.CheckInBy(ctx, tx, c.actor, shift, person)
		},
		done: func(u roster.Signup) bool { return u.Arrived != 0 },
	})
}

func (s *Site) checkOut(ctx context.Context, in *checkOutInput) (*signupAnswer, error) {
	c := callIn(ctx)
	return s.desk(ctx, c, in.ID, in.Body.CheckIn, way{
		byCode: func(tx *db.Tx, scan roster.Scan) (roster.Scanned, error) {
			return roster.CheckOutByCode(ctx, tx, s.Keys, c.actor, scan)
		},
		onList: func(tx *db.Tx, shift, person id.ID) (roster.Signup, error) {
			return roster.CheckOutBy(ctx, tx, c.actor, shift, person, in.Body.Early)
		},
		done: func(u roster.Signup) bool { return u.Departed != 0 },
	})
}

// desk takes an arrival or a departure. A wrong code is counted, so it commits, and is
// refused afterwards.
func (s *Site) desk(ctx context.Context, c *call, shiftText string, in CheckIn, w way) (*signupAnswer, error) {
	shift, err := shiftID(shiftText)
	if err != nil {
		return nil, err
	}
	code := ident.Fold(in.Code)
	if code == "" && in.Volunteer == "" {
		return nil, fail.Field("code", "api.code_or_volunteer")
	}
	person, err := s.person(ctx, c, in.Volunteer)
	if err != nil {
		return nil, err
	}
	var got roster.Scanned
	err = s.DB.Write(ctx, func(tx *db.Tx) (err error) {
		if code != "" {
			got, err = w.byCode(tx, roster.Scan{Person: person, Shift: shift, Code: code, Device: s.deviceOf(c, tx.Now, in.Device)})
		} else {
			got, err = w.listed(ctx, tx, shift, person)
		}
		return err
	})
	if err == nil {
		err = got.Refused
	}
	out := &signupAnswer{Status: http.StatusCreated, Body: signup(got.Signup)}
	if got.Again {
		out.Status = http.StatusOK
	}
	return out, err
}

// deviceOf is what is kept of the device of a call for the day: of the secret that it gave, or
// of its sign-in.
func (s *Site) deviceOf(c *call, now time.Time, given string) string {
	secret := given
	if secret == "" {
		hash := page.SessionHash(c.r)
		if bearer := people.Bearer(c.r.Header.Get("Authorization")); bearer != "" {
			hash = auth.HashSecret(bearer)
		}
		secret = hex.EncodeToString(hash)
	}
	return roster.DeviceOf(s.Keys, db.Day(now), secret)
}

// listed is the leader's list, with whether she stood there before.
func (w way) listed(ctx context.Context, tx *db.Tx, shift, person id.ID) (got roster.Scanned, err error) {
	before, err := roster.SignupOf(ctx, tx, shift, person)
	if err != nil && fail.KindOf(err) != fail.NotFound {
		return got, err
	}
	got.Again = w.done(before)
	got.Signup, err = w.onList(tx, shift, person)
	return got, err
}
