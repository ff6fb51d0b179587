-- Written for SQLite and PostgreSQL alike. Times are milliseconds since the epoch, UTC. BYTEA holds what the
-- vault sealed, or hashes. Ids are made by the program, unique over all tables.

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE admins (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE sessions (
    hash BYTEA PRIMARY KEY,
    admin_id BIGINT NOT NULL REFERENCES admins (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE tokens (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    hash BYTEA NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT
);

CREATE TABLE oauth_applications (
    provider TEXT PRIMARY KEY,
    client_id TEXT NOT NULL,
    client_secret BYTEA,
    refusal TEXT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);

CREATE TABLE accounts (
    id BIGINT PRIMARY KEY,
    address TEXT NOT NULL,
    settings TEXT NOT NULL,
    password BYTEA,
    is_default BIGINT NOT NULL DEFAULT 0,
    state TEXT NOT NULL,
    authorization_json TEXT NOT NULL,
    suspicion TEXT,
    pause TEXT,
    next_check_at BIGINT NOT NULL,
    failures BIGINT NOT NULL DEFAULT 0,
    warned_at BIGINT,
    proven_at BIGINT,
    checked_at BIGINT,
    sent_at BIGINT,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX accounts_by_check ON accounts (next_check_at) WHERE deleted_at IS NULL;

CREATE TABLE grants (
    id BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    provider TEXT NOT NULL,
    refresh_token BYTEA NOT NULL,
    access_token BYTEA,
    access_until BIGINT,
    scopes TEXT NOT NULL,
    granted_at BIGINT NOT NULL,
    ends_at BIGINT,
    replaced_at BIGINT
);
CREATE INDEX grants_by_account ON grants (account_id, granted_at);

CREATE TABLE oauth_flows (
    state_hash BYTEA PRIMARY KEY,
    session_hash BYTEA NOT NULL,
    provider TEXT NOT NULL,
    purpose TEXT NOT NULL,
    verifier BYTEA NOT NULL,
    redirect_uri TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE rules (
    id BIGINT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    is_on BIGINT NOT NULL,
    conditions TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    deleted_at BIGINT
);

-- A pair outlives its rule while notifications of it wait.
CREATE TABLE pairs (
    id BIGINT PRIMARY KEY,
    rule_id BIGINT NOT NULL REFERENCES rules (id),
    position BIGINT NOT NULL,
    recipients TEXT NOT NULL,
    format TEXT NOT NULL,
    subject_prefix TEXT NOT NULL,
    deleted_at BIGINT
);
CREATE INDEX pairs_by_rule ON pairs (rule_id, position);

CREATE TABLE pair_senders (
    pair_id BIGINT NOT NULL REFERENCES pairs (id),
    position BIGINT NOT NULL,
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    PRIMARY KEY (pair_id, position)
);
CREATE INDEX pair_senders_by_account ON pair_senders (account_id);

CREATE TABLE events (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    application TEXT NOT NULL,
    category TEXT NOT NULL,
    severity BIGINT NOT NULL,
    text TEXT NOT NULL,
    host TEXT NOT NULL,
    fields TEXT NOT NULL
);
CREATE INDEX events_by_time ON events (received_at);

-- The answers given to requests that carried an Idempotency-Key.
CREATE TABLE idempotency_keys (
    token_id BIGINT NOT NULL,
    key TEXT NOT NULL,
    body_hash BYTEA NOT NULL,
    event_ids TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (token_id, key)
);

-- A notification without a pair is a warning of Tocsin's own; its senders are all accounts but `except_account`.
CREATE TABLE notifications (
    id BIGINT PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES events (id),
    rule_id BIGINT,
    pair_id BIGINT,
    except_account BIGINT,
    severity BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    since BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    lease_worker BIGINT,
    lease_until BIGINT,
    account_id BIGINT,
    recipients TEXT NOT NULL,
    format TEXT NOT NULL,
    subject_prefix TEXT NOT NULL,
    message_id TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);
CREATE INDEX notifications_queued ON notifications (account_id, severity DESC, id) WHERE state = 'queued';
CREATE INDEX notifications_sending ON notifications (lease_until) WHERE state = 'sending';
CREATE INDEX notifications_waiting_by_pair ON notifications (pair_id) WHERE state IN ('queued', 'held');
CREATE INDEX notifications_by_event ON notifications (event_id);
CREATE INDEX notifications_by_state ON notifications (state, since);

CREATE TABLE attempts (
    id BIGINT PRIMARY KEY,
    notification_id BIGINT NOT NULL REFERENCES notifications (id),
    account_id BIGINT,
    at BIGINT NOT NULL,
    duration_ms BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX attempts_by_notification ON attempts (notification_id, at);

CREATE TABLE audit_log (
    id BIGINT PRIMARY KEY,
    at BIGINT NOT NULL,
    who TEXT NOT NULL,
    origin TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_log_by_time ON audit_log (at);
