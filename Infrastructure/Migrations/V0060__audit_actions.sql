-- Who read what in a period, and every other question about one sort of act, newest first.
CREATE INDEX IF NOT EXISTS ix_audit_entries_action ON audit_entries (action, at, position);
