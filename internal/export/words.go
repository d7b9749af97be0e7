package export

// Words are the texts of the pages in one language.
type Words struct {
	Mine, Self, Members, Messages, Data, Pads, PadsNote, Notes, Profile, Edited, Made, Previous, Next, Overview, OnlyMine, Page string
	Joined, Added, Left, Removed, Renamed, Created, Call, Role, Archived, Reopened, Owner, Moderator, Member                    string
	Expiry, NoExpiry, Days, Hours, Minutes                                                                                      string
	Draft, Waiting, Saved, RemindAt, NotSent                                                                                    string
	Names                                                                                                                       Names
}

// Names are the names of files and folders, without their ending.
type Names struct {
	Room, Rooms, Messages, Page, Files, Profile, Notes, Pads, Waiting string
}

var german = Words{
	Mine: "Meine Daten", Self: "Notizen an mich", Members: "Mitglieder", Messages: "Nachrichten", Data: "Daten für Programme (JSON)",
	Pads: "Pads", PadsNote: "Den Inhalt eines Pads kennt nur der Browser: Pad öffnen, alles markieren und kopieren.", Notes: "Entwürfe, Geplantes und Gemerktes", Profile: "Profil",
	Edited: "bearbeitet", Made: "Erstellt am", Previous: "Frühere", Next: "Spätere", Overview: "Übersicht", OnlyMine: "nur eigene Nachrichten", Page: "Seite",
	Joined: "ist beigetreten", Added: "hat hinzugefügt:", Left: "hat den Raum verlassen", Removed: "hat entfernt:", Renamed: "hat den Raum umbenannt in", Created: "hat den Raum angelegt",
	Call: "hat ein Treffen begonnen", Role: "hat eine Rolle geändert:", Archived: "hat den Raum archiviert", Reopened: "hat den Raum wieder geöffnet",
	Expiry: "hat eingestellt: Neue Nachrichten löschen sich selbst", NoExpiry: "hat eingestellt: Neue Nachrichten bleiben stehen", Days: "Frist in Tagen", Hours: "Frist in Stunden", Minutes: "Frist in Minuten",
	Owner: "verwaltet den Raum", Moderator: "moderiert", Member: "Mitglied",
	Draft: "Entwurf", Waiting: "wird gesendet am", Saved: "gemerkt", RemindAt: "Erinnerung am", NotSent: "konnte nicht gesendet werden",
	Names: Names{Room: "raum", Rooms: "raeume", Messages: "nachrichten", Page: "seite", Files: "dateien", Profile: "profil", Notes: "notizen", Pads: "pads", Waiting: "geplant"},
}

var english = Words{
	Mine: "My data", Self: "Notes to myself", Members: "Members", Messages: "Messages", Data: "Data for programs (JSON)",
	Pads: "Pads", PadsNote: "Only the browser knows the content of a pad: open it, select everything and copy.", Notes: "Drafts, messages to be sent and saved messages", Profile: "Profile",
	Edited: "edited", Made: "Made on", Previous: "Earlier", Next: "Later", Overview: "Overview", OnlyMine: "own messages only", Page: "Page",
	Joined: "joined", Added: "added", Left: "left the room", Removed: "removed", Renamed: "renamed the room to", Created: "made the room",
	Call: "started a meeting", Role: "changed a role:", Archived: "archived the room", Reopened: "reopened the room",
	Expiry: "decided: new messages delete themselves", NoExpiry: "decided: new messages stay", Days: "time in days", Hours: "time in hours", Minutes: "time in minutes",
	Owner: "manages the room", Moderator: "moderates", Member: "member",
	Draft: "Draft", Waiting: "to be sent on", Saved: "saved", RemindAt: "reminder on", NotSent: "could not be sent",
	Names: Names{Room: "room", Rooms: "rooms", Messages: "messages", Page: "page", Files: "files", Profile: "profile", Notes: "notes", Pads: "pads", Waiting: "waiting"},
}

// WordsIn returns the texts of a language.
func WordsIn(lang string) Words {
	if lang == "en" {
		return english
	}
	return german
}
