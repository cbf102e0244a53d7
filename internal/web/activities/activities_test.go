package activities_test

import (
	"context"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func TestFromDraftToTheListOfWhatIsOpen(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.get(w.leader, "/desk/activities").is(200, "还没有活动", `href="/desk/activities/new"`)
		w.get(w.leader, "/desk/activities/new").is(200, "新建活动", "入户走访（有风险）", `name="org" value="`+string(w.Team))

		// nothing typed is lost when it is refused
		w.post(w.leader, "/desk/activities", w.full("title", "菜", "content", "代买<菜>")).
			is(422, "至少 2 个字", `value="菜"`, "代买&lt;菜&gt;", "能骑车", `value="凤凰路 18 号"`)

		to := w.post(w.leader, "/desk/activities", form("org", string(w.Team), "title", "送菜", "service", w.service("errand"))).is(303).To
		w.get(w.leader, to).is(200, "送菜", "草稿", "8 项中已有 0 项", `id="f-risks"`, "提交审核", to+"/edit")
		w.post(w.leader, to+"/submit", form()).is(422, "请至少排一个班次", "请写明可能的风险", "请至少设一个岗位")

		a := w.draft()
		to = "/desk/activities/" + string(a)
		w.get(w.leader, to).is(200, "8 项中已有 8 项", "A 岗 2 人", "2月29日 周六 14:00 – 16:00", "staff leader")
		w.post(w.leader, to+"/submit", form()).is(303)
		w.get(w.leader, to).is(200, "待审核", "撤回审核", "还剩 24 小时").not("通过并发布", to+`/edit"`)

		w.get(w.institute, "/desk/reviews").is(200, "没有等您审核的活动")
		w.get(w.station, "/desk/reviews").is(200, "给邻居送一次菜", "还剩 24 小时", to)
		rev := itoa(w.read(a).Rev)
		w.get(w.station, to).is(200, "通过并发布", "退回修改", `name="rev" value="`+rev)
		w.post(w.station, to+"/approve", form("rev", "1")).is(409, "已有人改过这项活动")
		w.get(w.station, "/activities").is(200, "眼下没有正在招募的活动")
		w.post(w.station, to+"/approve", form("rev", rev)).is(303)
		w.get(w.leader, to).is(200, "招募中", "审核通过并发布").not("提交前清单")
		w.get(auth.Actor{}, "/activities").is(200, "给邻居送一次菜", "/activities/"+string(a), "明天 14:00 – 16:00", "凤凰路 18 号")
	})
}

func TestReturning(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft()
		to := "/desk/activities/" + string(a)
		w.post(w.leader, to+"/submit", form()).is(303)
		rev := itoa(w.read(a).Rev)
		w.post(w.station, to+"/return", form("rev", rev, "reason", " ")).is(422, "请写明理由", "<details open")
		w.post(w.station, to+"/return", form("rev", rev, "reason", "请写明骑行要求")).is(303)
		w.get(w.leader, to).is(200, "已退回", "请写明骑行要求", to+"/edit")
		w.post(w.leader, to+"/submit", form("again", "1")).is(303)
		w.post(w.leader, to+"/recall", form()).is(303)
		w.get(w.leader, to).is(200, "草稿", "撤回审核")
	})
}

func TestOneWhoSubmittedDoesNotDecide(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft()
		to := "/desk/activities/" + string(a)
		w.post(w.station, to+"/submit", form()).is(303) // its administrator may submit for the team
		w.get(w.station, to).is(200, "自己提交的事项要由另一位同志审核").not("通过并发布")
		w.post(w.station, to+"/approve", form("rev", itoa(w.read(a).Rev))).is(403)
		w.get(w.institute, to).is(200, "通过并发布")
	})
}

func TestOthersSeeNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft()
		to := "/desk/activities/" + string(a)
		for _, path := range []string{to, to + "/edit", to + "/cancel", to + "/coorgs", to + "/posts/new"} {
			w.get(w.foreign, path).is(403).not("给邻居送一次菜")
		}
		for _, path := range []string{"/edit", "/submit", "/recall", "/approve", "/return", "/cancel", "/coorgs", "/posts"} {
			w.post(w.foreign, to+path, w.full("reason", "没有理由", "rev", "1", "name", "x")).is(403).not("凤凰路")
		}
		w.get(w.foreign, "/desk/activities").is(200, "还没有活动")
		w.get(w.foreign, "/desk/activities/new?org="+string(w.Team)).is(403)
		w.post(w.foreign, "/desk/activities", w.full()).is(403)
		for _, path := range []string{"/desk/activities/321281-0000000000000000", "/desk/activities/x", "/desk/campaigns/99", "/desk/campaigns/x"} {
			w.get(w.leader, path).is(404)
		}
		// a co-organiser sees it, and may not write it
		w.post(w.leader, to+"/coorgs", form("rev", itoa(w.read(a).Rev), "org", string(w.Foreign), "part", "assist")).is(303)
		w.get(w.foreign, to).is(200, "给邻居送一次菜", "协办").not("提交审核</button>", to+"/edit")
		w.get(w.foreign, "/desk/activities").is(200, "给邻居送一次菜")
		w.get(w.foreign, to+"/edit").is(403)
	})
}

func TestTwoEditorsSeeEachOther(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft()
		to := "/desk/activities/" + string(a) + "/edit"
		read := itoa(w.read(a).Rev)
		w.get(w.leader, to).is(200, `name="rev" value="`+read)
		w.post(w.station, to, w.full("rev", read, "risks", "路滑")).is(303)
		again := w.post(w.leader, to, w.full("rev", read, "place", "社区南门")).
			is(409, "已有人改过这项活动", `value="社区南门"`, "有人先保存了一版", "路滑", "骑行安全")
		next := regexp.MustCompile(`name="rev" value="(\d+)"`).FindStringSubmatch(again.Text)
		if len(next) != 2 || next[1] == read {
			t.Fatalf("the form does not carry the new version: %v", next)
		}
		if got := w.read(a); got.Risks != "路滑" || got.Place != "凤凰路 18 号" {
			t.Errorf("kept %+v", got.Edit)
		}
		w.post(w.leader, to, w.full("rev", next[1], "place", "社区南门", "risks", "路滑、骑行安全")).is(303)
		if got := w.read(a); got.Risks != "路滑、骑行安全" || got.Place != "社区南门" {
			t.Errorf("kept %+v", got.Edit)
		}
	})
}

func TestAFormSentTwiceCountsOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		first := w.post(w.leader, "/desk/activities", w.full()).is(303).To
		if second := w.post(w.leader, "/desk/activities", w.full()).is(303).To; second != first {
			t.Errorf("%s, then %s", first, second)
		}
		for range 2 {
			w.post(w.leader, first+"/posts", form("rev", "1", "name", "采买", "places", "２")).is(303)
		}
		if posts, err := activity.Posts(w.ctx, d, id.ID(strings.TrimPrefix(first, "/desk/activities/"))); err != nil || len(posts) != 1 || posts[0].Places != 2 {
			t.Errorf("posts %v, %v", posts, err)
		}
		w.get(w.leader, "/desk/activities").is(200, "<b>1</b>")
	})
}

func TestChangingWhatIsPublished(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.published()
		at := "/desk/activities/" + string(a)
		w.get(w.leader, at+"/edit").is(200, "保存并通知", "报名的人会收到通知").not(`name="service"`, `name="area"`, `name="campaign"`)
		rev := itoa(w.read(a).Rev)
		w.post(w.leader, at+"/edit", w.full("rev", rev, "risks", "")).is(422, "请写明可能的风险")
		w.post(w.leader, at+"/edit", w.full("rev", rev, "place", "社区南门", "signup", "approval", "service", w.service("culture"))).is(303)
		w.get(w.leader, at).is(200, "第 2 版", "社区南门", "凤凰路 18 号", "负责人审核")
		if got := w.read(a); itoa(got.Service) != w.service("errand") {
			t.Error("the kind of service changed")
		}
		w.get(w.leader, at+"/posts/new").is(200)
		posts, err := activity.Posts(w.ctx, d, a)
		if err != nil {
			t.Fatal(err)
		}
		post := at + "/posts/" + string(posts[0].ID)
		w.get(w.leader, post).is(200, "岗位只能调整人数").not(`name="min_age"`)
		w.post(w.leader, post, form("rev", itoa(w.read(a).Rev), "places", "5", "min_age", "90")).is(303)
		w.get(w.leader, at).is(200, "A 岗 5 人").not("90 周岁")
	})
}

func TestPostsOfADraft(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft()
		at := "/desk/activities/" + string(a)
		rev := func() string { return itoa(w.read(a).Rev) }
		w.post(w.leader, at+"/posts", form("rev", rev(), "name", "配", "places", "０", "standby_places", "-1", "min_age", "三")).
			is(422, "请填整数", `value="配"`)
		w.post(w.leader, at+"/posts", form("rev", rev(), "name", "配", "places", "０", "standby_places", "-1")).
			is(422, "至少 2 个字", "请填 1 到 10,000 之间的整数", "请填 0 到 10,000 之间的整数", "有 3 处需要改正")
		w.post(w.leader, at+"/posts", form("rev", rev(), "name", "配送", "places", "１２", "min_age", "16", "max_age", "60", "skill", itoa(w.Skill("driving")))).is(303)
		w.get(w.leader, at).is(200, "A 岗 12 人", "16 至 60 周岁", "需会")
		posts, err := activity.Posts(w.ctx, d, a)
		if err != nil || len(posts) != 2 {
			t.Fatal(posts, err)
		}
		first, second := at+"/posts/"+string(posts[0].ID), at+"/posts/"+string(posts[1].ID)
		w.post(w.leader, first+"/remove", form("rev", rev())).is(409, "这个岗位还有 1 个班次")
		w.post(w.leader, second+"/remove", form("rev", rev())).is(303)
		w.get(w.leader, second).is(404)
		w.get(w.leader, at+"/posts/321281-0000000000000000").is(404)
		w.get(w.leader, at+"/posts/x").is(404)
	})
}

func TestCancelling(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.published()
		at := "/desk/activities/" + string(a) + "/cancel"
		w.get(w.leader, at).is(200, "请输入“给邻居送一次菜”以确认")
		w.post(w.leader, at, form("reason", "下雨", "confirm", "送菜")).is(422, "与名称不一致", "下雨")
		w.post(w.leader, at, form("confirm", "给邻居送一次菜")).is(422, "请写明理由")
		w.post(w.leader, at, form("reason", "下雨", "confirm", "给邻居送一次菜")).is(303)
		w.get(w.leader, "/desk/activities/"+string(a)).is(200, "已取消", "下雨")
		w.get(w.leader, at).is(303)
		w.get(auth.Actor{}, "/activities").is(200).not("给邻居送一次菜")

		draft := w.draft("title", "作废的")
		w.post(w.leader, "/desk/activities/"+string(draft)+"/cancel", form()).is(303)
		w.get(w.leader, "/desk/activities?state=cancelled").is(200, "作废的", "给邻居送一次菜")
	})
}

func TestListFiltersAndExport(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.published("title", "=HYPERLINK 送菜")
		w.draft("title", "唱歌", "service", w.service("culture"))
		w.get(w.leader, "/desk/activities").is(200, "送菜", "唱歌", "<b>2</b>")
		w.get(w.leader, "/desk/activities?state=draft").is(200, "唱歌").not("送菜")
		w.get(w.leader, "/desk/activities?service="+w.service("culture")).is(200, "唱歌").not("送菜")
		w.get(w.leader, "/desk/activities?q="+"唱").is(200, "唱歌").not("送菜")
		w.get(w.leader, "/desk/activities?q=没有").is(200, "没有符合条件的活动", `href="/desk/activities"`)
		w.get(w.leader, "/desk/activities?state=nonsense&after=x&service=1e9").is(422)
		sheet := w.get(w.leader, "/desk/activities?as=csv").is(200, "\ufeff", "'=HYPERLINK", "唱歌", "2020-02-29,14:00,16:00\r\n")
		if n := strings.Count(sheet.Text, "\n"); n != 3 {
			t.Errorf("%d lines:\n%s", n, sheet.Text)
		}
	})
}

func TestCoOrganisersByName(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		for _, under := range []id.ID{w.Station, w.Foreign} {
			w.Write(func(ctx context.Context, tx *db.Tx) error {
				_, err := org.Found(ctx, tx, auth.System, org.In{Kind: org.Team, Name: "红马甲服务队", Parent: under})
				return err
			})
		}
		a := w.draft()
		at := "/desk/activities/" + string(a) + "/coorgs"
		rev := func() string { return itoa(w.read(a).Rev) }
		w.post(w.leader, at, form("rev", rev(), "name", "没有的队", "part", "host")).is(422, "没有叫这个名称的组织", `value="没有的队"`)
		w.post(w.leader, at, form("rev", rev(), "name", "红马甲服务队", "part", "host")).is(422, "有 2 个组织叫这个名称", "foreign center")
		w.post(w.leader, at, form("rev", rev(), "name", "foreign team", "part", "boss")).is(422, "请选择联合主办或协办")
		w.post(w.leader, at, form("rev", rev(), "name", "foreign team", "part", "host")).is(303)
		w.post(w.leader, at, form("rev", "1", "name", "sibling station", "part", "assist")).is(409, "已有人改过")
		w.post(w.leader, at, form("rev", rev(), "name", "sibling station", "part", "assist")).is(303)
		w.get(w.leader, at).is(200, "foreign team", "sibling station")
		w.post(w.leader, at, form("rev", rev(), "drop", string(w.ForeignTeam))).is(303)
		w.get(w.leader, at).is(200, "sibling station").not("foreign team")
	})
}

func TestCampaigns(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.get(w.leader, "/desk/campaigns").is(200, "还没有主题活动").not("/desk/campaigns/new")
		w.get(w.station, "/desk/campaigns/new").is(200, "新建主题活动", `value="2020-02-28"`)
		w.post(w.station, "/desk/campaigns", form("org", string(w.Station), "name", "暖", "from_day", "2020-02-30")).is(422, `value="暖"`, "请填写开始日期")
		w.post(w.station, "/desk/campaigns", form("org", string(w.Station), "name", "暖", "from_day", "2020-02-28", "to_day", "2020-02-01")).
			is(422, "名称要有 2 到 40 个字", "结束日期要在开始日期之后")
		w.post(w.station, "/desk/campaigns", form("org", string(w.Station), "name", "暖心行动", "from_day", "2020-02-28")).is(303)
		w.get(w.leader, "/desk/campaigns").is(200, "暖心行动", "2020年2月28日起", "进行中").not("/desk/campaigns/new")
		w.get(w.station, "/desk/campaigns").is(200, "加行动", "/desk/campaigns/new?parent=1")
		w.get(w.station, "/desk/campaigns/new?parent=1").is(200, "新建行动", "暖心行动")
		w.get(w.leader, "/desk/activities/new").is(200, "暖心行动")
		a := w.draft("campaign", "1")
		w.get(w.leader, "/desk/activities?campaign=1").is(200, "给邻居送一次菜")
		w.get(w.leader, "/desk/activities/"+string(a)).is(200, "暖心行动")

		w.get(w.leader, "/desk/campaigns/1").is(200, "暖心行动").not(`name="name"`)
		w.post(w.leader, "/desk/campaigns/1", form("rev", "1", "name", "我的", "from_day", "2020-02-28")).is(403)
		w.post(w.station, "/desk/campaigns/1", form("rev", "1", "name", "暖心同行", "from_day", "2020-02-28")).is(303)
		w.post(w.station, "/desk/campaigns/1", form("rev", "1", "name", "暖心", "from_day", "2020-02-28")).is(409, "已有人改过")
		closed := w.post(w.station, "/desk/campaigns/1/close", form()).is(303)
		if !strings.Contains(closed.Flash, "flash=") {
			t.Error("the end offers no way back")
		}
		w.get(w.leader, "/desk/activities/new").is(200).not("暖心同行")
		w.post(w.leader, "/desk/activities/"+string(a)+"/submit", form()).is(422, "不能再往下添加")
		w.post(w.station, "/desk/campaigns/1/reopen", form()).is(303)
		w.post(w.leader, "/desk/activities/"+string(a)+"/submit", form("again", "1")).is(303)
	})
}

func TestOpenListForEverybody(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		nobody := auth.Actor{}
		w.get(nobody, "/activities").is(200, "眼下没有正在招募的活动", `href="/join"`)
		w.published()
		w.get(nobody, "/activities?day=2020-02-29").is(200, "给邻居送一次菜")
		w.get(nobody, "/activities?day=2020-03-01").is(200, "没有符合条件的活动", "看看别的日子")
		w.get(nobody, "/activities?day=nonsense").is(200, "给邻居送一次菜")
		w.get(nobody, "/activities?area=321281000000").is(200, "给邻居送一次菜")
		w.get(nobody, "/activities?area=321282000000").is(200, "没有符合条件的活动").not("给邻居")
		w.get(nobody, "/activities?service="+w.service("culture")).is(200, "没有符合条件的活动")
		w.get(nobody, "/activities?q=送").is(200, "给邻居送一次菜")
		c.Add(24 * time.Hour)
		w.get(nobody, "/activities").is(200, "进行中")
		c.Add(3 * time.Hour)
		w.get(nobody, "/activities").is(200, "眼下没有正在招募的活动")
	})
}

// Every page is whole: nothing inline, no id twice, one heading, no message key left over.
func TestPagesAreWhole(t *testing.T) {
	d, c := dbtest.Open(t, db.SQLite)
	w := begin(t, d, c)
	a := w.published()
	draft := w.draft("title", "另一次")
	submitted := w.draft("title", "第三次")
	w.post(w.leader, "/desk/activities/"+string(submitted)+"/submit", form()).is(303)
	w.post(w.station, "/desk/campaigns", form("org", string(w.Station), "name", "暖心行动", "from_day", "2020-02-28")).is(303)
	ids := regexp.MustCompile(` id="([^"]+)"`)
	at := func(a id.ID, more string) string { return "/desk/activities/" + string(a) + more }
	for _, path := range []string{"/activities", "/activities?q=x", "/desk/activities", "/desk/activities/new", at(a, ""), at(a, "/edit"), at(a, "/cancel"),
		at(a, "/coorgs"), at(a, "/posts/new"), at(draft, ""), at(draft, "/edit"), at(draft, "/cancel"), at(submitted, ""), "/desk/reviews",
		"/desk/reviews?view=overdue", "/desk/reviews?view=raised", "/desk/campaigns", "/desk/campaigns/new", "/desk/campaigns/1"} {
		for _, lang := range []string{"zh-CN", "en"} {
			w.who = w.station
			r := request(path)
			r.AddCookie(&http.Cookie{Name: "lang", Value: lang})
			text := w.ask(r).is(200).Text
			for _, re := range []string{` style=`, `<style`, ` on[a-z]+=`, `<script>`, `(src|href)="(https?:)?//`, `>\s*(activities|campaigns|activity|campaign|web|roster)\.[a-z_.]+`, `\{[a-z]+\}`} {
				if hit := regexp.MustCompile(re).FindString(text); hit != "" {
					t.Errorf("%s: %q", path, hit)
				}
			}
			seen := map[string]bool{}
			for _, m := range ids.FindAllStringSubmatch(text, -1) {
				if seen[m[1]] {
					t.Errorf("%s: two elements with id %s", path, m[1])
				}
				seen[m[1]] = true
			}
			if n := strings.Count(text, "<h1"); n != 1 {
				t.Errorf("%s: %d headings of the first level", path, n)
			}
			if n := strings.Count(text, `class="btn red"`); n > 1 {
				t.Errorf("%s: %d red buttons", path, n)
			}
			if !strings.Contains(text, ui.KeyField) && strings.Contains(text, `action="/desk`) && strings.Contains(text, `method="post" action="/desk`) {
				t.Errorf("%s: a form without a key", path)
			}
		}
	}
}
