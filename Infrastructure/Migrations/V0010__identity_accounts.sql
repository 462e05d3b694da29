-- Signing keys of access tokens, shared by all nodes. generation is unique, so that of two nodes making the next key one wins.
CREATE TABLE IF NOT EXISTS signing_keys (
    kid {code} NOT NULL PRIMARY KEY,
    generation {int} NOT NULL,
    private_key_sealed {text} NOT NULL,
    created_at {instant} NOT NULL,
    active_from {instant} NOT NULL,
    retires_at {instant} NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_signing_keys_generation ON signing_keys (generation);

-- One sign-in on one device.
CREATE TABLE IF NOT EXISTS sessions (
    id {id} NOT NULL PRIMARY KEY,
    kind {code} NOT NULL,
    subject_id {id} NOT NULL,
    client {short} NULL,
    created_at {instant} NOT NULL,
    last_used_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    revoked_at {instant} NULL,
    revoked_why {code} NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_sessions_subject ON sessions (subject_id, expires_at);
CREATE INDEX IF NOT EXISTS ix_sessions_expiry ON sessions (expires_at);

-- Refresh tokens by their SHA-256. successor_sealed is the pair that replaced it, kept for the half minute of R30.
CREATE TABLE IF NOT EXISTS refresh_tokens (
    token_hash {code} NOT NULL PRIMARY KEY,
    session_id {id} NOT NULL,
    issued_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    used_at {instant} NULL,
    successor_hash {code} NULL,
    successor_sealed {text} NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_refresh_tokens_session ON refresh_tokens (session_id);
CREATE INDEX IF NOT EXISTS ix_refresh_tokens_used ON refresh_tokens (used_at);

-- Failed sign-ins, by keyed hash of the user name and of the address: also for names that do not exist.
CREATE TABLE IF NOT EXISTS login_throttles (
    id {code} NOT NULL PRIMARY KEY,
    failures {int} NOT NULL,
    locks {int} NOT NULL,
    locked_until {instant} NOT NULL,
    updated_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_login_throttles_updated ON login_throttles (updated_at);

-- Citizens. What names a person is sealed; the hashes beside it are keyed and serve look-up only. A deleted account stays as a
-- pseudonym that matters and statistics point to: everything sealed null, restricted_at set.
CREATE TABLE IF NOT EXISTS citizens (
    id {id} NOT NULL PRIMARY KEY,
    name_sealed {text} NULL,
    phone_sealed {text} NULL,
    phone_hash {code} NULL,
    national_id_sealed {text} NULL,
    national_id_hash {code} NULL,
    address_sealed {text} NULL,
    region_code {code} NULL,
    contact_preference {code} NOT NULL,
    created_at {instant} NOT NULL,
    restricted_at {instant} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_citizens_phone ON citizens (phone_hash);
CREATE INDEX IF NOT EXISTS ix_citizens_national_id ON citizens (national_id_hash);

-- Who somebody is at WeChat. openid is per app id.
CREATE TABLE IF NOT EXISTS wechat_identities (
    id {id} NOT NULL PRIMARY KEY,
    citizen_id {id} NOT NULL,
    app_id {code} NOT NULL,
    openid_hash {code} NOT NULL,
    openid_sealed {text} NOT NULL,
    unionid_hash {code} NULL,
    session_key_sealed {text} NOT NULL,
    created_at {instant} NOT NULL,
    last_login_at {instant} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_wechat_identities_openid ON wechat_identities (app_id, openid_hash);
CREATE INDEX IF NOT EXISTS ix_wechat_identities_citizen ON wechat_identities (citizen_id);
CREATE INDEX IF NOT EXISTS ix_wechat_identities_unionid ON wechat_identities (unionid_hash);

-- What people were told about their data (PIPL art. 17). The highest version is in force; no version is ever changed.
CREATE TABLE IF NOT EXISTS privacy_notices (
    version {int} NOT NULL PRIMARY KEY,
    title {short} NOT NULL,
    text {text} NOT NULL,
    published_at {instant} NOT NULL
) {table};

-- Who agreed to which notice and who took it back, as it happened. The newest row of a person counts.
CREATE TABLE IF NOT EXISTS consents (
    citizen_id {id} NOT NULL,
    seq {int} NOT NULL,
    notice_version {int} NOT NULL,
    accepted {bool} NOT NULL,
    at {instant} NOT NULL,
    PRIMARY KEY (citizen_id, seq)
) {table};

-- A second factor that has been shown and not yet confirmed by a code from it.
CREATE TABLE IF NOT EXISTS totp_enrolments (
    staff_id {id} NOT NULL PRIMARY KEY,
    secret_sealed {text} NOT NULL,
    created_at {instant} NOT NULL
) {table};
