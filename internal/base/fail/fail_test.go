package fail_test

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"reflect"
	"testing"

	"tongxin/internal/base/fail"
)

func TestKindsAndStatuses(t *testing.T) {
	for _, c := range []struct {
		err    error
		kind   fail.Kind
		status int
	}{
		{nil, "", http.StatusOK},
		{errors.New("disk"), fail.Internal, http.StatusInternalServerError},
		{fail.New(fail.Invalid, "k"), fail.Invalid, http.StatusUnprocessableEntity},
		{fail.New(fail.Forbidden, "k"), fail.Forbidden, http.StatusForbidden},
		{fail.New(fail.NotFound, "k"), fail.NotFound, http.StatusNotFound},
		{fail.New(fail.Conflict, "k"), fail.Conflict, http.StatusConflict},
		{fail.New(fail.TooMany, "k"), fail.TooMany, http.StatusTooManyRequests},
		{fail.New(fail.Unavailable, "k"), fail.Unavailable, http.StatusServiceUnavailable},
		{fmt.Errorf("sign up: %w", fail.New(fail.Conflict, "k")), fail.Conflict, http.StatusConflict},
	} {
		if got := fail.KindOf(c.err); got != c.kind {
			t.Errorf("KindOf(%v) = %q, want %q", c.err, got, c.kind)
		}
		if got := fail.Status(c.err); got != c.status {
			t.Errorf("Status(%v) = %d, want %d", c.err, got, c.status)
		}
	}
}

func TestKeyAndArgsSurviveWrapping(t *testing.T) {
	err := fmt.Errorf("outer: %w", fail.New(fail.Conflict, "roster.full", "places", 20))
	if fail.Key(err) != "roster.full" {
		t.Errorf("Key = %q", fail.Key(err))
	}
	if got := fail.Args(err); !reflect.DeepEqual(got, []any{"places", 20}) {
		t.Errorf("Args = %v", got)
	}
	if fail.Key(errors.New("x")) != "" || fail.Args(nil) != nil || fail.Fields(nil) != nil {
		t.Error("an error of another package has a key, arguments or fields")
	}
}

func TestIsComparesKindAndKey(t *testing.T) {
	err := fmt.Errorf("x: %w", fail.New(fail.Conflict, "roster.full", "places", 20))
	if !errors.Is(err, fail.New(fail.Conflict, "roster.full")) {
		t.Error("the same refusal with other arguments is not recognised")
	}
	if errors.Is(err, fail.New(fail.Conflict, "roster.late")) || errors.Is(err, fail.New(fail.Invalid, "roster.full")) {
		t.Error("another refusal is taken for it")
	}
}

func TestWrapKeepsTheCause(t *testing.T) {
	err := fail.Wrap(fs.ErrNotExist, fail.Unavailable, "crypt.keys_missing")
	if !errors.Is(err, fs.ErrNotExist) || fail.KindOf(err) != fail.Unavailable {
		t.Errorf("lost the cause or the kind: %v", err)
	}
}

func TestJoin(t *testing.T) {
	a := fail.Field("title", "activity.title_missing")
	b := fail.Field("places", "activity.places_range", "min", 1)
	if fail.Join() != nil || fail.Join(nil, nil) != nil {
		t.Error("nothing joined is an error")
	}
	if got := fail.Join(nil, a, nil); got != a {
		t.Errorf("one joined = %v", got)
	}
	both := fail.Join(a, nil, fail.Join(nil, b))
	want := []fail.Problem{{Field: "title", Key: "activity.title_missing"}, {Field: "places", Key: "activity.places_range", Args: []any{"min", 1}}}
	if got := fail.Fields(both); !reflect.DeepEqual(got, want) {
		t.Errorf("Fields = %#v", got)
	}
	if fail.Key(both) != fail.FormInvalid || fail.KindOf(both) != fail.Invalid {
		t.Errorf("joined = %v", both)
	}
}

func TestJoinPutsWhatHasNoFieldFirst(t *testing.T) {
	internal := errors.New("disk")
	if got := fail.Join(fail.Field("a", "k"), internal); got != internal {
		t.Errorf("Join hid an internal error: %v", got)
	}
	forbidden := fail.New(fail.Forbidden, "permit.no")
	if got := fail.Join(fail.Field("a", "k"), forbidden); got != forbidden {
		t.Errorf("Join hid a refusal: %v", got)
	}
}

func TestErrorText(t *testing.T) {
	err := fail.Join(fail.Field("title", "a.b"), fail.Field("places", "c.d", "min", 1))
	if got, want := err.Error(), "invalid: form.invalid n=2; title: a.b; places: c.d min=1"; got != want {
		t.Errorf("Error() = %q, want %q", got, want)
	}
}

func TestAt(t *testing.T) {
	got := fail.At("phone", fmt.Errorf("x: %w", fail.New(fail.Invalid, "ident.phone", "n", 11)))
	want := []fail.Problem{{Field: "phone", Key: "ident.phone", Args: []any{"n", 11}}}
	if !reflect.DeepEqual(fail.Fields(got), want) || fail.Key(got) != "ident.phone" {
		t.Errorf("At = %v", got)
	}
	other, conflict := errors.New("disk"), fail.New(fail.Conflict, "people.phone_taken")
	if fail.At("phone", nil) != nil || fail.At("phone", other) != other || fail.At("phone", conflict) != conflict {
		t.Error("At changed what is not an invalid input")
	}
	if f := fail.Field("name", "k"); fail.At("phone", f) != f {
		t.Error("At moved an error to another field")
	}
}
