CREATE TABLE IF NOT EXISTS appointment_services (
    code {code} NOT NULL PRIMARY KEY,
    bit {int} NOT NULL,
    name {short} NOT NULL,
    description {text} NULL,
    duration_minutes {int} NOT NULL,
    modes {int} NOT NULL,
    roles {short} NOT NULL,
    confirm_working_days {int} NULL,
    active {bool} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_appointment_services_bit ON appointment_services (bit);

-- What can be booked. A person's resource has the person's id. hours_version is raised by every change of hours or leave, version by every
-- change at all: a booking raises version where hours_version is the one it was judged by.
CREATE TABLE IF NOT EXISTS booking_resources (
    id {id} NOT NULL PRIMARY KEY,
    kind {code} NOT NULL,
    staff_id {id} NULL,
    organisation_id {id} NOT NULL,
    name {short} NOT NULL,
    active {bool} NOT NULL,
    hours_version {int} NOT NULL,
    version {bigint} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_booking_resources_staff ON booking_resources (staff_id);
CREATE INDEX IF NOT EXISTS ix_booking_resources_unit ON booking_resources (organisation_id);

-- Weekly, every n weeks, or once (valid_from = valid_until). Days are yyyy-MM-dd, minutes are of the day in China.
CREATE TABLE IF NOT EXISTS office_hours (
    id {id} NOT NULL PRIMARY KEY,
    resource_id {id} NOT NULL,
    organisation_id {id} NOT NULL,
    weekday {int} NOT NULL,
    from_minute {int} NOT NULL,
    to_minute {int} NOT NULL,
    every_weeks {int} NOT NULL,
    valid_from {code} NOT NULL,
    valid_until {code} NULL,
    on_holidays {bool} NOT NULL,
    services {bigint} NOT NULL,
    modes {int} NOT NULL,
    seats_citizen {int} NOT NULL,
    seats_hotline {int} NOT NULL,
    seats_staff {int} NOT NULL,
    step_minutes {int} NOT NULL,
    buffer_before {int} NOT NULL,
    buffer_after {int} NOT NULL,
    min_notice_minutes {int} NOT NULL,
    horizon_days {int} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_office_hours_resource ON office_hours (resource_id, valid_until);
CREATE INDEX IF NOT EXISTS ix_office_hours_unit ON office_hours (organisation_id);

CREATE TABLE IF NOT EXISTS leaves (
    id {id} NOT NULL PRIMARY KEY,
    resource_id {id} NOT NULL,
    starts_at {instant} NOT NULL,
    ends_at {instant} NOT NULL,
    reason {short} NULL,
    created_by {id} NOT NULL,
    created_at {instant} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_leaves_resource ON leaves (resource_id, ends_at);

CREATE TABLE IF NOT EXISTS appointments (
    id {id} NOT NULL PRIMARY KEY,
    matter_id {id} NOT NULL,
    citizen_id {id} NOT NULL,
    resource_id {id} NOT NULL,
    seat {int} NOT NULL,
    organisation_id {id} NOT NULL,
    staff_id {id} NULL,
    service_code {code} NOT NULL,
    mode {code} NOT NULL,
    side {code} NOT NULL,
    state {code} NOT NULL,
    starts_at {instant} NOT NULL,
    ends_at {instant} NOT NULL,
    raster_first {int} NOT NULL,
    raster_until {int} NOT NULL,
    check_in_code {code} NOT NULL,
    subject_name_sealed {text} NULL,
    subject_national_id_sealed {text} NULL,
    subject_relation {code} NULL,
    guardian_consent {bool} NOT NULL,
    address_sealed {text} NULL,
    reason {text} NULL,
    confirm_due_on {code} NULL,
    confirmed_at {instant} NULL,
    checked_in_at {instant} NULL,
    started_at {instant} NULL,
    completed_at {instant} NULL,
    no_show_at {instant} NULL,
    cancelled_at {instant} NULL,
    cancelled_by {code} NULL,
    cancel_reason {text} NULL,
    outcome {text} NULL,
    moves {int} NOT NULL,
    booked_at {instant} NOT NULL,
    version {int} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_appointments_check_in_code ON appointments (check_in_code);
CREATE INDEX IF NOT EXISTS ix_appointments_citizen ON appointments (citizen_id, starts_at, id);
CREATE INDEX IF NOT EXISTS ix_appointments_resource ON appointments (resource_id, starts_at, id);
CREATE INDEX IF NOT EXISTS ix_appointments_unit ON appointments (organisation_id, starts_at, id);
CREATE INDEX IF NOT EXISTS ix_appointments_staff ON appointments (staff_id, starts_at, id);
CREATE INDEX IF NOT EXISTS ix_appointments_matter ON appointments (matter_id);

-- The one judge of double booking: who has a quarter of an hour of a seat. held_until is set while an offer of the waiting list keeps it.
CREATE TABLE IF NOT EXISTS appointment_rasters (
    resource_id {id} NOT NULL,
    raster_start {instant} NOT NULL,
    seat {int} NOT NULL,
    owner_id {id} NOT NULL,
    held_until {instant} NULL,
    PRIMARY KEY (resource_id, raster_start, seat)
) {table};
CREATE INDEX IF NOT EXISTS ix_appointment_rasters_owner ON appointment_rasters (owner_id);

CREATE TABLE IF NOT EXISTS appointment_moves (
    id {id} NOT NULL PRIMARY KEY,
    appointment_id {id} NOT NULL,
    from_resource_id {id} NOT NULL,
    from_starts_at {instant} NOT NULL,
    to_resource_id {id} NOT NULL,
    to_starts_at {instant} NOT NULL,
    actor_kind {code} NOT NULL,
    actor_id {code} NOT NULL,
    at {instant} NOT NULL
) {table};
CREATE INDEX IF NOT EXISTS ix_appointment_moves ON appointment_moves (appointment_id, id);

-- What is to be said when; gone once said or no longer true.
CREATE TABLE IF NOT EXISTS appointment_reminders (
    appointment_id {id} NOT NULL,
    kind {code} NOT NULL,
    due_at {instant} NOT NULL,
    PRIMARY KEY (appointment_id, kind)
) {table};
CREATE INDEX IF NOT EXISTS ix_appointment_reminders_due ON appointment_reminders (due_at);

-- Names that a person must not act against: keyed hashes for finding them, sealed for reading them.
CREATE TABLE IF NOT EXISTS known_parties (
    id {id} NOT NULL PRIMARY KEY,
    staff_id {id} NOT NULL,
    name_hash {code} NOT NULL,
    name_sealed {text} NOT NULL,
    added_at {instant} NOT NULL
) {table};
CREATE UNIQUE INDEX IF NOT EXISTS ux_known_parties ON known_parties (staff_id, name_hash);
