-- +goose Up
CREATE TABLE auth_settings (
	key   text PRIMARY KEY,
	value text NOT NULL
);

CREATE TABLE auth_passwords (
	user_id    text PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	login      text NOT NULL UNIQUE,
	hash       text NOT NULL,
	changed_at timestamptz NOT NULL
);

CREATE TABLE auth_identities (
	issuer     text NOT NULL,
	subject    text NOT NULL,
	user_id    text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (issuer, subject)
);
CREATE INDEX auth_identities_user ON auth_identities (user_id);

CREATE TABLE auth_preferences (
	user_id text PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
	density text NOT NULL DEFAULT ''
);

CREATE TABLE auth_sessions (
	id         text PRIMARY KEY,
	token_hash text NOT NULL UNIQUE,
	user_id    text REFERENCES users (id) ON DELETE CASCADE,
	guest_id   text NOT NULL DEFAULT '',
	guest_name text NOT NULL DEFAULT '',
	provider   text NOT NULL DEFAULT '',
	issuer     text NOT NULL DEFAULT '',
	subject    text NOT NULL DEFAULT '',
	sid        text NOT NULL DEFAULT '',
	device     text NOT NULL DEFAULT '',
	created_at timestamptz NOT NULL,
	seen_at    timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	CHECK ((user_id IS NULL) = (guest_id <> ''))
);
CREATE INDEX auth_sessions_user ON auth_sessions (user_id);
CREATE INDEX auth_sessions_sid ON auth_sessions (issuer, sid);
CREATE INDEX auth_sessions_expiry ON auth_sessions (expires_at);

CREATE TABLE auth_tickets (
	id         text PRIMARY KEY,
	kind       text NOT NULL CHECK (kind IN ('setup', 'invitation', 'reset')),
	token_hash text NOT NULL UNIQUE,
	user_id    text REFERENCES users (id) ON DELETE CASCADE,
	name       text NOT NULL DEFAULT '',
	email      text NOT NULL DEFAULT '',
	role       text NOT NULL DEFAULT '',
	group_ids  text NOT NULL DEFAULT '[]',
	created_by text NOT NULL DEFAULT '',
	created_at timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	used_at    timestamptz
);
CREATE INDEX auth_tickets_kind ON auth_tickets (kind, expires_at);

CREATE TABLE auth_flows (
	state_hash   text PRIMARY KEY,
	provider     text NOT NULL,
	browser_hash text NOT NULL,
	nonce        text NOT NULL,
	verifier     text NOT NULL,
	return_to    text NOT NULL,
	expires_at   timestamptz NOT NULL
);

CREATE TABLE auth_logouts (
	issuer     text NOT NULL,
	token_id   text NOT NULL,
	expires_at timestamptz NOT NULL,
	PRIMARY KEY (issuer, token_id)
);

CREATE TABLE auth_throttle (
	name    text PRIMARY KEY,
	tries   integer NOT NULL,
	ends_at timestamptz NOT NULL
);

CREATE TABLE guest_links (
	id         text PRIMARY KEY,
	token_hash text NOT NULL UNIQUE,
	kind       text NOT NULL CHECK (kind IN ('pad', 'meeting', 'room')),
	object_id  text NOT NULL,
	right_name text NOT NULL,
	name       text NOT NULL DEFAULT '',
	created_by text NOT NULL,
	created_at timestamptz NOT NULL,
	not_before timestamptz NOT NULL,
	expires_at timestamptz NOT NULL,
	max_uses   integer NOT NULL DEFAULT 0,
	uses       integer NOT NULL DEFAULT 0,
	revoked_at timestamptz
);
CREATE INDEX guest_links_object ON guest_links (kind, object_id);

CREATE TABLE auth_guest_grants (
	session_id text NOT NULL REFERENCES auth_sessions (id) ON DELETE CASCADE,
	link_id    text NOT NULL REFERENCES guest_links (id) ON DELETE CASCADE,
	PRIMARY KEY (session_id, link_id)
);
CREATE INDEX auth_guest_grants_link ON auth_guest_grants (link_id);
