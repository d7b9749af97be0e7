package app_test

import (
	"strings"

	"rathaus/internal/id"
)

// tusHead is what requests of the upload protocol carry.
func tusHead(more ...string) map[string]string {
	head := map[string]string{"Tus-Resumable": "1.0.0", "Content-Type": "application/offset+octet-stream"}
	for i := 0; i+1 < len(more); i += 2 {
		head[more[i]] = more[i+1]
	}
	return head
}

const (
	uploadOwner = "anon files.upload_not_found ok files.upload_not_found files.upload_not_found files.upload_not_found files.upload_not_found anon"
	fileReaders = "anon ok ok ok files.not_found files.not_found files.not_found anon"
)

func fileRules() []rule {
	return []rule{
		{op: "OPTIONS /files/uploads", want: everybody},
		{op: "POST /files/uploads", want: sessions, head: tusHead("Upload-Length", "10"), data: fixed("hello")},
		{op: "HEAD /files/uploads/{upload}", want: uploadOwner, head: tusHead()},
		{op: "PATCH /files/uploads/{upload}", want: uploadOwner, head: tusHead("Upload-Offset", "0"), data: fixed("hello")},
		{op: "DELETE /files/uploads/{upload}", want: uploadOwner, head: tusHead()},
		{op: "GET /files/share", want: sessions},
		{op: "GET /chat/rooms/{room}/files", want: roomSeats},
		{op: "POST /chat/self", want: members},
		{op: "GET /files/{file}", want: fileReaders},
		{op: "GET /files/{file}/thumb", want: "anon files.not_found files.not_found files.not_found files.not_found files.not_found files.not_found anon"},
	}
}

// upload is announced by the owner, ten bytes of which nothing has arrived.
func (s *scene) upload() string { return s.made("upload", func() string { return s.announce("") }) }

// file is one that the owner has sent into the room.
func (s *scene) file() string {
	return s.made("file", func() string {
		file := s.announce("0123456789")
		s.post("/chat/rooms/"+s.room()+"/messages", map[string]any{"client_id": id.New(), "files": []string{file}})
		return file
	})
}

func (s *scene) announce(content string) string {
	s.t.Helper()
	head := tusHead("Upload-Length", "10")
	if content == "" {
		head["Content-Type"] = "text/plain"
	}
	_, header, body := s.owner.Raw("POST", "/files/uploads", content, head)
	at := header.Get("Location")
	if at == "" {
		s.t.Fatalf("the owner should be able to upload: %s", body)
	}
	return at[strings.LastIndexByte(at, '/')+1:]
}
