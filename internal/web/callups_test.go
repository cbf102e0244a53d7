package web_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/callup"
)

// called is a square with somebody at the desk of each tier that call-ups go through.
type called struct {
	*square
	city, center *person
}

func inCalled(t *testing.T, body func(s *called)) {
	t.Helper()
	inSquare(t, func(q *square) {
		s := &called{square: q}
		callup.Handle(s.run)
		s.city, s.center = s.worker("city", s.Tree.City, auth.Admin), s.worker("center", s.Center, auth.Admin)
		body(s)
		checks, err := callup.Verify(s.ctx, s.d)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range checks {
			if c.Broken > 0 {
				t.Errorf("verify: %s: %v", c.Name, c.IDs)
			}
		}
		s.sound()
	})
}

// when is a moment as a form sends it.
func (s *called) when(in time.Duration) string {
	return s.clock.Now().Add(in).In(i18n.Zone()).Format("2006-01-02T15:04")
}

// form is a proper call-up as it is typed, with fields in the place of those.
func (s *called) form(other ...string) []string {
	fields := []string{"org", string(s.Tree.City), "title", "紧急招募守卡志愿者", "text", "请各地组织志愿者到卡口值守。", "answer_by", s.when(4 * time.Hour),
		"until", s.when(48 * time.Hour), "places_1", "5"}
	for i := 0; i+1 < len(other); i += 2 {
		at := -1
		for j := 0; j < len(fields); j += 2 {
			if fields[j] == other[i] {
				at = j
			}
		}
		if at < 0 {
			fields = append(fields, other[i], other[i+1])
		} else {
			fields[at+1] = other[i+1]
		}
	}
	return fields
}

var callKey = regexp.MustCompile(`\b(callups?|figure|notice)\.[a-z_]{2,}(\.[a-z_]+)*\b`)

// tells checks the words, and that no message key is shown.
func (s *called) tells(r *reply, code int, words ...string) *reply {
	s.Helper()
	r.says(code, words...)
	if key := callKey.FindString(r.words()); key != "" {
		s.Errorf("%s: shows the message key %s", r.request, key)
	}
	return r
}

// drafted is a call-up that was typed, with the centre as its receiver.
func (s *called) drafted(other ...string) (path string) {
	s.Helper()
	path = s.city.post("/desk/callups", s.form(other...)...).location
	if !strings.HasPrefix(path, "/desk/callups/") {
		s.Fatalf("the draft led to %q", path)
	}
	s.city.post(path+"/receivers", "receivers", string(s.Center), callup.QuotaField(s.Center, 1), "5").to(path + "#h-supply")
	return path
}

// sent is one that was issued and delivered.
func (s *called) sent(other ...string) (path string) {
	s.Helper()
	path = s.drafted(other...)
	s.city.post(path+"/issue", "confirm", "紧急招募守卡志愿者").to(path)
	s.jobs()
	return path
}

// receipt is where somebody finds the one call-up that came to her.
func (s *called) receipt(p *person) string {
	s.Helper()
	return p.get("/desk/callups").href("/desk/receipts/")
}

// TestWhatIsTypedAboutACallUpIsNotLost: what is wrong is said at its field, and the form has
// what was typed.
func TestWhatIsTypedAboutACallUpIsNotLost(t *testing.T) {
	inCalled(t, func(s *called) {
		s.tells(s.city.get("/desk/callups/new"), 200, "名额", "演练")
		for _, c := range []struct {
			field, typed string
			says         string
		}{
			{"places_1", "-1", "名额要是 1 到"},
			{"places_1", "很多", "整数"},
			{"places_1", "", "请至少填写一行名额"},
			{"answer_by", s.when(-time.Hour), "这个时间已经过去"},
			{"until", s.when(time.Hour), "报名截止要晚于签收截止"},
			{"title", "急", "请写 2 到 60 个字"},
			{"day_1", "2020-02-01", "日期已经过去"},
		} {
			r := s.tells(s.city.post("/desk/callups", s.form(c.field, c.typed)...), 422, c.says)
			if c.field != "title" {
				r.keeps("紧急招募守卡志愿者")
			}
			if c.typed != "" {
				r.keeps(c.typed)
			}
		}
		path := s.drafted()
		for _, c := range []struct{ quota, says string }{{"-1", "不能是负数"}, {"6", "第 1 行共分了 6 个，只有 5 个可分，多了 1 个"}, {"三", "整数"}} {
			s.tells(s.city.post(path+"/receivers", "receivers", string(s.Center), callup.QuotaField(s.Center, 1), c.quota), 422, c.says).keeps(c.quota)
		}
		s.tells(s.city.post(path+"/receivers", "receivers", string(s.Province), callup.QuotaField(s.Province, 1), "1"), 422, "“province office”是本单位或上级单位")
		s.tells(s.city.post(path+"/receivers"), 422, "请至少选一个接收单位")
		s.tells(s.city.post(path+"/receivers", "more", "没有的单位"), 422, "第 1 行")
		s.tells(s.city.post(path+"/issue", "confirm", "别的"), 422)
		if r := s.center.get(path); r.code != 403 && r.code != 404 {
			t.Errorf("the centre sees the city's draft: %d", r.code)
		}
	})
}

// TestACallUpThroughTheDesks: a call-up goes down three tiers over the pages, each of which says
// what there is to do; what cannot be is refused in words and keeps what was typed.
func TestACallUpThroughTheDesks(t *testing.T) {
	inCalled(t, func(s *called) {
		path := s.sent()
		s.tells(s.city.get(path), 200, "进行中", "center", "送达")
		s.tells(s.center.get("/desk/overview"), 200, "招募令待签收：1 份")
		center := s.receipt(s.center)
		s.tells(s.center.get(center), 200, "签收", "5")
		s.tells(s.city.get(path), 200, "已读")
		s.tells(s.center.post(center+"/acknowledge", "able_1", "-4"), 422, "不能是负数").keeps("-4")
		s.tells(s.center.post(center+"/forward", "receivers", string(s.Institute), callup.QuotaField(s.Institute, 1), "1"), 409, "请先签收")
		s.center.post(center+"/acknowledge", "able_1", "5").to(center)
		for _, c := range []struct {
			to          id.ID
			quota, says string
		}{
			{s.Institute, "6", "只有 5 个可分"}, {s.Institute, "-1", "不能是负数"}, {s.Tree.City, "1", "“city office”是本单位或上级单位，不能转发回去"},
			{s.Foreign, "1", "“foreign center”不在本单位辖区内"},
		} {
			r := s.tells(s.center.post(center+"/forward", "receivers", string(c.to), callup.QuotaField(c.to, 1), c.quota), 422, c.says)
			if c.to == s.Institute {
				r.keeps(c.quota)
			}
		}
		s.center.post(center+"/forward", "receivers", string(s.Institute), callup.QuotaField(s.Institute, 1), "4").to(center)
		s.jobs()
		s.tells(s.center.get(center), 200, "institute", "提醒")
		s.center.post(center + "/nudge").to(center)
		s.jobs()
		s.tells(s.institute.get("/my/notices"), 200, "提醒：institute还没有签收招募令")
		s.tells(s.city.get(path+"/units?silent=1"), 200, "institute", "提醒")
		institute := s.receipt(s.institute)
		s.institute.post(institute+"/acknowledge", "able_1", "4").to(institute)
		s.tells(s.institute.post(institute+"/report", "report", ""), 422, "请填写这一项")
		s.institute.post(institute+"/report", "report", "四人到位").to(institute)
		s.tells(s.institute.get(institute), 200, "四人到位")
		s.tells(s.institute.post(institute+"/report", "report", "再来一次"), 409, "已经报告过了")

		s.tells(s.city.post(path+"/edit", s.form("places_1", "3")...), 422, "已经分下去 5 个名额").keeps("3")
		s.city.post(path+"/edit", s.form("places_1", "9")...).to(path)
		s.jobs()
		s.tells(s.institute.get(institute), 200, "变更", "9")
		s.tells(s.institute.get("/my/notices"), 200, "有变更")
		s.tells(s.city.get(path), 200, "名额分配", "还可分 4", "已收到")
		for _, c := range []struct{ quota, says string }{{"4", "已经分给它 5 个名额，只能增加"}, {"10", "只有 9 个可分"}, {"五", "整数"}} {
			s.tells(s.city.post(path+"/receivers", "receivers", string(s.Center), callup.QuotaField(s.Center, 1), c.quota), 422, c.says).keeps(c.quota)
		}
		s.city.post(path+"/receivers", "receivers", string(s.Center), callup.QuotaField(s.Center, 1), "7", "receivers", string(s.Foreign),
			callup.QuotaField(s.Foreign, 1), "2").to(path)
		s.jobs()
		s.tells(s.city.get(path), 200, "已分配", "还可分 0", "foreign center")
		s.tells(s.center.get("/my/notices"), 200, "分给center的名额由 5 人增加到 7 人")
		s.center.post(center+"/forward", "receivers", string(s.Institute), callup.QuotaField(s.Institute, 1), "6").to(center)
		s.tells(s.institute.get("/my/notices"), 200, "由 4 人增加到 6 人")
		s.tells(s.city.post(path+"/close", "reason", ""), 422, "请填写这一项")
		s.tells(s.city.post(path+"/withdraw", "why", ""), 422, "请填写这一项")
		s.city.post(path+"/close", "reason", "人手已经够了").to(path)
		s.tells(s.city.get(path), 200, "已结束", "人手已经够了")
		s.tells(s.institute.post(institute+"/acknowledge", "able_1", "4"), 409, "这份招募令已经结束")
	})
}

// TestAVolunteerAnswersInOneStep: she is asked on her first page, says yes or no there, may take
// it back, and is told the truth where no place is free.
func TestAVolunteerAnswersInOneStep(t *testing.T) {
	inCalled(t, func(s *called) {
		one, two, three := s.volunteer("王小明"), s.volunteer("李小红"), s.volunteer("张小兰")
		x := s.shift(shiftPlan{places: 9})
		s.sent()
		center := s.receipt(s.center)
		s.center.post(center+"/acknowledge", "able_1", "1").to(center)
		s.center.post(center+"/forward", "receivers", string(s.Next), callup.QuotaField(s.Next, 1), "4").to(center)
		s.center.post(center+"/shifts", "shift", string(x.ID)).to(center)
		s.jobs()
		var asked []*person
		var spared *person
		for _, p := range []*person{one, two, three} {
			if strings.Contains(p.get("/").words(), "紧急招募守卡志愿者") && strings.Contains(p.get("/").words(), "这次不行") {
				asked = append(asked, p)
			} else {
				spared = p
			}
		}
		if len(asked) != 2 {
			t.Fatalf("%d were asked", len(asked))
		}
		first, second := asked[0], asked[1]
		s.tells(first.get("/"), 200, "参加", "这次不行", "不再询问此类")
		call := first.get("/callups").href("/callups/")
		s.tells(first.post(call+"/answer", "answer", "也许"), 422, "请选择一个答复")
		first.post(call+"/answer", "answer", "yes").to(call)
		s.tells(first.get(call), 200, "打扫楼道")
		second.post(call+"/answer", "answer", "yes").to(call)
		s.tells(second.get(call), 200, "候补中", "您前面还有 0 位")
		second.post(call + "/back").to(call)
		second.post(call+"/answer", "answer", "never").to(call)
		s.tells(second.get("/callups"), 200, "不再询问")
		second.post("/callups/again", "service", "0").to("/callups")
		s.tells(first.post(call+"/answer", "answer", "no"), 409, "您已经报名")
		s.tells(spared.get(call), 200, "紧急招募守卡志愿者", "参加")
		s.tells(spared.post(call+"/answer", "answer", "no"), 404)
		if u := s.browser().get(call); u.code != 200 || strings.Contains(u.words(), "王小明") {
			t.Errorf("to everybody: %d", u.code)
		}
		s.clock.Add(72 * time.Hour)
		s.jobs()
		if r := s.volunteer("赵小燕").get(call); r.code != 200 || strings.Contains(r.text, `value="yes"`) {
			t.Errorf("it is over, and may be answered: %d", r.code)
		}
	})
}

// TestADrillIsSeenByNoVolunteer: on no page of hers, and units are told that it is one.
func TestADrillIsSeenByNoVolunteer(t *testing.T) {
	inCalled(t, func(s *called) {
		she := s.volunteer("王小明")
		path := s.sent("drill", "true")
		center := s.receipt(s.center)
		s.tells(s.center.get(center), 200, "演练")
		s.tells(s.center.get("/my/notices"), 200, "演练：center收到招募令")
		s.center.post(center+"/acknowledge", "able_1", "5").to(center)
		s.jobs()
		for _, at := range []string{"/", "/callups", "/my/notices"} {
			if strings.Contains(she.get(at).words(), "守卡") {
				t.Errorf("she sees the drill on %s", at)
			}
		}
		s.tells(she.get(strings.TrimPrefix(path, "/desk")), 404)
		s.tells(s.city.get(path), 200, "演练")
	})
}

// TestAnAppealIsPublished: written, published once its title was typed, seen by everybody, and
// taken back with a reason that everybody sees.
func TestAnAppealIsPublished(t *testing.T) {
	inCalled(t, func(s *called) {
		s.tells(s.city.post("/desk/appeals", "org", string(s.Tree.City), "title", "", "text", "疫情就是命令。", "signed", "市文明办"), 422, "请填写这一项").keeps("市文明办")
		path := s.city.post("/desk/appeals", "org", string(s.Tree.City), "title", "众志成城倡议书", "text", "疫情就是命令。", "signed", "市文明办").location
		public := strings.TrimPrefix(path, "/desk")
		s.tells(s.browser().get(public), 404)
		s.tells(s.city.post(path+"/publish", "confirm", "别的"), 422)
		s.city.post(path+"/publish", "confirm", "众志成城倡议书").to(path)
		s.tells(s.browser().get(public), 200, "众志成城倡议书", "疫情就是命令。", "市文明办")
		s.tells(s.browser().get("/"), 200, "众志成城倡议书")
		s.tells(s.city.post(path+"/withdraw", "reason", ""), 422, "请填写这一项")
		s.city.post(path+"/withdraw", "reason", "已有新的倡议书").to(path)
		s.tells(s.browser().get(public), 200, "已有新的倡议书")
		if strings.Contains(s.browser().get("/").words(), "众志成城倡议书") {
			t.Error("it was taken back, and stands on everybody's first page")
		}
	})
}

// TestSilenceIsAmongWhatNeedsAHand: a call-up that waits for the reader's organisation, and the
// silence that lies on its desk, stand on the overview until somebody answers.
func TestSilenceIsAmongWhatNeedsAHand(t *testing.T) {
	inCalled(t, func(s *called) {
		s.sent()
		const mine, silent = "招募令待签收：1 份", "单位提醒后仍未签收：1 家"
		s.tells(s.center.get("/desk/overview"), 200, mine).lacks(silent)
		s.tells(s.city.get("/desk/overview"), 200).lacks(mine, silent)
		for range 2 {
			s.clock.Add(2*time.Hour + time.Minute)
			s.jobs()
		}
		s.back(s.city)
		s.tells(s.city.get("/desk/overview"), 200, silent).lacks(mine)
		s.back(s.center)
		center := s.receipt(s.center)
		s.center.post(center+"/acknowledge", "able_1", "5").to(center)
		s.tells(s.center.get("/desk/overview"), 200).lacks(mine)
		s.tells(s.city.get("/desk/overview"), 200).lacks(silent)
	})
}
