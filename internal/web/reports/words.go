package reports

import (
	"context"
	"strings"

	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/report"
)

// number writes what is reported, with its measure word.
func number(ctx context.Context, p report.Report) string {
	i := ledger.IndicatorOf(p.Key)
	if i == nil {
		return ""
	}
	n, word := figure.Screen(ui.Lang(ctx), i.Unit, p.Number)
	return n + " " + word
}

// about says how often a duty comes round, and for which period it stands.
func (s standing) about(ctx context.Context) string {
	words := []string{ui.T(ctx, "reports.every."+string(s.Every))}
	if s.Period.ID != "" {
		words = append(words, period(ctx, s.Period.From, s.Period.To))
	}
	if s.Closed {
		words = append(words, ui.T(ctx, "reports.closed"))
	}
	return strings.Join(words, " · ")
}

func typeNames(ctx context.Context, types []org.Type) string {
	names := make([]string, len(types))
	for i, t := range types {
		names[i] = ui.T(ctx, t.Full())
	}
	if len(names) == 0 {
		return ui.T(ctx, "reports.named")
	}
	return strings.Join(names, ui.T(ctx, "reports.and"))
}

func keyOptions(ctx context.Context) (options []ui.Option) {
	for _, d := range report.AllDeclared() {
		options = append(options, ui.Option{Value: d.Key, Label: figure.Name(ui.Lang(ctx), d.Indicator)})
	}
	return options
}

func typeOptions(ctx context.Context) (options []ui.Option) {
	for _, t := range org.Types() {
		options = append(options, ui.Option{Value: string(t), Label: ui.T(ctx, t.Full())})
	}
	return options
}

func rhythmOptions(ctx context.Context) (options []ui.Option) {
	for _, e := range report.Rhythms() {
		options = append(options, ui.Option{Value: string(e), Label: ui.T(ctx, "reports.every."+string(e))})
	}
	return options
}
