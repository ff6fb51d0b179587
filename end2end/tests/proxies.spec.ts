// Behind a NAS's own web server, or another one: real nginx, Apache and Caddy, and one that does what QTS's does; at a base
// path, with a script and without, by https and in clear. The browser asks for nothing outside of the base path.
import type { Page } from '@playwright/test';
import { BROWSER, FRONTS, test, watch } from '../support/fronts.ts';
import { signInAtProvider } from '../support/provider_page.ts';
import { accountRow, addCustomAccount, addMailbox, choosePreset, editAccount, makeRule, setUp, signIn, signOut, tellOAuthApplication } from '../support/steps.ts';
import { expect } from '../support/test.ts';

const ALICE = 'alice@example.test';
const BOB = 'bob@example.test';

test.use(BROWSER);

async function makeLink(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Make link' }).click();
  return page.getByRole('textbox', { name: 'Re-authorization link' }).inputValue();
}

/** The script has taken over: the page listens to changes. */
async function listening(page: Page) {
  const live = page.waitForResponse((response) => response.request().resourceType() === 'eventsource');
  await page.reload();
  expect((await live).status()).toBe(200);
}

const JOURNEYS = [
  ...FRONTS.map((front) => ({ front, scheme: 'https' as const, script: true })),
  ...FRONTS.map((front) => ({ front, scheme: 'http' as const, script: false })),
  { front: 'qts' as const, scheme: 'http' as const, script: true },
  { front: 'qts' as const, scheme: 'https' as const, script: false },
];

for (const { front, scheme, script } of JOURNEYS) {
  test.describe(`${front}, ${scheme}, ${script ? 'with' : 'without'} a script`, () => {
    test.use({ front, scheme, javaScriptEnabled: script });
    test.slow(); // it is a long way

    test('from the set-up to signing out, nothing leaves the base path', async ({ page, context, browser, servers, there }) => {
      const { tocsin, origin } = there;
      const { expectAllWell, expectNothingOutside } = watch(context, there);
      await setUp(page, tocsin);
      expect(page.url()).toBe(`${origin}/tocsin/`);
      const [session] = await context.cookies(`${origin}/tocsin`);
      expect(session).toMatchObject({ name: scheme === 'https' ? '__Secure-tocsin_session' : 'tocsin_session', path: '/tocsin', secure: scheme === 'https', httpOnly: true });

      // Providers take a way back by https only.
      if (scheme === 'https') {
        await tellOAuthApplication(page, tocsin, servers, 'google');
        await expect(page.getByLabel(/Redirect URI/).first()).toHaveValue(`${origin}/tocsin/oauth/callback`);
        await addMailbox(page, tocsin, 'google', ALICE);
        expect(page.url()).toContain(`${origin}/tocsin/accounts/`);
      }
      await addCustomAccount(page, tocsin, servers, { address: BOB, port: servers.ports.submissions, security: 'TLS' });
      await makeRule(page, tocsin, { name: 'All', senders: [BOB], recipients: ['ops@example.test'] });

      await page.goto(`${tocsin.url}/notifications?tab=history`);
      if (script) await listening(page);
      await tocsin.report('error', 'Disk 2 failed');
      await servers.waitForMail('ops@example.test', { subject: 'Disk 2 failed' });
      if (!script) await page.reload();
      await expect(page.getByRole('link', { name: 'Disk 2 failed' }).first()).toBeVisible();
      await page.getByLabel('Search').fill('Disk');
      await page.getByRole('button', { name: 'Filter', exact: true }).click();
      await expect(page).toHaveURL(/\/tocsin\/notifications\?.*search=Disk/);
      await page.getByRole('link', { name: 'Disk 2 failed' }).first().click();
      await expect(page).toHaveURL(/\/tocsin\/notifications\/\d+$/);

      await editAccount(page, tocsin, BOB);
      const link = await makeLink(page);
      expect(link).toContain(`${origin}/tocsin/reauthorize/`);
      const owners = await browser.newContext({ ...BROWSER, javaScriptEnabled: script });
      const { expectAllWell: expectOwnersWell } = watch(owners, there);
      const owner = await owners.newPage();
      await owner.goto(link);
      await owner.getByLabel('New password').fill('bob-secret');
      await owner.getByRole('button', { name: 'Check and save' }).click();
      await expect(owner.getByRole('heading', { name: /^Thank you/ })).toBeVisible();
      expect(owner.url()).toBe(link);
      expectOwnersWell();
      await owners.close();

      await page.goto(`${tocsin.url}/settings`);
      expectAllWell();
      await signOut(page);
      expect(page.url()).toBe(`${origin}/tocsin/sign-in`);
      await page.goto(`${tocsin.url}/accounts`);
      await signIn(page);
      await expect(page).toHaveURL(`${origin}/tocsin/accounts`);
      await expect(accountRow(page, BOB)).toBeVisible();
      expectNothingOutside();
    });
  });
}

test.describe('whichever way in', () => {
  for (const [path, tidy] of Object.entries({
    '/tocsin': '/tocsin/',
    '/tocsin//': '/tocsin/',
    '/tocsin//accounts': '/tocsin/accounts',
    '/tocsin/accounts//add': '/tocsin/accounts/add',
  })) {
    test(`${path} is a page whose script works`, async ({ page, context, there }) => {
      const { expectAllWell } = watch(context, there);
      await setUp(page, there.tocsin);
      await page.goto(`${there.origin}${path}`);
      await expect(page).toHaveURL(`${there.origin}${tidy}`); // the script's first deed
      await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'System Notification Rules' }).click();
      await expect(page.getByRole('heading', { name: 'System Notification Rules' })).toBeVisible();
      expect(page.url()).toBe(`${there.origin}/tocsin/rules`);
      expectAllWell();
    });
  }

  test('asked on its own port without the base path, it works and leads below it', async ({ page, there }) => {
    const complaints: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    const tocsin = Object.assign(there.tocsin, { url: there.direct });
    await setUp(page, tocsin);
    const live = page.waitForRequest(`${there.direct}/tocsin/live?*`);
    await page.goto(`${there.direct}/accounts`);
    await expect(page).toHaveURL(`${there.direct}/tocsin/accounts`); // where the session's cookie goes along
    await live;
    await page.getByRole('link', { name: 'Add SMTP Service' }).first().click();
    await expect(page).toHaveURL(`${there.direct}/tocsin/accounts/add`);
    await choosePreset(page, tocsin, 'Custom');
    await expect(page.getByLabel('Host')).toBeVisible();
    expect(complaints).toEqual([]);
  });
});

test.describe('in a frame', () => {
  test('the desktop of the same site opens it, and everything works in there', async ({ page, there }) => {
    await setUp(page, there.tocsin);
    await page.goto(`${there.origin}/`);
    const frame = page.frameLocator('iframe[title="Tocsin"]');
    await expect(frame.getByRole('heading', { name: 'Overview' })).toBeVisible();
    await frame.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Settings' }).click();
    await expect(frame.getByLabel(/^Name/).first()).toBeVisible();
    await frame.getByRole('button', { name: 'Sign out' }).click();
    await expect(frame.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  });

  test('another site does not', async ({ page, context, there }) => {
    // Else the browser itself keeps a site that it thinks far away from a machine that is near.
    await context.grantPermissions(['local-network-access']);
    const elsewhere = 'https://elsewhere.example.test/';
    await page.route(elsewhere, (route) => route.fulfill({ contentType: 'text/html', body: `<iframe src="${there.tocsin.url}/"></iframe>` }));
    const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
    await page.goto(elsewhere);
    expect((await refused).type()).toBe('error');
  });
});
