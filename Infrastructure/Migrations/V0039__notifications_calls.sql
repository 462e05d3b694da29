ALTER TABLE notifications ADD COLUMN call_id {id} NULL;
