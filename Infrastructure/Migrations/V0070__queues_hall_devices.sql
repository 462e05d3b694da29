-- Call displays and ticket printers: each knows a secret of its own, kept as its SHA-256 only.
CREATE TABLE IF NOT EXISTS hall_devices (
    id {id} NOT NULL PRIMARY KEY,
    organisation_id {id} NOT NULL,
    kind {code} NOT NULL,
    name {short} NOT NULL,
    secret_hash {code} NOT NULL,
    added_by {id} NOT NULL,
    added_at {instant} NOT NULL,
    removed_at {instant} NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_hall_devices_secret ON hall_devices (secret_hash);
CREATE INDEX IF NOT EXISTS ix_hall_devices_unit ON hall_devices (organisation_id, id);
CREATE INDEX IF NOT EXISTS ix_tickets_appointment ON tickets (appointment_id, id);
CREATE INDEX IF NOT EXISTS ix_tickets_day ON tickets (kind, state, day);
CREATE INDEX IF NOT EXISTS ix_ticket_events_at ON ticket_events (queue_id, at);
