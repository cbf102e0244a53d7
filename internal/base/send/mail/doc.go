// Package mail sends e-mail by SMTP, always over TLS: from the start, or by STARTTLS before the
// password is given. The message's key is its Message-ID, the same for each try, by which mail
// programs tell that they have it already.
//
// Tables: none. Facts: none.
package mail
