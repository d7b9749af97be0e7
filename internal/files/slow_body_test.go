package files

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

// asked does one request after the other, as far as the server allows on one
// connection, and answers how many connections it took.
func asked(t *testing.T, handler http.HandlerFunc, times int) (connections int) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	seen := map[string]bool{}
	inner := server.Config.Handler
	server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen[r.RemoteAddr] = true
		inner.ServeHTTP(w, r)
	})
	server.Start()
	defer server.Close()
	for range times {
		resp, err := server.Client().Post(server.URL, tusContent, bytes.NewReader(make([]byte, 9000)))
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusNoContent, resp.StatusCode, "the request is not taken for one whose client has gone")
	}
	return len(seen)
}

// alive answers 204, or 503 if the context says that the client has gone.
func alive(w http.ResponseWriter, r *http.Request) {
	if r.Context().Err() != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func TestWhoIsInterruptedAfterTheBodyGoesOnOverTheSameConnection(t *testing.T) {
	t.Parallel()
	var late *slowBody
	connections := asked(t, func(w http.ResponseWriter, r *http.Request) {
		if late != nil {
			late.interrupt() // by one who saw the turn of the request before
		}
		body := newSlowBody(w, r.Body)
		_, err := io.Copy(io.Discard, body)
		require.NoError(t, err)
		body.interrupt()
		require.False(t, body.leave())
		late = body
		alive(w, r)
	}, 200)
	require.Equal(t, 1, connections)
}

func TestAConnectionThatWasInterruptedIsNotUsedAgain(t *testing.T) {
	t.Parallel()
	connections := asked(t, func(w http.ResponseWriter, r *http.Request) {
		body := newSlowBody(w, r.Body)
		_, err := body.Read(make([]byte, 10))
		require.NoError(t, err)
		for range 2 {
			body.interrupt()
		}
		_, err = body.Read(make([]byte, 10))
		require.ErrorIs(t, err, errInterrupted)
		if body.leave() {
			w.Header().Set("Connection", "close")
		}
		w.WriteHeader(http.StatusNoContent)
	}, 5)
	require.Equal(t, 5, connections)
}
