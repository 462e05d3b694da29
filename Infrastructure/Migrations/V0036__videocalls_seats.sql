-- An appointment may need a second call: nobody came to the first, or it broke off. One at a time can be entered.
DROP INDEX ux_video_calls_appointment /*! ON video_calls */;
CREATE INDEX IF NOT EXISTS ix_video_calls_appointment ON video_calls (appointment_id, id);
ALTER TABLE video_calls ADD COLUMN appointment_key {id} NULL;
CREATE UNIQUE INDEX IF NOT EXISTS ux_video_calls_appointment_key ON video_calls (appointment_key);
-- Who owes its summary; null once written.
ALTER TABLE video_calls ADD COLUMN owed_by {id} NULL;
CREATE INDEX IF NOT EXISTS ix_video_calls_owed ON video_calls (owed_by, id);
ALTER TABLE video_calls ADD COLUMN medium_at {instant} NULL;
ALTER TABLE video_calls ADD COLUMN fault_at {instant} NULL;
CREATE INDEX IF NOT EXISTS ix_video_calls_state ON video_calls (state, id);
CREATE INDEX IF NOT EXISTS ix_video_calls_ended ON video_calls (ended_at, id);
CREATE INDEX IF NOT EXISTS ix_video_call_participants_person ON video_call_participants (person_id);

-- Where somebody sits: the phone or window that they came in with last. seat_hash is the SHA-256 of what that device shows; another device takes it over.
-- provider_says: what the video provider last told of them ('in', 'out'), with when; null: nothing yet.
CREATE TABLE IF NOT EXISTS video_call_seats (
    participant_id {id} NOT NULL PRIMARY KEY,
    call_id {id} NOT NULL,
    seat_hash {code} NOT NULL,
    taken_at {instant} NOT NULL,
    heard_at {instant} NOT NULL,
    watched {bool} NOT NULL,
    provider_says {code} NULL,
    provider_at {instant} NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_video_call_seats_watched ON video_call_seats (watched, heard_at);
CREATE INDEX IF NOT EXISTS ix_video_call_seats_call ON video_call_seats (call_id);

-- Links to the call page, by the SHA-256 of what stands in them. First used before redeem_before, then good until expires_at.
CREATE TABLE IF NOT EXISTS video_call_tickets (
    ticket_hash {code} NOT NULL PRIMARY KEY,
    call_id {id} NOT NULL,
    participant_id {id} NOT NULL,
    created_at {instant} NOT NULL,
    redeem_before {instant} NOT NULL,
    first_used_at {instant} NULL,
    expires_at {instant} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_video_call_tickets_expiry ON video_call_tickets (expires_at);

-- What a client found before the call; the last one of each participant counts.
CREATE TABLE IF NOT EXISTS video_call_device_checks (
    participant_id {id} NOT NULL PRIMARY KEY,
    call_id {id} NOT NULL,
    checked_at {instant} NOT NULL,
    camera {code} NOT NULL,
    microphone {code} NOT NULL,
    network {code} NOT NULL,
    round_trip_ms {int} NULL,
    loss_permille {int} NULL,
    down_kbps {int} NULL,
    up_kbps {int} NULL,
    chosen {code} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_video_call_device_checks ON video_call_device_checks (call_id);

-- The office's own words on a call.
CREATE TABLE IF NOT EXISTS video_call_notes (
    id {id} NOT NULL PRIMARY KEY,
    call_id {id} NOT NULL,
    staff_id {id} NOT NULL,
    text {text} NOT NULL,
    at {instant} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_video_call_notes ON video_call_notes (call_id, id);
