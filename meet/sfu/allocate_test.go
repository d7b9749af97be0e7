package sfu

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestAllocate(t *testing.T) {
	camera := func(height, current int) demand {
		return demand{height: height, current: current, options: []option{{150_000, 180}, {500_000, 360}, {1_700_000, 720}}}
	}
	for name, c := range map[string]struct {
		budget  int64
		demands []demand
		want    []int
	}{
		"plenty":                             {10_000_000, []demand{camera(720, -1), camera(180, -1)}, []int{2, 0}},
		"no more lines than the tile has":    {10_000_000, []demand{camera(300, -1)}, []int{1}},
		"everybody before anybody better":    {500_000, []demand{camera(720, -1), camera(720, -1)}, []int{0, 0}},
		"the first gets better first":        {1_000_000, []demand{camera(720, -1), camera(720, -1)}, []int{1, 0}},
		"the last is paused":                 {200_000, []demand{camera(720, -1), camera(720, -1)}, []int{0, -1}},
		"a rise needs a margin":              {510_000, []demand{camera(360, 0)}, []int{0}},
		"what is in use stays without it":    {510_000, []demand{camera(360, 1)}, []int{1}},
		"nothing alive":                      {1_000_000, []demand{{height: 720, current: -1}}, []int{-1}},
		"a cheaper later one fills the rest": {300_000, []demand{{height: 900, current: -1, options: []option{{2_000_000, 900}}}, camera(180, -1)}, []int{-1, 0}},
	} {
		assert.Equal(t, c.want, allocate(c.budget, c.demands), name)
	}
}

func TestAllocateNeverOverspends(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		budget := rapid.Int64Range(0, 10_000_000).Draw(t, "budget")
		var demands []demand
		for range rapid.IntRange(0, 20).Draw(t, "tiles") {
			d := demand{height: rapid.IntRange(1, 1080).Draw(t, "height"), current: -1}
			for i := range rapid.IntRange(0, 3).Draw(t, "layers") {
				d.options = append(d.options, option{rapid.Int64Range(1, 3_000_000).Draw(t, "price"), 180 << i})
			}
			demands = append(demands, d)
		}
		spent := int64(0)
		for i, c := range allocate(budget, demands) {
			if c >= 0 {
				spent += demands[i].options[c].bitrate
			}
		}
		if spent > budget {
			t.Fatalf("spent %d of %d", spent, budget)
		}
	})
}
