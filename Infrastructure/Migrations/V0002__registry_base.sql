CREATE TABLE IF NOT EXISTS regions (
    code {code} NOT NULL PRIMARY KEY,
    parent_code {code} NULL,
    name {short} NOT NULL,
    active {bool} NOT NULL
) {table};

-- The tree of units. path is '/id/id/…/' from the root to the unit itself, so that "and everything below" is one prefix.
CREATE TABLE IF NOT EXISTS organisations (
    id {id} NOT NULL PRIMARY KEY,
    parent_id {id} NULL,
    path {path} NOT NULL,
    kind {code} NOT NULL,
    name {short} NOT NULL,
    region_code {code} NOT NULL,
    phone {short} NULL,
    takes_consultations {bool} NOT NULL,
    active {bool} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_organisations_path ON organisations (path);
CREATE INDEX IF NOT EXISTS ix_organisations_region ON organisations (region_code);

CREATE TABLE IF NOT EXISTS staff_members (
    id {id} NOT NULL PRIMARY KEY,
    username {code} NOT NULL,
    name {short} NOT NULL,
    title {short} NULL,
    specialities {short} NOT NULL,
    active {bool} NOT NULL,
    password_hash {short} NOT NULL,
    password_temporary {bool} NOT NULL,
    totp_sealed {short} NULL,
    totp_last_step {bigint} NOT NULL,
    last_assigned_at {instant} NOT NULL,
    created_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_staff_members_username ON staff_members (username);

-- Who serves where, as what. A person's scope is the units of the posts and everything below them.
CREATE TABLE IF NOT EXISTS posts (
    id {id} NOT NULL PRIMARY KEY,
    staff_id {id} NOT NULL,
    organisation_id {id} NOT NULL,
    role {code} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_posts ON posts (staff_id, organisation_id, role);
CREATE INDEX IF NOT EXISTS ix_posts_organisation ON posts (organisation_id);

CREATE TABLE IF NOT EXISTS duty_shifts (
    id {id} NOT NULL PRIMARY KEY,
    staff_id {id} NOT NULL,
    organisation_id {id} NOT NULL,
    starts_at {instant} NOT NULL,
    ends_at {instant} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_duty_shifts_unit ON duty_shifts (organisation_id, ends_at);
CREATE INDEX IF NOT EXISTS ix_duty_shifts_staff ON duty_shifts (staff_id, ends_at);
