-- +goose Up
-- The title with which a pad was made. It never changes: everybody who opens the pad
-- begins the document with it, and so it stands there once.
ALTER TABLE pads ADD COLUMN first_title text NOT NULL DEFAULT '';
UPDATE pads SET first_title = title WHERE last_seq = 0 AND class = 'organisation';
