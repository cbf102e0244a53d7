package web_test

import (
	"context"
	"fmt"
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
	"tongxin/internal/base/id"
	"tongxin/internal/base/send"
	"tongxin/internal/base/send/wechat"
	"tongxin/internal/work/notice"
)

func TestHowToBeToldOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		admin := q.Staff("sysop", q.City.City, auth.SystemAdmin)
		phone := q.Phone()
		her := q.Join(q.Form("张玉兰", phone))
		b := q.comeIn(phone)
		b.get("/my/notices").is(200, "通知方式")
		b.get("/my/notices/ways").is(200, "目前只有站内通知").lacks("邮箱地址")
		b.post("/my/notices/ways/address", "channel", "mail", "mail.address", "zhang@example.org").is(409, "还没有开通")
		for _, c := range []notice.Channel{notice.Mail, notice.SMS, notice.Hook} {
			q.Write(func(ctx context.Context, tx *db.Tx) error {
				return notice.SetUp(ctx, tx, q.Keys, admin, c, true, map[string]string{"host": "smtp.example.com", "port": "465", "from": "a@example.com",
					"url": "https://sms.example.com", "access": "AK", "signature": "同心", "secret": "s3cr3t"})
			})
		}
		b.get("/my/notices/ways").is(200, "邮箱地址", "短信", "免打扰", "班次提醒和变动").lacks("接口推送", "待办和督导")
		b.post("/my/notices/ways/address", "channel", "mail", "mail.address", "zhang").is(422, "请填写一个完整的邮箱地址").keeps("zhang")
		b.post("/my/notices/ways/address", "channel", "mail", "mail.address", "zhang@example.org").is(200, "验证码已发到 zhang@example.org")
		b.post("/my/notices/ways/code", "channel", "mail", "mail.code", "000000").is(422, "验证码不对或已过期")
		b.post("/my/notices/ways/code", "channel", "mail", "mail.code", q.sent["zhang@example.org"]).to("/my/notices/ways")
		b.get("/my/notices/ways").is(200, "zhang@example.org", "已验证", "取消这个地址")
		b.post("/my/notices/ways", "shifts", "mail", "lang", "fr").is(422)
		b.post("/my/notices/ways", "shifts", "mail", "seats", "sms", "quiet_from", "21:30", "quiet_to", "08:00", "lang", "en").to("/my/notices/ways")
		w, err := notice.WishesOf(t.Context(), q.d, her, her.Person)
		if err != nil || w.Quiet != (notice.Quiet{Starts: 21*60 + 30, Ends: 8 * 60}) || w.Lang != "en" || strings.Contains(join(w.Chosen[notice.Shifts]), "sms") ||
			!strings.Contains(join(w.Chosen[notice.Shifts]), "mail") || strings.Contains(join(w.Chosen[notice.Seats]), "mail") || !strings.Contains(join(w.Chosen[notice.Work]), "mail") {
			t.Errorf("%+v, %v", w, err)
		}
		b.post("/my/notices/ways", "quiet_from", "25:00").is(422)
		b.post("/my/notices/ways/drop", "channel", "mail").to("/my/notices/ways")
		b.get("/my/notices/ways").is(200).lacks("zhang@example.org")

		desk := q.desk("zhang.san", q.Station, auth.Admin)
		desk.get("/my/notices/ways").is(200, "接口推送", "待办和督导")
		desk.post("/my/notices/ways/address", "channel", "hook", "hook.address", "https://10.0.0.8/x").is(422, "内网地址和本机地址不能用")
		desk.post("/my/notices/ways/address", "channel", "hook", "hook.address", "https://oa.example.com/in").is(422, "连不上对方的服务器")
		desk.get("/my/notices/ways").is(200, "接收通知的网址")
	})
}

// exchange is a fake of WeChat's exchange of codes: each is good once.
type exchange struct{ used map[string]bool }

func (f exchange) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	code := r.URL.Query().Get("code")
	switch {
	case code == "SLOW":
		w.WriteHeader(http.StatusBadGateway)
	case !strings.HasPrefix(code, "CODE"):
		fmt.Fprint(w, `{"errcode":40029,"errmsg":"invalid code"}`)
	case f.used[code]:
		fmt.Fprint(w, `{"errcode":40163,"errmsg":"code been used"}`)
	default:
		f.used[code] = true
		fmt.Fprintf(w, `{"access_token":"T","expires_in":7200,"openid":"o%s","scope":"snsapi_base"}`, code)
	}
}

// TestWeChatIsBoundOnThePages: it is offered once the account is set up and it is known where the site
// is; she goes to WeChat and comes back told by it. A state of another's, an old one, and a code that is
// used up bind nothing, and are said in words.
func TestWeChatIsBoundOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		fake := httptest.NewServer(exchange{map[string]bool{}})
		t.Cleanup(fake.Close)
		q.post.Through(wechat.New(wechat.Account{URL: fake.URL, AppID: "wx1", Secret: "s"}, q.d.Now))
		admin := q.Staff("sysop", q.City.City, auth.SystemAdmin)
		phone, other := q.Phone(), q.Phone()
		her := q.Join(q.Form("张玉兰", phone))
		q.Join(q.Form("李娜", other))
		b, o := q.comeIn(phone), q.comeIn(other)
		const begin, back = "/my/notices/ways/wechat/begin", "/my/notices/ways/wechat"
		b.get("/my/notices/ways").is(200).lacks("绑定微信")
		b.get(begin).to("/my/notices/ways")
		b.get("/my/notices/ways").is(200, "还没有开通")
		q.Write(func(ctx context.Context, tx *db.Tx) error {
			return notice.SetUp(ctx, tx, q.Keys, admin, notice.WeChat, true, map[string]string{"appid": "wx1", "secret": "s3cr3t"})
		})
		b.get("/my/notices/ways").is(200).lacks("绑定微信")
		q.Write(func(_ context.Context, tx *db.Tx) error { return config.Put(tx, "notice.site", "https://example.com") })
		b.get("/my/notices/ways").is(200, "绑定微信", "请先关注本平台公众号")

		ask := func(who *browser) (state string) {
			t.Helper()
			u, err := url.Parse(who.get(begin).location)
			if err != nil || u.Host != "open.weixin.qq.com" || u.Query().Get("redirect_uri") != "https://example.com"+back || len(u.Query().Get("state")) < 20 {
				t.Fatalf("she is sent to %s: %v", u, err)
			}
			return u.Query().Get("state")
		}
		refused := func(who *browser, query, says string) {
			t.Helper()
			who.get(back + query).to("/my/notices/ways")
			who.get("/my/notices/ways").is(200, says, "绑定微信").lacks("微信已绑定")
		}
		refused(b, "?code=CODE0&state=none", "微信授权已失效或不是本人发起")
		theirs := ask(o)
		ask(b)
		refused(b, "?code=CODE0&state="+theirs, "微信授权已失效或不是本人发起") // what another began
		state := ask(b)
		q.clock.Add(11 * time.Minute)
		refused(b, "?code=CODE0&state="+state, "微信授权已失效或不是本人发起")
		refused(b, "?state="+ask(b), "微信授权已失效或不是本人发起") // she said no
		refused(b, "?code=SLOW&state="+ask(b), "对方系统出错或繁忙")
		state = ask(b)
		b.get(back + "?code=CODE1&state=" + state).to("/my/notices/ways")
		b.get("/my/notices/ways").is(200, "微信已绑定", "通知会发到微信", "取消这个地址").lacks("oCODE1")
		refused(o, "?code=CODE1&state="+ask(o), "微信授权已失效或不是本人发起")         // it is used up
		b.get(back + "?code=CODE2&state=" + state).to("/my/notices/ways") // a state is good once
		all, err := notice.AddressesOf(t.Context(), q.d, q.Keys, her, her.Person)
		if err != nil || len(all) != 1 || all[0].Shown != "oCODE1" || !all[0].Verified {
			t.Errorf("%+v, %v", all, err)
		}
		var sealed []byte
		if err := q.d.QueryRow(t.Context(), "SELECT address FROM notice_address WHERE channel = 'wechat'").Scan(&sealed); err != nil || strings.Contains(string(sealed), "CODE1") {
			t.Errorf("stored is %q, %v", sealed, err)
		}
		b.post("/my/notices/ways/drop", "channel", "wechat").to("/my/notices/ways")
		b.get("/my/notices/ways").is(200, "绑定微信").lacks("微信已绑定")
	})
}

// TestANoticeLeadsToWhatItTellsOf: opened, it leads to the page of what it is about, or to the list where that is.
func TestANoticeLeadsToWhatItTellsOf(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		phone := q.Phone()
		her := q.Join(q.Form("张玉兰", phone))
		b := q.comeIn(phone)
		const about = "321281-01jd3k8zq4w7c2xv"
		for kind, want := range map[string]string{"roster.accepted": "/shifts/" + about, "roster.certificate_ends": "/my/data/certificates", "activity.changed": "/activities/" + about,
			"activity.to_review": "/desk/activities/" + about, "article.returned": "/desk/articles/" + about, "guidance.issued": "/desk/guidance/" + about,
			"report.remind": "/desk/reports", "report.returned": "/desk/reports/" + about, "bulletin.to_review": "/desk/bulletins", "callup.delivered": "/desk/receipts/" + about,
			"callup.asked": "/callups/" + about, "callup.appealed": "/appeals/" + about} {
			q.Write(func(_ context.Context, tx *db.Tx) error { return notice.Tell(tx, her.Person, kind, about, kind) })
			all, _, err := notice.Inbox(t.Context(), q.d, her, her.Person, "")
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range all {
				if n.Kind == kind {
					b.post("/my/notices/" + string(n.ID)).to(want)
				}
			}
		}
	})
}

func join(all []notice.Channel) string {
	var words []string
	for _, c := range all {
		words = append(words, string(c))
	}
	return strings.Join(words, " ")
}

func TestChannelsAndTemplatesOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		other := q.desk("zhang.san", q.City.City, auth.Admin)
		other.get("/desk/channels").is(403)
		other.get("/desk/dead-letters").is(403)
		b := q.desk("sysop", q.City.City, auth.SystemAdmin)
		b.get("/desk/channels").is(200, "短信", "未开通", "保存后加密存放，不再显示")
		b.post("/desk/channels/sms", "sms.url", "http://sms.example.com", "sms.working", "true", "sms.access", "AK", "sms.signature", "").
			is(422, "以 https:// 开头", "开通前请填写这一项").keeps("http://sms.example.com")
		b.post("/desk/channels/sms", "sms.url", "https://sms.example.com", "sms.working", "true", "sms.access", "AK", "sms.signature", "同心", "sms.secret", "topsecret").to("/desk/channels")
		b.get("/desk/channels").is(200, "开通", "已保存，不再显示").lacks("topsecret")
		b.post("/desk/channels/sms", "sms.url", "https://sms.example.com", "sms.working", "true", "sms.access", "AK2", "sms.signature", "同心").to("/desk/channels") // the secret stays
		b.post("/desk/channels/pigeon", "pigeon.working", "true").is(404)
		b.get("/desk/channels/mail/templates").is(404)

		path := "/desk/channels/sms/templates"
		b.get(path).is(200, "登录验证码", "其他各种通知", "可用字段", "{title}")
		b.post(path, "kind", "roster.cancelled", "roster.cancelled.code", "SMS_1", "roster.cancelled.text", "“${title}”取消了").is(422, "模板缺少字段“when”", "“${title}”取消了")
		b.post(path, "kind", "roster.cancelled", "roster.cancelled.code", "SMS_1", "roster.cancelled.text", "${title} ${when} ${who}").is(422, "没有字段“who”")
		b.post(path, "kind", "roster.cancelled", "roster.cancelled.code", " ", "roster.cancelled.text", "${title} ${when}").is(422, "请填写服务商给的模板编号")
		b.post(path, "kind", "any", "any.code", "SMS_2", "any.text", "您有新通知").is(422, "通用模板必须含有 text")
		b.post(path, "kind", "nonsense", "nonsense.code", "SMS_2", "nonsense.text", "x").is(404)
		b.post(path, "kind", "roster.cancelled", "roster.cancelled.code", "SMS_1", "roster.cancelled.text", "${title}${when}取消").to(path + "#k-roster-cancelled")
		b.get(path).is(200, "已设：SMS_1")
		wechat := "/desk/channels/wechat/templates"
		b.post(wechat, "kind", "roster.cancelled", "roster.cancelled.code", "TPL", "roster.cancelled.text", "标题是什么").is(422, "请写成“变量=字段”")
		b.post(wechat, "kind", "roster.cancelled", "roster.cancelled.code", "TPL", "roster.cancelled.text", "thing1=title\ntime2＝when").to(wechat + "#k-roster-cancelled")
	})
}

// refusing is a provider that takes nothing.
type refusing struct{}

func (refusing) Send(context.Context, send.Message) error { return send.Never(send.Address, nil) }

// refused has what is due by a channel sent, and taken by nobody.
func (q *quarter) refused(name notice.Channel) {
	q.Helper()
	c := notice.NewCourier(q.Keys, q.d.Now)
	c.Through(refusing{})
	var claimed []notice.Delivery
	q.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		if _, err = c.Fan(ctx, tx); err == nil {
			claimed, err = c.Claim(ctx, tx, name)
		}
		return err
	})
	ends, err := c.Deliver(q.Context(), q.d, name, claimed)
	if err != nil {
		q.Fatal(err)
	}
	q.Write(func(_ context.Context, tx *db.Tx) error { return c.Record(tx, ends) })
}

func TestDeadLettersOnThePages(t *testing.T) {
	inQuarter(t, func(q *quarter) {
		admin := q.Staff("root", q.City.City, auth.SystemAdmin)
		q.Write(func(ctx context.Context, tx *db.Tx) error {
			if err := notice.SetUp(ctx, tx, q.Keys, admin, notice.SMS, true, map[string]string{"url": "https://127.0.0.1:1", "access": "AK", "signature": "同心", "secret": "s3cr3t"}); err != nil {
				return err
			}
			return notice.SaveTemplate(ctx, tx, admin, notice.Template{Channel: notice.SMS, Kind: notice.Any, Code: "T1", Text: "${text}"})
		})
		for _, name := range []string{"张玉兰", "李娜"} {
			_, who := q.enrol(name)
			q.Write(func(_ context.Context, tx *db.Tx) error {
				return notice.Tell(tx, who, "roster.cancelled", id.ID(who), "x", "title", "体温检测", "starts", 1, "ends", 2)
			})
		}
		q.refused(notice.SMS)
		b := q.desk("sysop", q.City.City, auth.SystemAdmin)
		r := b.get("/desk/dead-letters").is(200, "张*", "号码或地址无效", "班次提醒和变动", "短信", "试了 1 次").lacks("张玉兰", "李娜")
		give := regexp.MustCompile(`action="(/desk/dead-letters/([0-9a-z-]{23})/give-up)"`).FindStringSubmatch(r.text)
		if give == nil {
			t.Fatal(r.words())
		}
		b.post(give[1], give[2]+".why", "").is(422, "请写明理由")
		b.post(give[1], give[2]+".why", "号码已停用").to("/desk/dead-letters")
		b.post(give[1], give[2]+".why", "号码已停用").is(409, "已经有人处理了")
		b.get("/desk/dead-letters?channel=mail").is(200, "没有发不出去的通知")
		b.get("/desk/dead-letters?channel=sms").is(200, "这个渠道的全部再发")
		b.post("/desk/dead-letters/release", "channel", "sms").to("/desk/dead-letters")
		b.get("/desk/dead-letters").is(200, "没有发不出去的通知", "已重新排队 1 条")
	})
}
