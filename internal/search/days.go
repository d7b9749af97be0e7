package search

import (
	"strconv"
	"strings"
	"time"
)

// span reads a day, month or year: 2026-11-21, 2026-11, 2026, 21.11.2026,
// 21.11., heute, gestern, today, yesterday. A day without a year is the latest
// one that is not in the future.
func span(value string, now time.Time) (begin, end time.Time, ok bool) {
	today := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
	switch strings.ToLower(value) {
	case "heute", "today":
		return today, today.AddDate(0, 0, 1), true
	case "gestern", "yesterday":
		return today.AddDate(0, 0, -1), today, true
	case "vorgestern":
		return today.AddDate(0, 0, -2), today.AddDate(0, 0, -1), true
	}
	for _, form := range []struct {
		layout             string
		years, months, day int
	}{{"2006-1-2", 0, 0, 1}, {"2006-1", 0, 1, 0}, {"2006", 1, 0, 0}, {"2.1.2006", 0, 0, 1}, {"1.2006", 0, 1, 0}} {
		if begin, err := time.ParseInLocation(form.layout, value, now.Location()); err == nil && sensible(begin) {
			return begin, begin.AddDate(form.years, form.months, form.day), true
		}
	}
	return dayOfYear(value, today)
}

func dayOfYear(value string, today time.Time) (begin, end time.Time, ok bool) {
	day, month, found := strings.Cut(strings.TrimSuffix(value, "."), ".")
	if !found {
		return begin, end, false
	}
	d, err := strconv.Atoi(day)
	m, err2 := strconv.Atoi(month)
	if err != nil || err2 != nil || d < 1 || d > 31 || m < 1 || m > 12 {
		return begin, end, false
	}
	begin = time.Date(today.Year(), time.Month(m), d, 0, 0, 0, 0, today.Location())
	if begin.Day() != d {
		return begin, end, false
	}
	if begin.After(today) {
		begin = begin.AddDate(-1, 0, 0)
	}
	return begin, begin.AddDate(0, 0, 1), true
}

func sensible(t time.Time) bool { return t.Year() >= 1900 && t.Year() <= 2200 }
