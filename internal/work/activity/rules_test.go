package activity

import (
	"slices"
	"strings"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/fail"
)

// full is an activity that says all that it must, but for its kind of service.
func full() Edit {
	return Edit{
		Title: "给不便出门的邻居送一次菜", Content: "居民列清单，我们代买，放在门口。", Place: "凤凰路 18 号 社区北门",
		Conditions: "能骑电动车", How: "在本页报名，或到社区服务台登记", Risks: "骑行安全、接触感染", Protection: "口罩、手套、志愿者保险",
		Contact: "0523-86880000", Signup: SignupOpen, Waitlist: true,
	}
}

var onePost = []Post{{PostIn: PostIn{Name: "采买", Places: 2}}}

func TestMissingNamesEachOfTheSeven(t *testing.T) {
	span := Span{Starts: 1, Ends: 2, Shifts: 1}
	if got := Missing(full(), onePost, span); got != nil {
		t.Errorf("a full one misses %v", got)
	}
	if got := Missing(Edit{}, nil, Span{}); !slices.Equal(got, Items()) {
		t.Errorf("an empty one misses %v", got)
	}
	for _, item := range Items() {
		in, posts, at := full(), onePost, span
		switch item {
		case Time:
			at = Span{}
		case Place:
			in.Place = ""
		case Content:
			in.Content = ""
		case Conditions:
			in.Conditions = ""
		case Numbers:
			posts = nil
		case How:
			in.How = ""
		case Risks:
			in.Risks = ""
		case Protection:
			in.Protection = ""
		}
		if got := Missing(in, posts, at); len(got) != 1 || got[0] != item {
			t.Errorf("without %s it misses %v", item, got)
		}
		f := fail.Fields(complete(in, posts, at, 0))
		if len(f) != 1 || f[0].Field != string(item) || f[0].Key != "activity.missing."+string(item) {
			t.Errorf("without %s: %v", item, f)
		}
	}
}

func TestSpan(t *testing.T) {
	for _, c := range []struct {
		span Span
		key  string
	}{
		{Span{10, 20, 1}, ""},
		{Span{1, 20, 1}, ""}, // running already
		{Span{20, 10, 1}, "activity.ends_before_start"},
		{Span{20, 20, 1}, "activity.ends_before_start"},
		{Span{1, 5, 1}, "activity.over"},
		{Span{0, 0, 0}, "activity.missing.time"},
	} {
		if key := fail.Key(complete(full(), onePost, c.span, 5)); key != c.key {
			t.Errorf("%+v: %q, want %q", c.span, key, c.key)
		}
	}
}

func TestTitles(t *testing.T) {
	for title, key := range map[string]string{
		"":                          "activity.missing.title",
		" \u3000\u200b":             "activity.missing.title",
		"菜":                         "activity.name_short",
		" 菜　":                       "activity.name_short",
		"送菜":                        "",
		"𠮷村":                        "",
		strings.Repeat("送", 40):     "",
		strings.Repeat("𠮷", 40):     "",
		strings.Repeat("送", 41):     "activity.name_long",
		strings.Repeat("𠮷", 41):     "activity.name_long",
		"第１２期　\t义务  宣传":             "",
		strings.Repeat("a b ", 10):  "",
		strings.Repeat("ab  ", 100): "activity.name_long",
	} {
		in := full()
		in.Title = title
		if got := fail.Key(in.normal().check()); got != key {
			t.Errorf("%q: %q, want %q", title, got, key)
		}
	}
	in := full()
	in.Title = "第１２期　\t义务  宣传"
	if got := in.normal().Title; got != "第12期 义务 宣传" {
		t.Errorf("tidied to %q", got)
	}
}

func TestTextsAreBounded(t *testing.T) {
	in := full()
	in.Content, in.Risks, in.Place, in.Signup = strings.Repeat("长", 2001), strings.Repeat("长", 501), strings.Repeat("长", 101), "lottery"
	var fields []string
	for _, f := range fail.Fields(in.check()) {
		fields = append(fields, f.Field)
	}
	if want := []string{"place", "content", "risks", "signup"}; !slices.Equal(fields, want) {
		t.Errorf("refused %v, want %v", fields, want)
	}
}

func TestContactIsNoPersonsNumber(t *testing.T) {
	for contact, key := range map[string]string{
		"": "", "0523-86880000": "", "社区服务台 0523-86880000 转 8012": "", "12345": "",
		"13812345678": "activity.contact_personal", "１３８ 1234 5678": "activity.contact_personal", "+86 138-1234-5678": "activity.contact_personal",
		strings.Repeat("1", 61): "activity.text_long",
	} {
		if got := fail.Key(checkContact(contact)); got != key {
			t.Errorf("%q: %q, want %q", contact, got, key)
		}
	}
}

func TestPosts(t *testing.T) {
	ok := PostIn{Name: "采买", Places: 3, StandbyPlaces: 1}
	for _, c := range []struct {
		name  string
		edit  func(*PostIn)
		risky bool
		field string
		key   string
	}{
		{"plain", func(*PostIn) {}, false, "", ""},
		{"one character", func(p *PostIn) { p.Name = "采" }, false, "name", "activity.name_short"},
		{"no name", func(p *PostIn) { p.Name = "" }, false, "name", "activity.missing.name"},
		{"no places", func(p *PostIn) { p.Places = 0 }, false, "places", "activity.number_range"},
		{"minus one place", func(p *PostIn) { p.Places = -1 }, false, "places", "activity.number_range"},
		{"too many places", func(p *PostIn) { p.Places = 10_001 }, false, "places", "activity.number_range"},
		{"minus one standby", func(p *PostIn) { p.StandbyPlaces = -1 }, false, "standby_places", "activity.number_range"},
		{"ages", func(p *PostIn) { p.MinAge, p.MaxAge = 16, 60 }, false, "", ""},
		{"ages crossed", func(p *PostIn) { p.MinAge, p.MaxAge = 60, 16 }, false, "max_age", "activity.ages_crossed"},
		{"age of the dead", func(p *PostIn) { p.MinAge = 121 }, false, "min_age", "activity.number_range"},
		{"children only", func(p *PostIn) { p.MaxAge = 17 }, false, "", ""},
		{"children only, risky post", func(p *PostIn) { p.MaxAge, p.Risky = 17, true }, false, "max_age", "activity.ages_risky"},
		{"children only, risky service", func(p *PostIn) { p.MaxAge = 17 }, true, "max_age", "activity.ages_risky"},
	} {
		in := ok
		c.edit(&in)
		err := in.normal().check(c.risky)
		f := fail.Fields(err)
		if fail.Key(err) != c.key || c.field != "" && (len(f) != 1 || f[0].Field != c.field) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func TestLeastAge(t *testing.T) {
	for _, c := range []struct {
		least       int64
		post, kind  bool
		want        int64
		description string
	}{
		{0, false, false, 0, "no limit"}, {14, false, false, 14, "its own"}, {14, true, false, 18, "risky post"},
		{0, false, true, 18, "risky service"}, {20, true, true, 20, "its own is higher"},
	} {
		if got := (PostIn{MinAge: c.least, Risky: c.post}).LeastAge(c.kind); got != c.want {
			t.Errorf("%s: %d, want %d", c.description, got, c.want)
		}
	}
}

func TestDiff(t *testing.T) {
	before := full()
	if d := Compare(before, before); d != nil {
		t.Errorf("nothing differs: %v", d)
	}
	after := before
	after.Place, after.Waitlist, after.Leader = "社区南门", false, "321281-0000000000000001"
	want := Diff{{"place", before.Place, "社区南门"}, {"waitlist", "yes", "no"}, {"leader", "", ""}}
	if d := Compare(before, after); !slices.Equal(d, want) {
		t.Errorf("diff = %v, want %v", d, want)
	}
	after = before
	after.Service, after.Campaign, after.Area = 1, 1, 1
	var fields []string
	for _, f := range fail.Fields(fixed(before, after)) {
		fields = append(fields, f.Field)
	}
	if !slices.Equal(fields, []string{"campaign", "service", "area"}) {
		t.Errorf("fixed: %v", fields)
	}
}

func TestBuiltinServices(t *testing.T) {
	all := builtin()
	seen := map[string]bool{}
	for _, b := range all {
		if seen[b[0]] || seen[b[1]] || b[0] == "" || b[1] == "" {
			t.Errorf("%q stands twice, or empty", b)
		}
		seen[b[0]], seen[b[1]] = true, true
	}
	for _, name := range []string{"志愿劝导", "义务宣传", "入户走访", "卡口执勤", "体温检测", "卫生清洁", "情感联络"} {
		if !slices.ContainsFunc(all[:7], func(b [2]string) bool { return b[1] == name }) {
			t.Errorf("%s is not among the first seven", name)
		}
	}
}

func TestSystemIsSpeltAsInSQL(t *testing.T) {
	if auth.SystemID != system {
		t.Errorf("SQL says %s, auth %s", system, auth.SystemID)
	}
}
