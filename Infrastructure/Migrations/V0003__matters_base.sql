CREATE TABLE IF NOT EXISTS categories (
    code {code} NOT NULL PRIMARY KEY,
    parent_code {code} NULL,
    name {short} NOT NULL,
    legal_aid_item {int} NULL,
    hardship_exempt {bool} NOT NULL,
    mediable {bool} NOT NULL,
    confirmable {bool} NOT NULL,
    external_code {code} NULL,
    active {bool} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_categories_external ON categories (external_code);

CREATE TABLE IF NOT EXISTS matters (
    id {id} NOT NULL PRIMARY KEY,
    number {code} NOT NULL,
    kind {code} NOT NULL,
    category_code {code} NOT NULL,
    region_code {code} NOT NULL,
    channel {code} NOT NULL,
    citizen_id {id} NOT NULL,
    contact_preference {code} NOT NULL,
    organisation_id {id} NOT NULL,
    handler_id {id} NULL,
    status {code} NOT NULL,
    title {short} NOT NULL,
    waiting_since {instant} NULL,
    opened_at {instant} NOT NULL,
    closed_at {instant} NULL,
    merged_into_id {id} NULL,
    updated_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_matters_number ON matters (number);
-- "My matters", newest first.
CREATE INDEX IF NOT EXISTS ix_matters_citizen ON matters (citizen_id, id);
-- Inboxes: what a unit or a person owes an answer to, longest waiting first. Matters that are over or in the citizen's turn have null there.
CREATE INDEX IF NOT EXISTS ix_matters_unit_waiting ON matters (organisation_id, waiting_since, id);
CREATE INDEX IF NOT EXISTS ix_matters_handler_waiting ON matters (handler_id, waiting_since, id);
CREATE INDEX IF NOT EXISTS ix_matters_unit ON matters (organisation_id, id);

CREATE TABLE IF NOT EXISTS matter_timeline (
    id {id} NOT NULL PRIMARY KEY,
    matter_id {id} NOT NULL,
    kind {code} NOT NULL,
    text {text} NOT NULL,
    is_public {bool} NOT NULL,
    actor_kind {code} NOT NULL,
    actor_id {code} NOT NULL,
    at {instant} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_matter_timeline ON matter_timeline (matter_id, id);

CREATE TABLE IF NOT EXISTS ratings (
    matter_id {id} NOT NULL PRIMARY KEY,
    score {int} NOT NULL,
    tags {short} NOT NULL,
    text {text} NULL,
    at {instant} NOT NULL
) {table};
