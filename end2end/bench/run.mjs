#!/usr/bin/env node
// One table of measures from one run on this machine, each beside its peer: `make bench`.
//
//   node end2end/bench/run.mjs [--only accept,deliver,…] [--quick]
//
// Needs what `package/setup.sh bench` installs, and root, because Postfix does. The table goes to the standard output and,
// with every value, to target/bench/. All traffic stays on loopback; everything lives in one directory that is removed at the end.
import { chmodSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Daemons } from '../servers/daemons.mjs';
import { checkNeeds } from '../servers/needs.mjs';
import { FULL, QUICK } from './amounts.mjs';
import { report } from './report.mjs';
import { buildSeed } from './seed.mjs';
import { accept } from './rows/accept.mjs';
import { bytes } from './rows/bytes.mjs';
import { deliver } from './rows/deliver.mjs';
import { memory } from './rows/memory.mjs';
import { release } from './rows/release.mjs';
import { start } from './rows/start.mjs';

const ROWS = { accept, deliver, release, memory, start, bytes };

/** What every measurement gets: how much to do, where to leave files, and how to start programs that end with this one. */
function newRun(amounts) {
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-bench-'));
  chmodSync(dir, 0o711); // Postfix's users pass through
  const logs = join(dir, 'logs');
  mkdirSync(logs);
  let folders = 0;
  return {
    ...amounts, dir, logs,
    daemons: new Daemons({ logs, remove: dir }),
    newFolder(name) {
      folders += 1;
      const folder = join(dir, `${name}-${folders}`);
      mkdirSync(folder);
      return folder;
    },
  };
}

async function main() {
  const { values } = parseArgs({ options: { only: { type: 'string' }, quick: { type: 'boolean' } } });
  const wanted = values.only?.split(',') ?? Object.keys(ROWS);
  for (const name of wanted) {
    if (!ROWS[name]) throw new Error(`There is no measurement “${name}”. There are: ${Object.keys(ROWS).join(', ')}.`);
  }
  checkNeeds();
  buildSeed();
  const run = newRun(values.quick ? QUICK : FULL);
  const rows = [];
  try {
    for (const name of wanted) {
      console.error(`measuring: ${name}`);
      rows.push(...(await ROWS[name](run)));
    }
  } finally {
    await run.daemons.stop();
  }
  report(rows);
}

main().catch((error) => {
  console.error(error.stack);
  process.exit(1);
});
