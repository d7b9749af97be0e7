-- +goose Up
CREATE TABLE audit_log (
    id          text PRIMARY KEY,
    at          timestamp NOT NULL,
    actor_id    text NOT NULL,
    actor_name  text NOT NULL,
    action      text NOT NULL,
    object_kind text NOT NULL,
    object_id   text NOT NULL,
    detail      text NOT NULL
);
CREATE INDEX audit_log_by_time ON audit_log (at, id);
CREATE INDEX audit_log_by_actor ON audit_log (actor_id, at, id);
CREATE INDEX audit_log_by_object ON audit_log (object_kind, object_id, at, id);

-- +goose StatementBegin
CREATE TRIGGER audit_log_keeps_entries BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd

-- What is older than 30 days may be deleted by a retention rule.
-- +goose StatementBegin
CREATE TRIGGER audit_log_keeps_recent_entries BEFORE DELETE ON audit_log
WHEN julianday(OLD.at) IS NULL OR julianday(OLD.at) > julianday('now', '-30 days')
BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- +goose StatementEnd
