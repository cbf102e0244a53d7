// Package campaign keeps what activities belong to: programme > action > project.
//
//	programme   opened by an office or a centre, open to all below it
//	└ action    under it, by the same organisation or one below it
//	  └ project under that
//
//	open ⇄ closed
//
// A campaign takes activities while it and everything above it is open, so that
// closing a programme and opening it again each change one row. Its place in the
// tree never changes; its name and days may, and the audit trail keeps what they
// were. Facts carry the number of the node that their activity belongs to, and
// figures sum over the nodes below (campaign_under).
//
// Numbers come from tx.Next, are unique over all homes and never reused.
//
// Tables: campaign_campaign, campaign_under (every node below a node, itself
// included at depth 0). It posts no facts.
package campaign
