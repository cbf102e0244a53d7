package report_test

import (
	"archive/zip"
	"bytes"
	"image"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/report"
)

var total = ledger.IndicatorOf("banquets_cancelled").Kinds[0]

func TestNumbersAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]int64{"2000": 2000, "2,000": 2000, "２０００": 2000, " 12 ": 12, "2万": 20000, "1.5万": 15000, "2.0": 2, "1000000000": 1e9, "007": 7} {
		if n, err := report.ParseNumber(text); n != want || err != nil {
			t.Errorf("%s is %d, %v", text, n, err)
		}
	}
	for text, key := range map[string]string{"": "form", "-3": "negative", "－3": "negative", "1.5": "whole", "1.55555万": "whole", "0": "nothing", "0万": "nothing",
		"1000000001": "large", "1000000000000": "large", "99999999999999999999": "large", "about 20": "form", "2e3": "form", "万": "form", "1..2": "form"} {
		if _, err := report.ParseNumber(text); fail.Key(err) != "report.number_"+key {
			t.Errorf("%s is refused as %v, want %s", text, err, key)
		}
	}
}

func TestATotalCountsWhenASecondPersonAcceptsIt(t *testing.T) {
	inWorlds(t, func(w *world) {
		p := w.submit(w.station, banquets())
		if n, _ := w.living(total); n != 0 {
			t.Error("it counts before it is accepted")
		}
		accept := func(actor auth.Actor) error {
			return w.try(func(tx *db.Tx) error { return report.Accept(w.ctx, tx, actor, p) })
		}
		w.refused("org.own_work", accept(w.station))
		w.refused("org.second_person", accept(orgtest.Staff(4, w.Station, auth.Admin)))
		w.refused("org.second_person", accept(orgtest.Staff(5, w.Foreign, auth.Admin)))
		w.must(accept(w.institute))
		if n, sum := w.living(total); n != 1 || sum != 2000 {
			t.Errorf("%d facts of %d", n, sum)
		}
		w.refused("report.not_while.accepted", accept(w.institute))
		facts, err := ledger.Of(w.ctx, w.d, p)
		w.must(err)
		if f := facts[0]; f.Day != "2020-02-28" || f.Grade != ledger.Declared || f.By != w.institute.Person || f.Area != int64(orgtest.StationArea) {
			t.Errorf("posted %+v", f)
		}
	})
}

func TestAReportIsReturnedAndWrittenAnew(t *testing.T) {
	inWorlds(t, func(w *world) {
		p := w.submit(w.station, banquets())
		back := func(reason string) error {
			return w.try(func(tx *db.Tx) error { return report.Return(w.ctx, tx, w.institute, p, reason) })
		}
		w.refused("report.reason_length", back("x"))
		w.must(back("whose banquets are these?"))
		again := banquets()
		again.Number = "1990"
		rewrite := func(rev int64) error {
			return w.try(func(tx *db.Tx) error { return report.Resubmit(w.ctx, tx, w.station, p, rev, again) })
		}
		w.refused("report.changed_meanwhile", rewrite(w.get(p).Rev-1))
		w.must(rewrite(w.get(p).Rev))
		if got := w.get(p); got.State != report.Submitted || got.Number != 1990 || got.Reason != "" {
			t.Errorf("rewritten to %+v", got)
		}
		withdraw := func(actor auth.Actor) error {
			return w.try(func(tx *db.Tx) error { return report.Withdraw(w.ctx, tx, actor, p) })
		}
		w.refused("org.out_of_reach", withdraw(orgtest.Staff(9, w.Sibling, auth.Admin)))
		w.must(withdraw(w.station))
		w.must(withdraw(w.station))
		w.refused("report.not_while.withdrawn", w.try(func(tx *db.Tx) error { return report.Accept(w.ctx, tx, w.institute, p) }))
	})
}

func TestACorrectionTakesThePlaceOfWhatItCorrects(t *testing.T) {
	inWorlds(t, func(w *world) {
		p := w.submit(w.station, banquets())
		var fixed id.ID
		correct := func() error {
			in := banquets()
			in.Number, in.Key = "1800", "plays" // what is corrected stays what it is
			return w.try(func(tx *db.Tx) error {
				made, err := report.Correct(w.ctx, tx, w.station, p, in)
				if err == nil {
					fixed = made
				}
				return err
			})
		}
		w.refused("report.not_while.submitted", correct())
		accept := func(p id.ID) {
			w.write(func(tx *db.Tx) error { return report.Accept(w.ctx, tx, w.institute, p) })
		}
		accept(p)
		w.must(correct())
		w.refused("report.corrected_already", correct())
		if _, sum := w.living(total); sum != 2000 {
			t.Errorf("while the correction waits %d count", sum)
		}
		accept(fixed)
		if n, sum := w.living(total); n != 1 || sum != 1800 || w.get(p).State != report.Corrected {
			t.Errorf("corrected to %d of %d, the old one is %s", n, sum, w.get(p).State)
		}
		w.refused("report.not_while.corrected", w.try(func(tx *db.Tx) error {
			_, err := report.Correct(w.ctx, tx, w.station, p, banquets())
			return err
		}))
	})
}

func TestWhatIsTypedWronglyIsSaidAtTheField(t *testing.T) {
	inWorlds(t, func(w *world) {
		for field, change := range map[string]func(in *report.In){
			"key":      func(in *report.In) { in.Key = "nonsense" },
			"number":   func(in *report.In) { in.Number = "-1" },
			"from":     func(in *report.In) { in.From = "yesterday" },
			"to":       func(in *report.In) { in.To = "2020-02-29" },
			"note":     func(in *report.In) { in.Note = strings.Repeat("x", 501) },
			"campaign": func(in *report.In) { in.Campaign = 99 },
		} {
			in := banquets()
			change(&in)
			err := w.try(func(tx *db.Tx) error {
				_, err := report.Submit(w.ctx, tx, w.station, w.Station, in)
				return err
			})
			if field == "campaign" {
				w.refused("campaign.unknown", err)
			} else if fields := fail.Fields(err); len(fields) != 1 || fields[0].Field != field {
				t.Errorf("%s: refused as %v", field, err)
			}
		}
	})
}

func TestAttachmentsAreWhatTheirContentSays(t *testing.T) {
	var picture, sheet, macros, bomb bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	pack := func(b *bytes.Buffer, names ...string) {
		z := zip.NewWriter(b)
		for _, n := range names {
			if _, err := z.Create(n); err != nil {
				t.Fatal(err)
			}
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
	}
	pack(&sheet, "[Content_Types].xml", "xl/workbook.xml")
	pack(&bomb, append(slices.Repeat([]string{"x"}, 30_000), "[Content_Types].xml", "xl/workbook.xml")...)
	pack(&macros, "[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin")
	for _, c := range []struct {
		name    string
		content []byte
		want    string // its name then, or the refusal
	}{
		{"C:\\scans\\list.exe", picture.Bytes(), "list.png"},
		{"../../etc/passwd", []byte("%PDF-1.4 x"), "passwd.pdf"},
		{"", sheet.Bytes(), "report.xlsx"},
		{"list.xlsx", macros.Bytes(), "report.file_kind"},
		{"bomb.xlsx", bomb.Bytes(), "report.file_kind"},
		{"page.png", []byte("<html><script>"), "report.file_kind"},
		{"a.pdf", nil, "report.file_empty"},
		{"a.pdf", append([]byte("%PDF-"), make([]byte, report.MaxFile)...), "report.file_large"},
	} {
		f, err := report.NewFile(c.name, c.content)
		if got := fail.Key(err); err != nil && got != c.want || err == nil && f.Name != c.want {
			t.Errorf("%s: %v, %v", c.name, f, err)
		}
	}
}

func TestAPeriodFallsDueOnItsLastDay(t *testing.T) {
	inWorlds(t, func(w *world) {
		duty := w.begin(w.weekly())
		w.run()
		if n, _ := w.living(report.Due); n != 0 {
			t.Errorf("%d due on Friday", n)
		}
		w.clock.Set(time.Date(2020, 3, 1, 0, 1, 0, 0, w.clock.Now().Location()))
		w.clock.Add(24 * time.Hour) // Sunday in any zone
		w.run()
		if n, sum := w.living(report.Due); n != 4 || sum != 28 {
			t.Errorf("%d due for %d days, want the two stations and the two teams for a week", n, sum)
		}
		periods, err := report.Periods(w.ctx, w.d, duty)
		w.must(err)
		if len(periods) != 2 || periods[1].To != "2020-03-01" || periods[1].Opened == 0 || periods[0].From != "2020-03-02" || periods[0].Opened != 0 {
			t.Errorf("periods %+v", periods)
		}
		w.write(func(tx *db.Tx) error { return report.Close(w.ctx, tx, w.city, duty) })
		w.clock.Add(14 * 24 * time.Hour)
		w.run()
		if n, _ := w.living(report.Due); n != 4 {
			t.Errorf("%d due after the duty was closed", n)
		}
	})
}

func TestNothingIsOneTapAndTakenBack(t *testing.T) {
	inWorlds(t, func(w *world) {
		d := w.weekly()
		d.Every, d.From, d.To = report.Once, "2020-02-20", "2020-02-27"
		duty := w.begin(d)
		w.run()
		mine, err := report.OwedBy(w.ctx, w.d, []id.ID{w.Station}, "2020-02-01")
		w.must(err)
		if len(mine) != 1 || mine[0].Duty != duty {
			t.Fatalf("owed by the station: %+v", mine)
		}
		tap := func(actor auth.Actor) error {
			return w.try(func(tx *db.Tx) error { return report.Nothing(w.ctx, tx, actor, mine[0].ID) })
		}
		w.refused("org.out_of_reach", tap(orgtest.Staff(9, w.Sibling, auth.Admin)))
		w.must(tap(w.station))
		w.must(tap(w.station))
		if n, _ := w.living(report.Nil); n != 1 {
			t.Errorf("%d facts of nothing", n)
		}
		w.write(func(tx *db.Tx) error { return report.Something(w.ctx, tx, w.station, mine[0].ID) })
		if n, _ := w.living(report.Nil); n != 0 {
			t.Errorf("%d facts of nothing after it was taken back", n)
		}
		w.must(tap(w.station))
	})
}

func TestRemindersGoOnceToWhoeverAnswers(t *testing.T) {
	inWorlds(t, func(w *world) {
		d := w.weekly()
		d.Every, d.From, d.To = report.Once, "2020-02-20", "2020-02-27"
		duty := w.begin(d)
		w.run()
		periods, err := report.Periods(w.ctx, w.d, duty)
		w.must(err)
		owed, err := report.OwedFor(w.ctx, w.d, periods[0].ID, []org.Seat{{Org: w.City, Position: 2}})
		w.must(err)
		var missing []id.ID
		for _, o := range owed {
			missing = append(missing, o.ID)
		}
		n := 0
		remind := func(actor auth.Actor) error {
			return w.try(func(tx *db.Tx) (err error) {
				n, err = report.Remind(w.ctx, tx, actor, duty, periods[0].ID, missing)
				return err
			})
		}
		w.refused("org.out_of_reach", remind(w.station))
		w.must(remind(w.city))
		if n != len(missing) || n != 4 {
			t.Errorf("%d of %d reminded", n, len(missing))
		}
		w.must(remind(w.city))
		if n != 0 {
			t.Errorf("%d reminded again at once", n)
		}
		w.run()
		w.clock.Add(report.Again + time.Minute)
		w.must(remind(w.city))
		if n != 4 {
			t.Errorf("%d reminded after a while", n)
		}
	})
}

func TestExactlyThoseNamedAreExpected(t *testing.T) {
	inWorlds(t, func(w *world) {
		d := w.weekly()
		d.Every = report.Daily
		w.write(func(tx *db.Tx) error {
			duty, err := report.BeginNamed(w.ctx, tx, w.city, d)
			if err != nil {
				return err
			}
			_, dues, err := report.ExpectAll(w.ctx, tx, "test", duty, "2020-02-27", []id.ID{w.Team, w.Institute, w.ForeignTeam})
			if err == nil && (len(dues) != 3 || dues[1].Org != w.Institute) {
				t.Errorf("owed %+v", dues)
			}
			return err
		})
		w.run()
		if n, sum := w.living(report.Due); n != 3 || sum != 3 {
			t.Errorf("%d due for %d days", n, sum)
		}
	})
}

func TestDutiesThatCannotBe(t *testing.T) {
	inWorlds(t, func(w *world) {
		for key, change := range map[string]func(d *report.Duty){
			"report.name_length": func(d *report.Duty) { d.Name = "x" },
			"report.types_none":  func(d *report.Duty) { d.Types = nil },
			"web.form.choose":    func(d *report.Duty) { d.Every = "hourly" },
			"report.day_form":    func(d *report.Duty) { d.From = "monday" },
			"report.from_far":    func(d *report.Duty) { d.From = "2018-01-01" },
			"report.once_to":     func(d *report.Duty) { d.Every = report.Once },
			"report.days_order":  func(d *report.Duty) { d.To = "2020-02-01" },
			"web.form.clock":     func(d *report.Duty) { d.Clock = "25:00" },
			"report.grace":       func(d *report.Duty) { d.Grace = 31 },
			"report.not_below":   func(d *report.Duty) { d.Under = w.Province },
			"campaign.unknown":   func(d *report.Duty) { d.Campaign = 99 },
			"org.out_of_reach":   func(d *report.Duty) { d.Org = w.Province },
		} {
			d := w.weekly()
			change(&d)
			w.refused(key, w.try(func(tx *db.Tx) error {
				_, err := report.Begin(w.ctx, tx, w.city, d)
				return err
			}))
		}
	})
}
