// Package arch keeps the rules of the house: it holds nothing but tests, which read the module's own source and migrations.
//
//   - layers: what may import what, and which packages there are (layers_test.go, modules_test.go)
//   - SQL: where it may stand, whose tables it may write and read, what it may say on two engines, and that it names its
//     home (sqltext_test.go, sql_test.go, dialect_test.go)
//   - schema: homes, keys and references of every table (schema_test.go, tables_test.go)
//   - facts, shifts and engines: what only their owner may touch (owners_test.go)
//   - form: documents, names, sizes, clocks, tests that are skipped or sleep, Chinese text outside locale files (form_test.go,
//     han_test.go)
//   - acceptance: docs/acceptance.md names a test or command for each requirement (acceptance_test.go)
//
// Each rule is a function from the source to its breaches, each breach a sentence with its place. TestRules runs them all on
// the module; TestPlantedBreaches runs each on a tiny source that breaks it, so that no rule can fall silent.
package arch
