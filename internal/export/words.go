package export

// Words are the texts of the pages in one language.
type Words struct {
	Mine, Room, Members, Messages, Pages, Data, Files, Pads, PadsNote, Notes, Profile, Edited, Made, Previous, Next, Overview, Missing, OnlyMine, Page string
	Joined, Added, Left, Removed, Renamed, Created, Call                                                                                               string
}

var languages = map[string]Words{
	"de": {
		Mine: "Meine Daten", Room: "Raum", Members: "Mitglieder", Messages: "Nachrichten", Pages: "Seiten", Data: "Daten für Programme (JSON)", Files: "Dateien",
		Pads: "Pads", PadsNote: "Den Inhalt eines Pads speichert man im Browser: Pad öffnen, Exportieren.", Notes: "Entwürfe und Gemerktes", Profile: "Profil",
		Edited: "bearbeitet", Made: "Erstellt am", Previous: "Frühere", Next: "Spätere", Overview: "Übersicht", Missing: "nicht mehr vorhanden", OnlyMine: "nur eigene Nachrichten", Page: "Seite",
		Joined: "ist beigetreten", Added: "hat hinzugefügt", Left: "hat den Raum verlassen", Removed: "hat entfernt", Renamed: "hat umbenannt in", Created: "hat den Raum angelegt", Call: "hat ein Treffen begonnen",
	},
	"en": {
		Mine: "My data", Room: "Room", Members: "Members", Messages: "Messages", Pages: "Pages", Data: "Data for programs (JSON)", Files: "Files",
		Pads: "Pads", PadsNote: "The content of a pad is saved in the browser: open the pad, Export.", Notes: "Drafts and saved messages", Profile: "Profile",
		Edited: "edited", Made: "Made on", Previous: "Earlier", Next: "Later", Overview: "Overview", Missing: "no longer there", OnlyMine: "own messages only", Page: "Page",
		Joined: "joined", Added: "added", Left: "left the room", Removed: "removed", Renamed: "renamed the room to", Created: "made the room", Call: "started a meeting",
	},
}

// WordsIn returns the texts of a language.
func WordsIn(lang string) Words {
	if w, ok := languages[lang]; ok {
		return w
	}
	return languages["de"]
}
