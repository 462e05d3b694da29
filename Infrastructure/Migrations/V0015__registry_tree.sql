-- One row that every change of the tree raises before it reads anything: two moves that would make a cycle together run one after the other.
CREATE TABLE IF NOT EXISTS registry_tree (
    id {int} NOT NULL PRIMARY KEY,
    version {bigint} NOT NULL
) {table};
INSERT INTO registry_tree (id, version) SELECT 1, 1 FROM (SELECT 1 AS one) AS seed WHERE NOT EXISTS (SELECT 1 FROM registry_tree WHERE id = 1);
CREATE INDEX IF NOT EXISTS ix_organisations_parent ON organisations (parent_id);
CREATE INDEX IF NOT EXISTS ix_organisations_point ON organisations (is_service_point, id);
