package activity

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/search"
)

// tables are the rows of activities entered in bulk.
type tables struct {
	activities, posts *db.Many
	later             []Post
	texts             *search.Loader
}

func newTables(tx *db.Tx) *tables {
	return &tables{
		activities: tx.Many(`INSERT INTO activity_activity (home, id, org, campaign, service, title, content, place, area, conditions, how,
			risks, protection, contact, leader, signup, waitlist, risky, state, author, submitted, reviewer_org, published, version,
			starts, ends, created, rev) VALUES `, 28),
		posts: tx.Many(`INSERT INTO activity_post (home, id, activity, name, duty, min_age, max_age, skill, certificates, risky, places, standby_places)
			VALUES `, 12),
		texts: search.NewLoader(tx),
	}
}

func (t *tables) add(m Entered) error {
	a := m.Activity
	err := t.activities.Add(a.Home, string(a.ID), string(a.Org), a.Campaign, a.Service, a.Title, a.Content, a.Place, int64(a.Area),
		a.Conditions, a.How, a.Risks, a.Protection, a.Contact, string(a.Leader), string(a.Signup), a.Waitlist, a.Risky, string(a.State),
		string(a.Author), a.Submitted, string(a.ReviewerOrg), a.Published, a.Version, a.Starts, a.Ends, a.Created, a.Rev)
	t.later = append(t.later, m.Posts...)
	if err != nil {
		return err
	}
	return t.texts.Add(a.text())
}

// flush writes what is left, the activities before their posts.
func (t *tables) flush() error {
	if err := t.activities.Flush(); err != nil {
		return err
	}
	for _, p := range t.later {
		if err := t.posts.Add(p.ID.Home(), string(p.ID), string(p.Activity), p.Name, p.Duty, p.MinAge, p.MaxAge, p.Skill, string(p.Certificates), p.Risky,
			p.Places, p.StandbyPlaces); err != nil {
			return err
		}
	}
	if err := t.posts.Flush(); err != nil {
		return err
	}
	return t.texts.Flush()
}
