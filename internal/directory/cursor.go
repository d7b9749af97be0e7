package directory

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// place is where a page of a list by name ended. The zero value is before all.
type place struct {
	Name string `json:"n"`
	ID   string `json:"i"`
}

func (p place) cursor() string {
	text, err := json.Marshal(p)
	if err != nil {
		panic("directory: cursor: " + err.Error()) // two strings always have a form
	}
	return base64.RawURLEncoding.EncodeToString(text)
}

// placeOf reads a cursor. It holds nothing secret, but comes from outside.
func placeOf(cursor string) (place, error) {
	var p place
	if cursor == "" {
		return p, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err == nil {
		err = json.Unmarshal(text, &p)
	}
	if err == nil && (strings.ContainsRune(p.Name, 0) || !id.Valid(p.ID)) {
		err = errors.New("not a place of ours")
	}
	if err != nil {
		return place{}, fault.Invalid("cursor_invalid").Because(err)
	}
	return p, nil
}

// pageSize keeps what a caller asks for within bounds.
func pageSize(limit int) int {
	if limit < 1 || limit > maxPage {
		return maxPage
	}
	return limit
}

// cut turns limit+1 fetched rows into a page.
func cut[T any](rows []T, limit int, at func(T) place) Page[T] {
	if len(rows) <= limit {
		return Page[T]{Items: rows}
	}
	rows = rows[:limit]
	return Page[T]{Items: rows, Next: at(rows[limit-1]).cursor()}
}
