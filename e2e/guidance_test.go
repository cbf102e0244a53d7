package e2e

import (
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/ledger"
)

const center = "海陵区新时代文明实践中心"

// TestFromALaggardToAClosedDirective: the city's supervisor plans, sees who lags, and writes to it; the county takes, answers
// and acts; the same figure is measured again and the directive closed; and the guidance is a figure itself.
func TestFromALaggardToAClosedDirective(t *testing.T) {
	w := openTown(t)
	supervisor, county := w.hire("周文婷", "dudao", "泰州市文明办", auth.Supervisor), w.hire("许建国", "zhongxin", center, auth.Admin)

	supervisor.firstSignIn()
	plan(supervisor)
	supervisor.See("薄弱环节", center+" 登记志愿者", "开始以来一直没有记录", "差 9 人")
	supervisor.Click("发督导单")
	supervisor.See("给"+center, "冻结于 2月28日", "应达 9")
	supervisor.Accessible()
	supervisor.Fill("请做什么", "少")
	supervisor.Click("下发给" + center)
	supervisor.See("请写 5 到 1,000 个字")
	supervisor.Fill("请做什么", "请各所站三天内把愿意参加的居民登记上来。")
	supervisor.Click("下发给" + center)
	supervisor.See("督导单已下发给"+center, "待签收")

	county.firstSignIn()
	county.Open("/my/notices")
	county.Click("收到督导单")
	county.See("请各所站三天内", "泰州市文明办")
	county.Click("签收")
	county.See("待答复")
	county.Fill("整改计划", "每个所两名干部上门登记，三天完成。")
	county.ClickIn("整改计划", "答复")
	county.See("落实中")
	county.Accessible()

	w.Add(26 * time.Hour)
	for _, phone := range strings.Fields("13905260011 13905260012 13905260013 13905260014 13905260015 13905260016 13905260017 13905260018 13905260019 13905260020 13905260021 13905260022") {
		w.volunteer("沈玉兰", phone)
	}
	w.reckoned()
	county.signIn()
	county.Open("/desk/guidance")
	county.ClickIn(center, "登记志愿者")
	county.Fill("落实情况", "已登记十二名，名单已核对。")
	county.Click("报告已落实")
	county.See("待办结")

	supervisor.signIn()
	supervisor.Open("/desk/guidance?state=acted")
	supervisor.ClickIn(center, "登记志愿者")
	supervisor.See("目前", "有成效", "完成计划的 0%")
	supervisor.Fill("复核意见", "已赶上计划，继续保持。")
	supervisor.Click("办结")
	supervisor.See("已办结", "办结时", "有成效")
	supervisor.Accessible()

	w.reckoned()
	supervisor.Open("/desk/figures/guidances_with_effect")
	supervisor.See("见效督导单", "1")
	w.verifies()
}

// plan writes a schedule of one row through its pages.
func plan(p *worker) {
	p.Open("/desk/progress")
	p.See("还没有进度表")
	p.Click("新建进度表")
	p.Fill("名称", "志愿者登记")
	p.ClickIn("名称", "新建")
	p.See("请加上各单位的目标")
	p.Click("加一项")
	p.Fill("单位", "海陵")
	p.Fill("事项", "登记志愿者")
	p.Fill("指标", "注册志愿者")
	p.Fill("开始日期", "2020-02-20")
	p.Fill("到期日期", "2020-03-10")
	p.Fill("目标", "２０")
	p.ClickIn("目标", "保存")
	p.See("没有找到这个单位")
	p.Fill("单位", center)
	p.ClickIn("目标", "保存")
	p.See("已保存")
}

// reckoned waits until figures know all that has happened.
func (w *town) reckoned() {
	w.t.Helper()
	head, err := ledger.Book().Head(w.t.Context(), w.DB)
	if err == nil {
		err = w.Figures.Wait(w.t.Context(), head.Seq)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
