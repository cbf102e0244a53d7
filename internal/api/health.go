package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/chain"
	"tongxin/internal/ledger"
)

func (s *Site) health() {
	register(s.api, huma.Operation{
		OperationID: "healthy", Method: http.MethodGet, Path: "/healthz", Tags: []string{"operation"},
		Summary: "Whether the process answers",
	}, s.healthy)
	register(s.api, huma.Operation{
		OperationID: "ready", Method: http.MethodGet, Path: "/readyz", Tags: []string{"operation"},
		Summary: "Whether requests should come here", Description: "The database answers with this program's schema and keys, the sealer keeps up, and nobody is stopping the process.",
		Responses: map[string]*huma.Response{"503": {Description: "Not now", Content: map[string]*huma.MediaType{
			"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Readiness"}},
		}}, "default": {Description: "Something went wrong", Content: map[string]*huma.MediaType{
			"application/problem+json": {Schema: &huma.Schema{Ref: "#/components/schemas/Problem"}},
		}}},
	}, s.ready)
}

type healthAnswer struct {
	Body struct {
		OK bool `json:"ok"`
	}
}

func (s *Site) healthy(context.Context, *struct{}) (*healthAnswer, error) {
	out := &healthAnswer{}
	out.Body.OK = true
	return out, nil
}

type readyAnswer struct {
	Status int
	Body   Readiness
}

// Readiness is whether requests should come here, and why not.
type Readiness struct {
	Ready  bool    `json:"ready"`
	Checks []Check `json:"checks"`
}

// Check is one condition of it.
type Check struct {
	Name string `json:"name" enum:"running,schema,keys,sealer" doc:"running: not being stopped; schema: the database answers, migrated for this program; keys: they are the database's; sealer: nothing has waited a minute for its number"`
	OK   bool   `json:"ok"`
}

// tooLate is how long a fact or an entry of the audit trail may wait for its number.
const tooLate = time.Minute

func (s *Site) ready(ctx context.Context, _ *struct{}) (*readyAnswer, error) {
	out := &readyAnswer{Status: http.StatusOK}
	ask := func(name string, ok bool) { out.Body.Checks = append(out.Body.Checks, Check{name, ok}) }
	ask("running", !s.Stopping())
	ask("schema", s.DB.CheckSchema(ctx) == nil)
	ask("keys", s.Keys.Check(ctx, s.DB, "") == nil)
	ask("sealer", s.sealed(ctx))
	out.Body.Ready = true
	for _, c := range out.Body.Checks {
		out.Body.Ready = out.Body.Ready && c.OK
	}
	if !out.Body.Ready {
		out.Status = http.StatusServiceUnavailable
	}
	return out, nil
}

func (s *Site) sealed(ctx context.Context) bool {
	for _, b := range []*chain.Book{ledger.Book(), audit.Book()} {
		if w, err := b.Waiting(ctx, s.DB, s.DB.Now()); err != nil || w.Longest > tooLate {
			return false
		}
	}
	return true
}
