-- What people of the office say of themselves. seen_at is written once a minute at most: the heartbeats themselves are in the store.
CREATE TABLE IF NOT EXISTS staff_presence (
    staff_id {id} NOT NULL PRIMARY KEY,
    state {code} NOT NULL,
    since_at {instant} NOT NULL,
    seen_at {instant} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_staff_presence_state ON staff_presence (state, seen_at);
