package seed

import (
	"fmt"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/work/area"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// campaigns are the numbers of campaigns by a short key.
type campaigns map[string]int64

// opened is a campaign to open: its key, its parent's key, by whom.
type opened struct {
	key, under string
	of         area.Code
	name       string
	about      string
}

// openCampaigns opens the programmes of the cities with their actions and projects.
func (w *world) openCampaigns() error {
	w.camps = campaigns{}
	all := everydayCampaigns
	if epidemic(w.now) {
		all = epidemicCampaigns
	}
	from := w.day(-before).Format(time.DateOnly)
	for _, c := range all {
		p := w.tree.seat[c.of]
		if p == nil {
			continue // another city's
		}
		by := w.adminOver(p)
		err := w.write(func(tx *db.Tx) (err error) {
			w.camps[c.key], err = campaign.Create(w.ctx, tx, by.actor(), p.id, w.camps[c.under], campaign.In{Name: c.name, About: c.about, FromDay: from})
			return err
		})
		if err != nil {
			return fmt.Errorf("campaign %s: %w", c.name, err)
		}
	}
	return nil
}

// epidemic reports whether a moment lies in the spring of 2020; at any other the world does
// what towns do.
func epidemic(t time.Time) bool {
	day := t.In(i18n.Zone()).Format(time.DateOnly)
	return day >= "2020-01-24" && day <= "2020-06-30"
}

var epidemicCampaigns = []opened{
	{"main", "", taizhou, "阻控疫情 志愿同行", "全市志愿者有序参与疫情防控：劝导、宣传、走访、值守、测温、清洁、联络。"},
	{"guard", "main", taizhou, "守好家门行动", "小区、村口卡口值守和体温检测。"},
	{"guard.night", "guard", hailing, "海陵区夜间守卡", "夜间 22 时到次日 6 时轮班，AB 岗互为替补。"},
	{"clean", "main", taizhou, "清洁家园行动", "公共区域消毒和环境清洁。"},
	{"tell", "main", taizhou, "防疫宣传进万家", "大喇叭、宣传车、入户宣传。"},
	{"care", "", taizhou, "“五关爱”暖心行动", "困难群体、老年人、未成年人、居家隔离人员、一线人员五类关爱。"},
	{"care.hardship", "care", taizhou, "困难群体帮扶救助", ""},
	{"care.elder", "care", taizhou, "温暖夕阳红", "给独居老人打电话、代买药、送餐。"},
	{"care.elder.call", "care.elder", hailing, "海陵区每日一电", "每天给独居老人打一个电话。"},
	{"care.child", "care", taizhou, "青苗呵护", "线上陪读、学习用品。"},
	{"care.isolated", "care", taizhou, "隔离不隔爱", "无接触配送。"},
	{"care.front", "care", taizhou, "致敬逆行者 当好后勤员", ""},
	{"love", "", zhenjiang, "大爱护航 同心战疫", "服务一线医务人员及其家属。"},
	{"love.life", "love", zhenjiang, "生活关爱行动", "代购、照料、维修、出行。"},
	{"love.hand", "love", zhenjiang, "牵手暖心行动", "一对一结对，送暖心包和联系卡。"},
	{"back", "", lianyungang, "文明实践助力复工复产", "守门、义剪、网格服务、春耕帮扶。"},
	{"back.gate", "back", lianyungang, "企业门口守护", ""},
}

var everydayCampaigns = []opened{
	{"main", "", taizhou, "文明实践 志愿同行", "社区里的日常志愿服务。"},
	{"guard", "main", taizhou, "平安守护行动", "夜间巡防、文明交通。"},
	{"guard.night", "guard", hailing, "海陵区平安夜巡", "夜间 22 时到次日 2 时轮班。"},
	{"clean", "main", taizhou, "美丽家园行动", "清洁、护河、垃圾分类。"},
	{"tell", "main", taizhou, "文明新风进万家", "移风易俗、反诈、急救科普。"},
	{"care", "", taizhou, "邻里守望暖心行动", "老人、孩子、困难家庭。"},
	{"care.hardship", "care", taizhou, "困难家庭微心愿", ""},
	{"care.elder", "care", taizhou, "温暖夕阳红", "陪伴、义剪、手机课。"},
	{"care.elder.call", "care.elder", hailing, "海陵区每周一电", "每周给独居老人打一个电话。"},
	{"care.child", "care", taizhou, "青苗呵护", "课后辅导、阅读。"},
	{"care.isolated", "care", taizhou, "送餐上门", ""},
	{"care.front", "care", taizhou, "城市美容师歇脚", "环卫工人、外卖骑手的热水和早餐。"},
	{"love", "", zhenjiang, "大爱镇江 志愿同行", ""},
	{"love.life", "love", zhenjiang, "便民服务日", ""},
	{"love.hand", "love", zhenjiang, "一对一结对", ""},
	{"back", "", lianyungang, "文明实践助力乡村振兴", ""},
	{"back.gate", "back", lianyungang, "农忙帮工", ""},
}

// registration is an organisation that asks to register.
type registration struct {
	kind  org.Kind
	name  string
	under area.Code
	team  bool   // volunteers join it
	fate  string // "" approved; pending; returned
	day   int    // from the world's beginning
}

var registrations = []registration{
	{kind: org.Team, name: "城东街道志愿服务队", under: chengdong, team: true},
	{kind: org.Team, name: "苏陈镇志愿服务队", under: suchen, team: true},
	{kind: org.Team, name: "海陵区青年突击队", under: hailing, team: true},
	{kind: org.Team, name: "高港区志愿服务总队", under: gaogang, team: true},
	{kind: org.Team, name: "丹阳市先锋志愿服务队", under: danyang, team: true},
	{kind: org.Team, name: "东海县银发志愿服务队", under: donghai, team: true},
	{kind: org.Team, name: "连云区海岸志愿服务队", under: lianyun, team: true},
	{kind: org.Team, name: "丹徒区暖心志愿服务队", under: dantu, team: true},
	{kind: org.Organization, name: "凤城应急救援协会", under: taizhou, team: true, day: 1},
	{kind: org.Organization, name: "海陵区银杏志愿者协会", under: hailing, team: true, day: 1},
	{kind: org.Organization, name: "阳光心理互助会", under: taizhou, day: 1},
	{kind: org.Organization, name: "京口区邻里帮服务社", under: jingkou, day: 2},
	{kind: org.Unit, name: "凤城公共交通公司", under: taizhou, day: 1},
	{kind: org.Unit, name: "海阳纺织厂", under: hailing, day: 1},
	{kind: org.Unit, name: "望海楼小学", under: hailing, day: 2},
	{kind: org.Unit, name: "稻河社区医院", under: hailing, day: 2},
	{kind: org.Unit, name: "云台机械厂", under: lianyun, day: 3},
	{kind: org.Department, name: "泰州市教育部门志愿办", under: taizhou, day: 1},
	{kind: org.Department, name: "泰州市卫生部门志愿办", under: taizhou, day: 1},
	{kind: org.Department, name: "海陵区民政部门志愿办", under: hailing, day: 2},
	{kind: org.Organization, name: "凤城骑行俱乐部", under: hailing, fate: "returned", day: 11},
	{kind: org.Team, name: "梧桐巷姐妹志愿服务队", under: chengdong, fate: "pending", day: 15},
	{kind: org.Unit, name: "春晖幼儿园", under: hailing, fate: "pending", day: 15},
}

// register plans the registrations, each by somebody who lives there, and their reviews.
func (w *world) register() error {
	for i, r := range registrations {
		at := w.day(-before + r.day).Add(12*time.Hour + time.Duration(i*7)*time.Minute)
		if r.day == 0 {
			at = w.day(-before).Add(9*time.Hour + time.Duration(i)*time.Minute)
		}
		w.plan(at, "registration of "+r.name, func() error { return w.ask(r) })
	}
	return nil
}

// ask registers an organisation: before anybody has joined, its leader's office does.
func (w *world) ask(r registration) error {
	parent := w.tree.seat[r.under]
	by := auth.Actor{Person: w.staff.told[12].id, Via: auth.Web}
	if near := w.at[parent.home()]; len(near) > 0 {
		by = pick(w, near).actor()
	}
	p := &place{name: r.name, short: r.name, area: parent.area, parent: parent}
	in := org.In{Kind: r.kind, Name: r.name, Parent: parent.id, Phone: w.newPhone(), About: "在" + parent.short + "开展志愿服务。"}
	err := w.write(func(tx *db.Tx) (err error) {
		p.id, err = org.Register(w.ctx, tx, w.app.Keys, by, in)
		return err
	})
	if err != nil || r.fate == "pending" {
		return err
	}
	if r.day == 0 {
		return w.review(p, r)
	}
	w.plan(w.clock.Now().Add(w.minutes(40, 300)), "review of "+r.name, func() error { return w.review(p, r) })
	return nil
}

// review approves or returns a registration.
func (w *world) review(p *place, r registration) error {
	by := w.adminOver(p.parent)
	err := w.write(func(tx *db.Tx) error {
		if r.fate == "returned" {
			return org.Return(w.ctx, tx, by.actor(), p.id, "请补充负责人和开展活动的计划，再提交一次。")
		}
		return org.Approve(w.ctx, tx, by.actor(), p.id)
	})
	if err == nil && r.fate == "" {
		w.standing(p, r)
	}
	return err
}

// standing remembers an organisation that was approved.
func (w *world) standing(p *place, r registration) {
	w.count.Orgs++
	w.tree.all = append(w.tree.all, p)
	if r.team {
		w.tree.teams = append(w.tree.teams, p)
	}
}

// teamFor is a team near her that she may join.
func (w *world) teamFor(p *person) *place {
	var near []*place
	for _, t := range w.tree.teams {
		if t.area.Contains(p.area) && t.id != "" {
			near = append(near, t)
		}
	}
	if len(near) == 0 {
		return nil
	}
	return pick(w, near)
}
