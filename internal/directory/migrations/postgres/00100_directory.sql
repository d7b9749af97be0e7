-- +goose Up
CREATE TABLE users (
    id          text PRIMARY KEY,
    name        text NOT NULL,
    sort_name   text COLLATE "C" NOT NULL, -- normalised, for order
    email       text,
    email_lower text,          -- for look-up; not unique, as issuers do not agree on addresses
    words       text NOT NULL, -- normalised words of name, e-mail, title and unit, each after a space
    role        text NOT NULL,
    title       text NOT NULL DEFAULT '',
    unit        text NOT NULL DEFAULT '',
    phone       text NOT NULL DEFAULT '',
    locale      text NOT NULL DEFAULT '',
    theme       text NOT NULL DEFAULT '',
    disabled_at timestamptz,
    created_at  timestamptz NOT NULL,
    updated_at  timestamptz NOT NULL
);
CREATE INDEX users_by_name ON users (sort_name, id);
CREATE INDEX users_by_email ON users (email_lower);

CREATE TABLE groups (
    id          text PRIMARY KEY,
    name        text NOT NULL,
    sort_name   text COLLATE "C" NOT NULL,
    description text NOT NULL DEFAULT '',
    origin      text NOT NULL, -- 'local' or the name of an issuer
    created_at  timestamptz NOT NULL,
    UNIQUE (origin, name)
);
CREATE INDEX groups_by_name ON groups (sort_name, id);

CREATE TABLE memberships (
    group_id text NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id  text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    source   text NOT NULL, -- who says so: 'local' or the name of an issuer
    added_at timestamptz NOT NULL,
    PRIMARY KEY (group_id, user_id, source)
);
CREATE INDEX memberships_by_user ON memberships (user_id);

CREATE TABLE directory_changes (
    seq      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind     text NOT NULL,
    user_id  text NOT NULL,
    group_id text NOT NULL DEFAULT '',
    at       timestamptz NOT NULL
);
