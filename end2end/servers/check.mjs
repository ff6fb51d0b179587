// Proves that the servers behave as the tests rely on: node end2end/servers/check.mjs
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { connect as connectTls } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { codeFlow, deviceFlow, refresh, Visitor } from './flows.mjs';
import { runInstance } from './instance.mjs';
import { freePorts } from './ports.mjs';
import { startServers } from './start.mjs';

const REDIRECT = 'http://127.0.0.1:7/oauth/callback';
const GOOGLE = { scope: 'openid email https://mail.google.com/', redirectUri: REDIRECT, extra: { access_type: 'offline', prompt: 'consent' } };
const MICROSOFT = { scope: 'openid email offline_access https://outlook.office.com/SMTP.Send https://outlook.office.com/IMAP.AccessAsUser.All', redirectUri: REDIRECT };

let servers;
before(async () => {
  servers = await startServers();
  for (const provider of ['google', 'microsoft']) await servers.client(provider, { redirect_uris: [REDIRECT] });
});
after(() => servers?.stop());

/** A conversation by lines: `say` sends one and answers the reply, `tls` goes on encrypted. */
class Talk {
  static async open(port, { tls = false } = {}) {
    const talk = new Talk();
    const options = { port, host: 'localhost', servername: 'localhost', ca: readFileSync(servers.ca) };
    talk.#take(tls ? connectTls(options) : connect(port, '127.0.0.1'));
    await once(talk.socket, tls ? 'secureConnect' : 'connect');
    talk.hello = await talk.#reply();
    return talk;
  }

  #take(socket) {
    this.socket = socket;
    this.buffer = '';
    socket.on('data', (data) => { this.buffer += data; socket.emit('more'); });
  }

  /** An SMTP reply (last line has a space after its code), or the IMAP line that carries `tag` or asks to go on. */
  async #reply(tag) {
    const complete = tag ? new RegExp(`^(${tag} |\\+).*\\r\\n`, 'm') : /^(\d{3} .*|\* OK.*)\r\n/m;
    while (!complete.test(this.buffer)) await once(this.socket, 'more');
    const text = this.buffer;
    this.buffer = '';
    return text.trim();
  }

  async say(line, tag) {
    this.socket.write(`${line}\r\n`);
    return this.#reply(tag);
  }

  async upgrade() {
    const plain = this.socket;
    plain.removeAllListeners('data');
    this.#take(connectTls({ socket: plain, servername: 'localhost', ca: readFileSync(servers.ca) }));
    await once(this.socket, 'secureConnect');
  }

  end() {
    this.socket.destroy();
  }
}

const plain = (user, password) => Buffer.from(`\0${user}\0${password}`).toString('base64');
const bearer = (user, token) => Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`).toString('base64');

async function submission({ tls }) {
  const talk = await Talk.open(tls ? servers.ports.submissions : servers.ports.submission, { tls });
  await talk.say('EHLO test');
  if (!tls) {
    assert.match(await talk.say('STARTTLS'), /^220/);
    await talk.upgrade();
    await talk.say('EHLO test');
  }
  return talk;
}

/** XOAUTH2 with the token on a line of its own; answers the last reply and, after a refusal, the decoded challenge. */
async function xoauth2(talk, user, token) {
  assert.match(await talk.say('AUTH XOAUTH2'), /^334/);
  const first = await talk.say(bearer(user, token));
  if (!first.startsWith('334')) return { reply: first };
  return { challenge: JSON.parse(Buffer.from(first.slice(4), 'base64')), reply: await talk.say('') };
}

async function send(talk, { from, to, subject, messageId }) {
  assert.match(await talk.say(`MAIL FROM:<${from}>`), /^250/);
  assert.match(await talk.say(`RCPT TO:<${to}>`), /^250/);
  assert.match(await talk.say('DATA'), /^354/);
  assert.match(await talk.say(`From: Alice <${from}>\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: ${messageId}\r\n\r\nDisk 2 failed.\r\n.`), /^250/);
}

for (const tls of [false, true]) {
  test(`a password signs in to submission with ${tls ? 'TLS' : 'STARTTLS'}, and the mail can be read`, async () => {
    const talk = await submission({ tls });
    assert.match(await talk.say(`AUTH PLAIN ${plain('alice@example.test', 'wrong')}`), /^535 5\.7\.8/);
    assert.match(await talk.say(`AUTH PLAIN ${plain('alice@example.test', 'alice-secret')}`), /^235/);
    const messageId = `<password-${tls}@check.test>`;
    const before = Date.now();
    await send(talk, { from: 'alice@example.test', to: 'bob@example.test', subject: 'A disk', messageId });
    const [mail] = await servers.waitForMail('bob@example.test', { messageId });
    assert.equal(mail.subject, 'A disk');
    assert.equal(mail.from, 'alice@example.test');
    assert.match(mail.text, /Disk 2 failed/);
    assert.ok(Math.abs(mail.acceptedAt - before) < 5_000, 'the queue id tells the time of acceptance');
    talk.end();
  });
}

test('AUTH LOGIN works, and nothing signs in before STARTTLS', async () => {
  const early = await Talk.open(servers.ports.submission);
  assert.match(await early.say('EHLO test'), /STARTTLS/);
  assert.match(await early.say(`AUTH PLAIN ${plain('alice@example.test', 'alice-secret')}`), /^530/);
  early.end();
  const talk = await submission({ tls: true });
  await talk.say('AUTH LOGIN');
  await talk.say(Buffer.from('bob@example.test').toString('base64'));
  assert.match(await talk.say(Buffer.from('bob-secret').toString('base64')), /^235/);
  talk.end();
});

test('a sender may only use its own address', async () => {
  const talk = await submission({ tls: true });
  await talk.say(`AUTH PLAIN ${plain('alice@example.test', 'alice-secret')}`);
  await talk.say('MAIL FROM:<bob@example.test>');
  assert.match(await talk.say('RCPT TO:<carol@example.test>'), /^553 5\.7\.1/);
  talk.end();
});

test('the test recipients are refused as promised', async () => {
  const talk = await submission({ tls: true });
  await talk.say(`AUTH PLAIN ${plain('alice@example.test', 'alice-secret')}`);
  await talk.say('MAIL FROM:<alice@example.test>');
  assert.match(await talk.say('RCPT TO:<tempfail@example.test>'), /^450 4\.2\.1/);
  assert.match(await talk.say('RCPT TO:<nouser@example.test>'), /^550 5\.1\.1/);
  assert.match(await talk.say('RCPT TO:<policy@example.test>'), /^550 5\.7\.1/);
  talk.end();
});

test('mail to a full or an unknown mailbox is accepted and bounces', async () => {
  const talk = await submission({ tls: true });
  await talk.say(`AUTH PLAIN ${plain('carol@example.test', 'carol-secret')}`);
  await send(talk, { from: 'carol@example.test', to: 'ghost@example.test', subject: 'To nobody', messageId: '<ghost@check.test>' });
  talk.end();
  const [bounce] = await servers.waitForMail('carol@example.test', { subject: 'Undelivered' });
  assert.match(bounce.raw, /Status: 5\.1\.1/);
  assert.match(bounce.raw, /Message-ID: <ghost@check\.test>/);
});

test('a mail counts as seen once somebody reads it, and not when somebody only looks at it', async () => {
  const talk = await submission({ tls: true });
  await talk.say(`AUTH PLAIN ${plain('alice@example.test', 'alice-secret')}`);
  await send(talk, { from: 'alice@example.test', to: 'bob@example.test', subject: 'Unread', messageId: '<unread@check.test>' });
  talk.end();
  const unread = async () => (await servers.waitForMail('bob@example.test', { messageId: '<unread@check.test>' }))[0].seen;
  assert.equal(await unread(), false);
  const imap = await Talk.open(servers.ports.imaps, { tls: true });
  await imap.say('a LOGIN bob@example.test bob-secret', 'a');
  assert.match(await imap.say('b EXAMINE INBOX', 'b'), /b OK/);
  await imap.say('c FETCH 1:* BODY.PEEK[]', 'c');
  assert.equal(await unread(), false);
  assert.match(await imap.say('d SELECT INBOX', 'd'), /d OK/);
  await imap.say('e FETCH 1:* BODY[]', 'e');
  imap.end();
  assert.equal(await unread(), true);
});

test('a token of 3,000 characters is refused as a token, not as a line that is too long', async () => {
  const imap = await Talk.open(servers.ports.imaps, { tls: true });
  assert.match(await imap.say('a AUTHENTICATE XOAUTH2', 'a'), /^\+/);
  assert.match(await imap.say(bearer('bob@example.test', 'x'.repeat(3000)), 'a'), /^\+ ey/);
  assert.match(await imap.say('', 'a'), /a NO \[AUTHENTICATIONFAILED\]/);
  imap.end();
});

for (const [name, flow] of [['google', GOOGLE], ['microsoft', MICROSOFT]]) {
  test(`${name}: a token of the code flow signs in by SMTP and IMAP until the owner revokes it`, async () => {
    const user = 'alice@example.test';
    const tokens = await codeFlow(servers[name], { ...flow, user });
    assert.equal(tokens.status, 200, JSON.stringify(tokens));
    const claims = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
    assert.equal(claims.email, user);

    const talk = await submission({ tls: false });
    assert.match((await xoauth2(talk, user, tokens.access_token)).reply, /^235/);
    talk.end();
    const imap = await Talk.open(servers.ports.imaps, { tls: true });
    assert.match(await imap.say(`a AUTHENTICATE XOAUTH2 ${bearer(user, tokens.access_token)}`, 'a'), /a OK/);
    imap.end();

    const other = await submission({ tls: true });
    assert.match((await xoauth2(other, 'bob@example.test', tokens.access_token)).reply, /^535/, "another mailbox's name");
    assert.ok((await servers.revoke(name, user)) >= 1);
    const refused = await xoauth2(other, user, tokens.access_token);
    assert.equal(refused.challenge.status, '401');
    assert.match(refused.reply, /^535 5\.7\.8/);
    other.end();
    const dead = await refresh(servers[name], tokens.refresh_token);
    assert.deepEqual([dead.status, dead.error], [400, 'invalid_grant']);
  });
}

test('google does not rotate refresh tokens, microsoft does, and a second use kills the grant', async () => {
  const kept = await codeFlow(servers.google, { ...GOOGLE, user: 'bob@example.test' });
  const again = await refresh(servers.google, kept.refresh_token);
  assert.equal(again.refresh_token ?? kept.refresh_token, kept.refresh_token);
  assert.equal((await refresh(servers.google, kept.refresh_token)).status, 200);

  const first = await codeFlow(servers.microsoft, { ...MICROSOFT, user: 'bob@example.test' });
  const second = await refresh(servers.microsoft, first.refresh_token);
  assert.notEqual(second.refresh_token, first.refresh_token);
  assert.equal((await refresh(servers.microsoft, first.refresh_token)).error, 'invalid_grant');
  assert.equal((await refresh(servers.microsoft, second.refresh_token)).error, 'invalid_grant', 'the whole grant is dead');
});

test('without offline access there is no refresh token', async () => {
  const google = await codeFlow(servers.google, { ...GOOGLE, user: 'bob@example.test', extra: {} });
  assert.equal(google.refresh_token, undefined);
  const microsoft = await codeFlow(servers.microsoft, { ...MICROSOFT, scope: MICROSOFT.scope.replace('offline_access ', ''), user: 'bob@example.test' });
  assert.equal(microsoft.refresh_token, undefined);
});

test('a second consent leaves the earlier grant alive', async () => {
  const old = await codeFlow(servers.google, { ...GOOGLE, user: 'carol@example.test' });
  await codeFlow(servers.google, { ...GOOGLE, user: 'carol@example.test' });
  assert.equal((await refresh(servers.google, old.refresh_token)).status, 200);
});

test('a grant outlives the browser session in which it was given', async () => {
  const visitor = new Visitor();
  const old = await codeFlow(servers.google, { ...GOOGLE, user: 'carol@example.test', visitor });
  await codeFlow(servers.google, { ...GOOGLE, user: 'bob@example.test', visitor });
  assert.equal((await refresh(servers.google, old.refresh_token)).status, 200);
});

test("microsoft's tokens are as long as the real ones", async () => {
  const tokens = await codeFlow(servers.microsoft, { ...MICROSOFT, user: 'bob@example.test' });
  assert.ok(tokens.access_token.length > 2_000);
});

test('the device flow waits for the owner, then gives tokens', async () => {
  const flow = await deviceFlow(servers.microsoft, { scope: MICROSOFT.scope });
  assert.equal((await flow.poll()).error, 'authorization_pending');
  const page = await flow.approve({ user: 'carol@example.test' });
  assert.match(page.text, /You have signed in/);
  const tokens = await flow.poll();
  assert.equal(tokens.status, 200, JSON.stringify(tokens));
  assert.ok(tokens.refresh_token);
  const refused = await deviceFlow(servers.microsoft, { scope: MICROSOFT.scope });
  await refused.approve({ user: 'carol@example.test', decision: 'deny' });
  assert.equal((await refused.poll()).error, 'access_denied');
});

test('consent can be denied, and a scope can be left out', async () => {
  const denied = await codeFlow(servers.google, { ...GOOGLE, user: 'alice@example.test', decision: 'deny' });
  assert.equal(denied.error, 'access_denied');
  const partial = await codeFlow(servers.google, { ...GOOGLE, user: 'alice@example.test', scopes: ['email'] });
  assert.equal(partial.scope, 'openid email');
  const talk = await submission({ tls: true });
  assert.match((await xoauth2(talk, 'alice@example.test', partial.access_token)).reply, /^535/);
  talk.end();
});

test('the code flow without PKCE is refused', async () => {
  const url = new URL(servers.google.authorize);
  url.search = new URLSearchParams({ client_id: servers.google.client_id, response_type: 'code', redirect_uri: REDIRECT, scope: GOOGLE.scope, state: 's' });
  const answer = await fetch(url, { redirect: 'manual' });
  assert.match(answer.headers.get('location'), /error=invalid_request/);
});

test('a wrong password shows the sign-in page again', async () => {
  await assert.rejects(codeFlow(servers.google, { ...GOOGLE, user: 'alice@example.test', password: 'guess' }), /401/);
});

test("a changed client secret answers invalid_client in the provider's words", async () => {
  const tokens = await codeFlow(servers.microsoft, { ...MICROSOFT, user: 'alice@example.test' });
  const secret = servers.microsoft.client_secret;
  await servers.client('microsoft', { client_secret: 'microsoft-client-secret-2' });
  const refused = await refresh(servers.microsoft, tokens.refresh_token, secret);
  assert.deepEqual([refused.status, refused.error], [401, 'invalid_client']);
  assert.match(refused.error_description, /AADSTS7000215/);
  assert.equal((await refresh(servers.microsoft, tokens.refresh_token)).status, 200);
});

test('the client may send its secret in the header too', async () => {
  const tokens = await codeFlow(servers.google, { ...GOOGLE, user: 'alice@example.test' });
  const { client_id: id, client_secret: secret } = servers.google;
  const answer = await fetch(servers.google.token, {
    method: 'POST', headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token }),
  });
  assert.equal(answer.status, 200);
});

test('lifetimes and faults change while running', async () => {
  await servers.knobs('google', { accessTokenSeconds: 1, refreshTokenSeconds: 604_800 });
  const tokens = await codeFlow(servers.google, { ...GOOGLE, user: 'alice@example.test' });
  assert.equal(tokens.expires_in, 1);
  assert.equal(tokens.refresh_token_expires_in, 604_800);
  await servers.knobs('google', { accessTokenSeconds: 3600, refreshTokenSeconds: null, tokenFault: { status: 503, times: 2 } });
  assert.equal((await refresh(servers.google, tokens.refresh_token)).status, 503);
  assert.equal((await refresh(servers.google, tokens.refresh_token)).status, 503);
  assert.equal((await refresh(servers.google, tokens.refresh_token)).status, 200);
});

test('a mail server whose own token check is down answers 535 all the same', async () => {
  const tokens = await codeFlow(servers.google, { ...GOOGLE, user: 'alice@example.test' });
  await servers.knobs('mail', { tokenCheckFault: { status: 503 } });
  const talk = await submission({ tls: true });
  const refused = await xoauth2(talk, 'alice@example.test', tokens.access_token);
  assert.match(refused.reply, /^535/);
  assert.ok(!refused.challenge || refused.challenge.status === '500', 'Dovecot 2.3 says nothing before it, 2.4 says 500; never 401');
  await servers.knobs('mail', { tokenCheckFault: null });
  assert.match((await xoauth2(talk, 'alice@example.test', tokens.access_token)).reply, /^235/);
  talk.end();
});

test('the secrets that were given out are known', async () => {
  const tokens = await codeFlow(servers.microsoft, { ...MICROSOFT, user: 'alice@example.test' });
  const secrets = await servers.secrets();
  for (const secret of ['alice-secret', tokens.access_token, tokens.refresh_token, servers.google.client_secret]) assert.ok(secrets.includes(secret));
});

test('a reset leaves no mail and no grant', async () => {
  const tokens = await codeFlow(servers.google, { ...GOOGLE, user: 'alice@example.test' });
  await servers.reset();
  assert.deepEqual(await servers.mail('bob@example.test'), []);
  assert.equal((await refresh(servers.google, tokens.refresh_token)).error, 'invalid_grant');
});

for (const [port, code] of [['expired', 'CERT_HAS_EXPIRED'], ['foreign', 'ERR_TLS_CERT_ALTNAME_INVALID'], ['unknown', /SELF_SIGNED_CERT|UNABLE_TO/]]) {
  test(`the certificate of the port "${port}" is refused`, async () => {
    await assert.rejects(Talk.open(servers.ports[port], { tls: true }), (error) => {
      assert.match(error.code, new RegExp(code));
      return true;
    });
  });
}

const gone = (pid) => {
  try {
    process.kill(pid, 0);
    return false;
  } catch {
    return true;
  }
};
const commandLine = (pid) => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // it has ended
  }
};
const processesIn = (dir) => readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(commandLine).filter((line) => line.includes(dir)).join('\n');
const eventually = async (holds) => {
  const until = Date.now() + 10_000;
  while (!holds() && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  return holds();
};

test('a second set runs beside the first, and leaves nothing behind', async () => {
  const second = await startServers();
  const talk = await Talk.open(second.ports.submission);
  talk.end();
  await second.stop();
  assert.ok(!existsSync(second.dir));
  assert.equal(processesIn(second.dir), '');
  assert.ok((await servers.seen()).google.tokens > 0, 'the first is still there');
});

test('a starter that is killed leaves nothing behind either', async () => {
  const start = fileURLToPath(new URL('start.mjs', import.meta.url));
  const starter = spawn(process.execPath, [start, '--while-stdin-is-open'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = await once(createInterface({ input: starter.stdout }), 'line');
  const { dir, pid } = JSON.parse(line);
  process.kill(pid, 'SIGKILL');
  assert.ok(await eventually(() => gone(pid) && !existsSync(dir) && !processesIn(dir)));
});

test('a port that is taken meanwhile is left, and another one used', async () => {
  const blocker = createServer();
  const { taken } = await freePorts(['taken']);
  blocker.listen(taken, '127.0.0.1');
  await once(blocker, 'listening');
  const dir = mkdtempSync(join(tmpdir(), 'tocsin-servers-'));
  const { description, stop } = await runInstance(dir, { ports: { submission: taken, imaps: taken, expired: taken } });
  for (const name of ['submission', 'imaps', 'expired']) assert.notEqual(description.ports[name], taken);
  await stop();
  blocker.close();
  assert.ok(!existsSync(dir));
});
