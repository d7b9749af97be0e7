//go:build linux

package proof

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"

	"rathaus/internal/fault"
)

// maxAnswer bounds what is read of one answer.
const maxAnswer = 64 << 20 // bytes

// Call asks the program over HTTP and reads the answer into out, unless out is nil.
// A refusal is a *Refusal.
func (p *Process) Call(ctx context.Context, who Person, method, path string, in, out any) (err error) {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, p.URL+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Cookie", who.Cookie)
	req.Header.Set("X-Rathaus", "1")
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		var f fault.Body
		if err := json.Unmarshal(b, &f); err != nil {
			return fmt.Errorf("%s %s answered %d %.200q", method, path, resp.StatusCode, b)
		}
		return &Refusal{f}
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(b, out)
}

// Room opens a private room with everybody of people in it; the first owns it.
func (p *Process) Room(ctx context.Context, name string, people []Person) (string, error) {
	var room struct {
		ID string `json:"id"`
	}
	if err := p.Call(ctx, people[0], "POST", "/chat/rooms", map[string]any{"kind": "private", "name": name}, &room); err != nil {
		return "", fmt.Errorf("open room %s: %w", name, err)
	}
	const atOnce = 200
	for rest := people[1:]; len(rest) > 0; {
		n := min(atOnce, len(rest))
		ids := make([]string, n)
		for i := range ids {
			ids[i] = rest[i].ID
		}
		rest = rest[n:]
		if err := p.Call(ctx, people[0], "POST", "/chat/rooms/"+room.ID+"/members", map[string]any{"user_ids": ids}, nil); err != nil {
			return "", fmt.Errorf("fill room %s: %w", name, err)
		}
	}
	return room.ID, nil
}

// Pad makes a pad of the organisation that everybody may write in.
func (p *Process) Pad(ctx context.Context, title string, owner Person) (string, error) {
	var pad struct {
		ID string `json:"id"`
	}
	if err := p.Call(ctx, owner, "POST", "/pads", map[string]any{"class": "organisation", "title": title}, &pad); err != nil {
		return "", fmt.Errorf("make pad %s: %w", title, err)
	}
	err := p.Call(ctx, owner, "PUT", "/pads/"+pad.ID+"/shares/everyone/everyone", map[string]any{"right": "write"}, nil)
	if err != nil {
		return "", fmt.Errorf("share pad %s: %w", title, err)
	}
	return pad.ID, nil
}
