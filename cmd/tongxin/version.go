package main

import (
	"runtime"
	"runtime/debug"
)

// version tells which build this is.
type version struct{}

// Run prints it.
func (version) Run(p printer) error {
	number, revision, changed := "", "", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		number = info.Main.Version
		for _, s := range info.Settings {
			switch {
			case s.Key == "vcs.revision":
				revision = s.Value
			case s.Key == "vcs.modified" && s.Value == "true":
				changed = "+"
			}
		}
	}
	if number == "" {
		number = "(devel)"
	}
	if revision != "" {
		number += " " + revision[:min(12, len(revision))] + changed
	}
	p.say("tongxin " + number + " " + runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH)
	return nil
}
