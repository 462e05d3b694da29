-- Where a partner wants to be told, and with which secret (Standard Webhooks).
CREATE TABLE IF NOT EXISTS hotline_webhooks (
    app_id {code} NOT NULL PRIMARY KEY,
    url {text} NOT NULL,
    enabled {bool} NOT NULL,
    ids_only {bool} NOT NULL,
    with_hl1 {bool} NOT NULL,
    success_codes {short} NOT NULL,
    private_networks {text} NOT NULL,
    secret_sealed {text} NOT NULL,
    previous_sealed {text} NULL,
    previous_until {instant} NULL,
    failing_since {instant} NULL,
    disabled_reason {short} NULL,
    version {int} NOT NULL
) {table};

-- What is to be told, in the order of position; kept with the last answer until swept.
CREATE TABLE IF NOT EXISTS hotline_deliveries (
    position {serial},
    id {code} NOT NULL,
    app_id {code} NOT NULL,
    order_key {code} NOT NULL,
    ticket_no {code} NULL,
    type {code} NOT NULL,
    body_sealed {text} NOT NULL,
    created_at {instant} NOT NULL,
    state {code} NOT NULL,
    attempts {int} NOT NULL,
    first_at {instant} NULL,
    next_at {instant} NOT NULL,
    claimed_until {instant} NOT NULL,
    last_status {int} NULL,
    last_error {short} NULL,
    delivered_at {instant} NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_hotline_deliveries_id ON hotline_deliveries (id);
CREATE INDEX IF NOT EXISTS ix_hotline_deliveries_due ON hotline_deliveries (app_id, state, next_at);
CREATE INDEX IF NOT EXISTS ix_hotline_deliveries_order ON hotline_deliveries (order_key, state, position);
CREATE INDEX IF NOT EXISTS ix_hotline_deliveries_ticket ON hotline_deliveries (app_id, ticket_no, position);

-- A day's books as they stood at midnight, made once and kept ninety days.
CREATE TABLE IF NOT EXISTS hotline_reconciliations (
    app_id {code} NOT NULL,
    day {code} NOT NULL,
    generated_at {instant} NOT NULL,
    tickets {int} NOT NULL,
    calls {int} NOT NULL,
    events {int} NOT NULL,
    satisfactions {int} NOT NULL,
    PRIMARY KEY (app_id, day)
) {table};

CREATE TABLE IF NOT EXISTS hotline_reconciliation_items (
    app_id {code} NOT NULL,
    day {code} NOT NULL,
    ticket_no {code} NOT NULL,
    status {code} NOT NULL,
    result {code} NULL,
    version {int} NOT NULL,
    updated_at {instant} NOT NULL,
    sha256 {code} NOT NULL,
    PRIMARY KEY (app_id, day, ticket_no)
) {table};
