package i18n

import (
	"sync/atomic"
	"time"
	_ "time/tzdata" // so that the setting works on a machine without zone files
)

// DefaultZone is where the product's days begin and end unless a setting says otherwise.
const DefaultZone = "Asia/Shanghai"

var zone atomic.Pointer[time.Location]

func init() {
	loc, err := time.LoadLocation(DefaultZone)
	if err != nil {
		panic(err) // zone files are in the binary
	}
	zone.Store(loc)
}

// Zone is the time zone in which moments are shown.
func Zone() *time.Location { return zone.Load() }

// Midnight is when the day of a moment began, in that zone.
func Midnight(t time.Time) time.Time {
	y, m, d := t.In(Zone()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, Zone())
}

// SetZone changes it, once, at the start of the process.
func SetZone(loc *time.Location) { zone.Store(loc) }
