// The program for arm64, run by qemu's user emulation on whatever machine this is: node --test packages/arm64.mjs
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { startServers } from '../servers/start.mjs';
import { USERS } from '../servers/users.mjs';
import { Program, programFor, TARGET } from './support/program.mjs';

const SENDER = USERS[1];
const EMULATOR = join(TARGET, 'tools/qemu/aarch64');

let servers;
let tocsin;
before(async () => {
  if (!existsSync(EMULATOR)) throw new Error('qemu is missing: run "package/setup.sh test".');
  servers = await startServers();
  tocsin = await Program.start([EMULATOR, programFor('aarch64')]);
});
after(async () => {
  await tocsin?.stop();
  await servers?.stop();
});

test('it serves a page, with the style, the script and the program that the page names', async () => {
  const page = await tocsin.get('/setup');
  assert.equal(page.status, 200);
  const html = await page.text();
  assert.match(html, /Set-up code/);
  const files = [...new Set(html.match(/\/pkg\/tocsin\.[0-9a-f]+\.(css|js|wasm)/g))];
  assert.equal(files.length, 3, html);
  for (const file of files) {
    const answer = await tocsin.get(file, { 'accept-encoding': 'identity' });
    assert.equal(answer.status, 200, file);
    assert.match(answer.headers.get('cache-control'), /immutable/, file);
    assert.ok((await answer.arrayBuffer()).byteLength > 10_000, file);
  }
});

test('it sends a mail over TLS, after a sign-in, when a program reports an event', async () => {
  await tocsin.setUp();
  await tocsin.submit('/api/accounts/add', {
    'form[provider]': 'custom', 'form[address]': SENDER.address, 'form[secret]': SENDER.password, 'form[host]': 'localhost',
    'form[port]': servers.ports.submissions, 'form[security]': 'tls', 'form[ca]': readFileSync(servers.ca, 'utf8'), 'form[default]': 'on',
  });
  await tocsin.submit('/api/rules/save', {
    id: '', 'draft[name]': 'All', 'draft[on]': 'on', 'draft[kind]': 'alert', 'draft[severities][0]': 'error', 'draft[when]': 'all-day',
    'draft[pairs][0][recipients]': 'ops@example.test', 'draft[pairs][0][format]': 'html',
  });
  await tocsin.run('report', '--severity', 'error', '--app', 'Storage & Snapshots', 'Disk 2 failed');
  const [mail] = await servers.waitForMail('ops@example.test', { subject: 'Disk 2 failed', timeout: 60_000 });
  assert.equal(mail.from, SENDER.address);
});
