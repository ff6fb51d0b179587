// Free TCP ports on loopback.
//
// They are drawn from below the kernel's ephemeral range (32768 and up on Linux): there, an outgoing connection of
// any other program cannot take a port between the look and its use. Another instance still can; whoever starts a
// server on such a port tries again with others.
import { createServer } from 'node:net';
import { randomInt } from 'node:crypto';

const FIRST = 20_000;
const LAST = 32_000;

async function isFree(port) {
  const probe = createServer();
  return new Promise((resolve) => {
    probe.once('error', () => resolve(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
}

/** One free port a name, all different: `freePorts(['imap', 'imaps'])` → `{ imap: 21417, imaps: 30551 }`. */
export async function freePorts(names) {
  const ports = {};
  const taken = new Set();
  for (const name of names) {
    let port;
    do port = randomInt(FIRST, LAST);
    while (taken.has(port) || !(await isFree(port)));
    taken.add(port);
    ports[name] = port;
  }
  return ports;
}
