// Package wechat sends template messages of an official account.
//
// The account's access token is fetched by its secret, kept until shortly before it ends, and
// fetched anew when WeChat says that it is no longer good (40001, 40014, 42001): by one at a time,
// however many messages wait for it. The message's key goes along as client_msg_id, by which
// WeChat tells a message that it has already.
//
// Who she is a follower tells by a code, which WeChat gives her browser when it is sent there and
// which is exchanged once ([WeChat.OpenID]).
//
// Tables: none. Facts: none.
package wechat
