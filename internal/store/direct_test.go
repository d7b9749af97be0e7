package store

import "testing"

func TestQuestionMarksBecomeNumbers(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		"COMMIT": "COMMIT",
		"UPDATE a SET b = ? WHERE c = ? RETURNING d": "UPDATE a SET b = $1 WHERE c = $2 RETURNING d",
		"INSERT INTO a VALUES (?, ?, ?)":             "INSERT INTO a VALUES ($1, $2, $3)",
	} {
		if got := number(query); got != want {
			t.Errorf("number(%q) = %q, want %q", query, got, want)
		}
	}
}
