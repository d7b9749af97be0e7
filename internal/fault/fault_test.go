package fault_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"rathaus/internal/fault"
)

func TestUnknownErrorsBecomeInternalAndShowNothing(t *testing.T) {
	t.Parallel()
	f := fault.From(fmt.Errorf("dial tcp 10.0.0.5: password=hunter2: %w", io.EOF))
	if f.Kind != fault.KindInternal || f.GetStatus() != 500 {
		t.Errorf("got %s %d, want internal 500", f.Kind, f.GetStatus())
	}
	body, err := json.Marshal(f.Body("req"))
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(body), "hunter2") {
		t.Errorf("the body %s shows the cause", body)
	}
	if !errors.Is(f, io.EOF) {
		t.Error("the cause should stay for the log")
	}
}

func TestWrappedFaultsKeepTheirKindAndParameters(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("create room: %w", fault.Conflict("chat.room_name_taken", "name", "Bauhof"))
	f := fault.From(err)
	if f.Code != "chat.room_name_taken" || f.Params["name"] != "Bauhof" || f.GetStatus() != 409 {
		t.Errorf("got %+v", f)
	}
	if !errors.Is(err, fault.Conflict("chat.room_name_taken")) {
		t.Error("faults compare by code")
	}
}

func TestBecauseLeavesTheOriginalAlone(t *testing.T) {
	t.Parallel()
	plain := fault.NotFound("x")
	if withCause := plain.Because(io.EOF); withCause == plain || errors.Is(plain, io.EOF) {
		t.Error("Because should return a copy")
	}
}

func TestCancelledWorkIsUnavailable(t *testing.T) {
	t.Parallel()
	if f := fault.From(fmt.Errorf("query: %w", context.Canceled)); f.Kind != fault.KindUnavailable {
		t.Errorf("got %s, want unavailable", f.Kind)
	}
	if fault.From(nil) != nil {
		t.Error("no error is no fault")
	}
}
