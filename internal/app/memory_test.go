package app

import "testing"

// The garbage that may wait is about what lives beside the model, however large the model is.
func TestGarbageStaysInProportion(t *testing.T) {
	const mb = 1 << 20
	for _, one := range []struct{ living, model int64 }{{10 * mb, 0}, {40 * mb, 2 * mb}, {200 * mb, 180 * mb}, {1200 * mb, 1150 * mb}, {500 * mb, 20 * mb}} {
		p := int64(gcPercent(one.living, one.model))
		garbage := one.living * p / 100
		if garbage > one.living-one.model+spare || p > 100 {
			t.Errorf("%+v: %d %%, %d MB", one, p, garbage/mb)
		}
		if p < 5 {
			t.Errorf("%+v: %d %% collects without end", one, p)
		}
	}
	if p := gcPercent(0, 0); p != 100 {
		t.Errorf("before the first collection: %d %%", p)
	}
	if gcPercent(200*mb, 180*mb) > 25 || gcPercent(40*mb, 0) < 70 {
		t.Error("the model counts, or what lives beside it does not")
	}
}
