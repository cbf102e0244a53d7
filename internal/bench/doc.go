// Package bench measures how many people can sign up, or check in, at once: real HTTP over
// loopback, with the handlers, the authentication, the audit trail and the facts of the
// product, in a closed loop of clients that send the next request when the last is answered.
//
// It works on copies, beside the database so that the disk is the same, and takes them away
// afterwards. To one copy it adds volunteers with sessions, and shifts, by the product's
// commands ([stage.go]). Of that it makes two more:
//
//	the baseline   the same writer, pragmas and kept statements, one closure a commit
//	the product    as it serves: whoever waits shares a commit
//
// One request in five goes to one of ten hot shifts, which fill up and have no waiting list;
// one in twenty repeats one that was accepted, with its key. A repeat is not counted as
// accepted. Afterwards everything is verified, and the seats are counted against what was
// acknowledged. PostgreSQL has a transaction per closure in any case, so there is no baseline.
//
// [RunImport] brings a list of volunteers while clients sign up all the time, and says what
// that takes: time, processor time, memory, and how much of their rate alone the sign-ups keep.
package bench
