package browser

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed axe/axe.min.js
var axeJS string

// Violation is one rule of WCAG 2.2 AA that a page breaks, with the places where it does.
type Violation struct {
	ID     string // axe's name of the rule
	Impact string
	Help   string
	Nodes  []string // the first of the elements, and what is wrong with each
}

func (v Violation) String() string {
	return fmt.Sprintf("%s (%s): %s\n    %s", v.ID, v.Impact, v.Help, strings.Join(v.Nodes, "\n    "))
}

// axeRun asks for WCAG 2.2 AA. The size of targets is off in axe unless it is named.
const axeRun = `axe.run(document, {
	runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']},
	rules: {'target-size': {enabled: true}},
	resultTypes: ['violations'],
}).then(r => r.violations.map(v => ({
	ID: v.id, Impact: v.impact || '', Help: v.help,
	Nodes: v.nodes.slice(0, 5).map(n => n.target.join(' ') + ' · ' + (n.failureSummary || '').replace(/\s+/g, ' ')),
})))`

// twins finds ids that stand twice: labels, errors and links lead to the first of them only,
// which axe no longer looks for.
const twins = `Object.entries([...document.querySelectorAll('[id]')].reduce((n, e) => (n[e.id] = (n[e.id] || 0) + 1, n), {}))
	.filter(([, n]) => n > 1).map(([id, n]) => '#' + id + ' × ' + n)`

// Axe runs axe-core on the page as it stands, and looks for ids that stand twice.
func (p *Page) Axe() ([]Violation, error) {
	if there, err := eval[bool](p, "!!window.axe"); err != nil {
		return nil, fmt.Errorf("axe: %w", err)
	} else if !there {
		if _, err := eval[bool](p, axeJS+"\n;!!window.axe"); err != nil {
			return nil, fmt.Errorf("axe: %w", err)
		}
	}
	v, err := eval[[]Violation](p, axeRun)
	if err != nil {
		return nil, fmt.Errorf("axe: %w", err)
	}
	again, err := eval[[]string](p, twins)
	if err != nil {
		return nil, fmt.Errorf("axe: %w", err)
	}
	if len(again) > 0 {
		v = append(v, Violation{ID: "duplicate-id", Impact: "serious", Help: "an id names one element", Nodes: again})
	}
	return v, nil
}
