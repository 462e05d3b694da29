-- Years whose notice of the State Council is loaded. A year that is not here is not guessed at.
CREATE TABLE IF NOT EXISTS calendar_years (
    year {int} NOT NULL PRIMARY KEY,
    source {short} NOT NULL,
    loaded_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};

-- The days that a notice names: off, or worked in exchange. day is yyyy-MM-dd in China.
CREATE TABLE IF NOT EXISTS calendar_days (
    day {code} NOT NULL PRIMARY KEY,
    year {int} NOT NULL,
    kind {code} NOT NULL,
    name {short} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_calendar_days_year ON calendar_days (year);
