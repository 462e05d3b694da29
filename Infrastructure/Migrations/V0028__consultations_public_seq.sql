-- What the citizen counts: messages without the office's notes, so that no gap tells that there was one. What was numbered before keeps its numbers.
ALTER TABLE messages ADD COLUMN public_seq {int} NOT NULL DEFAULT 0;
ALTER TABLE consultations ADD COLUMN last_public_seq {int} NOT NULL DEFAULT 0;
UPDATE messages SET public_seq = seq WHERE public_seq = 0;
UPDATE consultations SET last_public_seq = last_seq WHERE last_public_seq = 0;
