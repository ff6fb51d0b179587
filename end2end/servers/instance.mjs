// One set of running servers in one private directory.
import { once } from 'node:events';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { makeCertificates } from './certificates.mjs';
import { createControl } from './control.mjs';
import { Daemons } from './daemons.mjs';
import { layout } from './mail/layout.mjs';
import { configureDovecot, dovecotCommand } from './mail/dovecot.mjs';
import { startGreeter } from './mail/greeters.mjs';
import { configurePostfix, postfixCommand } from './mail/postfix.mjs';
import { systemUser } from './needs.mjs';
import { GOOGLE, MICROSOFT } from './oauth/brands.mjs';
import { createOAuthServer, describe } from './oauth/server.mjs';
import { freePorts } from './ports.mjs';
import { USERS } from './users.mjs';

const ATTEMPTS = 5;

async function listen(server) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

async function startOAuth(brand, tls) {
  let handler;
  const answer = (request, response) => handler(request, response);
  const server = tls
    ? createTlsServer({ key: await readFile(tls.key), cert: await readFile(tls.cert) }, answer)
    : createServer(answer);
  const port = await listen(server);
  // By name, not by number: to a Tocsin at 127.0.0.1 it is another site, as the real ones are, and cookies go by sites.
  const oauth = createOAuthServer(brand, `${tls ? 'https' : 'http'}://localhost:${port}`);
  handler = oauth.handler;
  return { server, port, oauth };
}

const pick = (wish, names) => Object.fromEntries(Object.entries(wish).filter(([name]) => names.includes(name)));

/** A port can be taken between the look and the start: then again with others. `wish` gives the first attempt's ports. */
async function withFreePorts(names, wish, start) {
  for (let attempt = 1; ; attempt += 1) {
    const ports = { ...(await freePorts(names)), ...(attempt === 1 && pick(wish, names)) };
    try {
      return { ports, started: await start(ports) };
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * Starts everything below `dir`. Options: `keep` leaves the directory behind, `oauthTls` serves OAuth by https with the
 * private authority, `ports` are wishes by name. Answers `{ description, stop }`.
 */
export async function runInstance(dir, { keep = false, oauthTls = false, ports: wish = {} } = {}) {
  const at = layout(dir);
  for (const each of [dir, at.logs]) await mkdir(each, { recursive: true });
  for (const each of [dir, at.logs]) await chmod(each, 0o711); // the mail servers' users pass through
  const daemons = new Daemons({ logs: at.logs, remove: keep ? undefined : dir });
  const closing = [];
  const stop = async () => {
    for (const server of closing) {
      server.close();
      server.closeAllConnections?.();
    }
    await daemons.stop();
  };

  try {
    const certificates = await makeCertificates(at.certificates);
    const [google, microsoft] = await Promise.all([GOOGLE, MICROSOFT].map((brand) => startOAuth(brand, oauthTls && certificates.server)));
    const oauth = { google: google.oauth, microsoft: microsoft.oauth };
    let description;
    const control = createControl({ oauth, mailDir: at.mail, description: () => description });
    const controlUrl = `http://127.0.0.1:${await listen(control)}`;
    closing.push(google.server, microsoft.server, control);

    const dovecot = await withFreePorts(['imap', 'imaps'], wish, async (ports) => {
      await configureDovecot({ at, ports, certificates, checkUrl: `${controlUrl}/token-check`, ids: systemUser('mail') });
      return daemons.start('dovecot', dovecotCommand(at), [ports.imap, ports.imaps]);
    });
    const postfix = await withFreePorts(['submission', 'submissions', 'plain'], wish, async (ports) => {
      await configurePostfix({ at, ports, certificates, ids: systemUser('postfix') });
      return daemons.start('postfix', postfixCommand(at), Object.values(ports));
    });
    const greeters = {};
    for (const name of ['expired', 'foreign', 'unknown']) {
      const { ports, started } = await withFreePorts([name], wish, (free) => startGreeter(free[name], certificates[name]));
      Object.assign(greeters, ports);
      closing.push(started);
    }

    description = {
      dir, pid: process.pid, ca: certificates.ca, control: controlUrl,
      ports: { google: google.port, microsoft: microsoft.port, ...dovecot.ports, ...postfix.ports, ...greeters },
      users: USERS.map(({ address, password }) => ({ address, password })),
      google: describe(google.oauth), microsoft: describe(microsoft.oauth),
      logs: at.logs, maildirs: at.mail, certificates: at.certificates,
    };
    return { description, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
