package callup

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// meanwhile turns a guarded write that found nothing into a refusal.
func meanwhile(n int64, err error) error {
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "callup.changed_meanwhile")
	}
	return err
}

func insertAppeal(tx *db.Tx, a Appeal) error {
	_, err := tx.Exec(`INSERT INTO callup_appeal (home, id, org, title, text, signed, state, author, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, a.ID.Home(), a.ID, a.Org, a.Title, a.Text, a.Signed, string(a.State), a.Author, a.Created)
	return err
}

func saveAppeal(tx *db.Tx, a *Appeal) error {
	err := meanwhile(tx.Exec(`UPDATE callup_appeal SET title = $4, text = $5, signed = $6, state = $7, signer = $8, published = $9, ended = $10, reason = $11,
		rev = rev + 1 WHERE home = $1 AND id = $2 AND rev = $3`,
		a.ID.Home(), a.ID, a.Rev, a.Title, a.Text, a.Signed, string(a.State), a.Signer, a.Published, a.Ended, a.Reason))
	a.Rev++
	return err
}

func insertCallUp(tx *db.Tx, c CallUp) error {
	_, err := tx.Exec(`INSERT INTO callup_callup (home, id, org, appeal, title, text, service, campaign, drill, state, answer_by, until, most, author, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		c.ID.Home(), c.ID, c.Org, c.Appeal, c.Title, c.Text, c.Service, c.Campaign, c.Drill, string(c.State), c.AnswerBy, c.Until, c.Most, c.Author, c.Created)
	if err != nil {
		return err
	}
	return insertLines(tx, c)
}

func insertLines(tx *db.Tx, c CallUp) error {
	for _, l := range c.Lines {
		if _, err := tx.Exec("INSERT INTO callup_line (home, callup, n, day, category, skill, places) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			c.ID.Home(), c.ID, l.N, l.Day, l.Category, l.Skill, l.Places); err != nil {
			return err
		}
	}
	return nil
}

// saveCallUp writes what may change, if nobody saved since it was read.
func saveCallUp(tx *db.Tx, c *CallUp) error {
	err := meanwhile(tx.Exec(`UPDATE callup_callup SET appeal = $4, title = $5, text = $6, service = $7, campaign = $8, drill = $9, state = $10, answer_by = $11,
		until = $12, most = $13, signer = $14, issued = $15, ended = $16, reason = $17, hundred = $18, version = $19, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3`, c.ID.Home(), c.ID, c.Rev, c.Appeal, c.Title, c.Text, c.Service, c.Campaign, c.Drill, string(c.State),
		c.AnswerBy, c.Until, c.Most, c.Signer, c.Issued, c.Ended, c.Reason, c.Hundred, c.Version))
	c.Rev++
	return err
}

// replaceLines puts new lines in the place of a draft's, to which no quotas were given yet.
func replaceLines(tx *db.Tx, c CallUp) error {
	if _, err := tx.Exec("DELETE FROM callup_line WHERE home = $1 AND callup = $2", c.ID.Home(), c.ID); err != nil {
		return err
	}
	return insertLines(tx, c)
}

func setPlaces(tx *db.Tx, c CallUp, l Line) error {
	_, err := tx.Exec("UPDATE callup_line SET places = $4 WHERE home = $1 AND callup = $2 AND n = $3", c.ID.Home(), c.ID, l.N, l.Places)
	return err
}

func insertChange(tx *db.Tx, c CallUp, n int, d Difference) error {
	_, err := tx.Exec("INSERT INTO callup_change (home, callup, version, n, field, was, now, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		c.ID.Home(), c.ID, c.Version, n, d.Field, d.Was, d.Now, db.MS(tx.Now))
	return err
}

// dropPlanned takes back who was chosen to receive a draft.
func dropPlanned(tx *db.Tx, callup id.ID, planned []Receipt) error {
	for _, r := range planned {
		if _, err := tx.Exec("DELETE FROM callup_quota WHERE home = $1 AND receipt = $2", r.ID.Home(), r.ID); err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM callup_receipt WHERE home = $1 AND id = $2 AND callup = $3 AND delivered = 0", r.ID.Home(), r.ID, callup); err != nil {
			return err
		}
	}
	return nil
}

// insertReceipt adds a receiver; false where the organisation has the call-up already.
func insertReceipt(tx *db.Tx, r Receipt) (bool, error) {
	n, err := tx.Exec(`INSERT INTO callup_receipt (home, id, callup, org, above, sender, desk) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (home, callup, org) DO NOTHING`, r.ID.Home(), r.ID, r.CallUp, r.Org, r.Above, r.Sender, r.Desk)
	if err != nil || n == 0 {
		return false, err
	}
	for i, q := range r.Quota {
		if _, err := tx.Exec("INSERT INTO callup_quota (home, receipt, n, quota) VALUES ($1, $2, $3, $4)", r.ID.Home(), r.ID, i+1, q); err != nil {
			return false, err
		}
	}
	return true, nil
}

func saveReceipt(tx *db.Tx, r *Receipt) error {
	err := meanwhile(tx.Exec(`UPDATE callup_receipt SET delivered = $4, read = $5, acknowledged = $6, forwarded = $7, reported = $8, report = $9, reminded = $10,
		reminders = $11, desk = $12, seen = $13, would = $14, rev = rev + 1 WHERE home = $1 AND id = $2 AND rev = $3`, r.ID.Home(), r.ID, r.Rev,
		r.Delivered, r.Read, r.Acknowledged, r.Forwarded, r.Reported, r.Report, r.Reminded, r.Reminders, r.Desk, r.Seen, r.Would))
	r.Rev++
	return err
}

// hold keeps a receiver's row until the transaction ends: who counts its places does so one
// after the other.
func hold(tx *db.Tx, receipt id.ID) error {
	_, err := tx.Exec("UPDATE callup_receipt SET rev = rev WHERE home = $1 AND id = $2", receipt.Home(), receipt)
	return err
}

// holdCallUp keeps a call-up's row until the transaction ends.
func holdCallUp(tx *db.Tx, callup id.ID) error {
	_, err := tx.Exec("UPDATE callup_callup SET rev = rev WHERE home = $1 AND id = $2", callup.Home(), callup)
	return err
}

func saveQuota(tx *db.Tx, r Receipt) error {
	for i, q := range r.Quota {
		if _, err := tx.Exec("UPDATE callup_quota SET quota = $4 WHERE home = $1 AND receipt = $2 AND n = $3", r.ID.Home(), r.ID, i+1, q); err != nil {
			return err
		}
	}
	return nil
}

func saveAble(tx *db.Tx, r Receipt) error {
	for i, v := range r.Able {
		if _, err := tx.Exec("UPDATE callup_quota SET able = $4 WHERE home = $1 AND receipt = $2 AND n = $3", r.ID.Home(), r.ID, i+1, v); err != nil {
			return err
		}
	}
	return nil
}

// setShifts puts the shifts that a receiver opened in the place of those before.
func setShifts(tx *db.Tx, r Receipt, shifts []id.ID) error {
	if _, err := tx.Exec("DELETE FROM callup_shift WHERE home = $1 AND receipt = $2", r.ID.Home(), r.ID); err != nil {
		return err
	}
	for _, s := range shifts {
		if _, err := tx.Exec("INSERT INTO callup_shift (home, receipt, callup, shift) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
			r.ID.Home(), r.ID, r.CallUp, s); err != nil {
			return err
		}
	}
	return nil
}

// insertAsk notes a question; false where she was asked, or came, before.
func insertAsk(tx *db.Tx, a Ask) (bool, error) {
	n, err := tx.Exec(`INSERT INTO callup_ask (home, id, callup, receipt, n, person, unit, shift, asked) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (home, callup, person) DO NOTHING`, a.ID.Home(), a.ID, a.CallUp, a.Receipt, a.Line, a.Person, a.Unit, a.Shift, a.Asked)
	return n == 1, err
}

func saveAsk(tx *db.Tx, a *Ask) error {
	err := meanwhile(tx.Exec(`UPDATE callup_ask SET receipt = $4, n = $5, shift = $6, answer = $7, answered = $8, offered = $9, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3`, a.ID.Home(), a.ID, a.Rev, a.Receipt, a.Line, a.Shift, a.Answer, a.Answered, a.Offered))
	a.Rev++
	return err
}

// giveAsk makes a question somebody else's.
func giveAsk(tx *db.Tx, ask, person id.ID) error {
	_, err := tx.Exec("UPDATE callup_ask SET person = $3, rev = rev + 1 WHERE home = $1 AND id = $2", ask.Home(), ask, person)
	return err
}

func setAnswer(tx *db.Tx, ask id.ID, answer string) error {
	_, err := tx.Exec("UPDATE callup_ask SET answer = $3, rev = rev + 1 WHERE home = $1 AND id = $2", ask.Home(), ask, answer)
	return err
}

func putNever(tx *db.Tx, person id.ID, service int64) error {
	_, err := tx.Exec("INSERT INTO callup_never (home, person, service, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
		person.Home(), person, service, db.MS(tx.Now))
	return err
}

func dropNever(tx *db.Tx, person id.ID, service int64) (bool, error) {
	n, err := tx.Exec("DELETE FROM callup_never WHERE home = $1 AND person = $2 AND service = $3", person.Home(), person, service)
	return n > 0, err
}

// passBy notes how many candidates of a line this round has passed by; 0 begins another.
func passBy(tx *db.Tx, receipt id.ID, n, passed int64) error {
	_, err := tx.Exec("UPDATE callup_quota SET passed = $4 WHERE home = $1 AND receipt = $2 AND n = $3", receipt.Home(), receipt, n, passed)
	return err
}
