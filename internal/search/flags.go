package search

// Flags say what a document is and has.
type Flags int64

// The kinds of document; each has exactly one.
const (
	IsMessage Flags = 1 << iota
	IsFile
	IsPad
)

const kinds = IsMessage | IsFile | IsPad

// What a document may have.
const (
	HasFile Flags = 1 << (iota + 8)
	HasImage
	HasVideo
	HasAudio
	HasVoice
	HasPDF
	HasLink
	HasPoll
	HasCode
)

// hasWords are the folded values of the filter hat:.
var hasWords = map[string]Flags{
	"datei": HasFile, "dateien": HasFile, "anhang": HasFile, "anhange": HasFile, "file": HasFile, "files": HasFile, "attachment": HasFile,
	"bild": HasImage, "bilder": HasImage, "foto": HasImage, "fotos": HasImage, "image": HasImage, "images": HasImage, "picture": HasImage, "photo": HasImage,
	"video": HasVideo, "videos": HasVideo, "film": HasVideo,
	"audio": HasAudio, "ton": HasAudio,
	"sprachnachricht": HasVoice, "sprache": HasVoice, "voice": HasVoice,
	"pdf":  HasPDF,
	"link": HasLink, "links": HasLink, "url": HasLink,
	"umfrage": HasPoll, "umfragen": HasPoll, "abstimmung": HasPoll, "poll": HasPoll, "polls": HasPoll,
	"code": HasCode,
}
