-- The token of a link that a mail carries, sealed, for as long as the mail waits: the mail's stored text holds a
-- placeholder.
CREATE TABLE link_mails (
    notification_id BIGINT PRIMARY KEY REFERENCES notifications (id),
    link_id BIGINT NOT NULL REFERENCES links (id) ON DELETE CASCADE,
    token BYTEA NOT NULL
);
CREATE INDEX link_mails_by_link ON link_mails (link_id);
