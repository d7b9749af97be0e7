package realtime

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"reflect"
	"slices"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/plain"
)

// Call is what a handler knows about who asks and about which topic.
type Call struct {
	Conn      *Conn
	Principal access.Principal
	Topic     string // "room:0199…"
	ID        string // "0199…"
}

// Join is a call that subscribes. After is the last seq the client has, or -1.
type Join struct {
	Call
	After int64
	Data  json.RawMessage
}

// Sequenced is implemented by join answers that know the seq they reach. Events
// up to that seq which were held back meanwhile are not delivered again.
type Sequenced interface{ Seq() int64 }

// Kind is how a feature answers for one kind of topic. Handlers run on the
// lane of their (connection, topic) pair: in order within it, concurrently with
// everything else.
type Kind struct {
	Needs  access.Level
	Code   byte // of binary frames; 0 = none
	Join   func(context.Context, Join) (any, error)
	Ops    map[string]Op
	Binary func(context.Context, Call, BinaryFrame) (any, error)
	Left   func(context.Context, Call) // after the connection left, was evicted or vanished
	Events map[string]any              // name → zero value of the payload, for the API document
}

// Op is one operation of a topic kind. Make it with Handle.
type Op struct {
	needs   access.Level
	in, out reflect.Type
	run     func(context.Context, Call, json.RawMessage) (any, error)
}

// Handle makes an operation from a typed function. Unknown fields and trailing
// data are refused. In and Out become components of the API document.
func Handle[In, Out any](needs access.Level, fn func(context.Context, Call, In) (Out, error)) Op {
	return Op{
		needs: needs,
		in:    reflect.TypeFor[In](),
		out:   reflect.TypeFor[Out](),
		run: func(ctx context.Context, c Call, raw json.RawMessage) (any, error) {
			in, err := Decode[In](raw)
			if err != nil {
				return nil, err
			}
			return fn(ctx, c, in)
		},
	}
}

// Decode reads the data of a question strictly. Missing data is the zero value.
func Decode[T any](raw json.RawMessage) (T, error) {
	var v T
	if len(raw) == 0 {
		return v, nil
	}
	if !plain.JSON(raw) {
		return v, fault.Invalid("invalid_input")
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if err := d.Decode(&v); err != nil {
		return v, fault.Invalid("invalid_input").Because(err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return v, fault.Invalid("invalid_input")
	}
	return v, nil
}

// Topics collects the topic kinds of all modules at start-up. It is not safe
// for concurrent use and not changed once the hub serves.
type Topics struct {
	kinds  map[string]Kind
	codes  map[byte]string
	me     []mePart
	events map[string]any
}

type mePart struct {
	name  string
	value reflect.Type
	read  func(context.Context, access.Principal) (any, error)
}

// NewTopics returns an empty collection.
func NewTopics() *Topics {
	return &Topics{kinds: map[string]Kind{}, codes: map[byte]string{}, events: map[string]any{}}
}

// Kind adds a kind of topic. It panics on a name or binary code taken before
// and on an operation without a level: those are mistakes of the programmer.
func (t *Topics) Kind(name string, k Kind) {
	if _, taken := t.kinds[name]; taken || name == "me" {
		panic("realtime: topic kind " + name + " is registered twice")
	}
	if k.Join == nil || k.Needs == access.Deny {
		panic("realtime: topic kind " + name + " has no join or no level")
	}
	for op, o := range k.Ops {
		if o.needs == access.Deny || o.run == nil || op == "join" || op == "leave" || op == "ping" {
			panic("realtime: operation " + name + "." + op + " has no level or a reserved name")
		}
	}
	if k.Code != 0 {
		if other, taken := t.codes[k.Code]; taken {
			panic("realtime: binary code of " + name + " belongs to " + other)
		}
		t.codes[k.Code] = name
	}
	t.kinds[name] = k
}

// Me adds a part to what the topic "me" answers on joining. The function reads
// what waits for the person; it must be cheap, since it runs at every reconnect.
func Me[T any](t *Topics, part string, read func(context.Context, access.Principal) (T, error)) {
	if slices.ContainsFunc(t.me, func(p mePart) bool { return p.name == part }) {
		panic("realtime: part " + part + " of me is registered twice")
	}
	t.me = append(t.me, mePart{
		name:  part,
		value: reflect.TypeFor[T](),
		read:  func(ctx context.Context, p access.Principal) (any, error) { return read(ctx, p) },
	})
}

// MeEvent declares an event of the topic "me" for the API document.
func (t *Topics) MeEvent(name string, payload any) { t.events[name] = payload }

// ReadMe returns what the topic "me" answers on joining: the parts by name.
func (t *Topics) ReadMe(ctx context.Context, p access.Principal) (map[string]any, error) {
	out := make(map[string]any, len(t.me))
	for _, part := range t.me {
		v, err := part.read(ctx, p)
		if err != nil {
			return nil, err
		}
		out[part.name] = v
	}
	return out, nil
}

// Operation is a row of the inventory of the socket.
type Operation struct {
	Kind  string
	Name  string
	Level access.Level
	In    reflect.Type
	Out   reflect.Type
}

// Inventory lists every operation of the socket, joins and binary frames
// included, sorted by kind and name.
func (t *Topics) Inventory() []Operation {
	all := []Operation{{Kind: "me", Name: "join", Level: access.Guest}}
	for name, k := range t.kinds {
		all = append(all, Operation{Kind: name, Name: "join", Level: k.Needs})
		if k.Binary != nil {
			all = append(all, Operation{Kind: name, Name: "binary", Level: k.Needs})
		}
		for op, o := range k.Ops {
			all = append(all, Operation{Kind: name, Name: op, Level: o.needs, In: o.in, Out: o.out})
		}
	}
	slices.SortFunc(all, func(a, b Operation) int {
		return cmpStrings(a.Kind+"."+a.Name, b.Kind+"."+b.Name)
	})
	return all
}

// EventTypes returns the payload types of all events as "kind.event".
func (t *Topics) EventTypes() map[string]reflect.Type {
	out := map[string]reflect.Type{}
	for name, v := range t.events {
		out["me."+name] = reflect.TypeOf(v)
	}
	for _, part := range t.me {
		out["me.part."+part.name] = part.value
	}
	for kind, k := range t.kinds {
		for name, v := range k.Events {
			out[kind+"."+name] = reflect.TypeOf(v)
		}
	}
	return out
}

func cmpStrings(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
