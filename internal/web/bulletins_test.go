package web_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"html"
	"image"
	"image/jpeg"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/jobs"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// hold posts that the centre held activities.
func (s *town) hold(n int) {
	s.Helper()
	err := s.d.Write(s.Context(), func(tx *db.Tx) error {
		day := db.Day(tx.Now)
		at, err := org.PositionOn(s.Context(), tx, s.Center, day)
		for range n {
			if err == nil {
				err = ledger.Post(tx, ledger.Fact{Kind: activity.HeldFact, Day: day, Org: at, Unit: at, Area: int64(orgtest.CenterArea), Subject: tx.NewID("321281"),
					Qty: 1, Grade: ledger.Recorded, By: auth.SystemID})
			}
		}
		return err
	})
	if err != nil {
		s.Fatal(err)
	}
	s.reckon()
}

// press are the people who make a bulletin of the city.
func (s *town) press() {
	s.officials()
	s.settle("editor", 31, auth.Grant{Org: s.City, Role: auth.Editor})
	s.settle("signer", 32, auth.Grant{Org: s.City, Role: auth.Signer})
	s.settle("first", 33, auth.Grant{Org: s.City, Role: auth.Reviewer})
	s.settle("second", 34, auth.Grant{Org: s.Province, Role: auth.Reviewer})
}

// A bulletin is planned, drafted, edited, reviewed by two, published, read by everybody, each
// figure opened, and answered by a unit.
func TestABulletinGoesItsWay(t *testing.T) {
	inTown(t, func(s *town) {
		s.press()
		s.hold(7)
		plan := []string{"org", string(s.City), "name", "work bulletin", "number", "3", "total", "41", "day", "2020-02-28", "theme", "spring at work",
			"from", "2020-02-01", "to", "2020-02-29", "copy_to", "all counties"}
		s.get("editor", "/desk/bulletins/new").is(200, "策划一期", "期号")
		s.post("center", "/desk/bulletins", plan...).is(403)
		s.post("editor", "/desk/bulletins", append([]string{"theme", ""}, plan...)...).is(422, "请写 2 到 100 个字")
		issue := s.post("editor", "/desk/bulletins", plan...).to("/desk/bulletins/")
		desk := "/desk/bulletins/" + issue
		s.post("editor", "/desk/bulletins", plan...).is(422, "2020 年第 3 期已经有了")
		s.get("editor", desk).is(200, "编辑中", "还没有篇目", "这一期还没有篇目")
		s.post("editor", desk+"/submit").is(409, "这一期还没有篇目")

		text := s.post("editor", desk+"/add", "unit", string(s.Center), "how", "draft").to("/desk/bulletin-texts/")
		at := "/desk/bulletin-texts/" + text
		page := s.get("editor", at).is(200, "开展志愿服务活动 7次", "撰写中")
		s.get("sibling", at).is(404)
		if rev := page.field("rev"); rev != "1" {
			t.Errorf("revision %s", rev)
		}
		s.writesInTheEditor(at)
		s.post("editor", at+"/accept").to(desk)
		s.post("editor", desk+"/send", "group", "center", "single", "no such place").is(422, "没有叫“no such place”的单位", "no such place")
		s.post("editor", desk+"/send", "group", "center", "single", "team\n").to(desk)
		s.get("editor", desk).is(200, "team")
		s.post("editor", desk+"/submit").to(desk)
		s.post("editor", desk+"/agree").is(403)
		s.post("first", desk+"/agree", "text", "well said").to(desk)
		s.get("signer", desk).is(200, "审核中").lacks("签发后")
		s.post("second", desk+"/agree").to(desk)
		s.get("signer", desk).is(200, "待签发", "签发后")
		s.get("", "/bulletins/"+issue).is(404)
		s.post("signer", desk+"/publish", "confirm", "something").is(422)
		began := time.Now()
		s.post("signer", desk+"/publish", "confirm", "spring at work").to(desk)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("publishing took %v", took)
		}
		s.reckon()

		s.get("", "/bulletins").is(200, "spring at work")
		open := s.get("", "/bulletins/"+issue).is(200, "work bulletin", "第3期（总第41期）", "开展志愿服务活动 7次", "发：all counties")
		if !strings.Contains(open.text, `href="/bulletins/`+issue+`/figures/1"`) {
			t.Error("no figure opens")
		}
		s.get("", "/bulletins/"+issue+"/figures/1").is(200, "开展活动", "与台账一致", "7场")
		s.get("", "/bulletins/"+issue+"/figures/99").is(404)
		s.get("", "/bulletins/"+issue+"/paper").is(200, "生成 PDF")
		s.get("", "/bulletins/"+issue+"/text").is(200, "第3期")
		doc := s.get("", "/bulletins/"+issue+"/docx").is(200)
		if _, err := zip.NewReader(bytes.NewReader([]byte(doc.text)), int64(len(doc.text))); err != nil {
			t.Errorf("the document: %v", err)
		}
		t.Run("no chromium", func(t *testing.T) {
			t.Setenv("TONGXIN_CHROMIUM", "/nowhere/chromium")
			s.post("city", "/bulletins/"+issue+"/pdf").is(409, "没有安装 Chromium", "下载 Word")
		})

		runner := jobs.NewRunner(s.d)
		bulletin.Handle(runner)
		if err := runner.RunDue(s.Context()); err != nil {
			t.Fatal(err)
		}
		tray, err := bulletin.TrayOf(s.Context(), s.d, s.Center, 5)
		if err != nil || len(tray) != 1 {
			t.Fatalf("received: %v, %v", tray, err)
		}
		s.get("center", "/desk/overview").is(200, "1 期简报未签阅")
		letter := "/desk/bulletin-received/" + string(tray[0].ID)
		s.get("center", "/desk/bulletins").is(200, "未签阅", "spring at work")
		s.get("sibling", letter).is(403)
		s.post("center", letter+"/take").to(letter)
		s.post("center", letter+"/answer", "text", "x").is(422, "请写 2 到")
		s.post("center", letter+"/answer", "text", "we do likewise").to(letter)
		s.get("editor", desk).is(200, "已签阅 1", "we do likewise")

		s.hold(1)
		s.get("", "/bulletins/"+issue).is(200, "开展志愿服务活动 7次")
		next := s.post("editor", desk+"/correct", append([]string{"number", "4", "total", "42"}, plan...)...).to("/desk/bulletins/")
		page = s.get("editor", "/desk/bulletins/"+next).is(200, "数字不符", "原来的一期")
		again := "/desk/bulletin-texts/" + between(page.text, `href="/desk/bulletin-texts/`, `"`)
		s.get("editor", again).is(200, "“7次”（开展活动）不再成立")
		s.get("editor", again+"/compare").is(200, "开展志愿服务活动", "第3期")
		s.post("editor", again+"/accept").to("/desk/bulletins/")
		s.post("editor", "/desk/bulletins/"+next+"/submit").is(409, "“7次”（开展活动）与台账不符，现在应写作“8次”")
		s.post("editor", again+"/return", "reason", "a figure has moved").to("/desk/bulletins/")
		s.settle("both", 35, auth.Grant{Org: s.City, Role: auth.Editor}, auth.Grant{Org: s.City, Role: auth.Reviewer})
		s.post("both", again+"/respeak", "rev", s.get("both", again).field("rev")).to("/desk/bulletin-texts/")
		s.get("editor", again).is(200, "8次").lacks("“7次”（开展活动）不再成立")
		s.get("editor", again+"/compare").is(200, "删去： 广泛集结队伍。截至2月29日，全市开展志愿服务活动7次", "活动8次")
		s.post("center", again+"/handin").to("/desk/bulletins")
		s.post("editor", again+"/accept").to("/desk/bulletins/")
		s.post("editor", "/desk/bulletins/"+next+"/submit").to("/desk/bulletins/")
		s.post("both", "/desk/bulletins/"+next+"/agree").is(403, "您写过或编过这一期，不能由您审核")
	})
}

// writesInTheEditor: what one writes in the editor of a text, alone and with somebody else.
func (s *town) writesInTheEditor(at string) {
	s.Helper()
	s.get("editor", at+"/edit").is(200, "自动存稿已开启", "开展志愿服务活动")
	s.get("sibling", at+"/edit").is(404)
	drafted := prose.Node{}
	if err := json.Unmarshal([]byte(html.UnescapeString(between(s.get("editor", at+"/edit").text, `<textarea name="doc" hidden disabled aria-hidden="true">`, "</textarea>"))), &drafted); err != nil {
		s.Fatal(err)
	}
	photo := s.sendPicture("editor", at+"/pictures", photograph(s)).is(200).asJSON().ID
	if told := s.sendPicture("editor", at+"/pictures", sixtyMegapixels()).is(422).asJSON().Error; !strings.Contains(told, "最多 4,000 万像素") {
		s.Error(told)
	}
	s.get("center", "/pictures/"+photo).is(200)
	s.get("", "/pictures/"+photo).is(404)
	doc := drafted
	doc.Content = append(doc.Content, prose.P(prose.T("mine, and 12 more")), prose.Node{Type: prose.Picture, Attrs: &prose.Attrs{Picture: photo, Alt: "a lamp"}, Content: []prose.Node{prose.T("the lamp")}})
	if told := s.post("editor", at+"/draft", "rev", "1", "doc", string(doc.JSON())).is(200).asJSON(); told.Rev != 2 {
		s.Errorf("kept as %+v", told)
	}
	if told := s.post("center", at+"/draft", "rev", "1", "doc", string(drafted.JSON())).is(409).asJSON(); !told.Conflict {
		s.Errorf("the second is told %+v", told)
	}
	s.post("center", at+"/edit", "rev", "1", "text", "# theirs\n\nnothing of this is lost").is(409, "别人刚保存过", "nothing of this is lost", "mine, and 12 more")
	long := prose.New(prose.Doc, prose.P(prose.T(strings.Repeat("字", prose.MaxText+1))))
	s.post("editor", at+"/edit", "rev", "2", "doc", string(long.JSON())).is(422, "文稿有 40,001 字，最多 40,000 字", strings.Repeat("字", 2000))
	s.get("editor", at).is(200, "mine, and 12 more", "没有台账依据", "12")
	s.get("editor", at+"/history?n=1").is(200, "修改记录", "新增： mine, and 12 more", "恢复成这一版")
	s.get("editor", at+"/compare").is(200, "没有可对照的上一期")
	s.post("editor", at+"/restore", "rev", "1", "n", "1").is(409)
	s.post("editor", at+"/restore", "rev", "2", "n", "1").to("/desk/bulletin-texts/")
	s.get("editor", at).is(200, "开展志愿服务活动 7次").lacks("mine, and 12 more")
}

// photograph is a small picture.
func photograph(s *town) []byte {
	s.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 30, 20)), nil); err != nil {
		s.Fatal(err)
	}
	return b.Bytes()
}

func between(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}

// A template is seen with what it may name, kept, and refused with its line.
func TestATemplateOfDraftsIsEdited(t *testing.T) {
	inTown(t, func(s *town) {
		s.press()
		s.hold(2)
		s.get("editor", "/desk/bulletins/template").is(200, "上级或系统的模板", "{activities_held 量词}", "倡议书名称")
		s.get("first", "/desk/bulletins/template").is(403)
		s.post("editor", "/desk/bulletins/template", "org", string(s.City), "rev", "0", "text", "# a\n= b\n* c\n- {weather}").is(422, "第 4 行", "{weather}")
		s.post("editor", "/desk/bulletins/template", "org", string(s.City), "rev", "0", "text", "# a\n= b\n* c\n- {activities_held 回}").to("/desk/bulletins/template")
		s.get("editor", "/desk/bulletins/template").is(200, "{activities_held 回}").lacks("上级或系统的模板")
	})
}
