// Re-authorization links: an administrator makes one, and the mailbox's owner uses it on a phone, with no sign-in, with
// and without a script, in each way, on the real servers.
import { type Browser, type BrowserContext, type Page } from '@playwright/test';
import { expectAccessible, expectNoSidewaysScrolling, expectReachedByTab } from '../support/page_checks.ts';
import { passwordOf, signInAtProvider } from '../support/provider_page.ts';
import { addressAfterSignIn, signInByCode } from '../support/provider_ways.ts';
import { accountRow, addCustomAccount, addMailbox, ADMIN, editAccount, EXPIRED, type Family, makeRule, setUp, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import type { Servers } from '../servers/handle.mjs';
import type { Tocsin } from '../support/tocsin.ts';

const ALICE = 'alice@example.test';
const BOB = 'bob@example.test';
const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** Makes a link in the account's window; it stands in a field, so that it can be copied without a script too. */
async function makeLink(page: Page, tocsin: Tocsin, address: string, life = '3 days'): Promise<string> {
  await editAccount(page, tocsin, address);
  await page.getByLabel('Works for').selectOption({ label: life });
  await page.getByRole('button', { name: 'Make link' }).click();
  const link = await page.getByRole('textbox', { name: 'Re-authorization link' }).inputValue();
  expect(link).toMatch(/\/reauthorize\/[\w-]{43}$/);
  return link;
}

/** A mailbox of a provider that needs its owner. */
async function lostMailbox(page: Page, tocsin: Tocsin, servers: Servers, family: Family) {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, family);
  await addMailbox(page, tocsin, family, ALICE);
  await servers.revoke(family, ALICE);
  await expect(async () => {
    await page.goto(`${tocsin.url}/accounts`);
    await expect(accountRow(page, ALICE)).toContainText(EXPIRED, { timeout: 500 });
  }).toPass({ timeout: 20_000 });
}

function phone(browser: Browser, javaScriptEnabled: boolean, locale = 'en-GB'): Promise<BrowserContext> {
  return browser.newContext({ ...PHONE, javaScriptEnabled, locale });
}

async function picture(owner: Page, name: string) {
  await owner.screenshot({ path: `test-results/pages/owner-${name}.png`, fullPage: true, animations: 'disabled' });
}

for (const script of [true, false]) {
  test.describe(script ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled: script });

    test('the owner signs in at the provider: another mailbox changes nothing, the right one releases what was held', async ({ page, browser, servers, tocsin }) => {
      await lostMailbox(page, tocsin, servers, 'google');
      await makeRule(page, tocsin, { name: 'All', senders: [ALICE], recipients: ['ops@example.test'] });
      await tocsin.report('error', 'Disk 2 failed');
      const link = await makeLink(page, tocsin, ALICE);
      await expect(page.getByText('Not opened')).toBeVisible();

      const context = await phone(browser, script);
      const owner = await context.newPage();
      await owner.goto(link);
      await expect(owner.getByRole('heading', { name: `${ALICE} can no longer send notifications` })).toBeVisible();
      await picture(owner, 'grant');
      await owner.getByRole('button', { name: 'Continue with Google' }).first().click();
      await signInAtProvider(owner, BOB);
      await expect(owner.getByText(`You signed in as ${BOB}, but this page is for ${ALICE}.`)).toBeVisible();
      await picture(owner, 'other-mailbox');
      await owner.getByRole('button', { name: 'Continue with Google' }).first().click();
      await signInAtProvider(owner, ALICE, { deny: true });
      await expect(owner.getByText('You did not agree')).toBeVisible();
      await owner.getByRole('button', { name: 'Continue with Google' }).first().click();
      await signInAtProvider(owner, ALICE);
      await expect(owner.getByRole('heading', { name: /^Thank you/ })).toBeVisible();
      expect(owner.url()).toBe(link);
      await picture(owner, 'thanks');
      await context.close();

      await servers.waitForMail('ops@example.test', { subject: 'Disk 2 failed' });
      const [told] = await servers.waitForMail(ADMIN.address, { where: (mail) => mail.text.includes('used the re-authorization link') });
      expect(told.text).toContain(ALICE);
      await editAccount(page, tocsin, ALICE);
      const links = page.getByRole('table', { name: 'Re-authorization links of this account' });
      await expect(links.getByRole('row').filter({ hasText: 'Used' })).toContainText(ADMIN.name);
      await expect(page.getByText('Not opened')).not.toBeVisible();
    });

    test('the owner types a code on the provider’s page', async ({ page, browser, servers, tocsin }) => {
      await lostMailbox(page, tocsin, servers, 'microsoft');
      const link = await makeLink(page, tocsin, ALICE);
      const context = await phone(browser, script);
      const owner = await context.newPage();
      await owner.goto(link);
      await owner.getByText('Other ways').click();
      await owner.getByRole('button', { name: 'Get a code' }).click();
      await expect(owner.getByText('Type this code there:')).toBeVisible();
      await picture(owner, 'device');
      await signInByCode(owner, ALICE);
      // The page looks by itself, without a script too.
      await expect(owner.getByRole('heading', { name: /^Thank you/ })).toBeVisible({ timeout: 20_000 });
      await context.close();
    });

    test('the owner brings back the address at which the sign-in ends', async ({ page, browser, servers, tocsin }) => {
      await lostMailbox(page, tocsin, servers, 'google');
      const link = await makeLink(page, tocsin, ALICE);
      const context = await phone(browser, script);
      const owner = await context.newPage();
      await owner.goto(link);
      await owner.getByText('Other ways').click();
      await owner.getByRole('button', { name: 'Sign in and paste' }).click();
      await picture(owner, 'paste');
      const end = await addressAfterSignIn(owner, ALICE);
      await owner.getByLabel('The address that you copied').fill('https://www.example.com/');
      await owner.getByRole('button', { name: 'Continue', exact: true }).click();
      await expect(owner.getByText('This is not the address at which the sign-in ended.')).toBeVisible();
      await owner.getByLabel('The address that you copied').fill(end);
      await owner.getByRole('button', { name: 'Continue', exact: true }).click();
      await expect(owner.getByRole('heading', { name: /^Thank you/ })).toBeVisible();
      await context.close();
    });

    test('the owner enters a password: a wrong one replaces nothing', async ({ page, browser, servers, tocsin }) => {
      await setUp(page, tocsin);
      await addCustomAccount(page, tocsin, servers, { address: BOB, port: servers.ports.submissions, security: 'TLS' });
      const link = await makeLink(page, tocsin, BOB);
      const context = await phone(browser, script);
      const owner = await context.newPage();
      await owner.goto(link);
      await owner.getByLabel('New password').fill('not the password');
      await owner.getByRole('button', { name: 'Check and save' }).click();
      await expect(owner.getByText('The mail server did not accept this.')).toBeVisible();
      await expect(owner.getByLabel('New password')).toHaveValue('');
      await picture(owner, 'password');
      await owner.getByLabel('New password').fill(passwordOf(BOB));
      await owner.getByRole('button', { name: 'Check and save' }).click();
      await expect(owner.getByRole('heading', { name: /^Thank you/ })).toBeVisible();
      await context.close();
    });

    test('a revoked link says so, and an administrator’s row makes another', async ({ page, browser, servers, tocsin }) => {
      await setUp(page, tocsin);
      await addCustomAccount(page, tocsin, servers, { address: BOB, port: servers.ports.submissions, security: 'TLS' });
      const link = await makeLink(page, tocsin, BOB, '1 hour');
      await page.getByRole('button', { name: /^Revoke/ }).click();
      await expect(page.getByText('The link is revoked')).toBeVisible();
      const context = await phone(browser, script);
      const owner = await context.newPage();
      await owner.goto(link);
      await expect(owner.getByRole('heading', { name: 'This link was withdrawn' })).toBeVisible();
      await expect(owner.getByText(`Ask ${ADMIN.address} for a new one.`)).toBeVisible();
      await expect(owner.getByText(BOB)).not.toBeVisible();
      await picture(owner, 'revoked');

      await page.goto(`${tocsin.url}/accounts`);
      await page.getByRole('button', { name: `Copy re-authorization link for ${BOB}` }).click();
      const another = await page.getByRole('textbox', { name: 'Re-authorization link' }).inputValue();
      await owner.goto(another);
      await expect(owner.getByLabel('New password')).toBeVisible();
      await context.close();
    });
  });
}

test('the page speaks the owner’s language, and stands up to axe, Tab and its window', async ({ page, browser, servers, tocsin }) => {
  await lostMailbox(page, tocsin, servers, 'google');
  const link = await makeLink(page, tocsin, ALICE);
  const context = await phone(browser, true, 'de-DE');
  const owner = await context.newPage();
  await owner.goto(link);
  await expect(owner.locator('html')).toHaveAttribute('lang', 'de');
  await expect(owner.getByRole('button', { name: 'Weiter mit Google' })).toBeVisible();
  for (const [language, words] of [['日本語', 'Google で続行'], ['Français', 'Continuer avec Google'], ['简体中文', '使用 Google 继续'], ['English', 'Continue with Google']]) {
    await owner.getByRole('link', { name: language }).click();
    await expect(owner.getByRole('button', { name: words }).first()).toBeVisible();
    await expectNoSidewaysScrolling(owner, `owner's page, ${language}`);
    await picture(owner, `language-${language}`);
  }
  await expectAccessible(owner, "owner's page");
  await expectReachedByTab(owner, "owner's page");
  await owner.emulateMedia({ colorScheme: 'dark' });
  await picture(owner, 'dark');
  await context.close();
});

test('the owner’s warning carries a link; nothing of the page is loaded from elsewhere, and no script at all', async ({ page, browser, servers, tocsin }) => {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await page.goto(`${tocsin.url}/settings`);
  await page.getByLabel('Address of these pages').fill(tocsin.url);
  await page.getByRole('button', { name: 'Save' }).first().click();
  await addCustomAccount(page, tocsin, servers, { address: BOB, port: servers.ports.submissions, security: 'TLS' });
  await addMailbox(page, tocsin, 'google', ALICE);
  await servers.revoke('google', ALICE);
  const [warning] = await servers.waitForMail(ALICE, { where: (mail) => mail.text.includes('/reauthorize/'), timeout: 30_000 });
  const link = /https?:\/\/\S+\/reauthorize\/[\w-]{43}/.exec(warning.text)![0];

  const context = await phone(browser, true);
  const owner = await context.newPage();
  const asked: string[] = [];
  owner.on('request', (request) => asked.push(request.url()));
  await owner.goto(link);
  await owner.waitForLoadState('networkidle');
  expect(asked.every((url) => url.startsWith(tocsin.url))).toBe(true);
  expect(asked.filter((url) => /\.(js|wasm)$/.test(url))).toEqual([]);
  await owner.getByRole('button', { name: 'Continue with Google' }).first().click();
  await signInAtProvider(owner, ALICE);
  await expect(owner.getByRole('heading', { name: /^Thank you/ })).toBeVisible();
  await context.close();
});
