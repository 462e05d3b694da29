-- Text search on either engine: every two neighbouring characters of what a matter begins with (docs/adr/0017). term is the two UTF-16 units as one number;
-- term 0 says that the matter has been looked at.
CREATE TABLE IF NOT EXISTS matter_terms (
    term {bigint} NOT NULL,
    matter_id {id} NOT NULL,
    PRIMARY KEY (term, matter_id)
) {table};
