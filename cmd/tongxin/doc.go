// Command tongxin runs the volunteer-service platform: demo shows a small city, serve runs an
// installation, and the other commands look after one. Each command is a file; its words are
// in the locale files cmd.json. TONGXIN_LANG=en changes the language.
//
// Exit codes: 0 done, 1 refused or broken, 2 wrong usage.
package main
