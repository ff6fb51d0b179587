// The web service of a NAS, as far as Tocsin asks it: QTS's authLogin.cgi, with an administrator `anna` and another
// user `bob`, whose passwords are `right`.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export class Nas {
  port = 0;
  /** While it is silent it hangs up. */
  silent = false;
  /** Who is an administrator there. */
  administrators = new Set(['anna']);
  /** The codes that it asks for, by user. */
  codes = new Map<string, string>();
  #sessions = new Map<string, string>();
  #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  static async start(): Promise<Nas> {
    const nas = new Nas();
    nas.#server.listen(0, '127.0.0.1');
    await once(nas.#server, 'listening');
    nas.port = (nas.#server.address() as AddressInfo).port;
    return nas;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Somebody signs in on the NAS's desktop: the cookie that it sets. */
  open(user: string): { name: string; value: string } {
    const sid = `sid-${this.#sessions.size}-${user}`;
    this.#sessions.set(sid, user);
    return { name: 'NAS_SID', value: sid };
  }

  /** Everybody signs out there. */
  closeAll(): void {
    this.#sessions.clear();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (this.silent) return void request.socket.destroy();
    const url = new URL(request.url ?? '/', 'http://nas');
    const fields = new URLSearchParams([...url.searchParams, ...new URLSearchParams(body)]);
    response.setHeader('Content-Type', 'text/xml');
    response.end(url.pathname === '/cgi-bin/authLogin.cgi' ? this.#login(fields) : document('0'));
  }

  #login(fields: URLSearchParams): string {
    const user = this.#sessions.get(fields.get('sid') ?? '');
    if (user) return this.#passed(user, fields.get('sid')!);
    const name = fields.get('user') ?? '';
    const password = Buffer.from(fields.get('pwd') ?? '', 'base64').toString('utf8');
    if (!['anna', 'bob'].includes(name) || password !== 'right') return document('0', { errorValue: '-1' });
    const code = this.codes.get(name);
    if (code && fields.get('security_code') !== code) return document('0', { need_2sv: '1', errorValue: '-1' });
    return this.#passed(name, this.open(name).value);
  }

  #passed(user: string, authSid: string): string {
    return document('1', { authSid, username: user, isAdmin: this.administrators.has(user) ? '1' : '0' });
  }
}

function document(authPassed: string, texts: Record<string, string> = {}): string {
  const elements = Object.entries({ authPassed, ...texts }).map(([name, text]) => `<${name}><![CDATA[${text}]]></${name}>`);
  return `<?xml version="1.0" encoding="UTF-8" ?>\n<QDocRoot version="1.0">${elements.join('\n')}</QDocRoot>`;
}
