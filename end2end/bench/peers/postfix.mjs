// Postfix with its defaults as a relay: it writes each mail to its queue with fsync before it answers, then passes it on.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemUser } from '../../servers/needs.mjs';
import { freePorts } from '../../servers/ports.mjs';
import { proportional } from '../memory.mjs';

const DAEMONS = '/usr/lib/postfix/sbin';

// Only what keeps it private and lets it relay; whatever decides its speed is Postfix's default.
const MAIN = ({ dir, to, onHold, owner }) => `compatibility_level = 3.6
queue_directory = ${dir}/queue
data_directory = ${dir}/data
maillog_file = ${dir}/log/postfix.log
maillog_file_prefixes = ${dir}/log
daemon_directory = ${DAEMONS}
command_directory = /usr/sbin
meta_directory = /etc/postfix
mail_owner = ${owner}
setgid_group = postdrop
myhostname = relay.example.test
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
relayhost = [127.0.0.1]:${to}
${onHold ? 'smtpd_recipient_restrictions = check_recipient_access static:HOLD' : ''}
`;

const MASTER = (port) => `127.0.0.1:${port} inet n - n - - smtpd
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
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`;

export class Postfix {
  #process;

  constructor(dir, port, process, startMs) {
    Object.assign(this, { dir, port, startMs });
    this.#process = process;
  }

  /** Starts one that relays to the port `to` on loopback, or keeps what it gets on hold. */
  static async start(run, to, { onHold = false } = {}) {
    const dir = run.newFolder('postfix');
    const user = systemUser('postfix');
    const { port } = await freePorts(['port']);
    for (const each of ['config', 'queue', 'data', 'log']) await mkdir(join(dir, each));
    await chown(join(dir, 'data'), user.uid, user.gid);
    await writeFile(join(dir, 'config/main.cf'), MAIN({ dir, to, onHold, owner: user.name }));
    await writeFile(join(dir, 'config/master.cf'), MASTER(port));
    await chmod(join(dir, 'config'), 0o755);
    execFileSync('postfix', ['-c', join(dir, 'config'), 'check']);
    const began = performance.now();
    const process = await run.daemons.start(`postfix-${port}`, [`${DAEMONS}/master`, ['-c', join(dir, 'config'), '-s']], [port]);
    return new Postfix(dir, port, process, performance.now() - began);
  }

  /** All of its processes, shared pages once. */
  get memory() {
    return proportional(this.#process.pid);
  }

  /** Hands in `count` mails over `sessions` connections that are kept. Answers how long accepting all of them took. */
  async fill(count, sessions, bodyBytes) {
    const args = ['-d', '-s', sessions, '-l', bodyBytes, '-m', count, '-f', 'nas@example.com', '-t', 'ops@example.com', `127.0.0.1:${this.port}`];
    const began = performance.now();
    const source = spawn('smtp-source', args.map(String), { stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = await once(source, 'exit');
    if (code !== 0) throw new Error(`smtp-source ended (exit code ${code})`);
    return performance.now() - began;
  }

  /** Lets go what is on hold. */
  release() {
    const config = ['-c', join(this.dir, 'config')];
    execFileSync('postsuper', [...config, '-H', 'ALL'], { stdio: 'ignore' });
    execFileSync('postqueue', [...config, '-f']);
  }

  async stop() {
    const ended = once(this.#process, 'exit');
    this.#process.kill();
    await ended;
  }
}
