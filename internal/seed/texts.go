package seed

import "time"

// text is a kind of activity as towns hold it: what its page says, its posts, its shifts.
type text struct {
	service    string
	camp       string
	title      string // %s is the place
	content    string
	conditions string
	risks      string
	protection string
	duties     []duty
	hours      [][2]int // of its shifts, from the day's midnight; past 24 is the next day
	approval   bool     // who signs up waits for a decision
}

// duty is a post.
type duty struct {
	name, what      string
	least           int64  // age
	skill           string // slug
	places, standby int64
}

// textsFor are the activities of the time.
func textsFor(t time.Time) []text {
	if epidemic(t) {
		return epidemicTexts
	}
	return everydayTexts
}

const how = "在本平台报名；不方便上网的，请到所在的新时代文明实践站登记，由工作人员代报。"

// The keys by which the program finds the texts it follows.
const (
	textGate = iota
	textNight
	textThermometer
	textClean
	textTell
	textDissuade
	textCall
	textShop
	textVisit
	textHotline
	textChild
	textHaircut
	textGoods
	textPair
	textFactory
	textFarm
)

var epidemicTexts = []text{
	textGate: {
		service: "checkpoint_duty", camp: "guard", title: "%s卡口值守",
		content:    "在主要出入口查验通行证、登记来往车辆和人员，对走亲访友的群众劝返。",
		conditions: "年满 18 周岁，身体健康，近 14 天无外出史。", risks: "与人员近距离接触，有感染风险；室外站立时间长，注意保暖。",
		protection: "发放医用口罩、手套和消毒液，岗前培训 20 分钟，每班购买人身意外保险。",
		duties: []duty{
			{name: "查验登记员", what: "查证、登记、测温异常时报告", least: 18, places: 4, standby: 2},
			{name: "秩序引导员", what: "维持一米距离，引导车辆", least: 18, places: 2, standby: 1},
		},
		hours: [][2]int{{8, 12}, {12, 16}, {16, 20}},
	},
	textNight: {
		service: "checkpoint_duty", camp: "guard.night", title: "%s夜间卡口值守",
		content: "夜间值守卡口，登记晚归人员，两人一岗，AB 岗互为替补。", conditions: "年满 18 周岁，能熬夜，会使用对讲机优先。",
		risks: "夜间低温、疲劳；与人员近距离接触，有感染风险。", protection: "提供口罩、军大衣、热水和姜茶，社区车辆接送，购买人身意外保险。",
		duties: []duty{{name: "夜班值守员", what: "登记、巡查、交接班", least: 18, places: 3, standby: 2}},
		hours:  [][2]int{{22, 26}, {26, 30}},
	},
	textThermometer: {
		service: "temperature_check", camp: "guard", title: "%s居民测温",
		content: "在小区出入口为进出居民测量体温并登记，体温异常的按流程报告。", conditions: "年满 18 周岁，会使用额温枪，参加过岗前培训。",
		risks: "与人员近距离接触，有感染风险。", protection: "发放医用口罩、护目镜和手套，岗前培训，购买人身意外保险。",
		duties: []duty{{name: "测温员", what: "测温、登记、报告", least: 18, places: 6, standby: 2}},
		hours:  [][2]int{{7, 10}, {16, 19}},
	},
	textClean: {
		service: "cleaning", camp: "clean", title: "%s公共区域消毒",
		content: "对楼道、健身器材、垃圾投放点喷洒消毒，清扫死角。", conditions: "年满 16 周岁，对含氯消毒剂不过敏。",
		risks: "接触消毒剂，注意通风，避免溅入眼睛。", protection: "发放手套、口罩、雨靴，由社区统一配比消毒液。",
		duties: []duty{{name: "消杀员", what: "喷洒消毒液", least: 18, places: 5}, {name: "清洁员", what: "清扫、擦拭", least: 16, places: 8, standby: 2}},
		hours:  [][2]int{{9, 11}, {14, 16}},
	},
	textTell: {
		service: "publicity", camp: "tell", title: "%s防疫宣传进楼道",
		content: "张贴告居民书，用小喇叭播放防疫知识，向居民说明戴口罩、少聚集。", conditions: "会说本地话，口齿清楚。",
		risks: "上下楼梯注意安全，与居民保持一米以上距离。", protection: "发放口罩和宣传袖标。",
		duties: []duty{{name: "宣传员", what: "张贴、播放、讲解", places: 8, standby: 1}},
		hours:  [][2]int{{9, 11}, {15, 17}},
	},
	textDissuade: {
		service: "persuasion", camp: "main", title: "%s劝导聚集",
		content: "在棋牌室、小广场等处劝导群众不扎堆、不聚餐，提醒佩戴口罩。", conditions: "年满 18 周岁，耐心，会说本地话。",
		risks: "可能遇到不理解的群众，注意方式方法，不争执。", protection: "两人一组，佩戴袖标，发放口罩。",
		duties: []duty{{name: "劝导员", what: "巡查、劝导、记录", least: 18, places: 6, standby: 1}},
		hours:  [][2]int{{9, 11}, {18, 20}},
	},
	textCall: {
		service: "welfare_call", camp: "care.elder.call", title: "%s给独居老人打个电话",
		content: "每人负责 5 位独居老人，问身体、问吃饭、问缺什么，记下需要帮忙的事。", conditions: "会说本地话，有一小时安静的时间，在家即可。",
		risks: "老人可能谈到伤心事，结束后可以找队长聊聊。", protection: "号码由平台转接，不显示双方号码；提供问候提纲。",
		duties: []duty{{name: "电话问候员", what: "打电话、记需求", least: 16, places: 8}},
		hours:  [][2]int{{10, 11}, {18, 19}},
	},
	textShop: {
		service: "shopping_list", camp: "care.isolated", title: "%s居民买菜清单配送",
		content: "收集居民买菜清单，统一采购、分装，送到单元门口，不接触交接。", conditions: "年满 18 周岁，能提 10 公斤重物。",
		risks: "搬运重物注意腰部；菜场人多，全程戴口罩。", protection: "发放口罩、手套、一次性雨衣，提供手推车。",
		duties: []duty{{name: "采购员", what: "按清单采购", least: 18, places: 3}, {name: "配送员", what: "分装、送到单元门口", least: 18, places: 6, standby: 2}},
		hours:  [][2]int{{7, 10}, {14, 17}},
	},
	textVisit: {
		service: "isolated_visit", camp: "care.isolated", title: "%s居家观察户上门服务", approval: true,
		content: "每天两次为居家观察人员送生活物资、收垃圾、登记体温，不进门。", conditions: "年满 18 周岁，经过社区卫生服务站培训。",
		risks: "服务对象在医学观察期，有感染风险。", protection: "按规定穿戴防护用品，由社区医生带队，购买人身意外保险。",
		duties: []duty{{name: "上门服务员", what: "送物资、登记体温", least: 18, places: 3, standby: 1}},
		hours:  [][2]int{{8, 10}, {16, 18}},
	},
	textHotline: {
		service: "hotline_duty", camp: "care", title: "%s心理关爱热线值守", approval: true,
		content: "接听居民来电，倾听、安抚、解答，遇到危机个案按流程转介。", conditions: "有心理咨询专长，参加过热线培训。",
		risks: "情绪消耗较大，每班不超过 3 小时。", protection: "有督导在线支持，值守后可以参加减压小组。",
		duties: []duty{{name: "接线员", what: "接听、记录、转介", least: 20, skill: "counselling", places: 2, standby: 1}},
		hours:  [][2]int{{9, 12}, {14, 17}, {18, 21}},
	},
	textChild: {
		service: "child_care", camp: "care.child", title: "%s线上陪读",
		content: "通过视频陪一线医务人员和值守人员的孩子读书、做作业。", conditions: "有辅导孩子的耐心，家里网络稳定。",
		risks: "不索取孩子的个人信息，不私下联系。", protection: "统一使用平台会议号，队长全程在线。",
		duties: []duty{{name: "陪读员", what: "一对一陪读", least: 14, places: 6, standby: 1}},
		hours:  [][2]int{{15, 16}, {19, 20}},
	},
	textHaircut: {
		service: "haircut", camp: "back", title: "%s为一线人员义剪",
		content: "为值守人员、环卫工人、复工企业员工理发，预约到场，不聚集。", conditions: "会理发，自带工具。",
		risks: "与服务对象近距离接触，有感染风险。", protection: "发放口罩、护目镜、酒精棉片，理发布一客一换。",
		duties: []duty{{name: "理发师", what: "理发、工具消毒", least: 18, skill: "haircut", places: 2}, {name: "引导员", what: "测温、叫号", least: 16, places: 3}},
		hours:  [][2]int{{13, 17}},
	},
	textGoods: {
		service: "goods_delivery", camp: "care.hardship", title: "%s困难家庭物资发放",
		content: "把捐赠的米、油、口罩、学习用品送到困难家庭，登记签收。", conditions: "年满 18 周岁，能搬重物，会骑电动车优先。",
		risks: "搬运和骑行注意安全。", protection: "发放口罩、手套，提供雨具，购买人身意外保险。",
		duties: []duty{{name: "配送员", what: "搬运、登记", least: 18, places: 5, standby: 1}},
		hours:  [][2]int{{9, 12}},
	},
	textPair: {
		service: "errand", camp: "love.life", title: "%s一线医务人员家庭帮办",
		content: "为一线医务人员的家人代购生活用品、缴费、取药，陪老人就医。", conditions: "年满 18 周岁，有责任心，能固定结对。",
		risks: "骑行、搬运注意安全；不打听隐私。", protection: "发放联系卡和口罩，费用由服务对象自付并留小票。",
		duties: []duty{{name: "帮办员", what: "代购、代缴、取药", least: 18, places: 6, standby: 1}},
		hours:  [][2]int{{9, 11}, {15, 17}},
	},
	textFactory: {
		service: "temperature_check", camp: "back.gate", title: "%s复工企业门口守护",
		content: "在企业门口为上下班员工测温、登记，引导错峰进厂。", conditions: "年满 18 周岁，参加过岗前培训。",
		risks: "与人员近距离接触，有感染风险；注意厂区车辆。", protection: "发放医用口罩、反光背心，企业提供热饮，购买人身意外保险。",
		duties: []duty{{name: "守护员", what: "测温、登记、引导", least: 18, places: 4, standby: 1}},
		hours:  [][2]int{{6, 9}, {16, 19}},
	},
	textFarm: {
		service: "other", camp: "back", title: "%s春耕帮工",
		content: "帮缺劳力的农户修枝、疏花、搬运农资。", conditions: "年满 18 周岁，身体健康，能干农活。",
		risks: "使用农具注意安全，防晒防蚊。", protection: "提供手套、草帽和午饭，购买人身意外保险。",
		duties: []duty{{name: "帮工", what: "修枝、疏花、搬运", least: 18, places: 10}},
		hours:  [][2]int{{8, 11}},
	},
}
