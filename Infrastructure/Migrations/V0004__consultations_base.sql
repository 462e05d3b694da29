CREATE TABLE IF NOT EXISTS consultations (
    id {id} NOT NULL PRIMARY KEY,
    matter_id {id} NOT NULL,
    state {code} NOT NULL,
    answer_due_at {instant} NOT NULL,
    first_answered_at {instant} NULL,
    last_seq {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_consultations_matter ON consultations (matter_id);

CREATE TABLE IF NOT EXISTS messages (
    id {id} NOT NULL,
    consultation_id {id} NOT NULL,
    seq {int} NOT NULL,
    kind {code} NOT NULL,
    author_kind {code} NOT NULL,
    author_id {id} NOT NULL,
    text {text} NOT NULL,
    client_message_id {code} NULL,
    at {instant} NOT NULL,
    PRIMARY KEY (consultation_id, seq)
) {table};
-- The same client message twice is one message, with or without an Idempotency-Key (R10).
CREATE UNIQUE INDEX IF NOT EXISTS ux_messages_client ON messages (consultation_id, author_id, client_message_id);
