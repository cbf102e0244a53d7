package seed

import (
	"fmt"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/guidance"
	"tongxin/internal/report/progress"
	"tongxin/internal/work/area"
)

// target is one unit's part of an item of the city's schedule.
type target struct {
	item, indicator string
	due             int // days from today
	curve           string
	of              map[area.Code]int64
}

// counties are those of the city's schedule, in the order in which they are written.
var counties = []area.Code{hailing, gaogang, jiangyan, xinghua}

var targets = []target{
	{item: "部署会", due: -8, of: map[area.Code]int64{hailing: 1, gaogang: 1, jiangyan: 1, xinghua: 1}},
	{item: "开展活动", indicator: "activities_held", due: 5, of: map[area.Code]int64{hailing: 24, gaogang: 8, jiangyan: 5, xinghua: 6}},
	{item: "服务人次", indicator: "turns", due: 5, of: map[area.Code]int64{hailing: 480, gaogang: 48, jiangyan: 30, xinghua: 40}},
	{item: "参与志愿者", indicator: "volunteers_taking_part", due: 2, of: map[area.Code]int64{hailing: 120, gaogang: 30, jiangyan: 20, xinghua: 30}},
	{item: "报名满员率", indicator: "fill_rate", due: 5, of: map[area.Code]int64{hailing: 9000, gaogang: 6000, jiangyan: 6000, xinghua: 6000}},
}

// supervisor is the one at the city.
func (w *world) supervisor() auth.Actor { return w.staff.told[6].actor() }

// steer plans the city's schedule, and what is guided by it: a directive in every state.
func (w *world) steer() {
	s := &steering{w: w, rows: map[string]id.ID{}}
	at := func(day, hour int) time.Time { return w.day(day).Add(time.Duration(hour) * time.Hour) }
	do := func(day, hour int, what string, run func() error) { w.planAlone(at(day, hour), what, run) }
	do(-13, 15, "schedule", s.write)
	do(-9, 10, "milestones", s.reach)
	s.closed(do)
	s.underWay(do)
	w.planAlone(w.now.Add(-95*time.Minute), "directive to the street", s.street)
	w.planAlone(w.now.Add(-40*time.Minute), "directives of today", s.today)
}

// steering is the schedule and its rows, by item and unit.
type steering struct {
	w    *world
	rows map[string]id.ID
}

func row(item string, at area.Code) string { return fmt.Sprintf("%s/%d", item, at) }

// write makes the schedule.
func (s *steering) write() error {
	w := s.w
	name := "阻控疫情 志愿同行"
	if !epidemic(w.now) {
		name = "文明实践 志愿同行"
	}
	var schedule id.ID
	err := w.write(func(tx *db.Tx) (err error) {
		schedule, err = progress.Create(w.ctx, tx, w.supervisor(), w.tree.seat[taizhou].id, progress.In{Name: name + "进度表"})
		return err
	})
	if err != nil {
		return err
	}
	for _, t := range targets {
		for _, at := range counties {
			in := progress.RowIn{Org: w.tree.seat[at].id, Item: t.item, Indicator: t.indicator, From: db.Day(w.day(-12)), Due: db.Day(w.day(t.due)), Target: t.of[at], Curve: t.curve}
			err := w.write(func(tx *db.Tx) (err error) {
				s.rows[row(t.item, at)], err = progress.SetRow(w.ctx, tx, w.supervisor(), schedule, in)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// reach has all but one county say that their meeting was held.
func (s *steering) reach() error {
	for _, at := range counties[:3] {
		by := s.w.adminOver(s.w.tree.seat[at]).actor()
		err := s.w.write(func(tx *db.Tx) error {
			return progress.Reach(s.w.ctx, tx, by, s.rows[row("部署会", at)], db.Day(tx.Now), "各镇街分管负责人参加。")
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// closed is a directive with all its steps, and what came of it.
func (s *steering) closed(do func(day, hour int, what string, run func() error)) {
	var d id.ID
	by := func() auth.Actor { return s.w.adminOver(s.w.tree.seat[gaogang]).actor() }
	do(-8, 11, "directive", func() (err error) {
		d, err = s.issue(s.w.supervisor(), s.seen("开展活动", gaogang), "请每个镇街每周至少安排一场活动，先把卡口劝导和环境清洁排起来。")
		return err
	})
	do(-8, 16, "directive read", func() error {
		return s.w.write(func(tx *db.Tx) error { return guidance.Take(s.w.ctx, tx, by(), d, 0) })
	})
	do(-7, 9, "directive answered", func() error {
		return s.w.write(func(tx *db.Tx) error {
			return guidance.Reply(s.w.ctx, tx, by(), d, 0, "已与各镇街对接，本周起每四天一场，由区志愿服务总队带班。")
		})
	})
	do(-3, 17, "directive acted on", func() error {
		return s.w.write(func(tx *db.Tx) error {
			return guidance.Act(s.w.ctx, tx, by(), d, 0, "已按计划开展，后续场次排到下周。")
		})
	})
	do(-2, 10, "directive closed", func() error { return s.close(d, "活动已恢复，保持每四天一场的频次。") })
}

// underWay are directives that were answered, that are overdue, that wait to be closed, and
// that were sent in error.
func (s *steering) underWay(do func(day, hour int, what string, run func() error)) {
	var acted id.ID
	hailingAdmin := func() auth.Actor { return s.w.adminOver(s.w.tree.seat[hailing]).actor() }
	do(-4, 9, "directive", func() (err error) {
		acted, err = s.issue(s.w.supervisor(), s.seen("报名满员率", hailing), "请逐场看报名情况，名额没满的提前两天补发招募信息。")
		return err
	})
	do(-4, 15, "directive answered", func() error {
		return s.w.write(func(tx *db.Tx) error {
			return guidance.Reply(s.w.ctx, tx, hailingAdmin(), acted, 0, "每天下午四点由各所核对次日班次，缺人的在队伍群里补招。")
		})
	})
	do(-1, 17, "directive acted on", func() error {
		return s.w.write(func(tx *db.Tx) error {
			return guidance.Act(s.w.ctx, tx, hailingAdmin(), acted, 0, "已坚持三天，夜班仍偏紧，拟与文明单位结对补充。")
		})
	})
	do(-3, 9, "directive", func() error {
		_, err := s.issue(s.w.supervisor(), s.seen("参与志愿者", xinghua), "请发动机关党员和青年团员到所在站报到，先把骨干队伍建起来。")
		return err
	})
	do(-2, 15, "directive", func() error {
		d, err := s.issue(s.w.supervisor(), s.seen("开展活动", jiangyan), "请每周固定一场文明劝导，并把场次提前三天发布。")
		if err != nil {
			return err
		}
		by := s.w.adminOver(s.w.tree.seat[jiangyan]).actor()
		return s.w.write(func(tx *db.Tx) error {
			return guidance.Reply(s.w.ctx, tx, by, d, 0, "周三、周六各安排一场，由区管理员负责发布。")
		})
	})
	do(-1, 9, "directive withdrawn", func() error {
		d, err := s.issue(s.w.supervisor(), s.seen("服务人次", gaogang), "请核对服务人次。")
		if err != nil {
			return err
		}
		return s.w.write(func(tx *db.Tx) error {
			return guidance.Withdraw(s.w.ctx, tx, s.w.supervisor(), d, 0, "发错了单位。")
		})
	})
}

// street is a directive of a county to a street, from the page of a figure: read, not answered.
func (s *steering) street() error {
	w := s.w
	admin := w.adminOver(w.tree.seat[hailing]).actor()
	look := func() (guidance.Sight, error) {
		q := figure.Query{Indicator: "no_shows", Org: w.tree.seat[chengdong].id, To: db.Day(w.now)}
		return guidance.See(w.ctx, w.app.Figures, q, "未到人次")
	}
	d, err := s.issue(admin, look, "请逐人了解未到原因，开班前一天再确认一次。")
	if err != nil {
		return err
	}
	by := w.adminOver(w.tree.seat[chengdong]).actor()
	return w.write(func(tx *db.Tx) error { return guidance.Take(w.ctx, tx, by, d, 0) })
}

// today are a directive that nobody has read yet, and a draft.
func (s *steering) today() error {
	if _, err := s.issue(s.w.supervisor(), s.seen("服务人次", hailing), "请把夜间守卡的班次排满，缺口先由区级队伍支援。"); err != nil {
		return err
	}
	_, err := s.begin(s.w.supervisor(), s.seen("服务人次", xinghua), "请先从千垛、戴南两镇起，每镇每天一场。")
	return err
}

// seen looks at a row as it stands.
func (s *steering) seen(item string, at area.Code) func() (guidance.Sight, error) {
	return func() (guidance.Sight, error) {
		return guidance.SeeRow(s.w.ctx, s.w.app.DB, s.w.app.Figures, s.rows[row(item, at)], 0, s.w.clock.Now())
	}
}

// begin drafts a directive on what is seen now, with the nearest of those who are ahead.
func (s *steering) begin(by auth.Actor, look func() (guidance.Sight, error), asked string) (d id.ID, err error) {
	w := s.w
	if err := w.follow(); err != nil {
		return "", err
	}
	seen, err := look()
	if err != nil {
		return "", err
	}
	from, err := guidance.From(w.ctx, w.app.DB, by, seen.Unit)
	if err != nil {
		return "", err
	}
	peers, err := guidance.Peers(w.ctx, w.app.DB, w.app.Figures, from, seen)
	if err != nil {
		return "", err
	}
	now := w.clock.Now()
	in := guidance.In{Asked: asked, ReplyBy: i18n.Midnight(now).AddDate(0, 0, 1).Add(12 * time.Hour), ActBy: i18n.Midnight(now).AddDate(0, 0, 5).Add(18 * time.Hour)}
	if len(peers) > 0 {
		in.Peer = peers[0]
	}
	err = w.write(func(tx *db.Tx) (err error) { d, err = guidance.Begin(w.ctx, tx, by, seen, in); return err })
	return d, err
}

// issue drafts and sends one.
func (s *steering) issue(by auth.Actor, look func() (guidance.Sight, error), asked string) (id.ID, error) {
	d, err := s.begin(by, look, asked)
	if err != nil {
		return "", err
	}
	return d, s.w.write(func(tx *db.Tx) error { return guidance.Issue(s.w.ctx, tx, by, d, 0) })
}

// close measures and closes.
func (s *steering) close(at id.ID, verdict string) error {
	w := s.w
	if err := w.follow(); err != nil {
		return err
	}
	d, err := guidance.Get(w.ctx, w.app.DB, at)
	if err != nil {
		return err
	}
	a, err := guidance.Measure(w.ctx, w.app.DB, w.app.Figures, d, w.clock.Now())
	if err != nil {
		return err
	}
	return w.write(func(tx *db.Tx) error { return guidance.Close(w.ctx, tx, w.supervisor(), at, 0, a, verdict) })
}

// follow makes figures know what has happened.
func (w *world) follow() error {
	if err := w.app.Seal(w.ctx); err != nil {
		return err
	}
	return w.app.Figures.Load(w.ctx)
}
