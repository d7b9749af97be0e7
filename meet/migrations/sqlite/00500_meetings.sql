-- +goose Up
-- Who was in a meeting is nowhere in here: people in a call live in memory only.
CREATE TABLE meetings (
    id               text PRIMARY KEY,
    name             text NOT NULL UNIQUE,
    title            text NOT NULL,
    access           text NOT NULL CHECK (access IN ('town', 'link', 'room')),
    guests           boolean NOT NULL,
    room_id          text,
    created_by       text NOT NULL,
    max_participants integer NOT NULL,
    created_at       timestamp NOT NULL,
    started_at       timestamp NOT NULL,
    ended_at         timestamp,
    expires_at       timestamp,
    CHECK ((access = 'room') = (room_id IS NOT NULL))
);

-- One running call for each chat room: concurrent clicks meet in the same one.
CREATE UNIQUE INDEX meetings_one_call_per_room ON meetings (room_id) WHERE ended_at IS NULL;
CREATE INDEX meetings_running ON meetings (started_at) WHERE ended_at IS NULL;
CREATE INDEX meetings_of_creator ON meetings (created_by, created_at);
