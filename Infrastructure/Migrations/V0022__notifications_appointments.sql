-- What a notification is about besides its matter, so that a tap leads there and the words can say when and where.
ALTER TABLE notifications ADD COLUMN appointment_id {id} NULL;
