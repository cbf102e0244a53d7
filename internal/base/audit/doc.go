// Package audit keeps who did what, when, on whom, before and after. Entries
// are written in the transaction of the act, never changed, and sealed in a
// chain like facts. Personal fields stand in them as ciphertext only; bulk work
// writes one entry a batch. Table: audit_entry (audit_head and audit_seal are
// kept by package chain).
package audit
