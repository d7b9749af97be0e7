package realtime

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/gorilla/websocket"

	"rathaus/internal/fault"
	"rathaus/internal/id"
)

// question is what a client sends as JSON.
type question struct {
	ID    uint32          `json:"id"`
	Op    string          `json:"op"`
	Topic string          `json:"topic"`
	After *int64          `json:"after"`
	Data  json.RawMessage `json:"data"`
}

type answer struct {
	Re    uint32      `json:"re"`
	OK    any         `json:"ok,omitempty"`
	Error *fault.Body `json:"error,omitempty"`
}

type event struct {
	Event string `json:"ev"`
	Topic string `json:"topic"`
	Seq   int64  `json:"seq,omitempty"`
	Data  any    `json:"data,omitempty"`
}

type greeting struct {
	Hello hello `json:"hello"`
}

type hello struct {
	Connection string `json:"connection"`
	Version    string `json:"version"`
	Heartbeat  int    `json:"heartbeat"`
}

var errMalformed = errors.New("malformed frame")

// decodeQuestions splits a text message into its questions.
func decodeQuestions(message []byte) ([]question, error) {
	if !utf8.Valid(message) {
		return nil, fmt.Errorf("%w: not UTF-8", errMalformed)
	}
	var all []question
	for line := range bytes.SplitSeq(message, []byte{'\n'}) {
		if len(line) == 0 {
			continue
		}
		if len(all) == maxOpenQuestions {
			return nil, fmt.Errorf("%w: more than %d questions in one message", errMalformed, maxOpenQuestions)
		}
		q, err := decodeQuestion(line)
		if err != nil {
			return nil, err
		}
		all = append(all, q)
	}
	return all, nil
}

func decodeQuestion(line []byte) (question, error) {
	var q question
	if err := json.Unmarshal(line, &q); err != nil {
		return q, fmt.Errorf("%w: %w", errMalformed, err)
	}
	if q.ID == 0 || q.Op == "" || len(q.Op) > maxOpName || len(q.Topic) > maxTopicName {
		return q, fmt.Errorf("%w: id, op or topic out of range", errMalformed)
	}
	return q, nil
}

// BinaryFrame is a binary message from a client, its header taken apart.
type BinaryFrame struct {
	Kind    byte // meaning belongs to the topic kind
	Payload []byte
}

const (
	binaryVersion = 1
	binaryHeader  = 28
)

// decodeBinary takes a binary message apart. Payload shares memory with message.
func decodeBinary(message []byte) (code byte, topicID string, number uint32, frame BinaryFrame, err error) {
	if len(message) < binaryHeader || message[0] != binaryVersion || message[3] != 0 {
		return 0, "", 0, frame, fmt.Errorf("%w: binary header", errMalformed)
	}
	n := binary.BigEndian.Uint64(message[20:28])
	if n == 0 || n > 1<<32-1 {
		return 0, "", 0, frame, fmt.Errorf("%w: question number", errMalformed)
	}
	topicID = id.FromBytes([16]byte(message[4:20]))
	return message[1], topicID, uint32(n), BinaryFrame{Kind: message[2], Payload: message[binaryHeader:]}, nil
}

// textFrame puts marshalled JSON into a frame.
func textFrame(text []byte, seq int64) frame {
	wire := appendHeader(make([]byte, 0, len(text)+maxHeader), websocket.TextMessage, len(text))
	return frame{wire: append(wire, text...), seq: seq}
}

// binaryFrame builds a binary message to clients.
func binaryFrame(code, kind byte, topicID string, seq int64, payload []byte) (frame, error) {
	raw, err := id.Bytes(topicID)
	if err != nil {
		return frame{}, err
	}
	size := binaryHeader + len(payload)
	wire := appendHeader(make([]byte, 0, size+maxHeader), websocket.BinaryMessage, size)
	wire = append(wire, binaryVersion, code, kind, 0)
	wire = append(wire, raw[:]...)
	wire = binary.BigEndian.AppendUint64(wire, uint64(seq)) //nolint:gosec // seq is never negative
	return frame{wire: append(wire, payload...), seq: seq}, nil
}

// controlFrame builds a ping or pong. Data is at most 125 bytes.
func controlFrame(opcode byte, data string) frame {
	return frame{wire: append(appendHeader(nil, opcode, len(data)), data...)}
}

const maxHeader = 10

// appendHeader begins an unmasked frame that is a whole message (RFC 6455, section 5.2).
func appendHeader(to []byte, opcode byte, size int) []byte {
	const final, twoBytes, eightBytes = 0x80, 126, 127
	to = append(to, final|opcode)
	switch {
	case size < twoBytes:
		return append(to, byte(size)) //nolint:gosec // below 126
	case size <= math.MaxUint16:
		return binary.BigEndian.AppendUint16(append(to, twoBytes), uint16(size))
	default:
		return binary.BigEndian.AppendUint64(append(to, eightBytes), uint64(size))
	}
}

// splitTopic takes "room:0199…" apart into kind and id. "me" has no id.
func splitTopic(topic string) (kind, topicID string) {
	kind, topicID, _ = strings.Cut(topic, ":")
	return kind, topicID
}
