package figure

import (
	"time"

	"tongxin/internal/base/i18n"
)

// Told is a figure as it is told to machines: in the base unit, never rounded.
type Told struct {
	Key     string      `json:"key" doc:"The indicator"`
	Value   int64       `json:"value" doc:"In the base unit: a count, minutes, fen; ratios in ten-thousandths, rounded down"`
	Unit    string      `json:"unit" enum:"person,turn,household,activity,session,org,team,minute,fen,item,issue,play,ratio"`
	AsOf    ToldAsOf    `json:"as_of"`
	Basis   string      `json:"basis" doc:"What exactly is counted, in a sentence"`
	Entries int64       `json:"entries" doc:"How many things it opens to: the value itself, but for sums and ratios"`
	Splits  []ToldSplit `json:"splits" doc:"The figures of the parts that have any; days in order, others the largest first"`
	Overlap int64       `json:"overlap" doc:"By how much the parts of different things add up to more than there are"`
}

// ToldAsOf is the moment as of which a figure is told.
type ToldAsOf struct {
	Seq  int64     `json:"seq" doc:"Number of the last fact that counts"`
	Time time.Time `json:"time"`
}

// ToldSplit is the figure of a part.
type ToldSplit struct {
	Key   string `json:"key" doc:"An organisation's id, a division's code, a day (of a week its Monday), or a number; 0 for none"`
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

// Tell puts an answer into words of a language.
func (a Answer) Tell(lang string) Told {
	t := Told{Key: a.Indicator.Key, Value: a.Value, Unit: a.Indicator.Unit, AsOf: ToldAsOf{a.Seq, a.Time.In(i18n.Zone())},
		Basis: Basis(lang, a.Indicator), Entries: a.Entries, Splits: make([]ToldSplit, len(a.Splits)), Overlap: a.Overlap}
	for i, s := range a.Splits {
		if t.Splits[i] = ToldSplit(s); s.Name == "" {
			t.Splits[i].Name = i18n.T(lang, "figure.none")
		}
	}
	return t
}
