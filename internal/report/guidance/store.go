package guidance

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
)

func insert(tx *db.Tx, d Directive) error {
	f := d.Seen
	_, err := tx.Exec(`INSERT INTO guidance_directive (home, id, org, unit, desk, scheduled, title, indicator, version, campaign, service,
		from_day, to_day, seq, tree, seen, value, planned, target, asked, reply_by, act_by, peer, peer_value, peer_did, state, author, created, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)`,
		d.ID.Home(), d.ID, d.Org, d.Unit, d.Desk, d.Scheduled, d.Title, f.Indicator, f.Version, f.Campaign, f.Service,
		f.From, f.To, f.AsOf.Seq, f.Tree, db.MS(f.Time), f.Value, d.Planned, d.Target, d.Asked, d.ReplyBy, d.ActBy, d.Peer, d.PeerValue, d.PeerDid,
		string(d.State), d.Author, d.Created, d.Rev)
	return err
}

// save writes what may change, if nobody saved since d.Rev was read. What was seen stays.
func save(tx *db.Tx, d *Directive) error {
	n, err := tx.Exec(`UPDATE guidance_directive SET desk = $4, asked = $5, reply_by = $6, act_by = $7, peer = $8, peer_value = $9, peer_did = $10,
		state = $11, issued = $12, read = $13, plan = $14, replied = $15, did = $16, acted = $17, actor = $18, reason = $19, verdict = $20, closed = $21,
		after_to = $22, after_seq = $23, after_tree = $24, after_value = $25, after_planned = $26, improved = $27, due = $28, raised = $29, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3`,
		d.ID.Home(), d.ID, d.Rev, d.Desk, d.Asked, d.ReplyBy, d.ActBy, d.Peer, d.PeerValue, d.PeerDid,
		string(d.State), d.Issued, d.Read, d.Plan, d.Replied, d.Did, d.Acted, d.Actor, d.Reason, d.Verdict, d.Closed,
		d.After.To, d.After.Seq, d.After.Tree, d.After.Value, d.After.Planned, d.Improved, d.Due, d.Raised)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "guidance.changed_meanwhile")
	}
	d.Rev++
	return err
}
