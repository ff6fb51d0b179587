-- How far an account's mailbox has been looked through. UIDs hold within one mailbox and one UIDVALIDITY.
CREATE TABLE inboxes (
    account_id BIGINT PRIMARY KEY REFERENCES accounts (id),
    mailbox TEXT NOT NULL,
    uid_validity BIGINT NOT NULL,
    last_uid BIGINT NOT NULL,
    looked_at BIGINT NOT NULL
);

-- What came back for notifications: reports that a recipient did not get one, and replies. `mail` names the mail
-- that says so, so that none counts twice; `recipient` is empty where a report names none of ours.
CREATE TABLE answers (
    id BIGINT PRIMARY KEY,
    notification_id BIGINT NOT NULL REFERENCES notifications (id),
    account_id BIGINT NOT NULL REFERENCES accounts (id),
    mail TEXT NOT NULL,
    recipient TEXT NOT NULL,
    said TEXT NOT NULL,
    bounced BIGINT NOT NULL,
    at BIGINT NOT NULL,
    UNIQUE (notification_id, mail, recipient)
);
CREATE INDEX answers_by_recipient ON answers (recipient, at);
