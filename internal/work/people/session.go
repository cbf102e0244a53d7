package people

import (
	"context"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// SessionKind says what a session's bearer may be.
type SessionKind string

// The kinds. A half session has given a password and not yet the second factor: it acts for
// nobody.
const (
	VolunteerSession SessionKind = "volunteer"
	StaffSession     SessionKind = "staff"
	HalfSession      SessionKind = "half"
	TokenSession     SessionKind = "token"
)

// Session is one sign-in, or one machine's token, as it is stored: by the hash of its secret.
type Session struct {
	Hash    []byte
	Person  id.ID
	Kind    SessionKind
	Created int64
	Seen    int64 // to some minutes
	Expires int64 // in any case
	Idle    int64 // longest pause between two requests in ms, 0: any
	Label   string
	Org     id.ID     // of a token
	Role    auth.Role // of a token

	state     State
	volunteer bool
	name      []byte
}

// Name opens the name of the session's person, for herself.
func (s Session) Name(k *crypt.Keys) (string, error) {
	return k.OpenField(personTable, string(FieldName), s.Person, s.name)
}

// Volunteer reports whether the session's person is an active volunteer.
func (s Session) Volunteer() bool { return s.volunteer && s.state == Active }

// over reports whether the session has ended.
func (s Session) over(now time.Time) bool {
	ms := db.MS(now)
	return s.state == Closed || s.state == Merged || ms >= s.Expires || s.Idle > 0 && ms-s.Seen > s.Idle
}

// seenEvery is how seldom the time of the last request is written down.
const seenEvery = 3 * time.Minute

// Due reports whether it is time to write down that the session is used; see [Touch].
func (s Session) Due(now time.Time) bool {
	every := seenEvery.Milliseconds()
	if s.Idle > 0 {
		every = min(every, s.Idle/4)
	}
	return s.Idle > 0 && db.MS(now)-s.Seen >= every
}

// Actor says who bears a session's secret, from its hash. The roles of a person count in
// her staff sessions only; a half session acts for nobody, but its Session tells of it. An
// unknown session is neither an error nor anybody; one that is over is a Session without an
// Actor.
func Actor(ctx context.Context, r db.Reader, now time.Time, hash []byte) (auth.Actor, Session, error) {
	s, err := sessionOf(ctx, r, hash)
	if err != nil || s.Person == "" || s.over(now) || s.Kind == HalfSession {
		return auth.Actor{}, s, err
	}
	a := auth.Actor{Person: s.Person, Via: auth.Web}
	switch s.Kind {
	case TokenSession:
		a.Via, a.Grants = auth.API, []auth.Grant{{Org: s.Org, Role: s.Role}}
	case StaffSession:
		a.Grants, err = grantsOf(ctx, r, s.Person)
	}
	return a, s, err
}

// Touch writes down that a session is used; call it when it is [Session.Due].
func Touch(tx *db.Tx, hash []byte) error { return touch(tx, hash) }

// Started is a session that has just begun. Secret is known to nobody else and not stored.
type Started struct {
	Person  id.ID
	Kind    SessionKind
	Secret  string
	Expires time.Time
	Step    Step // what a half session waits for
}

// start begins a session with a new secret and ends the one that the browser came with.
func start(tx *db.Tx, person id.ID, kind SessionKind, label string, replaces []byte, most, idle time.Duration) (Started, error) {
	if len(replaces) > 0 {
		if err := endSession(tx, replaces); err != nil {
			return Started{}, err
		}
	}
	secret, hash := auth.NewSecret()
	s := Started{Person: person, Kind: kind, Secret: secret, Expires: tx.Now.Add(most)}
	return s, putSession(tx, Session{Hash: hash, Person: person, Kind: kind, Label: label, Expires: db.MS(s.Expires), Idle: idle.Milliseconds()})
}

// Sessions are the living sessions of the actor, the latest first; half ones and tokens are
// left out.
func Sessions(ctx context.Context, r db.Reader, actor auth.Actor, now time.Time) ([]Session, error) {
	all, err := sessionsOf(ctx, r, actor.Person, db.MS(now))
	var living []Session
	for _, s := range all {
		s.state = Active
		if !s.over(now) && (s.Kind == VolunteerSession || s.Kind == StaffSession) {
			living = append(living, s)
		}
	}
	return living, err
}

// EndSession ends one of the actor's own sessions.
func EndSession(_ context.Context, tx *db.Tx, actor auth.Actor, hash []byte) error {
	n, err := endOwn(tx, hash, actor.Person)
	if err != nil {
		return err
	}
	if n == 0 {
		return fail.New(fail.NotFound, "people.session_unknown")
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.session_ended", Subject: actor.Person})
}

// EndOthers ends all sessions of the actor but the one she uses.
func EndOthers(_ context.Context, tx *db.Tx, actor auth.Actor, but []byte) error {
	if err := endSessions(tx, actor.Person, but); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.sessions_ended", Subject: actor.Person})
}
