package people

import (
	"context"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Step is what a half session waits for; none once it is whole.
type Step string

// The steps, in this order.
const (
	Whole        Step = ""
	StepPassword Step = "password" // choose a new password
	StepSetUp    Step = "setup"    // set up the authenticator and give its first code
	StepCode     Step = "code"     // give the authenticator's code
)

// Attempt is a try at an account, already counted. Checking the password takes long, so it
// stands between two transactions:
//
//	Write: a, err = people.Try(…)     the try counts, whatever comes
//	proof, err := a.Check(ctx, password)
//	Write: s, err = people.EnterStaff(…, proof, …)
type Attempt struct {
	person id.ID
	hash   string // "" for a login name that nobody has, or a locked account
	locks  bool   // the last before the account is locked
}

// Try counts a try at an account by its login name. It answers the same whether there is
// such an account or not, and whether it is locked.
func Try(ctx context.Context, tx *db.Tx, keys *crypt.Keys, login string) (Attempt, error) {
	person, err := personBy(ctx, tx, byLogin, loginHash(keys, cleanLogin(login)))
	if err != nil {
		return Attempt{}, err
	}
	return try(ctx, tx, person)
}

// TryOwn counts a try of the actor at her own password, before she changes it.
func TryOwn(ctx context.Context, tx *db.Tx, actor auth.Actor) (Attempt, error) {
	return try(ctx, tx, actor.Person)
}

func try(ctx context.Context, tx *db.Tx, person id.ID) (Attempt, error) {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Attempt{}, err
	}
	counted, err := countFail(tx, person, set.LockAfter, tx.Now.Add(set.LockFor))
	if err != nil {
		return Attempt{}, err
	}
	a, err := accountOf(ctx, tx, person)
	if err != nil || !counted {
		return Attempt{}, err
	}
	return Attempt{person: a.Person, hash: a.hash, locks: a.fails >= set.LockAfter}, nil
}

// Failed tells the audit trail of an attempt that was refused. There are only so many
// before the account is locked, and none for a login name that nobody has.
func Failed(_ context.Context, tx *db.Tx, actor auth.Actor, a Attempt) error {
	if a.person == "" {
		return nil
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.sign_in_failed", Subject: a.person, After: map[string]any{"locked": a.locks}})
}

// Proof is that somebody gave the right password of an account.
type Proof struct{ attempt Attempt }

// Check compares the password, outside of any transaction. It takes as long when there is
// no such account, and refuses in the same words.
func (a Attempt) Check(ctx context.Context, password string) (Proof, error) {
	right, err := auth.CheckPassword(ctx, a.hash, password)
	if err == nil && !right {
		err = fail.Field("password", "people.login_wrong")
	}
	return Proof{a}, err
}

// EnterStaff begins a session for whoever gave the right password: a whole one where
// nothing more is asked, else a half one that waits for its next step.
func EnterStaff(ctx context.Context, tx *db.Tx, actor auth.Actor, p Proof, label string, replaces []byte) (Started, error) {
	a, err := p.account(ctx, tx)
	if err != nil {
		return Started{}, err
	}
	if err := forgive(tx, a.Person); err != nil {
		return Started{}, err
	}
	return proceed(ctx, tx, actor, a, label, replaces, false)
}

// account reads the account that was proved; a password changed meanwhile proves nothing.
func (p Proof) account(ctx context.Context, tx *db.Tx) (account, error) {
	if p.attempt.person == "" {
		return account{}, fail.Field("password", "people.login_wrong")
	}
	a, err := accountOf(ctx, tx, p.attempt.person)
	if err == nil && (a.Person == "" || a.hash != p.attempt.hash) {
		err = fail.Field("password", "people.login_wrong")
	}
	return a, err
}

// halfFor is how long somebody may take between two steps.
const halfFor = 10 * time.Minute

// proceed begins the session that an account has come to; factor says that the second
// factor was given.
func proceed(ctx context.Context, tx *db.Tx, actor auth.Actor, a account, label string, replaces []byte, factor bool) (Started, error) {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Started{}, err
	}
	if step := a.step(set, tx.Now, factor); step != Whole {
		s, err := start(tx, a.Person, HalfSession, label, replaces, halfFor, 0)
		s.Step = step
		return s, err
	}
	held, err := grantsOf(ctx, tx, a.Person)
	if err != nil {
		return Started{}, err
	}
	idle := set.StaffIdle
	if (auth.Actor{Grants: held}).Has(auth.SystemAdmin, auth.SecurityAdmin, auth.Auditor) {
		idle = min(idle, set.AdminIdle)
	}
	s, err := start(tx, a.Person, StaffSession, label, replaces, set.StaffSession, idle)
	if err != nil {
		return Started{}, err
	}
	actor.Person = a.Person
	return s, audit.Record(tx, actor, audit.Entry{Action: "people.signed_in", Subject: a.Person,
		After: map[string]any{"kind": StaffSession, "second_factor": factor}})
}

// step is what an account is still asked for.
func (a account) step(set config.Settings, now time.Time, factor bool) Step {
	switch {
	case a.mustChange || now.After(db.Time(a.changed).Add(set.PasswordFor)):
		return StepPassword
	case factor:
		return Whole
	case len(a.totp) > 0:
		return StepCode
	case set.StaffSecondFactor:
		return StepSetUp
	}
	return Whole
}

// Half is a half session: whose, what it waits for, and the secret that an authenticator
// gets when it is set up.
type Half struct {
	Person id.ID
	Step   Step
	Login  string
	Secret []byte

	account account
	session Session
}

// Halfway reads a half session by the hash of its secret.
func Halfway(ctx context.Context, r db.Reader, keys *crypt.Keys, now time.Time, hash []byte) (Half, error) {
	s, err := sessionOf(ctx, r, hash)
	if err != nil {
		return Half{}, err
	}
	if s.Kind != HalfSession || s.over(now) {
		return Half{}, fail.New(fail.Forbidden, "people.half_over")
	}
	a, err := accountOf(ctx, r, s.Person)
	if err != nil {
		return Half{}, err
	}
	set, err := config.Load(ctx, r)
	if err != nil {
		return Half{}, err
	}
	h := Half{Person: s.Person, Step: a.step(set, now, false), account: a, session: s}
	if h.Login, err = keys.OpenField("people_account", "login_ct", s.Person, a.login); err != nil {
		return h, err
	}
	switch h.Step {
	case StepSetUp: // from the session, so that nothing is stored before it is proved
		h.Secret = NewFactor(keys, auth.Actor{Person: s.Person}, hash)
	case StepCode:
		plain, err := keys.OpenField("people_account", "totp", s.Person, a.totp)
		h.Secret = []byte(plain)
		return h, err
	}
	return h, nil
}

// Fresh refuses the old password as the new one. It takes long: outside of transactions.
func (h Half) Fresh(ctx context.Context, plain string) error { return h.account.fresh(ctx, plain) }

func (a account) fresh(ctx context.Context, plain string) error {
	same, err := auth.CheckPassword(ctx, a.hash, plain)
	if err == nil && same {
		err = fail.Field("password", "people.password_same")
	}
	return err
}

// ChoosePassword replaces a password that must be changed, and goes on to the next step.
func ChoosePassword(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, hash []byte, p Password) (Started, error) {
	h, err := Halfway(ctx, tx, keys, tx.Now, hash)
	if err != nil {
		return Started{}, err
	}
	if h.Step != StepPassword {
		return Started{}, fail.New(fail.Conflict, "people.half_over")
	}
	if err := savePassword(tx, h.Person, p.hash, false); err != nil {
		return Started{}, err
	}
	actor.Person = h.Person
	if err := audit.Record(tx, actor, audit.Entry{Action: "people.password_changed", Subject: h.Person}); err != nil {
		return Started{}, err
	}
	a, err := accountOf(ctx, tx, h.Person)
	if err != nil {
		return Started{}, err
	}
	return proceed(ctx, tx, actor, a, h.session.Label, hash, false)
}

// SecondFactor takes the authenticator's code. Refused in the answer is kept apart from an
// error, because the try must count: commit, then refuse. A code works once.
func SecondFactor(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, hash []byte, code string) (Entered, error) {
	h, err := Halfway(ctx, tx, keys, tx.Now, hash)
	if err != nil {
		return Entered{}, err
	}
	if h.Step != StepCode && h.Step != StepSetUp {
		return Entered{}, fail.New(fail.Conflict, "people.half_over")
	}
	a, err := try(ctx, tx, h.Person)
	if err != nil {
		return Entered{}, err
	}
	step, right := auth.CheckTOTP(h.Secret, code, tx.Now, h.account.totpStep)
	if right && a.person != "" {
		right, err = h.passed(tx, keys, step)
	}
	if err != nil {
		return Entered{}, err
	}
	if !right || a.person == "" {
		return Entered{Refused: fail.Field("code", "people.factor_wrong")}, Failed(ctx, tx, actor, a)
	}
	if err := forgive(tx, h.Person); err != nil {
		return Entered{}, err
	}
	s, err := proceed(ctx, tx, actor, h.account, h.session.Label, hash, true)
	return Entered{Started: s}, err
}

// passed notes the code's step, so that neither it nor an earlier one works again, and keeps
// the secret of an authenticator that was just set up.
func (h Half) passed(tx *db.Tx, keys *crypt.Keys, step int64) (bool, error) {
	if h.Step == StepCode {
		return spendStep(tx, h.Person, step)
	}
	sealed := keys.Seal("people_account", "totp", h.Person, string(h.Secret))
	return true, saveFactor(tx, h.Person, sealed, step)
}

// SetPassword changes the actor's own password, of which she gave the old one, and ends her
// other sessions.
func SetPassword(ctx context.Context, tx *db.Tx, actor auth.Actor, proof Proof, p Password, but []byte) error {
	a, err := proof.account(ctx, tx)
	if err != nil {
		return err
	}
	if a.Person != actor.Person {
		return fail.New(fail.Forbidden, "people.own_account")
	}
	if err := forgive(tx, a.Person); err != nil {
		return err
	}
	if err := savePassword(tx, a.Person, p.hash, false); err != nil {
		return err
	}
	if err := endSessions(tx, a.Person, but); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.password_changed", Subject: a.Person})
}

// OneFactor reports whether staff sign in with a password alone: no authenticator is set up.
func OneFactor(ctx context.Context, r db.Reader, person id.ID) (bool, error) {
	a, err := accountOf(ctx, r, person)
	return a.Person != "" && len(a.totp) == 0, err
}

// NewFactor is the secret of an authenticator that the actor is about to set up of her own
// accord, from her session, so that nothing is stored before it is proved.
func NewFactor(keys *crypt.Keys, actor auth.Actor, session []byte) []byte {
	return keys.Derive("people.factor", string(actor.Person), string(session))[:20]
}

// SetFactor keeps the authenticator of [NewFactor] once it shows the right code.
func SetFactor(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, session []byte, code string) error {
	a, err := accountOf(ctx, tx, actor.Person)
	if err != nil {
		return err
	}
	if a.Person == "" || len(a.totp) > 0 {
		return fail.New(fail.Conflict, "people.factor_set")
	}
	secret := NewFactor(keys, actor, session)
	step, right := auth.CheckTOTP(secret, code, tx.Now, 0)
	if !right {
		return fail.Field("code", "people.factor_wrong")
	}
	if err := saveFactor(tx, actor.Person, keys.Seal("people_account", "totp", actor.Person, string(secret)), step); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.factor_set", Subject: actor.Person})
}

// LoginOf is the actor's own login name.
func LoginOf(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor) (string, error) {
	a, err := accountOf(ctx, r, actor.Person)
	if err != nil || a.Person == "" {
		return "", err
	}
	return keys.OpenField("people_account", "login_ct", a.Person, a.login)
}
