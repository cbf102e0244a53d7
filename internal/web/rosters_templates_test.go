package web_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

func TestTemplatesOfRostersOnThePages(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地", papers: people.KindsOf(2)})
		plan := "/desk/activities/" + string(x.Activity.ID)
		s.leader.get("/desk/templates").says(200, "还没有班表模板")
		s.leader.get(plan+"/shifts").says(200, "存为模板").lacks("套用模板")

		// Kept: for the team; the station's administrator may keep it for the station.
		keeps := func(r *reply, typed ...string) {
			t.Helper()
			for _, v := range typed {
				if !strings.Contains(r.text, `value="`+v+`"`) {
					t.Errorf("%s: %q is lost", r.request, v)
				}
			}
		}
		keeps(s.leader.post(plan+"/templates", "name", "扫", "note", "带好手套").says(422, "模板名称要有 2 到 30 个字"), "扫", "带好手套")
		s.leader.post(plan+"/templates", "name", "扫楼道", "week", "2031-01-01").says(422, "没有班次可存")
		s.leader.post(plan+"/templates", "name", "扫楼道", "template_org", string(s.Station)).says(403)
		s.leader.post(plan+"/templates", "name", "扫楼道", "note", "带好手套").to(plan + "/shifts")
		s.leader.post(plan+"/templates", "name", "扫楼道").says(422, "替换同名模板")
		s.leader.post(plan+"/templates", "name", "扫楼道", "note", "带好手套和口罩", "replace", "true").to(plan + "/shifts")
		s.station.post(plan+"/templates", "name", "全站扫楼道", "template_org", string(s.Station), "week", x.Day).to(plan + "/shifts")
		s.foreign.post(plan+"/templates", "name", "别人的").says(403)

		list := s.leader.get("/desk/templates").says(200, "扫楼道", "带好手套和口罩", "全站扫楼道", "按周", "从第 1 天起")
		s.foreign.get("/desk/templates").says(200, "还没有班表模板")
		mine, theirs := s.templatePath(list.text, "扫楼道"), s.templatePath(list.text, "全站扫楼道")
		s.leader.get(mine).says(200, "第 1 天 14:00–16:00", "需持健康证", "修改模板", "停用模板")
		s.leader.get(theirs).says(200, "用模板新建活动").lacks("修改模板")
		s.foreign.get(mine).says(403)
		s.leader.post(theirs, "rev", "1", "name", "我的").says(403)

		// Changed: another shift, at night; what was typed stays when it is refused.
		slot := []string{"rev", "2", "name", "扫楼道", "note", "", "day_1", "1", "begins_1", "14:00", "ends_1", "16:00", "post_1", "0", "places_1", "2", "standbys_1", ""}
		keeps(s.leader.post(mine, append(slot, "day_2", "3", "begins_2", "22:00", "ends_2", "两点", "post_2", "0", "places_2", "4")...).says(422), "22:00", "两点")
		s.leader.post(mine, append(slot, "day_2", "3", "begins_2", "22:00", "ends_2", "21:00", "post_2", "0", "places_2", "4")...).says(422, "结束时间要晚于开始时间")
		s.leader.post(mine, append(slot, "day_2", "3", "begins_2", "22:00", "ends_2", "02:00", "post_2", "7", "places_2", "4")...).says(422, "第 2 个班次")
		s.leader.post(mine, append(slot, "day_2", "3", "begins_2", "22:00", "ends_2", "02:00", "post_2", "0", "places_2", "4")...).to(mine)
		s.leader.get(mine).says(200, "第 3 天 22:00–02:00")
		s.leader.post(mine, slot...).says(409, "刚才有人改过这个模板")

		// Made again: in the activity, and as another one.
		day := s.clock.Now().AddDate(0, 0, 20).Format(time.DateOnly)
		s.leader.post(plan+"/apply-template", "start_day", day).says(422, "请从列表中选择")
		s.leader.post(plan+"/apply-template", "template", mine[len("/desk/templates/"):], "start_day", "").says(422, "请选择从哪一天开始")
		s.leader.post(plan+"/apply-template", "template", mine[len("/desk/templates/"):], "start_day", day).to(plan + "/shifts")
		s.leader.post(plan+"/apply-template", "template", mine[len("/desk/templates/"):], "start_day", day).says(422, "没有可添加的班次")
		if all, err := roster.Of(s.ctx, s.d, x.Activity.ID); err != nil || len(all) != 3 {
			t.Errorf("%d shifts, %v", len(all), err)
		}
		s.leader.post(theirs+"/activities", "title", "", "org", string(s.Team), "start_day", day).says(422)
		s.leader.post(theirs+"/activities", "title", "再扫一次", "org", string(s.ForeignTeam), "start_day", day).says(403)
		made := s.leader.post(theirs+"/activities", "title", "再扫一次", "org", string(s.Team), "start_day", day)
		s.leader.get(made.location).says(200, "再扫一次", "需持健康证")

		// Out of use and back.
		s.leader.post(mine+"/retire", "retired", "true").to(mine)
		s.leader.get(mine).says(200, "这个模板已停用", "恢复模板").lacks("用模板新建活动")
		s.leader.post(plan+"/apply-template", "template", mine[len("/desk/templates/"):], "start_day", day).says(409, "这个模板已停用")
		s.leader.post(mine+"/retire", "retired", "false").to(mine)
		if all, err := roster.TemplatesFor(s.ctx, s.d, s.Team); err != nil || len(all) != 2 {
			t.Errorf("%d templates, %v", len(all), err)
		}
		s.sound()
	})
}

// templatePath finds the address of a template in the list by its name.
func (s *square) templatePath(list, name string) string {
	s.Helper()
	found := regexp.MustCompile(`href="(/desk/templates/[^"]+)">` + name + `<`).FindStringSubmatch(list)
	if found == nil {
		s.Fatal("no template " + name)
	}
	return found[1]
}
