-- What is written into the log of the NAS that Tocsin runs on. `state` is waiting, written or failed.
CREATE TABLE nas_log (
    id BIGINT PRIMARY KEY,
    account_id BIGINT,
    application TEXT,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX nas_log_waiting ON nas_log (id) WHERE state = 'waiting';
CREATE INDEX nas_log_by_account ON nas_log (account_id, at);
