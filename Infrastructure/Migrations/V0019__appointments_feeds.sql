-- The secret of a person's calendar feed, as its SHA-256. A new one takes the place of the old one.
CREATE TABLE IF NOT EXISTS calendar_feeds (
    staff_id {id} NOT NULL PRIMARY KEY,
    secret_hash {code} NOT NULL,
    created_at {instant} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_calendar_feeds_secret ON calendar_feeds (secret_hash);
