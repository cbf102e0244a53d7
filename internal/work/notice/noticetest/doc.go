// Package noticetest is for tests of who is told of what: it hears what people find in their
// inboxes. Tables: none. Facts: none.
package noticetest
