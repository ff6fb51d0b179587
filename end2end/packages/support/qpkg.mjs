// What the tests of the QPKG share: packages in the versions they need, and a machine for each test.
import assert from 'node:assert/strict';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { built } from './built.mjs';
import { ELSEWHERE, HERE, VERSION, make } from './packages.mjs';
import { Qts } from './qts.mjs';

/** Versions before and after the one that people download. */
export const [OLD, NEW] = ['0.0.1', '99.0.0'];

// Far beyond what a busy machine needs: a test that hangs ends.
const PATIENCE = 240_000;

const name = (arch) => (arch === 'aarch64' ? /_arm_64\.qpkg$/ : /_x86_64\.qpkg$/);

/** What people download, for this processor and for the other one. */
export const [RELEASED, FOREIGN] = [built(name(HERE)), built(name(ELSEWHERE))];

/** A folder with old.qpkg, tocsin.qpkg (what people download), new.qpkg and other.qpkg (for another processor). */
export let packages;
before(async () => {
  packages = await make({
    'old.qpkg': ['qpkg', OLD, HERE],
    'new.qpkg': ['qpkg', NEW, HERE],
    'other.qpkg': ['qpkg', VERSION, ELSEWHERE],
  });
  await copyFile(RELEASED, join(packages.folder, 'tocsin.qpkg'));
});
after(() => packages?.remove());

/** A test with a machine of its own, whose sh is `shell`. `options`: see Qts.make. */
export function on(shell, name, options, body) {
  test(`${name} (${shell})`, { timeout: PATIENCE }, async () => {
    const qts = await Qts.make(shell, { packages: packages.folder, ...options });
    try {
      await body(qts);
    } finally {
      await qts.remove();
    }
  });
}

/** Asserts that an installation was refused with a word, and that this word is in QuLog as an error. */
export async function refused(qts, result, word) {
  assert.match(result.output, word);
  assert.notEqual(result.code, 10, result.output);
  assert.equal(result.state, '-1');
  assert.match(await qts.quLog(), new RegExp(`^2 \\[Tocsin\\] .*${word.source}`, 'm'));
}

/** Installs, and asserts that it went well. */
export async function installed(qts, name) {
  const result = await qts.install(name);
  assert.equal(result.code, 10, result.output);
  assert.equal(result.state, '3', result.output);
  return result;
}
