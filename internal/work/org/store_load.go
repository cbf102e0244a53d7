package org

import "tongxin/internal/base/db"

// insertApproved inserts organisations that were registered and approved.
func insertApproved(tx *db.Tx, orgs []Org) error {
	rows := tx.Many(`INSERT INTO org_org (id, home, kind, tier, name, area, position, parent, credit_code, address, about, contact,
		state, registered_by, created, approved, rev) VALUES `, 17)
	for _, o := range orgs {
		if err := rows.Add(o.ID, o.Home, o.Kind, o.Tier, o.Name, o.Area, o.Position, o.Parent, o.CreditCode, o.Address, o.About, o.Contact,
			o.State, o.Registrant, o.Created, o.Approved, o.Rev); err != nil {
			return err
		}
	}
	return rows.Flush()
}
