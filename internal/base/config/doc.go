// Package config holds the numbers that an operator may change, and the clock of the product.
//
// Every number that a rule leaves open, that a standard gives but that we have not read in
// the official text, or that a city will want to change, is a field of [Settings] with a
// default and a comment that says where the default comes from. What a law fixes (18 years,
// five days between publications of emergency donations) is not a setting: it stands in the
// code that enforces it.
//
// Only changed values are stored, one row each in config_setting(id, value); [Load] lays
// them over [Defaults]. [Save] checks a value against its definition and refuses it at the
// field named like the setting. To add a setting: a field, a default, a line in the table of
// definitions, a label in the locale files.
//
// In the comments, "issue" is the product's own requirement and "ours" a choice of ours that
// no text asks for.
package config
