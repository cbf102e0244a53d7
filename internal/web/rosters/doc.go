// Package rosters is the pages about who stands where and when.
//
// For volunteers and residents, phone first: the first page (home.go; portal.go for whoever is
// not signed in), shifts to take (find.go), an activity with its sign-up (activity.go,
// signup.go), one's own place on a shift (place.go), one's shifts and hours (mine.go,
// hours.go), calendars for phones (calendar.go), checking in and out (checkin.go), the stations (stations.go).
//
// For staff: the coming shifts (desk_shifts.go), the plan of an activity (desk_plan.go,
// desk_change.go, desk_series.go), templates of plans (desk_templates.go), a shift's roster (desk_roster.go, desk_people.go), the check-in desk
// (desk_checkin.go, desk_code.go), hours that wait for a second person (desk_hours.go).
//
// Who is shown: a leader or an administrator of the organisation reads whole names; a volunteer
// reads the names of those on her shift once she is accepted; everybody else a surname and a
// star. An address carries ids of shifts and persons, never a name; what somebody is searched
// by comes in the body of a POST.
//
// A volunteer may act for her family too, so pages ask for whom (family.go); who acts for
// whom is in the end decided by the commands.
package rosters
