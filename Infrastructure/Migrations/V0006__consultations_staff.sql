-- Clocks of a consultation: of the last answer (closing by silence), of the assignment (redistribution), and when it was reported as overdue.
ALTER TABLE consultations ADD COLUMN last_answered_at {instant} NULL;
ALTER TABLE consultations ADD COLUMN assigned_at {instant} NULL;
ALTER TABLE consultations ADD COLUMN overdue_at {instant} NULL;
UPDATE consultations SET last_answered_at = first_answered_at WHERE last_answered_at IS NULL;
-- What is past its promise and not yet reported: Submitted and Assigned only, so what has ended never lies in the range.
CREATE INDEX IF NOT EXISTS ix_consultations_due ON consultations (state, overdue_at, answer_due_at, id);
-- What the citizen has left lying, longest first.
CREATE INDEX IF NOT EXISTS ix_consultations_silent ON consultations (state, last_answered_at, id);

-- The inbox of a unit: what nobody has taken, longest waiting first.
CREATE INDEX IF NOT EXISTS ix_matters_inbox ON matters (organisation_id, handler_id, waiting_since, id);
-- What a person has answered and the citizen has not closed.
CREATE INDEX IF NOT EXISTS ix_matters_handler_status ON matters (handler_id, status, updated_at, id);

-- A handler who lets a consultation go by hand does not get it back by the duty rule.
CREATE TABLE IF NOT EXISTS dispatch_exclusions (
    consultation_id {id} NOT NULL,
    staff_id {id} NOT NULL,
    PRIMARY KEY (consultation_id, staff_id)
) {table};

-- From unit to unit. open_key is the matter's id while the transfer waits for its answer and null afterwards: one open transfer per matter.
CREATE TABLE IF NOT EXISTS transfers (
    id {id} NOT NULL PRIMARY KEY,
    matter_id {id} NOT NULL,
    consultation_id {id} NOT NULL,
    open_key {id} NULL,
    from_organisation_id {id} NOT NULL,
    from_staff_id {id} NOT NULL,
    to_organisation_id {id} NOT NULL,
    to_staff_id {id} NULL,
    reason {text} NOT NULL,
    state {code} NOT NULL,
    requested_at {instant} NOT NULL,
    decided_at {instant} NULL,
    decided_by {id} NULL,
    refusal_reason {text} NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_transfers_open ON transfers (open_key);
CREATE INDEX IF NOT EXISTS ix_transfers_matter ON transfers (matter_id, id);
CREATE INDEX IF NOT EXISTS ix_transfers_incoming ON transfers (to_organisation_id, state, id);
CREATE INDEX IF NOT EXISTS ix_transfers_outgoing ON transfers (from_organisation_id, state, id);

-- Texts to answer with: of one person (staff_id) or of a unit (organisation_id); exactly one of the two is set.
CREATE TABLE IF NOT EXISTS canned_answers (
    id {id} NOT NULL PRIMARY KEY,
    organisation_id {id} NULL,
    staff_id {id} NULL,
    category_code {code} NULL,
    title {short} NOT NULL,
    text {text} NOT NULL,
    updated_by {id} NOT NULL,
    updated_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_canned_answers_staff ON canned_answers (staff_id, id);
CREATE INDEX IF NOT EXISTS ix_canned_answers_unit ON canned_answers (organisation_id, id);
