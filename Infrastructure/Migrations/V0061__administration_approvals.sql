-- What one administrator asks and another decides. open_key is act and subject while it waits, null afterwards: one open request for a thing.
CREATE TABLE IF NOT EXISTS approvals (
    id {id} NOT NULL PRIMARY KEY,
    act {code} NOT NULL,
    subject_id {code} NOT NULL,
    subject_name {short} NOT NULL,
    subject_version {int} NULL,
    open_key {code} NULL,
    reason {short} NOT NULL,
    state {code} NOT NULL,
    requested_by {id} NOT NULL,
    requested_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    decided_by {id} NULL,
    decided_at {instant} NULL,
    decision_reason {short} NULL,
    undo_until {instant} NULL,
    undone_by {id} NULL,
    undone_at {instant} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_approvals_open ON approvals (open_key);
CREATE INDEX IF NOT EXISTS ix_approvals_state ON approvals (state, id);
