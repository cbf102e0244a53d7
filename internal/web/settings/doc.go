// Package settings is the page on which the system administrator changes the
// numbers that an operator may change (package config says which, within which
// bounds, and on what they rest). Every change is audited.
package settings
