// Package fault holds the errors that a person or a program outside may see.
//
// A fault has a kind (a handful, stable), a code that the user interface
// translates, and parameters that are safe to show. Its cause is for operators
// only and never leaves the process. Everything that is not a fault becomes
// "internal" at the edge. This package is the only place that maps errors to
// HTTP status codes and to socket frames.
package fault

import (
	"context"
	"errors"
	"fmt"
	"net/http"
)

// Kind says what went wrong in a way that machines can act on.
type Kind string

// The kinds. Their number is kept small on purpose.
const (
	KindInvalid         Kind = "invalid"
	KindUnauthenticated Kind = "unauthenticated"
	KindForbidden       Kind = "forbidden"
	KindNotFound        Kind = "not_found"
	KindConflict        Kind = "conflict"
	KindGone            Kind = "gone"
	KindTooLarge        Kind = "too_large"
	KindRateLimited     Kind = "rate_limited"
	KindUnavailable     Kind = "unavailable"
	KindInternal        Kind = "internal"
)

var status = map[Kind]int{
	KindInvalid:         http.StatusUnprocessableEntity,
	KindUnauthenticated: http.StatusUnauthorized,
	KindForbidden:       http.StatusForbidden,
	KindNotFound:        http.StatusNotFound,
	KindConflict:        http.StatusConflict,
	KindGone:            http.StatusGone,
	KindTooLarge:        http.StatusRequestEntityTooLarge,
	KindRateLimited:     http.StatusTooManyRequests,
	KindUnavailable:     http.StatusServiceUnavailable,
	KindInternal:        http.StatusInternalServerError,
}

// HTTP returns the status code that stands for the kind.
func (k Kind) HTTP() int {
	if s, ok := status[k]; ok {
		return s
	}
	return http.StatusInternalServerError
}

// Error is a fault. It is immutable once it has left the function that made it.
type Error struct {
	Kind   Kind
	Code   string
	Params map[string]any
	cause  error
}

// Body is the form of a fault on the wire, in HTTP answers and socket frames alike.
type Body struct {
	Code      string         `json:"code" doc:"Stable code; the user interface translates it"`
	Params    map[string]any `json:"params,omitempty" doc:"Values to show in the translated text"`
	RequestID string         `json:"request_id,omitempty" doc:"Name of this request in the server's log"`
}

// Error renders the fault for operators, with its cause.
func (e *Error) Error() string {
	if e.cause != nil {
		return fmt.Sprintf("%s: %v", e.Code, e.cause)
	}
	return e.Code
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// Is makes errors.Is compare faults by code.
func (e *Error) Is(target error) bool {
	t, ok := errors.AsType[*Error](target)
	return ok && t.Code == e.Code
}

// Because returns a copy of the fault that carries the cause for the log.
func (e *Error) Because(cause error) *Error {
	c := *e
	c.cause = cause
	return &c
}

// GetStatus returns the HTTP status code, which makes a fault an answer that the
// HTTP layer sends as it is.
func (e *Error) GetStatus() int { return e.Kind.HTTP() }

// Body returns what may be shown outside.
func (e *Error) Body(requestID string) Body {
	return Body{Code: e.Code, Params: e.Params, RequestID: requestID}
}

// Invalid says that the input breaks a rule that the sender can mend.
func Invalid(code string, kv ...any) *Error { return build(KindInvalid, code, kv) }

// Unauthenticated says that nobody is signed in, or no longer.
func Unauthenticated(code string, kv ...any) *Error { return build(KindUnauthenticated, code, kv) }

// Forbidden says that the person is known and may not do this.
func Forbidden(code string, kv ...any) *Error { return build(KindForbidden, code, kv) }

// NotFound says that there is no such thing, or none that the person may know of.
func NotFound(code string, kv ...any) *Error { return build(KindNotFound, code, kv) }

// Conflict says that the state of the thing does not allow this now.
func Conflict(code string, kv ...any) *Error { return build(KindConflict, code, kv) }

// Gone says that the thing existed and is used up, expired or withdrawn.
func Gone(code string, kv ...any) *Error { return build(KindGone, code, kv) }

// TooLarge says that the input is over a size limit.
func TooLarge(code string, kv ...any) *Error { return build(KindTooLarge, code, kv) }

// RateLimited says that this came too often; it may be tried again later.
func RateLimited(code string, kv ...any) *Error { return build(KindRateLimited, code, kv) }

// Unavailable says that the house can't do this at the moment.
func Unavailable(code string, kv ...any) *Error { return build(KindUnavailable, code, kv) }

// Internal hides an unexpected error behind a bland code.
func Internal(cause error) *Error {
	return (&Error{Kind: KindInternal, Code: "internal"}).Because(cause)
}

// From returns the fault inside err, or wraps err as internal. It returns nil for nil.
func From(err error) *Error {
	if err == nil {
		return nil
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Unavailable("cancelled").Because(err)
	}
	return Internal(err)
}

func build(kind Kind, code string, kv []any) *Error {
	if len(kv)%2 != 0 {
		panic("fault: parameters of " + code + " come in pairs")
	}
	e := &Error{Kind: kind, Code: code}
	for i := 0; i < len(kv); i += 2 {
		key, ok := kv[i].(string)
		if !ok {
			panic("fault: parameter names of " + code + " are strings")
		}
		if e.Params == nil {
			e.Params = make(map[string]any, len(kv)/2)
		}
		e.Params[key] = kv[i+1]
	}
	return e
}
