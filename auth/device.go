package auth

import "strings"

// deviceOf sums a user agent up in the words of "my devices": "Firefox auf
// Windows". It keeps nothing that tells two devices of a kind apart.
func deviceOf(userAgent string) string {
	if len(userAgent) > 1024 {
		userAgent = userAgent[:1024]
	}
	browser := firstOf(userAgent, browsers)
	system := firstOf(userAgent, systems)
	switch {
	case browser == "" && system == "":
		return ""
	case browser == "":
		return system
	case system == "":
		return browser
	}
	return browser + " · " + system
}

type mark struct{ part, name string }

// Order matters: Edge and Opera say Chrome as well, Chrome says Safari.
var browsers = []mark{
	{"Edg/", "Edge"}, {"EdgA/", "Edge"}, {"OPR/", "Opera"}, {"Vivaldi", "Vivaldi"}, {"SamsungBrowser", "Samsung Internet"},
	{"Firefox/", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chromium", "Chromium"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"},
}

var systems = []mark{
	{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "ChromeOS"},
	{"Mac OS X", "macOS"}, {"Linux", "Linux"},
}

func firstOf(text string, marks []mark) string {
	for _, m := range marks {
		if strings.Contains(text, m.part) {
			return m.name
		}
	}
	return ""
}
