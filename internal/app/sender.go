package app

import "context"

// sender delivers one-time codes: the demonstration shows them. Nothing else is connected
// yet, and the page says so.
func (a *App) sender() func(context.Context, string, string) (string, error) {
	if !a.Demo {
		return nil
	}
	return func(_ context.Context, _, code string) (string, error) { return code, nil }
}
