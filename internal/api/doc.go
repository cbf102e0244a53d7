// Package api is the product for machines: JSON over the same commands that the pages use,
// one small file per area. The types in those files are the contract: their tags say units,
// states and bounds, and the OpenAPI 3.1 document at /api/v1/openapi.json is made from them.
//
//	call.go        who asks, in which language; who may ask what
//	problem.go     every refusal, as application/problem+json
//	activities.go  signups.go  checkins.go  volunteers.go  figures.go
//	health.go      /healthz /readyz      metrics.go   /metrics
//
// # Conventions
//
// Moments are RFC 3339 in the product's zone, days 2020-02-28, lengths of time whole minutes,
// divisions codes of twelve digits as text. Lists are keyset pages: `next` of one answer is
// `after` of the next request, absent on the last page. A person is named by her id or by
// her volunteer number. What is empty is left out.
//
// Machines bear a token (Authorization: Bearer …), browsers the session's cookie; requests
// that other sites make are refused by the chain that the pages share. Names are masked.
//
// # Repeats
//
// Whoever is not sure that a request arrived sends it again. A sign-up and its withdrawal
// take an Idempotency-Key: a repeat gets the first answer's status and id, marked
// Idempotency-Replayed, with the sign-up as it is now, and waits while the first is still
// being made; the same key with another request is refused (422 idempotency.mismatch). Arrivals and departures need no key: the first one stands, and
// whoever tells it again is answered 200 in place of 201.
//
// Refusals carry `code`, the message key, and `detail`, its sentence in the caller's language
// (Accept-Language). They never hold what was sent.
package api
