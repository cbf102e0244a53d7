// Package audits is the page on which an auditor searches the trail: who did
// what, when and on whom, within the organisations she audits. Personal fields
// stand in entries as ciphertext, and names are masked.
package audits
