// A machine of its own for a package: a root file system that tests may change, and processes, network and mounts that
// nobody else sees. Its disk outlives its power: cutting the power kills every process at once.
//
//   const machine = await Machine.make('dash');   // busybox | bash | dash: what /bin/sh is
//   await machine.powerOn();
//   const { code, output } = await machine.run('sh /packages/x.qpkg');
//   await machine.powerOff();
//   await machine.remove();
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRoot, finish } from './finish.mjs';

/** Starts a process that lives in namespaces of its own until its standard input is closed. Returns its number too. */
async function hold(command) {
  const child = spawn(command[0], command.slice(1), { stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  child.stderr.on('data', (part) => (output += part));
  const closed = once(child, 'close');
  const line = await Promise.race([once(child.stdout, 'data').then(([data]) => String(data)), closed.then(() => '')]);
  const pid = Number(/^(\d+)/.exec(line)?.[1]);
  if (!pid) throw new Error(`A machine could not be made (it needs root, or sudo without a password, and overlay mounts): ${output}`);
  return { child, pid, closed };
}

// Until it changes its root, a held process sees the /proc of outside, and in it the number that nsenter needs.
const SAY_PID = 'read -r pid rest </proc/self/stat; echo "$pid"';

const DISK = {
  busybox: `mkdir "$1/root"; cd "$1/root"; mkdir -p bin sbin usr/bin usr/sbin etc var/log
    cp "$(command -v busybox)" bin/busybox; chroot . /bin/busybox --install -s`,
  bash: `mkdir "$1/root" "$1/changes" "$1/work"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$1/changes,workdir=$1/work" "$1/root"; ln -sf bash "$1/root/bin/sh"`,
  dash: `mkdir "$1/root" "$1/changes" "$1/work"
    mount -t overlay overlay -o "lowerdir=/,upperdir=$1/changes,workdir=$1/work" "$1/root"; ln -sf dash "$1/root/bin/sh"`,
};

// What is in memory is new each time: /tmp, /var/run, and what the system's own script mounts.
const POWER = `cd "$1/root"
  mkdir -p proc dev tmp packages
  mount -t proc proc proc; mount -t tmpfs -o mode=1777 tmpfs tmp; mount --bind /dev dev
  if [ -L var/run ]; then mount -t tmpfs tmpfs run; else mkdir -p var/run; mount -t tmpfs tmpfs var/run; fi
  [ -z "$2" ] || mount --bind "$2" packages
  ip link set lo up
  eval "$3"
  ${SAY_PID}
  exec chroot . /bin/sh -c 'cat >/dev/null'`;

export class Machine {
  /** `packages`: a folder of this system that is seen as /packages; `mounts`: shell, run in the root folder at power-on. */
  static async make(shell, { packages = '', mounts = '' } = {}) {
    const machine = new Machine();
    machine.shell = shell;
    machine.packages = packages;
    machine.mounts = mounts;
    machine.folder = await mkdtemp(join(tmpdir(), 'tocsin-machine-'));
    const script = `set -e; mount -t tmpfs -o mode=755 tmpfs "$1"; ${DISK[shell]}; echo $$; cat >/dev/null`;
    machine.disk = await hold(asRoot(['unshare', '-m', 'sh', '-c', script, 'sh', machine.folder]));
    machine.root = join(machine.folder, 'root');
    return machine;
  }

  /** Runs a script on the disk from outside, whether there is power or not. $1 is the root folder. */
  async outside(script) {
    const command = ['nsenter', '-m', '-t', String(this.disk.pid), 'sh', '-euc', script, 'sh', this.root];
    const { code, output } = await finish(asRoot(command));
    if (code !== 0) throw new Error(`${script}\nended with ${code}: ${output}`);
    return output;
  }

  async powerOn() {
    const inner = ['unshare', '-m', '-n', '-p', '-f', '--kill-child', 'sh', '-euc', POWER, 'sh'];
    const words = [...inner, this.folder, this.packages, this.mounts];
    this.power = await hold(asRoot(['nsenter', '-m', '-t', String(this.disk.pid), ...words]));
  }

  /** Kills everything at once, as a plug that is pulled. */
  async powerOff() {
    if (!this.power) return;
    await finish(asRoot(['kill', '-9', String(this.power.pid)]));
    await this.power.closed;
    this.power = undefined;
  }

  /** Runs a line of shell on the machine, by its own shell. */
  async run(line, { input } = {}) {
    return finish(this.command(['chroot', this.root, '/bin/sh', '-c', line]), { input });
  }

  /** Asks the machine's own loopback address by a program of this system. */
  async fetch(address, { headers = {}, data } = {}) {
    const more = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    if (data) more.push('-d', data);
    const command = ['nsenter', '-n', '-t', String(this.power.pid), 'curl', '-s', '-m', '20', '-w', '\n%{http_code}', ...more, address];
    const { code, output } = await finish(asRoot(command));
    const at = output.lastIndexOf('\n');
    return { status: Number(output.slice(at + 1)), body: output.slice(0, at), code };
  }

  /** Lets another program listen on a port of the machine until the power goes. */
  async occupy(port) {
    const script = `require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('listens'))`;
    const command = ['nsenter', '-n', '-p', '-t', String(this.power.pid), process.execPath, '-e', script];
    const child = spawn(asRoot(command)[0], asRoot(command).slice(1), { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    child.unref();
    child.stdout.destroy();
  }

  /** Changes a mount of the machine that has power: words of mount, with paths of the machine. */
  async mount(words) {
    const { code, output } = await this.run(`mount ${words}`);
    if (code !== 0) throw new Error(`mount ${words} ended with ${code}: ${output}`);
  }

  command(words) {
    return asRoot(['nsenter', '-m', '-n', '-p', '-t', String(this.power.pid), ...words]);
  }

  async remove() {
    await this.powerOff();
    this.disk.child.stdin.end();
    await this.disk.closed;
    await rm(this.folder, { recursive: true, force: true });
  }
}
