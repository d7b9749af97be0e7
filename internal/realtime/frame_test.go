package realtime

import (
	"testing"

	"rathaus/internal/id"
)

func FuzzDecodeQuestions(f *testing.F) {
	f.Add([]byte(`{"id":1,"op":"join","topic":"room:x","after":3}`))
	f.Add([]byte("{\"id\":1,\"op\":\"ping\"}\n{\"id\":2,\"op\":\"ping\"}"))
	f.Add([]byte("\xff"))
	f.Fuzz(func(t *testing.T, b []byte) {
		questions, err := decodeQuestions(b)
		if err == nil && len(questions) > maxOpenQuestions {
			t.Errorf("%d questions passed", len(questions))
		}
		for _, q := range questions {
			if q.ID == 0 || q.Op == "" || len(q.Op) > maxOpName || len(q.Topic) > maxTopicName {
				t.Errorf("%+v passed", q)
			}
		}
	})
}

func FuzzDecodeBinary(f *testing.F) {
	good, err := binaryFrame(1, 2, id.New(), 5, []byte("payload"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good.wire[2:])
	f.Add([]byte{1, 2, 3})
	f.Fuzz(func(t *testing.T, b []byte) {
		_, topicID, number, frame, err := decodeBinary(b)
		if err != nil {
			return
		}
		if number == 0 || !id.Valid(topicID) || len(frame.Payload) != len(b)-binaryHeader {
			t.Errorf("%x was taken apart into %q %d %d bytes", b, topicID, number, len(frame.Payload))
		}
	})
}
