// Package testkit boots the whole program in process: a real database in a
// temporary place, a real listener on a free port, real sockets.
//
//	town := testkit.Start(t)
//	ada := town.Person("Ada Ahorn", access.RoleMember)
//	status, fault := ada.Do("POST", "/chat/rooms", in, &room)
//	tab := ada.Socket()
//	tab.Join("room:"+room.ID, -1)
//	tab.Event("message")
//
// Each runs a test on SQLite and, where one is offered, on PostgreSQL.
// Everything waits for conditions and fails loudly, saying what it waited for.
package testkit
