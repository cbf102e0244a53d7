package web_test

import (
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/prose"
)

// lesson is an experience with a figure: as many activities as the centre held.
func (s *town) lesson(held int64, more ...prose.Node) string {
	doc := prose.New(prose.Doc, prose.TitleOf("三班轮转不断人"), prose.H(1, true, prose.T("主要做法")),
		prose.P(prose.T("按楼栋摸清能值夜的邻居，每组留一名候补在家待命，办了"), prose.F(prose.Figure{Key: "activities_held", Org: string(s.Center), Form: "exact", D: held, Measure: "场"}),
			prose.T("。")))
	doc.Content = append(doc.Content, more...)
	return string(doc.JSON())
}

// keeps checks that a field has what was typed.
func (a *answer) keeps(field, typed string) {
	a.Helper()
	if got := a.field(field); got != typed {
		a.Errorf("%s: %s has %q, typed was %q", a.request, field, got, typed)
	}
}

// flashes checks the message that waits for the next page.
func (a *answer) flashes(text string) {
	a.Helper()
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		b, _, _ := strings.Cut(c.Value, ".")
		if told, err := base64.RawURLEncoding.DecodeString(b); c.Name == "flash" && err == nil && strings.Contains(string(told), text) {
			return
		}
	}
	a.Errorf("%s: no message says %q", a.request, text)
}

// An experience is written by a station, commented and returned by the institute, written
// again, chosen, found, adopted by another, recommended, and taken into a bulletin.
func TestAnExperienceGoesItsWay(t *testing.T) {
	inTown(t, func(s *town) {
		s.press()
		s.hold(7)
		s.settle("other", 41, auth.Grant{Org: s.Foreign, Role: auth.Admin})
		s.get("station", "/desk/experiences").is(200, "没有找到经验", "写经验")
		s.post("sibling", "/desk/experiences/new", "org", string(s.Station), "theme", "门岗值守").is(403)
		s.post("station", "/desk/experiences/new", "org", string(s.Station), "theme", "").is(422, "请写 2 到 20 个字")
		from := strings.TrimSuffix(s.post("station", "/desk/experiences/new", "org", string(s.Station), "title", "三班轮转不断人", "theme", "门岗值守").to("/desk/experiences/"), "/edit")
		path := "/desk/experiences/" + from
		edit := path + "/edit"
		s.get("station", edit).is(200, "主要做法", "取得成效", "可供借鉴之处", "成效指标")
		s.get("sibling", path).is(404)

		// two who write at once; figures are checked
		in := []string{"theme", "门岗值守", "indicator", "activities_held", "doc", s.lesson(3)}
		rev := s.post("station", path+"/draft", append([]string{"rev", "1"}, in...)...).is(200).asJSON().Rev
		if told := s.post("station", path+"/draft", append([]string{"rev", "1"}, in...)...).is(409).asJSON(); !told.Conflict || rev != 2 {
			t.Errorf("%+v, rev %d", told, rev)
		}
		s.post("station", edit, "rev", "1", "theme", "门岗值守", "text", "# 另一篇\n\n我写的这段不能丢。").is(409, "别人刚保存过", "我写的这段不能丢")
		s.get("station", path).is(200, "草稿", "开展活动")
		s.post("station", path+"/submit").is(422, "第 1 个数字与现在的记录不符")
		in[5] = s.lesson(7)
		s.post("station", edit, append([]string{"rev", "2"}, in...)...).to(path)
		s.post("station", path+"/submit").to(path)
		s.get("station", edit).to(path)

		// above: commented, returned with a reason, and again
		s.get("institute", "/desk/experiences/ours").is(200, "等我处理", "三班轮转不断人")
		s.post("institute", path+"/comment", "text", "夜班的办法好").to(path)
		s.post("institute", path+"/return", "reason", "").is(422, "请写 2 到 500 个字")
		s.post("institute", path+"/return", "reason", "请写清怎么补位").to(path)
		s.get("station", path).is(200, "退回修改：请写清怎么补位", "夜班的办法好")
		in[5] = s.lesson(7, prose.P(prose.T("组长一个电话，候补十分钟到岗。")))
		s.post("station", edit, append([]string{"rev", "5"}, in...)...).to(path)
		s.post("station", path+"/submit").to(path)
		s.get("institute", path).is(200, "的文稿相比", "新增： 组长一个电话，候补十分钟到岗")
		s.get("institute", path+"?was=1").is(200, "的文稿相比", "修改记录", "报送稿")
		s.get("center", "/desk/experiences").lacks("三班轮转不断人")
		s.post("station", path+"/choose").is(403)
		s.post("institute", path+"/choose").to(path)

		// in the library, found, adopted, recommended
		for _, q := range []string{"", "?theme=门岗", "?of=station", "?indicator=activities_held"} {
			s.get("other", "/desk/experiences"+q).is(200, "三班轮转不断人")
		}
		s.get("other", "/desk/experiences?of=team").is(200, "没有找到经验")
		s.get("other", path+"?was=1").is(200, "三班轮转不断人").lacks("修改记录", "的文稿相比")
		s.post("other", "/desk/search", "q", "候补").is(200, "经验交流", "三班轮转不断人")
		s.get("", "/search?q=候补").is(200).lacks("三班轮转不断人")
		s.get("", "/search?q=候补&kind=experience").is(404)
		s.get("", path).to("/desk/sign-in")
		s.post("other", path+"/adopt", "org", string(s.Foreign), "note", "先在两个站试行").to(path)
		s.get("station", path).is(200, "先在两个站试行", "满一天后对比")
		again := s.post("other", path+"/adopt", "org", string(s.Foreign))
		again.to(path)
		again.flashes("这个单位已经登记过借鉴")
		s.post("institute", path+"/recommend").to(path)

		// into a bulletin
		issue := "/desk/bulletins/" + s.post("editor", "/desk/bulletins", "org", string(s.City), "name", "work bulletin", "number", "3", "total", "41",
			"day", "2020-02-28", "theme", "spring at work").to("/desk/bulletins/")
		s.get("editor", issue).is(200, "从经验库选用", "三班轮转不断人")
		s.post("editor", issue+"/experience").is(422, "请从列表中选择")
		text := s.post("editor", issue+"/experience", "experience", from).to("/desk/bulletin-texts/")
		s.get("editor", "/desk/bulletin-texts/"+text).is(200, "候补十分钟到岗", "7场")
		s.post("editor", issue+"/experience", "experience", from).is(409, "这篇经验已经在本期里")
	})
}

// A mention in the media is recorded with its source and day, counts, and is taken back.
func TestAMentionIsRecordedAndTakenBack(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		in := []string{"org", string(s.Center), "title", "夜里的灯", "source", "示例晚报", "day", "2020-02-20", "link", "https://example.com/a"}
		s.post("center", "/desk/mentions", append([]string{"link", "javascript:alert(1)"}, in[:8]...)...).is(422, "链接要以").keeps("title", "夜里的灯")
		s.post("center", "/desk/mentions", append([]string{"day", "2031-01-01"}, in[:6]...)...).is(422, "不能晚于今天").keeps("title", "夜里的灯")
		s.post("center", "/desk/mentions", in...).to("/desk/mentions")
		s.post("center", "/desk/mentions", in...).is(422, "这篇报道已经登记过")
		s.reckon()
		s.get("center", "/desk/figures/media_mentions?org="+string(s.Center)).is(200, "媒体报道")
		path := regexp.MustCompile(`/desk/mentions/[0-9a-z-]+`).FindString(s.get("center", "/desk/mentions").is(200, "夜里的灯", "示例晚报").text)
		s.get("sibling", path).is(404)
		s.post("center", path, "reason", "").is(422, "请写 2 到 500 个字")
		s.post("center", path, "reason", "报道的是别处").to("/desk/mentions")
		s.get("center", path).is(200, "已撤回", "报道的是别处")
	})
}
