// Package callups has the pages of appeals and call-ups: what everybody reads and a volunteer
// answers, the part of her first page that asks her, and at the desk what is issued and what
// is received.
package callups
