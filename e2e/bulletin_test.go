package e2e

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"tongxin/e2e/browser"
	"tongxin/internal/base/auth"
	"tongxin/internal/ledger"
)

// Offices of the town that make, check and receive a bulletin.
const (
	province = "江苏省文明办"
	city     = "泰州市文明办"
)

// holds posts that so many activities were held, and waits until figures know.
func (w *town) holds(n int) {
	w.t.Helper()
	for range n {
		w.held()
	}
	head, err := ledger.Book().Head(w.t.Context(), w.DB)
	if err == nil {
		err = w.Figures.Wait(w.t.Context(), head.Seq)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}

// TestABulletinFromADraftToItsReader: the program drafts, an editor writes and puts a figure in, two review, one signs;
// everybody opens a figure to its proof, a receiver reads and answers; one record more changes the next draft, and nothing of
// what was published.
func TestABulletinFromADraftToItsReader(t *testing.T) {
	w := openTown(t)
	w.holds(7)
	editor, signer := w.hire("程建宁", "bianji", city, auth.Editor), w.hire("顾晓梅", "qianfa", city, auth.Signer)
	second, reader := w.hire("何志远", "fushen", province, auth.Reviewer), w.hire("季云", "hailing", center, auth.Admin)

	editor.firstSignIn()
	issue := planned(editor, "1", "春日志愿行动")
	editor.Click("由台账起草")
	editor.See("海陵区新时代文明实践中心供稿", "开展志愿服务活动7次")
	text := editor.Path()
	writeMore(editor)
	editor.Click("采用")
	editor.See("采用")
	editor.Open(issue)
	editor.Fill("单个单位", center)
	editor.Click("保存送达范围")
	editor.Click("送审")
	editor.See("审核中")

	w.Add(time.Minute)
	for _, p := range []*worker{signer, second} {
		p.firstSignIn()
		p.Open(issue)
		p.Click("同意刊发")
		p.See("同意")
	}
	signer.Open(issue)
	signer.Fill("请输入“春日志愿行动”以确认", "春日志愿行动")
	signer.Click("签发")
	signer.See("已刊发")

	readAndProve(w, strings.Replace(issue, "/desk", "", 1))
	pdf(editor, strings.Replace(issue, "/desk", "", 1))
	answered(reader, editor, issue)

	w.holds(1)
	editor.Open(strings.Replace(issue, "/desk", "", 1))
	editor.See("开展志愿服务活动7次")
	planned(editor, "2", "春日志愿行动（续）")
	editor.Click("由台账起草")
	editor.See("开展志愿服务活动8次")
	if next := editor.Path(); next == text {
		t.Error("the next draft is the text of the last issue")
	}
	editor.Click("与上期对照")
	editor.See("7次", "8次")
	editor.Accessible()
	w.verifies("recount.activity.held") // made up here
}

// planned plans an issue and chooses the district for a text.
func planned(p *worker, number, theme string) (issue string) {
	p.Open("/desk/bulletins/new")
	p.Fill("期号", number)
	p.Fill("总期号", number)
	p.Fill("主题", theme)
	p.Click("保存")
	p.See("已策划")
	issue = p.Path()
	p.Fill("单位", center)
	return issue
}

// writeMore writes a sentence with a figure into a text that is open, in the editor.
func writeMore(p *worker) {
	p.Click("撰写")
	p.See("自动存稿已开启", "插入数字")
	p.Press("另外，全区今年开展活动")
	p.Click("插入数字")
	p.Fill("指标", "开展活动")
	p.Click("开展活动")
	p.See("看台账记录")
	p.Accessible()
	p.Click("7场")
	p.See("已存稿")
	p.Click("保存")
	p.See("全区今年开展活动", "7场")
	p.Click("修改记录")
	p.See("改动前")
	p.Click("改动前")
	p.See("新增", "恢复成这一版")
	p.Accessible()
	p.Open(strings.TrimSuffix(p.Path()[:strings.Index(p.Path(), "/history")], "/"))
}

// readAndProve: everybody reads the issue, and opens a figure to its proof.
func readAndProve(w *town, issue string) {
	ann := w.browser.Person(w.t, "ann", w.url, browser.Phone)
	ann.Open(issue)
	ann.See("第1期（总第1期）", "全区今年开展活动")
	ann.Click("7场")
	ann.See("开展活动", "与台账一致")
	ann.Accessible()
}

// pdf: the issue comes as PDF, printed by the browser of the machine.
func pdf(p *worker, issue string) {
	p.Open(issue + "/paper")
	p.See("生成 PDF")
	kind, content, err := p.Page.Fetch(issue + "/pdf")
	if err != nil || kind != "application/pdf" || !bytes.HasPrefix(content, []byte("%PDF-")) || len(content) < 5000 {
		p.w.t.Errorf("%s of %d bytes, %v: %.200s", kind, len(content), err, content)
	}
}

// answered: the district reads the issue and answers; the editor sees it.
func answered(reader, editor *worker, issue string) {
	reader.w.Add(time.Minute)
	reader.firstSignIn()
	reader.Open("/desk/overview")
	reader.See("1 期简报未签阅")
	reader.Open("/desk/bulletins")
	reader.Click("春日志愿行动")
	reader.Click("签阅")
	reader.See("已签阅")
	reader.Fill("答复内容", "已组织学习。")
	reader.Click("答复")
	reader.See("已答复")
	editor.Open(issue)
	editor.See("已签阅 1", "已组织学习。")
}
