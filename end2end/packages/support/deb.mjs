// Debian packages: where they are, what they say of themselves, and others made of them.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { built } from './built.mjs';
import { finish } from './finish.mjs';

const ROOT = resolve(import.meta.dirname, '../../..');

/** A file of the project. */
export const projectFile = (path) => join(ROOT, path);

/** The package for `amd64` or `arm64` that `make package` made. */
export const madeFor = (architecture) => built(new RegExp(`_${architecture}\\.deb$`));

/** Runs a program that must succeed. Answers what it wrote. */
export async function must(program, ...args) {
  const { code, output } = await finish([program, ...args]);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

/** A field of a package. */
export const field = async (deb, name) => (await must('dpkg-deb', '--field', deb, name)).trim();

/** Another package, of the same but what `change` makes of the unpacked folder. Quick, so hardly compressed. */
export async function variant(deb, folder, name, change) {
  const work = await mkdtemp(join(tmpdir(), 'tocsin-deb-'));
  try {
    const tree = join(work, 'tree');
    await must('dpkg-deb', '--raw-extract', deb, tree);
    await change(tree);
    const made = join(folder, name);
    await must('dpkg-deb', '--root-owner-group', '-Zgzip', '-z1', '--build', tree, made);
    return made;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Rewrites a text file of an unpacked package. */
export async function edit(tree, path, rewrite) {
  const file = join(tree, path);
  await writeFile(file, rewrite(await readFile(file, 'utf8')));
}

/** Gives an unpacked package another version. */
export const withVersion = (version) => (tree) =>
  edit(tree, 'DEBIAN/control', (text) => text.replace(/^Version: .*$/m, `Version: ${version}`));
