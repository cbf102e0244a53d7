package e2e

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
)

// TestAnExperienceFromAStationToABulletin: a station writes an experience with a figure; the institute comments and returns
// it; it comes again, is chosen and recommended; another station adopts it; the city takes it into its bulletin.
func TestAnExperienceFromAStationToABulletin(t *testing.T) {
	w := openTown(t)
	w.write(w.anotherStation)
	writer, above := w.hire("程建宁", "zhan", "春兰社区新时代文明实践站", auth.Admin), w.hire("顾晓梅", "suo", institute, auth.Admin)
	other, editor := w.hire("许建国", "lin", station, auth.Admin), w.hire("周文婷", "bianji", "泰州市文明办", auth.Editor)

	writer.firstSignIn()
	writer.Open("/desk/experiences")
	writer.Click("写经验")
	writer.Fill("标题", "门岗三班轮转不断人")
	writer.Fill("主题", "门岗值守")
	writer.Click("开始写")
	writer.See("自动存稿已开启", "主要做法", "可供借鉴之处")
	writer.Press("先排后半夜再排白天，每组留一名候补在家，已开展活动")
	writer.Click("插入数字")
	writer.Fill("指标", "开展活动")
	writer.Click("开展活动")
	writer.Click("0场")
	writer.Fill("成效指标", "开展活动")
	writer.Click("保存")
	writer.See("已保存", "0场")
	writer.Accessible()
	writer.Click("报送上级")
	writer.See("已报送上级")

	above.firstSignIn()
	above.Open("/desk/experiences/ours")
	above.ClickIn("门岗三班轮转不断人", "门岗三班轮转不断人")
	above.Fill("点评", "夜里的办法好，想看看交接怎么做。")
	above.Click("发表点评")
	above.See("点评已发表", "想看看交接怎么做")
	above.Fill("退回原因", "请写清交接。")
	above.Click("退回修改")
	above.See("已退回修改")

	writer.Open("/desk/experiences/ours")
	writer.ClickIn("门岗三班轮转不断人", "门岗三班轮转不断人")
	writer.See("退回修改：请写清交接。")
	writer.Click("修改")
	writer.See("自动存稿已开启")
	writer.Press("，交接时当面念名单")
	writer.Click("保存")
	writer.See("交接时当面念名单")
	writer.Click("报送上级")
	writer.See("已报送上级")

	w.Add(time.Minute)
	above.Open("/desk/experiences/ours")
	above.ClickIn("门岗三班轮转不断人", "门岗三班轮转不断人")
	above.See("的文稿相比", "新增")
	above.Accessible()
	above.Click("选用，放入经验库")
	above.See("已选用，放入经验库")
	above.Click("向上一级推荐")
	above.See("已向上一级推荐")

	other.firstSignIn()
	other.Open("/desk/experiences?theme=门岗")
	other.Click("门岗三班轮转不断人")
	other.Fill("打算怎么做", "从今晚起每班加一名候补。")
	other.Click("我单位已借鉴")
	other.See("已登记借鉴", station, "从今晚起每班加一名候补")
	other.Accessible()

	editor.firstSignIn()
	editor.Open("/desk/bulletins/new")
	editor.Fill("主题", "互学互鉴")
	editor.Click("保存")
	editor.See("从经验库选用")
	editor.Click("选入本期")
	editor.See("门岗三班轮转不断人", "0场")
	w.verifies()
}
