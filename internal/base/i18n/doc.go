// Package i18n holds every sentence that a person reads, and the way numbers, days and
// hours are written.
//
// Sentences live in locales/LANGUAGE/AREA.json, flat objects from key to text:
//
//	{"roster.full": "…{places}…"}
//
// One file per area of work keeps two people from editing the same file; the key may be in
// one file only. Chinese is the language of the product and has every key; English has the
// same keys (a test compares them), and a key that is missing there falls back to Chinese.
// A key ending in ".one" is taken instead of the key itself when the argument "n" is 1:
// English needs it, Chinese does not.
//
// [T] fills placeholders {name} from name, value pairs. Whole numbers are written with
// thousands separators; pass a string where that would be wrong (a year, a code).
//
// Moments are shown in one time zone per process, Asia/Shanghai unless [SetZone] says
// otherwise. Hours are printed by a named rule ([HoursRule]), so a printed total can be
// explained years later; minutes are what is stored and added up.
package i18n
