// Package send says what a channel to people is: something that takes one message to one
// address. Its sub-packages speak the protocols: mail, sms, wechat, hook.
//
// A channel may be given the same message again when nobody knows whether it arrived: its Key
// is then the same, and goes along to whoever can tell by it that it has the message already.
//
// What fails says whether another try can help ([Later]) or not ([Never]), by one of a few
// reasons. An error never holds an address, a secret, or what the other side wrote.
//
// Tables: none. Facts: none.
package send
