package figure

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tongxin/internal/base/i18n"
)

func TestSpokenFormsHold(t *testing.T) {
	for _, c := range []struct {
		form Form
		d    int64
		yes  []int64
		no   []int64
	}{
		{Exact, 8976, []int64{8976}, []int64{8975, 8977}},
		{Exact, 0, []int64{0}, []int64{1}},
		{More, 36840, []int64{36841, 36849}, []int64{36840, 36850, 36839, 0}},
		{More, 2_900_000, []int64{2_900_001, 2_999_999}, []int64{2_900_000, 3_000_000}},
		{Odd, 5200, []int64{5201, 5299}, []int64{5200, 5300, 5199}},
		{More, 16, nil, []int64{15, 16, 17}},
		{More, 0, nil, []int64{0, 1, 5}},
		{Near, 500_000, []int64{475_000, 499_999}, []int64{474_999, 500_000, 500_001}},
		{Near, 1000, []int64{950, 999}, []int64{949, 1000}},
		{Near, 7, nil, []int64{6, 7, 8}},
		{About, 100_000, []int64{95_000, 100_000, 105_000}, []int64{94_999, 105_001}},
		{Over, 1_000_000, []int64{1_000_001, 9_000_000}, []int64{1_000_000, 999_999}},
		{Beyond, 300, []int64{301}, []int64{300, 0, -400}},
		{About, math.MaxInt64, []int64{math.MaxInt64, math.MaxInt64 - 1}, []int64{math.MaxInt64 / 2, -1}},
		{"whatever", 5, nil, []int64{5}},
	} {
		for _, v := range c.yes {
			if !(Spoken{c.form, c.d}).Holds(v) {
				t.Errorf("%s %d does not hold of %d", c.form, c.d, v)
			}
		}
		for _, v := range c.no {
			if (Spoken{c.form, c.d}).Holds(v) {
				t.Errorf("%s %d holds of %d", c.form, c.d, v)
			}
		}
	}
}

// TestSpokenAsTheBulletinsPrintThem takes the figures of the three bulletins.
func TestSpokenAsTheBulletinsPrintThem(t *testing.T) {
	for _, c := range []struct {
		v       int64
		s       Spoken
		measure string
		text    string
	}{
		{8976, Spoken{Exact, 8976}, "次", "8976 次"},
		{1394, Spoken{Exact, 1394}, "个", "1394 个"},
		{36845, Spoken{More, 36840}, "名", "36840 多名"},
		{2_934_560, Spoken{More, 2_900_000}, "元", "290 多万元"},
		{5234, Spoken{Odd, 5200}, "户", "5200 余户"},
		{21_400, Spoken{Odd, 20_000}, "人次", "2 万余人次"},
		{21_400, Spoken{More, 20_000}, "人次", "2 万多人次"},
		{234_500, Spoken{Odd, 230_000}, "人次", "23 万余人次"},
		{498_213, Spoken{Near, 500_000}, "名", "近 50 万名"},
		{980, Spoken{Near, 1000}, "名", "近千名"},
		{1_049_000, Spoken{Over, 1_000_000}, "人次", "超百万人次"},
		{99_000, Spoken{About, 100_000}, "元", "约十万元"},
		{31_200, Spoken{Beyond, 30_000}, "人次", "逾 3 万人次"},
		{2040, Spoken{Beyond, 2000}, "场", "逾 2000 场"},
		{500_000, Spoken{Exact, 500_000}, "名", "50 万名"},
	} {
		if got := c.s.Text(i18n.Chinese, c.measure); got != c.text {
			t.Errorf("%v is written %q, want %q", c.s, got, c.text)
		}
		if !c.s.Holds(c.v) || !slices.Contains(Propose(c.v), c.s) {
			t.Errorf("%q is not proposed for %d: %v", c.text, c.v, Propose(c.v))
		}
	}
	for s, want := range map[Spoken]string{{More, 54}: "54小时多", {Odd, 4}: "4小时多", {More, 50}: "50多小时", {Exact, 54}: "54小时"} {
		if got := s.Print(i18n.Chinese, "小时"); got != want {
			t.Errorf("%v is printed %q, want %q", s, got, want)
		}
	}
	if got := (Spoken{Over, 1_000_000}).Text(i18n.English, "turns"); got != "over 1,000,000 turns" {
		t.Errorf("in English: %q", got)
	}
}

func TestWhatIsProposedHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 {
		v := r.Int64N(1 << r.IntN(40))
		all := Propose(v)
		if len(all) == 0 || all[0] != (Spoken{Exact, v}) || len(all) > 60 {
			t.Fatalf("for %d: %v", v, all)
		}
		for _, s := range all {
			if !s.Holds(v) {
				t.Fatalf("for %d: %v does not hold", v, s)
			}
		}
	}
}
