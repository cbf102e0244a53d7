package web_test

import (
	"bytes"
	"html"
	"mime/multipart"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/progress"
	"tongxin/internal/web/page"
	progresspages "tongxin/internal/web/progress"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// planned writes a schedule of the city: a row of activities and a milestone for each county.
func (s *town) planned() (schedule, row, milestone id.ID) {
	s.Helper()
	err := s.d.Write(s.Context(), func(tx *db.Tx) (err error) {
		by := s.people["city"].Actor
		if schedule, err = progress.Create(s.Context(), tx, by, s.City, progress.In{Name: "春季进度表"}); err != nil {
			return err
		}
		for _, at := range []id.ID{s.Foreign, s.Center} {
			in := progress.RowIn{Org: at, Item: "开展活动", Indicator: activity.ActivitiesHeld.Key, From: "2020-02-24", Due: "2020-03-04", Target: 20}
			if row, err = progress.SetRow(s.Context(), tx, by, schedule, in); err != nil {
				return err
			}
			in.Item, in.Indicator = "部署会", ""
			if milestone, err = progress.SetRow(s.Context(), tx, by, schedule, in); err != nil {
				return err
			}
		}
		place, err := org.PositionOn(s.Context(), tx, s.Foreign, db.Day(tx.Now))
		for range 12 {
			if err == nil {
				err = ledger.Post(tx, ledger.Fact{Kind: activity.HeldFact, Day: db.Day(tx.Now), Org: place, Unit: place, Area: 321282000000,
					Subject: tx.NewID("321282"), Qty: 1, Grade: ledger.Recorded, By: by.Person})
			}
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	s.reckon()
	return schedule, row, milestone
}

func TestASchedulesPages(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.settle("supervisor", 11, auth.Grant{Org: s.City, Role: auth.Supervisor})
		s.settle("leader", 12, auth.Grant{Org: s.Center, Role: auth.Leader})
		schedule, row, milestone := s.planned()
		board := "/desk/progress/" + string(schedule)
		for _, c := range []struct {
			who, path string
			code      int
			says      []string
			lacks     []string
		}{
			{"", "/desk/progress", 303, nil, nil},
			{"she", "/desk/progress", 403, nil, nil},
			{"supervisor", "/desk/progress", 200, []string{"春季进度表", "第 5 天，共 10 天", "center", "foreign center", "差 10", "60%", "薄弱环节", "开始以来一直没有记录", "发督导单", "新建进度表"}, nil},
			{"supervisor", "/desk/progress?lag=true", 200, []string{"center"}, nil},
			{"center", board, 200, []string{"center", "差 10"}, []string{"foreign", "发督导单", "city office</th>"}},
			{"leader", board, 200, []string{"center"}, []string{"加一项", "发督导单"}},
			{"sibling", board, 404, nil, nil},
			{"supervisor", board + "?guide=" + string(row), 200, []string{"给center", "应达 10", "差 10", "foreign center", "下发给center"}, nil},
			{"center", board + "?guide=" + string(row), 403, nil, nil},
			{"supervisor", board + "/rows/" + string(row), 200, []string{"center 开展活动", "按日对照", "按此达不到目标", "发督导单"}, nil},
			{"center", board + "/rows/" + string(row), 200, []string{"center 开展活动"}, []string{"发督导单", "删去"}},
			{"station", board + "/rows/" + string(row), 403, nil, nil},
			{"center", board + "/rows/" + string(milestone), 200, []string{"登记完成"}, nil},
			{"supervisor", board + "/rows/new", 200, []string{"加一项", "节点（完成或未完成）", "开展活动"}, nil},
			{"supervisor", board + "/rows/new?row=" + string(row), 200, []string{"修改"}, nil},
			{"center", board + "/rows/new", 403, nil, nil},
			{"supervisor", "/desk/progress/new", 200, []string{"city office"}, nil},
			{"supervisor", board + "?as=csv", 200, []string{"foreign center,开展活动,开展活动,2020-02-24,2020-03-04,20,,10,12,-2"}, nil},
			{"supervisor", "/desk/progress/321281-0000000000000000", 404, nil, nil},
			{"supervisor", "/desk/progress/nothing", 404, nil, nil},
			{"supervisor", "/desk/figures/activities_held?org=" + string(s.Center), 200, []string{"发督导单"}, nil},
			{"center", "/desk/figures/activities_held?org=" + string(s.Center), 200, nil, []string{"发督导单"}},
		} {
			s.get(c.who, c.path).is(c.code, c.says...).lacks(c.lacks...)
		}
		s.get("supervisor", "/desk/progress").is(200) // bars are attributes, never styles
		if a := s.get("supervisor", "/desk/progress"); strings.Contains(a.text, "style=") {
			t.Error("a style attribute, which the pages forbid")
		}
	})
}

func TestARowIsTypedAndMended(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		schedule, row, milestone := s.planned()
		board := "/desk/progress/" + string(schedule)
		typed := []string{"unit", "institute", "item", "服务时长", "indicator", "minutes", "from", "2020-02-24", "due", "2020-03-04", "target", "５0", "curve", "2020-02-26 40"}
		with := func(name, value string) []string {
			all := append([]string{}, typed...)
			for i := 0; i < len(all); i += 2 {
				if all[i] == name {
					all[i+1] = value
				}
			}
			return all
		}
		for name, c := range map[string][2]string{
			"unit": {"nobody", "没有找到这个单位"}, "item": {"", "名称应为 2 到 40 个字"}, "due": {"2020-02-01", "到期日期不能早于开始日期"},
			"target": {"0", "目标应为不小于 1"}, "curve": {"soon", "按日计划每行一个日期和百分比"},
		} {
			a := s.post("city", board+"/rows", with(name, c[0])...).is(422, c[1])
			if name != "item" && a.field("item") != "服务时长" {
				t.Errorf("wrong %s: what was typed is lost", name)
			}
		}
		s.post("center", board+"/rows", typed...).is(403)
		s.post("city", board+"/rows", typed...).to(board)
		s.reckon()
		s.get("city", board).is(200, "服务时长", "institute")
		s.post("city", board+"/rows/"+string(row)+"/remove").to(board)
		reach := board + "/rows/" + string(milestone)
		s.post("center", reach+"/reach", "day", "2020-02-30").is(422, "日期")
		s.post("center", reach+"/reach", "day", "2020-02-27", "note", "全员参加").to(reach)
		s.get("center", reach).is(200, "2月27日完成。", "全员参加", "撤销完成")
		s.post("city", reach+"/remove").is(409, "这一节点已登记为完成")
		s.post("center", reach+"/unreach").to(reach)
		s.post("city", board+"/close").to(board)
		s.post("city", board+"/rows", typed...).is(409, "这张进度表已停用")
		s.post("city", board+"/reopen").to(board)
	})
}

func TestADirectiveGoesItsWay(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.settle("supervisor", 11, auth.Grant{Org: s.City, Role: auth.Supervisor})
		_, row, _ := s.planned()
		form := s.get("supervisor", "/desk/guidance/new?row="+string(row)).is(200, "给center", "可按台账复算")
		typed := []string{"row", string(row), "seq", form.field("seq"), "asked", "请每天排出一场活动。", "reply_by", "2020-02-29T12:00", "act_by", "2020-03-03T18:00", "peer", string(s.Foreign)}
		s.post("supervisor", "/desk/guidance", append(typed[:5:5], "少")...).is(422, "请写 5 到 1,000 个字")
		s.post("center", "/desk/guidance", typed...).is(403, "只有上级单位")
		d := id.ID(s.post("supervisor", "/desk/guidance", append(typed, "do", "save")...).to("/desk/guidance/"))
		at := "/desk/guidance/" + string(d)
		s.get("center", at).is(404)
		s.get("supervisor", at).is(200, "草稿已存", "请每天排出一场活动。")
		s.post("supervisor", at+"/edit", append(typed, "rev", "1", "do", "issue")...).to(at)
		s.get("center", "/desk/guidance").is(200, "center 开展活动", "待签收")
		s.get("sibling", at).is(404)
		s.get("center", at).is(200, "请每天排出一场活动。", "foreign center", "签收")
		s.post("sibling", at+"/take").is(404)
		s.post("center", at+"/take", "rev", "3").to(at)
		s.post("center", at+"/reply", "rev", "3", "text", "每天一场").is(409, "别人刚办过这张督导单")
		s.post("center", at+"/reply", "rev", "4", "text", "做").is(422, "请写 5 到")
		s.post("center", at+"/reply", "rev", "4", "text", "周三周六各一场，专人负责。").to(at)
		s.post("center", at+"/act", "rev", "5", "text", "已经排好并发布。").to(at)
		s.reckon()
		s.get("supervisor", at).is(200, "待办结", "目前", "未见成效")
		s.post("supervisor", at+"/return", "rev", "6", "reason", "场次还不够多。", "act_by", "2020-03-05T18:00").to(at)
		s.post("center", at+"/act", "rev", "7", "text", "又加了三场活动。").to(at)
		s.post("center", at+"/close", "rev", "8", "text", "自己看着挺好。").is(403)
		s.post("supervisor", at+"/close", "rev", "8", "text", "场次已经排足。").to(at)
		s.reckon()
		s.get("center", at).is(200, "已办结", "未见成效", "场次已经排足。", "场次还不够多。")
		s.get("supervisor", "/desk/guidance?state=closed").is(200, "center 开展活动")
		s.get("supervisor", "/desk/figures/guidances_closed?org="+string(s.City)).is(200, "已办结督导单 1 件")
		s.post("supervisor", at+"/withdraw", "rev", "9", "why", "不再需要了。").is(409, "已办结")
	})
}

// A directive may begin from any figure of a unit; what is shown is what is kept.
func TestADirectiveFromAFigure(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.planned()
		look := "/desk/guidance/new?key=activities_held&org=" + string(s.Center)
		form := s.get("city", look).is(200, "给center", "开展活动")
		s.planned() // twelve more, after it was shown
		d := s.post("city", "/desk/guidance", "key", "activities_held", "org", form.field("org"), "from", form.field("from"), "to", form.field("to"), "seq", form.field("seq"),
			"asked", "请每天排出一场活动。", "reply_by", "2020-02-29T12:00", "act_by", "2020-03-03T18:00").to("/desk/guidance/")
		s.get("center", "/desk/guidance/"+d).is(200, "冻结于", "至台账第 "+form.field("seq")+" 笔")
		s.get("city", "/desk/guidance/new?key=nothing&org="+string(s.Center)).is(404)
		s.get("center", look).is(403)
	})
}

// upload sends a file with a form.
func (s *town) upload(who, path, name, text string) *answer {
	s.Helper()
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	w, err := form.CreateFormFile("file", name)
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if err != nil || form.Close() != nil {
		s.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Origin", "http://example.com")
	return s.send(who, r)
}

func TestAListIsShownBeforeItIsTaken(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		schedule, _, _ := s.planned()
		at := "/desk/progress/" + string(schedule) + "/import"
		s.get("city", at).is(200, "下载模板", "读取并预览")
		s.get("center", at).is(403)
		if a := s.get("city", "/desk/progress/"+string(schedule)+"/template"); a.code != 200 || !strings.HasPrefix(a.text, "PK") {
			t.Errorf("the template is no workbook: %d", a.code)
		}
		const head = "单位,事项,指标,开始日期,到期日期,目标,按日计划\n"
		s.post("city", at).is(422, "请选择文件")
		s.upload("city", at, "a.csv", "姓名,电话\n张三,1\n").is(422)
		s.upload("city", at, "a.csv", head+"station,服务时长,服务时长,2020-02-24,2020-03-04,100,\nnobody,服务时长,服务时长,2020-02-24,2020-03-04,百,\n").
			is(200, "共 2 行，其中 1 行需要改正", "没有找到这个单位", "目标应为不小于 1", "nobody").lacks("import/apply")
		a := s.upload("city", at, "a.csv", head+"station,服务时长,服务时长,2020-02-24,2020-03-04,100,\ncenter,开展活动,开展活动,2020-02-24,2020-03-04,40,2020-02-26 10\n").
			is(200, "共 2 行，没有发现问题", "导入 2 行")
		rows := html.UnescapeString(a.field("rows"))
		s.post("center", at+"/apply", "rows", rows).is(403)
		s.post("city", at+"/apply", "rows", "{").is(422)
		s.post("city", at+"/apply", "rows", rows).to("/desk/progress/" + string(schedule))
		s.get("city", "/desk/progress/"+string(schedule)+"?as=csv").is(200, "station,服务时长,服务时长,2020-02-24,2020-03-04,100,,50,0,50", "center,开展活动,开展活动,2020-02-24,2020-03-04,40,2020-02-26 10,14,0,14")
	})
}

// What waits for an organisation shows on its overview, what is overdue in red.
func TestDirectivesThatWaitAreNeeds(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		_, row, _ := s.planned()
		d := s.post("city", "/desk/guidance", "row", string(row), "asked", "请每天排出一场活动。", "reply_by", "2020-02-29T12:00", "act_by", "2020-03-03T18:00").to("/desk/guidance/")
		needs := func(at id.ID) (got string) {
			all, err := progresspages.Needs(s.Context(), &page.Site{DB: s.d}, page.Asked{Org: at, Lang: i18n.Chinese, Now: s.d.Now()})
			if err != nil {
				t.Fatal(err)
			}
			for _, n := range all {
				got += n.Title + map[bool]string{true: "!", false: ";"}[n.Hot]
			}
			return got
		}
		for _, step := range []struct {
			do           func()
			center, city string
		}{
			{func() {}, "1 张督导单待签收答复;", ""},
			{func() { s.clock.Add(48 * time.Hour) }, "1 张督导单待签收答复!", "1 张督导单逾期!"},
			{func() {
				s.post("center", "/desk/guidance/"+d+"/reply", "text", "周三周六各一场。").to("/desk/guidance/")
			}, "1 张督导单正在落实;", ""},
			{func() {
				s.post("center", "/desk/guidance/"+d+"/act", "text", "已经排好并发布。").to("/desk/guidance/")
			}, "", "1 张督导单待办结;"},
		} {
			step.do()
			if a, b := needs(s.Center), needs(s.City); a != step.center || b != step.city {
				t.Errorf("center %q, city %q; want %q, %q", a, b, step.center, step.city)
			}
		}
	})
}
