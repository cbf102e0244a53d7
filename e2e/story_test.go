package e2e

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"tongxin/e2e/browser"
	"tongxin/internal/app"
)

// TestFromAnActivityPublishedToHoursServed: a team leader publishes, the institute reviews, a volunteer signs up, checks in by
// code and out, her hours appear; another forgot her phone, the leader tells her hours, a second person confirms them; and
// all that must hold of the database holds.
func TestFromAnActivityPublishedToHoursServed(t *testing.T) {
	w := openTown(t)
	leader, reviewer := w.hire("程建宁", "duizhang", team, "leader"), w.hire("顾晓梅", "shenhe", institute, "reviewer")
	ann, bo := w.volunteer("沈玉兰", "13905260001"), w.volunteer("陶春华", "13905260002")

	leader.firstSignIn()
	publish(leader)
	reviewer.firstSignIn()
	approve(reviewer)
	leader.Open("/desk/activities")
	leader.ClickIn(title, title)
	leader.See("招募中")

	w.Add(2 * time.Minute) // since their numbers last got a code
	signUp(ann, "13905260001")
	signUp(bo, "13905260002")

	morning := time.Date(2020, 2, 29, 8, 40, 0, 0, w.Now().Location())
	w.Set(morning)
	leader.signIn()
	shift := openDesk(leader)
	leader.See("本班名单", "还没到")
	checkIn(ann, codeShown(leader))

	w.Set(morning.Add(2*time.Hour + 25*time.Minute)) // 11:05
	leader.signIn()
	leader.Open(shift + "/desk")
	leader.Click("签退")
	leader.See("签退")
	checkOut(ann, shift, codeShown(leader))

	ann.Open("/my/hours")
	ann.See("2020年二月", "2 小时 25 分", "机录")

	tell(leader, shift)
	bo.Open("/my/hours")
	bo.See("这个月没有时长记录")
	confirm(reviewer)
	bo.Open("/my/hours")
	bo.See("2 小时", "复核")

	w.verifies()
}

const title = "春兰社区卫生整治"

// publish writes an activity with a post and a shift, and submits it.
func publish(p *worker) {
	p.Open("/desk/activities")
	p.Click("新建活动")
	p.Fill("活动名称", title)
	p.Fill("服务类别", "卫生清洁")
	p.Fill("集合地点", "春兰社区居委会门口")
	p.Fill("活动内容", "清理楼道和绿化带里的垃圾，约两小时。")
	p.Fill("参加条件", "身体健康")
	p.Fill("报名方式", "在本页报名")
	p.Fill("可能的风险", "地面湿滑，当心脚下")
	p.Fill("提供的保障", "手套、口罩、饮水")
	p.Click("保存")
	p.See("草稿已保存")

	p.Click("增加岗位")
	p.Fill("岗位名称", "清洁")
	p.Fill("A 岗人数", "２") // as a Chinese keyboard types it
	p.Click("保存")
	p.See("岗位“清洁”已保存")

	p.Click("去排班次")
	p.Fill("日期", "2020-02-29")
	p.Fill("开始", "09:00")
	p.Fill("结束", "11:00")
	p.Click("加班次")
	p.See("已加 1 个班次")

	p.Open("/desk/activities")
	p.ClickIn(title, title)
	p.Click("提交审核")
	p.See("已提交审核")
}

// approve finds it among what waits, and publishes it.
func approve(p *worker) {
	p.Open("/desk/reviews")
	p.See(title, team)
	p.ClickIn(title, title)
	p.See("清理楼道和绿化带里的垃圾", "地面湿滑，当心脚下")
	p.Click("通过并发布")
	p.See("已通过并发布")
}

// signUp goes from the first page to a place on the shift.
func signUp(p *browser.Person, phone string) {
	p.Open("/")
	p.See("可以报名的活动")
	p.Click(title)
	p.See(title, "09:00 – 11:00")
	p.Click("登录后报名")
	proveNumber(p, phone)
	p.See("选一个班次")
	p.Click("09:00 – 11:00")
	p.Click("报名")
	p.See("已报上")
}

// openDesk goes to the check-in desk of the shift and answers the shift's path.
func openDesk(p *worker) string {
	p.Open("/desk/shifts")
	p.ClickIn(title, "签到台")
	p.See("签到码")
	return regexp.MustCompile(`^/desk/shifts/[0-9a-z-]+`).FindString(p.Path())
}

// codeShown is the six digits that the desk shows now.
func codeShown(p *worker) string {
	return regexp.MustCompile(`\s`).ReplaceAllString(p.Find(`(?m)^(\d{3}\s*\d{3})$`), "")
}

// checkIn types the code where her first page asks for it; a wrong one first.
func checkIn(p *browser.Person, code string) {
	wrong := []byte(code)
	slices.Reverse(wrong)
	p.Open("/")
	p.See(title, "队长念给您的六位数")
	p.Fill("队长念给您的六位数", string(wrong))
	p.Click("签到")
	p.See("签到码不对")
	p.Fill("队长念给您的六位数", code)
	p.ClickIn("队长念给您的六位数", "签到")
	p.See("08:40 签到成功")
}

// checkOut opens what the QR code at the desk says.
func checkOut(p *browser.Person, shift, code string) {
	p.Open("/checkin?do=out&code=" + code + "&shift=" + shift[len("/desk/shifts/"):])
	p.See(title)
	p.ClickIn("六位签退码", "签退")
	p.See("11:05 签退成功")
}

// tell writes down the hours of somebody who was there and could not check in.
func tell(p *worker, shift string) {
	p.Open(shift)
	p.Click("补录时长")
	p.Fill("给谁补", "陶春华")
	p.Fill("到岗", "2020-02-29T09:00")
	p.Fill("离岗", "2020-02-29T11:00")
	p.Fill("为什么要补录", "手机没电，没能签到")
	p.Click("提交，等另一人确认")
	p.Open("/desk/hours")
	p.See("陶春华", "您填写的，等另一位同志确认")
}

// confirm is the second person's part.
func confirm(p *worker) {
	p.signIn()
	p.Open("/desk/hours")
	p.See("陶春华", "手机没电，没能签到", "程建宁")
	p.ClickIn("陶春华", "确认")
	p.See("已确认，时长记入台账")
}

// verifies fails where something that must hold of the database does not, read beside the running server.
func (w *town) verifies(but ...string) {
	w.t.Helper()
	d, err := app.Inspect(w.t.Context(), w.dsn)
	if err != nil {
		w.t.Fatal(err)
	}
	defer d.Close()
	checks, err := app.Verify(w.t.Context(), d)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range checks {
		if c.Broken > 0 && !slices.Contains(but, c.Name) {
			w.t.Errorf("verify: %s: %d of %d: %v", c.Name, c.Broken, c.Checked, c.IDs)
		}
	}
	if len(checks) < 20 {
		w.t.Errorf("verify makes %d checks", len(checks))
	}
}

// TestJoiningByPhoneInElderMode: somebody of eighty, on a phone, with large type: from the first page to a volunteer number.
func TestJoiningByPhoneInElderMode(t *testing.T) {
	w := openTown(t)
	p := w.browser.Person(t, "elder", w.url, browser.Phone)
	p.Open("/")
	p.Click("大字版")
	p.See("身边的事，一起来做")
	p.Accessible()
	p.Click("登记成为志愿者")
	proveNumber(p, "１３９ ０５２６ ０００３")
	p.See("您住在哪里")
	p.Click("海陵区")
	p.Click("城东街道")
	p.Click("春兰居委会")
	p.See("居住地：海陵区城东街道春兰居委会")
	p.Fill("姓名", "王")
	p.Fill("出生日期", "1940")
	p.Fill("类别", "退休人员")
	p.Click("登记")
	p.See("有 2 处需要改正", "姓名应为 2 到 40 个字", "请先看过说明并勾选同意")
	p.Accessible()
	p.Fill("姓名", "王·𠮷林")
	p.Fill("terms", "yes")
	p.Click("登记")
	p.See("登记好了，欢迎您")
	p.Open("/my")
	p.See("王·𠮷林")
	p.Find(`321202\d{6}|3212 02\d{2} \d{4}`)
	p.Accessible()
	w.verifies()
}
