package report

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/work/people"
)

const stays = "who did it is history; the id leads to the survivor"

// MergeStep moves nothing: staff who wrote and decided stay named as they were.
var MergeStep = people.MergeStep{Area: "report",
	Merge: func(context.Context, *db.Tx, *people.Move) (bool, error) { return false, nil },
	Undo:  func(context.Context, *db.Tx, *people.Move, people.Moved) error { return nil },
	Stays: map[string]string{"report_duty.author": stays, "report_due.said_by": stays, "report_report.author": stays, "report_report.reviewer": stays}}
