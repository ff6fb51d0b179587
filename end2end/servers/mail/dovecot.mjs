// Dovecot: IMAP with STARTTLS and with TLS, the sign-in service that Postfix asks, and delivery into maildirs.
//
// XOAUTH2 and OAUTHBEARER tokens are checked by introspection at `checkUrl`, anew at every sign-in, so a revoked grant
// is refused at once. Written for Dovecot 2.3 (Debian 12, Ubuntu 24.04).
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { USERS } from '../users.mjs';

const CONFIG = ({ at, ports, certificates, ids }) => `base_dir = ${at.dovecot}/run
state_dir = ${at.dovecot}/state
instance_name = tocsin-${ports.imap}
listen = 127.0.0.1
protocols = imap lmtp
log_path = ${at.logs}/dovecot.log
auth_verbose = yes
auth_failure_delay = 0
mail_location = maildir:${at.mail}/%u
first_valid_uid = 1
mail_uid = ${ids.uid}
mail_gid = ${ids.gid}
ssl = yes
ssl_cert = <${certificates.server.cert}
ssl_key = <${certificates.server.key}
ssl_min_protocol = TLSv1.2
disable_plaintext_auth = yes
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN username_format=%u ${at.dovecot}/users
}
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${at.dovecot}/oauth2.conf.ext
}
userdb {
  driver = passwd-file
  args = username_format=%u ${at.dovecot}/users
  default_fields = uid=${ids.uid} gid=${ids.gid} home=${at.mail}/%u
}
service imap-login {
  inet_listener imap {
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = ${ports.imaps}
    ssl = yes
  }
}
service lmtp {
  unix_listener lmtp {
    mode = 0666
  }
}
service auth {
  unix_listener postfix-auth {
    mode = 0666
  }
}
protocol lmtp {
  mail_plugins = quota
}
protocol imap {
  mail_plugins = quota imap_quota
  mail_max_userip_connections = 100
}
plugin {
  quota = maildir:User quota
  quota_rule = *:storage=500M
}
namespace inbox {
  inbox = yes
}
# Without this Dovecot delays answers by up to 15 s after failures from one address; Postfix gives up after 10 s and
# answers "454 4.7.0 Temporary authentication failure: Connection lost to authentication server".
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
`;

const TOKEN_CHECK = (checkUrl) => `introspection_mode = post
introspection_url = ${checkUrl}
username_attribute = email
username_format = %u
active_attribute = active
active_value = true
timeout_msecs = 2000
max_idle_time_msecs = 60000
`;

const userLine = ({ address, password, quota }) =>
  `${address}:{PLAIN}${password}::::::${quota ? `userdb_quota_rule=*:storage=${quota}` : ''}\n`;

/** Writes the configuration and the mail directory. `ids`: the user and group that own delivered mail. */
export async function configureDovecot({ at, ports, certificates, checkUrl, ids }) {
  for (const dir of [at.dovecot, join(at.dovecot, 'run'), join(at.dovecot, 'state'), at.mail]) await mkdir(dir, { recursive: true });
  await chown(at.mail, ids.uid, ids.gid);
  await writeFile(at.dovecotConfig, CONFIG({ at, ports, certificates, ids }));
  await writeFile(join(at.dovecot, 'users'), USERS.map(userLine).join(''));
  await writeFile(join(at.dovecot, 'oauth2.conf.ext'), TOKEN_CHECK(checkUrl));
  await chmod(at.dovecot, 0o711);
}

export const dovecotCommand = (at) => ['dovecot', ['-F', '-c', at.dovecotConfig]];
