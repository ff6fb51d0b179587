// Packages for the tests: of the program that `make package` built, in whatever version a test needs.
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finish } from './finish.mjs';
import { TARGET, programFor } from './program.mjs';

/** This machine's processor, as `tocsin-package --arch` calls it, and the other one. */
export const [HERE, ELSEWHERE] = process.arch === 'arm64' ? ['aarch64', 'x86_64'] : ['x86_64', 'aarch64'];

/** The static program for this processor. */
export const PROGRAM = process.env.TOCSIN_PROGRAM ?? programFor(HERE);

/** The version that packages carry. */
export const VERSION = (await builder('version')).trim();

async function builder(...words) {
  const program = process.env.TOCSIN_PACKAGER ?? join(TARGET, 'release/tocsin-package');
  await stat(program).catch(() => {
    throw new Error(`${program} is not there: run make package first.`);
  });
  const { code, output } = await finish([program, ...words]);
  if (code !== 0) throw new Error(`${program} ${words.join(' ')} ended with ${code}: ${output}`);
  return output;
}

/** Makes a folder with packages: `wanted` maps a file name to [format, version, processor]. */
export async function make(wanted) {
  await stat(PROGRAM).catch(() => {
    throw new Error(`${PROGRAM} is not there: run make package first.`);
  });
  const folder = await mkdtemp(join(tmpdir(), 'tocsin-packages-'));
  const foreign = join(folder, 'foreign');
  // A program for the other processor, as far as its first bytes: its package must be refused before it is unpacked.
  const elf = Buffer.alloc(64);
  elf.write('\x7fELF\x02\x01', 'latin1');
  elf.writeUInt16LE(ELSEWHERE === 'aarch64' ? 183 : 62, 18);
  await writeFile(foreign, elf);
  for (const [name, [format, version, arch]] of Object.entries(wanted)) {
    const binary = arch === HERE ? PROGRAM : foreign;
    const out = ['--out', join(folder, name)];
    await builder(format, '--version', version, '--arch', arch, '--binary', binary, '--source-date', '1700000000', ...out);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
