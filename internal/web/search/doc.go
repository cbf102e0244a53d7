// Package search is the one box that finds organisations and activities for everybody, and
// for staff also the volunteers within their reach. What staff type may be somebody's name or
// number, so theirs comes by POST and stands in no URL.
package search
