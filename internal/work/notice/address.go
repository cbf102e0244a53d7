package notice

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/send"
	"tongxin/internal/base/send/hook"
	"tongxin/internal/base/send/mail"
)

// Address is where a person has herself told by a channel, as her page shows it.
type Address struct {
	Channel  Channel
	Shown    string // the address itself: it is hers
	Verified bool
}

// Proof is a code on its way to an address that somebody says is hers. Secret is a hook's, shown
// this once.
type Proof struct {
	Channel            Channel
	To, Digits, Secret string
	Lang               string // hers
}

// sealed and hashed name what is kept of an address, so that none can stand in another's place.
func sealedAs(c Channel, what string) string { return what + "." + string(c) }

func proofHash(keys *crypt.Keys, person id.ID, c Channel, digits string) []byte {
	return keys.Hash("notice.code", string(person)+"/"+string(c)+"/"+digits)
}

// proofFor is how long the code of an address holds.
const proofFor = 30 * time.Minute

// NameAddress notes where a person says that she can be told, and makes the code that proves it.
// The caller sends it once the transaction is committed ([Courier.Prove]). Until she gives it
// back nothing goes there.
func NameAddress(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, c Channel, address string) (Proof, error) {
	if err := permit(ctx, tx, actor, person); err != nil {
		return Proof{}, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return Proof{}, err
	}
	s, err := SetupOf(ctx, tx, c)
	if err != nil {
		return Proof{}, err
	}
	all, err := wishesOf(ctx, tx, person.Home(), []id.ID{person})
	if err != nil {
		return Proof{}, err
	}
	p := Proof{Channel: c, Digits: auth.Code6(), Lang: all[person].language()}
	switch {
	case !s.Working || c != Mail && c != Hook:
		return p, fail.New(fail.Conflict, "notice.channel_off")
	case c == Mail:
		at, ok := mail.CheckAddress(ident.Fold(address))
		if !ok {
			return p, fail.Field("address", "notice.mail_wrong")
		}
		p.To = at
	default:
		if !hook.CheckURL(address) || len(address) > 300 {
			return p, fail.Field("address", "notice.hook_wrong")
		}
		p.Secret = hook.NewSecret()
		p.To = hook.Target(address, p.Secret)
	}
	plain := p.To
	if c == Hook {
		plain = address
	}
	fresh, err := putAddress(tx, person, c, keys.Seal("notice_address", sealedAs(c, "address"), person, plain),
		keys.Seal("notice_address", sealedAs(c, "secret"), person, p.Secret), proofHash(keys, person, c, p.Digits),
		tx.Now.Add(proofFor), tx.Now.Add(-set.CodeEvery))
	if err == nil && !fresh {
		err = fail.New(fail.TooMany, "notice.code_soon")
	}
	return p, err
}

// Prove sends the code of an address there.
func (c *Courier) Prove(ctx context.Context, r db.Reader, p Proof) error {
	s, err := SetupOf(ctx, r, p.Channel)
	if err != nil {
		return err
	}
	if !s.Working {
		return fail.New(fail.Conflict, "notice.channel_off")
	}
	channel, err := c.channel(s)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	err = channel.Send(ctx, send.Message{Key: rand.Text(), To: p.To, Title: i18n.T(p.Lang, "notice.proof_title"),
		Text: i18n.T(p.Lang, "notice.proof_text", "code", p.Digits)})
	if f := send.Judge(err); f != nil {
		return fail.At("address", fail.Wrap(f, fail.Invalid, "notice.reason."+string(f.Reason)))
	}
	return nil
}

// SendCode sends a one-time code to a phone, where text messages work and a provider has agreed
// to a template for codes.
func (c *Courier) SendCode(ctx context.Context, r db.Reader, phone, digits string) error {
	s, err := SetupOf(ctx, r, SMS)
	if err != nil {
		return err
	}
	t, ok, err := templateOf(ctx, r, SMS, Code)
	if err != nil {
		return err
	}
	if !ok || t.Kind != Code || !s.Working {
		return send.Never(send.Missing, nil)
	}
	channel, err := c.channel(s)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	return channel.Send(ctx, send.Message{Key: rand.Text(), To: phone, Template: t.Code, Fields: t.fill(map[string]string{"code": digits})})
}

// SendsCodes says whether one-time codes can be sent.
func SendsCodes(ctx context.Context, r db.Reader) (bool, error) {
	s, err := SetupOf(ctx, r, SMS)
	if err != nil || !s.Working {
		return false, err
	}
	t, ok, err := templateOf(ctx, r, SMS, Code)
	return ok && t.Kind == Code, err
}

// ProveAddress takes the code back. Refused is kept apart from an error, because the try must
// count: commit, then refuse.
func ProveAddress(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, c Channel, digits string) (refused, err error) {
	if err := permit(ctx, tx, actor, person); err != nil {
		return nil, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return nil, err
	}
	counted, err := countProof(tx, person, c, set.CodeTries)
	if err != nil {
		return nil, err
	}
	want, err := proofOf(ctx, tx, person, c)
	if err != nil {
		return nil, err
	}
	if got := proofHash(keys, person, c, ident.Fold(digits)); !counted || subtle.ConstantTimeCompare(want, got) != 1 {
		return fail.Field("code", "notice.code_wrong"), nil
	}
	if err := proveAddress(tx, person, c); err != nil {
		return nil, err
	}
	return nil, audit.Record(tx, actor, audit.Entry{Action: "notice.address_proved", Subject: person, After: map[string]any{"channel": c}})
}

// DropAddress takes an address away.
func DropAddress(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID, c Channel) error {
	if err := permit(ctx, tx, actor, person); err != nil {
		return err
	}
	if err := dropAddress(tx, person, c); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "notice.address_dropped", Subject: person, After: map[string]any{"channel": c}})
}

// address opens where a person has herself told by a channel.
func (c *Courier) address(ctx context.Context, r db.Reader, person id.ID, ch Channel) (string, error) {
	address, secret, err := sealedAddress(ctx, r, person, ch)
	if err != nil {
		return "", err
	}
	plain, err := c.keys.OpenField("notice_address", sealedAs(ch, "address"), person, address)
	if err != nil {
		return "", err
	}
	key, err := c.keys.OpenField("notice_address", sealedAs(ch, "secret"), person, secret)
	return to(ch, plain, key), err
}

// AddressesOf are where a person has herself told, for her and who acts for her.
func AddressesOf(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor, person id.ID) (all []Address, err error) {
	if err := permit(ctx, r, actor, person); err != nil {
		return nil, err
	}
	rows, err := addresses(ctx, r, person)
	for i := range rows {
		a := &rows[i]
		if a.Shown, err = keys.OpenField("notice_address", sealedAs(a.Channel, "address"), person, []byte(a.Shown)); err != nil {
			return nil, err
		}
	}
	return rows, err
}
