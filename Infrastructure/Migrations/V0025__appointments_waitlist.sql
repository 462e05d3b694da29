-- Who waits for time that may become free. wish_key is there while one waits and says what for, so that nobody waits twice for the same.
CREATE TABLE IF NOT EXISTS waitlist_entries (
    id {id} NOT NULL PRIMARY KEY,
    citizen_id {id} NOT NULL,
    matter_id {id} NOT NULL,
    appointment_id {id} NULL,
    service_code {code} NOT NULL,
    mode {code} NOT NULL,
    resource_id {id} NULL,
    organisation_id {id} NULL,
    from_date {code} NOT NULL,
    until_date {code} NOT NULL,
    reason {text} NULL,
    state {code} NOT NULL,
    wish_key {code} NULL,
    joined_at {instant} NOT NULL,
    ended_at {instant} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_waitlist_entries_wish ON waitlist_entries (wish_key);
CREATE INDEX IF NOT EXISTS ix_waitlist_entries_citizen ON waitlist_entries (citizen_id, id);
CREATE INDEX IF NOT EXISTS ix_waitlist_entries_resource ON waitlist_entries (resource_id, state, id);
CREATE INDEX IF NOT EXISTS ix_waitlist_entries_unit ON waitlist_entries (organisation_id, state, id);
CREATE INDEX IF NOT EXISTS ix_waitlist_entries_until ON waitlist_entries (state, until_date);

-- Time that is kept for one of them for some minutes: its quarters in appointment_rasters belong to the offer. open_entry_id is there while it is open.
CREATE TABLE IF NOT EXISTS waitlist_offers (
    id {id} NOT NULL PRIMARY KEY,
    entry_id {id} NOT NULL,
    citizen_id {id} NOT NULL,
    resource_id {id} NOT NULL,
    seat {int} NOT NULL,
    organisation_id {id} NOT NULL,
    starts_at {instant} NOT NULL,
    ends_at {instant} NOT NULL,
    raster_first {int} NOT NULL,
    raster_until {int} NOT NULL,
    state {code} NOT NULL,
    open_entry_id {id} NULL,
    offered_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    decided_at {instant} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_waitlist_offers_open ON waitlist_offers (open_entry_id);
CREATE INDEX IF NOT EXISTS ix_waitlist_offers_entry ON waitlist_offers (entry_id, starts_at);
CREATE INDEX IF NOT EXISTS ix_waitlist_offers_due ON waitlist_offers (state, expires_at);
