-- What people were told of an account, of an OAuth application, or of neither. The mail itself is a notification.
CREATE TABLE told (
    id BIGINT PRIMARY KEY,
    account_id BIGINT,
    application TEXT,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    recipients TEXT NOT NULL,
    notification_id BIGINT NOT NULL
);
CREATE INDEX told_by_account ON told (account_id, at);
CREATE INDEX told_by_application ON told (application, at) WHERE application IS NOT NULL;

-- When people were last told that the provider refuses an OAuth application.
CREATE TABLE application_incidents (
    application TEXT PRIMARY KEY,
    warned_at BIGINT NOT NULL
);

-- Which step of an end ahead was announced last. The subject is `grant ID` or `secret PROVIDER`.
CREATE TABLE announcements (
    subject TEXT PRIMARY KEY,
    ends_at BIGINT NOT NULL,
    days BIGINT NOT NULL,
    at BIGINT NOT NULL
);

-- The one webhook there may be. Its address is sealed too: with many services it is a secret by itself.
CREATE TABLE webhooks (
    id BIGINT PRIMARY KEY,
    url BYTEA NOT NULL,
    secret BYTEA NOT NULL,
    changed_at BIGINT NOT NULL
);

-- What the webhook is told. `state` is waiting, accepted or failed; `status` and `words` are of the last try.
CREATE TABLE webhook_calls (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    tried_at BIGINT,
    outcome TEXT
);
CREATE INDEX webhook_calls_waiting ON webhook_calls (next_at) WHERE state = 'waiting';
CREATE INDEX webhook_calls_by_time ON webhook_calls (tried_at);
