package page

import "time"

// preferences are what a person may set for herself on this device, signed in or not.
type preferences struct {
	Elder string `form:"elder"`
	Theme string `form:"theme"`
	Lang  string `form:"lang"`
	Back  string `form:"back"`
}

// SetPreferences answers POST /preferences: the elder switch, the theme, the language.
func SetPreferences(c *Ctx) error {
	p, err := Bind[preferences](c)
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"elder": p.Elder, "theme": p.Theme, "lang": p.Lang} {
		if value != "" && len(value) < 8 {
			c.setCookie(name, value, 365*24*time.Hour)
		}
	}
	return c.Redirect(p.Back)
}
