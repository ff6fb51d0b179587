-- Deleted accounts: who deleted them, whether they were the default account and which one took over from them,
-- and how far the erasing of their secrets has come.
ALTER TABLE accounts ADD COLUMN deleted_by TEXT;
ALTER TABLE accounts ADD COLUMN was_default BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts ADD COLUMN default_after BIGINT;
ALTER TABLE accounts ADD COLUMN erasing_at BIGINT;
ALTER TABLE accounts ADD COLUMN erased_at BIGINT;

-- A rule may come from elsewhere without its accounts: a sender need not exist. `stands_for` is the deleted account
-- in whose place this one was put, for as long as nobody changed the list since.
CREATE TABLE senders (
    pair_id BIGINT NOT NULL REFERENCES pairs (id),
    position BIGINT NOT NULL,
    account_id BIGINT NOT NULL,
    stands_for BIGINT,
    PRIMARY KEY (pair_id, position)
);
INSERT INTO senders (pair_id, position, account_id) SELECT pair_id, position, account_id FROM pair_senders;
DROP TABLE pair_senders;
ALTER TABLE senders RENAME TO pair_senders;
CREATE INDEX pair_senders_by_account ON pair_senders (account_id);
