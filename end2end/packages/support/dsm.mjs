// What DSM 7's Package Center does with a package, in a folder that stands for the NAS: unpacks it, and runs its
// scripts as the package's user, in the order and with the environment of the developer guide
// (https://help.synology.com/developer-guide/synology_package/scripts.html and script_env_var.html).
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { access, chmod, cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { AS_USER, give, giveAll } from './as_user.mjs';

const run = promisify(execFile);

/** Unpacks a package as DSM does, which compares the checksum. */
export async function unpack(spk, into) {
  await mkdir(into);
  await run('tar', ['-xf', spk, '-C', into]);
  const info = await readInfo(into);
  const sum = createHash('md5').update(await readFile(join(into, 'package.tgz'))).digest('hex');
  if (sum !== info.checksum) throw new Error('package.tgz is not what INFO says');
  return into;
}

async function readInfo(folder) {
  const lines = (await readFile(join(folder, 'INFO'), 'utf8')).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => line.match(/^(\w+)="(.*)"$/).slice(1)));
}

/** The same package with another version on it. */
export async function relabelled(unpacked, version, into) {
  await cp(unpacked, into, { recursive: true });
  const was = (await readInfo(unpacked)).version;
  for (const file of ['INFO', 'scripts/facts']) {
    const text = await readFile(join(into, file), 'utf8');
    await writeFile(join(into, file), text.replaceAll(was, version));
  }
  return into;
}

/** What an upgrade does, in this order. */
export const UPGRADE = [
  'stop',
  'preupgrade',
  'preuninst',
  'removing the old program',
  'postuninst',
  'preinst',
  'placing the new program',
  'postinst',
  'postupgrade',
];

/** The power went out, or somebody killed Package Center. */
export class Interrupted extends Error {}

export class Dsm {
  /** What the scripts see before the system's own commands. */
  commands = '';
  #stopAfter;

  constructor(root, shell) {
    this.root = root;
    this.shell = shell;
    this.commands = join(root, 'commands');
    this.volume = join(root, 'volume1');
    this.packages = join(root, 'var/packages/tocsin');
    this.data = join(root, 'volume1/@appdata/tocsin');
  }

  /** A NAS without the package. */
  static async start(shell) {
    const root = await mkdtemp(join(tmpdir(), 'tocsin-dsm-'));
    await chmod(root, 0o755);
    const dsm = new Dsm(root, shell);
    await mkdir(dsm.commands);
    return dsm;
  }

  /** Stops what runs, and removes the NAS. */
  async end() {
    await this.control('stop').catch(() => {});
    await rm(this.root, { recursive: true, force: true });
  }

  get target() {
    return join(this.packages, 'target');
  }

  /** Whether there is a program, whole and in its place. */
  async hasProgram() {
    return access(join(this.target, 'bin/tocsin')).then(() => true, () => false);
  }

  /** Replaces a command of the system for the scripts. */
  async command(name, text) {
    await writeFile(join(this.commands, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }

  /** As somebody installs it by hand, and has it started or not. */
  async install(unpacked, { start = true, beforePostinst = async () => {} } = {}) {
    const info = await readInfo(unpacked);
    await this.makeFolders();
    await this.#script(unpacked, 'preinst', 'INSTALL', info);
    await this.#place(unpacked);
    await beforePostinst();
    const installed = await this.#script(this.packages, 'postinst', 'INSTALL', info);
    if (start) await this.#script(this.packages, 'start-stop-status', 'INSTALL', info, ['start']);
    return installed;
  }

  /** As an upgrade goes; `stopAfter` interrupts it after one of `UPGRADE`. */
  async upgrade(unpacked, { stopAfter } = {}) {
    this.#stopAfter = stopAfter;
    try {
      const info = await readInfo(unpacked);
      const more = { SYNOPKG_OLD_PKGVER: (await readInfo(this.packages)).version };
      const script = (folder, name, args) => this.#script(folder, name, 'UPGRADE', info, args, more);
      await script(this.packages, 'start-stop-status', ['stop']);
      await script(unpacked, 'preupgrade');
      await script(this.packages, 'preuninst');
      const old = join(this.root, 'old');
      await cp(this.packages, old, { recursive: true, filter: (path) => path !== this.target });
      await this.#step('removing the old program', () => this.#removeTarget());
      await script(old, 'postuninst');
      await script(unpacked, 'preinst');
      await this.#step('placing the new program', () => this.#place(unpacked));
      await script(this.packages, 'postinst');
      await script(this.packages, 'postupgrade');
      await script(this.packages, 'start-stop-status', ['start']);
    } finally {
      this.#stopAfter = undefined;
    }
  }

  /** As somebody uninstalls it who answered the wizard. */
  async uninstall({ removeData }) {
    const info = await readInfo(this.packages);
    const wizard = { tocsin_keep_data: String(!removeData), tocsin_remove_data: String(removeData) };
    await this.#script(this.packages, 'start-stop-status', 'UNINSTALL', info, ['stop']);
    await this.#script(this.packages, 'preuninst', 'UNINSTALL', info, [], wizard);
    await this.#removeTarget();
    await this.#script(this.packages, 'postuninst', 'UNINSTALL', info, [], wizard);
    await rm(this.packages, { recursive: true });
  }

  /** start, stop or status, as Package Center or DSM's own start calls it. */
  async control(action) {
    const info = await readInfo(this.packages);
    return this.#call(this.packages, 'start-stop-status', action.toUpperCase(), info, [action]);
  }

  /** The folders that Package Center makes before the first script. */
  async makeFolders() {
    for (const folder of [this.data, join(this.volume, '@appstore')]) {
      await mkdir(folder, { recursive: true });
    }
    await give(this.data);
  }

  async #place(unpacked) {
    const store = join(this.volume, '@appstore/tocsin');
    await mkdir(store, { recursive: true });
    await run('tar', ['-xzf', join(unpacked, 'package.tgz'), '-C', store]);
    await giveAll(store);
    await rm(this.packages, { recursive: true, force: true });
    await cp(unpacked, this.packages, { recursive: true });
    await symlink(store, this.target);
    await symlink(this.data, join(this.packages, 'var'));
  }

  async #removeTarget() {
    await rm(join(this.volume, '@appstore/tocsin'), { recursive: true, force: true });
    await rm(this.target, { force: true });
  }

  async #step(name, work) {
    const result = await work();
    if (name === this.#stopAfter) throw new Interrupted(name);
    return result;
  }

  /** Runs a script whose refusal ends what is under way: the error's message is what the person is shown. */
  async #script(folder, name, status, info, args = [], more = {}) {
    return this.#step(args[0] ?? name, async () => {
      const result = await this.#call(folder, name, status, info, args, more);
      if (result.code !== 0) throw new Error(result.said || result.errors);
      return result;
    });
  }

  async #call(folder, name, status, info, args = [], more = {}) {
    const message = join(this.root, 'message');
    await writeFile(message, '');
    await give(message);
    const command = [...AS_USER, ...this.shell, join(folder, 'scripts', name), ...args];
    const child = spawn(command[0], command.slice(1), {
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${this.commands}:${process.env.PATH}`,
        SYNOPKG_PKGNAME: 'tocsin',
        SYNOPKG_PKGVER: info.version,
        SYNOPKG_PKGDEST: this.target,
        SYNOPKG_PKGDEST_VOL: this.volume,
        SYNOPKG_PKGVAR: join(this.packages, 'var'),
        SYNOPKG_PKGPORT: info.adminport,
        SYNOPKG_PKG_STATUS: status,
        SYNOPKG_TEMP_LOGFILE: message,
        // Before the package is in place there is no link yet.
        ...(folder === this.packages ? {} : { SYNOPKG_PKGVAR: this.data }),
        ...more,
      },
    });
    const errors = [];
    child.stderr.on('data', (data) => errors.push(data));
    child.stdout.resume();
    const [code] = await once(child, 'exit');
    return { code, said: (await readFile(message, 'utf8')).trim(), errors: Buffer.concat(errors).toString() };
  }
}
