-- A citizen's whole name as a keyed hash, for finding their matters. Names that were there before are hashed by a job.
ALTER TABLE citizens ADD COLUMN name_hash {code} NULL;
CREATE INDEX IF NOT EXISTS ix_citizens_name ON citizens (name_hash);
