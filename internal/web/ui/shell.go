package ui

import (
	"context"

	"github.com/a-h/templ"
)

func title(ctx context.Context, page string) string {
	name := T(ctx, "web.brand")
	if page == "" || page == name {
		return name
	}
	return page + " · " + name
}

func colorScheme(theme string) string {
	if theme == "" {
		return "light dark"
	}
	return theme
}

func has(class []templ.KeyValue[string, bool], name string) bool {
	for _, c := range class {
		if c.Key == name && c.Value {
			return true
		}
	}
	return false
}

// other is the value that turns a switch around.
func other(on bool) string {
	if on {
		return "0"
	}
	return "1"
}

// otherTheme goes round: as the device says, dark, light.
func otherTheme(theme string) string {
	switch theme {
	case "":
		return "dark"
	case "dark":
		return "light"
	}
	return "auto"
}

func flashIcon(kind string) string {
	switch kind {
	case "err":
		return "stop"
	case "warn":
		return "wait"
	}
	return "ok"
}
