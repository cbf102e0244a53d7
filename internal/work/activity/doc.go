// Package activity keeps activities and their posts: what volunteers are asked
// to do, where, and under which conditions. When and by whom is package roster's.
//
//	           ┌──────────── Recall ◄──────┐
//	           ▼                           │
//	Create ─► draft ─── Submit ─────► submitted ──── Approve ─────► published ─► settled
//	           │ └─── Submit, of a trusted ──│──────────────────────────▲  │
//	           │      organisation, not risky└─ Return(reason) ─┐          │
//	           │                                                ▼          │
//	           │                                 Submit ◄── returned       │
//	           └────────────── Cancel(reason) ◄──────┴─────────────────────┘
//
// Running and ended follow from the clock (Activity.Phase) and are not stored;
// settled comes when an activity's hours can no longer change.
//
// # Review
//
// What the standard asks of a call for volunteers must be there before an
// activity can be submitted (Missing): time, place, content, conditions and
// numbers, how to sign up, the risks, the protection offered (GB/T 40143-2021,
// 6.1). The tier above reviews it within a time that is a setting; a review that
// is overdue rises one tier (Escalate) and both tiers are told. A tier may exempt
// a trusted organisation, never from the review of what is risky. Whoever
// submitted is the author, and nobody approves her own.
//
// An activity is risky when its kind of service or one of its posts is.
//
// # After publication
//
// What says where an activity counts (organiser, campaign, kind of service,
// division) is fixed. The rest may change (Change): each change is a version with
// the difference as people read it, in activity_change.
//
// # Steps
//
// Submit, Approve, Return, Change, Cancel, RemovePost, Respan, MarkHeld and
// Unheld are steps: package roster, which owns shifts and who is on them, wraps
// them in commands of the same name, and nobody else calls them.
//
// Every command reads the activity, decides, and saves it if its rev is still
// the one that was read; whoever comes second is told so.
//
// Tables: activity_activity, activity_post, activity_coorg, activity_change,
// activity_service (reference). Facts: activity.published, activity.held.
package activity
