// A data directory with an administrator, an account, a rule that catches everything, and a token: made by the engine itself.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT, TARGET } from './places.mjs';

const SEED = join(TARGET, 'release', 'examples', 'bench_seed');

export function buildSeed() {
  const build = ['build', '--release', '--quiet', '-p', 'tocsin-engine', '--example', 'bench_seed'];
  execFileSync('cargo', build, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
}

/**
 * Answers `{ account, token, admin: { name, password } }`. `account` is `ready`: it needs no sign-in and sends to `port`, or
 * `refused`: it signs in with a password that was refused, so that what it should carry is held.
 */
export function seed(folder, port, account) {
  return JSON.parse(execFileSync(SEED, [folder, String(port), account]));
}
