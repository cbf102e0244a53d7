package callup

import (
	"errors"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// insertReceipts enters many receipts with their quotas, as they stand in the end.
func insertReceipts(tx *db.Tx, all []Receipt) error {
	receipts := tx.Many(`INSERT INTO callup_receipt (home, id, callup, org, above, sender, delivered, read, acknowledged, forwarded, reported, report,
		reminded, reminders, desk, seen, rev) VALUES `, 17)
	quotas := tx.Many("INSERT INTO callup_quota (home, receipt, n, quota, able) VALUES ", 5)
	for _, t := range all {
		if err := receipts.Add(t.ID.Home(), string(t.ID), string(t.CallUp), string(t.Org), string(t.Above), string(t.Sender), t.Delivered, t.Read,
			t.Acknowledged, t.Forwarded, t.Reported, t.Report, t.Reminded, t.Reminders, string(t.Desk), t.Seen, t.Rev); err != nil {
			return err
		}
	}
	if err := receipts.Flush(); err != nil {
		return err
	}
	for _, t := range all {
		for i, q := range t.Quota {
			if err := quotas.Add(t.ID.Home(), string(t.ID), int64(i+1), q, t.Able[i]); err != nil {
				return err
			}
		}
	}
	return quotas.Flush()
}

// putPast enters an appeal and a call-up as they stand in the end: saving counts once more.
func putPast(tx *db.Tx, a Appeal, c CallUp) error {
	a.Rev, c.Rev = a.Rev-1, c.Rev-1
	if err := errors.Join(insertAppeal(tx, a), insertCallUp(tx, c)); err != nil {
		return err
	}
	_, err := tx.Exec("UPDATE callup_callup SET rev = $3 WHERE home = $1 AND id = $2", c.ID.Home(), c.ID, c.Rev)
	return errors.Join(err, saveAppeal(tx, &a), saveCallUp(tx, &c))
}

func setHundred(tx *db.Tx, callup id.ID, at int64) error {
	_, err := tx.Exec("UPDATE callup_callup SET hundred = $3, rev = rev + 1 WHERE home = $1 AND id = $2", callup.Home(), callup, at)
	return err
}
