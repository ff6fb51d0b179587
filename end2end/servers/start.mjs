#!/usr/bin/env node
// Starts the real servers that the tests and the demonstration use.
//
//   node end2end/servers/start.mjs [DIR] [--keep] [--oauth-tls]     until Ctrl-C; prints JSON when ready, also in DIR/servers.json
//   node end2end/servers/stop.mjs DIR                               stops that one from elsewhere
//
// or, from a test: `const servers = await startServers(); … await servers.stop()`. However the starter ends, nothing stays behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Servers } from './handle.mjs';
import { checkNeeds } from './needs.mjs';

const SELF = fileURLToPath(import.meta.url);

/** Starts a set of servers in a process of its own, that ends with this one. Options as the command's: `{ dir, keep, oauthTls }`. */
export async function startServers({ dir, keep = false, oauthTls = false } = {}) {
  const args = [SELF, '--while-stdin-is-open', ...(dir ? [dir] : []), ...(keep ? ['--keep'] : []), ...(oauthTls ? ['--oauth-tls'] : [])];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (data) => { errors += data; });
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`The test servers did not start.\n${errors}`)));
  const firstLine = once(createInterface({ input: child.stdout }), 'line');
  const [line] = await Promise.race([firstLine, ended]);
  ended.catch(() => {}); // from here on its end is what `stop` waits for
  return new Servers(JSON.parse(line), async () => {
    if (child.exitCode !== null) return;
    child.stdin.end();
    await once(child, 'exit');
  });
}

function ownDirectory(given) {
  if (!given) return mkdtempSync(join(tmpdir(), 'tocsin-servers-'));
  const dir = resolve(given);
  mkdirSync(dir, { recursive: true });
  if (readdirSync(dir).length) throw new Error(`${dir} is not empty. Give a new directory, it is removed at the end.`);
  return dir;
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { keep: { type: 'boolean' }, 'oauth-tls': { type: 'boolean' }, 'while-stdin-is-open': { type: 'boolean' } },
  });
  const supervised = values['while-stdin-is-open'];
  checkNeeds();
  const dir = ownDirectory(positionals[0]);
  const { runInstance } = await import('./instance.mjs'); // what runs the servers is not for those who only start them
  const { description, stop } = await runInstance(dir, { keep: values.keep, oauthTls: values['oauth-tls'] });
  writeFileSync(join(dir, 'servers.json'), JSON.stringify(description, null, 2));
  console.log(JSON.stringify(description, null, supervised ? undefined : 2));

  let stopping;
  const end = () => { stopping ??= stop().then(() => process.exit(0)); };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  if (supervised) process.stdin.resume().on('end', end).on('error', end);
}

if (process.argv[1] && resolve(process.argv[1]) === SELF) {
  main().catch((error) => {
    console.error(`${error.message}`);
    process.exit(1);
  });
}
