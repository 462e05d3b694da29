-- What providers of video have told, each thing once however often they tell it. An opaque participant and connection, no names.
CREATE TABLE IF NOT EXISTS video_provider_events (
    provider {code} NOT NULL,
    event_key {code} NOT NULL,
    call_id {id} NOT NULL,
    participant_id {id} NULL,
    connection_id {short} NULL,
    kind {code} NOT NULL,
    at {instant} NOT NULL,
    goodbye {bool} NOT NULL,
    received_at {instant} NOT NULL,
    PRIMARY KEY (provider, event_key)
) {table};
CREATE INDEX IF NOT EXISTS ix_video_provider_events_call ON video_provider_events (call_id, participant_id, at);
CREATE INDEX IF NOT EXISTS ix_video_provider_events_received ON video_provider_events (received_at);
