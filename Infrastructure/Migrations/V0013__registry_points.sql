-- A unit that people can come to. Positions are GCJ-02 in millionths of a degree, as the mini-program's map gives and takes them.
ALTER TABLE organisations ADD COLUMN address {short} NULL;
ALTER TABLE organisations ADD COLUMN latitude {int} NULL;
ALTER TABLE organisations ADD COLUMN longitude {int} NULL;
ALTER TABLE organisations ADD COLUMN is_service_point {bool} NOT NULL DEFAULT 0;
ALTER TABLE organisations ADD COLUMN opening_hours {short} NULL;
-- City or Village: how far is near (城市半小时、农村一小时).
ALTER TABLE organisations ADD COLUMN area_kind {code} NULL;
ALTER TABLE staff_members ADD COLUMN languages {short} NULL;
ALTER TABLE staff_members ADD COLUMN introduction {text} NULL;
ALTER TABLE staff_members ADD COLUMN practising_since {int} NULL;
