-- running_key is the call's id while a recording of it is wanted or runs, and null afterwards: one at a time.
CREATE TABLE IF NOT EXISTS video_call_recordings (
    id {id} NOT NULL PRIMARY KEY,
    call_id {id} NOT NULL,
    running_key {id} NULL,
    state {code} NOT NULL,
    provider {code} NOT NULL,
    provider_ref {short} NULL,
    asked_by {id} NOT NULL,
    asked_at {instant} NOT NULL,
    agreed {short} NOT NULL,
    started_at {instant} NULL,
    stopped_at {instant} NULL,
    why_stopped {code} NULL,
    delete_after {instant} NULL,
    deleted_at {instant} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_video_call_recordings_running ON video_call_recordings (running_key);
CREATE INDEX IF NOT EXISTS ix_video_call_recordings_call ON video_call_recordings (call_id, id);
CREATE INDEX IF NOT EXISTS ix_video_call_recordings_due ON video_call_recordings (state, delete_after);
