-- What the public reads of a person has a version of its own: signing in, which raises the account's, must not make an edit of it fail.
ALTER TABLE staff_members ADD COLUMN profile_version {int} NOT NULL DEFAULT 1;
