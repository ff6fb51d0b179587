// Dovecot: IMAP with STARTTLS and with TLS, the sign-in service that Postfix asks, and delivery into maildirs.
//
// XOAUTH2 and OAUTHBEARER tokens are checked by introspection at `checkUrl`, anew at every sign-in, so a revoked grant
// is refused at once. What the versions 2.3 and 2.4 write differently is in the files of those names.
import { execFileSync } from 'node:child_process';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { USERS } from '../users.mjs';
import { filesOf2_3, quotaField2_3 } from './dovecot_2_3.mjs';
import { filesOf2_4, quotaField2_4 } from './dovecot_2_4.mjs';

const CONFIG = ({ at, ports }, head) => `${head}base_dir = ${at.dovecot}/run
state_dir = ${at.dovecot}/state
instance_name = tocsin-${ports.imap}
listen = 127.0.0.1
protocols = imap lmtp
log_path = ${at.logs}/dovecot.log
auth_verbose = yes
auth_failure_delay = 0
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
!include version.conf
`;

function dialect() {
  const version = execFileSync('dovecot', ['--version'], { encoding: 'utf8' });
  return version.startsWith('2.3.')
    ? { head: '', filesOf: filesOf2_3, quotaField: quotaField2_3 }
    : { head: 'dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n', filesOf: filesOf2_4, quotaField: quotaField2_4 };
}

/** Writes the configuration and the mail directory. `ids`: the user and group that own delivered mail. */
export async function configureDovecot({ at, ports, certificates, checkUrl, ids }) {
  for (const dir of [at.dovecot, join(at.dovecot, 'run'), join(at.dovecot, 'state'), at.mail]) await mkdir(dir, { recursive: true });
  await chown(at.mail, ids.uid, ids.gid);
  await chmod(at.dovecot, 0o711);
  const { head, filesOf, quotaField } = dialect();
  const users = USERS.map(({ address, password, quota }) => `${address}:{PLAIN}${password}::::::${quota ? quotaField(quota) : ''}\n`);
  const files = { 'dovecot.conf': CONFIG({ at, ports }, head), users: users.join(''), ...filesOf({ at, certificates, checkUrl, ids }) };
  for (const [name, text] of Object.entries(files)) await writeFile(join(at.dovecot, name), text);
}

export const dovecotCommand = (at) => ['dovecot', ['-F', '-c', at.dovecotConfig]];
