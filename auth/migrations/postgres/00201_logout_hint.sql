-- +goose Up
-- The provider's identity token, sealed with a key that only the session's cookie gives.
ALTER TABLE auth_sessions ADD COLUMN logout_hint bytea;
