package web

import "tongxin/internal/web/page"

// Patterns lists the addresses of the site as its table has them, "GET /activities/{id}", for whatever looks at every page.
func Patterns() (patterns []string) {
	for _, rt := range routes(&page.Site{}) {
		patterns = append(patterns, rt.Pattern)
	}
	return patterns
}
