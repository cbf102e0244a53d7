package report

import "testing"

func TestPeriods(t *testing.T) {
	for _, c := range []struct {
		every          Every
		from, to       string // of the duty
		at, last, next string
	}{
		{Daily, "2020-02-28", "", "2020-02-28", "2020-02-28", "2020-02-29"},
		{Weekly, "2020-02-26", "", "2020-02-26", "2020-03-01", "2020-03-02"},
		{Weekly, "2020-03-01", "", "2020-03-01", "2020-03-01", "2020-03-02"},
		{Weekly, "2020-02-24", "2020-03-04", "2020-03-02", "2020-03-04", "2020-03-05"},
		{Monthly, "2020-02-10", "", "2020-02-10", "2020-02-29", "2020-03-01"},
		{Monthly, "2020-02-10", "", "2020-12-01", "2020-12-31", "2021-01-01"},
		{Once, "2020-02-10", "2020-02-20", "2020-02-10", "2020-02-20", "2020-02-21"},
	} {
		d := Duty{Every: c.every, From: c.from, To: c.to, Clock: "18:00", Grace: 2}
		p, ok := d.period(c.at)
		if !ok || p.From != c.at || p.To != c.last || p.after() != c.next {
			t.Errorf("%s from %s: %+v, then %s", c.every, c.at, p, p.after())
		}
		if want := moment(c.last, "18:00").AddDate(0, 0, 2).UnixMilli(); p.Due != want {
			t.Errorf("%s from %s: due %d, want %d", c.every, c.at, p.Due, want)
		}
	}
	for _, d := range []Duty{{Every: Once, From: "2020-02-10", To: "2020-02-20"}, {Every: Daily, From: "2020-02-10", To: "2020-02-20"}} {
		if p, ok := d.period("2020-02-21"); ok {
			t.Errorf("%s goes on with %+v", d.Every, p)
		}
	}
}
