package seed

import (
	"fmt"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/experience"
	"tongxin/internal/work/area"
)

// lesson is an experience as a unit writes it: what it did, what came of it, what others can
// take over, in sentences.
type lesson struct {
	title, theme, indicator string
	did, effect, advice     []string
}

var (
	turnsAtGates = lesson{title: "小区门岗三班轮转，夜里也不断人", theme: "门岗值守", indicator: "turns",
		did:    []string{"按楼栋摸清能值夜的邻居，白天、傍晚、后半夜各编一组。", "每组留一名候补在家待命，有人临时来不了，组长一个电话就能补上。"},
		effect: []string{"连续多日没有空岗，交接不用等人。"},
		advice: []string{"先把后半夜的人排满，再排白天。", "候补名单贴在岗亭里，交班时当面念一遍。"}}
	oneList = lesson{title: "一张清单管到底，居家隔离户有人问", theme: "居家隔离服务", indicator: "activities_held",
		did:    []string{"社区、物业、志愿者合用一张清单，谁家缺菜、谁家要药，当天记、当天销。", "送到门口先打电话，不见面也能说上几句话。"},
		effect: []string{"需求当天办结，居民少跑也少等。"},
		advice: []string{"清单只留一份，由站长保管，避免各记各的。"}}
	villageVoice = lesson{title: "乡音喇叭进村口，老年人听得懂记得住", theme: "宣传引导", indicator: "activities_held",
		did:    []string{"请村里退休教师把通知改成方言短句，早中晚各播一遍。", "志愿者骑车巡村，遇见扎堆的当面劝。"},
		effect: []string{"串门聚集明显少了，问询电话也少了。"},
		advice: []string{"一条只讲一件事，不超过一分钟。", "请熟人录音，比请播音员管用。"}}
	warmDesk = lesson{title: "返岗路上有张暖心桌", theme: "复工服务", indicator: "turns",
		did:    []string{"在工业园入口摆一张桌，量体温、发口罩、答政策，一次办完。", "企业轮流出人，社区统一排班。"},
		effect: []string{"早高峰排队的时间短了。"},
		advice: []string{"班次跟着企业上班时间排，不要平均用力。"}}
)

// doc is the lesson as a text; figure, if any, is said among what came of it.
func (l lesson) doc(figure ...prose.Node) prose.Node {
	items := func(lines []string) prose.Node {
		all := make([]prose.Node, len(lines))
		for i, s := range lines {
			all[i] = prose.T(s)
		}
		if len(all) == 1 {
			return prose.P(all...)
		}
		return prose.List(prose.EnumList, all...)
	}
	doc := prose.New(prose.Doc, prose.TitleOf(l.title), prose.H(1, true, prose.T("主要做法")), items(l.did),
		prose.H(1, true, prose.T("取得成效")), items(l.effect))
	if len(figure) > 0 {
		doc.Content = append(doc.Content, prose.P(append([]prose.Node{prose.T("到报送时，已开展活动")}, append(figure, prose.T("。"))...)...))
	}
	return prose.New(prose.Doc, append(doc.Content, prose.H(1, true, prose.T("可供借鉴之处")), items(l.advice))...)
}

func (l lesson) in(figure ...prose.Node) experience.In {
	return experience.In{Theme: l.theme, Doc: l.doc(figure...), Indicator: l.indicator}
}

// exchange plans what units tell each other: two that were chosen, of which one was returned
// first and is followed by others, one submitted, one returned, one being written; and what
// media said.
func (w *world) exchange() {
	at := func(day, hour int) time.Time { return w.day(day).Add(time.Duration(hour) * time.Hour) }
	street, center := w.tree.seat[chengdong].id, w.tree.seat[hailing].id
	suo, zhongxin, city := w.staff.told[10].actor(), w.staff.told[9].actor(), w.staff.told[5].actor()
	zhan, station := w.staff.told[11].actor(), w.staff.told[11].at.id
	var first id.ID
	w.planAlone(at(-7, 9), "an experience", func() (err error) {
		first, err = w.tells(suo, street, turnsAtGates.in(), true)
		return err
	})
	w.plan(at(-7, 15), "an experience returned", func() error {
		return w.write(func(tx *db.Tx) error {
			return experience.Return(w.ctx, tx, zhongxin, first, "做法很实，请补上开展了多少场，让别的街道看得见成效。")
		})
	})
	w.planAlone(at(-6, 10), "an experience chosen", func() error { return w.tellsAgain(suo, zhongxin, first, street) })
	w.plan(at(-5, 9), "an experience adopted", func() error {
		return w.write(func(tx *db.Tx) error {
			by := w.staff.admin[gaogang]
			return experience.Adopt(w.ctx, tx, by.actor(), first, by.at.id, "先在两个镇街试行，夜间班每组加一名候补。")
		})
	})
	w.planAlone(at(-4, 10), "another experience chosen", func() error {
		e, err := w.tells(zhongxin, center, oneList.in(), true)
		if err != nil {
			return err
		}
		return w.chooses(city, e)
	})
	w.plan(at(-3, 16), "a mention", func() error { return w.mentions(zhongxin, center, first) })
	w.planAlone(w.now.Add(-95*time.Minute), "an experience to decide on", func() error {
		_, err := w.tells(zhan, station, warmDesk.in(), true)
		return err
	})
	w.planAlone(w.now.Add(-85*time.Minute), "an experience sent back", func() error {
		e, err := w.tells(zhan, station, villageVoice.in(), true)
		if err != nil {
			return err
		}
		return w.write(func(tx *db.Tx) error {
			return experience.Return(w.ctx, tx, suo, e, "请写明每天播几次、由谁录音。")
		})
	})
	w.planAlone(w.now.Add(-45*time.Minute), "an experience being written", func() error {
		_, err := w.tells(suo, street, villageVoice.in(), false)
		return err
	})
}

// tells writes an experience, and submits it if it is ready.
func (w *world) tells(by auth.Actor, of id.ID, in experience.In, ready bool) (e id.ID, err error) {
	err = w.write(func(tx *db.Tx) (err error) { e, err = experience.Write(w.ctx, tx, by, of, in); return err })
	if err != nil || !ready {
		return e, err
	}
	return e, w.frozenly(e, func(tx *db.Tx, f experience.Frozen) error { return experience.Submit(w.ctx, tx, by, e, f) })
}

// frozenly runs a step with the figures of a text as they are now.
func (w *world) frozenly(e id.ID, do func(tx *db.Tx, f experience.Frozen) error) error {
	f, err := experience.Freeze(w.ctx, w.app.DB, w.app.Figures, e)
	if err != nil {
		return err
	}
	return w.write(func(tx *db.Tx) error { return do(tx, f) })
}

func (w *world) chooses(by auth.Actor, e id.ID) error {
	return w.frozenly(e, func(tx *db.Tx, f experience.Frozen) error { return experience.Choose(w.ctx, tx, by, e, f) })
}

// tellsAgain adds to an experience how often, and has it chosen and recommended.
func (w *world) tellsAgain(by, above auth.Actor, e, of id.ID) error {
	if err := w.follow(); err != nil {
		return err
	}
	held, err := w.counted("activities_held", of, "场", false)
	if err != nil {
		return err
	}
	if err := w.write(func(tx *db.Tx) error {
		_, err := experience.Save(w.ctx, tx, by, e, 0, turnsAtGates.in(held))
		return err
	}); err != nil {
		return err
	}
	if err := w.frozenly(e, func(tx *db.Tx, f experience.Frozen) error { return experience.Submit(w.ctx, tx, by, e, f) }); err != nil {
		return err
	}
	if err := w.chooses(above, e); err != nil {
		return err
	}
	return w.write(func(tx *db.Tx) error {
		if err := experience.Comment(w.ctx, tx, above, e, "夜间轮班的办法好学好用，建议各街道对照自己的班次改一改。"); err != nil {
			return err
		}
		return experience.Recommend(w.ctx, tx, above, e)
	})
}

// mentions records what media said, one of them by mistake.
func (w *world) mentions(by auth.Actor, of, told id.ID) error {
	day := func(n int) string { return db.Day(w.day(n)) }
	return w.write(func(tx *db.Tx) error {
		var last id.ID
		for _, m := range []experience.Mention{
			{Title: "夜里的灯，守门的人", Source: "示例晚报", Experience: told, Day: day(-5), Link: "https://news.example.com/a/1001"},
			{Title: "一张清单里的牵挂", Source: "示例电视台", Day: day(-4)},
			{Title: "志愿者在行动", Source: "示例日报", Day: day(-3), Link: "https://daily.example.com/b/77"},
		} {
			m.Org = of
			at, err := experience.Note(w.ctx, tx, by, m)
			if err != nil {
				return err
			}
			last = at
		}
		return experience.TakeBack(w.ctx, tx, by, last, "报道的是外地同名的志愿服务队，登记有误。")
	})
}

// exchangeCity has three counties tell what they did, the city choose it, and a fourth adopt
// the first. It says no figures: those of a whole city are not loaded while it is made.
func (w *world) exchangeCity() error {
	lessons := []lesson{turnsAtGates, oneList, villageVoice}
	var centers []*place
	for _, a := range below(taizhou, area.County) {
		centers = append(centers, w.tree.seat[a.Code])
	}
	if len(centers) <= len(lessons) {
		return fmt.Errorf("a city of %d counties", len(centers))
	}
	var first id.ID
	for i, l := range lessons {
		e, err := w.tells(w.staff.leader[centers[i].area].actor(), centers[i].id, l.in(), true)
		if err != nil {
			return err
		}
		if err := w.chooses(w.staff.admin[taizhou].actor(), e); err != nil {
			return err
		}
		if first == "" {
			first = e
		}
	}
	by := w.staff.admin[centers[len(lessons)].area]
	return w.write(func(tx *db.Tx) error {
		return experience.Adopt(w.ctx, tx, by.actor(), first, by.at.id, "从本周起在各镇街推开。")
	})
}
