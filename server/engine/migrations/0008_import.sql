-- Files of accounts that are added in bulk. Times are milliseconds since the epoch, UTC.

CREATE TABLE imports (
    id BIGINT PRIMARY KEY,
    file_name TEXT NOT NULL,
    state TEXT NOT NULL,
    who TEXT NOT NULL,
    origin TEXT NOT NULL,
    -- Who gets the report, as JSON.
    report_to TEXT NOT NULL,
    -- The columns' names and what each holds, as JSON.
    header TEXT NOT NULL,
    mapping TEXT NOT NULL,
    updates BIGINT NOT NULL,
    rows_total BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT
);
CREATE INDEX imports_by_state ON imports (state, started_at);

-- The cells are sealed by the vault and erased with the row's outcome, since a password is among them.
CREATE TABLE import_rows (
    import_id BIGINT NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    line BIGINT NOT NULL,
    cells BYTEA,
    outcome TEXT,
    address TEXT NOT NULL DEFAULT '',
    provider TEXT NOT NULL DEFAULT '',
    account_id BIGINT,
    awaits_owner BIGINT NOT NULL DEFAULT 0,
    remark TEXT,
    PRIMARY KEY (import_id, position)
);
CREATE INDEX import_rows_by_outcome ON import_rows (import_id, outcome, position);
CREATE INDEX import_rows_sealed ON import_rows (import_id) WHERE cells IS NOT NULL;

-- A mailbox is looked up once for each row of a file.
CREATE INDEX accounts_by_address ON accounts (LOWER(address)) WHERE deleted_at IS NULL;
