-- Signing in where no provider can send a browser back to Tocsin, converting Custom accounts, and when a client
-- secret ends.

ALTER TABLE oauth_applications ADD COLUMN secret_ends_at BIGINT;

-- A sign-in that was finished is kept for a day without its verifier, so that a second try is told so. The page to
-- sign in on, sealed, is kept where the browser's way back is pasted.
ALTER TABLE oauth_flows ADD COLUMN used_at BIGINT;
ALTER TABLE oauth_flows ADD COLUMN sign_in_url BYTEA;

-- Sign-ins by device code (RFC 8628) that Tocsin asks about, and what came of them. The device code is sealed, and
-- erased as soon as there is an outcome.
CREATE TABLE device_codes (
    id BIGINT PRIMARY KEY,
    session_hash BYTEA NOT NULL,
    provider TEXT NOT NULL,
    purpose TEXT NOT NULL,
    who TEXT NOT NULL,
    origin TEXT NOT NULL,
    device_code BYTEA NOT NULL,
    user_code TEXT NOT NULL,
    verification_uri TEXT NOT NULL,
    interval_ms BIGINT NOT NULL,
    next_poll_at BIGINT NOT NULL,
    begun_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    trouble TEXT,
    outcome TEXT
);
CREATE INDEX device_codes_pending ON device_codes (next_poll_at) WHERE outcome IS NULL;

-- What a Custom account was before it was converted, its password sealed; for a day.
CREATE TABLE conversions (
    account_id BIGINT PRIMARY KEY REFERENCES accounts (id) ON DELETE CASCADE,
    settings TEXT NOT NULL,
    password BYTEA,
    converted_at BIGINT NOT NULL,
    until BIGINT NOT NULL
);
