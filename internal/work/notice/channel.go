package notice

import (
	"context"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/send"
	"tongxin/internal/base/send/hook"
	"tongxin/internal/base/send/mail"
	"tongxin/internal/base/send/sms"
	"tongxin/internal/base/send/wechat"
	"tongxin/internal/work/org"
)

// Channel is a way to people beside the inbox.
type Channel string

// The channels.
const (
	SMS    Channel = "sms"
	WeChat Channel = "wechat"
	Mail   Channel = "mail"
	Hook   Channel = "hook"
)

// Channels are all channels, as pages list them.
func Channels() []Channel { return []Channel{SMS, WeChat, Mail, Hook} }

// Templated says whether a channel sends nothing but what a provider has agreed to.
func (c Channel) Templated() bool { return c == SMS || c == WeChat }

// Setting is one field of how a channel is set up.
type Setting struct {
	Name   string
	Secret bool // stored encrypted, never shown again
	May    bool // be empty
	check  func(string) bool
}

var settings = map[Channel][]Setting{
	SMS:    {{Name: "url", check: secure}, {Name: "access", check: token}, {Name: "signature", check: line}, {Name: "secret", Secret: true, check: token}},
	WeChat: {{Name: "appid", check: token}, {Name: "secret", Secret: true, check: token}, {Name: "url", May: true, check: secure}},
	Mail: {{Name: "host", check: host}, {Name: "port", check: port}, {Name: "from", check: address}, {Name: "name", May: true, check: line},
		{Name: "user", May: true, check: line}, {Name: "secret", Secret: true, May: true, check: line}},
	Hook: {},
}

var (
	tokenRe = regexp.MustCompile(`^[!-~]{2,200}$`)
	hostRe  = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,250}[a-zA-Z0-9])?$`)
)

func token(s string) bool   { return tokenRe.MatchString(s) }
func line(s string) bool    { return s != "" && len(s) <= 200 && !strings.ContainsAny(s, "\r\n\x00") }
func host(s string) bool    { return hostRe.MatchString(s) }
func address(s string) bool { _, ok := mail.CheckAddress(s); return ok }
func port(s string) bool    { n, err := strconv.Atoi(s); return err == nil && n > 0 && n < 65536 }
func secure(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.Scheme == "https" && u.Host != "" && u.User == nil && u.RawQuery == "" && len(s) <= 200
}

// Settings are the fields of how a channel is set up.
func (c Channel) Settings() []Setting { return slices.Clone(settings[c]) }

// known says whether there is such a channel.
func (c Channel) known() bool { return slices.Contains(Channels(), c) }

// Setup is how a channel is set up.
type Setup struct {
	Channel   Channel
	Working   bool
	Fields    map[string]string // without the secret
	HasSecret bool
	Since     int64 // what was told before does not go by it
	Rev       int64

	secret []byte
}

// SetUp changes how a channel is set up. An empty secret leaves the one there is.
func SetUp(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, c Channel, working bool, in map[string]string) error {
	at, err := operator(ctx, tx, actor)
	if err != nil {
		return err
	}
	if !c.known() {
		return fail.New(fail.NotFound, "notice.channel_unknown")
	}
	was, err := SetupOf(ctx, tx, c)
	if err != nil {
		return err
	}
	s := Setup{Channel: c, Working: working, Fields: map[string]string{}, Since: was.Since, secret: was.secret}
	if working && !was.Working {
		s.Since = db.MS(tx.Now)
	}
	if err := s.take(keys, in); err != nil {
		return err
	}
	text, err := json.Marshal(s.Fields)
	if err != nil {
		return err
	}
	if err := putChannel(tx, s, string(text)); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "notice.channel_set", Subject: at, Org: at,
		Before: map[string]any{"channel": c, "working": was.Working, "fields": was.Fields},
		After:  map[string]any{"channel": c, "working": working, "fields": s.Fields, "secret": in["secret"] != ""}})
}

// take reads the fields, each refused at its own name.
func (s *Setup) take(keys *crypt.Keys, in map[string]string) error {
	var errs []error
	for _, f := range settings[s.Channel] {
		v := strings.TrimSpace(in[f.Name])
		switch {
		case v == "" && (f.May || f.Secret && len(s.secret) > 0 || !s.Working):
		case v == "":
			errs = append(errs, fail.Field(f.Name, "notice.setting_missing"))
		case !f.check(v):
			errs = append(errs, fail.Field(f.Name, "notice.setting_wrong."+string(s.Channel)+"."+f.Name))
		case f.Secret:
			s.secret = keys.Seal("notice_channel", "secret", channelID(s.Channel), v)
		default:
			s.Fields[f.Name] = v
		}
	}
	return fail.Join(errs...)
}

// channelID stands for the record in which a secret is sealed.
func channelID(c Channel) id.ID { return id.ID(id.Operator + "-" + string(c)) }

// operator permits whoever runs the installation, and says where she does.
func operator(ctx context.Context, r db.Reader, actor auth.Actor) (id.ID, error) {
	seats, err := org.Seats(ctx, r, actor, auth.SystemAdmin)
	if err == nil && len(seats) == 0 {
		err = fail.New(fail.Forbidden, "org.out_of_reach")
	}
	if err != nil {
		return "", err
	}
	return seats[0].Org, nil
}

// Open makes the channel of a setup.
func (s Setup) Open(keys *crypt.Keys, now func() time.Time) (send.Channel, error) {
	secret, err := keys.OpenField("notice_channel", "secret", channelID(s.Channel), s.secret)
	if err != nil {
		return nil, err
	}
	f := s.Fields
	switch s.Channel {
	case SMS:
		return sms.New(sms.Gateway{URL: f["url"], Access: f["access"], Secret: secret, Signature: f["signature"]}, now), nil
	case WeChat:
		return wechat.New(wechat.Account{URL: f["url"], AppID: f["appid"], Secret: secret}, now), nil
	case Mail:
		number, err := strconv.Atoi(f["port"])
		return mail.New(mail.Server{Host: f["host"], Port: number, Immediate: number == 465, User: f["user"], Password: secret, From: f["from"], Name: f["name"]}), err
	case Hook:
		return hook.New(now), nil
	}
	return nil, send.Never(send.Missing, nil)
}

// Template is what a provider has agreed to be sent of a kind.
type Template struct {
	Channel Channel
	Kind    string
	Code    string // the provider's name of it
	Text    string // SMS: the text, with ${field}; WeChat: a line "variable=field" each
}

// Whole is the field of a template that holds the whole sentence.
const Whole = "text"

var (
	smsFieldRe = regexp.MustCompile(`\$\{([^}]*)\}`)
	wechatRe   = regexp.MustCompile(`^([a-z_]+[0-9]*)\s*=\s*(\w+)$`)
)

// variables are the provider's variables of a template with the fields that fill them.
func (t Template) variables() (all []send.Field, err error) {
	if t.Channel == SMS {
		for _, m := range smsFieldRe.FindAllStringSubmatch(t.Text, -1) {
			all = append(all, send.Field{Name: m[1], Value: m[1]})
		}
		return all, nil
	}
	for l := range strings.Lines(t.Text) {
		l = ident.Fold(l)
		if l == "" {
			continue
		}
		m := wechatRe.FindStringSubmatch(l)
		if m == nil {
			return nil, fail.Field("text", "notice.template_line", "line", l)
		}
		all = append(all, send.Field{Name: m[1], Value: m[2]})
	}
	return all, nil
}

// check refuses a template that would not tell what its kind tells.
func (t Template) check() error {
	if !tokenRe.MatchString(t.Code) {
		return fail.Field("code", "notice.template_code")
	}
	all, err := t.variables()
	if err != nil {
		return err
	}
	fields := Fields(t.Kind)
	told := map[string]bool{}
	for _, v := range all {
		if v.Value != Whole && !slices.Contains(fields, v.Value) || v.Value == Whole && t.Kind == Code {
			return fail.Field("text", "notice.template_unknown", "field", v.Value)
		}
		told[v.Value] = true
	}
	if told[Whole] {
		return nil
	}
	if t.Kind == Any {
		return fail.Field("text", "notice.template_whole")
	}
	for _, f := range fields {
		if !told[f] {
			return fail.Field("text", "notice.template_missing", "field", f)
		}
	}
	return nil
}

// SaveTemplate keeps what a provider has agreed to; an empty code takes it away.
func SaveTemplate(ctx context.Context, tx *db.Tx, actor auth.Actor, t Template) error {
	at, err := operator(ctx, tx, actor)
	if err != nil {
		return err
	}
	if !t.Channel.Templated() || t.Kind != Any && !(t.Kind == Code && t.Channel == SMS) && !slices.Contains(Short(), t.Kind) {
		return fail.New(fail.NotFound, "notice.template_kind")
	}
	t.Code, t.Text = strings.TrimSpace(t.Code), ident.Lines(t.Text)
	if t.Code == "" && t.Text == "" {
		err = dropTemplate(tx, t)
	} else if err = t.check(); err == nil {
		err = putTemplate(tx, t)
	}
	if err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "notice.template_set", Subject: at, Org: at, After: t})
}

// fill fills a template's variables. WeChat cuts what it calls a thing after 20 characters, so
// that is done here, with a sign that there is more.
func (t Template) fill(values map[string]string) (all []send.Field) {
	all, _ = t.variables()
	for i, v := range all {
		text := []rune(values[v.Value])
		if t.Channel == WeChat && strings.HasPrefix(v.Name, "thing") && len(text) > 20 {
			text = append(text[:19], '…')
		}
		all[i].Value = string(text)
	}
	return all
}
