// Package hook sends messages to machines: JSON by POST, signed as webhooks usually are. Three
// headers go along: Webhook-Id (the message's key, the same for each try), Webhook-Timestamp
// (seconds), and Webhook-Signature: "v1," and the HMAC-SHA256, in base64, of the id, the time and
// the body with dots between them, under the secret that the receiver was shown once.
//
// Addresses are https, and lead to the public net alone: each connection is looked at once the
// name is resolved, redirects included, and one into a private net, to this machine, or to the
// net's own services is refused before anything is sent.
//
// Tables: none. Facts: none.
package hook
