package bulletin

import (
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// indicator is what the figure counts; nil where nobody declares it any more.
func (f Figure) indicator() *ledger.Indicator { return ledger.IndicatorOf(f.Query.Indicator) }

func (f Figure) unit() string {
	if i := f.indicator(); i != nil {
		return i.Unit
	}
	return ""
}

func (f Figure) ratio() bool { return f.unit() == "ratio" }

// Holds says whether what the text says is true of a value.
func (f Figure) Holds(value int64) bool { return f.Spoken.HoldsOf(f.unit(), value) }

// Name is what the figure is called.
func (f Figure) Name(lang string) string {
	if i := f.indicator(); i != nil {
		return figure.Name(lang, i)
	}
	return f.Query.Indicator
}
