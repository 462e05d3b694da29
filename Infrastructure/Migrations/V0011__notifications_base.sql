-- The in-app inbox. No words are stored: they are chosen when shown, from kind, matter and the person's contact preference.
-- One event makes one notification for one person, however often it is delivered.
CREATE TABLE IF NOT EXISTS notifications (
    id {id} NOT NULL PRIMARY KEY,
    event_id {id} NOT NULL,
    citizen_id {id} NOT NULL,
    kind {code} NOT NULL,
    matter_id {id} NOT NULL,
    consultation_id {id} NULL,
    at {instant} NOT NULL,
    read_at {instant} NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_notifications_event ON notifications (event_id, citizen_id);
CREATE INDEX IF NOT EXISTS ix_notifications_citizen ON notifications (citizen_id, id);
CREATE INDEX IF NOT EXISTS ix_notifications_unread ON notifications (citizen_id, read_at, id);

-- A message on its way, and its receipt afterwards (docs/states.md).
CREATE TABLE IF NOT EXISTS deliveries (
    id {id} NOT NULL PRIMARY KEY,
    notification_id {id} NOT NULL,
    citizen_id {id} NOT NULL,
    channel {code} NOT NULL,
    template_id {code} NOT NULL,
    state {code} NOT NULL,
    error_code {int} NULL,
    attempts {int} NOT NULL,
    sender_id {id} NULL,
    wechat_message_id {code} NULL,
    useful_until {instant} NOT NULL,
    created_at {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_deliveries_notification ON deliveries (notification_id, channel);
CREATE INDEX IF NOT EXISTS ix_deliveries_wechat ON deliveries (wechat_message_id);
CREATE INDEX IF NOT EXISTS ix_deliveries_citizen ON deliveries (citizen_id, template_id, id);

-- How many messages of a template a person has allowed. Taken from before a send, by a conditional write.
CREATE TABLE IF NOT EXISTS subscription_grants (
    citizen_id {id} NOT NULL,
    template_id {code} NOT NULL,
    kind {code} NOT NULL,
    balance {int} NOT NULL,
    always {bool} NOT NULL,
    updated_at {instant} NOT NULL,
    PRIMARY KEY (citizen_id, template_id)
) {table};

-- Each report of a tap, by the mini-program or by WeChat. Two of one tap are paired and count once.
CREATE TABLE IF NOT EXISTS subscription_reports (
    id {id} NOT NULL PRIMARY KEY,
    citizen_id {id} NOT NULL,
    template_id {code} NOT NULL,
    source {code} NOT NULL,
    result {code} NOT NULL,
    at {instant} NOT NULL,
    paired {bool} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_subscription_reports_tap ON subscription_reports (citizen_id, template_id, source, paired, at);
CREATE INDEX IF NOT EXISTS ix_subscription_reports_at ON subscription_reports (at);

-- What WeChat has pushed, sealed because it names people. WeChat sends up to three times; the key says it is the same.
CREATE TABLE IF NOT EXISTS wechat_pushes (
    id {id} NOT NULL PRIMARY KEY,
    push_key {code} NOT NULL,
    body_sealed {text} NOT NULL,
    received_at {instant} NOT NULL,
    processed_at {instant} NULL,
    outcome {code} NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_wechat_pushes_key ON wechat_pushes (push_key);
CREATE INDEX IF NOT EXISTS ix_wechat_pushes_received ON wechat_pushes (received_at);
