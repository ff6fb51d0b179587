// Signing in at a provider in each of the three ways, and the guided set-up of an OAuth application, on the real servers.
import { existsSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { Servers } from '../servers/handle.mjs';
import { expectAccessible, expectNoSidewaysScrolling, expectReachedByTab } from '../support/page_checks.ts';
import { addressAfterSignIn, signInByCode } from '../support/provider_ways.ts';
import { accountRow, EXPIRED, type Family, PRESETS, setUp, signIn, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import type { Tocsin } from '../support/tocsin.ts';

const ALICE = 'alice@example.test';
const BOB = 'bob@example.test';

// A name of one's own network: no provider sends a browser back there.
const PRIVATE_NAME = 'nas.home';
test.use({
  launchOptions: {
    executablePath: existsSync('/usr/bin/chromium') ? '/usr/bin/chromium' : undefined,
    args: ['--no-sandbox', '--disable-gpu', `--host-resolver-rules=MAP ${PRIVATE_NAME} 127.0.0.1`],
  },
});

/** Goes on at Tocsin by the private name, signed in. Answers the address there. */
async function comeByPrivateName(page: Page, tocsin: Tocsin): Promise<string> {
  const home = `http://${PRIVATE_NAME}:${new URL(tocsin.url).port}`;
  await page.goto(`${home}/sign-in`);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
  return home;
}

async function prepared(page: Page, tocsin: Tocsin, servers: Servers, family: Family): Promise<string> {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, family);
  return comeByPrivateName(page, tocsin);
}

async function beginAdding(page: Page, home: string, family: Family) {
  await page.goto(`${home}/accounts/add?provider=${PRESETS[family].key}`);
  await page.getByRole('button', { name: 'Add Account' }).click();
}

for (const script of [true, false]) {
  test.describe(script ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled: script });

    /** A page that is alive moves on by itself; one that is not has a button for it. */
    async function goOn(page: Page, until: () => Promise<void>) {
      if (script) return until();
      await expect(async () => {
        await page.getByRole('button', { name: 'Continue' }).click({ timeout: 2_000 }).catch(() => {});
        await until();
      }).toPass({ timeout: 30_000 });
    }

    test('an Outlook.com mailbox is added by a code', async ({ page, servers, tocsin }) => {
      const home = await prepared(page, tocsin, servers, 'microsoft');
      await beginAdding(page, home, 'microsoft');
      await expect(page.getByRole('heading', { name: 'Sign in with a code' })).toBeVisible();
      await expect(page.getByText('Waiting for you to sign in')).toBeVisible();
      await signInByCode(page, ALICE);
      await goOn(page, () => expect(page.getByText('The account is added')).toBeVisible({ timeout: script ? 15_000 : 1_000 }));
    });

    test('a Gmail mailbox is added by pasting the address', async ({ page, servers, tocsin }) => {
      const home = await prepared(page, tocsin, servers, 'google');
      await beginAdding(page, home, 'google');
      await expect(page.getByRole('heading', { name: 'Sign in, then paste the address' })).toBeVisible();
      const end = await addressAfterSignIn(page, ALICE);
      const field = page.getByLabel('Address from the address bar');
      for (const [wrong, says] of [
        ['https://www.example.com/', /not the address at which the sign-in ends/],
        [servers.google.authorize, /provider.s own page/],
        [end.split('&code=')[0].split('?code=')[0], /only a part of the address/],
      ] as const) {
        await field.fill(wrong);
        await page.getByRole('button', { name: 'Finish sign-in' }).click();
        await expect(page.getByText(says)).toBeVisible();
      }
      await field.fill(`\n  ${end.slice(0, 40)}\n${end.slice(40)}  \n`);
      await page.getByRole('button', { name: 'Finish sign-in' }).click();
      await expect(page.getByText('The account is added')).toBeVisible();
    });

    test('a code that is declined says so, and starts again', async ({ page, servers, tocsin }) => {
      const home = await prepared(page, tocsin, servers, 'microsoft');
      await beginAdding(page, home, 'microsoft');
      await signInByCode(page, ALICE, { deny: true });
      await goOn(page, () => expect(page.getByText(/permission was not given/)).toBeVisible({ timeout: script ? 15_000 : 1_000 }));
      await page.getByRole('link', { name: 'Start again' }).click();
      await expect(page.getByRole('button', { name: 'Add Account' })).toBeVisible();
    });
  });
}

test('a code is asked about while the page is closed', async ({ page, servers, tocsin }) => {
  const home = await prepared(page, tocsin, servers, 'microsoft');
  await beginAdding(page, home, 'microsoft');
  await expect(page.getByText('Waiting for you to sign in')).toBeVisible();
  const code = await page.context().newPage();
  await code.goto(page.url());
  await page.goto(`${home}/accounts`);
  await signInByCode(code, ALICE);
  await code.close();
  await expect(accountRow(page, ALICE)).toContainText('Authorized', { timeout: 20_000 });
});

test('an address serves once, and the end of another sign-in is told apart', async ({ page, servers, tocsin }) => {
  const home = await prepared(page, tocsin, servers, 'google');
  await beginAdding(page, home, 'google');
  await expect(page.getByRole('heading', { name: 'Sign in, then paste the address' })).toBeVisible();
  const first = page.url();
  const end = await addressAfterSignIn(page, ALICE);
  await beginAdding(page, home, 'google');
  await expect(page).not.toHaveURL(first);
  await page.getByLabel('Address from the address bar').fill(end);
  await page.getByRole('button', { name: 'Finish sign-in' }).click();
  await expect(page.getByText(/the end of another sign-in/)).toBeVisible();
  await page.goto(first);
  await page.getByLabel('Address from the address bar').fill(end);
  await page.getByRole('button', { name: 'Finish sign-in' }).click();
  await expect(page.getByText('The account is added')).toBeVisible();
  await page.goto(first);
  await expect(page.getByText(/already finished/)).toBeVisible();
});

test('each way is explained, the one that cannot work with its reason, and each that can is reached by hand', async ({ page, servers, tocsin }) => {
  const home = await prepared(page, tocsin, servers, 'microsoft');
  await page.goto(`${home}/accounts/add?provider=outlook`);
  await expect(page.getByText(/Tocsin shows a code that you type/)).toBeVisible();
  await page.getByText('Other ways to sign in').click();
  await expect(page.getByText(/You came by an IP address or a name of your own network/)).toBeVisible();
  await page.getByRole('link', { name: 'By pasting the address' }).click();
  await expect(page.getByText(/You copy that address and paste it here/)).toBeVisible();
  await page.getByRole('button', { name: 'Add Account' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in, then paste the address' })).toBeVisible();
  await page.goto(`${home}/accounts/add?provider=gmail`);
  await page.goto(`${tocsin.url}/accounts/add?provider=outlook`);
  await expect(page.getByText(/sends your browser back here/)).toBeVisible();
});

test('the pages of a code and of a pasted address stand up to axe, Tab and a phone', async ({ page, servers, tocsin }) => {
  const home = await prepared(page, tocsin, servers, 'microsoft');
  await beginAdding(page, home, 'microsoft');
  await expect(page.getByText('Waiting for you to sign in')).toBeVisible();
  const code = page.url();
  await page.goto(`${home}/accounts/add?provider=outlook&way=paste`);
  await page.getByRole('button', { name: 'Add Account' }).click();
  await expect(page.getByLabel('Address from the address bar')).toBeVisible();
  for (const address of [page.url(), code]) {
    await page.goto(address);
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      await expectNoSidewaysScrolling(page, address);
      await expectAccessible(page, address);
      await expectReachedByTab(page, address);
    }
  }
});

test('another mailbox is named, and is added by one more sign-in', async ({ page, servers, tocsin }) => {
  const home = await prepared(page, tocsin, servers, 'microsoft');
  await beginAdding(page, home, 'microsoft');
  await signInByCode(page, ALICE);
  await expect(page.getByText('The account is added')).toBeVisible({ timeout: 15_000 });
  await page.goto(`${home}/accounts`);
  await page.getByRole('link', { name: `Edit ${ALICE}` }).click();
  await page.getByRole('button', { name: 'Continue with Microsoft' }).click();
  await signInByCode(page, BOB);
  await expect(page.getByText(`You signed in as ${BOB}, but this account is ${ALICE}.`)).toBeVisible({ timeout: 15_000 });
  await page.getByRole('button', { name: `Add ${BOB} as an account` }).click();
  await signInByCode(page, BOB);
  await expect(page.getByText('The account is added')).toBeVisible({ timeout: 15_000 });
});

test('an account whose grant was revoked is authorized again by a code', async ({ page, servers, tocsin }) => {
  const home = await prepared(page, tocsin, servers, 'microsoft');
  await beginAdding(page, home, 'microsoft');
  await signInByCode(page, ALICE);
  await expect(page.getByText('The account is added')).toBeVisible({ timeout: 15_000 });
  await page.goto(`${home}/accounts`);
  await expect(accountRow(page, ALICE)).toContainText('Authorized');
  await servers.revoke('microsoft', ALICE);
  await expect(accountRow(page, ALICE)).toContainText(EXPIRED, { timeout: 20_000 });
  await accountRow(page, ALICE).getByRole('link', { name: 'Re-authorization' }).click();
  await page.getByRole('button', { name: 'Continue with Microsoft' }).click();
  await signInByCode(page, ALICE);
  await expect(page.getByText('Authorized again.')).toBeVisible({ timeout: 15_000 });
});

test('the set-up of an OAuth application names what to register here, warns, and checks what was entered', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await page.goto(`${tocsin.url}/settings/oauth/gmail`);
  await expect(page.getByLabel('Redirect URI to register at the provider')).toHaveValue(`${tocsin.url}/oauth/callback`);
  await expect(page.getByLabel('Redirect URI for pasting the address')).toHaveValue('http://127.0.0.1:8726/oauth/callback');
  await expect(page.getByText(/type Web application/)).toBeVisible();
  await expect(page.getByText('“Testing” means seven days')).toBeVisible();
  await tellOAuthApplication(page, tocsin, servers, 'google', 'not-the-secret');
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByRole('alert').filter({ hasText: /refuses the OAuth application/ })).toBeVisible();
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await expect(page.getByText(/takes this client ID and secret/)).toBeVisible();
  await page.getByLabel('The secret ends on').fill('2031-03-31');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved. The next sign-in uses it.')).toBeVisible();
  await expect(page.getByLabel('The secret ends on')).toHaveValue('2031-03-31');

  const home = await comeByPrivateName(page, tocsin);
  await page.goto(`${home}/settings/oauth/gmail`);
  await expect(page.getByLabel('Redirect URI to register at the provider')).toHaveCount(0);
  await expect(page.getByText(/type Desktop app: from where you are/)).toBeVisible();
  await page.goto(`${home}/settings/oauth/outlook`);
  await expect(page.getByText('Never as Single-page application')).toBeVisible();
  await expect(page.getByText(/Allow public client flows/)).toBeVisible();
  await expect(page.getByLabel('Redirect URI for pasting the address')).toHaveValue('http://localhost:8726/oauth/callback');
});
