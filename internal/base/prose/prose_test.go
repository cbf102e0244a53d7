package prose

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
)

// sample has one of everything.
func sample() Node {
	return New(Doc,
		TitleOf("群众性精神文明建设", "助力疫情防控阻击战"),
		New(Lead, T("全市"), F(Figure{Key: "orgs_taking_part", Org: "321200-01jd3k8zq4w7c2xv", Form: "exact", D: 1394, Measure: "个"}), T("志愿服务组织参与。")),
		H(1, true, T("有序深入基层一线")),
		Point("强化组织发动。", T("1月28日发出倡议，"), F(Figure{Key: "volunteers_taking_part", Area: 321200000000, From: "2020-01-28", To: "2020-02-28", Form: "near", D: 500000, Measure: "名"}), T("志愿者投身。")),
		Point("深度参与防控。", T("共584处。")),
		H(1, true, T("重点关注特定人群")),
		Point("项目推进。", T("有序。")),
		List(EnumList, T("守路口。"), T("送物资。"), T("解心结。")),
		List(BulletList, T("口罩"), T("测温")),
		New(OrderedList, New(ListItem, P(T("先")), List(BulletList, T("内")))),
		New(Table, New(TableRow, New(TableHeader, P(T("单位"))), New(TableHeader, P(T("场次")))), New(TableRow, New(TableCell, P(T("一站"))), New(TableCell, P(T("12"))))),
		Node{Type: Picture, Attrs: &Attrs{Picture: "321200-01jd3k8zq4w7c2xv", Alt: "志愿者在卡口"}, Content: []Node{T("夜班")}},
		Node{Type: Quote, Attrs: &Attrs{Source: "市卫健委通报"}, Content: []Node{P(T("累计"), Said("36", "市卫健委通报"), T("例"))}},
		P(T("见", Strong), Node{Type: Text, Text: "网页", Marks: []Mark{{Link, &MarkAttrs{Href: "https://example.org/a?b=1&c=2"}}}}, New(HardBreak), T("完", Em)),
	)
}

func must(t *testing.T, n Node) Node {
	t.Helper()
	n, err := Checked(n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestADocumentReadAgainIsTheSame(t *testing.T) {
	doc := must(t, sample())
	again, err := Parse(doc.JSON())
	if err != nil || !reflect.DeepEqual(again, doc) {
		t.Fatalf("%v\n%s\n%s", err, doc.JSON(), again.JSON())
	}
}

func TestWhatTheSchemaRefuses(t *testing.T) {
	for want, doc := range map[string]string{
		"prose.not_a_document": `{"type":"paragraph"}`,
		"prose.unknown_part":   `{"type":"doc","content":[{"type":"script"}]}`,
		"prose.part_place":     `{"type":"doc","content":[{"type":"paragraph"},{"type":"title"}]}`,
		"prose.empty_part":     `{"type":"doc","content":[{"type":"bullet_list"}]}`,
		"prose.attributes":     `{"type":"doc","content":[{"type":"heading","attrs":{"level":9}}]}`,
		"prose.figure_wrong":   `{"type":"doc","content":[{"type":"paragraph","content":[{"type":"figure","attrs":{"key":"turns","form":"nearly"}}]}]}`,
		"prose.link":           `{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"link","attrs":{"href":"javascript:alert(1)"}}]}]}]}`,
		"prose.mark_place":     `{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"blink"}]}]}]}`,
		"prose.title_lines":    `{"type":"doc","content":[{"type":"title","content":[{"type":"hard_break"},{"type":"hard_break"}]}]}`,
		"prose.too_deep":       `{"type":"doc","content":[` + strings.Repeat(`{"type":"bullet_list","content":[{"type":"list_item","content":[{"type":"paragraph"},`, 12) + `{"type":"paragraph"}` + strings.Repeat(`]}]}`, 12) + `]}`,
		"prose.too_large":      strings.Repeat(" ", MaxBytes+1),
	} {
		_, err := Parse([]byte(doc))
		if fail.Key(err) != want {
			t.Errorf("%s: %v", want, err)
		}
		for _, lang := range []string{i18n.Chinese, i18n.English} {
			if i18n.T(lang, want) == want {
				t.Errorf("%s has no words in %s", want, lang)
			}
		}
	}
	if _, err := Parse([]byte(`{"type":"doc","onload":"x"}`)); fail.Key(err) != "prose.not_a_document" {
		t.Error("what nobody knows was let in:", err)
	}
}

func TestFortyThousandCharactersAndNotOneMore(t *testing.T) {
	long := strings.Repeat("字", MaxText)
	if doc, err := Checked(New(Doc, P(T(long)))); err != nil || doc.Length() != MaxText {
		t.Fatal(err)
	}
	_, err := Checked(New(Doc, P(T(long)), P(T("多"))))
	if fail.Key(err) != "prose.too_long" {
		t.Fatal(err)
	}
}

func TestNumbersOfHeadingsAndLists(t *testing.T) {
	got := must(t, sample()).Plain(i18n.Chinese, nil)
	for _, want := range []string{"一、有序深入基层一线\n", "（一）强化组织发动。1月28日", "（二）深度参与防控。", "二、重点关注", "（一）项目推进。", "一是守路口。\n二是送物资。\n三是解心结。", "• 口罩\n", "1. 先\n  • 内\n", "单位\t场次\n一站\t12\n", "[夜班]"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	for n, want := range map[int]string{1: "一", 10: "十", 11: "十一", 20: "二十", 35: "三十五", 99: "九十九", 100: "100"} {
		if got := numeral(i18n.Chinese, n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestHTMLIsEscapedAndOpensFigures(t *testing.T) {
	doc := must(t, New(Doc, TitleOf(`<script>"x"`), P(T("a<b>&"), F(Figure{Key: "turns", Form: "exact", D: 5})),
		Node{Type: Picture, Attrs: &Attrs{Picture: "321200-1", Alt: `"><img onerror=x>`}}))
	got := doc.HTML(Page{Lang: i18n.Chinese, Say: func(f Figure) Spoken { return Spoken{Text: "5<人次", Href: `/figures/turns?a="&b`, Note: "口径"} },
		Picture: func(id string) string { return "/pictures/" + id }})
	want := `<h1 class="pr-title">&lt;script&gt;&#34;x&#34;</h1>
<p>a&lt;b&gt;&amp;<a class="fg" href="/figures/turns?a=&#34;&amp;b" title="口径">5&lt;人次</a></p>
<figure><img src="/pictures/321200-1" alt="&#34;&gt;&lt;img onerror=x&gt;" loading="lazy"></figure>
`
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestLooseNumbersAreFound(t *testing.T) {
	doc := must(t, New(Doc, P(T("1月28日，第12期，COVID19，14:20，共1,394家、近50万人，占99.8%；"), Said("36例", "通报"), F(Figure{Key: "turns", Form: "exact", D: 5}), T("，另有７处")), H(1, true, T("守好584个卡口"))))
	var got []string
	for _, l := range doc.Unbound() {
		got = append(got, l.Digits)
	}
	if want := []string{"1,394", "50", "99.8", "７", "584"}; !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
}

func TestMarksLoseNothing(t *testing.T) {
	doc := must(t, sample())
	text := doc.ToMarks()
	again, err := FromMarks(text, doc)
	if err != nil || !reflect.DeepEqual(again, doc) {
		t.Fatalf("%v\n%s\n%s\n%s", err, text, doc.JSON(), again.JSON())
	}
	typed, err := FromMarks("# 一封信\n# 给志愿者\n\n> 导语\n\n==  第一节\n\n* 强化组织。发出倡议{{99}}。\n\n- 口罩\n- 测温\n\n+ 守\n+ 送\n\n正文**要紧**\n第二行\n\n> 引语", Node{})
	if err != nil {
		t.Fatal(err)
	}
	want := must(t, New(Doc, TitleOf("一封信", "给志愿者"), New(Lead, T("导语")), H(1, true, T("第一节")), Point("强化组织。", T("发出倡议{{99}}。")),
		List(BulletList, T("口罩"), T("测温")), List(EnumList, T("守"), T("送")), P(T("正文"), T("要紧", Strong), New(HardBreak), T("第二行")), New(Quote, P(T("引语")))))
	if !reflect.DeepEqual(typed, want) {
		t.Errorf("%s\n%s", typed.JSON(), want.JSON())
	}
}

func TestFiguresAreChangedOneByOne(t *testing.T) {
	doc := must(t, sample())
	frozen := doc.WithFigures(func(f Figure) Figure { f.Frozen = &Frozen{Value: f.D, Seq: 9}; return f })
	if all := frozen.Figures(); len(all) != 2 || all[1].Frozen == nil || all[1].Frozen.Value != 500000 {
		t.Errorf("%+v", all)
	}
	if doc.Figures()[0].Frozen != nil {
		t.Error("the document that was there before changed too")
	}
	var n Node
	if err := json.Unmarshal(frozen.JSON(), &n); err != nil || n.Figures()[0].Frozen.Seq != 9 {
		t.Error(err)
	}
}

func TestTwoTextsAreComparedLineByLine(t *testing.T) {
	before := New(Doc, P(T("甲")), P(T("乙")), P(T("丙")))
	after := New(Doc, P(T("甲")), P(T("丁")), P(T("丙")), P(T("戊")))
	want := []Change{{"甲", Same}, {"乙", Gone}, {"丁", Arrived}, {"丙", Same}, {"戊", Arrived}}
	if got := Compare(i18n.Chinese, before, after, nil); !reflect.DeepEqual(got, want) {
		t.Errorf("%v", got)
	}
}
