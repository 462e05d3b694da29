-- 话单: one row per call, the last version told.
CREATE TABLE IF NOT EXISTS hotline_calls (
    id {id} NOT NULL PRIMARY KEY,
    app_id {code} NOT NULL,
    call_id {code} NOT NULL,
    outbound {bool} NOT NULL,
    caller_phone_sealed {text} NULL,
    phone_hash {code} NULL,
    agent_no {code} NULL,
    asked_for_person {bool} NOT NULL,
    result {code} NOT NULL,
    started_at {instant} NOT NULL,
    answered_at {instant} NULL,
    ended_at {instant} NULL,
    wait_seconds {int} NOT NULL,
    talk_seconds {int} NOT NULL,
    emergency {bool} NOT NULL,
    ticket_no {code} NULL,
    content_hash {code} NOT NULL,
    received_at {instant} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_hotline_calls ON hotline_calls (app_id, call_id);
CREATE INDEX IF NOT EXISTS ix_hotline_calls_started ON hotline_calls (app_id, started_at);

-- 录音: fetched from the hotline's hosts within minutes, kept sealed in a folder under the row's id.
CREATE TABLE IF NOT EXISTS hotline_recordings (
    id {id} NOT NULL PRIMARY KEY,
    app_id {code} NOT NULL,
    call_id {code} NOT NULL,
    url_sealed {text} NOT NULL,
    format {code} NOT NULL,
    duration_seconds {int} NULL,
    size_bytes {bigint} NULL,
    sha256 {code} NULL,
    expires_at {instant} NULL,
    state {code} NOT NULL,
    attempts {int} NOT NULL,
    next_at {instant} NOT NULL,
    claimed_until {instant} NOT NULL,
    fetched_at {instant} NULL,
    stored_bytes {bigint} NULL,
    error {short} NULL,
    content_hash {code} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_hotline_recordings ON hotline_recordings (app_id, call_id);
CREATE INDEX IF NOT EXISTS ix_hotline_recordings_due ON hotline_recordings (state, next_at);

-- What the office owes a caller: to call back, to ask how it was. One open of a sort per caller or ticket: open_key, null once it is over.
CREATE TABLE IF NOT EXISTS hotline_tasks (
    id {id} NOT NULL PRIMARY KEY,
    kind {code} NOT NULL,
    app_id {code} NOT NULL,
    organisation_id {id} NOT NULL,
    ticket_id {id} NULL,
    call_id {code} NULL,
    phone_sealed {text} NULL,
    phone_hash {code} NULL,
    state {code} NOT NULL,
    attempts {int} NOT NULL,
    due_at {instant} NOT NULL,
    open_key {code} NULL,
    created_at {instant} NOT NULL,
    ended_at {instant} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_hotline_tasks_open ON hotline_tasks (open_key);
CREATE INDEX IF NOT EXISTS ix_hotline_tasks_due ON hotline_tasks (organisation_id, state, due_at, id);
CREATE INDEX IF NOT EXISTS ix_hotline_tasks_phone ON hotline_tasks (phone_hash, state);
CREATE INDEX IF NOT EXISTS ix_hotline_tasks_figures ON hotline_tasks (kind, due_at);
CREATE INDEX IF NOT EXISTS ix_hotline_tasks_ticket ON hotline_tasks (ticket_id);

CREATE TABLE IF NOT EXISTS hotline_task_attempts (
    task_id {id} NOT NULL,
    number {int} NOT NULL,
    reached {bool} NOT NULL,
    note {text} NULL,
    staff_id {id} NOT NULL,
    at {instant} NOT NULL,
    PRIMARY KEY (task_id, number)
) {table};

-- 紧急值班电话: rung one after another.
CREATE TABLE IF NOT EXISTS hotline_duty_phones (
    id {id} NOT NULL PRIMARY KEY,
    position {int} NOT NULL,
    staff_id {id} NOT NULL,
    phone_sealed {text} NOT NULL
) {table};

-- 警情: rings until somebody answers for it.
CREATE TABLE IF NOT EXISTS hotline_alarms (
    id {id} NOT NULL PRIMARY KEY,
    ticket_id {id} NOT NULL,
    app_id {code} NOT NULL,
    rings {int} NOT NULL,
    next_at {instant} NULL,
    raised_at {instant} NOT NULL,
    acknowledged_by {id} NULL,
    acknowledged_at {instant} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_hotline_alarms_ticket ON hotline_alarms (ticket_id);
CREATE INDEX IF NOT EXISTS ix_hotline_alarms_due ON hotline_alarms (next_at);

CREATE TABLE IF NOT EXISTS hotline_alarm_rings (
    alarm_id {id} NOT NULL,
    number {int} NOT NULL,
    staff_id {id} NULL,
    duty_phone_id {id} NULL,
    at {instant} NOT NULL,
    PRIMARY KEY (alarm_id, number)
) {table};

-- Codes of screen-pops, good once.
CREATE TABLE IF NOT EXISTS hotline_pops (
    code_hash {code} NOT NULL PRIMARY KEY,
    app_id {code} NOT NULL,
    call_id {code} NOT NULL,
    phone_sealed {text} NOT NULL,
    phone_hash {code} NOT NULL,
    expires_at {instant} NOT NULL,
    used_by {id} NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_hotline_pops_expiry ON hotline_pops (expires_at);
