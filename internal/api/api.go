package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
)

// Site is what the API needs of the product; package app fills it in.
type Site struct {
	DB       *db.DB
	Keys     *crypt.Keys
	Log      *slog.Logger
	Figures  *figure.Engine
	Stopping func() bool // whether the process takes no new work
	Traffic  *Traffic

	api huma.API
}

// prefix is where the API lives. Its shape stays: what breaks a caller goes to v2.
const prefix = "/api/v1"

// MaxBody is how many bytes the body of a request may have.
const MaxBody = 1 << 20

// Mount puts the API, health and metrics on the mux of the pages.
func (s *Site) Mount(mux *http.ServeMux) {
	s.api = humago.New(mux, configuration())
	s.api.UseMiddleware(s.admit)
	s.activities()
	s.signups()
	s.checkins()
	s.volunteers()
	s.figures()
	s.health()
	s.metrics()
	s.document(mux)
	mux.Handle("/api/", s.elsewhere(mux))
}

func configuration() huma.Config {
	c := huma.DefaultConfig("Tongxin", "1")
	c.Info.Description = "Volunteer service: open activities, sign-ups, check-in, volunteers, figures. " +
		"Refusals are problem documents whose `code` does not change; `detail` is for people, in the language of Accept-Language."
	c.DocsPath, c.SchemasPath, c.OpenAPIPath = "", "", "" // the document has a route of its own; nothing loads from elsewhere
	c.CreateHooks = nil                                   // no $schema in bodies
	c.RejectUnknownQueryParameters = true
	c.Formats = map[string]huma.Format{"application/json": huma.DefaultJSONFormat, "json": huma.DefaultJSONFormat}
	c.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token":   {Type: "http", Scheme: "bearer", Description: "A machine's token, as `tongxin token` or the settings page makes it."},
		"session": {Type: "apiKey", In: "cookie", Name: page.SessionCookie, Description: "A person's session."},
	}
	return c
}

// signedIn is the security of an operation that somebody must be signed in for; one without
// is everybody's.
var signedIn = []map[string][]string{{"token": {}}, {"session": {}}}

// document serves the description of the API, made once from its types.
func (s *Site) document(mux *http.ServeMux) {
	s.api.OpenAPI().AddOperation(&huma.Operation{
		OperationID: "getDocument", Method: http.MethodGet, Path: prefix + "/openapi.json", Tags: []string{"document"},
		Summary: "This document",
		Responses: map[string]*huma.Response{
			"200":     {Description: "OK", Content: map[string]*huma.MediaType{"application/openapi+json": {}}},
			"default": s.api.OpenAPI().Paths["/healthz"].Get.Responses["default"],
		},
	})
	text, err := json.Marshal(s.api.OpenAPI())
	if err != nil {
		panic(err) // it is made from types
	}
	mux.HandleFunc("GET "+prefix+"/openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		w.Header().Set("Cache-Control", "no-cache")
		w.Write(text)
	})
}

// register adds an operation. The document names the refusals that it lists and no others;
// whatever else may come back is a problem, too.
func register[I, O any](api huma.API, op huma.Operation, handler func(context.Context, *I) (*O, error)) {
	if op.Responses == nil {
		op.Responses = map[string]*huma.Response{}
	}
	op.BodyReadTimeout = -1 // package page keeps senders to a pace
	huma.Register(api, op, handler)
	if !slices.Contains(op.Errors, http.StatusUnprocessableEntity) {
		delete(op.Responses, "422")
	}
	if broken := op.Responses["500"]; broken != nil {
		op.Responses["default"] = &huma.Response{Description: "Something went wrong", Content: broken.Content}
		delete(op.Responses, "500")
	}
}

// elsewhere answers what is not a route of the API: 405 where the path has other methods.
func (s *Site) elsewhere(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		err := fail.New(fail.NotFound, "api.no_such_route")
		var allowed []string
		for _, method := range []string{"GET", "POST", "DELETE"} {
			other := r.Clone(r.Context())
			other.Method = method
			if _, pattern := mux.Handler(other); pattern != "/api/" && pattern != "/" {
				allowed = append(allowed, method)
			}
		}
		if len(allowed) > 0 {
			w.Header().Set("Allow", strings.Join(allowed, ", "))
			err = errMethod
		}
		ctx := humago.NewContext(&huma.Operation{Method: r.Method, Path: "/api/"}, r, w)
		huma.WriteErr(s.api, ctx, 0, "", err)
	})
}
