// Where the mail servers of one instance keep their things: all below one private directory.
import { join } from 'node:path';

export function layout(dir) {
  return {
    certificates: join(dir, 'certificates'),
    dovecotConfig: join(dir, 'dovecot', 'dovecot.conf'),
    dovecot: join(dir, 'dovecot'),
    postfix: join(dir, 'postfix'),
    queue: join(dir, 'queue'),
    postfixData: join(dir, 'postfix-data'),
    mail: join(dir, 'mail'),
    logs: join(dir, 'logs'),
    sockets: { auth: join(dir, 'dovecot', 'run', 'postfix-auth'), lmtp: join(dir, 'dovecot', 'run', 'lmtp') },
  };
}
