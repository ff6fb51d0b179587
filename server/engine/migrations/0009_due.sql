-- What is queued for later is passed over without reading its row.
DROP INDEX notifications_queued;
CREATE INDEX notifications_queued ON notifications (account_id, severity DESC, id, next_at) WHERE state = 'queued';
