// A Debian to install packages in: this machine's own, seen through an overlay, with a network of its own. What is
// written goes to memory, and is gone when it is closed. Needs root (or sudo), and this machine to be a Debian.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRoot, finish } from './finish.mjs';

const ENVIRONMENT = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C.UTF-8', 'DEBIAN_FRONTEND=noninteractive'];

// $1 is the place, $2 the size of what may be written.
const MOUNT = `
set -e
mount -t tmpfs -o "size=$2" tocsin "$1"
mkdir "$1/written" "$1/work" "$1/seen"
mount -t overlay -o "lowerdir=/,upperdir=$1/written,workdir=$1/work" tocsin "$1/seen"
mount --rbind /proc "$1/seen/proc"
mount --rbind /dev "$1/seen/dev"
mount -t tmpfs tocsin "$1/seen/tmp"
mount -t tmpfs tocsin "$1/seen/run"
ip link set lo up
# Each installation would look through all manual pages (man-db's trigger).
rm -f "$1/seen/var/lib/man-db/auto-update"
echo "mounted $$"
exec cat
`;

export class DebianRoot {
  #holder;
  #inside;
  #place;
  #started = [];

  /** `size`: how much may be written, as tmpfs takes it. */
  static async open({ size = '600m' } = {}) {
    const root = new DebianRoot();
    root.#place = await mkdtemp(join(tmpdir(), 'tocsin-debian-'));
    const [program, ...args] = asRoot(['unshare', '--mount', '--net', 'sh', '-c', MOUNT, 'sh', root.#place, size]);
    // It lives until its standard input is closed; its name spaces, with all mounts, go with it.
    root.#holder = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let said = '';
    root.#holder.stderr.on('data', (data) => { said += data; });
    const [first] = await Promise.race([once(root.#holder.stdout, 'data'), once(root.#holder, 'close')]);
    const id = /^mounted (\d+)\n$/.exec(String(first))?.[1];
    if (!id) throw new Error(`no Debian to install in (${first}):\n${said}`);
    root.#inside = asRoot(['nsenter', '--target', id, '--mount', '--net', 'chroot', join(root.#place, 'seen')]);
    return root;
  }

  /** The command line that runs a command in it, as root. */
  inside(command) {
    return [...this.#inside, 'env', '-i', ...ENVIRONMENT, ...command];
  }

  /** Runs a command in it, as root, to its end. */
  run(command, options) {
    return finish(this.inside(command), options);
  }

  /** The same, with a shell; the end must be a success. Answers what it wrote. */
  async shell(script, ...args) {
    const { code, output } = await this.run(['sh', '-ec', script, 'sh', ...args]);
    if (code !== 0) throw new Error(`${script}\nended with ${code}:\n${output}`);
    return output;
  }

  /** Starts a command in it, and does not wait. */
  start(command) {
    const [program, ...args] = this.inside(command);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#started.push(child);
    return child;
  }

  /** Copies a file of this machine into its /tmp. Answers the path there. */
  async bring(file, name) {
    const path = `/tmp/${name}`;
    const { code, output } = await this.run(['sh', '-c', 'cat >"$1"', 'sh', path], { input: await readFile(file) });
    if (code !== 0) throw new Error(output);
    return path;
  }

  /** Stops what was started in it and still runs, and forgets it. */
  async close() {
    for (const child of this.#started) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      child.kill();
      await once(child, 'close');
    }
    this.#holder.stdin.end();
    if (this.#holder.exitCode === null) await once(this.#holder, 'close');
    await rm(this.#place, { recursive: true, force: true });
  }
}
