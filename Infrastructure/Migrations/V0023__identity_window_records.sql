-- People whom the office has entered at the window, by their phone and without WeChat. Whoever binds that phone through WeChat within the time
-- of WindowRecord.ClaimableFor after it was last seen at the window takes over what was entered (claimed_by).
CREATE TABLE IF NOT EXISTS window_records (
    citizen_id {id} NOT NULL PRIMARY KEY,
    made_by {id} NOT NULL,
    made_at {instant} NOT NULL,
    phone_seen_at {instant} NOT NULL,
    claimed_by {id} NULL,
    claimed_at {instant} NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_window_records_claimed ON window_records (claimed_by);

-- The privacy notice agreed to on paper, per booking; the paper stays at the window.
CREATE TABLE IF NOT EXISTS paper_consents (
    appointment_id {id} NOT NULL PRIMARY KEY,
    citizen_id {id} NOT NULL,
    notice_version {int} NOT NULL,
    recorded_by {id} NOT NULL,
    at {instant} NOT NULL
) {table};
