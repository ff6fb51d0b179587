// What must be there before anything is started; said in one message.
import { accessSync, readFileSync } from 'node:fs';

const PROGRAMS = { postfix: '/usr/sbin/postfix', dovecot: '/usr/sbin/dovecot', openssl: '/usr/bin/openssl' };
const PACKAGES = 'postfix dovecot-core dovecot-imapd dovecot-lmtpd openssl';

function missing(path) {
  try {
    accessSync(path);
    return false;
  } catch {
    return true;
  }
}

export function checkNeeds() {
  const absent = Object.keys(PROGRAMS).filter((name) => missing(PROGRAMS[name]));
  if (absent.length) {
    throw new Error(`The test servers need ${absent.join(', ')}: DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends ${PACKAGES}`);
  }
  if (process.getuid() !== 0) {
    throw new Error('The test servers need root: Postfix starts its parts under several users. Start this with sudo.');
  }
}

/** `{ name, uid, gid }` of a system user. */
export function systemUser(name) {
  const line = readFileSync('/etc/passwd', 'utf8').split('\n').find((entry) => entry.startsWith(`${name}:`));
  if (!line) throw new Error(`There is no user ${name} on this machine.`);
  const [, , uid, gid] = line.split(':');
  return { name, uid: Number(uid), gid: Number(gid) };
}
