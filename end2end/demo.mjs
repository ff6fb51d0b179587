#!/usr/bin/env node
// `make demo`: Tocsin with mail and sign-in servers of its own, two mailboxes, a rule, a month of history, and a desk for what in real life
// is elsewhere. No account anywhere is needed, nothing leaves this machine, and nothing stays behind at the end.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { openDesk } from './demo/desk.mjs';
import { signInAndDecide, Visitor } from './servers/flows.mjs';
import { startServers } from './servers/start.mjs';
import { providersToml } from './support/providers.mjs';

const BINARY = process.env.TOCSIN_BIN ?? resolve(import.meta.dirname, '../target/release/tocsin');
const HISTORY = join(dirname(BINARY), 'examples/demo_history');
const LISTEN = process.env.TOCSIN_LISTEN ?? '127.0.0.1:8725';
const ADMIN = { name: 'admin', address: 'carol@example.test', password: 'demo-password' };
const MAILBOX = 'alice@example.test';
const SECOND = 'bob@example.test';
const RECIPIENT = 'ops@example.test';

const data = mkdtempSync(join(tmpdir(), 'tocsin-demo-'));
const servers = await startServers();
writeFileSync(join(data, 'providers.toml'), providersToml(servers));
let child;

/** Starts Tocsin, and waits until it says where it is; with the set-up code while there is no administrator. */
async function start() {
  child = spawn(BINARY, ['serve', '--data', data, '--listen', LISTEN], {
    env: { ...process.env, TOCSIN_CHECK_EVERY: '5s', TOCSIN_CONFIRM_AFTER: '1s' }, stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.once('exit', endedByItself);
  let said = '';
  for await (const part of child.stdout) {
    said += part;
    const url = /^Tocsin runs at (\S+)\n/m.exec(said)?.[1];
    if (url) return { url, code: /^Set-up code: (\S+)$/m.exec(said)?.[1] };
  }
  throw new Error('Tocsin did not start');
}

async function stop() {
  child?.removeListener('exit', endedByItself);
  if (child && child.exitCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
}

async function end(code) {
  await stop();
  await servers.stop();
  rmSync(data, { recursive: true, force: true });
  process.exit(code);
}
const endedByItself = () => end(1);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(0));

/** Runs `tocsin report`, as a program that has something to say does. */
async function report({ severity, app, text }) {
  const reporter = spawn(BINARY, ['report', '--severity', severity, '--app', app, text], { env: { ...process.env, TOCSIN_DATA: data }, stdio: 'inherit' });
  await once(reporter, 'exit');
}

/** What the wizards do, by the same forms. */
async function furnish(url, code) {
  const visitor = new Visitor();
  const send = async (path, fields) => {
    const page = await visitor.post(`${url}/api/${path}`, fields);
    if (page.status >= 400 || page.url.includes('__err')) throw new Error(`${path}: ${page.status} ${page.url}`);
    return page;
  };
  await send('set-up', { code, ...ADMIN });
  const { client_id, client_secret } = await servers.client('google', { redirect_uris: [`${url}/oauth/callback`] });
  await send('oauth/save', { key: 'gmail', client_id, client_secret });
  const signIn = await send('oauth/add', { 'form[provider]': 'gmail', 'form[sender_name]': 'NAS' });
  const added = await signInAndDecide(visitor, signIn, { user: MAILBOX });
  await send('accounts/add', {
    'form[provider]': 'custom', 'form[address]': SECOND, 'form[secret]': 'bob-secret', 'form[host]': 'localhost',
    'form[port]': String(servers.ports.submissions), 'form[security]': 'tls', 'form[ca]': readFileSync(servers.ca, 'utf8'),
  });
  await send('rules/save', {
    id: '', 'draft[kind]': 'alert', 'draft[on]': 'on', 'draft[name]': 'Everything that happens', 'draft[when]': 'all-day',
    'draft[severities][0]': 'information', 'draft[severities][1]': 'warning', 'draft[severities][2]': 'error',
    'draft[pairs][0][senders][0]': /accounts\/(\d+)/.exec(added.url)[1], 'draft[pairs][0][recipients]': RECIPIENT, 'draft[pairs][0][format]': 'html',
  });
}

/** A month of history, written while Tocsin is stopped. */
async function remember() {
  const history = spawn(HISTORY, [data], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [code] = await once(history, 'exit');
  if (code !== 0) throw new Error('the history could not be written');
}

let url;
try {
  const first = await start();
  await furnish(first.url, first.code);
  await stop();
  await remember();
  ({ url } = await start());
} catch (error) {
  console.error(`The demonstration could not be set up: ${error.message}`);
  await end(1);
}
await report({ severity: 'information', app: 'Backup', text: 'Job "nightly" finished: 412 GB in 1 h 58 min' });
const owners = [{ address: RECIPIENT }, { address: MAILBOX, provider: 'google' }, { address: SECOND }, { address: ADMIN.address }];
const desk = await openDesk({ servers, owners, tocsinUrl: url, report });

console.log(`
Tocsin is at ${url}        user name ${ADMIN.name}, password ${ADMIN.password}
The desk is at ${desk.url}   mailboxes, the provider's security page, a program that reports

Try this:
  1. At the desk let a program report something: the mail comes to ${RECIPIENT}.
  2. At the desk end Tocsin's access to ${MAILBOX}. Within seconds Tocsin notices by itself: a red mark, and a mail to
     ${ADMIN.address} through ${SECOND}.
  3. Let the program report more: it is held, and nothing is lost.
  4. In Tocsin press Re-authorize, Continue with Google, and sign in as ${MAILBOX} (password alice-secret): everything
     that was held arrives, the most severe first. The rule was never touched.

Ctrl-C ends it all and removes it.`);
