// The address at which tests change and look at the servers while they run. Plain HTTP on loopback, JSON.
//
//   GET   /                     what start.mjs printed
//   GET   /mail/ADDRESS         delivered mail, in the order of acceptance
//   PATCH /clients/google       change the OAuth client: { client_secret?, redirect_uris? }; `microsoft` likewise below
//   PATCH /knobs/google         change lifetimes, rotation, faults (see oauth/server.mjs)
//   PATCH /knobs/mail           { tokenCheckFault: { status?, delayMs? } | null }: the mail servers' own check is down
//   POST  /revoke/google        { user }: end all grants of a user, as on the account's security page
//   POST  /reset                as at the start: no mail, no grants, no faults (clients stay as they are)
//   GET   /seen                 counters
//   GET   /secrets              every password, client secret, token and code there is or was: nobody may show one
//   POST  /token-check          what Dovecot asks (token_check.mjs)
import { createServer } from 'node:http';
import { delivered, removeDelivered } from './mail/maildir.mjs';
import { describe } from './oauth/server.mjs';
import { checkToken } from './token_check.mjs';
import { USERS } from './users.mjs';

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export function createControl({ oauth, mailDir, description }) {
  const mailKnobs = { tokenCheckFault: null };

  async function tokenCheck(request) {
    const fault = mailKnobs.tokenCheckFault;
    if (fault?.delayMs) await pause(fault.delayMs);
    if (fault?.status) return [fault.status, { error: 'server_error' }];
    const protocol = request.headers['x-dovecot-auth-service'] === 'imap' ? 'imap' : 'smtp';
    const token = new URLSearchParams(await bodyOf(request)).get('token');
    return [200, await checkToken(Object.values(oauth), token, protocol)];
  }

  function changeClient(server, change) {
    noteClientSecrets();
    const client = server.storage.clients.get(server.brand.client.client_id);
    for (const key of ['client_secret', 'redirect_uris']) if (key in change) client[key] = change[key];
    return describe(server);
  }

  const clientSecrets = new Set();
  const noteClientSecrets = () => {
    for (const { brand, storage } of Object.values(oauth)) clientSecrets.add(storage.clients.get(brand.client.client_id).client_secret);
  };

  function secrets() {
    noteClientSecrets();
    const issued = Object.values(oauth).flatMap(({ storage }) => [...storage.issued]);
    return [...USERS.map(({ password }) => password), ...clientSecrets, ...issued];
  }

  async function reset() {
    mailKnobs.tokenCheckFault = null;
    for (const server of Object.values(oauth)) server.reset();
    await removeDelivered(mailDir);
    return {};
  }

  async function change(what, name, values) {
    if (what === 'reset') return reset();
    if (what === 'knobs' && name === 'mail') return Object.assign(mailKnobs, values);
    const server = oauth[name];
    if (!server) return undefined;
    if (what === 'knobs') return Object.assign(server.knobs, values);
    if (what === 'clients') return changeClient(server, values);
    if (what === 'revoke') return { revoked: server.storage.revokeGrantsOf(values.user) };
    return undefined;
  }

  async function answer(request) {
    const [, what, name] = new URL(request.url, 'http://control').pathname.split('/').map(decodeURIComponent);
    if (request.method === 'POST' && what === 'token-check') return tokenCheck(request);
    if (request.method === 'GET') {
      if (what === '') return [200, description()];
      if (what === 'mail') return [200, await delivered(mailDir, name)];
      if (what === 'secrets') return [200, secrets()];
      if (what === 'seen') return [200, Object.fromEntries(Object.entries(oauth).map(([key, { seen }]) => [key, seen]))];
    } else {
      const changed = await change(what, name, JSON.parse((await bodyOf(request)) || '{}'));
      if (changed) return [200, changed];
    }
    return [404, { error: `nothing at ${request.method} ${request.url}` }];
  }

  return createServer(async (request, response) => {
    const [status, body] = await answer(request).catch((error) => [500, { error: String(error.stack) }]);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
}
