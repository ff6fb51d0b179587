// Commands as somebody who is not root: scripts of packages must not need more.
import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const IS_ROOT = process.getuid() === 0;

/** The user and group nobody, where the tests run as root; else the tests' own. */
export const USER = IS_ROOT ? 65534 : process.getuid();
const GROUP = IS_ROOT ? 65534 : process.getgid();

/** What goes before a command so that the user runs it. */
export const AS_USER = IS_ROOT ? ['setpriv', `--reuid=${USER}`, `--regid=${GROUP}`, '--clear-groups', '--'] : [];

/** Gives a file or a folder to the user. */
export async function give(path) {
  await chown(path, USER, GROUP);
}

/** Gives a folder and all that is in it to the user. */
export async function giveAll(path) {
  await run('chown', ['-R', '-h', `${USER}:${GROUP}`, path]);
}
