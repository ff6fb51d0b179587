// What the web server of QTS does with an application's path, as far as reports from real machines tell: the path is
// kept and joined by a doubled slash (`/tocsin/x` arrives as `/tocsin//x`, `/tocsin` as `/tocsin/`); other versions are said
// to take it away. It is an Apache without `ProxyPreserveHost`: the host is Tocsin's own, the asked one stands beside it,
// nothing tells the scheme. A policy of its own stands beside the application's. At `/` is the desktop, which opens the
// application in a frame.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, request as ask } from 'node:http';
import { createServer as createTlsServer } from 'node:https';

const POLICY = "script-src 'self' 'unsafe-inline' 'unsafe-eval' ; object-src 'self' ; worker-src 'self' blob:";
const DESKTOP = '<!DOCTYPE html><title>Desktop</title><h1>Desktop</h1><iframe title="Tocsin" src="/tocsin" width="1200" height="800"></iframe>';

/** Starts one. `strips`: takes the path away instead. */
export async function startQts({ port, certificate, strips }) {
  const answer = (request, response) => {
    const [, below, rest] = /^(\/tocsin(?=[/?]|$))?(.*)$/.exec(request.url);
    if (below === undefined) {
      response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html' }).end(request.url === '/' ? DESKTOP : '');
      return;
    }
    const path = rest.startsWith('/') ? rest : `/${rest}`;
    const joined = rest.startsWith('/') && rest.length > 1 ? `/tocsin/${path}` : `/tocsin${path}`;
    const headers = {
      ...request.headers,
      host: `127.0.0.1:${port}`,
      'x-forwarded-for': [request.headers['x-forwarded-for'], request.socket.remoteAddress].filter(Boolean).join(', '),
      'x-forwarded-host': request.headers.host,
      'x-forwarded-server': 'NAS',
    };
    const passedOn = ask({ port, host: '127.0.0.1', method: request.method, path: strips ? path : joined, headers }, (found) => {
      const policies = [found.headers['content-security-policy'], POLICY].filter(Boolean);
      response.writeHead(found.statusCode, { ...found.headers, 'content-security-policy': policies });
      found.on('error', () => response.destroy()).pipe(response);
    });
    passedOn.on('error', () => response.headersSent ? response.destroy() : response.writeHead(502).end());
    response.on('close', () => passedOn.destroy());
    request.pipe(passedOn);
  };
  const [key, cert] = await Promise.all([readFile(certificate.key), readFile(certificate.cert)]);
  const servers = { http: createServer(answer), https: createTlsServer({ key, cert }, answer) };
  const ports = {};
  for (const [name, server] of Object.entries(servers)) {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ports[name] = server.address().port;
  }
  const stop = async () => {
    for (const server of Object.values(servers)) {
      server.close();
      server.closeAllConnections();
    }
  };
  return { ports, stop };
}
