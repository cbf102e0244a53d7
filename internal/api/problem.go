package api

import (
	"errors"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
)

// Problem is a refusal (RFC 9457). It never holds what was sent.
type Problem struct {
	Status   int       `json:"status" doc:"The HTTP status" example:"409"`
	Code     string    `json:"code" doc:"What is the matter, for programs; it does not change" example:"roster.already_signed"`
	Title    string    `json:"title" doc:"The kind of refusal, for people"`
	Detail   string    `json:"detail" doc:"What is the matter, for people, in the language of Accept-Language"`
	Errors   []Mistake `json:"errors,omitempty" doc:"What is wrong with single values"`
	Incident string    `json:"incident,omitempty" doc:"Under which number the operator's log has it"`
}

// Mistake is what is wrong with one value.
type Mistake struct {
	Location string `json:"location" doc:"Where it is" example:"body.place"`
	Code     string `json:"code" doc:"What is wrong, for programs" example:"roster.place_unknown"`
	Detail   string `json:"detail" doc:"What is wrong, for people"`
}

// GetStatus is for huma.
func (p *Problem) GetStatus() int { return p.Status }

// Error is for huma.
func (p *Problem) Error() string { return p.Code }

// ContentType is for huma.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// refusal is an error that belongs to HTTP alone.
type refusal struct {
	status int
	title  string
	key    string
}

func (r *refusal) Error() string { return r.key }

var (
	errSignIn   = &refusal{401, "signed_out", "api.sign_in"}
	errEnded    = &refusal{401, "signed_out", "api.session_ended"}
	errToken    = &refusal{401, "signed_out", "api.token_unknown"}
	errMethod   = &refusal{405, "invalid", "api.method"}
	errTooLarge = &refusal{413, "too_large", "api.too_large"}
)

// byStatus are the refusals that huma makes before a handler runs.
var byStatus = map[int]*refusal{
	400: {400, "invalid", "api.not_json"},
	408: {408, "unavailable", "api.too_slow"},
	413: errTooLarge,
	415: {415, "invalid", "api.media_type"},
	422: {422, "invalid", "api.invalid"},
	500: {400, "invalid", "api.cut_off"}, // [bodyUnread]
}

// huma makes its errors through these two. Lists of ours are never null.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return &Problem{Status: status} }
	huma.NewErrorWithContext = newProblem
}

// newProblem puts any error into words: one of ours, what huma refuses before a handler runs,
// or one that nobody expected.
func newProblem(ctx huma.Context, status int, said string, errs ...error) huma.StatusError {
	c, ok := ctx.Context().Value(callKey{}).(*call)
	if !ok {
		c = newCall(ctx)
	}
	p := &Problem{}
	switch {
	case len(errs) == 1 && ours(errs[0]):
		c.explain(p, errs[0])
	case status == http.StatusInternalServerError && said != bodyUnread:
		c.broken(p, errs[0])
	default:
		c.explain(p, byStatus[status])
		for _, err := range errs {
			if status == http.StatusUnprocessableEntity {
				p.Errors = append(p.Errors, c.mistake(err))
			}
		}
	}
	c.announce(ctx, p)
	return p
}

// bodyUnread is what huma says of a body that does not come to its end.
const bodyUnread = "cannot read request body"

func ours(err error) bool {
	var r *refusal
	return errors.As(err, &r) || fail.KindOf(err) != fail.Internal
}

// explain puts one of our own refusals into words.
func (c *call) explain(p *Problem, err error) {
	var r *refusal
	if errors.As(err, &r) {
		p.Status, p.Code = r.status, r.key
		p.Title, p.Detail = c.T("web.error."+r.title), c.T(r.key)
		return
	}
	p.Status, p.Code = fail.Status(err), fail.Key(err)
	p.Title, p.Detail = c.T("web.error."+string(fail.KindOf(err))), i18n.Message(c.lang, err)
	for _, f := range fail.Fields(err) {
		p.Errors = append(p.Errors, Mistake{c.where(f.Field), f.Key, c.T(f.Key, f.Args...)})
	}
}

// where is the place of a command's field in the request.
func (c *call) where(field string) string {
	if c.r.Method == http.MethodGet {
		return "query." + field
	}
	return "body." + field
}

// broken hides what is ours to repair behind a number, and tells the log.
func (c *call) broken(p *Problem, err error) {
	p.Status, p.Code, p.Incident = http.StatusInternalServerError, "error.internal", c.w.Header().Get("X-Request-Id")
	p.Title, p.Detail = c.T("web.error.internal"), c.T("error.internal")
	c.log.LogAttrs(c.r.Context(), slog.LevelError, "request failed", slog.String("incident", p.Incident),
		slog.String("route", c.r.Pattern), slog.String("error", err.Error()))
}

// announce sets the headers that belong to a status.
func (c *call) announce(ctx huma.Context, p *Problem) {
	ctx.SetHeader("Content-Language", c.lang)
	switch p.Status {
	case http.StatusUnauthorized:
		ctx.SetHeader("WWW-Authenticate", `Bearer realm="tongxin"`)
	case http.StatusTooManyRequests, http.StatusServiceUnavailable:
		ctx.SetHeader("Retry-After", "60")
	}
}

// T is a sentence in the caller's language.
func (c *call) T(key string, args ...any) string { return i18n.T(c.lang, key, args...) }
