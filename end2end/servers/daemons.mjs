// Starting programs so that they end with this process, however it ends.
//
// A watchdog (a shell of its own session) holds the reading end of a pipe. It is told the process group of every
// daemon; when the pipe closes, because `stop` was called or because this process was killed, it ends the groups, waits
// for them, and removes the directory. There is no other way of stopping, so the way that is rarely taken is tested by each run.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

const WATCHDOG = `
groups=
while read -r group; do groups="$groups $group"; done
for group in $groups; do kill -TERM "-$group" 2>/dev/null; done
for group in $groups; do
  tries=100
  while kill -0 "-$group" 2>/dev/null && [ $tries -gt 0 ]; do sleep 0.05; tries=$((tries - 1)); done
  kill -KILL "-$group" 2>/dev/null
done
[ -z "$1" ] || rm -rf -- "$1"
`;

export class Daemons {
  #watchdog;
  #logs;

  /** `remove`: the directory to remove at the end, or undefined to leave everything for a look. */
  constructor({ logs, remove }) {
    this.#logs = logs;
    this.#watchdog = spawn('sh', ['-c', WATCHDOG, 'watchdog', remove ?? ''], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  }

  /** Starts a program that stays in the foreground; ready when each port greets. Throws when it ends before that. */
  async start(name, [command, args], ports) {
    const log = openSync(join(this.#logs, `${name}.out`), 'a');
    const child = spawn(command, args, { detached: true, stdio: ['ignore', log, log] });
    closeSync(log);
    await once(child, 'spawn');
    this.#watchdog.stdin.write(`${child.pid}\n`);
    const ended = new AbortController();
    child.once('exit', (code) => ended.abort(new Error(`${name} ended (exit code ${code}); see ${this.#logs}`)));
    try {
      await Promise.all(ports.map((port) => greeting(port, ended.signal)));
    } catch (error) {
      if (!ended.signal.aborted) process.kill(-child.pid, 'SIGTERM');
      throw error;
    }
    child.removeAllListeners('exit');
    return child;
  }

  async stop() {
    if (this.#watchdog.exitCode !== null) return;
    this.#watchdog.stdin.end();
    await once(this.#watchdog, 'exit');
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** True when something accepts connections on `port`. */
async function answers(port) {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function greeting(port, signal) {
  const until = Date.now() + 20_000;
  while (!(await answers(port))) {
    signal.throwIfAborted();
    if (Date.now() > until) throw new Error(`nothing answered on port ${port} within 20 s`);
    await pause(20);
  }
  signal.throwIfAborted();
}
