// Adding accounts in bulk, and re-authorizing many at once as the help pages describe: + Add in Bulk, Map the correct
// columns, Update inbox if it exists, a report by mail, marks that go, and what was held arrives.
import type { Page } from '@playwright/test';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Servers } from '../servers/handle.mjs';
import { expectAccessible, expectNoSidewaysScrolling } from '../support/page_checks.ts';
import { OwnMailServer } from '../support/own_mail_server.ts';
import { passwordOf } from '../support/provider_page.ts';
import { accountRow, addCustomAccount, ADMIN, EXPIRED, makeRule, setUp } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import type { Tocsin } from '../support/tocsin.ts';

type Row = Record<string, string>;

/** A CSV file whose rows sign in to the test's mail server. */
async function csv(tocsin: Tocsin, servers: Servers, rows: Row[], name = 'accounts.csv'): Promise<string> {
  const common = { 'SMTP Host': 'localhost', smtp_port: String(servers.ports.submission), SSL: 'STARTTLS', smtp_ca: await readFile(servers.ca, 'utf8') };
  const full = rows.map((row) => ({ ...common, ...row }));
  const columns = Object.keys(full[0]!);
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const lines = [columns, ...full.map((row) => columns.map((column) => (row as Row)[column] ?? ''))];
  const path = join(tocsin.data, `${Date.now()}-${name}`);
  await writeFile(path, lines.map((line) => line.map(cell).join(',')).join('\r\n'));
  return path;
}

/** From the accounts to the page Map the correct columns. */
async function bring(page: Page, tocsin: Tocsin, file: string) {
  await page.goto(`${tocsin.url}/accounts`);
  await page.getByRole('link', { name: '+ Add in Bulk' }).click();
  await page.getByLabel('CSV file').setInputFiles(file);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function runImport(page: Page, tocsin: Tocsin, file: string, { update = false } = {}) {
  await bring(page, tocsin, file);
  await expect(page.getByRole('heading', { name: 'Map the correct columns' })).toBeVisible();
  if (update) await page.getByLabel('Update inbox if it exists').check();
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(async () => {
    await page.reload();
    await expect(page.getByText('The import is done')).toBeVisible({ timeout: 1000 });
  }).toPass({ timeout: 30_000 });
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('mailboxes are added in bulk, one bad row stops nothing, and the report comes by mail', async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      const file = await csv(tocsin, servers, [
        { 'E-Mail': 'alice@example.test', Password: passwordOf('alice@example.test'), colour: 'red' },
        { 'E-Mail': 'bob@example.test', Password: 'not the password', colour: 'blue' },
        { 'E-Mail': 'alice@example.test', Password: 'twice', colour: '' },
        { 'E-Mail': '=1+1', Password: 'x', colour: '' },
      ]);
      await bring(page, tocsin, file);
      await expect(page.getByLabel('E-Mail holds')).toHaveValue('email');
      await expect(page.getByLabel('colour holds')).toHaveValue('');
      await expect(page.getByRole('row').filter({ has: page.getByLabel('Password holds') })).toContainText('••••••');
      await page.getByRole('button', { name: 'Start' }).click();
      await expect(async () => {
        await page.reload();
        await expect(page.getByText('The import is done')).toBeVisible({ timeout: 1000 });
      }).toPass({ timeout: 30_000 });
      await expect(page.getByText('The same mailbox stands in line 2 already.')).toBeVisible();
      await expect(page.getByText('The server did not accept the user name or the password.')).toBeVisible();
      await page.getByRole('link', { name: 'failed (2)' }).click();
      await expect(page.getByText('It begins as a formula does')).toBeVisible();
      await expect(page.getByText('The same mailbox stands in line')).toBeHidden();
      await page.goto(`${tocsin.url}/accounts`);
      await expect(accountRow(page, 'alice@example.test')).toContainText('Authorized');
      const mail = await servers.waitForMail(ADMIN.address, { subject: '1 created' });
      expect(JSON.stringify(mail)).not.toContain('not the password');
    });

    test('marks of mailboxes that work again go, and what they held is sent', async ({ page, servers, tocsin }) => {
      const own = await OwnMailServer.start('the old password');
      await setUp(page, tocsin);
      await addCustomAccount(page, tocsin, servers, { address: 'bob@example.test', host: '127.0.0.1', port: own.port, security: 'None', password: own.password, ca: '' });
      await makeRule(page, tocsin, { name: 'All', senders: ['bob@example.test'], recipients: ['ops@example.test'] });
      own.password = 'a new password';
      await expect(async () => {
        await page.goto(`${tocsin.url}/accounts`);
        await expect(accountRow(page, 'bob@example.test')).toContainText(EXPIRED, { timeout: 500 });
      }).toPass({ timeout: 30_000 });
      await tocsin.report('error', 'Disk 2 failed');
      const file = join(tocsin.data, `new-${Date.now()}.csv`);
      await writeFile(file, 'Email Address,Passwort\nbob@example.test,a new password\n');
      await runImport(page, tocsin, file, { update: true });
      await expect(page.getByRole('row').filter({ hasText: 'bob@example.test' })).toContainText('updated');
      await expect(() => expect(own.subjects).toContain('Disk 2 failed')).toPass({ timeout: 10_000 });
      await page.goto(`${tocsin.url}/accounts`);
      await expect(accountRow(page, 'bob@example.test')).toContainText('Authorized');
      own.stop();
    });

    test('a file that is none is named, and nothing is changed', async ({ page, tocsin }) => {
      await setUp(page, tocsin);
      const at = (name: string) => join(tocsin.data, `${Date.now()}-${name}`);
      const cases: [string, Buffer, RegExp][] = [
        ['book.xlsx', Buffer.from('PK\u0003\u0004rest', 'latin1'), /save it as CSV/],
        ['latin.csv', Buffer.from('email,name\na@b.org,J\u00f6rg\n', 'latin1'), /[Ll]ine 2 .*Latin-1/],
        ['open.csv', Buffer.from('email,name\na@b.org,"x\n'), /[Ll]ine 2 opens a quotation mark/],
        ['header.csv', Buffer.from('email,password\n'), /no row below it/],
        ['large.csv', Buffer.alloc(17 * 1024 * 1024, 'a'), /larger than 16 MB/],
      ];
      for (const [name, content, words] of cases) {
        const file = at(name);
        await writeFile(file, content);
        await bring(page, tocsin, file);
        await expect(page.getByRole('alert')).toContainText(words);
      }
      await page.goto(`${tocsin.url}/accounts`);
      await expect(page.getByText('No account yet')).toBeVisible();
    });
  });
}

test('owners of Google mailboxes get links, shown once', async ({ page, tocsin }) => {
  await setUp(page, tocsin);
  const file = join(tocsin.data, `${Date.now()}-google.csv`);
  await writeFile(file, 'email;owner\ncarol@gmail.com;owner@example.test\n');
  await runImport(page, tocsin, file);
  await page.getByRole('button', { name: 'Show the links once' }).click();
  await expect(page.getByLabel('Re-authorization links')).toHaveValue(/carol@gmail\.com\towner@example\.test\thttp.*\/reauthorize\//);
  await page.reload();
  await expect(page.getByText('Mailboxes that await their owners: 1')).toBeVisible();
  await expect(page.getByLabel('Re-authorization links')).toHaveCount(0);
});

test('the pages of an import stand up to axe and a narrow window', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  const file = await csv(tocsin, servers, [
    { email: 'alice@example.test', password: passwordOf('alice@example.test') },
    { email: 'bob@example.test', password: 'not the password' },
  ]);
  const look = async (what: string) => {
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.screenshot({ path: `test-results/pages/import-${what}-${width}.png`, fullPage: true, animations: 'disabled' });
      await expectNoSidewaysScrolling(page, `${what}, ${width}`);
      await expectAccessible(page, `${what}, ${width}`);
    }
    await page.setViewportSize({ width: 1280, height: 900 });
  };
  await bring(page, tocsin, file);
  await expect(page.getByRole('heading', { name: 'Map the correct columns' })).toBeVisible();
  await look('columns');
  await page.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('The import is done')).toBeVisible({ timeout: 30_000 });
  await look('report');
  await page.goto(`${tocsin.url}/accounts/import`);
  await expect(page.getByText('Earlier imports')).toBeVisible();
  await look('file');
});

test('the template and the accounts are there to be downloaded', async ({ page, tocsin }) => {
  await setUp(page, tocsin);
  await page.goto(`${tocsin.url}/accounts/import`);
  const template = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the template' }).click();
  expect((await template).suggestedFilename()).toMatch(/\.csv$/);
  await page.goto(`${tocsin.url}/accounts`);
  const accounts = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Export' }).click();
  expect((await accounts).suggestedFilename()).toMatch(/\.csv$/);
});
