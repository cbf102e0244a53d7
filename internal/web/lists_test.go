package web_test

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/base/sheet"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/intake"
	"tongxin/internal/work/people"
)

// office is a town that brings lists in.
func office(s *town) *town {
	s.Helper()
	s.officials()
	if err := s.d.Write(s.Context(), func(tx *db.Tx) error { return activity.Install(s.Context(), tx) }); err != nil {
		s.Fatal(err)
	}
	return s
}

// bringIn enters a list at the centre and says what came of it.
func (s *town) bringIn(k intake.Kind, file string) intake.Batch {
	s.Helper()
	run := jobs.NewRunner(s.d)
	intake.Handle(run, s.d, s.keys)
	batch, err := intake.Bring(s.Context(), s.d, s.keys, auth.System, intake.File{Kind: k, Org: s.Center, Name: "list", Body: strings.NewReader(file), Size: int64(len(file)), Paper: true, Lang: i18n.Chinese})
	if err != nil {
		s.Fatal(err)
	}
	step := func(f func(tx *db.Tx) error) {
		if f != nil {
			err = s.d.Write(s.Context(), f)
		}
		if err == nil {
			err = run.RunDue(s.Context())
		}
		if err != nil {
			s.Fatal(err)
		}
	}
	step(nil)
	step(func(tx *db.Tx) error { return intake.Enter(s.Context(), tx, auth.System, batch) })
	b, err := intake.Get(s.Context(), s.d, auth.System, batch)
	if err != nil {
		s.Fatal(err)
	}
	if b.Failed+b.Bad > 0 {
		for _, state := range []intake.RowState{intake.Bad, intake.Failed} {
			rows, err := intake.Rows(s.Context(), s.d, s.keys, b, state, 0, 10)
			for _, r := range rows {
				s.Error(state, r.Cells, r.Faults, err)
			}
		}
	}
	return b
}

// cells are all that stands in a file below its head, row by row.
func cells(t *testing.T, k intake.Kind, file string) (all []string) {
	t.Helper()
	names := map[string][]string{}
	for _, col := range intake.Columns(k) {
		names[col] = []string{intake.Heading(k, col, i18n.Chinese)}
	}
	book, err := sheet.Open(strings.NewReader(file), int64(len(file)), "list.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := book.Tables(sheet.NewHeadings(names))
	if err != nil {
		t.Fatal(err)
	}
	for row, err := range tables[0].Rows() {
		if err != nil {
			t.Fatal(err)
		}
		var line []string
		for _, col := range intake.Columns(k) {
			line = append(line, row.Cell(col).Text)
		}
		all = append(all, strings.Join(line, "|"))
	}
	return all
}

// A list that was taken out, brought in elsewhere and taken out again is the same: as CSV to the
// byte, as a workbook to the cell. What spreadsheets would take for formulas comes back as it was.
func TestListsOutAndInAndOut(t *testing.T) {
	for _, l := range []struct {
		kind      intake.Kind
		path      string
		list      string
		many      int64
		has, with string // in CSV, and in the workbook
	}{
		{intake.Orgs, "/desk/orgs?below=true", "单位类型,单位名称,上级单位,区划,统一社会信用代码,地址,简介\r\n" +
			"志愿服务队,'=SUM(队),station,,,'@路 1 号,\"两行\r\n简介, 带逗号\"\r\n" +
			"站,新站,institute,321281001003,,,\r\n" +
			"志愿服务队,阿队,新站,,91110000802100433B,+1 号,''-撇号\r\n", 3, "'=SUM(队)", "=SUM(队)"},
		{intake.Activities, "/desk/activities", "活动名称,主办单位,服务类别,地点,报名条件,岗位,人数,B岗人数,日期,开始时间,结束时间,咨询电话\r\n" +
			"=卡口,team,卫生清洁,-北门,无,测温,4,1,2020-03-07,22:00,6:00,0523-86880000\r\n" +
			"=卡口,team,卫生清洁,-北门,无,登记,2,,2020-03-07,8:00,12:00,0523-86880000\r\n" +
			"扫雪,station,卫生清洁,南门,无,扫雪,20,,2020-03-08,8:00,11:30,\r\n", 3, "'=卡口,team", "=卡口"},
	} {
		t.Run(string(l.kind), func(t *testing.T) {
			inTown(t, func(s *town) {
				office(s)
				if b := s.bringIn(l.kind, "\ufeff"+l.list); b.Made != l.many {
					s.Fatalf("%+v", b)
				}
				csv, xlsx := s.get("center", l.path+and(l.path)+"as=csv"), s.get("center", l.path+and(l.path)+"as=xlsx")
				if !strings.Contains(csv.text, l.has) || csv.code != 200 || xlsx.code != 200 {
					s.Fatalf("%d %s", csv.code, csv.text)
				}
				if all := cells(s.T, l.kind, xlsx.text); !strings.Contains(strings.Join(all, "\n"), l.with) {
					s.Errorf("%q", all)
				}
				for _, file := range []*answer{csv, xlsx} {
					d, c := dbtest.Open(s.T, s.d.Engine())
					other := office(settled(s.T, d, c, s.keys))
					other.bringIn(l.kind, file.text)
					if again := other.get("center", l.path+and(l.path)+"as=csv"); again.text != csv.text {
						s.Errorf("out\n%s\nand again\n%s", csv.text, again.text)
					}
					if again := other.get("center", l.path+and(l.path)+"as=xlsx"); !slices.Equal(cells(s.T, l.kind, again.text), cells(s.T, l.kind, xlsx.text)) {
						s.Errorf("out\n%q\nand again\n%q", cells(s.T, l.kind, xlsx.text), cells(s.T, l.kind, again.text))
					}
				}
			})
		})
	}
}

func and(path string) string {
	if strings.Contains(path, "?") {
		return "&"
	}
	return "?"
}

// Taking a list out leaves one entry in the trail, with what was taken and nothing of what stood in it;
// a format that there is not is refused and leaves none.
func TestTakingAListOutIsTold(t *testing.T) {
	inTown(t, func(s *town) {
		office(s)
		s.get("center", "/desk/orgs?below=true&as=csv").is(200)
		s.get("center", "/desk/orgs?below=true&as=pdf").is(422)
		s.get("sibling", "/desk/orgs?as=csv&at="+string(s.Station)).is(403)
		if _, err := audit.Book().Seal(s.Context(), s.d, "test"); err != nil {
			s.Fatal(err)
		}
		trail := s.get("auditor", "/desk/audits?area=list").is(200, "导出名单表格").text
		if n := strings.Count(trail, "导出名单表格"); n != 1 || !strings.Contains(trail, ">5<") || !strings.Contains(trail, "orgs") {
			s.Errorf("%d entries: %s", n, trail)
		}
	})
}

// Every list of the desk comes as CSV and as a workbook, for whoever sees its page; each begins with
// the names of its columns.
func TestEveryListIsAFile(t *testing.T) {
	inSquare(t, func(s *square) {
		s.volunteer("王小明")
		x := s.shift(shiftPlan{})
		at, of := x.ID, x.Activity.ID
		for path, head := range map[string]string{
			"/desk/orgs": "单位类型,", "/desk/activities": "活动名称,", "/desk/people": "姓名,身份证号,", "/desk/certificates": "姓名,志愿者编号,", "/desk/duplicates": "状态,依据,",
			"/desk/shifts": "活动,", "/desk/shifts/" + string(at): "岗位,", "/desk/shifts/" + string(at) + "/hours": "活动名称,日期,", "/desk/hours": "活动,", "/desk/anomalies": "日期,异常,",
			"/desk/guidance": "单位,", "/desk/reports": "单位,起,", "/desk/imports": "文件,", "/desk/reviews": "活动名称,主办,", "/desk/campaigns": "名称,层级,", "/desk/at-risk": "活动,",
			"/desk/orgs/pending": "名称,类型,", "/desk/activities/" + string(of) + "/shifts": "活动,",
		} {
			csv := s.station.get(path + "?as=csv")
			if csv.code != 200 || !strings.HasPrefix(csv.text, "\ufeff"+head) {
				t.Errorf("%s: %d %s", path, csv.code, csv.text)
			}
			if xlsx := s.station.get(path + "?as=xlsx"); xlsx.code != 200 || !strings.HasPrefix(xlsx.text, "PK") {
				t.Errorf("%s: %d", path, xlsx.code)
			}
		}
		for _, path := range []string{"/desk/orgs", "/desk/activities", "/desk/people", "/desk/shifts/" + string(at), "/desk/hours", "/desk/anomalies"} {
			if page := s.station.get(path); !strings.Contains(page.text, "as=csv") || !strings.Contains(page.text, "as=xlsx") {
				t.Errorf("%s offers no file", path)
			}
		}
		if staff := s.worker("guard", s.Station, auth.SecurityAdmin).get("/desk/staff?as=csv"); staff.code != 200 || !strings.Contains(staff.text, "guard") {
			t.Errorf("%d %s", staff.code, staff.text)
		}
		masked := s.station.get("/desk/people?as=csv").text
		if strings.Contains(masked, "王小明") || !strings.Contains(masked, "王") {
			t.Errorf("%s", masked)
		}
	})
}

// Attendance that was brought comes out as it was brought, to the byte.
func TestAttendanceComesOutAsItWasBrought(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "扫雪"})
		first, other := s.volunteer("沈玉兰"), s.volunteer("王小明")
		s.at(x, 26*time.Hour)
		start := i18n.Clock(x.Starting())
		list := "\ufeff" + strings.Join(intake.Heads(intake.Attendance, i18n.Chinese), ",") + "\r\n"
		for _, v := range [][2]string{{s.no(first), "沈玉兰," + start + ",16:00,纸质签到"}, {s.no(other), "王小明," + start + ",15:30,"}} {
			list += "扫雪," + x.Day + "," + start + "," + v[0] + ",," + v[1] + "\r\n"
		}
		s.enters(intake.Attendance, s.Station, list, 2)
		s.back(s.station)
		if out := s.station.get("/desk/shifts/" + string(x.ID) + "/hours?as=csv"); out.text != list {
			t.Errorf("brought\n%s\ncame out\n%s", list, out.text)
		}
	})
}

// enters enters a list of which so many rows must be good.
func (s *square) enters(k intake.Kind, at id.ID, list string, many int64) {
	s.Helper()
	batch, err := intake.Bring(s.ctx, s.d, s.Keys, auth.System, intake.File{Kind: k, Org: at, Name: "list.xlsx.csv", Body: strings.NewReader(list), Size: int64(len(list)), Paper: true, Lang: i18n.Chinese})
	if err != nil {
		s.Fatal(err)
	}
	quiet := func(intake.Batch) {}
	if _, err := intake.Work(s.ctx, s.d, s.Keys, batch, quiet); err != nil {
		s.Fatal(err)
	}
	s.Write(func(ctx context.Context, tx *db.Tx) error { return intake.Enter(ctx, tx, auth.System, batch) })
	b, err := intake.Work(s.ctx, s.d, s.Keys, batch, quiet)
	if err != nil || b.Made != many {
		rows, _ := intake.Rows(s.ctx, s.d, s.Keys, b, intake.Bad, 0, 10)
		s.Fatalf("%v %+v %+v", err, b, rows)
	}
}

// handed is the station's list unmasked, asked for and agreed to.
func (s *square) handed(format string) string {
	s.Helper()
	s.station.post("/desk/handouts", "org", string(s.Station), "category", "0", "purpose", "other_system").is(303)
	at := regexp.MustCompile(`/desk/handouts/[^/]+`).FindString(s.institute.get("/desk/handouts").is(200).text)
	s.institute.post(at + "/agree").is(303)
	out := s.station.post(at + "/take?as=" + format)
	if out.code != 200 {
		s.Fatalf("%d %s", out.code, out.text)
	}
	return out.text
}

// Volunteers go out unmasked once a second person of a higher tier has agreed, and come in elsewhere
// with all that the template has: out, in and out again is the same, as CSV to the byte.
func TestVolunteersOutUnmaskedAndInAndOut(t *testing.T) {
	const list = "\ufeff姓名,身份证号,出生日期,联系电话,电话是谁的,人员类别,监护人姓名,登记单位\r\n" +
		"张三,11010519491231002X,1949-12-31,13800138001,本人,热心群众,,station\r\n" +
		"李小妹,,2008-03-01,13800138002,监护人,热心群众,李四,station\r\n" +
		"欧阳娜娜,,1990-05-06,052386880000,亲属,热心群众,,station\r\n" +
		"王五,,,,,热心群众,,station\r\n"
	inSquare(t, func(s *square) {
		s.enters(intake.Volunteers, s.Station, list, 4)
		if out := s.handed("csv"); out != list {
			t.Errorf("brought\n%s\ncame out\n%s", list, out)
		}
		xlsx := s.handed("xlsx")
		d, c := dbtest.Open(t, s.d.Engine())
		other := squareIn(quarterIn(t, d, c))
		other.enters(intake.Volunteers, other.Station, xlsx, 4)
		if again := other.handed("csv"); again != list {
			t.Errorf("out, in and out again:\n%s", again)
		}
		if again := other.handed("xlsx"); !slices.Equal(cells(t, intake.Volunteers, again), cells(t, intake.Volunteers, xlsx)) {
			t.Errorf("%q", cells(t, intake.Volunteers, again))
		}
	})
}

// An unmasked list is handed out once, to whoever asked, for a day, after another person's yes; each
// step is in the trail, with nothing that stood in the list.
func TestAnUnmaskedListIsHandedOutOnce(t *testing.T) {
	inSquare(t, func(s *square) {
		s.volunteer("沈玉兰")
		s.station.post("/desk/handouts", "org", string(s.Station), "category", "0", "purpose", "").is(422)
		s.station.post("/desk/handouts", "org", string(s.Center), "category", "0", "purpose", "insurance").is(403)
		s.leader.get("/desk/handouts").is(403)
		ask := func() string {
			s.station.post("/desk/handouts", "org", string(s.Station), "category", "0", "purpose", "insurance").is(303)
			return regexp.MustCompile(`/desk/handouts/[^/]+`).FindString(s.institute.get("/desk/handouts").text)
		}
		at := ask()
		s.station.get("/desk/handouts").is(200, "办理保险", "等上级或另一位审核员批准")
		s.station.post(at + "/agree").is(403)
		s.station.post(at + "/take?as=csv").is(409)
		s.institute.post(at + "/agree").is(303)
		s.institute.post(at + "/take?as=csv").is(404)
		s.station.post(at + "/take?as=pdf").is(422)
		if out := s.station.post(at + "/take?as=csv"); out.code != 200 || !strings.Contains(out.text, "沈玉兰") {
			t.Errorf("%d %s", out.code, out.text)
		}
		s.station.post(at + "/take?as=csv").is(409)
		at = ask()
		s.institute.post(at + "/refuse").is(303)
		s.institute.post(at + "/agree").is(409)
		s.station.post(at + "/take?as=csv").is(409)
		at = ask()
		s.institute.post(at + "/agree").is(303)
		s.clock.Add(people.HandoutFor)
		s.back(s.station)
		s.station.post(at + "/take?as=csv").is(409)
		rows, err := s.d.Query(s.ctx, "SELECT action || after FROM audit_entry WHERE action LIKE 'people.handout%' OR action = 'list.exported' ORDER BY at, id")
		told, err := db.Collect(rows, err, db.Value[string])
		if all := strings.Join(told, "\n"); err != nil || strings.Count(all, "handout_asked") != 3 || strings.Count(all, "handout_taken") != 1 || strings.Count(all, "list.exported") != 1 ||
			strings.Contains(all, "沈") || !strings.Contains(all, `"rows":1`) {
			t.Errorf("%v %s", err, all)
		}
	})
}
