-- Re-authorization links: of the token only its hash is kept. `made_by` is the administrator's name; none means
-- Tocsin itself. `used_by` is the hash of the browser's cookie that used it. `refused` counts the passwords that
-- the mail server refused.
CREATE TABLE links (
    id BIGINT PRIMARY KEY,
    hash BYTEA NOT NULL UNIQUE,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    made_by TEXT,
    made_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    opened_at BIGINT,
    used_at BIGINT,
    used_by BYTEA,
    revoked_at BIGINT,
    refused BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX links_by_account ON links (account_id, made_at);
CREATE INDEX links_by_end ON links (expires_at);
