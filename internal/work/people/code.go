package people

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
)

// Sender delivers a one-time code to a phone, outside of any transaction. It answers what
// the page may show instead, as the demonstration's does with the code itself; "" for
// nothing.
type Sender func(ctx context.Context, phone, code string) (shown string, err error)

// Code is a one-time code to be delivered. It is in the database as a keyed hash only.
type Code struct {
	Phone  string
	Digits string
	Until  time.Time
}

// RequestCodeFrom is [RequestCode] for somebody at an address of the network, from which so many
// codes may be asked for in a day. Of the address a keyed hash is kept, for that day; "" is any.
func RequestCodeFrom(ctx context.Context, tx *db.Tx, keys *crypt.Keys, phone, sender string) (Code, error) {
	c, err := RequestCode(ctx, tx, keys, phone)
	if err != nil || sender == "" {
		return c, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Code{}, err
	}
	counted, err := putCode(tx, keys.Hash("people.sender", sender), []byte{}, tx.Now, tx.Now, set.CodeSender)
	if err == nil && !counted {
		err = fail.New(fail.TooMany, "people.code_sender")
	}
	return c, err
}

// RequestCode makes a one-time code for a number, of which it knows nothing and asks
// nothing: whoever has it gets the same answer. The caller sends it once the transaction is
// committed.
func RequestCode(ctx context.Context, tx *db.Tx, keys *crypt.Keys, phone string) (Code, error) {
	phone, err := checkMobile(phone)
	if err != nil {
		return Code{}, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Code{}, err
	}
	c := Code{Phone: phone, Digits: auth.Code6(), Until: tx.Now.Add(set.CodeFor)}
	hash := phoneHash(keys, phone)
	fresh, err := putCode(tx, hash, codeHash(keys, phone, c.Digits), c.Until, tx.Now.Add(-set.CodeEvery), set.CodeDaily)
	if err != nil || fresh {
		return c, err
	}
	return Code{}, tooMany(ctx, tx, hash, set)
}

// tooMany says why there is no code now.
func tooMany(ctx context.Context, tx *db.Tx, hash []byte, set config.Settings) error {
	sent, today, err := codeSent(ctx, tx, hash, db.Day(tx.Now))
	if err != nil {
		return err
	}
	if today >= set.CodeDaily {
		return fail.New(fail.TooMany, "people.code_daily", "n", set.CodeDaily)
	}
	wait := db.Time(sent).Add(set.CodeEvery).Sub(tx.Now)
	return fail.New(fail.TooMany, "people.code_wait", "n", max(1, int64((wait+time.Second-1)/time.Second)))
}

func checkMobile(s string) (string, error) {
	phone, err := ident.Mobile(s)
	if err != nil {
		return "", fail.Field("phone", fail.Key(err))
	}
	return phone, nil
}

func codeHash(keys *crypt.Keys, phone, digits string) []byte {
	return keys.Hash("people.code", phone+"/"+digits)
}

// Entry is a number with the code that was sent to it.
type Entry struct {
	Phone, Code string
	Label       string // of the device, shown to her among her sessions
	Replaces    []byte // hash of the session that the browser came with
}

// Entered is the answer to an [Entry]. Refused is kept apart from an error, because the try
// must count: commit, then refuse. Whose number is known is signed in; anybody else has
// proved that the number is hers and may join with the ticket. A number that has lain still
// for long may be somebody else's now: Doubt says that it signs in only with [Vouch].
type Entered struct {
	Refused error
	Started Started
	Ticket  string
	Doubt   bool
}

// Enter signs in with a one-time code, which works once.
func Enter(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Entry) (Entered, error) {
	phone, err := checkMobile(in.Phone)
	if err != nil {
		return Entered{}, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Entered{}, err
	}
	hash := phoneHash(keys, phone)
	right, err := tryCode(ctx, tx, keys, set, hash, phone, ident.Fold(in.Code))
	if err != nil || !right {
		return Entered{Refused: fail.Field("code", "people.code_wrong")}, err
	}
	person, err := personBy(ctx, tx, byPhone, hash)
	if err != nil {
		return Entered{}, err
	}
	if person == "" {
		return Entered{Ticket: newTicket(keys, phone, tx.Now)}, nil
	}
	used, err := lastUsed(ctx, tx, hash, person)
	if err != nil {
		return Entered{}, err
	}
	if tx.Now.Sub(db.Time(used)) > set.DoubtAfter {
		return Entered{Ticket: newTicket(keys, phone, tx.Now), Doubt: true}, nil
	}
	started, err := arrive(tx, actor, set, person, hash, in.Label, in.Replaces)
	return Entered{Started: started}, err
}

// arrive begins the session of whoever proved a number.
func arrive(tx *db.Tx, actor auth.Actor, set config.Settings, person id.ID, hash []byte, label string, replaces []byte) (Started, error) {
	if err := markUsed(tx, hash); err != nil {
		return Started{}, err
	}
	started, err := start(tx, person, VolunteerSession, label, replaces, set.VolunteerSession, set.VolunteerIdle)
	if err != nil {
		return Started{}, err
	}
	actor.Person = person
	return started, audit.Record(tx, actor, audit.Entry{Action: "people.signed_in", Subject: person, After: map[string]any{"kind": VolunteerSession}})
}

// tryCode counts a try and compares. What was wrong stays untold: no code, an old one, a
// used one, too many tries, other digits.
func tryCode(ctx context.Context, tx *db.Tx, keys *crypt.Keys, set config.Settings, hash []byte, phone, digits string) (bool, error) {
	counted, err := countTry(tx, hash, set.CodeTries)
	if err != nil {
		return false, err
	}
	want, err := codeOf(ctx, tx, hash)
	if err != nil {
		return false, err
	}
	got := codeHash(keys, phone, digits)
	if subtle.ConstantTimeCompare(want, got) != 1 || !counted {
		return false, nil
	}
	return true, spendCode(tx, hash)
}

// ticketFor is how long one who proved a number may take to fill in the form.
const ticketFor = time.Hour

// newTicket is a proof that a number is hers, sealed, for the form with which she joins.
func newTicket(keys *crypt.Keys, phone string, now time.Time) string {
	plain := phone + "/" + strconv.FormatInt(db.MS(now.Add(ticketFor)), 10)
	return base64.RawURLEncoding.EncodeToString(keys.Seal("people_phone", "ticket", id.Operator, plain))
}

// TicketPhone opens a ticket; one that is old or not ours is refused.
func TicketPhone(keys *crypt.Keys, ticket string, now time.Time) (string, error) {
	refused := fail.New(fail.Conflict, "people.ticket_over")
	sealed, err := base64.RawURLEncoding.DecodeString(ticket)
	if err != nil || len(sealed) == 0 {
		return "", refused
	}
	plain, err := keys.OpenField("people_phone", "ticket", id.Operator, sealed)
	if err != nil {
		return "", refused
	}
	phone, until, _ := strings.Cut(plain, "/")
	ms, err := strconv.ParseInt(until, 10, 64)
	if err != nil || db.MS(now) > ms {
		return "", refused
	}
	return phone, nil
}
