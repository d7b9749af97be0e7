-- +goose Up
ALTER TABLE users ADD COLUMN room text NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN deputy_id text NOT NULL DEFAULT ''; -- who stands in; a person of users, or ''
ALTER TABLE users ADD COLUMN phone_digits text NOT NULL DEFAULT ''; -- the number for look-up: digits after +49 or 0

-- Numbers from before get their digits; whoever is saved from now on gets them from the program.
UPDATE users SET phone_digits = replace(replace(replace(replace(replace(replace(replace(replace(phone,
    '(0)', ''), ' ', ''), '/', ''), '-', ''), '.', ''), '(', ''), ')', ''), '–', '');
UPDATE users SET phone_digits = substr(phone_digits, 4) WHERE phone_digits LIKE '+49%';
UPDATE users SET phone_digits = substr(phone_digits, 5) WHERE phone_digits LIKE '0049%';
UPDATE users SET phone_digits = ltrim(replace(phone_digits, '+', ''), '0');
