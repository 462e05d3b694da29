-- live_staff_key and live_citizen_key hold the person's id while the call takes their time, and null otherwise: one call at a time for each.
CREATE TABLE IF NOT EXISTS video_calls (
    id {id} NOT NULL PRIMARY KEY,
    matter_id {id} NOT NULL,
    citizen_id {id} NOT NULL,
    organisation_id {id} NOT NULL,
    staff_id {id} NULL,
    appointment_id {id} NULL,
    ticket_id {id} NULL,
    provider {code} NOT NULL,
    state {code} NOT NULL,
    medium {code} NOT NULL,
    live_staff_key {id} NULL,
    live_citizen_key {id} NULL,
    due_at {instant} NULL,
    starts_at {instant} NULL,
    ends_at {instant} NULL,
    rung_at {instant} NULL,
    connected_at {instant} NULL,
    talking_since {instant} NULL,
    lost_at {instant} NULL,
    talked_ms {bigint} NOT NULL,
    ended_at {instant} NULL,
    how {code} NULL,
    absent {code} NULL,
    summary {text} NULL,
    summarised_at {instant} NULL,
    created_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_video_calls_live_staff ON video_calls (live_staff_key);
CREATE UNIQUE INDEX IF NOT EXISTS ux_video_calls_live_citizen ON video_calls (live_citizen_key);
-- A booked time has one call.
CREATE UNIQUE INDEX IF NOT EXISTS ux_video_calls_appointment ON video_calls (appointment_id);
CREATE INDEX IF NOT EXISTS ix_video_calls_ticket ON video_calls (ticket_id);
CREATE INDEX IF NOT EXISTS ix_video_calls_matter ON video_calls (matter_id);
CREATE INDEX IF NOT EXISTS ix_video_calls_citizen ON video_calls (citizen_id, id);
CREATE INDEX IF NOT EXISTS ix_video_calls_staff ON video_calls (staff_id, id);
CREATE INDEX IF NOT EXISTS ix_video_calls_unit ON video_calls (organisation_id, id);
-- When something is to be decided without anybody doing anything: nobody came, or came back, or hung up. Null: nothing.
CREATE INDEX IF NOT EXISTS ix_video_calls_due ON video_calls (due_at);

CREATE TABLE IF NOT EXISTS video_call_participants (
    id {id} NOT NULL PRIMARY KEY,
    call_id {id} NOT NULL,
    side {code} NOT NULL,
    person_id {id} NULL,
    display_name {short} NOT NULL,
    invited_at {instant} NOT NULL,
    first_joined_at {instant} NULL,
    seen_at {instant} NULL,
    is_present {bool} NOT NULL,
    has_left {bool} NOT NULL,
    agreed_at {instant} NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_video_call_participants ON video_call_participants (call_id, id);
