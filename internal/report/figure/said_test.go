package figure

import (
	"math/rand/v2"
	"testing"

	"tongxin/internal/base/i18n"
)

// As offices say it: the figures of the bulletins, hours of minutes and yuan of fen.
func TestSaidAsOfficesSayIt(t *testing.T) {
	for _, c := range []struct {
		unit    string
		v       int64
		measure string
		plain   string
		round   string
	}{
		{"org", 1394, "个", "1394个", "1300余个"},
		{"person", 490_388, "名", "490388名", "近50万名"},
		{"person", 980, "名", "980名", "近千名"},
		{"person", 37, "名", "37名", "37名"},
		{"person", 1900, "名", "1900名", "近2000名"},
		{"person", 1300, "名", "1300名", "1300名"},
		{"turn", 1_079_119, "人次", "1079119人次", "100余万人次"},
		{"minute", 120, "小时", "2小时", "2小时"},
		{"minute", 150, "小时", "2小时多", "2小时多"},
		{"minute", 202_265_476, "小时", "3371091小时多", "330余万小时"},
		{"fen", 293_456_000, "元", "2934560元", "近300万元"},
		{"fen", 283_456_050, "元", "2834560多元", "280余万元"},
	} {
		if got := Plain(c.unit, c.v).Print(i18n.Chinese, c.measure); got != c.plain {
			t.Errorf("%d %s plain: %q, want %q", c.v, c.unit, got, c.plain)
		}
		if got := Round(c.unit, c.v).Print(i18n.Chinese, c.measure); got != c.round {
			t.Errorf("%d %s round: %q, want %q", c.v, c.unit, got, c.round)
		}
	}
}

// Whatever the value, what is said of it holds.
func TestWhatIsSaidHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 50_000 {
		v := 1 + r.Int64N(1<<(1+r.IntN(45)))
		for _, unit := range []string{"person", "minute", "fen"} {
			if v < Scale(unit) {
				continue // less than one of what documents say
			}
			if s := Plain(unit, v); !s.HoldsOf(unit, v) {
				t.Fatalf("%d %s: plain %v does not hold", v, unit, s)
			}
			if s := Round(unit, v); !s.HoldsOf(unit, v) {
				t.Fatalf("%d %s: round %v does not hold", v, unit, s)
			}
		}
	}
	if (Spoken{Exact, 2}).HoldsOf("minute", 121) || !(Spoken{Odd, 2}).HoldsOf("minute", 121) || (Spoken{Odd, 2}).HoldsOf("minute", 180) {
		t.Error("hours are not whole ones")
	}
}
