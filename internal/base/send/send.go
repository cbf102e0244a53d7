package send

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"time"
)

// Message is what one address is told. Channels with templates, which a provider has to agree to
// beforehand, fill Fields into Template; the others write Title and Text.
type Message struct {
	Key      string // the same for each try
	To       string
	Title    string
	Text     string
	Link     string // "": none
	Template string
	Fields   []Field
}

// Field is a variable of a template.
type Field struct{ Name, Value string }

// Channel takes messages to people.
type Channel interface {
	Send(ctx context.Context, m Message) error
}

// Reason is why a message did not leave.
type Reason string

// The reasons.
const (
	Unreachable Reason = "unreachable" // no connection
	Silent      Reason = "silent"      // connected, but no answer in time: it may have arrived
	Busy        Reason = "busy"        // the other side has a fault of its own
	Garbled     Reason = "garbled"     // an answer that is none
	Limited     Reason = "limited"     // too many for the provider's liking
	Credentials Reason = "credentials" // the provider does not let us in
	Template    Reason = "template"    // the provider does not take the template, or its fields
	Address     Reason = "address"     // there is nobody at that address, or she does not want it
	Refused     Reason = "refused"     // anything else that the provider does not take
	Forbidden   Reason = "forbidden"   // an address that this installation must not reach
	Code        Reason = "code"        // what somebody brought from the provider is used up, too old or none
	Missing     Reason = "missing"     // the channel is off, or not set up
)

// Failure is why a message did not leave, and when another try makes sense.
type Failure struct {
	Reason Reason
	Never  bool          // another try cannot help
	After  time.Duration // not before; 0: as the sender thinks fit
	Wide   bool          // it is not this message: the provider takes none of ours before then
	cause  error
}

// Error is for us.
func (f *Failure) Error() string {
	if f.cause == nil {
		return "send: " + string(f.Reason)
	}
	return fmt.Sprintf("send: %s: %v", f.Reason, f.cause)
}

// Unwrap is the cause.
func (f *Failure) Unwrap() error { return f.cause }

// Later is a failure after which another try makes sense, not before so long.
func Later(r Reason, after time.Duration, cause error) error {
	return &Failure{Reason: r, After: after, cause: cause}
}

// Wide is a failure of all messages to a provider, not before so long.
func Wide(after time.Duration, cause error) error {
	return &Failure{Reason: Limited, After: after, Wide: true, cause: cause}
}

// Never is a failure that another try does not mend: somebody must do something.
func Never(r Reason, cause error) error { return &Failure{Reason: r, Never: true, cause: cause} }

// Judge makes a failure of any error: what nobody has judged is [Unreachable], and one that is
// out of time [Silent]. Nil stays nil.
func Judge(err error) *Failure {
	if err == nil {
		return nil
	}
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	var late net.Error
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) || errors.As(err, &late) && late.Timeout() {
		return &Failure{Reason: Silent, cause: errOutOfTime}
	}
	return &Failure{Reason: Unreachable, cause: errNoConnection}
}

// What stands in place of the errors of the net, which name addresses.
var (
	errOutOfTime    = errors.New("out of time")
	errNoConnection = errors.New("no connection")
)

// MostWait bounds what a server may ask for by Retry-After.
const MostWait = 24 * time.Hour

// RetryAfter reads when a server wants to be asked again: seconds, or a moment.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	text := h.Get("Retry-After")
	if n, err := strconv.Atoi(text); err == nil {
		return min(max(0, time.Duration(n)*time.Second), MostWait)
	}
	if at, err := http.ParseTime(text); err == nil {
		return min(max(0, at.Sub(now)), MostWait)
	}
	return 0
}

// Status judges the status of an answer over HTTP: nil when it is a success.
func Status(r *http.Response, now time.Time) error {
	cause := fmt.Errorf("status %d", r.StatusCode)
	switch s := r.StatusCode; {
	case s >= 200 && s < 300:
		return nil
	case s == http.StatusTooManyRequests:
		return Wide(RetryAfter(r.Header, now), cause)
	case s == http.StatusRequestTimeout || s == http.StatusTooEarly || s >= 500:
		return Later(Busy, RetryAfter(r.Header, now), cause)
	case s == http.StatusUnauthorized || s == http.StatusForbidden:
		return Never(Credentials, cause)
	case s == http.StatusNotFound || s == http.StatusGone:
		return Never(Address, cause)
	}
	return Never(Refused, cause)
}
