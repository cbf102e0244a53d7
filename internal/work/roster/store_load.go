package roster

import "tongxin/internal/base/db"

// insertSheets inserts shifts with everybody on them and what was told of them.
func insertSheets(tx *db.Tx, all []*Sheet) error {
	shifts := tx.Many(`INSERT INTO roster_shift (home, id, activity, post, starts, ends, day, places, taken, queue, waiting, state,
		published, filled, closed, rev) VALUES `, 16)
	signups := tx.Many(`INSERT INTO roster_signup (home, id, shift, person, place, state, unit, category, callup, proxy, queue, offered_until,
		applied, accepted, arrived, arrived_by, departed, minutes, grade, walkup, left_early, ack_version, ended, rev) VALUES `, 24)
	backfills := tx.Many(`INSERT INTO roster_backfill (home, id, shift, person, arrived, departed, minutes, reason, unit, author, author_org,
		state, decided_by, decided, note, created) VALUES `, 16)
	for _, t := range all {
		if err := shifts.Add(t.Home, string(t.ID), string(t.Activity.ID), string(t.Post), t.Starts, t.Ends, t.Day, t.Places, t.Taken,
			t.queue, t.Waiting, t.State, t.Published, t.Filled, t.Closed, t.Rev); err != nil {
			return err
		}
	}
	if err := shifts.Flush(); err != nil {
		return err
	}
	for _, t := range all {
		for _, u := range t.seats {
			if err := signups.Add(t.Home, string(u.ID), string(t.ID), string(u.Person), string(u.Place), string(u.State), string(u.Unit),
				u.Category, string(u.Callup), string(u.Proxy), u.Queue, u.OfferedUntil, u.Applied, u.Accepted, u.Arrived, u.ArrivedBy, u.Departed, u.Minutes,
				string(u.Grade), u.Walkup, u.LeftEarly, u.AckVersion, u.Ended, u.Rev); err != nil {
				return err
			}
		}
		for _, b := range t.backfills {
			if err := backfills.Add(t.Home, string(b.ID), string(t.ID), string(b.Person), b.Arrived, b.Departed, b.Minutes, b.Reason,
				string(b.Unit), string(b.Author), string(b.AuthorOrg), b.State, string(b.DecidedBy), b.Decided, b.Note, b.Created); err != nil {
				return err
			}
		}
	}
	if err := signups.Flush(); err != nil {
		return err
	}
	return backfills.Flush()
}

// insertAgenda writes how often each volunteer's time was taken.
func insertAgenda(tx *db.Tx, all []Volunteer) error {
	rows := tx.Many("INSERT INTO roster_agenda (home, person, rev) VALUES ", 3)
	for i := range all {
		if v := &all[i]; v.Taken > 0 {
			if err := rows.Add(v.ID.Home(), string(v.ID), v.Taken); err != nil {
				return err
			}
		}
	}
	return rows.Flush()
}
