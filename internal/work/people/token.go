package people

import (
	"context"
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
	"tongxin/internal/work/org"
)

// Token is what a machine's token may: one role at one organisation.
type Token struct {
	Org   id.ID
	Role  auth.Role
	Label string        // what the machine is, shown wherever it acts
	For   time.Duration // 0: as the settings say
}

// labelMax is how long a token's label may be, in characters.
const labelMax = 40

// NewToken makes a token and answers its secret, which is shown once. The token acts as a
// person of its own, who bears the label as name.
func NewToken(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, in Token) (secret string, bearer id.ID, err error) {
	if err := org.Permit(ctx, tx, actor, in.Org, auth.SecurityAdmin); err != nil {
		return "", "", err
	}
	label := ident.Line(in.Label)
	var errRole, errLabel error
	if _, err := auth.ParseRole(string(in.Role)); err != nil || !in.Role.Staff() {
		errRole = fail.Field("role", "people.token_role")
	}
	if n := len([]rune(label)); n == 0 || n > labelMax {
		errLabel = fail.Field("label", "people.token_label", "max", labelMax)
	}
	if err := fail.Join(errRole, errLabel); err != nil {
		return "", "", err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return "", "", err
	}
	if in.For <= 0 || in.For > set.TokenFor {
		in.For = set.TokenFor
	}
	secret, bearer, err = bear(tx, keys, in, label)
	if err != nil {
		return "", "", err
	}
	return secret, bearer, audit.Record(tx, actor, audit.Entry{Action: "people.token_made", Subject: bearer, Org: in.Org,
		After: map[string]any{"role": in.Role, "label": label, "until": db.MS(tx.Now.Add(in.For))}})
}

// bear enters the person that a token acts as, and the token.
func bear(tx *db.Tx, keys *crypt.Keys, in Token, label string) (string, id.ID, error) {
	bearer := tx.NewID(in.Org.Home())
	p := Person{Standing: Standing{ID: bearer, Home: bearer.Home(), State: Active}, name: seal(keys, bearer, FieldName, label)}
	if err := insertPerson(tx, p); err != nil {
		return "", "", err
	}
	secret, hash := auth.NewSecret()
	return secret, bearer, putSession(tx, Session{Hash: hash, Person: bearer, Kind: TokenSession, Label: label, Org: in.Org, Role: in.Role,
		Expires: db.MS(tx.Now.Add(in.For))})
}

// Tokens are the living tokens of an organisation and all below it, the latest first.
func Tokens(ctx context.Context, r db.Reader, actor auth.Actor, at id.ID, now time.Time) ([]Session, error) {
	if err := org.Permit(ctx, r, actor, at, auth.SecurityAdmin); err != nil {
		return nil, err
	}
	o, err := org.Get(ctx, r, at)
	if err != nil {
		return nil, err
	}
	return tokensUnder(ctx, r, o.Position, db.MS(now))
}

// EndToken makes a token useless, at once.
func EndToken(ctx context.Context, tx *db.Tx, actor auth.Actor, bearer id.ID) error {
	s, err := tokenOf(ctx, tx, bearer)
	if err != nil {
		return err
	}
	if s.Person == "" {
		return fail.New(fail.NotFound, "people.token_unknown")
	}
	if err := org.Permit(ctx, tx, actor, s.Org, auth.SecurityAdmin); err != nil {
		return err
	}
	if err := endSessions(tx, bearer, []byte{}); err != nil {
		return err
	}
	if _, err := setState(tx, bearer, Active, Closed); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.token_ended", Subject: bearer, Org: s.Org,
		Before: map[string]any{"role": s.Role, "label": s.Label}})
}

// Bearer cuts the secret out of an Authorization header; "" when it holds none.
func Bearer(header string) string {
	kind, secret, _ := strings.Cut(header, " ")
	if !strings.EqualFold(kind, "bearer") {
		return ""
	}
	return strings.TrimSpace(secret)
}
