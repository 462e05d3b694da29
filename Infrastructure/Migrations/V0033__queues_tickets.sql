-- serving_key holds who serves while they are bound by the ticket, open_key the citizen and the kind while the place is held; null otherwise: one each.
CREATE TABLE IF NOT EXISTS tickets (
    id {id} NOT NULL PRIMARY KEY,
    queue_id {id} NOT NULL,
    kind {code} NOT NULL,
    day {code} NOT NULL,
    sequence {int} NOT NULL,
    number {code} NOT NULL,
    citizen_id {id} NULL,
    matter_id {id} NULL,
    appointment_id {id} NULL,
    category_code {code} NULL,
    region_code {code} NULL,
    reason {text} NULL,
    opposing_hash {code} NULL,
    priority {code} NOT NULL,
    joined_at {instant} NOT NULL,
    rank_at {instant} NOT NULL,
    state {code} NOT NULL,
    wants {code} NOT NULL,
    staff_id {id} NULL,
    serving_key {id} NULL,
    open_key {code} NULL,
    desk {code} NULL,
    call_id {id} NULL,
    calls {int} NOT NULL,
    rings {int} NOT NULL,
    ring_until {instant} NULL,
    first_called_at {instant} NULL,
    called_at {instant} NULL,
    started_at {instant} NULL,
    parked_at {instant} NULL,
    kept_until {instant} NULL,
    served_at {instant} NULL,
    told_closed_at {instant} NULL,
    ended_at {instant} NULL,
    told_before {int} NULL,
    told_low50 {int} NULL,
    told_high50 {int} NULL,
    told_low90 {int} NULL,
    told_high90 {int} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_tickets_serving ON tickets (serving_key);
CREATE UNIQUE INDEX IF NOT EXISTS ux_tickets_open ON tickets (open_key);
CREATE UNIQUE INDEX IF NOT EXISTS ux_tickets_number ON tickets (queue_id, day, sequence);
-- The order of a queue: those who wait, first to last.
CREATE INDEX IF NOT EXISTS ix_tickets_order ON tickets (queue_id, state, rank_at, id);
CREATE INDEX IF NOT EXISTS ix_tickets_kept ON tickets (state, kept_until);
CREATE INDEX IF NOT EXISTS ix_tickets_citizen ON tickets (citizen_id, id);
CREATE INDEX IF NOT EXISTS ix_tickets_matter ON tickets (matter_id);
CREATE INDEX IF NOT EXISTS ix_tickets_call ON tickets (call_id);
CREATE INDEX IF NOT EXISTS ix_tickets_staff ON tickets (staff_id, started_at);
-- Measured: how long services took, and how long people waited who had been promised something.
CREATE INDEX IF NOT EXISTS ix_tickets_served ON tickets (queue_id, served_at);
CREATE INDEX IF NOT EXISTS ix_tickets_first_called ON tickets (queue_id, first_called_at);

-- Everything that has happened in a queue, in order and without a gap; nothing is ever changed here.
CREATE TABLE IF NOT EXISTS ticket_events (
    queue_id {id} NOT NULL,
    seq {bigint} NOT NULL,
    ticket_id {id} NOT NULL,
    action {code} NOT NULL,
    state {code} NOT NULL,
    rank_at {instant} NOT NULL,
    staff_id {id} NULL,
    ring {int} NULL,
    until_at {instant} NULL,
    rung {text} NULL,
    actor_kind {code} NOT NULL,
    actor_id {id} NOT NULL,
    at {instant} NOT NULL,
    PRIMARY KEY (queue_id, seq)
) {table};
CREATE INDEX IF NOT EXISTS ix_ticket_events_ticket ON ticket_events (ticket_id, at);

-- Who is or was rung for a ticket that waits; declined_at: does not take it.
CREATE TABLE IF NOT EXISTS ticket_rings (
    ticket_id {id} NOT NULL,
    staff_id {id} NOT NULL,
    ring {int} NOT NULL,
    until_at {instant} NOT NULL,
    declined_at {instant} NULL,
    PRIMARY KEY (ticket_id, staff_id)
) {table};
CREATE INDEX IF NOT EXISTS ix_ticket_rings_staff ON ticket_rings (staff_id, until_at);
