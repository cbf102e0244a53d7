// Package dbtest gives each test databases of its own, migrated, on both engines:
//
//	func TestSignUp(t *testing.T) {
//		dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) { … })
//	}
//
// runs the body twice, as subtests "sqlite" and "postgres". Migrations run once: a SQLite
// test gets a copy of a migrated file, a PostgreSQL test a database made from a migrated
// template, which is kept between runs for as long as the migrations stay the same.
//
// PostgreSQL is found by TONGXIN_TEST_POSTGRES; without it the test fails, for a test that
// did not run proves nothing. `make test` sets it.
package dbtest
