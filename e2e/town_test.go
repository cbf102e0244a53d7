package e2e

import (
	"context"
	"encoding/base32"
	"path/filepath"
	"strings"
	"testing"

	"tongxin/e2e/browser"
	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// town is a running installation: one street of a real county, from the province's office down to a team of volunteers.
type town struct {
	*app.App
	*dbtest.Clock
	dsn, url string

	t       *testing.T
	browser *browser.Browser
	orgs    map[string]id.ID
}

// The places of the town, as they are called on its pages.
const (
	institute = "城东街道新时代文明实践所"
	team      = "城东街道先锋志愿服务队"
)

// street is where everything happens.
const (
	street    area.Code = 321202_001_000
	community area.Code = 321202_001_005
)

// openTown founds a town and serves it as an installation is served, but for the clock, which stands until it is set, and
// for codes, which are shown instead of sent.
func openTown(t *testing.T) *town {
	t.Helper()
	w := &town{t: t, Clock: dbtest.NewClock(), dsn: "file:" + filepath.Join(t.TempDir(), "town.db"), orgs: map[string]id.ID{}}
	var err error
	if w.App, err = app.Open(t.Context(), app.Config{DSN: w.dsn, Now: w.Clock.Now, ClockSet: true, Demo: true}); err != nil {
		t.Fatal(err)
	}
	w.write(w.found)
	at, err := app.Listen{Addr: "127.0.0.1:0"}.Bind()
	if err != nil {
		t.Fatal(err)
	}
	w.url = strings.TrimSuffix(at.URL(), "/")
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	served := make(chan error, 1)
	go func() { served <- w.Serve(ctx, at) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	w.browser = browser.Launch(t)
	return w
}

// write runs a closure that must succeed.
func (w *town) write(f func(ctx context.Context, tx *db.Tx) error) {
	w.t.Helper()
	if err := w.DB.Write(w.t.Context(), func(tx *db.Tx) error { return f(tx.Context(), tx) }); err != nil {
		w.t.Fatal(err)
	}
}

// found makes the tree of organisations.
func (w *town) found(ctx context.Context, tx *db.Tx) error {
	if _, err := area.Load(tx, 321202_000_000); err != nil {
		return err
	}
	for _, o := range []struct {
		under string
		in    org.In
	}{
		{"", org.In{Tier: org.Office, Name: "江苏省文明办", Area: 320000_000_000}},
		{"江苏省文明办", org.In{Tier: org.Office, Name: "泰州市文明办", Area: 321200_000_000}},
		{"泰州市文明办", org.In{Tier: org.Center, Name: "海陵区新时代文明实践中心", Area: 321202_000_000}},
		{"海陵区新时代文明实践中心", org.In{Tier: org.Institute, Name: institute, Area: street}},
		{institute, org.In{Tier: org.Station, Name: "春兰社区新时代文明实践站", Area: community}},
		{institute, org.In{Kind: org.Team, Name: team}},
	} {
		if o.in.Kind == "" {
			o.in.Kind = org.Practice
		}
		o.in.Parent = w.orgs[o.under]
		made, err := org.Found(ctx, tx, auth.System, o.in)
		if err != nil {
			return err
		}
		w.orgs[o.in.Name] = made
	}
	return nil
}

// worker is somebody at a desk, with the secret of her authenticator once she has set it up.
type worker struct {
	*browser.Person
	w               *town
	login, password string
	secret          []byte
}

// hire makes an account with a password that must be changed, and sits its bearer down at a desk.
func (w *town) hire(name, login, at string, role auth.Role) *worker {
	w.t.Helper()
	p := &worker{Person: w.browser.Person(w.t, login, w.url, browser.Desk), w: w, login: login, password: "Chunlan-2020"}
	pw, err := people.NewPassword(w.t.Context(), w.DB, login, p.password)
	if err != nil {
		w.t.Fatal(err)
	}
	w.write(func(ctx context.Context, tx *db.Tx) error {
		_, err := people.CreateStaff(ctx, tx, w.Keys, auth.System, people.Staff{Org: w.orgs[at], Name: name, Login: login, Password: pw,
			MustChange: true, Roles: []auth.Role{role}})
		return err
	})
	return p
}

// firstSignIn is the first day: another password, an authenticator, and its first code.
func (p *worker) firstSignIn() {
	p.w.t.Helper()
	p.Open("/desk")
	p.Fill("登录名", p.login)
	p.Fill("密码", p.password)
	p.ClickIn("登录名", "登录")
	p.See("请换一个新密码")
	p.password = "Chunlan-2021"
	p.Fill("新密码", p.password)
	p.ClickIn("新密码", "登录")
	p.See("绑定身份验证器")
	text := strings.ReplaceAll(p.Find(`(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}`), " ", "")
	var err error
	if p.secret, err = base32.StdEncoding.DecodeString(text); err != nil {
		p.w.t.Fatalf("the authenticator's secret %q: %v", text, err)
	}
	p.code()
}

// signIn is any other day.
func (p *worker) signIn() {
	p.w.t.Helper()
	p.Open("/desk")
	p.Fill("登录名", p.login)
	p.Fill("密码", p.password)
	p.ClickIn("登录名", "登录")
	p.See("输入动态口令")
	p.code()
}

func (p *worker) code() {
	p.w.t.Helper()
	p.Fill("六位动态口令", auth.TOTP(p.secret, p.w.Now(), 6))
	p.ClickIn("六位动态口令", "登录")
	p.See("退出登录")
}

// volunteer joins somebody and gives her a phone on which she is not signed in.
func (w *town) volunteer(name, phone string) *browser.Person {
	w.t.Helper()
	all, err := people.Categories(w.t.Context(), w.DB)
	if err != nil {
		w.t.Fatal(err)
	}
	w.write(func(ctx context.Context, tx *db.Tx) error {
		code, err := people.RequestCode(ctx, tx, w.Keys, phone)
		if err != nil {
			return err
		}
		in, err := people.Enter(ctx, tx, w.Keys, auth.Actor{Via: auth.Web}, people.Entry{Phone: phone, Code: code.Digits})
		if err != nil {
			return err
		}
		_, err = people.Join(ctx, tx, w.Keys, auth.Actor{Via: auth.Web}, people.Joining{Ticket: in.Ticket, Name: name, Birth: "1980",
			Area: community, Category: all[0].ID, Agreed: people.Agreed{Terms: true, Political: true, Lang: i18n.Chinese}})
		return err
	})
	return w.browser.Person(w.t, phone, w.url, browser.Phone)
}

// proveNumber gives a number and the code that is sent to it.
func proveNumber(p *browser.Person, phone string) {
	p.Fill("手机号码", phone)
	p.Click("获取验证码")
	p.See("六位验证码")
	p.Fill("六位验证码", p.Find(`验证码是 (\d{6})`))
	p.ClickIn("六位验证码", "登录")
}
