-- +goose Up
-- Maps of places change often and are short: they stay in their rows, as they are.
ALTER TABLE search_grams ALTER COLUMN docs SET STORAGE PLAIN;
