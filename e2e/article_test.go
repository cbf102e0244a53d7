package e2e

import (
	"testing"
	"time"

	"tongxin/e2e/browser"
	"tongxin/internal/base/auth"
)

// TestAnArticleWithAFigureFromTheEditorToThePortal: a leader writes, puts a figure in, and
// submits; the tier above approves; everybody reads it.
func TestAnArticleWithAFigureFromTheEditorToThePortal(t *testing.T) {
	w := openTown(t)
	leader, reviewer := w.hire("程建宁", "duizhang", team, auth.Leader), w.hire("顾晓梅", "shenhe", institute, auth.Reviewer)
	leader.firstSignIn()
	leader.Open("/desk/articles")
	leader.Click("写稿")
	leader.Fill("标题", "老街口的一盏灯")
	leader.Click("开始写")
	leader.See("自动存稿已开启", "插入数字")

	leader.Press("本月开展活动")
	leader.Click("插入数字")
	leader.Fill("指标", "开展活动")
	leader.Click("开展活动")
	leader.See("看台账记录")
	leader.Click("0场")
	leader.Click("保存")
	leader.See("已保存", "老街口的一盏灯", "0场")
	leader.Accessible()
	leader.Click("送审")
	leader.See("已送审")

	w.Add(time.Minute)
	reviewer.firstSignIn()
	reviewer.Open("/desk/articles")
	reviewer.ClickIn("老街口的一盏灯", "老街口的一盏灯")
	reviewer.See("本月开展活动", "0场")
	reviewer.Click("通过")
	reviewer.See("已通过")

	ann := w.browser.Person(t, "ann", w.url, browser.Phone)
	ann.Open("/")
	ann.See("老街口的一盏灯")
	ann.Click("老街口的一盏灯")
	ann.See("本月开展活动")
	ann.Click("0场")
	ann.See("开展活动")
	w.verifies()
}
