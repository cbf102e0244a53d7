package prose

import (
	"strings"
	"testing"

	"tongxin/internal/base/i18n"
)

// fromWord is what Word puts on the clipboard, with a script on top.
const fromWord = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">
<style><!-- p.MsoNormal {mso-style-parent:"";} --></style><xml><w:WordDocument></w:WordDocument></xml></head>
<body lang=ZH-CN><!--StartFragment-->
<p class=MsoTitle align=center><b><span lang=ZH-CN style='font-size:22.0pt'>致全市志愿者的<o:p></o:p></span></b></p>
<h1><span>一、有序<b>深入</b>基层</span></h1>
<p class=MsoNormal style='text-indent:32.0pt'><span>（一）强化组织发动</span></p>
<p class=MsoNormal onclick="alert(1)"><span style='font-family:仿宋'>1月28日，</span><b style='mso-bidi-font-weight:normal'>全市</b>&nbsp;行动<script>alert('x')</script>。</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>   </span></span><![endif]>口罩</p>
<p class=MsoListParagraph><span style='font-family:Symbol'>·</span>测温</p>
<table border=1><tr><td><p class=MsoNormal>单位</p></td><td colspan=2><p>场次</p></td></tr><tr><td>一站</td><td>1</td><td>2</td></tr></table>
<!--EndFragment--></body></html>`

// fromWeChat is an article as WeChat shows it.
const fromWeChat = `<div id="js_content" style="visibility: visible"><section data-tools="135编辑器"><section style="text-align:center"><p><strong><span style="color:#b00">守望相助</span></strong></p></section>
<section><p style="margin:0"><span>志愿者<span style="font-weight: bold">小组</span>在行动<br></span></p><p><img data-src="https://mmbiz.qpic.cn/x.png" src="data:image/png;base64,AA" onerror="steal()"></p>
<mp-common-profile></mp-common-profile><iframe class="video_iframe" src="https://v.qq.com/x"></iframe>
<ul><li><p>送菜</p></li><li>送药<ol><li>慢性病</li></ol></li></ul><blockquote><p>一个人的力量是有限的。</p></blockquote>
<p><a href="https://mp.weixin.qq.com/s?__biz=1&mid=2" onclick="x()">原文</a><a href="javascript:alert(1)">点我</a></p></section></section></div>`

func TestWhatIsPastedFromWordKeepsItsStructureAndNothingElse(t *testing.T) {
	doc, err := FromHTML(fromWord)
	if err != nil {
		t.Fatal(err)
	}
	same(t, doc, `<p><strong>致全市志愿者的</strong></p>
<h2 class="pr-h1"><span class="pr-n">一、</span>有序深入基层</h2>
<h3 class="pr-h2"><span class="pr-n">（一）</span>强化组织发动</h3>
<p>1月28日，<strong>全市</strong> 行动。</p>
<ul><li>口罩</li>
<li>测温</li>
</ul>
<div class="pr-table" tabindex="0"><table><tr><td>单位</td>
<td colspan="2">场次</td>
</tr>
<tr><td>一站</td>
<td>1</td>
<td>2</td>
</tr>
</table>
</div>
`)
}

func TestWhatIsPastedFromWeChatKeepsItsStructureAndNothingElse(t *testing.T) {
	doc, err := FromHTML(fromWeChat)
	if err != nil {
		t.Fatal(err)
	}
	same(t, doc, `<p><strong>守望相助</strong></p>
<p>志愿者<strong>小组</strong>在行动</p>
<ul><li>送菜</li>
<li>送药
<ol><li>慢性病</li>
</ol>
</li>
</ul>
<blockquote><p>一个人的力量是有限的。</p>
</blockquote>
<p><a href="https://mp.weixin.qq.com/s?__biz=1&amp;mid=2" rel="noopener nofollow">原文</a>点我</p>
`)
}

func same(t *testing.T, doc Node, want string) {
	t.Helper()
	got := doc.HTML(Page{Lang: i18n.Chinese})
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	for _, never := range []string{"script", "alert", "onclick", "onerror", "iframe", "style", "qpic"} {
		if strings.Contains(string(doc.JSON()), never) {
			t.Errorf("%s is still in %s", never, doc.JSON())
		}
	}
}
