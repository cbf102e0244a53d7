package fail

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Kind says what a refusal is, whatever area it comes from.
type Kind string

// The kinds. [Internal] is what [KindOf] says of every error that is not of this package.
const (
	Invalid     Kind = "invalid"     // what was sent cannot be right
	Forbidden   Kind = "forbidden"   // not for this actor
	NotFound    Kind = "not_found"   // no such record within the actor's sight
	Conflict    Kind = "conflict"    // right in itself, but the state says no
	TooMany     Kind = "too_many"    // too often, too large
	Unavailable Kind = "unavailable" // not now: try again
	Internal    Kind = "internal"    // ours to repair
)

// FormInvalid is the message key of several field errors joined.
const FormInvalid = "form.invalid"

// Problem is one field's error.
type Problem struct {
	Field string
	Key   string
	Args  []any // name, value, name, value …
}

// Error is a refusal. Make one with [New], [Field], [Join] or [Wrap].
type Error struct {
	Kind   Kind
	Key    string
	Args   []any // name, value, name, value …
	Fields []Problem

	cause error
}

// New refuses with a message key and arguments for its sentence, as name, value pairs.
func New(kind Kind, key string, args ...any) error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Wrap is [New] with the technical cause behind it, for the log only.
func Wrap(cause error, kind Kind, key string, args ...any) error {
	return &Error{Kind: kind, Key: key, Args: args, cause: cause}
}

// Field is an [Invalid] tied to the form field of that name.
func Field(field, key string, args ...any) error {
	return &Error{Kind: Invalid, Key: key, Args: args, Fields: []Problem{{field, key, args}}}
}

// At ties a refusal that belongs to no field yet to the field of that name: a check such as
// that of an identity number does not know what the form calls it. Nil stays nil, and what
// is not [Invalid] stays as it is.
func At(field string, err error) error {
	if e := as(err); e != nil && e.Kind == Invalid && e.Fields == nil {
		return Field(field, e.Key, e.Args...)
	}
	return err
}

// Join puts field errors together and leaves out nils; it returns nil when nothing is left.
// An error that belongs to no field goes before the fields and is returned alone.
func Join(errs ...error) error {
	var (
		fields []Problem
		last   error
	)
	for _, err := range errs {
		if err == nil {
			continue
		}
		f := Fields(err)
		if f == nil {
			return err
		}
		fields, last = append(fields, f...), err
	}
	if len(fields) < 2 {
		return last
	}
	return &Error{Kind: Invalid, Key: FormInvalid, Args: []any{"n", len(fields)}, Fields: fields}
}

// Error is for logs, never for people.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Kind, e.Key)
	pairs(&b, e.Args)
	for _, f := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", f.Field, f.Key)
		pairs(&b, f.Args)
	}
	if e.cause != nil {
		fmt.Fprintf(&b, ": %v", e.cause)
	}
	return b.String()
}

func pairs(b *strings.Builder, args []any) {
	for i := 0; i+1 < len(args); i += 2 {
		fmt.Fprintf(b, " %v=%v", args[i], args[i+1])
	}
}

// Unwrap gives the technical cause.
func (e *Error) Unwrap() error { return e.cause }

// Is makes errors.Is compare by message key, so that a test may say
// errors.Is(err, fail.New(fail.Conflict, "roster.full")).
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Key == e.Key
}

func as(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return nil
}

// KindOf is the kind of the refusal within err, [Internal] when there is none, and "" for nil.
func KindOf(err error) Kind {
	if e := as(err); e != nil {
		return e.Kind
	}
	if err == nil {
		return ""
	}
	return Internal
}

// Key is the message key of the refusal within err, or "".
func Key(err error) string {
	if e := as(err); e != nil {
		return e.Key
	}
	return ""
}

// Args are the name, value pairs of the refusal within err.
func Args(err error) []any {
	if e := as(err); e != nil {
		return e.Args
	}
	return nil
}

// Fields are the field errors within err; nil when it belongs to no field.
func Fields(err error) []Problem {
	if e := as(err); e != nil {
		return e.Fields
	}
	return nil
}

var statuses = map[Kind]int{
	"":          http.StatusOK,
	Invalid:     http.StatusUnprocessableEntity,
	Forbidden:   http.StatusForbidden,
	NotFound:    http.StatusNotFound,
	Conflict:    http.StatusConflict,
	TooMany:     http.StatusTooManyRequests,
	Unavailable: http.StatusServiceUnavailable,
	Internal:    http.StatusInternalServerError,
}

// Status is the HTTP status that answers err: 200 for nil, 422 for invalid, 403, 404, 409,
// 429, 503, and 500 for whatever is not of this package.
func Status(err error) int { return statuses[KindOf(err)] }
