package web_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/jobs"
	"tongxin/internal/base/sheet"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/intake"
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
		at := s.shift(shiftPlan{}).ID
		for path, head := range map[string]string{
			"/desk/orgs": "单位类型,", "/desk/activities": "活动名称,", "/desk/people": "姓名,身份证号,", "/desk/certificates": "姓名,志愿者编号,", "/desk/duplicates": "状态,依据,",
			"/desk/shifts": "活动,", "/desk/shifts/" + string(at): "岗位,", "/desk/shifts/" + string(at) + "/hours": "活动名称,日期,", "/desk/hours": "活动,", "/desk/anomalies": "日期,异常,",
			"/desk/guidance": "单位,", "/desk/reports": "单位,起,", "/desk/imports": "文件,",
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
		batch, err := intake.Bring(s.ctx, s.d, s.Keys, auth.System, intake.File{Kind: intake.Attendance, Org: s.Station, Name: "a.csv", Body: strings.NewReader(list), Size: int64(len(list)), Lang: i18n.Chinese})
		if err != nil {
			t.Fatal(err)
		}
		quiet := func(intake.Batch) {}
		if _, err = intake.Work(s.ctx, s.d, s.Keys, batch, quiet); err == nil {
			s.Write(func(ctx context.Context, tx *db.Tx) error { return intake.Enter(ctx, tx, auth.System, batch) })
			var b intake.Batch
			if b, err = intake.Work(s.ctx, s.d, s.Keys, batch, quiet); b.Made != 2 {
				t.Fatalf("%+v", b)
			}
		}
		s.back(s.station)
		if out := s.station.get("/desk/shifts/" + string(x.ID) + "/hours?as=csv"); err != nil || out.text != list {
			t.Errorf("%v\nbrought\n%s\ncame out\n%s", err, list, out.text)
		}
	})
}
