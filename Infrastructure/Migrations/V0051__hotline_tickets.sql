-- 热线工单: what the hotline has written down; the matter beside it is the citizen's. Sealed: what names the caller.
CREATE TABLE IF NOT EXISTS hotline_tickets (
    id {id} NOT NULL PRIMARY KEY,
    app_id {code} NOT NULL,
    ticket_no {code} NOT NULL,
    matter_id {id} NOT NULL,
    centre_id {id} NOT NULL,
    source {code} NOT NULL,
    door {code} NOT NULL,
    demand {code} NULL,
    category_code {code} NULL,
    title {short} NULL,
    content {text} NOT NULL,
    caller_name_sealed {text} NULL,
    caller_phone_sealed {text} NULL,
    phone_hash {code} NULL,
    gender {code} NOT NULL,
    national_id_sealed {text} NULL,
    area_code {code} NULL,
    address_sealed {text} NULL,
    longitude {int} NULL,
    latitude {int} NULL,
    urgency {code} NOT NULL,
    confidential {bool} NOT NULL,
    accepted_at {instant} NOT NULL,
    deadline_at {instant} NULL,
    agent_no {code} NULL,
    call_id {code} NULL,
    department_code {code} NULL,
    attachments {text} NULL,
    ext {text} NULL,
    content_hash {code} NOT NULL,
    their_version {bigint} NULL,
    their_updated_at {instant} NULL,
    state {code} NOT NULL,
    result {code} NULL,
    reply_summary {text} NULL,
    merged_into_no {code} NULL,
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_hotline_tickets_no ON hotline_tickets (app_id, ticket_no);
CREATE UNIQUE INDEX IF NOT EXISTS ux_hotline_tickets_matter ON hotline_tickets (matter_id);
-- A partner's pull: what has changed since, in that order.
CREATE INDEX IF NOT EXISTS ix_hotline_tickets_pull ON hotline_tickets (app_id, updated_at, id);
-- Other tickets of one caller.
CREATE INDEX IF NOT EXISTS ix_hotline_tickets_phone ON hotline_tickets (phone_hash, created_at);

-- What happened to a ticket, whoever did it, with the time at which it happened. The state is what these add up to.
CREATE TABLE IF NOT EXISTS hotline_ticket_events (
    id {id} NOT NULL PRIMARY KEY,
    ticket_id {id} NOT NULL,
    event_id {code} NOT NULL,
    type {code} NOT NULL,
    occurred_at {instant} NOT NULL,
    received_at {instant} NOT NULL,
    actor_kind {code} NOT NULL,
    actor_id {code} NOT NULL,
    operator {short} NULL,
    remark {text} NULL,
    data {text} NULL,
    applied {bool} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_hotline_ticket_events ON hotline_ticket_events (ticket_id, event_id);
CREATE INDEX IF NOT EXISTS ix_hotline_ticket_events_at ON hotline_ticket_events (received_at);

-- How a ticket stood after each change: a day's reconciliation says how it stood at midnight, whenever it is made.
CREATE TABLE IF NOT EXISTS hotline_ticket_versions (
    ticket_id {id} NOT NULL,
    version {int} NOT NULL,
    app_id {code} NOT NULL,
    at {instant} NOT NULL,
    state {code} NOT NULL,
    result {code} NULL,
    content_hash {code} NOT NULL,
    PRIMARY KEY (ticket_id, version)
) {table};
CREATE INDEX IF NOT EXISTS ix_hotline_ticket_versions_day ON hotline_ticket_versions (app_id, at);

-- Who was asked how it was, by the hotline; the score itself is the matter's rating, once whoever asks first.
CREATE TABLE IF NOT EXISTS hotline_satisfactions (
    ticket_id {id} NOT NULL PRIMARY KEY,
    app_id {code} NOT NULL,
    score {int} NOT NULL,
    solved {bool} NULL,
    reason {text} NULL,
    channel {code} NULL,
    surveyed_at {instant} NOT NULL,
    content_hash {code} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_hotline_satisfactions_at ON hotline_satisfactions (app_id, surveyed_at);
