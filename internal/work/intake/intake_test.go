package intake

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/text/encoding/simplifiedchinese"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
	"tongxin/internal/work/roster"
)

// office is a planted city with administrators of its centre and of another county.
type office struct {
	*peopletest.City
	t   testing.TB
	ctx context.Context
	d   *db.DB
	c   *dbtest.Clock
	run *jobs.Runner

	admin, second, foreign auth.Actor
}

func inOffice(t *testing.T, body func(t *testing.T, o *office)) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		o := &office{City: peopletest.Plant(t, d), t: t, ctx: t.Context(), d: d, c: c, run: jobs.NewRunner(d)}
		Handle(o.run, d, o.Keys)
		roster.Handle(o.run)
		o.run.Handle(activity.JobEscalate, activity.Escalate)
		people.Schedule(o.run, nil, nil)
		o.write(func(tx *db.Tx) error { return activity.Install(o.ctx, tx) })
		o.admin = o.Staff("admin", o.Center, auth.Admin)
		o.second = o.Staff("second", o.City.City, auth.Admin)
		o.foreign = o.Staff("foreign", o.Foreign, auth.Admin)
		body(t, o)
		o.verified()
	})
}

func (o *office) write(f func(tx *db.Tx) error) {
	o.t.Helper()
	if err := o.d.Write(o.ctx, f); err != nil {
		o.t.Fatal(err)
	}
}

// bring takes a list in and has it checked.
func (o *office) bring(k Kind, text string) Batch {
	o.t.Helper()
	batch, err := Bring(o.ctx, o.d, o.Keys, o.admin, File{Kind: k, Org: o.Center, Name: "张三的名单.csv", Body: strings.NewReader(text), Size: int64(len(text)), Paper: true, Lang: i18n.Chinese})
	if err != nil {
		o.t.Fatal(err)
	}
	o.jobs()
	return o.batch(batch)
}

func (o *office) jobs() {
	o.t.Helper()
	if err := o.run.RunDue(o.ctx); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) batch(batch id.ID) Batch {
	o.t.Helper()
	b, err := Get(o.ctx, o.d, o.admin, batch)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func (o *office) enter(b Batch) Batch {
	o.t.Helper()
	o.write(func(tx *db.Tx) error { return Enter(o.ctx, tx, o.admin, b.ID) })
	o.jobs()
	return o.batch(b.ID)
}

func (o *office) undo(b Batch) Batch {
	o.t.Helper()
	o.write(func(tx *db.Tx) error { return Undo(o.ctx, tx, o.admin, b.ID) })
	o.jobs()
	return o.batch(b.ID)
}

// is checks the counts of a batch: state, then good, bad, same, made, failed, undone, kept.
func (o *office) is(b Batch, s State, counts ...int64) {
	o.t.Helper()
	got := []int64{b.Good, b.Bad, b.Same, b.Made, b.Failed, b.Undone, b.Kept}
	for len(counts) < len(got) {
		counts = append(counts, 0)
	}
	if b.State != s || !slices.Equal(got, counts) {
		o.t.Errorf("batch is %s %v, want %s %v; %+v", b.State, got, s, counts, b.Told.Refused)
		for _, st := range []RowState{Bad, Failed, Kept, Same} {
			o.t.Log(st, o.faults(b, st))
		}
	}
}

// faults are what is said of the rows in a state: line, column, key, hint.
func (o *office) faults(b Batch, s RowState) (said []string) {
	o.t.Helper()
	rows, err := Rows(o.ctx, o.d, o.Keys, b, s, 0, 1000)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, r := range rows {
		for _, f := range r.Faults {
			said = append(said, strings.TrimRight(fmt.Sprintf("%d %s %s %s", r.Line, f.Col, f.Key, f.Hint), " "))
		}
	}
	return said
}

func (o *office) said(b Batch, s RowState, want ...string) {
	o.t.Helper()
	if got := o.faults(b, s); !slices.Equal(got, want) {
		o.t.Errorf("%s rows:\n%s\nwant\n%s", s, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func (o *office) count(q string, args ...any) (n int64) {
	o.t.Helper()
	if err := o.d.QueryRow(o.ctx, q, args...).Scan(&n); err != nil {
		o.t.Fatal(err)
	}
	return n
}

func (o *office) verified() {
	o.t.Helper()
	for _, f := range []func(context.Context, db.Reader) ([]ledger.Check, error){org.Verify, people.Verify, activity.Verify, roster.Verify} {
		checks, err := f(o.ctx, o.d)
		if err != nil {
			o.t.Fatal(err)
		}
		for _, c := range checks {
			if c.Broken > 0 {
				o.t.Errorf("verify %s: %d of %d broken: %v", c.Name, c.Broken, c.Checked, c.IDs)
			}
		}
	}
}

const living = "SELECT COALESCE(SUM(qty), 0) FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind WHERE k.key = $1"

// three are two adults and a girl of twelve.
const three = "志愿者登记表,,,,,,\r\n姓名,身份证号,联系电话,人员类别,监护人姓名,出生日期,登记单位\r\n" +
	"张 三,11010519491231002X,13800138001,热心群众,,,station\r\n" +
	"李四,,１３８００１３８００２,,,1980年5月1日,station\r\n" +
	"王小五,,13800138003,学生,王大五,2007.6.1,\r\n合计,3,,,,,\r\n"

func TestVolunteersAreEnteredOnceAndUndone(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		registered := o.count(living, "people.registered")
		b := o.bring(Volunteers, three)
		o.is(b, Checked, 3)
		if b.Told.Totals != 1 {
			t.Errorf("told %+v", b.Told)
		}
		b = o.enter(b)
		o.is(b, Done, 0, 0, 0, 3)
		if n := o.count(living, "people.registered"); n != registered+3 {
			t.Errorf("%d registered, want %d more than %d", n, 3, registered)
		}
		if n := o.count("SELECT COUNT(*) FROM audit_entry WHERE action LIKE 'people.registered%' OR action = 'intake.entered'"); n != 1 {
			t.Errorf("%d lines in the audit trail, want one for the batch", n)
		}
		if n := o.count("SELECT COUNT(*) FROM intake_piece"); n != 0 {
			t.Error("the file is kept after it was entered")
		}
		gb, err := simplifiedchinese.GB18030.NewEncoder().String(three)
		if err != nil {
			t.Fatal(err)
		}
		again := o.bring(Volunteers, gb)
		o.is(again, Checked, 0, 0, 3)
		if err := o.d.Write(o.ctx, func(tx *db.Tx) error { return Enter(o.ctx, tx, o.admin, again.ID) }); fail.Key(err) != "intake.nothing_good" {
			t.Errorf("entered twice: %v", err)
		}
		o.is(o.undo(b), Undone, 0, 0, 0, 0, 0, 3)
		if n := o.count(living, "people.registered"); n != registered {
			t.Errorf("%d registered after the undo, want %d", n, registered)
		}
		o.is(o.bring(Volunteers, three), Checked, 3)
	})
}

func TestWhatIsWrongIsSaidAtTheCell(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		b := o.bring(Volunteers, "姓名,身份证号,联系电话,人员类别,监护人姓名,出生日期,登记单位\r\n"+
			",11010519491231002X,,,,,\r\n"+
			"张三,3.2E+17,,,,,\r\n"+
			"李四,110105194912310000,,,,,\r\n"+
			"王五,110105194912310021,,,,,\r\n"+
			"赵六,,138001,,,,\r\n"+
			"孙七,,,,,2020-02-30,\r\n"+
			"周八,,,群眾代表,,,\r\n"+
			"吴九,,,,,2010-01-01,\r\n"+
			"郑十,,,,,,sibling statoin\r\n"+
			"好人,,13800138009,,,1980-01-01,\r\n"+
			"好人1,,,,,,\r\n"+
			"好人,,13800138009,,,1980-01-01,\r\n")
		o.is(b, Checked, 1, 10, 1)
		o.said(b, Bad, "2 name intake.missing", "3 idno sheet.lost_digits", "4 idno sheet.lost_digits", "5 idno ident.citizen_check",
			"6 contact ident.phone", "7 birth intake.day", "8 category intake.category_unknown", "9 guardian intake.guardian_missing",
			"9 contact people.guardian_phone_missing", "10 org intake.org_unknown sibling station", "12 name people.name_signs")
		o.said(b, Same, "13  intake.twice")
		o.is(o.enter(b), Done, 0, 10, 1, 1)
	})
}

func TestFilesThatCannotBeReadAreRefusedInWords(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		for text, key := range map[string]string{"a,b\r\n1,2\r\n": "sheet.no_headings", "手机号,出生日期\r\n1,2\r\n": "sheet.heading_missing", "姓名,手机号\r\n": "intake.no_rows"} {
			b := o.bring(Volunteers, text)
			if b.State != Refused || b.Told.Refused == nil || b.Told.Refused.Key != key {
				t.Errorf("%q: %s %+v", text, b.State, b.Told.Refused)
			}
		}
		_, err := Bring(o.ctx, o.d, o.Keys, o.admin, File{Kind: Volunteers, Org: o.Center, Name: "a.xls", Body: strings.NewReader("\xd0\xcf\x11\xe0"), Size: 4, Paper: true})
		if fail.Key(err) != "sheet.old_format" {
			t.Error(err)
		}
		_, err = Bring(o.ctx, o.d, o.Keys, o.admin, File{Kind: Volunteers, Org: o.Center, Name: "a.csv", Body: strings.NewReader(three), Size: int64(len(three))})
		if fail.Key(err) != "intake.paper_missing" {
			t.Error(err)
		}
		_, err = Bring(o.ctx, o.d, o.Keys, o.foreign, File{Kind: Orgs, Org: o.Center, Name: "a.csv", Body: strings.NewReader(three), Size: int64(len(three))})
		if fail.KindOf(err) != fail.Forbidden {
			t.Error(err)
		}
		b := o.bring(Volunteers, three)
		if _, err := Get(o.ctx, o.d, o.foreign, b.ID); fail.KindOf(err) != fail.NotFound {
			t.Error(err)
		}
	})
}

func TestOrganisationsHangUnderOneAnother(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		list := "单位类型,单位名称,上级单位,区划\r\n志愿服务组织,红马甲服务队,station,\r\n志愿服务队,红马甲一分队,红马甲服务队,\r\n站,没有的站,institute,没有的村\r\n"
		b := o.bring(Orgs, list)
		if b.Good != 2 {
			o.is(b, Checked, 2, 1)
		}
		b = o.enter(b)
		o.is(b, Done, 0, 1, 0, 2)
		top, err := org.ByName(o.ctx, o.d, "红马甲服务队")
		if err != nil || len(top) != 1 || top[0].Parent != o.Station {
			t.Fatal(top, err)
		}
		sub, err := org.ByName(o.ctx, o.d, "红马甲一分队")
		if err != nil || len(sub) != 1 || sub[0].Parent != top[0].ID {
			t.Fatal(sub, err)
		}
		o.is(o.bring(Orgs, list), Checked, 0, 1, 2)
		facts := o.count(living, "org.registered")
		o.Staff("leader", top[0].ID, auth.Leader)
		o.is(o.undo(b), Undone, 0, 1, 0, 0, 0, 1, 1)
		o.said(b, Kept, "2  intake.org_used")
		if n := o.count(living, "org.registered"); n != facts-1 {
			t.Errorf("%d organisations count, want %d", n, facts-1)
		}
	})
}

func TestActivitiesAreDraftsWithTheirShifts(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		day := o.c.Now().Add(48 * time.Hour).In(i18n.Zone()).Format(time.DateOnly)
		services, err := activity.Services(o.ctx, o.d)
		if err != nil {
			t.Fatal(err)
		}
		list := "活动名称,主办单位,服务类别,地点,岗位,人数,日期,开始时间,结束时间\r\n"
		row := func(title, post, places, day, start, end string) {
			list += strings.Join([]string{title, "team", services[0].Name, "社区北门", post, places, day, start, end}, ",") + "\r\n"
		}
		row("打扫楼道", "清洁", "2", day, "8:00", "10时30分")
		row("打扫楼道", "清洁", "2", strings.ReplaceAll(day, "-", "/"), "14：00", "16:00")
		row("打扫楼道", "引导", "3", day, "22:00", "2:00")
		row("过去的", "清洁", "2", "2020.1.1", "8:00", "9:00")
		row("没人的", "清洁", "0", day, "8:00", "9:00")
		b := o.bring(Activities, list)
		o.is(b, Checked, 3, 2)
		o.said(b, Bad, "5 day roster.starts_in_past", "6 places roster.places_wrong")
		b = o.enter(b)
		o.is(b, Done, 0, 2, 0, 3)
		if n := o.count("SELECT COUNT(*) FROM activity_activity WHERE title = '打扫楼道' AND state = 'draft'"); n != 1 {
			t.Errorf("%d activities", n)
		}
		if n := o.count("SELECT COUNT(*) FROM roster_shift WHERE state = 'draft'"); n != 3 {
			t.Errorf("%d shifts", n)
		}
		o.is(o.bring(Activities, list), Checked, 0, 2, 3)
		o.is(o.undo(b), Undone, 0, 2, 0, 0, 0, 3)
		if n := o.count("SELECT COUNT(*) FROM activity_activity WHERE state = 'draft'"); n != 0 {
			t.Error("a draft is left")
		}
		o.is(o.enter(o.bring(Activities, list)), Done, 0, 2, 0, 3)
	})
}

// shift publishes an activity of the team with one shift tomorrow from 14:00 on.
func (o *office) shift() roster.Shift {
	o.t.Helper()
	leader, station := o.Staff("leader", o.Team, auth.Leader), o.Staff("station", o.Station, auth.Admin)
	services, err := activity.Services(o.ctx, o.d)
	if err != nil {
		o.t.Fatal(err)
	}
	at := slices.IndexFunc(services, func(s activity.Service) bool { return s.Slug == "cleaning" })
	in := activity.Edit{Service: services[at].ID, Title: "打扫楼道", Content: "打扫公共楼道", Place: "社区北门", Conditions: "身体健康", How: "本页报名",
		Risks: "地面湿滑", Protection: "手套、口罩", Contact: "0523-86880000", Signup: activity.SignupOpen}
	starts := o.c.Now().In(i18n.Zone()).Truncate(24 * time.Hour).Add(30 * time.Hour)
	var s roster.Shift
	o.write(func(tx *db.Tx) error {
		a, err := activity.Create(o.ctx, tx, leader, o.Team, in)
		if err != nil {
			return err
		}
		post, err := activity.AddPost(o.ctx, tx, leader, a, 1, activity.PostIn{Name: "清洁", Places: 5})
		if err != nil {
			return err
		}
		if s, err = roster.AddShift(o.ctx, tx, leader, a, roster.Plan{Post: post, Starts: starts, Ends: starts.Add(2 * time.Hour)}); err != nil {
			return err
		}
		return roster.Submit(o.ctx, tx, leader, a)
	})
	o.write(func(tx *db.Tx) error { return roster.Approve(o.ctx, tx, station, s.Activity.ID) })
	if s, err = roster.Get(o.ctx, o.d, s.ID); err != nil {
		o.t.Fatal(err)
	}
	return s
}

func TestHoursWaitForASecondPerson(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		s := o.shift()
		zhang, li := o.Volunteer("张三"), o.Volunteer("李四")
		starts := s.Starting().In(i18n.Zone())
		o.c.Set(s.Ending().Add(time.Hour))
		o.jobs()
		list := "活动名称,日期,姓名,签到时间,签退时间\r\n" +
			fmt.Sprintf("打扫楼道,%s,张三,%s,%s\r\n", s.Day, starts.Format("15:04"), starts.Add(90*time.Minute).Format("15:04")) +
			fmt.Sprintf("打扫楼道,%s,李四,,%s\r\n", s.Day, starts.Add(2*time.Hour).Format("15时04分")) +
			fmt.Sprintf("打扫楼梯,%s,张三,,%s\r\n", s.Day, starts.Add(2*time.Hour).Format("15:04")) +
			fmt.Sprintf("打扫楼道,%s,没这人,,%s\r\n", s.Day, starts.Add(2*time.Hour).Format("15:04"))
		b := o.bring(Attendance, list)
		o.is(b, Checked, 2, 2)
		o.said(b, Bad, "4 title intake.shift_unknown 打扫楼道", "5 name intake.person_unknown")
		if err := o.d.Write(o.ctx, func(tx *db.Tx) error { return Enter(o.ctx, tx, o.second, b.ID) }); fail.Key(err) != "intake.author_only" {
			t.Errorf("another person entered: %v", err)
		}
		b = o.enter(b)
		o.is(b, Done, 0, 2, 0, 2)
		if n := o.count(living, "roster.minutes"); n != 0 {
			t.Fatalf("%d minutes count before a second person has confirmed them", n)
		}
		told, err := roster.Pending(o.ctx, o.d, o.Center, 10)
		if err != nil || len(told) != 2 {
			t.Fatal(told, err)
		}
		at := slices.IndexFunc(told, func(b roster.Backfill) bool { return b.Person == zhang.Person })
		if told[at].Minutes != 90 || told[1-at].Person != li.Person || told[1-at].Minutes != 120 {
			t.Errorf("told %+v", told)
		}
		o.write(func(tx *db.Tx) error {
			_, err := roster.DecideHours(o.ctx, tx, o.second, told[at].ID, true, "")
			return err
		})
		o.is(o.bring(Attendance, list), Checked, 0, 2, 2)
		o.is(o.undo(b), Undone, 0, 2, 0, 0, 0, 1, 1)
		if n := o.count(living, "roster.minutes"); n != 90 {
			t.Errorf("%d minutes count, want the confirmed 90", n)
		}
	})
}

func TestUndoWithinADayAndWhatIsUsedStays(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		s := o.shift()
		b := o.enter(o.bring(Volunteers, three))
		l, err := people.Find(o.ctx, o.d, o.Keys, o.admin, people.Filter{Org: o.Center, Query: "13800138002", Limit: 5})
		if err != nil || len(l.People) != 1 {
			t.Fatal(l, err)
		}
		o.write(func(tx *db.Tx) error {
			_, err := roster.SignUp(o.ctx, tx, o.admin, roster.Request{Shift: s.ID, Person: l.People[0].ID, Place: roster.Primary})
			return err
		})
		o.is(o.undo(b), Undone, 0, 0, 0, 0, 0, 2, 1)
		o.said(b, Kept, "4  intake.person_used")

		late := o.enter(o.bring(Volunteers, "姓名,联系电话\r\n钱一,13800138077\r\n"))
		o.c.Add(UndoWithin)
		if err := o.d.Write(o.ctx, func(tx *db.Tx) error { return Undo(o.ctx, tx, o.admin, late.ID) }); fail.Key(err) != "intake.undo_late" {
			t.Error(err)
		}
		o.c.Add(keepRows + 2*time.Hour)
		o.jobs()
		if n := o.count("SELECT COUNT(*) FROM intake_row"); n != 0 {
			t.Errorf("%d rows are kept", n)
		}
	})
}

// A pass that is broken off anywhere goes on where it was: every row once.
func TestAnImportGoesOnAfterBeingBrokenOff(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		var list strings.Builder
		list.WriteString("姓名,联系电话\r\n")
		for i := range 300 {
			fmt.Fprintf(&list, "%c%c%c,139%08d\r\n", 0x5f20, 0x4e00+i, 0x4e09, i)
		}
		text := list.String()
		batch, err := Bring(o.ctx, o.d, o.Keys, o.admin, File{Kind: Volunteers, Org: o.Station, Name: "a.csv", Body: bytes.NewReader([]byte(text)), Size: int64(len(text)), Paper: true, Lang: i18n.Chinese})
		if err != nil {
			t.Fatal(err)
		}
		w := &worker{d: o.d, keys: o.Keys, per: perTurn}
		for _, step := range []func(context.Context, jobs.Job) error{w.read, w.enter, w.undo} {
			for i := 1; ; i++ {
				ctx, cancel := context.WithCancel(o.ctx)
				var breaking sync.WaitGroup
				breaking.Go(func() { // it is broken off a little later each time
					for n := 0; n < 40*i && ctx.Err() == nil; n++ {
						o.count("SELECT COUNT(*) FROM intake_row")
					}
					cancel()
				})
				err := step(ctx, jobs.Job{Ref: batch})
				cancel()
				breaking.Wait()
				if b := o.batch(batch); !b.State.Busy() {
					break
				}
				if err == nil && i > 200 {
					t.Fatal("it never ends")
				}
			}
			switch b := o.batch(batch); b.State {
			case Checked:
				o.is(b, Checked, 300)
				o.write(func(tx *db.Tx) error { return Enter(o.ctx, tx, o.admin, batch) })
			case Done:
				o.is(b, Done, 0, 0, 0, 300)
				if n := o.count("SELECT COUNT(DISTINCT made) FROM intake_row"); n != 300 {
					t.Errorf("%d records of 300 rows", n)
				}
				o.write(func(tx *db.Tx) error { return Undo(o.ctx, tx, o.admin, batch) })
			default:
				o.is(b, Undone, 0, 0, 0, 0, 0, 300)
			}
		}
	})
}

// A list of many turns is read once, from its beginning to its end: each turn goes on in the file that
// the last left open. A turn in another process finds its place by itself.
func TestAFileIsReadOnce(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		var list strings.Builder
		list.WriteString("姓名,联系电话\r\n")
		for i := range 100 {
			fmt.Fprintf(&list, "%c%c%c,139%08d\r\n", 0x5f20, 0x4e00+i, 0x4e09, i)
		}
		text := list.String()
		batch, err := Bring(o.ctx, o.d, o.Keys, o.admin, File{Kind: Volunteers, Org: o.Station, Name: "a.csv", Body: strings.NewReader(text), Size: int64(len(text)), Paper: true, Lang: i18n.Chinese})
		if err != nil {
			t.Fatal(err)
		}
		here, elsewhere := &worker{d: o.d, keys: o.Keys, per: 10}, &worker{d: o.d, keys: o.Keys, per: 10}
		var open *reading
		for turn := int64(1); ; turn++ {
			w := here
			if turn == 6 {
				w = elsewhere
			}
			if err := w.read(o.ctx, jobs.Job{Ref: batch}); err != nil {
				t.Fatal(err)
			}
			b := o.batch(batch)
			if b.State == Checked {
				o.is(b, Checked, 100)
				break
			}
			r := w.kept.open[batch]
			if b.Total != turn*10 || r == nil || r.n != b.Total {
				t.Fatalf("after %d turns %d rows are stored, %+v", turn, b.Total, r)
			}
			if turn == 1 || turn == 7 {
				open = r
			}
			if turn != 6 && r != open {
				t.Errorf("turn %d has opened the file again", turn)
			}
		}
		if len(here.kept.open) > 0 {
			t.Error("a file that was read to its end is kept")
		}
	})
}

// Nothing of a list is in the clear in the tables of this package.
func TestAListIsKeptSealed(t *testing.T) {
	inOffice(t, func(t *testing.T, o *office) {
		b := o.bring(Volunteers, three)
		for _, q := range []string{"SELECT body FROM intake_row", "SELECT body FROM intake_piece", "SELECT name FROM intake_batch"} {
			rows, err := o.d.Query(o.ctx, q)
			found, err := db.Collect(rows, err, db.Value[[]byte])
			if err != nil || len(found) == 0 {
				t.Fatal(q, len(found), err)
			}
			for _, f := range found {
				for _, plain := range []string{"张三", "张 三", "11010519491231002X", "138001380"} {
					if bytes.Contains(f, []byte(plain)) {
						t.Errorf("%s holds %q", q, plain)
					}
				}
			}
		}
		if name, err := b.FileName(o.Keys); err != nil || name != "张三的名单.csv" {
			t.Error(name, err)
		}
	})
}
