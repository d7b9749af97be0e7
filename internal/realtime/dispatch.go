package realtime

import (
	"context"
	"fmt"
	"runtime/debug"

	"rathaus/internal/access"
	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// ask takes one JSON question and puts it on the lane of its topic.
func (c *Conn) ask(q question) {
	if q.Op == "ping" {
		c.enqueue(c.reply(answer{Re: q.ID, OK: struct{}{}}))
		return
	}
	c.work(q.ID, q.Topic, func(ctx context.Context) (any, error) {
		switch q.Op {
		case "join":
			return nil, c.join(ctx, q)
		case "leave":
			c.leave(q.Topic)
			return struct{}{}, nil
		default:
			return c.operate(ctx, q)
		}
	})
}

// askBinary takes one binary question and puts it on the lane of its topic.
func (c *Conn) askBinary(code byte, topicID string, number uint32, f BinaryFrame) {
	kindName, ok := c.hub.topics.codes[code]
	topicName := kindName + ":" + topicID
	c.work(number, topicName, func(ctx context.Context) (any, error) {
		kind := c.hub.topics.kinds[kindName]
		if !ok || kind.Binary == nil {
			return nil, fault.NotFound("unknown_topic")
		}
		if err := allowed(kind.Needs, c.principal); err != nil {
			return nil, err
		}
		if !c.joined(topicName) {
			return nil, fault.Forbidden("not_joined")
		}
		return kind.Binary(ctx, c.call(topicName, topicID), f)
	})
}

// work runs fn on the topic's lane and answers question number with its result.
// A nil result without error means that fn has answered itself.
func (c *Conn) work(number uint32, topicName string, fn func(context.Context) (any, error)) {
	c.hub.counters.questions.Add(1)
	if c.open.Add(1) > maxOpenQuestions || !c.limiter.Allow() {
		c.close(CloseTooMany, "too many questions")
		return
	}
	c.onLane(topicName, func() {
		defer c.open.Add(-1)
		if c.ctx.Err() != nil {
			return
		}
		result, err := c.guarded(topicName, fn)
		if err != nil {
			c.refuse(number, topicName, err)
			return
		}
		if result != nil {
			c.enqueue(c.reply(answer{Re: number, OK: result}))
		}
	})
}

// guarded turns a panic of a handler into an internal fault. Commits are not
// cut short when the tab closes: a handler gets a context that outlives it.
func (c *Conn) guarded(topicName string, fn func(context.Context) (any, error)) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			kind, _ := splitTopic(topicName)
			c.hub.log.Error("socket operation panicked", "kind", kind, "panic", r, "stack", string(debug.Stack()))
			err = fault.Internal(fmt.Errorf("panic: %v", r))
		}
	}()
	return fn(c.ctx)
}

func (c *Conn) refuse(number uint32, topicName string, err error) {
	f := fault.From(err)
	requestID := ""
	if f.Kind == fault.KindInternal {
		requestID = id.New()
		kind, _ := splitTopic(topicName)
		c.hub.log.Error("socket operation went wrong", "request", requestID, "kind", kind, "err", err)
	}
	body := f.Body(requestID)
	c.enqueue(c.reply(answer{Re: number, Error: &body}))
}

func (c *Conn) operate(ctx context.Context, q question) (any, error) {
	kindName, topicID := splitTopic(q.Topic)
	kind, ok := c.hub.topics.kinds[kindName]
	if !ok {
		return nil, fault.NotFound("unknown_topic")
	}
	op, ok := kind.Ops[q.Op]
	if !ok {
		return nil, fault.NotFound("unknown_operation")
	}
	if err := allowed(op.needs, c.principal); err != nil {
		return nil, err
	}
	if !id.Valid(topicID) {
		return nil, fault.NotFound("unknown_topic")
	}
	return op.run(ctx, c.call(q.Topic, topicID), q.Data)
}

// join subscribes, reads the snapshot while events are held back, and answers.
func (c *Conn) join(ctx context.Context, q question) error {
	after := int64(-1)
	if q.After != nil && *q.After >= 0 {
		after = *q.After
	}
	if q.Topic == "me" {
		return c.joinMe(ctx, q)
	}
	kindName, topicID := splitTopic(q.Topic)
	kind, ok := c.hub.topics.kinds[kindName]
	if !ok || !id.Valid(topicID) {
		return fault.NotFound("unknown_topic")
	}
	if err := allowed(kind.Needs, c.principal); err != nil {
		return err
	}
	again := c.joined(q.Topic)
	if !c.enter(q.Topic) {
		return fault.RateLimited("too_many_topics")
	}
	t := c.hub.subscribe(c, q.Topic)
	result, err := kind.Join(ctx, Join{Call: c.call(q.Topic, topicID), After: after, Data: q.Data})
	if err != nil && again {
		c.leave(q.Topic)
		return err
	}
	if err != nil {
		c.forget(q.Topic)
		return err
	}
	return c.welcome(t, q, result)
}

func (c *Conn) joinMe(ctx context.Context, q question) error {
	if err := allowed(access.Guest, c.principal); err != nil {
		return err
	}
	if !c.enter("me") {
		return fault.RateLimited("too_many_topics")
	}
	c.me.hold(c)
	result, err := c.hub.topics.ReadMe(ctx, c.principal)
	if err != nil {
		c.leave("me")
		return err
	}
	return c.welcome(c.me, q, result)
}

func (c *Conn) welcome(t *topic, q question, result any) error {
	if result == nil {
		result = struct{}{}
	}
	seq := int64(0)
	if s, ok := result.(Sequenced); ok {
		seq = s.Seq()
	}
	if t.release(c, c.reply(answer{Re: q.ID, OK: result}), seq) {
		return nil
	}
	if t.has(c) {
		c.hub.counters.resyncs.Add(1)
		c.close(CloseResync, "resync")
		return fault.Unavailable("resync")
	}
	return fault.Forbidden("access_ended")
}

// forget undoes a join that was refused; its kind never heard of it.
func (c *Conn) forget(topicName string) {
	c.mu.Lock()
	delete(c.topics, topicName)
	c.mu.Unlock()
	c.hub.unsubscribe(c, topicName)
}

func (c *Conn) call(topicName, topicID string) Call {
	return Call{Conn: c, Principal: c.principal, Topic: topicName, ID: topicID}
}

func allowed(level access.Level, p access.Principal) error {
	switch {
	case level.Allows(p):
		return nil
	case !p.Authenticated():
		return fault.Unauthenticated("not_signed_in")
	default:
		return fault.Forbidden("not_allowed")
	}
}
