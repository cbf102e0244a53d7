package web_test

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"regexp"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/report"
)

// sendReport posts a form with an attachment.
func (s *town) sendReport(who, path, name, content string, pairs ...string) *answer {
	s.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := m.WriteField(pairs[i], pairs[i+1]); err != nil {
			s.Fatal(err)
		}
	}
	f, err := m.CreateFormFile("file", name)
	if err == nil {
		_, err = f.Write([]byte(content))
	}
	if err == nil {
		err = m.Close()
	}
	if err != nil {
		s.Fatal(err)
	}
	r := httptest.NewRequest("POST", path, &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	r.Header.Set("Origin", "http://example.com")
	return s.send(who, r)
}

func TestATotalIsWrittenReviewedAndOpened(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.reckon()
		form := []string{"org", string(s.Station), "key", "banquets_cancelled", "from", "2020-02-24", "to", "2020-02-28", "number", "２０００", "note", "by the committee"}
		s.get("station", "/desk/reports/new").is(200, "填报数字", "取消宴席")
		s.sendReport("station", "/desk/reports", "list.exe", "MZ", form...).is(422, "附件只收图片")
		s.post("sibling", "/desk/reports", form...).is(403)
		s.post("station", "/desk/reports", "org", string(s.Station), "key", "plays", "from", "2020-02-24", "to", "2020-02-28", "number", "1000000000000").is(422, "请核对是否多写了几位")
		at := s.sendReport("station", "/desk/reports", "list.txt", "%PDF-1.4", form...).to("/desk/reports/")
		s.get("station", "/desk/reports/"+at).is(200, "2,000 场", "待审核", "list.pdf").lacks("审核通过")
		file := s.get("station", "/desk/reports/"+at+"/file").is(200)
		if file.header.Get("Content-Type") != "application/pdf" || file.header.Get("X-Content-Type-Options") != "nosniff" ||
			!regexp.MustCompile("^attachment").MatchString(file.header.Get("Content-Disposition")) || !regexp.MustCompile("sandbox").MatchString(file.header.Get("Content-Security-Policy")) {
			t.Errorf("the attachment is given out as %v", file.header)
		}
		s.get("sibling", "/desk/reports/"+at).is(404)
		s.get("sibling", "/desk/reports/"+at+"/file").is(404)
		s.post("station", "/desk/reports/"+at+"/accept").is(403)
		s.get("institute", "/desk/reports").is(200, "待我审核", "取消宴席", "报送 1")
		s.post("institute", "/desk/reports/"+at+"/return", "reason", "x").is(422, "原因请写")
		s.post("institute", "/desk/reports/"+at+"/accept").to("/desk/reports")
		s.reckon()
		s.get("city", "/desk/figures/banquets_cancelled").is(200, "2,000 场")
		fixed := s.post("station", "/desk/reports/"+at+"/edit", "org", string(s.Station), "key", "banquets_cancelled", "from", "2020-02-24", "to", "2020-02-28", "number", "1800").to("/desk/reports/")
		s.post("institute", "/desk/reports/"+fixed+"/accept").to("/desk/reports")
		s.reckon()
		s.get("city", "/desk/figures/banquets_cancelled").is(200, "1,800 场")
		s.get("station", "/desk/reports/"+at).is(200, "已更正")
	})
}

func TestWhoIsMissingIsListedAndRemindedInOneStep(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.reckon()
		runner := jobs.NewRunner(s.d)
		report.Handle(runner)
		duty := []string{"org", string(s.City), "name", "daily report", "types", "station", "types", "team", "every", "once", "from", "2020-02-24", "to", "2020-02-27", "grace", "1", "clock", "18:00"}
		s.get("city", "/desk/duties/new").is(200, "哪些单位要报")
		s.post("station", "/desk/duties", duty...).is(403)
		s.post("city", "/desk/duties", "org", string(s.City), "name", "x", "every", "once", "from", "2020-02-24", "clock", "18:00").is(422, "名称请写", "请至少选择一类单位", "只报一次的")
		at := "/desk/duties/" + s.post("city", "/desk/duties", duty...).to("/desk/duties/")
		s.get("city", at).is(200, "还没有到期")
		if err := runner.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.reckon()
		s.get("city", at).is(200, "0/4 家已报", "报送率 0.0%", "sibling station", "foreign team", "未报 4")
		s.get("sibling", at).is(200, "0/1 家已报").lacks("foreign team", "提醒未报单位")
		mine := s.get("station", "/desk/reports").is(200, "daily report", "本期无活动", "报送 1")
		due := regexp.MustCompile(`/desk/dues/[^"]+/nothing`).FindString(mine.text)
		s.post("sibling", due).is(403)
		s.post("station", due).to("/desk/reports")
		s.reckon()
		s.get("station", "/desk/reports").is(200, "已报：本期无活动")
		page := s.get("city", at).is(200, "1/4 家已报", "25.0%").lacks(">station<")
		period := page.field("period")
		s.post("city", at+"/remind?period="+period, "period", period).to(at)
		if err := runner.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		s.get("city", at).is(200, "已提醒")
		s.get("city", "/desk/figures/reports_missing").is(200, "1/4 家已报（25.0%）", "应报")
		s.post("city", at+"/close").to(at)
		s.clock.Add(48 * time.Hour)
		s.get("city", "/desk/reports").is(200, "已停止", "1/4 家已报")
		s.settle("editor", 30, auth.Grant{Org: s.Station, Role: auth.Editor})
		s.get("editor", "/desk/reports").is(200, "已报：本期无活动")
	})
}
