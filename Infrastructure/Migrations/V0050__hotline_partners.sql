-- 合作系统: who may call, with what, from where. Lists are comma-separated; secrets are sealed.
CREATE TABLE IF NOT EXISTS hotline_partners (
    app_id {code} NOT NULL PRIMARY KEY,
    name {short} NOT NULL,
    organisation_id {id} NOT NULL,
    scopes {short} NOT NULL,
    networks {text} NOT NULL,
    recording_hosts {text} NOT NULL,
    window_seconds {int} NOT NULL,
    per_minute {int} NOT NULL,
    sandbox {bool} NOT NULL,
    active {bool} NOT NULL,
    secret_sealed {text} NOT NULL,
    previous_sealed {text} NULL,
    previous_until {instant} NULL,
    created_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};

-- Nonces that were good once (docs/adr/0020). The key says no to the second.
CREATE TABLE IF NOT EXISTS hotline_nonces (
    app_id {code} NOT NULL,
    nonce {code} NOT NULL,
    expires_at {instant} NOT NULL,
    PRIMARY KEY (app_id, nonce)
) {table};
CREATE INDEX IF NOT EXISTS ix_hotline_nonces_expiry ON hotline_nonces (expires_at);

-- What a partner's codes mean here, for each of its dictionaries.
CREATE TABLE IF NOT EXISTS hotline_mappings (
    app_id {code} NOT NULL,
    dictionary {code} NOT NULL,
    external_code {code} NOT NULL,
    internal_code {code} NOT NULL,
    PRIMARY KEY (app_id, dictionary, external_code)
) {table};
