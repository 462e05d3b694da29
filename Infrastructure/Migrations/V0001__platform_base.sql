-- One row per Idempotency-Key (R9), written in the transaction of the state it made.
CREATE TABLE IF NOT EXISTS idempotency_keys (
    id {code} NOT NULL PRIMARY KEY,
    body_hash {code} NOT NULL,
    status {int} NOT NULL,
    response {text} NULL,
    expires_at {instant} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_idempotency_keys_expiry ON idempotency_keys (expires_at);

-- One row per event and subscriber, written with the state. Position is the order of delivery within (subscriber, event_key).
CREATE TABLE IF NOT EXISTS outbox (
    position {serial},
    id {id} NOT NULL,
    subscriber {code} NOT NULL,
    event_key {code} NOT NULL,
    event_type {code} NOT NULL,
    payload {text} NOT NULL,
    created_at {instant} NOT NULL,
    next_at {instant} NOT NULL,
    attempts {int} NOT NULL,
    claimed_until {instant} NOT NULL,
    state {code} NOT NULL,
    last_error {text} NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_outbox_state ON outbox (state, position);
CREATE INDEX IF NOT EXISTS ix_outbox_key ON outbox (subscriber, event_key, state, position);

-- Who did what. Committed with the state; linked into the hash chain by a job right after (docs/adr/0004).
CREATE TABLE IF NOT EXISTS audit_entries (
    position {serial},
    id {id} NOT NULL,
    at {instant} NOT NULL,
    actor_kind {code} NOT NULL,
    actor_id {code} NOT NULL,
    action {code} NOT NULL,
    subject_kind {code} NOT NULL,
    subject_id {code} NOT NULL,
    detail {text} NULL,
    chain_seq {bigint} NULL,
    hash {code} NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_audit_entries_chain ON audit_entries (chain_seq);
CREATE INDEX IF NOT EXISTS ix_audit_entries_subject ON audit_entries (subject_kind, subject_id, position);
CREATE INDEX IF NOT EXISTS ix_audit_entries_actor ON audit_entries (actor_id, position);

-- The end of the audit chain: one row.
CREATE TABLE IF NOT EXISTS audit_chain (
    id {int} NOT NULL PRIMARY KEY,
    last_seq {bigint} NOT NULL,
    last_hash {code} NOT NULL,
    mac {code} NOT NULL
) {table};

-- Which recurring job runs next when, and how it went last time.
CREATE TABLE IF NOT EXISTS job_runs (
    name {code} NOT NULL PRIMARY KEY,
    next_at {instant} NOT NULL,
    started_at {instant} NULL,
    finished_at {instant} NULL,
    done {int} NULL,
    error {short} NULL
) {table};
