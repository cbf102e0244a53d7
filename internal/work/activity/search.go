package activity

import "tongxin/internal/base/search"

// text is by what everybody finds a published activity: what was published last, the sooner.
func (a Activity) text() search.Doc {
	return search.Doc{ID: a.ID, Kind: search.Activities, Rank: a.Published, Title: a.Title, Text: []string{a.Place, a.Content}}
}
