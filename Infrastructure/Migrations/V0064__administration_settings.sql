-- What administrators set while the platform runs, over what is configured. value is null where it is back to what is configured.
CREATE TABLE IF NOT EXISTS settings (
    name {code} NOT NULL PRIMARY KEY,
    value {short} NULL,
    version {int} NOT NULL,
    changed_by {id} NOT NULL,
    changed_at {instant} NOT NULL
) {table};

CREATE TABLE IF NOT EXISTS setting_changes (
    name {code} NOT NULL,
    version {int} NOT NULL,
    old_value {short} NULL,
    new_value {short} NULL,
    changed_by {id} NOT NULL,
    changed_at {instant} NOT NULL,
    PRIMARY KEY (name, version)
) {table};
