// Postfix: submission with STARTTLS (587-like), with TLS (465-like), and a plain port without sign-in for measuring.
//
// Replies that tests ask for by recipient: tempfail@ → 450, nouser@ → 550 5.1.1, policy@ → 550 5.7.1, another domain →
// 550 5.4.4. Accepted and bounced later: full@ (over quota) and unknown mailboxes. A sender may only use the address it signed in with.
// Mails are delivered in the order of acceptance, and queue ids tell the time of acceptance (`enable_long_queue_ids`).
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const DAEMONS = '/usr/lib/postfix/sbin';

const MAIN = ({ at, certificates, ids }) => `compatibility_level = 3.6
queue_directory = ${at.queue}
data_directory = ${at.postfixData}
maillog_file = ${at.logs}/postfix.log
maillog_file_prefixes = ${at.logs}
daemon_directory = ${DAEMONS}
command_directory = /usr/sbin
meta_directory = /etc/postfix
mail_owner = ${ids.name}
setgid_group = postdrop
myhostname = mail.example.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks =
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:5.4.4 no outside world here
relayhost =
virtual_mailbox_domains = example.test
virtual_transport = lmtp:unix:${at.sockets.lmtp}
virtual_mailbox_maps = static:all
smtpd_sasl_type = dovecot
smtpd_sasl_path = ${at.sockets.auth}
smtpd_sasl_security_options = noanonymous
smtpd_sasl_tls_security_options = noanonymous
smtpd_tls_chain_files = ${certificates.server.key} ${certificates.server.cert}
smtpd_tls_security_level = may
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_sender_login_maps = regexp:${at.postfix}/senders
smtpd_sender_restrictions = reject_sender_login_mismatch
smtpd_recipient_restrictions = check_recipient_access regexp:${at.postfix}/recipients, permit
message_size_limit = 1048576
enable_long_queue_ids = yes
lmtp_destination_concurrency_limit = 1
smtpd_client_connection_count_limit = 0
bounce_queue_lifetime = 5m
maximal_queue_lifetime = 5m
soft_bounce = no
notify_classes =
# Otherwise every 4xx and 5xx reply costs a second.
smtpd_error_sleep_time = 0
`;

const RECIPIENTS = `/^tempfail@example\\.test$/ 450 4.2.1 The user you are trying to contact is receiving mail too quickly
/^nouser@example\\.test$/ 550 5.1.1 The email account that you tried to reach does not exist
/^policy@example\\.test$/ 550 5.7.1 Message rejected by policy
`;

const SENDERS = '/^(.*)$/ $1\n';

const MASTER = (ports) => `127.0.0.1:${ports.submission} inet n - n - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_tls_auth_only=yes
127.0.0.1:${ports.submissions} inet n - n - - smtpd
  -o syslog_name=postfix/submissions
  -o smtpd_tls_wrappermode=yes
  -o smtpd_sasl_auth_enable=yes
127.0.0.1:${ports.plain} inet n - n - - smtpd
  -o syslog_name=postfix/plain
  -o smtpd_tls_security_level=none
  -o mynetworks=127.0.0.0/8
  -o smtpd_sender_restrictions=
  -o smtpd_relay_restrictions=permit_mynetworks,reject
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

/** Writes the configuration and the queue's directories. `ids`: Postfix's own user. */
export async function configurePostfix({ at, ports, certificates, ids }) {
  for (const dir of [at.postfix, at.queue, at.postfixData]) await mkdir(dir, { recursive: true });
  await chown(at.postfixData, ids.uid, ids.gid);
  await writeFile(join(at.postfix, 'main.cf'), MAIN({ at, certificates, ids }));
  await writeFile(join(at.postfix, 'master.cf'), MASTER(ports));
  await writeFile(join(at.postfix, 'recipients'), RECIPIENTS);
  await writeFile(join(at.postfix, 'senders'), SENDERS);
  await chmod(at.postfix, 0o755);
}

// `postfix start-fg` would leave a shell between us and the master, in another process group than the master's.
export const postfixCommand = (at) => ['sh', ['-c', 'postfix -c "$1" check && exec "$2/master" -c "$1" -s', 'postfix', at.postfix, DAEMONS]];
