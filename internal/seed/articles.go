package seed

import (
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/article"
	"tongxin/internal/report/figure"
)

// article plans what the city and a street publish: a text with figures, a story that was
// corrected, an announcement that was withdrawn, one that waits for its review, a draft.
func (w *world) article() {
	at := func(day, hour int) time.Time { return w.day(day).Add(time.Duration(hour) * time.Hour) }
	office, street := w.tree.seat[taizhou].id, w.tree.seat[chengdong].id
	editor, province := w.staff.told[7].actor(), w.staff.told[3].actor()
	suo, zhongxin := w.staff.told[10].actor(), w.staff.told[9].actor()
	w.planAlone(at(-2, 10), "an article", func() error { return w.publishes(editor, province, office, article.News, w.news) })
	w.planAlone(at(-2, 15), "a story", func() error { return w.publishes(suo, zhongxin, street, article.Story, w.story) })
	w.planAlone(at(-1, 9), "an announcement", func() error {
		return w.publishes(suo, zhongxin, street, article.Announcement, func(id.ID) (prose.Node, error) {
			return announcement("报名点调整的公告", "原定报名点临时关闭，请到街道实践所报名。"), nil
		})
	})
	w.planAlone(at(-1, 11), "a withdrawal", w.withdraws)
	w.planAlone(w.now.Add(-50*time.Minute), "an article to review", func() error {
		a, err := w.writes(suo, street, article.News, w.news)
		if err != nil {
			return err
		}
		return w.submits(suo, a)
	})
	w.planAlone(w.now.Add(-35*time.Minute), "a draft", func() error {
		_, err := w.writes(suo, street, article.Announcement, func(id.ID) (prose.Node, error) {
			return announcement("志愿者上岗须知", "请提前十分钟到岗，戴好口罩。"), nil
		})
		return err
	})
}

func announcement(title, text string) prose.Node {
	return prose.New(prose.Doc, prose.TitleOf(title), prose.P(prose.T(text)))
}

// writes begins a text.
func (w *world) writes(by auth.Actor, of id.ID, kind article.Kind, text func(id.ID) (prose.Node, error)) (a id.ID, err error) {
	doc, err := text(of)
	if err != nil {
		return "", err
	}
	return a, w.write(func(tx *db.Tx) (err error) {
		a, err = article.Create(w.ctx, tx, by, of, article.In{Kind: kind, Doc: doc})
		return err
	})
}

func (w *world) submits(by auth.Actor, a id.ID) error {
	f, err := article.Freeze(w.ctx, w.app.DB, w.app.Figures, a)
	if err != nil {
		return err
	}
	return w.write(func(tx *db.Tx) error { _, err := article.Submit(w.ctx, tx, by, a, f); return err })
}

// publishes writes, submits and approves a text.
func (w *world) publishes(by, reviewer auth.Actor, of id.ID, kind article.Kind, text func(id.ID) (prose.Node, error)) error {
	a, err := w.writes(by, of, kind, text)
	if err != nil {
		return err
	}
	if err := w.submits(by, a); err != nil {
		return err
	}
	f, err := article.Freeze(w.ctx, w.app.DB, w.app.Figures, a)
	if err != nil {
		return err
	}
	return w.write(func(tx *db.Tx) error { return article.Approve(w.ctx, tx, reviewer, a, f) })
}

// withdraws takes back what a street announced last.
func (w *world) withdraws() error {
	all, _, err := article.ShownTo(w.ctx, w.app.DB, article.Filter{Kind: article.Announcement, Limit: 1})
	if err != nil {
		return err
	}
	return w.write(func(tx *db.Tx) error {
		return article.Withdraw(w.ctx, tx, w.staff.told[10].actor(), all[0].ID, "报名点已恢复开放，公告不再适用。")
	})
}

// counted is a figure of an organisation as it is now, said to the last digit or rounded.
func (w *world) counted(key string, of id.ID, measure string, round bool) (prose.Node, error) {
	q := figure.Query{Indicator: key, Org: of}
	a, err := w.app.Figures.At(w.ctx, q)
	if err != nil {
		return prose.Node{}, err
	}
	s := figure.Plain(a.Indicator.Unit, a.Value)
	if round {
		s = figure.Round(a.Indicator.Unit, a.Value)
	}
	return prose.F(prose.Figure{Key: key, Org: string(of), Form: string(s.Form), D: s.D, Measure: measure}), nil
}

// news is the report of an organisation, with its figures.
func (w *world) news(of id.ID) (prose.Node, error) {
	var figs []prose.Node
	for _, f := range []struct {
		key, measure string
		round        bool
	}{{"activities_held", "场", false}, {"volunteers_taking_part", "名", false}, {"turns", "人次", true}, {"minutes", "小时", true}} {
		one, err := w.counted(f.key, of, f.measure, f.round)
		if err != nil {
			return prose.Node{}, err
		}
		figs = append(figs, one)
	}
	title, work := "守好小区门，站好每班岗", "卡口值守、入户宣传和环境清洁"
	if !epidemic(w.now) {
		title, work = "邻里守望在身边，志愿服务不断线", "文明劝导、助老送餐和环境清洁"
	}
	return prose.New(prose.Doc, prose.TitleOf(title),
		prose.New(prose.Lead, prose.T(i18n.Day(i18n.Chinese, w.clock.Now())+"，各所、站就近组队、按班上岗，志愿服务有序展开。")),
		prose.H(1, true, prose.T("就近组织，按需上岗")),
		prose.Point("组织发动到位。", prose.T("围绕"+work+"，开展志愿服务活动"), figs[0], prose.T("，"), figs[1], prose.T("志愿者上岗，累计"), figs[2], prose.T("。")),
		prose.Point("服务时长可查。", prose.T("签到、签退都有记录，累计服务"), figs[3], prose.T("。")),
		prose.H(1, true, prose.T("下一步")),
		prose.List(prose.EnumList, prose.T("班次提前排到社区，缺人及时补招。"), prose.T("上岗前完成培训，领取防护用品。"), prose.T("服务结束当天核对时长，有误及时更正。"))), nil
}

// story is of one evening at a street.
func (w *world) story(of id.ID) (prose.Node, error) {
	held, err := w.counted("activities_held", of, "场", false)
	return prose.New(prose.Doc, prose.TitleOf("老街口的一盏灯"),
		prose.New(prose.Lead, prose.T("傍晚的风还很凉，东安社区的路口亮着一盏灯。")),
		prose.P(prose.T("值夜班的志愿者把热水瓶放在桌角，给晚归的居民测体温、递口罩。有人问累不累，她笑着说，邻居们都在，心里踏实。")),
		prose.Node{Type: prose.Quote, Attrs: &prose.Attrs{Source: "一位晚归的居民"}, Content: []prose.Node{prose.P(prose.T("看到这盏灯，就知道到家了。"))}},
		prose.P(prose.T("这样的活动，街道已经办了"), held, prose.T("。愿意搭把手的邻居，可以在本平台报名。"))), err
}
