package progress

import (
	"math/big"
	"math/rand/v2"
	"testing"
	"time"

	"tongxin/internal/base/fail"
	_ "tongxin/internal/work/roster" // its indicators
)

// plan is what a row plans for a day, reckoned with fractions and day by day: between two
// points each day adds the same.
func plan(w Row, day string) int64 {
	points := append(Curve{{dayOf(number(w.From) - 1), 0}}, w.Curve...)
	points = append(points, Point{w.Due, 100})
	if day >= w.Due {
		return w.Target
	}
	for i := 1; i < len(points); i++ {
		a, b := points[i-1], points[i]
		if day < a.Day || day >= b.Day {
			continue
		}
		percent := new(big.Rat).SetInt64(a.Percent)
		step := new(big.Rat).SetFrac64(b.Percent-a.Percent, number(b.Day)-number(a.Day))
		for d := number(a.Day); d < number(day); d++ {
			percent.Add(percent, step)
		}
		percent.Mul(percent, new(big.Rat).SetFrac64(w.Target, 100))
		return new(big.Int).Quo(percent.Num(), percent.Denom()).Int64()
	}
	return 0
}

func TestPlannedIsTheCurveDayByDay(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		first := number("2020-01-01") + r.Int64N(60)
		w := Row{From: dayOf(first), Due: dayOf(first + r.Int64N(60)), Target: 1 + r.Int64N(5000)}
		var share int64
		for d := first; d < number(w.Due); d++ {
			if r.IntN(8) == 0 {
				share += r.Int64N(101 - share)
				w.Curve = append(w.Curve, Point{dayOf(d), share})
			}
		}
		last := int64(0)
		for d := first - 3; d < number(w.Due)+3; d++ {
			day := dayOf(d)
			got := w.Planned(Item{Indicator: "turns"}, day)
			if want := plan(w, day); got != want {
				t.Fatalf("%+v on %s: %d, want %d", w, day, got, want)
			}
			if got < last {
				t.Fatalf("%+v on %s: the plan falls", w, day)
			}
			last = got
		}
	}
}

func TestPlannedOfShares(t *testing.T) {
	w := Row{From: "2020-03-01", Due: "2020-03-20", Target: 8000}
	for day, want := range map[string]int64{"2020-02-29": 0, "2020-03-01": 8000, "2020-03-20": 8000, "2020-04-01": 8000} {
		if got := w.Planned(Item{Indicator: "fill_rate"}, day); got != want {
			t.Errorf("on %s: %d, want %d", day, got, want)
		}
	}
	w.Target = 1
	for day, want := range map[string]int64{"2020-03-19": 0, "2020-03-20": 1} {
		if got := w.Planned(Item{}, day); got != want {
			t.Errorf("milestone on %s: %d, want %d", day, got, want)
		}
	}
}

// Forecast and arrival agree with walking on day by day at the pace of the last ones.
func TestForecastWalksOnAsTheLastDays(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		days, left := 1+r.Int64N(7), r.Int64N(40)
		earlier := r.Int64N(200)
		actual := earlier + r.Int64N(60) - 5
		rise := big.NewRat(actual-earlier, days)
		at := new(big.Rat).SetInt64(actual)
		for range left {
			at.Add(at, rise)
		}
		want := new(big.Int).Div(at.Num(), at.Denom()).Int64() // Euclidean: down, the divisor being positive
		if got := forecast(actual, earlier, days, left); got != want {
			t.Fatalf("forecast(%d, %d, %d, %d) = %d, want %d", actual, earlier, days, left, got, want)
		}
		target := actual + r.Int64N(100)
		n, ok := arrival(actual, earlier, days, target)
		want, at = -1, new(big.Rat).SetInt64(actual)
		for d := int64(0); d < 1000; d++ {
			if at.Cmp(new(big.Rat).SetInt64(target)) >= 0 {
				want = d
				break
			}
			at.Add(at, rise)
		}
		if ok != (want >= 0) || ok && n != want {
			t.Fatalf("arrival(%d, %d, %d, %d) = %d, %v, want %d", actual, earlier, days, target, n, ok, want)
		}
	}
}

func TestCurvesAreReadAsPeopleTypeThem(t *testing.T) {
	for text, want := range map[string]string{
		"": "", "  \n ": "", "2020-03-05 40": "2020-03-05 40", "2020-03-10 75%\n2020-03-05　40": "2020-03-05 40,2020-03-10 75",
		"2020-03-05:40；2020-03-10：７５％": "2020-03-05 40,2020-03-10 75", "2020-03-05\t0，2020-03-06\t0": "2020-03-05 0,2020-03-06 0",
	} {
		c, err := ParseCurve(text, "2020-03-01", "2020-03-20")
		if err != nil || c.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, c, err, want)
		}
		if again, err := ParseCurve(c.String(), "2020-03-01", "2020-03-20"); err != nil || again.String() != want {
			t.Errorf("%q is not read again: %q, %v", c, again, err)
		}
	}
	for text, key := range map[string]string{
		"soon": "progress.curve_form", "2020-03-05": "progress.curve_form", "2020-03-05 101": "progress.curve_form", "2020-03-05 -1": "progress.curve_form",
		"2020-02-29 40": "progress.curve_order", "2020-03-20 40": "progress.curve_order",
		"2020-03-05 40,2020-03-05 50": "progress.curve_order", "2020-03-05 40,2020-03-06 30": "progress.curve_order",
	} {
		if _, err := ParseCurve(text, "2020-03-01", "2020-03-20"); fail.Key(err) != key {
			t.Errorf("%q: %v, want %s", text, err, key)
		}
	}
}

func FuzzParseCurve(f *testing.F) {
	f.Add("2020-03-05 40\n2020-03-10 75")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCurve(text, "2020-03-01", "2020-03-20")
		if err != nil {
			return
		}
		if again, err := ParseCurve(c.String(), "2020-03-01", "2020-03-20"); err != nil || again.String() != c.String() {
			t.Errorf("%q is kept as %q and read as %q, %v", text, c, again, err)
		}
	})
}

func TestRulesNameLaggards(t *testing.T) {
	rules := Rules{Behind: 10, Quiet: 3}
	turns := Item{Indicator: "turns"}
	row := Row{From: "2020-03-01", Due: "2020-03-20", Target: 100}
	for _, c := range []struct {
		name string
		s    Standing
		want string
	}{
		{"on its plan", Standing{Day: "2020-03-10", Planned: 50, Actual: 50, Entries: 9, Recent: 1}, ""},
		{"a little behind", Standing{Day: "2020-03-10", Planned: 50, Actual: 46, Entries: 9, Recent: 1}, ""},
		{"behind by exactly so much", Standing{Day: "2020-03-10", Planned: 50, Actual: 45, Entries: 9, Recent: 1}, "behind"},
		{"silent though ahead", Standing{Day: "2020-03-10", Planned: 50, Actual: 60, Entries: 9}, "silent"},
		{"silent and behind", Standing{Day: "2020-03-10", Planned: 50, Actual: 20, Entries: 9}, "silent behind"},
		{"too early to be silent", Standing{Day: "2020-03-02", Planned: 1, Actual: 1, Entries: 1}, ""},
		{"nothing ever", Standing{Day: "2020-03-10", Planned: 50}, "never behind"},
		{"reached", Standing{Day: "2020-03-10", Planned: 50, Actual: 100, Entries: 9}, ""},
		{"not begun", Standing{Day: "2020-02-28"}, ""},
		{"reached late", Standing{Day: "2020-04-01", Planned: 100, Actual: 120, Entries: 9}, ""},
	} {
		c.s.Row, c.s.Of = row, turns
		got := ""
		for _, w := range rules.Judge(c.s) {
			if got != "" {
				got += " "
			}
			got += string(w)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestDaysAndBack(t *testing.T) {
	for _, day := range []string{"1969-12-31", "2020-02-29", "2020-03-01"} {
		if dayOf(number(day)) != day {
			t.Errorf("%s becomes %s", day, dayOf(number(day)))
		}
	}
	w := Row{From: "2020-03-01"}
	for day, want := range map[string]int64{"2020-03-01": 1, "2020-03-03": 3, "2020-03-07": 7, "2020-03-30": 7, "2020-02-20": 1} {
		if got := w.back(day); got != want {
			t.Errorf("on %s the pace is taken over %d days, want %d", day, got, want)
		}
	}
	if end := endOf("2020-02-29"); end.Add(time.Millisecond).Format(time.DateTime) != "2020-03-01 00:00:00" {
		t.Errorf("the day ends at %s", end)
	}
}
