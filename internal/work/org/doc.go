// Package org keeps organisations and the tree in which they hang: the offices, centres,
// institutes, stations and points of the volunteer service, and the units, departments,
// organisations and teams that register under them. What an actor may see and steer is
// decided here: a role at an organisation reaches down its subtree and nowhere else.
//
//	office ─ office ─ center ─ institute ─ station ─ point
//	(province) (city)   (county)  (township)  (village)
//	each with its units, departments, organizations and teams; those have teams
//
// # States
//
//	Register              Approve
//	───────▶ pending ────────────────▶ approved ── Close ──▶ closed
//	          │   ▲                       ▲
//	   Return │   │ Resubmit              │ Found
//	 (reason) ▼   │                       │
//	        returned          pending, returned ── Withdraw ──▶ closed
//	                          approved ── Merge ──▶ merged (a successor stands for it)
//
// A registration is decided by an administrator or reviewer of the nearest office, centre,
// institute or station above it, or of one above that, and never by who registered it. It
// has a clock; one that is overdue stands on the desks of the tiers above too. The
// registrant sees state and reason on the page of what she registered.
//
// # Positions
//
// An organisation holds a position: a place in the tree, from a day to a day. Moving it
// gives it and all below it new positions; the old ones stay, with their names and what is
// under them, because facts were posted there. Renaming moves nothing: it writes the name
// of the organisation and of the position it holds, and the audit trail keeps the old one.
// Before its first position an organisation is taken to stand at the first, after its
// closing at the last; on the day of a move it stands at the new one.
//
// # Invariants
//
//   - an approved organisation holds exactly one open position, with its kind, tier, name
//     and area; a closed one none; one that was never approved never had any
//   - the positions of one organisation follow one another without a gap
//   - the position above an open one is the open one of the organisation's parent
//   - a merged organisation leads to a successor; from the moment of the merger on what the
//     merged one held counts as the successor's too (figures read successor and merged)
//   - org_under holds, for every position ever, itself and all above it, and nothing else
//   - tiers hang under tiers as drawn, and the place of each lies inside its parent's; a
//     station's may lie in another township of its county, from which it came
//   - siblings of one kind have different names; a place has one office, centre, institute
//     and station each; a credit code stands for one organisation
//   - every organisation that was approved has one fact org.registered, at its first position
//
// Commands that change the tree take turns on one counter row (org_tree), so that none
// reads a tree that another is changing.
//
// Tables: org_org, org_position, org_under. Facts: org.registered.
package org
