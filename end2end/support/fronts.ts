// A Tocsin behind another web server, at https://nas.example.test:PORT/tocsin: a name that only the browser knows, and that
// is not the machine itself, for which browsers make exceptions.
import { join } from 'node:path';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import config from '../playwright.config.ts';
import type { Servers } from '../servers/handle.mjs';
import { startFront } from '../servers/proxies/start.mjs';
import { test as base } from './test.ts';
import { Tocsin } from './tocsin.ts';

export const FRONTS = ['nginx', 'apache', 'caddy', 'qts', 'qts-stripping'] as const;
export type FrontName = (typeof FRONTS)[number];
export type Scheme = 'http' | 'https';

const HOST = 'nas.example.test';
const { launchOptions } = config.use!;

/** For `test.use`: the browser finds the name, and takes a certificate that nobody knows. */
export const BROWSER = {
  ignoreHTTPSErrors: true,
  launchOptions: { ...launchOptions, args: [...launchOptions!.args!, `--host-resolver-rules=MAP ${HOST} 127.0.0.1`] },
};

/** A Tocsin that is reached through the web server `front`; `tocsin.url` is how the browser finds it, `direct` without. */
export type Behind = { tocsin: Tocsin; direct: string; origin: string };

async function behind(servers: Servers, front: FrontName, scheme: Scheme, use: (there: Behind) => Promise<void>) {
  const tocsin = await Tocsin.start(servers, { env: { TOCSIN_BASE_PATH: '/tocsin' } });
  const direct = tocsin.url;
  const at = (name: string) => join(servers.certificates, name);
  const server = await startFront(front, { port: Number(new URL(direct).port), certificate: { key: at('server.key'), cert: at('server.pem') } });
  const origin = `${scheme}://${HOST}:${server.ports[scheme]}`;
  tocsin.url = `${origin}/tocsin`;
  await use({ tocsin, direct, origin });
  await server.stop();
  return tocsin;
}

export const test = base.extend<{ front: FrontName; scheme: Scheme; there: Behind }>({
  front: ['qts', { option: true }],
  scheme: ['https', { option: true }],
  there: async ({ servers, front, scheme }, use, testInfo) => {
    const tocsin = await behind(servers, front, scheme, use);
    await testInfo.attach('tocsin.log', { body: tocsin.log, contentType: 'text/plain' });
    await tocsin.stop();
  },
});

/**
 * Watches all pages of a context. Answers two checks: that nothing was asked for outside of the base path; and that no
 * console complains either, as it may once a session has ended under a page that looks for news.
 */
export function watch(context: BrowserContext, { origin, direct }: Behind) {
  const outside: string[] = [];
  const complaints: string[] = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    const isTocsin = url.origin === origin || url.origin === new URL(direct).origin || url.hostname === HOST;
    const isBelow = url.origin === origin && /^\/tocsin(\/|$)/.test(url.pathname);
    if (isTocsin && !isBelow) outside.push(request.url());
  });
  const listen = (page: Page) => {
    const isOurs = () => page.url().startsWith(origin); // and not the provider's
    page.on('console', (message) => message.type() === 'error' && isOurs() && complaints.push(`${page.url()}: ${message.text()}`));
  };
  context.pages().forEach(listen);
  context.on('page', listen);
  const expectNothingOutside = () => expect(outside, 'requests that leave the base path').toEqual([]);
  const expectAllWell = () => {
    expectNothingOutside();
    expect(complaints, 'what the console says').toEqual([]);
  };
  return { expectAllWell, expectNothingOutside };
}
