// SHA256SUMS: what somebody who downloads a package compares it with.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { built } from './support/built.mjs';

test('SHA256SUMS names every package and nothing else, with the sum of its bytes', async () => {
  const sums = built(/^SHA256SUMS$/);
  const folder = dirname(sums);
  const said = (await readFile(sums, 'utf8')).trimEnd().split('\n').map((line) => line.split('  '));
  const there = (await readdir(folder)).filter((name) => name !== 'SHA256SUMS');
  assert.equal(there.length, 8);
  assert.deepEqual(said.map(([, name]) => name).sort(), there.sort());
  for (const [sum, name] of said) {
    const bytes = await readFile(join(folder, name));
    assert.equal(createHash('sha256').update(bytes).digest('hex'), sum, name);
  }
});
