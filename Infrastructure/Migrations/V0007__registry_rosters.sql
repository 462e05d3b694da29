-- One row per person on duty rosters. Every change of a person's shifts raises the version under the condition that it is the one read:
-- of two that would overlap, one is made.
CREATE TABLE IF NOT EXISTS duty_rosters (
    staff_id {id} NOT NULL PRIMARY KEY,
    version {int} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_duty_shifts_unit_start ON duty_shifts (organisation_id, starts_at, id);
