package web_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/web"
	"tongxin/internal/web/page"
	webpeople "tongxin/internal/web/people"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

// quarter is the site as it is served, with its own sign-in: each browser keeps its cookies.
type quarter struct {
	*testing.T
	*peopletest.City
	d     *db.DB
	clock *dbtest.Clock
	h     http.Handler
	sent  map[string]string // the last code that was sent to a number
	post  *notice.Courier
}

func inQuarter(t *testing.T, body func(q *quarter)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) { body(quarterIn(t, d, clock)) })
}

// quarterIn is a quarter in a database.
func quarterIn(t *testing.T, d *db.DB, clock *dbtest.Clock) *quarter {
	t.Helper()
	q := &quarter{T: t, City: peopletest.Plant(t, d), d: d, clock: clock, sent: map[string]string{}}
	q.post = notice.NewCourier(q.Keys, d.Now)
	figures, err := figure.Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	q.h = web.New(&page.Site{DB: d, Keys: q.Keys, Figures: figures, Authenticate: webpeople.Authenticate(d, q.Keys),
		SendCode: func(_ context.Context, phone, code string) (string, error) {
			q.sent[phone] = code
			return "", nil
		},
		Prove: func(_ context.Context, p notice.Proof) error {
			if p.Channel == notice.Hook {
				return fail.Field("address", "notice.reason.unreachable")
			}
			q.sent[p.To] = p.Digits
			return nil
		}, OpenID: func(ctx context.Context, code string) (string, error) { return q.post.OpenID(ctx, d, code) }})
	return q
}

// browser is one person's.
type browser struct {
	*quarter
	cookies map[string]string
}

func (q *quarter) browser() *browser { return &browser{q, map[string]string{}} }

// reply is what came back.
type reply struct {
	*browser
	request  string
	code     int
	text     string
	location string
}

func (b *browser) send(r *http.Request) *reply {
	b.Helper()
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	w := httptest.NewRecorder()
	b.h.ServeHTTP(w, r)
	res := w.Result()
	for _, k := range res.Cookies() {
		b.cookies[k.Name] = k.Value
		if k.MaxAge < 0 {
			delete(b.cookies, k.Name)
		}
	}
	text, err := io.ReadAll(res.Body)
	if err != nil {
		b.Fatal(err)
	}
	return &reply{b, r.Method + " " + r.URL.String(), w.Code, string(text), w.Header().Get("Location")}
}

func (b *browser) get(path string) *reply {
	b.Helper()
	return b.send(httptest.NewRequest("GET", path, nil))
}

func (b *browser) post(path string, pairs ...string) *reply {
	b.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	r := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(r)
}

var messageKey = regexp.MustCompile(`\b(people|me|signin|staff|tokens|volunteers|web|org|auth|ident)\.[a-z_]{3,}\b`)

func (r *reply) words() string {
	return strings.TrimSpace(spaces.ReplaceAllString(tags.ReplaceAllString(r.text, " "), " "))
}

// is checks the status and that the page says each of the words, and no message key.
func (r *reply) is(code int, words ...string) *reply {
	r.Helper()
	if r.code != code {
		r.Errorf("%s: %d, want %d\n%s", r.request, r.code, code, r.words())
	}
	for _, w := range words {
		if !strings.Contains(r.words(), w) {
			r.Errorf("%s: does not say %q:\n%s", r.request, w, r.words())
		}
	}
	if key := messageKey.FindString(r.words()); key != "" {
		r.Errorf("%s: shows the message key %s", r.request, key)
	}
	return r
}

func (r *reply) lacks(words ...string) *reply {
	r.Helper()
	for _, w := range words {
		if strings.Contains(r.text, w) {
			r.Errorf("%s: says %q", r.request, w)
		}
	}
	return r
}

// to checks that the answer leads to a path.
func (r *reply) to(path string) *reply {
	r.Helper()
	if r.code != http.StatusSeeOther || r.location != path {
		r.Errorf("%s: %d to %q, want %s\n%s", r.request, r.code, r.location, path, r.words())
	}
	return r
}

// comeIn signs a volunteer in with a code.
func (q *quarter) comeIn(phone string) *browser {
	q.Helper()
	b := q.browser()
	q.clock.Add(time.Minute)
	b.post("/sign-in", "phone", phone).is(200)
	if r := b.post("/sign-in/code", "phone", phone, "code", q.sent[phone]); r.code != http.StatusSeeOther {
		q.Fatalf("%d: %s", r.code, r.words())
	}
	return b
}

// desk signs in staff without a second factor.
func (q *quarter) desk(login string, at id.ID, role auth.Role) *browser {
	q.Helper()
	q.Write(func(_ context.Context, tx *db.Tx) error {
		return config.Save(tx, "people.staff_second_factor", "false")
	})
	q.Staff(login, at, role)
	b := q.browser()
	b.post("/desk/sign-in", "login", login, "password", peopletest.Password).to("/desk")
	return b
}

func TestSigningInAndJoining(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		b := q.browser()
		b.get("/my").to("/sign-in?next=%2Fmy")
		b.get("/join").to("/sign-in?next=%2Fjoin")
		b.get("/sign-in?next=/my").is(200, "手机号码", "没有手机也可以参加")
		b.post("/sign-in", "phone", "12345").is(422, "请填写 11 位手机号码")
		b.post("/sign-in", "phone", "１３９－１２３４ ５６７８", "next", "/my").is(200, "输入验证码", "5 分钟内有效")
		code := q.sent["13912345678"]
		if len(code) != 6 {
			t.Fatalf("sent %v", q.sent)
		}
		b.post("/sign-in", "phone", "13912345678").is(200, "验证码刚刚发过", "输入验证码") // pressed twice
		if q.sent["13912345678"] != code {
			t.Error("a second code was sent")
		}
		b.post("/sign-in/code", "phone", "13912345678", "code", wrongCode(code)).is(422, "验证码不对，或者已经过期").lacks(code)
		b.post("/sign-in/code", "phone", "13912345678", "code", code, "next", "/my").to("/join?next=%2Fmy")
		if b.cookies["session"] != "" || strings.Contains(b.cookies["ticket"], "13912345678") {
			t.Errorf("cookies %v", b.cookies)
		}
		b.get("/join?next=/my").is(200, "您住在哪里", "靖江市")
		b.get("/join?next=/my&at=321281000000").is(200, "就选这里")
		b.get("/join?next=/my&at=321281001001").to("/join?go=1&at=321281001001&next=%2Fmy")
		b.get("/join?go=1&at=321281001001&next=%2Fmy").is(200, "登记成为志愿者", "我单独同意登记反映政治面貌的类别")
		form := []string{"at", "321281001001", "next", "/my", "name", "张玉兰", "birth", "1980-05-01", "category", "7", "terms", "true"}
		b.post("/join", append(form[:4:4], "birth", "1980-05-01", "name", "张", "category", "1")...).is(422, "有 2 处需要改正", "姓名应为 2 到 40 个字", "请先看过说明并勾选同意")
		b.post("/join", form...).to("/my")
		if b.cookies["session"] == "" || b.cookies["ticket"] != "" {
			t.Errorf("cookies %v", b.cookies)
		}
		b.get("/my").is(200, "张玉兰", "321281000001", "登记好了，欢迎您", "我的资料").lacks("13912345678")
		b.get("/join").to("/my")                // she is known: nowhere in a circle
		b.post("/join", form...).to("/sign-in") // the ticket is gone
		old := b.cookies["session"]
		b.post("/sign-out").to("/")
		if b.cookies["session"] != "" {
			t.Error("the cookie stays")
		}
		b.cookies["session"] = old
		b.get("/my").to("/sign-in?next=%2Fmy")
		q.comeIn("13912345678").get("/my").is(200, "张玉兰")
	})
}

func wrongCode(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

// What a page answers about a number does not depend on whether it is known.
func TestPagesDoNotTellWhichNumbersAreKnown(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		q.Join(q.Form("张玉兰", "13912345678"))
		q.clock.Add(time.Minute)
		keys := regexp.MustCompile(`value="[A-Z2-7]{26}"|1391234567\d`)
		plain := func(r *reply) string { return keys.ReplaceAllString(r.text, "") }
		for _, step := range []func(b *browser, phone string) *reply{
			func(b *browser, phone string) *reply { return b.post("/sign-in", "phone", phone) },
			func(b *browser, phone string) *reply { return b.post("/sign-in", "phone", phone) },
			func(b *browser, phone string) *reply {
				return b.post("/sign-in/code", "phone", phone, "code", wrongCode(q.sent[phone]))
			},
		} {
			known, unknown := step(q.browser(), "13912345678"), step(q.browser(), "13912345679")
			if known.code != unknown.code || plain(known) != plain(unknown) {
				t.Errorf("%s: %d and %d\n%s\n%s", known.request, known.code, unknown.code, known.words(), unknown.words())
			}
		}
	})
}

func TestASessionOfYesterdayOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone := q.Phone()
		q.Join(q.Form("张玉兰", phone))
		b := q.comeIn(phone)
		desk := q.desk("zhang.san", q.Station, auth.Admin)
		q.clock.Add(24 * time.Hour)
		b.get("/my").is(200, "张玉兰")
		desk.get("/desk/people").to("/desk/sign-in?next=%2Fdesk%2Fpeople")
		desk.get("/desk/sign-in?next=/desk/people").is(200, "登录已失效，请重新登录")
		desk.post("/desk/people/new", "name", "x").is(401, "登录已失效")
		q.clock.Add(31 * 24 * time.Hour)
		b.get("/my").to("/sign-in?next=%2Fmy")
	})
}

func TestAMinorAndHerGuardianOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		guardian, phone := q.Phone(), q.Phone()
		q.Join(q.Form("周建平", guardian))
		child := q.browser()
		child.post("/sign-in", "phone", phone).is(200)
		child.post("/sign-in/code", "phone", phone, "code", q.sent[phone]).to("/join?next=")
		form := []string{"at", "321281001001", "name", "周小雨", "birth", "2008-05-01", "category", "11", "terms", "true"}
		child.post("/join", form...).is(422, "不满 18 周岁的，请填写监护人的手机号码")
		child.post("/join", append(form, "guardian_phone", guardian)...).to("/my")
		child.get("/my").is(200, "等监护人同意")

		g := q.comeIn(guardian)
		g.get("/my").is(200, "有 1 位孩子填了您的号码")
		r := g.get("/my/family").is(200, "等您同意", "周*", "我单独同意为志愿服务保存孩子的姓名").lacks("周小雨")
		agree := regexp.MustCompile(`action="(/my/family/[^"]+/agree)"`).FindStringSubmatch(r.text)
		if agree == nil {
			t.Fatal(r.words())
		}
		g.post(agree[1], "name", "周小明", "minor", "true", "child", "true").is(422, "孩子的姓名不对")
		g.post(agree[1], "name", "周小雨", "minor", "true").is(422, "还要监护人单独同意")
		g.post(agree[1], "name", "周小雨", "minor", "true", "child", "true").to("/my/family")
		r = g.get("/my/family").is(200, "周小雨", "2026年5月1日 满 18 周岁")
		ward := regexp.MustCompile(`/my/data\?for=([0-9a-z-]+)`).FindStringSubmatch(r.text)[1]
		g.get("/my/data?for="+ward).is(200, "正在为 周小雨 办理", "321281000002")
		g.get("/my/data/consents?for="+ward).is(200, "监护人同意参加", "撤回")
		g.post("/my/data/consents/minor/withdraw", "for", ward).to("/my/data/consents?for=" + ward)
		g.get("/my/family").is(200, "周小雨 的同意已撤回")
		g.post("/my/family/"+ward+"/renew", "minor", "true", "child", "true").to("/my/family")
		g.post("/my/data/skills", "for", ward, "skill", "6").to("/my/data?for=" + ward)
		g.get("/my/data?for="+ward).is(200, "手语")

		other := q.Phone()
		q.Join(q.Form("李娜", other))
		stranger := q.comeIn(other)
		stranger.get("/my/data?for=" + ward).is(403).lacks("周小雨")
		stranger.post("/my/data/skills", "for", ward, "skill", "6").is(403)
		stranger.get("/my/notices?for=" + ward).is(403)
	})
}

func TestRegisteringTheFamilyOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone := q.Phone()
		in := q.Form("张玉兰", phone)
		in.Birth = ""
		q.Join(in)
		b := q.comeIn(phone)
		b.get("/my/family/new").to("/my/data/identity")
		b.get("/my/data/identity").is(200, "请先在“我的资料”里填上您自己的出生年份")
		b.post("/my/data/birth", "birth", "2010").is(422, "请由监护人")
		b.post("/my/data/birth", "birth", "1975").to("/my/data")
		b.get("/my/family/new").is(200, "为家人登记", "居住地")
		b.get("/my/family/new?where=1&at=0").is(200, "家人住在哪里")
		b.post("/my/family/new", "at", "321281001001", "name", "王秀英", "birth", "1946", "category", "12", "terms", "true").is(422, "要先征得本人同意")
		b.post("/my/family/new", "at", "321281001001", "name", "王秀英", "birth", "1946", "category", "12", "terms", "true", "proxy", "true").to("/my/family")
		b.get("/my/family").is(200, "王秀英", "321281000002")
	})
}

func TestOnesOwnDataOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone := q.Phone()
		q.Join(q.Form("张玉兰", phone))
		b := q.comeIn(phone)
		masked := phone[:3] + "****" + phone[7:]
		r := b.get("/my/data").is(200, "张玉兰", masked, "1980-05-01", "热心群众", "station").lacks(phone)
		rev := regexp.MustCompile(`name="rev" value="(\d+)"`).FindStringSubmatch(b.get("/my/data/edit").is(200).text)[1]
		b.post("/my/data/edit", "rev", rev, "name", "张玉兰", "contact", "110", "contact_of", "self").is(422, "请填写手机号码，或带区号的固定电话")
		b.post("/my/data/edit", "rev", rev, "name", "张玉蘭", "contact", "0523-86991234", "contact_of", "relative").to("/my/data")
		b.post("/my/data/edit", "rev", rev, "name", "又改", "contact", "", "contact_of", "self").is(409, "资料刚被改过")
		b.get("/my/data").is(200, "张玉蘭")
		b.get("/my/data/place").is(200, "已选")
		b.post("/my/data/place", "at", "321281001002").to("/my/data")
		b.get("/my/data").is(200, "sibling station")
		b.post("/my/data/place", "at", "321282000000").is(422, "要转到别的县")
		b.post("/my/data/category", "category", "2").is(422, "要您单独同意")
		b.post("/my/data/category", "category", "2", "political", "true").to("/my/data")
		b.get("/my/data").is(200, "基层党员")
		b.get("/my/data/consents").is(200, "同意登记政治面貌类别", "撤回")
		b.post("/my/data/consents/political/withdraw").to("/my/data/consents")
		b.get("/my/data/consents").is(200, "已撤回")
		b.get("/my/data").is(200, "热心群众")
		b.post("/my/data/idno", "idno", "11010519491231002X", "idno_consent", "true").is(422, "与身份证号码里的不一致")
		b.post("/my/data/skills", "skill", "1", "skill", "20").to("/my/data")
		b.post("/my/data/skills", "skill", "20").to("/my/data")
		b.get("/my/data").is(200, "急救(持证)").lacks("医疗护理")
		b.get("/my/data/orgs?q=team").is(200, "team", "加入")
		b.post("/my/data/orgs/"+string(q.Team)+"/join", "for", "").to("/my/data/orgs")
		b.get("/my/data/orgs").is(200, "team", "2020年2月28日 加入")
		b.post("/my/data/orgs/"+string(q.Station)+"/join").is(422, "不能加入这个组织")
		b.post("/my/data/orgs/" + string(q.Team) + "/leave").to("/my/data/orgs")
		r.lacks("style=")
	})
}

func TestDevicesOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone := q.Phone()
		q.Join(q.Form("张玉兰", phone))
		here, there := q.comeIn(phone), q.comeIn(phone)
		r := here.get("/my/security").is(200, "登录的设备", "本机", "退出")
		end := regexp.MustCompile(`action="(/my/security/sessions/[0-9a-f]+)"`).FindAllStringSubmatch(r.text, -1)
		if len(end) != 2 { // the session of joining, and the other browser
			t.Fatalf("%d devices to end\n%s", len(end), r.words())
		}
		here.post("/my/security/sessions/nonsense").is(404, "这次登录已经退出了")
		here.post("/my/security/others").to("/my/security")
		there.get("/my").to("/sign-in?next=%2Fmy")
		here.get("/my").is(200, "张玉兰")
	})
}

func TestNoticesOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone := q.Phone()
		her := q.Join(q.Form("张玉兰", phone))
		b := q.comeIn(phone)
		b.get("/my/notices").is(200, "还没有通知")
		q.Write(func(_ context.Context, tx *db.Tx) error {
			return notice.Tell(tx, her.Person, "roster.skipped", her.Person, "x", "title", "体温检测")
		})
		r := b.get("/my/notices").is(200, "1 条未读", "“体温检测”有空位")
		open := regexp.MustCompile(`action="(/my/notices/[0-9a-z-]{23})"`).FindStringSubmatch(r.text)
		if open == nil {
			t.Fatal(r.words())
		}
		if r := b.post(open[1]); r.code != http.StatusSeeOther {
			t.Errorf("opening it: %d", r.code)
		}
		b.get("/my/notices").is(200).lacks("1 条未读")
		b.post("/my/notices/read", "for", "").to("/my/notices")
	})
}

func TestStaffSignInOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		q.Staff("zhang.san", q.Station, auth.Admin)
		b := q.browser()
		b.get("/desk/people").to("/desk/sign-in?next=%2Fdesk%2Fpeople")
		known := b.post("/desk/sign-in", "login", "zhang.san", "password", "wrong").is(422, "登录名或密码不对")
		unknown := b.post("/desk/sign-in", "login", "nobody", "password", "wrong").is(422, "登录名或密码不对")
		if strings.ReplaceAll(known.words(), "zhang.san", "") != strings.ReplaceAll(unknown.words(), "nobody", "") || strings.Contains(known.text, "wrong\"") {
			t.Errorf("known: %s\nunknown: %s", known.words(), unknown.words())
		}
		b.post("/desk/sign-in", "login", "zhang.san", "password", peopletest.Password, "next", "/desk/people").to("/desk/sign-in/step?next=%2Fdesk%2Fpeople")
		half := b.cookies["session"]
		b.get("/desk/people").to("/desk/sign-in?next=%2Fdesk%2Fpeople") // half is not in
		r := b.get("/desk/sign-in/step?next=/desk/people").is(200, "绑定身份验证器", "扫不了码")
		if !strings.Contains(r.text, `<div class="qr small"`) {
			t.Error("no QR code")
		}
		h, err := people.Halfway(t.Context(), q.d, q.Keys, q.clock.Now(), auth.HashSecret(half))
		if err != nil {
			t.Fatal(err)
		}
		code := auth.TOTP(h.Secret, q.clock.Now(), 6)
		b.post("/desk/sign-in/step", "code", wrongCode(code)).is(422, "动态口令不对")
		b.post("/desk/sign-in/step", "code", code, "next", "/desk/people").to("/desk/people")
		if b.cookies["session"] == half {
			t.Error("the half session's secret goes on")
		}
		b.get("/desk/people").is(200, "station").lacks("未启用两步验证")
		b.get("/desk/sign-in/step").to("/desk")
		again := q.browser()
		again.get("/desk/sign-in/step").to("/desk/sign-in")
		again.post("/desk/sign-in", "login", "zhang.san", "password", peopletest.Password).to("/desk/sign-in/step?next=")
		again.get("/desk/sign-in/step").is(200, "输入动态口令").lacks("扫不了码")
		again.post("/desk/sign-in/step", "code", code).is(422, "刚用过")
	})
}

func TestOnesAccountOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		b := q.desk("zhang.san", q.Station, auth.Admin)
		b.get("/my/security").is(200, "我的账号", "zhang.san", "管理员", "未启用两步验证", "绑定")
		b.post("/my/security/password", "old", "wrong", "password", "Another-2020").is(422, "现在的密码不对")
		b.post("/my/security/password", "old", peopletest.Password, "password", "short").is(422, "密码至少要有 10 个字符")
		b.post("/my/security/password", "old", peopletest.Password, "password", "Another-2020").to("/my/security")
		hash := auth.HashSecret(b.cookies["session"])
		a, _, err := people.Actor(t.Context(), q.d, q.clock.Now(), hash)
		if err != nil {
			t.Fatal(err)
		}
		code := auth.TOTP(people.NewFactor(q.Keys, a, hash), q.clock.Now(), 6)
		b.post("/my/security/factor", "code", wrongCode(code)).is(422, "动态口令不对")
		b.post("/my/security/factor", "code", code).to("/my/security")
		b.get("/my/security").is(200, "已绑定").lacks("未启用两步验证")
		b.post("/my/security/factor", "code", code).is(409, "已经绑定过")
	})
}

func TestVolunteersAtTheDesk(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		her, far := q.Volunteer("张玉兰"), q.VolunteerAt("王玉梅", orgtest.OtherCenter)
		p, err := people.Get(t.Context(), q.d, her.Person)
		if err != nil {
			t.Fatal(err)
		}
		phone, err := p.Open(q.Keys, people.FieldContact)
		if err != nil {
			t.Fatal(err)
		}
		station, center := q.desk("station", q.Station, auth.Admin), q.desk("center", q.Center, auth.Supervisor)
		station.get("/desk/people").is(200, "共 1 位志愿者", "张*", "321281000001", phone[:3]+"****"+phone[7:], "代为登记").lacks("张玉兰", phone)
		center.get("/desk/people").is(200, "张*").lacks("代为登记")
		station.post("/desk/people", "q", "玉兰").is(200, "张*").lacks("王*")
		station.post("/desk/people", "q", "玉梅").is(200, "没有志愿者")
		station.post("/desk/people", "q", "张").is(422, "请至少输入两个字")
		station.post("/desk/people", "q", phone).is(200, "张*")
		station.get("/desk/people?org="+string(q.Center)).is(403, "无权办理")
		station.get("/desk/people?org=321281-0000000000000000").is(404)
		path := "/desk/people/" + string(her.Person)
		station.get(path).is(200, "张*", "1980-**-**", "查看完整信息", "热心群众").lacks("张玉兰", phone, "1980-05-01")
		center.get(path).is(200, "张*").lacks("查看完整信息")
		station.get("/desk/people/" + string(far.Person)).is(403).lacks("王")
		station.get("/desk/people/321281-0000000000000000").is(404, "没有找到这个人的记录")
		station.get("/desk/people/nonsense").is(404)
		center.post(path+"/reveal", "field", "contact", "purpose", "emergency").is(403)
		center.post(path+"/keep", "category", "1").is(403)
		station.post(path+"/reveal", "field", "contact", "purpose", "").is(422, "请选择查看的用途")
		station.post(path+"/reveal", "field", "contact", "purpose", "contact_shift").to(path + "#data")
		station.get(path).is(200, phone, "看到 14:56 为止").lacks("张玉兰")
		q.clock.Add(31 * time.Minute)
		station.post("/desk/sign-in", "login", "station", "password", peopletest.Password).to("/desk")
		station.get(path).is(200).lacks(phone)
		station.post(path+"/keep", "category", "9", "skill", "1").to(path)
		station.get(path).is(200, "教师", "医疗护理")
	})
}

func TestRegisteringAtTheDesk(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		b := q.desk("station", q.Station, auth.Admin)
		b.get("/desk/people/new").is(200, "代为登记", "纸质同意书")
		form := []string{"org", string(q.Station), "name", "王秀英", "birth", "1946", "category", "12", "contact", "0523-86991234", "contact_of", "relative"}
		b.post("/desk/people/new", form...).is(422, "请先看过说明并勾选同意")
		r := b.post("/desk/people/new", append(form, "terms", "true", "_key", "k1")...)
		again := b.post("/desk/people/new", append(form, "terms", "true", "_key", "k1")...)
		if r.code != 303 || !strings.HasPrefix(r.location, "/desk/people/321281-") || again.location != r.location {
			t.Fatalf("%d to %s, again to %s\n%s", r.code, r.location, again.location, r.words())
		}
		b.get(r.location).is(200, "王*", "已登记", "家人的")
		if n := strings.Count(b.get("/desk/people").text, "321281000001"); n != 1 {
			t.Errorf("listed %d times", n)
		}
		b.post("/desk/people/new", "org", string(q.Center), "name", "王秀英", "category", "12", "terms", "true").is(403)
	})
}

func TestAccountsAndTokensAtTheDesk(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		b := q.desk("anquan", q.Center, auth.SecurityAdmin)
		b.get("/desk/staff").is(200, "工作账号", "anquan", "安全管理员")
		b.get("/desk/staff/new").is(200, "开设账号")
		b.post("/desk/staff/new", "org", string(q.Center), "name", "陈静", "login", "1", "role", "admin").is(422, "登录名用小写字母开头")
		b.post("/desk/staff/new", "org", string(q.Tree.City), "name", "陈静", "login", "chen.jing", "role", "admin").is(403)
		r := b.post("/desk/staff/new", "org", string(q.Station), "name", "陈静", "login", "chen.jing", "role", "admin").is(200, "新密码只显示这一次")
		password := regexp.MustCompile(`class="key num">([^<]+)<`).FindStringSubmatch(r.text)[1]
		path := regexp.MustCompile(`action="(/desk/staff/[0-9a-z-]+)/grant"`).FindStringSubmatch(r.text)[1]
		b.get(path).is(200, "陈静", "待换密码").lacks(password)
		b.post(path+"/grant", "org", string(q.Center), "role", "auditor").to(path)
		b.post(path+"/grant", "org", string(q.Center), "role", "system").is(409, "不能由同一个人担任")
		b.post(path+"/revoke", "org", string(q.Center), "role", "auditor").to(path)

		c := q.browser()
		c.post("/desk/sign-in", "login", "chen.jing", "password", password).to("/desk/sign-in/step?next=")
		c.get("/desk/sign-in/step").is(200, "请换一个新密码")
		c.post("/desk/sign-in/step", "password", password).is(422, "新密码不能和现在的一样")
		c.post("/desk/sign-in/step", "password", "Another-2020").to("/desk")
		c.get("/desk/people").is(200, "station")
		c.get("/desk/staff").is(403, "不在您的职责范围内")
		c.get("/desk/tokens").is(403)

		b.post("/desk/staff", "login", "Chen.Jing").to(path)
		b.post("/desk/staff", "login", "nobody").to("/desk/staff")
		b.post(path+"/password").is(200, "新密码只显示这一次")
		c.get("/desk/people").to("/desk/sign-in?next=%2Fdesk%2Fpeople")
		b.post(path+"/remove", "confirm", "chen").is(422, "与名称不一致")
		b.post(path+"/remove", "confirm", "chen.jing").to("/desk/staff")
		b.get(path).is(404)

		b.get("/desk/tokens").is(200, "还没有访问令牌")
		b.post("/desk/tokens", "org", string(q.Station), "role", "leader").is(422, "请写明给什么系统用")
		r = b.post("/desk/tokens", "org", string(q.Station), "role", "leader", "label", "签到机", "days", "30").is(200, "令牌只显示这一次", "签到机")
		secret := regexp.MustCompile(`class="key num">([^<]+)<`).FindStringSubmatch(r.text)[1]
		a, _, err := people.Actor(t.Context(), q.d, q.clock.Now(), auth.HashSecret(secret))
		if err != nil || !a.HasAt(q.Station, auth.Leader) {
			t.Errorf("%+v, %v", a, err)
		}
		b.get("/desk/tokens").is(200, "签到机").lacks(secret)
		b.post("/desk/tokens/" + string(a.Person) + "/end").to("/desk/tokens")
		if a, _, _ := people.Actor(t.Context(), q.d, q.clock.Now(), auth.HashSecret(secret)); a.SignedIn() {
			t.Error("the token goes on")
		}
	})
}
