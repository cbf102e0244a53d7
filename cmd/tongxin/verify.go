package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"tongxin/internal/app"
	"tongxin/internal/ledger"
)

// verify checks that a database holds what must hold after every fault. It only reads, so
// it may run beside a server.
type verify struct {
	database
	JSON bool `name:"json" help:"${json}"`
}

// verdict is the answer for machines.
type verdict struct {
	OK     bool           `json:"ok"`
	Checks []ledger.Check `json:"checks"`
}

// Run checks and prints.
func (v verify) Run(ctx context.Context, p printer) error {
	d, err := app.Inspect(ctx, v.DB)
	if err != nil {
		return err
	}
	checks, err := app.Verify(ctx, d)
	if err = errors.Join(err, d.Close()); err != nil {
		return err
	}
	if v.JSON {
		err = p.verdict(checks)
	} else {
		p.table(checks)
	}
	if err == nil && !app.Holds(checks) {
		err = errBroken
	}
	return err
}

func (p printer) verdict(checks []ledger.Check) error {
	for i := range checks {
		if checks[i].IDs == nil {
			checks[i].IDs = []string{}
		}
	}
	e := json.NewEncoder(p.out)
	e.SetEscapeHTML(false)
	return e.Encode(verdict{app.Holds(checks), checks})
}

func (p printer) table(checks []ledger.Check) {
	failed := 0
	for _, c := range checks {
		mark := "✓"
		if c.Broken > 0 {
			mark = "✗"
			failed++
		}
		p.say(mark + " " + p.T("cmd.verify.line", "name", c.Name, "checked", c.Checked, "broken", c.Broken))
		if len(c.IDs) > 0 {
			p.say("    " + strings.Join(c.IDs, "\n    "))
		}
		if more := c.Broken - int64(len(c.IDs)); more > 0 {
			p.say("    " + p.T("cmd.verify.more", "n", more))
		}
	}
	if failed == 0 {
		p.say(p.T("cmd.verify.holds", "n", len(checks)))
	} else {
		p.say(p.T("cmd.verify.broken", "n", failed))
	}
}
