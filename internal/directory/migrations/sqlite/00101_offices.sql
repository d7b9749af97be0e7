-- +goose Up
-- A group that takes messages as a whole, such as a department.
ALTER TABLE groups ADD COLUMN office boolean NOT NULL DEFAULT FALSE;
