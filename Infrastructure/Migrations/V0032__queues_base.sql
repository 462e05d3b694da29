CREATE TABLE IF NOT EXISTS queues (
    id {id} NOT NULL PRIMARY KEY,
    organisation_id {id} NOT NULL,
    kind {code} NOT NULL,
    name {short} NOT NULL,
    prefix {code} NOT NULL,
    ring_widths {code} NOT NULL,
    ring_ms {bigint} NOT NULL,
    grace_ms {bigint} NOT NULL,
    elderly_ms {bigint} NOT NULL,
    disabled_ms {bigint} NOT NULL,
    soldier_ms {bigint} NOT NULL,
    emergency_ms {bigint} NOT NULL,
    max_waiting {int} NOT NULL,
    typical_ms {bigint} NOT NULL,
    active {bool} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_queues_prefix ON queues (organisation_id, prefix);

-- The line of a queue: one row that every move of it writes first, so that moves of one queue follow one another, and seq numbers its history without a gap.
CREATE TABLE IF NOT EXISTS queue_lines (
    queue_id {id} NOT NULL PRIMARY KEY,
    entries {bigint} NOT NULL,
    seq {bigint} NOT NULL,
    day {code} NOT NULL,
    sequence {int} NOT NULL,
    is_open {bool} NOT NULL,
    opened_at {instant} NULL,
    empty_since {instant} NULL
) {table};
