-- The office did not come, or the platform failed: the citizen may choose another time without the usual limits.
ALTER TABLE appointments ADD COLUMN office_missed_at {instant} NULL;
