package auth

import (
	"context"
	"fmt"

	"rathaus/internal/id"
)

// Keys of auth_settings.
const (
	settingThrottleSecret = "throttle_secret"
	settingTownName       = "town_name"
)

// loadSettings reads what the database keeps for this service, and makes the
// secret of the throttle at the first start.
func (s *Service) loadSettings(ctx context.Context) error {
	var secret, town string
	err := s.db.Write(ctx, func(tx Tx) (err error) {
		if err = keepSetting(tx, settingThrottleSecret, id.Token()); err != nil {
			return err
		}
		if secret, err = setting(tx, settingThrottleSecret); err != nil {
			return err
		}
		town, err = setting(tx, settingTownName)
		return err
	})
	if err != nil {
		return fmt.Errorf("load settings: %w", err)
	}
	s.throttle = throttle{secret: []byte(secret)}
	s.townName.Store(&town)
	return nil
}

// setting returns a value, or nothing if it was never set.
func setting(tx Tx, key string) (string, error) {
	var value string
	err := tx.Raw("SELECT value FROM auth_settings WHERE key = ?", key).Scan(&value).Error
	return value, err
}

// keepSetting sets a value unless there is one.
func keepSetting(tx Tx, key, value string) error {
	return tx.Exec("INSERT INTO auth_settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO NOTHING", key, value).Error
}

func putSetting(tx Tx, key, value string) error {
	return tx.Exec(`INSERT INTO auth_settings (key, value) VALUES (?, ?)
		ON CONFLICT (key) DO UPDATE SET value = excluded.value`, key, value).Error
}
