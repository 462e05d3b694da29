-- When somebody joined last: nobody who joins after them gets an earlier time, whatever the clocks of the nodes say, so numbers and order agree.
ALTER TABLE queue_lines ADD COLUMN last_join_at {instant} NULL;
