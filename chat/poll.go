package chat

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"rathaus/internal/fault"
)

// NewPoll is a question that a person puts to a room.
type NewPoll struct {
	Question  string    `json:"question" minLength:"1" maxLength:"2000"`
	Options   []string  `json:"options" minItems:"2" maxItems:"20" doc:"Each at most 200 characters, each different"`
	Multiple  bool      `json:"multiple,omitempty" doc:"People may choose several"`
	Anonymous bool      `json:"anonymous,omitempty" doc:"What somebody chose is not kept anywhere; votes are final"`
	ClosesAt  time.Time `json:"closes_at,omitempty" doc:"When it ends by itself; left out: when the author ends it"`
}

// Poll is a question with its result so far.
type Poll struct {
	Question  string       `json:"question"`
	Options   []PollOption `json:"options" nullable:"false"`
	Multiple  bool         `json:"multiple"`
	Anonymous bool         `json:"anonymous"`
	Voters    int          `json:"voters" doc:"How many people have voted"`
	Hidden    bool         `json:"hidden" doc:"The result of a secret poll shows when three have voted or it is over"`
	ClosesAt  string       `json:"closes_at,omitempty" format:"date-time"`
	ClosedAt  string       `json:"closed_at,omitempty" format:"date-time"`
}

// PollOption is one answer.
type PollOption struct {
	ID     string   `json:"id"`
	Text   string   `json:"text"`
	Votes  int      `json:"votes"`
	People []Person `json:"people,omitempty" nullable:"false" doc:"Who chose it; never in a secret poll"`
}

// storedPoll is the same in the data of the message. Of a secret poll it holds
// numbers only.
type storedPoll struct {
	Question  string         `json:"question"`
	Options   []storedOption `json:"options"`
	Multiple  bool           `json:"multiple,omitempty"`
	Anonymous bool           `json:"anonymous,omitempty"`
	Voters    int            `json:"voters"`
	ClosesAt  *time.Time     `json:"closes_at,omitempty"`
	ClosedAt  *time.Time     `json:"closed_at,omitempty"`
}

type storedOption struct {
	ID     string   `json:"id"`
	Text   string   `json:"text"`
	Votes  int      `json:"votes,omitempty"`
	People []string `json:"people,omitempty"`
}

var errPollClosed = fault.Conflict("chat.poll_closed")

// clean checks and tidies a new poll.
func (n *NewPoll) clean(now time.Time) (*storedPoll, error) {
	if n == nil {
		return nil, nil //nolint:nilnil // most messages have none
	}
	question, err := cleanProse(n.Question, maxPollQuestion, "chat.poll_too_long")
	if err != nil {
		return nil, err
	}
	if question == "" {
		return nil, fault.Invalid("chat.poll_incomplete")
	}
	out := &storedPoll{Question: question, Multiple: n.Multiple, Anonymous: n.Anonymous}
	seen := map[string]bool{}
	for i, option := range n.Options {
		text, err := cleanLine(option, maxPollOption, "chat.poll_too_long")
		if err != nil {
			return nil, err
		}
		if text == "" || seen[strings.ToLower(text)] {
			return nil, fault.Invalid("chat.poll_incomplete")
		}
		seen[strings.ToLower(text)] = true
		out.Options = append(out.Options, storedOption{ID: strconv.Itoa(i + 1), Text: text})
	}
	if len(out.Options) < minPollOptions || len(out.Options) > maxPollOptions {
		return nil, fault.Invalid("chat.poll_incomplete")
	}
	if !n.ClosesAt.IsZero() {
		end := n.ClosesAt.UTC().Truncate(time.Second)
		if !end.After(now) || end.After(now.Add(maxPollTime)) {
			return nil, fault.Invalid("chat.poll_end_invalid")
		}
		out.ClosesAt = &end
	}
	return out, nil
}

// over says whether a poll takes no more votes.
func (p *storedPoll) over(now time.Time) bool {
	return p.ClosedAt != nil || p.ClosesAt != nil && !now.Before(*p.ClosesAt)
}

// with returns the poll after user has chosen the options. Of a secret poll
// only the numbers alter; that nobody votes twice is for the list of voters.
func (p *storedPoll) with(user string, chosen []string) (*storedPoll, error) {
	if err := p.fits(chosen); err != nil {
		return p, err
	}
	next := *p
	next.Options = slices.Clone(p.Options)
	had := false
	for i, o := range next.Options {
		voted := slices.Contains(o.People, user)
		had = had || voted
		switch wants := slices.Contains(chosen, o.ID); {
		case p.Anonymous && wants:
			next.Options[i].Votes++
		case !p.Anonymous && wants && !voted:
			next.Options[i].People = append(slices.Clone(o.People), user)
		case !p.Anonymous && !wants && voted:
			next.Options[i].People = without(o.People, []string{user})
		}
	}
	switch {
	case !had && len(chosen) > 0:
		next.Voters++
	case had && len(chosen) == 0:
		next.Voters--
	}
	return &next, nil
}

func (p *storedPoll) fits(chosen []string) error {
	seen := map[string]bool{}
	for _, id := range chosen {
		if seen[id] || !slices.ContainsFunc(p.Options, func(o storedOption) bool { return o.ID == id }) {
			return fault.Invalid("chat.poll_option_unknown")
		}
		seen[id] = true
	}
	if len(chosen) > 1 && !p.Multiple || len(chosen) == 0 && p.Anonymous {
		return fault.Invalid("chat.poll_option_unknown")
	}
	return nil
}

// choices returns what user has chosen in a poll that is not secret.
func (p *storedPoll) choices(user string) []string {
	var out []string
	for _, o := range p.Options {
		if slices.Contains(o.People, user) {
			out = append(out, o.ID)
		}
	}
	return out
}

func (p *storedPoll) people() []string {
	var out []string
	for _, o := range p.Options {
		out = append(out, o.People...)
	}
	return out
}

func (p *storedPoll) view(people map[string]Person) *Poll {
	if p == nil {
		return nil
	}
	out := &Poll{
		Question: p.Question, Multiple: p.Multiple, Anonymous: p.Anonymous, Voters: p.Voters,
		Hidden:   p.Anonymous && p.ClosedAt == nil && p.Voters < secretFrom,
		ClosesAt: stampOf(p.ClosesAt), ClosedAt: stampOf(p.ClosedAt), Options: []PollOption{},
	}
	for _, o := range p.Options {
		option := PollOption{ID: o.ID, Text: o.Text, Votes: o.Votes + len(o.People)}
		if out.Hidden {
			option.Votes = 0
		}
		for _, id := range o.People {
			option.People = append(option.People, named(people, id))
		}
		out.Options = append(out.Options, option)
	}
	return out
}
