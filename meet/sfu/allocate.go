package sfu

// demand is what one tile could get: its source's layers, cheapest first, and
// the height it is shown at.
type demand struct {
	options []option
	height  int
	current int // index of the option in use, -1 for none
}

type option struct {
	bitrate int64
	height  int
}

const raiseMargin = 115 // percent of its price that a rise must fit

// allocate spends budget on demands, most important first, and returns the
// chosen option of each, -1 for a pause. Everybody gets the cheapest layer
// before anybody gets a better one.
func allocate(budget int64, demands []demand) []int {
	chosen := make([]int, len(demands))
	for i, d := range demands {
		chosen[i] = -1
		if len(d.options) == 0 {
			continue
		}
		if price := d.price(0); price <= budget {
			chosen[i] = 0
			budget -= price
		}
	}
	for raised := true; raised; {
		raised = false
		for i, d := range demands {
			next := chosen[i] + 1
			if chosen[i] < 0 || next >= len(d.options) || d.options[chosen[i]].height >= d.height {
				continue
			}
			extra := d.price(next) - d.price(chosen[i])
			if extra > budget {
				continue
			}
			budget -= extra
			chosen[i] = next
			raised = true
		}
	}
	return chosen
}

// price counts options above the present one with a margin, so that a layer
// is not changed back and forth at the edge.
func (d demand) price(i int) int64 {
	if i > d.current {
		return d.options[i].bitrate * raiseMargin / 100
	}
	return d.options[i].bitrate
}

// guessedHeight stands in until a key frame told the real one.
func guessedHeight(rank int) int { return []int{180, 360, 720}[rank] }
