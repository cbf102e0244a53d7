// Package sms sends short messages through an HTTP gateway of the usual signed kind: the request
// names a template and a signature that the provider has agreed to, carries the template's
// variables as JSON, and is signed by HMAC-SHA256 over its canonical form (ACS3-HMAC-SHA256, the
// operation SendSms of 2017-05-25, which Alibaba Cloud documents and others speak too).
//
// OutId is the message's key: a gateway that took it before can tell.
//
// Tables: none. Facts: none.
package sms
