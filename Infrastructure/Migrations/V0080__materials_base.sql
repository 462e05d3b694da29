-- Bytes in the object store. The key is the object's own, wrapped by the master key: without this row the bytes are noise.
CREATE TABLE IF NOT EXISTS material_objects (
    id {id} NOT NULL PRIMARY KEY,
    address {code} NOT NULL,
    purpose {code} NOT NULL,
    owner_id {id} NOT NULL,
    bytes {bigint} NOT NULL,
    key_sealed {text} NOT NULL,
    created_at {instant} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_material_objects_address ON material_objects (address);
CREATE INDEX IF NOT EXISTS ix_material_objects_owner ON material_objects (owner_id);

CREATE TABLE IF NOT EXISTS materials (
    id {id} NOT NULL PRIMARY KEY,
    owner_id {id} NOT NULL,
    name {short} NOT NULL,
    item_code {code} NULL,
    state {code} NOT NULL,
    concerns_minor {bool} NOT NULL,
    current_version {int} NOT NULL,
    uses {int} NOT NULL,
    created_at {instant} NOT NULL,
    erased_at {instant} NULL,
    version {int} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_materials_owner ON materials (owner_id, id);
CREATE INDEX IF NOT EXISTS ix_materials_state ON materials (state, uses, id);

CREATE TABLE IF NOT EXISTS material_versions (
    material_id {id} NOT NULL,
    number {int} NOT NULL,
    object_id {id} NOT NULL,
    type {code} NOT NULL,
    bytes {bigint} NOT NULL,
    sha256 {code} NOT NULL,
    sent_sha256 {code} NOT NULL,
    width {int} NULL,
    height {int} NULL,
    pages {int} NULL,
    picture_hash {bigint} NULL,
    warnings {short} NOT NULL,
    scan {code} NOT NULL,
    thumbnail {code} NOT NULL,
    thumbnail_object_id {id} NULL,
    uploaded_at {instant} NOT NULL,
    PRIMARY KEY (material_id, number)
) {table};
-- What the jobs look for.
CREATE INDEX IF NOT EXISTS ix_material_versions_thumbnail ON material_versions (thumbnail, material_id);
CREATE INDEX IF NOT EXISTS ix_material_versions_scan ON material_versions (scan, material_id);

-- A material on a matter: one row, whichever way it came there.
CREATE TABLE IF NOT EXISTS material_uses (
    id {id} NOT NULL PRIMARY KEY,
    matter_id {id} NOT NULL,
    material_id {id} NOT NULL,
    material_version {int} NOT NULL,
    item_code {code} NULL,
    appointment_id {id} NULL,
    state {code} NOT NULL,
    reused {bool} NOT NULL,
    reason {code} NULL,
    note {text} NULL,
    reviewed_by {id} NULL,
    reviewed_at {instant} NULL,
    added_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_material_uses ON material_uses (matter_id, material_id);
CREATE INDEX IF NOT EXISTS ix_material_uses_material ON material_uses (material_id);

CREATE TABLE IF NOT EXISTS message_attachments (
    message_id {id} NOT NULL,
    position {int} NOT NULL,
    material_id {id} NOT NULL,
    material_version {int} NOT NULL,
    PRIMARY KEY (message_id, position)
) {table};
-- How many a message carries, so that reading a thread without any costs nothing.
ALTER TABLE messages ADD COLUMN attachments {int} NULL;

-- One link, one person, one object, two hours at most.
CREATE TABLE IF NOT EXISTS material_links (
    id {id} NOT NULL PRIMARY KEY,
    material_id {id} NOT NULL,
    material_version {int} NOT NULL,
    variant {code} NOT NULL,
    person_kind {code} NOT NULL,
    person_id {id} NOT NULL,
    session_id {id} NOT NULL,
    purpose {short} NULL,
    created_at {instant} NOT NULL,
    expires_at {instant} NOT NULL,
    first_read_at {instant} NULL,
    revoked_at {instant} NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_material_links_expiry ON material_links (expires_at);

-- Who has looked, for the citizen.
CREATE TABLE IF NOT EXISTS material_readings (
    id {id} NOT NULL PRIMARY KEY,
    material_id {id} NOT NULL,
    material_version {int} NOT NULL,
    variant {code} NOT NULL,
    staff_id {id} NOT NULL,
    purpose {short} NULL,
    at {instant} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_material_readings ON material_readings (material_id, id);
CREATE INDEX IF NOT EXISTS ix_material_readings_staff ON material_readings (staff_id, id);

CREATE TABLE IF NOT EXISTS material_uploads (
    id {id} NOT NULL PRIMARY KEY,
    owner_id {id} NOT NULL,
    name {short} NOT NULL,
    item_code {code} NULL,
    concerns_minor {bool} NOT NULL,
    bytes {bigint} NOT NULL,
    sha256 {code} NOT NULL,
    replaces_id {id} NULL,
    state {code} NOT NULL,
    material_id {id} NULL,
    expires_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_material_uploads_owner ON material_uploads (owner_id, state);
CREATE INDEX IF NOT EXISTS ix_material_uploads_state ON material_uploads (state, expires_at);

CREATE TABLE IF NOT EXISTS material_upload_parts (
    upload_id {id} NOT NULL,
    number {int} NOT NULL,
    object_id {id} NOT NULL,
    PRIMARY KEY (upload_id, number)
) {table};

-- What is left of a material that was destroyed: enough to show that it was, nothing of what it was.
CREATE TABLE IF NOT EXISTS material_erasures (
    material_id {id} NOT NULL PRIMARY KEY,
    owner_id {id} NOT NULL,
    reason {code} NOT NULL,
    erased_at {instant} NOT NULL,
    contents {text} NOT NULL,
    mac {code} NOT NULL
) {table};
