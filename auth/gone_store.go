package auth

// sessionsThere returns which of the sessions exist.
func sessionsThere(db Tx, ids []string) (map[string]bool, error) {
	var found []string
	if err := db.Raw("SELECT id FROM auth_sessions WHERE id IN ?", ids).Scan(&found).Error; err != nil {
		return nil, err
	}
	there := make(map[string]bool, len(found))
	for _, id := range found {
		there[id] = true
	}
	return there, nil
}
