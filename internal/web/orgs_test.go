package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/id"
)

const unknownOrg id.ID = "321281-0000000000000000"

// officials settles an administrator of each tier, a reviewer and somebody without a role.
func (s *town) officials() {
	s.settle("city", 1, auth.Grant{Org: s.City, Role: auth.Admin})
	s.settle("center", 2, auth.Grant{Org: s.Center, Role: auth.Admin})
	s.settle("institute", 3, auth.Grant{Org: s.Institute, Role: auth.Admin})
	s.settle("station", 4, auth.Grant{Org: s.Station, Role: auth.Admin})
	s.settle("sibling", 5, auth.Grant{Org: s.Sibling, Role: auth.Admin})
	s.settle("reviewer", 6, auth.Grant{Org: s.Station, Role: auth.Reviewer})
	s.settle("two", 7, auth.Grant{Org: s.Station, Role: auth.Admin}, auth.Grant{Org: s.Foreign, Role: auth.Admin})
	s.settle("auditor", 10, auth.Grant{Org: s.City, Role: auth.Auditor})
	s.settle("she", 8)
	s.settle("another", 9)
}

func TestOrganisationsForWhomTheyAre(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		for _, c := range []struct {
			who, path string
			on        id.ID
			code      int
			says      []string
			lacks     []string
		}{
			{"", "/orgs/*", s.Station, 200, []string{"station", "文明实践站", "江苏省 泰州市 兴化市 昭阳街道 水关居委会", "institute", "志愿服务队 1"}, []string{"/desk"}},
			{"", "/orgs/*", unknownOrg, 404, []string{"没有找到这个组织"}, nil},
			{"", "/orgs/nonsense", "", 404, []string{"没有找到"}, nil},
			{"", "/orgs/mine", "", 303, nil, nil},
			{"", "/desk/orgs", "", 303, nil, nil},
			{"she", "/desk/orgs", "", 403, []string{"不在您的职责范围内"}, nil},
			{"she", "/orgs/mine", "", 200, []string{"您还没有登记过组织", "登记组织"}, nil},

			{"center", "/desk/orgs", "", 200, []string{"center", "共 2 个组织", "institute", "next institute", "所 2", "昭阳街道"}, []string{"foreign", "station<"}},
			{"center", "/desk/orgs?below=true", "", 200, []string{"共 5 个组织", "sibling station", "team"}, []string{"foreign"}},
			{"center", "/desk/orgs?q=321281001001", "", 200, []string{"共 2 个组织", "station", "team"}, []string{"sibling station"}},
			{"center", "/desk/orgs?below=true&type=team", "", 200, []string{"共 1 个组织", "team"}, []string{"sibling station"}},
			{"center", "/desk/orgs?q=nobody", "", 200, []string{"没有找到相符的组织"}, nil},
			{"center", "/desk/orgs?at=*", s.Station, 200, []string{"station", "team", "新设下级"}, nil},
			{"center", "/desk/orgs?at=*", s.Team, 200, []string{"这里还没有组织"}, []string{"/desk/orgs/new"}},
			{"center", "/desk/orgs?at=*", s.Foreign, 403, []string{"没有管理这个组织的权限"}, []string{"foreign"}},
			{"center", "/desk/orgs?at=*", unknownOrg, 404, []string{"没有找到这个组织"}, nil},
			{"center", "/desk/orgs?at=x", "", 422, []string{"请从列表中选择"}, nil},
			{"center", "/desk/orgs?after=x", "", 422, []string{"没有这一页"}, nil},
			{"two", "/desk/orgs", "", 200, []string{"station", "foreign center", "team"}, nil},
			{"reviewer", "/desk/orgs", "", 200, []string{"station"}, []string{"新设下级"}},

			{"center", "/desk/orgs/*", s.Station, 200, []string{"station", "已通过", "321281001001", "2020年2月28日起", "准予免审", "撤销组织"}, nil},
			{"station", "/desk/orgs/*", s.Station, 200, []string{"修改资料"}, []string{"准予免审", "/close", "/rename"}},
			{"reviewer", "/desk/orgs/*", s.Station, 200, []string{"它的活动都要报上级审核"}, []string{"/edit"}},
			{"sibling", "/desk/orgs/*", s.Station, 403, []string{"没有管理这个组织的权限"}, []string{">station<"}},
			{"station", "/desk/orgs/*", s.Institute, 403, []string{"没有管理这个组织的权限"}, nil},
			{"center", "/desk/orgs/*", unknownOrg, 404, []string{"没有找到这个组织"}, nil},

			{"center", "/desk/orgs/new?under=*", s.Institute, 200, []string{"隶属于 institute", "文明实践站", "志愿服务队", "水关居委会"}, []string{`value="institute"`}},
			{"station", "/desk/orgs/new?under=*", s.Institute, 403, nil, nil},
			{"reviewer", "/desk/orgs/new?under=*", s.Station, 403, []string{"不在您的职责范围内"}, nil},
			{"center", "/desk/orgs/new", "", 404, []string{"没有找到这个组织"}, nil},
			{"station", "/desk/orgs/pending", "", 200, []string{"没有待审核的登记"}, nil},

			{"she", "/orgs/register", "", 200, []string{"属于哪里"}, nil},
			{"she", "/orgs/register?q=昭阳", "", 200, []string{"institute", "station", "sibling station"}, []string{"next institute"}},
			{"she", "/orgs/register?q=没有的地方", "", 200, []string{"没有找到相符的组织"}, nil},
			{"she", "/orgs/register?under=*", s.Station, 200, []string{"隶属于 station", "志愿服务队", "联系电话"}, []string{`value="point"`}},
			{"she", "/orgs/register?under=*", s.Team, 404, nil, nil},
		} {
			a := s.get(c.who, at(c.path, c.on)).is(c.code, c.says...).lacks(c.lacks...)
			if c.code == 200 && strings.Count(a.text, "<h1") != 1 {
				s.Errorf("%s: not one heading", a.request)
			}
		}
	})
}

func TestARegistrationOnPages(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		form := []string{"under", string(s.Station), "kind", "team", "name", " 红马甲　志愿队 ", "area", "321281001001", "phone", "１３８ ００００-1234", "about", "帮老人买菜"}
		mine := s.post("she", "/orgs/register", form...).to("/orgs/mine/")
		if again := s.post("she", "/orgs/register", form...).to("/orgs/mine/"); again != mine {
			s.Errorf("sent again it is another one: %s, %s", mine, again)
		}
		s.get("she", "/orgs/mine").is(200, "红马甲 志愿队", "待审核", "共 1 个组织")
		s.get("she", "/orgs/mine/"+mine).is(200, "待审核", "由 station 审核", "还剩 24 小时", "13800001234", "撤回登记")
		s.get("another", "/orgs/mine/"+mine).is(404, "没有找到这个组织").lacks("红马甲")
		s.get("", "/orgs/"+mine).is(404).lacks("红马甲")

		s.get("station", "/desk/orgs/pending").is(200, "红马甲 志愿队", "申请隶属于 station", "还剩 24 小时")
		s.get("institute", "/desk/orgs/pending").is(200, "没有待审核的登记")
		s.get("station", "/desk/orgs/"+mine).is(200, "登记审核", "帮老人买菜").lacks("1380000")
		s.get("auditor", "/desk/orgs/"+mine).is(200, "待审核").lacks("/contact", "/approve", "登记审核")
		s.post("auditor", "/desk/orgs/"+mine+"/contact", "purpose", "核实登记信息").is(403)
		s.post("station", "/desk/orgs/"+mine+"/contact", "purpose", " ").is(422, "请写明查看的用途").lacks("1380000")
		s.post("station", "/desk/orgs/"+mine+"/contact", "purpose", "核实登记信息").is(200, "13800001234", "已记入审计日志")
		s.get("station", "/desk/orgs/"+mine).is(200).lacks("1380000")
		s.post("sibling", "/desk/orgs/"+mine+"/contact", "purpose", "核实登记信息").is(403).lacks("1380000")

		s.post("station", "/desk/orgs/"+mine+"/return", "reason", "").is(422, "请写明理由")
		s.post("station", "/desk/orgs/"+mine+"/return", "reason", "请写明人数").to("/desk/orgs/pending")
		s.post("station", "/desk/orgs/"+mine+"/approve").is(409, "不在待审核状态")
		back := s.get("she", "/orgs/mine/"+mine).is(200, "已退回", "请写明人数", "重新提交")
		form[9] = "13800001234"
		form[11] = "帮老人买菜，12 人"
		s.post("she", "/orgs/mine/"+mine, append(form, "rev", "1")...).is(409, "刚被别人改动过")
		s.post("she", "/orgs/mine/"+mine, append(form, "rev", back.field("rev"))...).to("/orgs/mine/" + mine)
		s.clock.Add(25 * time.Hour)
		s.get("institute", "/desk/orgs/pending").is(200, "红马甲 志愿队", "已超时 1 小时", "应由 station 审核")
		s.post("reviewer", "/desk/orgs/"+mine+"/approve").to("/desk/orgs/pending")
		s.get("she", "/orgs/mine/"+mine).is(200, "已通过", "2020年2月29日", "看公开页面")
		s.get("", "/orgs/"+mine).is(200, "红马甲 志愿队", "志愿服务队", "station").lacks("1380000")
	})
}

func TestNobodyDecidesOnHerOwn(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		mine := s.post("station", "/orgs/register", "under", string(s.Station), "kind", "team", "name", "红马甲志愿队", "phone", "96111").to("/orgs/mine/")
		s.get("station", "/desk/orgs/"+mine).is(200, "自己提交的事项要由另一位同志审核").lacks("/approve")
		s.post("station", "/desk/orgs/"+mine+"/approve").is(403, "自己提交的事项要由另一位同志审核")
		s.post("station", "/orgs/mine/"+mine+"/withdraw").to("/orgs/mine")
		s.get("station", "/orgs/mine/"+mine).is(200, "已撤销")
		s.post("station", "/orgs/mine/"+mine+"/withdraw").is(409)
	})
}

// Bad input at a form: what is wrong stands at the field, and what was typed stays.
func TestWhatIsWrongWithAnOrganisationIsSaidAtTheField(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		long := strings.Repeat("𠮷", 40)
		for _, c := range []struct {
			what string
			form []string
			code int
			says []string
		}{
			{"a name of one character", []string{"kind", "team", "name", "队"}, 422, []string{"名称至少 2 个字"}},
			{"a name of one character beyond the BMP", []string{"kind", "team", "name", "𠮷"}, 422, []string{"名称至少 2 个字"}},
			{"a name of 41 characters", []string{"kind", "team", "name", long + "𠮷"}, 422, []string{"名称最多 40 个字，现在是 41 个字"}},
			{"a name of 40 characters beyond the BMP", []string{"kind", "team", "name", long}, 303, nil},
			{"full-width digits in a name", []string{"kind", "team", "name", "第１２小队"}, 303, nil},
			{"a name that is taken", []string{"kind", "team", "name", "第12小队"}, 422, []string{"已有同类型、同名称的组织"}},
			{"only signs", []string{"kind", "team", "name", "——！！"}, 422, []string{"不能只是数字或符号"}},
			{"no name", []string{"kind", "team"}, 422, []string{"请填写名称"}},
			{"no kind", []string{"name", "志愿服务队"}, 422, []string{"请选择组织类型"}},
			{"an unknown kind", []string{"kind", "club", "name", "志愿服务队"}, 422, []string{"请选择组织类型"}},
			{"a tier that has no place there", []string{"kind", "center", "name", "某中心", "area", "321281000000"}, 422, []string{"层级不符"}},
			{"a place outside", []string{"kind", "team", "name", "志愿服务队", "area", "321282000000"}, 422, []string{"不在上级组织的辖区内"}},
			{"a place that is no number", []string{"kind", "team", "name", "志愿服务队", "area", "昭阳"}, 422, []string{"请填整数"}},
			{"a wrong credit code", []string{"kind", "unit", "name", "供电公司", "credit_code", "91350100M000100Y44"}, 422, []string{"信用代码"}},
			{"a credit code in full width", []string{"kind", "unit", "name", "供电公司", "credit_code", "９１３５０１００Ｍ０００１００Ｙ４３"}, 303, nil},
			{"a credit code again", []string{"kind", "unit", "name", "供电二公司", "credit_code", "91350100m000100y43"}, 422, []string{"已有组织使用这个统一社会信用代码登记"}},
			{"a text too long", []string{"kind", "team", "name", "志愿服务队", "about", strings.Repeat("字", 501)}, 422, []string{"最多 500 个字，现在是 501 个字"}},
			{"two at once", []string{"kind", "team", "name", "队", "address", strings.Repeat("路", 101)}, 422, []string{"有 2 处需要改正", "名称至少 2 个字", "最多 100 个字"}},
		} {
			a := s.post("institute", "/desk/orgs/new", append(c.form, "under", string(s.Institute))...)
			a.is(c.code, c.says...)
			for i := 0; c.code == 422 && i+1 < len(c.form); i += 2 {
				if name, typed := c.form[i], c.form[i+1]; (name == "name" || name == "credit_code" || name == "address") && a.field(name) != typed {
					s.Errorf("%s: %s was typed and %q is left", c.what, name, a.field(name))
				}
			}
			if t := a.text; c.code == 422 && !strings.Contains(t, `aria-invalid="true"`) && !strings.Contains(t, `class="err"`) && !strings.Contains(t, "层级不符") {
				s.Errorf("%s: no field says what is wrong", c.what)
			}
		}
		s.post("sibling", "/desk/orgs/new", "under", string(s.Station), "kind", "team", "name", "别站的队").is(403, "没有管理这个组织的权限")
		s.post("institute", "/desk/orgs/new", "under", string(unknownOrg), "kind", "team", "name", "无主的队").is(404, "没有找到这个组织")
		s.post("she", "/orgs/register", "under", string(s.Station), "kind", "team", "name", "红马甲志愿队", "phone", "1234").is(422, "电话")
		s.post("she", "/orgs/register", "under", string(s.Station), "kind", "point", "name", "广场实践点", "phone", "96111").is(422, "不能自行登记")
	})
}

// A form that is sent twice founds once, and the second sender sees the same page.
func TestAFormSentTwiceFoundsOnce(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		key := s.get("institute", at("/desk/orgs/new?under=*", s.Institute)).field("_key")
		form := []string{"_key", key, "under", string(s.Institute), "kind", "team", "name", "红马甲志愿队"}
		first := s.post("institute", "/desk/orgs/new", form...).to("/desk/orgs/")
		second := s.post("institute", "/desk/orgs/new", form...).to("/desk/orgs/")
		if first != second {
			s.Errorf("founded twice: %s, %s", first, second)
		}
		form[1] = "another key"
		s.post("institute", "/desk/orgs/new", form...).is(422, "已有同类型、同名称的组织")
	})
}

func TestSteeringAnOrganisation(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		path := "/desk/orgs/" + string(s.Team)

		edit := s.get("station", path+"/edit").is(200, "统一社会信用代码")
		s.post("station", path+"/edit", "rev", "99", "address", "水关路 1 号").is(409, "刚被别人改动过")
		s.post("station", path+"/edit", "rev", edit.field("rev"), "address", "水关路１号", "phone", "0523-86991234").to(path)
		s.get("station", path).is(200, "水关路1号").lacks("86991234")

		s.post("station", path+"/rename", "rev", s.get("station", path+"/rename").field("rev"), "name", "邻里守望队").to(path)
		s.get("station", path).is(200, "邻里守望队", "隶属沿革")
		s.post("sibling", path+"/rename", "rev", "1", "name", "别人的队").is(403)

		s.post("station", path+"/trust").to(path)
		s.get("station", path).is(200, "提交即发布", "取消免审")
		s.get("institute", "/desk/orgs?at="+string(s.Station)).is(200, "免审")
		s.post("station", path+"/untrust").to(path)

		s.get("institute", path+"/move").is(200, "sibling station", "请输入“邻里守望队”以确认").lacks(">next institute<")
		s.get("institute", path+"/move?q=next").is(200, "没有可以选择的上级")
		s.get("center", path+"/move?q=next").is(200, "next institute", "province office / city office / center")
		s.post("institute", path+"/move", "parent", string(s.Sibling), "confirm", "邻里").is(422, "与名称不一致")
		s.post("institute", path+"/move", "confirm", "邻里守望队").is(404, "没有找到这个组织")
		s.post("institute", path+"/move", "parent", string(s.Foreign), "confirm", "邻里守望队").is(403)
		s.post("institute", path+"/move", "parent", string(s.Team), "confirm", "邻里守望队").is(422, "不能把组织调整到它自己的下级")
		s.post("institute", path+"/move", "parent", string(s.Sibling), "confirm", " 邻里守望队 ").to(path)
		s.get("station", path).is(403)
		s.get("sibling", path).is(200, "station", "sibling station", "2020年2月28日 至 2020年2月28日")

		s.post("institute", "/desk/orgs/"+string(s.Sibling)+"/close", "reason", "撤并", "confirm", "sibling station").is(409, "下面还有 1 个组织")
		s.get("sibling", path+"/close").is(200, "此操作不能恢复")
		s.post("sibling", path+"/close", "reason", "", "confirm", "邻里守望队").is(422, "请写明理由")
		s.post("sibling", path+"/close", "reason", "队员不足", "confirm", "邻里守望队").to(path)
		s.get("sibling", path).is(200, "已撤销", "队员不足").lacks("/edit", "/trust")
		s.get("", "/orgs/"+string(s.Team)).is(200, "这个组织已经撤销")
		s.post("sibling", path+"/edit", "rev", "1").is(409, "已经撤销")
	})
}

func TestAnOrganisationIsMergedAtTheDesk(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.post("station", "/desk/orgs/new", "under", string(s.Station), "kind", "team", "name", "晨光队").to("/desk/orgs/")
		path := "/desk/orgs/" + string(s.Team)
		s.get("sibling", path+"/merge").is(403)
		a := s.get("station", path+"/merge").is(200, "晨光队", "此操作不能恢复").lacks("sibling station")
		_, rest, _ := strings.Cut(a.text, `name="into" value="`)
		heir, _, _ := strings.Cut(rest, `"`)
		s.post("station", path+"/merge", "into", heir, "reason", "两队合并", "confirm", "别的队").is(422, "两队合并")
		s.post("station", path+"/merge", "into", heir, "reason", "", "confirm", "team").is(422, "请写明理由")
		s.post("station", path+"/merge", "into", heir, "reason", "两队合并", "confirm", "team").to("/desk/orgs/" + heir)
		s.get("station", path).is(200, "已合并", "已并入“晨光队”", "两队合并").lacks(path + "/merge")
		s.get("", "/orgs/"+string(s.Team)).is(200)
	})
}

func TestTheTreeAsASheet(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.post("station", "/desk/orgs/new", "under", string(s.Station), "kind", "unit", "name", "=HYPERLINK供电公司", "credit_code", "91350100M000100Y43").to("/desk/orgs/")
		a := s.get("center", "/desk/orgs?below=true&as=csv")
		want := "\ufeff单位类型,单位名称,上级单位,区划,统一社会信用代码,地址,简介\r\n" +
			"所,institute,,321281001000,,,\r\n" +
			"站,station,institute,321281001001,,,\r\n" +
			"文明单位,'=HYPERLINK供电公司,station,321281001001,91350100M000100Y43,,\r\n" +
			"志愿服务队,team,station,321281001001,,,\r\n" +
			"站,sibling station,institute,321281001002,,,\r\n" +
			"所,next institute,,321281002000,,,\r\n"
		if a.code != http.StatusOK || a.text != want {
			s.Errorf("%d\n%s\nwant\n%s", a.code, a.text, want)
		}
		if got := a.header.Get("Content-Disposition"); !strings.HasPrefix(got, "attachment") {
			s.Errorf("Content-Disposition %q", got)
		}
		s.get("sibling", "/desk/orgs?as=csv&at="+string(s.Station)).is(403)
	})
}

// Pages of a list do not lose or repeat anybody.
func TestTheTreeInPages(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		for i := range 60 {
			s.post("station", "/desk/orgs/new", "under", string(s.Station), "kind", "team", "name", "第"+strings.Repeat("一", i%20+1)+strings.Repeat("二", i/20)+"队").to("/desk/orgs/")
		}
		first := s.get("station", "/desk/orgs").is(200, "共 61 个组织", "下一页")
		_, next, _ := strings.Cut(first.text, `class="next-p" href="`)
		next, _, _ = strings.Cut(next, `"`)
		second := s.get("station", strings.ReplaceAll(next, "&amp;", "&")).is(200, "共 61 个组织", "回到第一页")
		if a, b := strings.Count(first.text, `<th scope="row">`), strings.Count(second.text, `<th scope="row">`); a != 50 || b != 11 {
			s.Errorf("%d and %d rows", a, b)
		}
	})
}
