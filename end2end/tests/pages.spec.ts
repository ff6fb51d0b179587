// Every page, wide and narrow: axe finds nothing in light and dark, nothing scrolls sideways, the keyboard reaches
// everything. A picture of each is in test-results/pages, to be looked at.
import type { Page } from '@playwright/test';
import type { Servers } from '../servers/handle.mjs';
import { expectAccessible, expectNoSidewaysScrolling, expectReachedByTab } from '../support/page_checks.ts';
import { accountRow, addCustomAccount, addMailbox, EXPIRED, makeRule, setUp, signOut, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import type { Tocsin } from '../support/tocsin.ts';

const WIDTHS = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

/** Accounts that can and cannot send, one that was deleted, rules, one of them without a sender, and notifications that were sent and that are held. */
async function furnish(page: Page, tocsin: Tocsin, servers: Servers) {
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await addMailbox(page, tocsin, 'google', 'alice@example.test');
  await addCustomAccount(page, tocsin, servers, { address: 'bob@example.test', port: servers.ports.submissions, security: 'TLS' });
  await makeRule(page, tocsin, { name: 'Storage alerts', senders: ['alice@example.test'], recipients: ['ops@example.test'] });
  await addCustomAccount(page, tocsin, servers, { address: 'carol@example.test', port: servers.ports.submissions, security: 'TLS' });
  await makeRule(page, tocsin, { name: 'Backups', severities: ['Warning'], senders: ['carol@example.test'], recipients: ['ops@example.test'] });
  await page.goto(`${tocsin.url}/accounts`);
  await page.getByRole('link', { name: 'Delete carol@example.test' }).click();
  await page.getByRole('radio', { name: 'Leave the pairs as they are' }).check();
  await page.getByRole('button', { name: 'Delete account' }).click();
  await expect(page.getByText('carol@example.test is deleted.')).toBeVisible();
  await tocsin.report('information', 'Backup finished');
  await servers.waitForMail('ops@example.test', { subject: 'Backup finished' });
  await page.goto(`${tocsin.url}/accounts`);
  await servers.revoke('google', 'alice@example.test');
  await expect(accountRow(page, 'alice@example.test')).toContainText(EXPIRED, { timeout: 20_000 });
  await tocsin.report('error', 'Disk 2 failed: it does not answer since 02:14, and the array goes on without it until it is replaced');
  await tocsin.report('warning', 'Volume media is 92 % full');
}

async function hrefOf(page: Page, path: string, name: RegExp): Promise<string> {
  await page.goto(path);
  return new URL((await page.getByRole('link', { name }).first().getAttribute('href'))!, page.url()).href;
}

/** The page that follows a deletion, with its Undo. */
async function justDeleted(page: Page, tocsin: Tocsin): Promise<string> {
  const id = /accounts\/(\d+)\/restore/.exec(await hrefOf(page, `${tocsin.url}/`, /Restore carol/))![1];
  return `${tocsin.url}/accounts?done=deleted&account=${id}`;
}

/** The pages by the names of their pictures. */
async function addresses(page: Page, tocsin: Tocsin): Promise<Record<string, string>> {
  const at = (path: string) => `${tocsin.url}${path}`;
  const account = await hrefOf(page, at('/accounts'), /Edit alice/);
  return {
    overview: at('/'),
    accounts: at('/accounts'),
    'add-account': at('/accounts/add'),
    'add-in-bulk': at('/accounts/import'),
    'add-account-gmail': at('/accounts/add?provider=gmail'),
    'add-account-outlook': at('/accounts/add?provider=outlook'),
    'add-account-yahoo': at('/accounts/add?provider=yahoo'),
    'add-account-custom': at('/accounts/add?provider=custom'),
    'edit-account': account,
    'start-account': `${account}/start`,
    'delete-account': `${account}/delete`,
    'just-deleted': await justDeleted(page, tocsin),
    'restore-account': await hrefOf(page, at('/'), /Restore carol/),
    'edit-account-custom': await hrefOf(page, at('/accounts'), /Edit bob/),
    rules: at('/rules'),
    'new-event-rule': at('/rules/new?kind=event'),
    'new-alert-rule': at('/rules/new?kind=alert'),
    'edit-rule': await hrefOf(page, at('/rules'), /Edit Storage alerts/),
    'edit-rule-without-sender': await hrefOf(page, at('/rules'), /Choose a sender/),
    queue: at('/notifications'),
    history: at('/notifications?tab=history'),
    notification: await hrefOf(page, at('/notifications'), /Disk 2 failed/),
    settings: at('/settings'),
    'oauth-google': at('/settings/oauth/gmail'),
    'oauth-microsoft': at('/settings/oauth/outlook'),
    'no-sign-in': at('/oauth/callback'),
    'not-found': at('/nowhere'),
  };
}

async function lookAt(page: Page, name: string, width: string) {
  const what = `${name}, ${width}`;
  await page.screenshot({ path: `test-results/pages/${name}-${width}.png`, fullPage: true, animations: 'disabled' });
  await expectNoSidewaysScrolling(page, what);
  await expectAccessible(page, what);
  await expectReachedByTab(page, what);
}

for (const [width, viewport] of Object.entries(WIDTHS)) {
  test(`every page stands up to axe, Tab and its window, ${width}`, async ({ page, servers, tocsin }) => {
    test.setTimeout(900_000);
    await page.goto(tocsin.url);
    await page.setViewportSize(viewport);
    await lookAt(page, 'set-up', width);
    await page.setViewportSize(WIDTHS.wide); // the steps name things by their long names
    await setUp(page, tocsin);
    await furnish(page, tocsin, servers);
    const pages = await addresses(page, tocsin);
    await page.setViewportSize(viewport);
    for (const [name, address] of Object.entries(pages)) {
      await page.goto(address);
      await page.waitForLoadState('load');
      await lookAt(page, name, width);
    }
    await page.goto(tocsin.url);
    await signOut(page);
    await lookAt(page, 'sign-in', width);
  });
}
