package progress_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/report/progress"
)

// read reads a list for a schedule, as a file of that format.
func (w *world) read(s id.ID, f sheet.Format, rows ...[]string) ([]progress.Listed, error) {
	w.Helper()
	var b bytes.Buffer
	out, err := sheet.NewWriter(&b, f, sheet.Layout{Name: "list"})
	w.must(err)
	for _, r := range rows {
		cells := make([]sheet.Cell, len(r))
		for i, text := range r {
			cells[i] = sheet.Text(text)
		}
		w.must(out.Row(cells...))
	}
	w.must(out.Close())
	book, err := sheet.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), "list."+string(f))
	w.must(err)
	one, err := progress.Get(w.ctx, w.d, s)
	w.must(err)
	return one.ReadList(w.ctx, w.d, book, "2020-02-28")
}

var heads = []string{"单位", "事项", "指标", "开始日期", "到期日期", "目标", "按日计划"}

// What is wrong is told at its cell; what is right is taken as the form would take it.
func TestAListIsReadWithWhatIsWrongAtItsCell(t *testing.T) {
	inWorlds(t, func(w *world) {
		s := w.schedule()
		for _, f := range []sheet.Format{sheet.XLSX, sheet.CSV} {
			all, err := w.read(s, f, []string{"2020 春季进度表"}, heads,
				[]string{"center", "开展活动", "开展活动", "2020-03-01", "2020-03-20", "50", "2020-03-05 40；2020-03-10 75"},
				[]string{"321282000000", "开展活动", "activities_held", "", "2020年3月20日", "６0", ""},
				[]string{"station", "服务时长", "服务时长", "2020/3/1", "2020-03-20", "120", ""},
				[]string{"station", "满员率", "报名满额率", "2020-03-01", "2020-03-20", "80%", ""},
				[]string{"institute", "部署会", "", "2020-03-01", "2020-03-02", "", ""})
			w.must(err)
			got := ""
			for _, l := range all {
				got += fmt.Sprintf("%s %s %s %s %d %d; ", l.In.Item, l.In.Indicator, l.In.From, l.In.Due, l.In.Target, len(l.Wrong))
			}
			want := "开展活动 activities_held 2020-03-01 2020-03-20 50 0; 开展活动 activities_held 2020-02-28 2020-03-20 60 0; " +
				"服务时长 minutes 2020-03-01 2020-03-20 7200 0; 满员率 fill_rate 2020-03-01 2020-03-20 8000 0; 部署会  2020-03-01 2020-03-02 0 0; "
			if got != want {
				t.Errorf("%s: %s\nwant %s", f, got, want)
			}
		}
		all, err := w.read(s, sheet.XLSX, heads,
			[]string{"nobody", "开展活动", "开展活动", "2020-03-01", "2020-03-20", "50", ""},
			[]string{"province office", "开展活动", "开展活动", "2020-03-01", "2020-03-20", "50", ""},
			[]string{"center", "开展活动", "跳舞", "2020-03-01", "2020-03-20", "50", ""},
			[]string{"center", "", "开展活动", "soon", "2020-02-01", "many", "half"},
			[]string{"center", "走访", "开展活动", "2020-03-01", "2020-03-20", "50", ""},
			[]string{"station", "走访", "", "2020-03-01", "2020-03-20", "1", ""},
			[]string{"center", "走访", "开展活动", "2020-03-01", "2020-03-20", "50", ""})
		w.must(err)
		got := ""
		for _, l := range all {
			got += fmt.Sprintf("%d", l.N)
			for _, p := range l.Wrong {
				got += " " + p.Field + ":" + strings.TrimPrefix(p.Key, "progress.")
			}
			got += "; "
		}
		if want := "2 unit:org_unknown; 3 unit:org_unknown; 4 indicator:figure.unknown; 5 from:from_day target:target item:name_length; 6; 7 indicator:item_differs; 8 item:listed_twice; "; got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
		_, err = w.read(s, sheet.XLSX, []string{"单位", "事项", "目标"}, []string{"center", "开展活动", "3"})
		w.refused("sheet.heading_missing", err)
		_, err = w.read(s, sheet.CSV, heads)
		w.refused("progress.list_empty", err)
	})
}

// A list is taken in one entry of the audit trail, and taking it again changes nothing.
func TestAListIsTakenOnce(t *testing.T) {
	inWorlds(t, func(w *world) {
		s := w.schedule()
		w.row(s, w.Center, 10, "")
		ins := []progress.RowIn{held(w.Center, 50, ""), held(w.Foreign, 60, "2020-03-05 40")}
		take := func() (added, changed int, err error) {
			err = w.write(func(tx *db.Tx) (err error) {
				added, changed, err = progress.SetRows(w.ctx, tx, w.city, s, ins)
				return err
			})
			return added, changed, err
		}
		if a, c, err := take(); err != nil || a != 1 || c != 1 {
			t.Errorf("%d added, %d changed, %v", a, c, err)
		}
		if a, c, err := take(); err != nil || a+c != 0 {
			t.Errorf("again: %d added, %d changed, %v", a, c, err)
		}
		ins = append(ins, held(w.Province, 1, ""))
		_, _, err := take()
		w.refused("progress.org_outside", err)
		var n int
		w.must(w.d.QueryRow(w.ctx, "SELECT COUNT(*) FROM audit_entry WHERE action = 'progress.rows_imported'").Scan(&n))
		if n != 1 {
			t.Errorf("%d entries in the audit trail", n)
		}
		w.refused("org.out_of_reach", w.write(func(tx *db.Tx) error {
			_, _, err := progress.SetRows(w.ctx, tx, w.county, s, ins[:1])
			return err
		}))
	})
}

// The template is read as it was written, with what is filled in below its names.
func TestTheTemplateIsReadAgain(t *testing.T) {
	inWorlds(t, func(w *world) {
		s := w.schedule()
		for _, lang := range i18n.Languages() {
			var b bytes.Buffer
			w.must(progress.Template(&b, lang, []string{"center", "station"}))
			book, err := sheet.Open(bytes.NewReader(b.Bytes()), int64(b.Len()), "template.xlsx")
			w.must(err)
			one, err := progress.Get(w.ctx, w.d, s)
			w.must(err)
			_, err = one.ReadList(w.ctx, w.d, book, "2020-02-28")
			w.refused("progress.list_empty", err)
		}
	})
}
