#!/usr/bin/env node
// Stops the servers that `start.mjs DIR` started: node end2end/servers/stop.mjs DIR
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const dir = process.argv[2];
const file = join(dir ?? '', 'servers.json');
if (!dir || !existsSync(file)) {
  console.error(dir ? `No servers run in ${dir}.` : 'Say which: stop.mjs DIR');
  process.exit(1);
}
const { pid } = JSON.parse(readFileSync(file, 'utf8'));
const alive = () => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
if (alive()) process.kill(pid, 'SIGTERM');
while (alive()) await new Promise((resolve) => setTimeout(resolve, 50));
