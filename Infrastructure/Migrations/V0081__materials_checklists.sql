CREATE TABLE IF NOT EXISTS checklist_items (
    code {code} NOT NULL PRIMARY KEY,
    category_code {code} NULL,
    name {short} NOT NULL,
    required {bool} NOT NULL,
    choice_group {code} NULL,
    hint {short} NULL,
    position {int} NOT NULL,
    active {bool} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_checklist_items_category ON checklist_items (category_code, position);

-- open_key is the matter's id while a notice is open, and null afterwards: one at a time.
CREATE TABLE IF NOT EXISTS supplement_notices (
    id {id} NOT NULL PRIMARY KEY,
    matter_id {id} NOT NULL,
    item_codes {text} NOT NULL,
    extra {text} NOT NULL,
    note {text} NULL,
    due_on {code} NOT NULL,
    sent_by {id} NOT NULL,
    sent_at {instant} NOT NULL,
    state {code} NOT NULL,
    ended_at {instant} NULL,
    open_key {id} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_supplement_notices_open ON supplement_notices (open_key);
CREATE INDEX IF NOT EXISTS ix_supplement_notices_matter ON supplement_notices (matter_id, id);
