-- One asks another to take over the hours of one day. open_key is the hours and the day while nobody has answered, null afterwards.
CREATE TABLE IF NOT EXISTS office_swaps (
    id {id} NOT NULL PRIMARY KEY,
    office_hours_id {id} NOT NULL,
    day {code} NOT NULL,
    organisation_id {id} NOT NULL,
    from_minute {int} NOT NULL,
    to_minute {int} NOT NULL,
    from_staff_id {id} NOT NULL,
    to_staff_id {id} NOT NULL,
    state {code} NOT NULL,
    open_key {code} NULL,
    asked_at {instant} NOT NULL,
    starts_at {instant} NOT NULL,
    decided_at {instant} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_office_swaps_open ON office_swaps (open_key);
CREATE INDEX IF NOT EXISTS ix_office_swaps_from ON office_swaps (from_staff_id, id);
CREATE INDEX IF NOT EXISTS ix_office_swaps_to ON office_swaps (to_staff_id, id);
CREATE INDEX IF NOT EXISTS ix_office_swaps_due ON office_swaps (state, starts_at);
