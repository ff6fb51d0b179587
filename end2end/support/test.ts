// The fixtures: `servers` (one set a worker, as at the start for each test), `tocsin` (a new one a test), and a
// `context` whose pages may not break: a page that stopped to be hydrated still looks right and still posts its forms.
import { expect, test as base } from '@playwright/test';
import type { Servers } from '../servers/handle.mjs';
import { startServers } from '../servers/start.mjs';
import { Tocsin } from './tocsin.ts';

export { expect } from '@playwright/test';

export const test = base.extend<{ servers: Servers; tocsin: Tocsin }, { ownServers: Servers }>({
  ownServers: [
    async ({}, use) => {
      const servers = await startServers();
      await use(servers);
      await servers.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  servers: async ({ ownServers }, use) => {
    await ownServers.reset();
    await use(ownServers);
  },
  context: async ({ context }, use) => {
    const broken: string[] = [];
    context.on('console', (message) => {
      if (/panicked at|hydrat/.test(message.text())) broken.push(message.text());
    });
    await use(context);
    expect(broken).toEqual([]);
  },
  tocsin: async ({ servers }, use, testInfo) => {
    const tocsin = await Tocsin.start(servers);
    await use(tocsin);
    await testInfo.attach('tocsin.log', { body: tocsin.log, contentType: 'text/plain' });
    await tocsin.stop();
  },
});
