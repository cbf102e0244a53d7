// Package progress has the pages of schedules under /desk/progress, and of directives under
// /desk/guidance: from what lags, to whom it was written, to what came of it.
package progress
