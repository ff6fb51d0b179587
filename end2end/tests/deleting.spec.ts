// Deleting an account as an administrator does it: who takes its places, the prompts until no pair is left without a
// sender, and the way back. Each with JavaScript and without: the steps are the same.
import type { Page } from '@playwright/test';
import type { Servers } from '../servers/handle.mjs';
import { accountRow, addCustomAccount, makeRule, markBeside, sendCustomAccount, setUp } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import type { Tocsin } from '../support/tocsin.ts';

const ALICE = 'alice@example.test';
const BOB = 'bob@example.test';
const OPS = 'ops@example.test';
const RULES = 'System Notification Rules';

/** Alice sends for two rules, alone; Bob could. */
async function twoAccountsTwoRules(page: Page, tocsin: Tocsin, servers: Servers) {
  await setUp(page, tocsin);
  for (const address of [ALICE, BOB]) await addPassword(page, tocsin, servers, address);
  await makeRule(page, tocsin, { name: 'Disks', severities: ['Error'], senders: [ALICE], recipients: [OPS] });
  await makeRule(page, tocsin, { name: 'Backups', severities: ['Warning'], senders: [ALICE], recipients: [OPS] });
}

function custom(servers: Servers, address: string) {
  return { address, port: servers.ports.submission, security: 'STARTTLS' as const };
}

async function addPassword(page: Page, tocsin: Tocsin, servers: Servers, address: string) {
  await addCustomAccount(page, tocsin, servers, custom(servers, address));
}

async function openDelete(page: Page, tocsin: Tocsin, address: string) {
  await page.goto(`${tocsin.url}/accounts`);
  await page.getByRole('link', { name: `Delete ${address}` }).click();
  await expect(page.getByRole('heading', { name: `Delete ${address}` })).toBeVisible();
}

/** Who sent the mail about an event. */
async function senderOf(servers: Servers, subject: string): Promise<string> {
  const [mail] = await servers.waitForMail(OPS, { subject });
  return mail.from;
}

async function confirmDelete(page: Page, address: string) {
  await page.getByRole('button', { name: 'Delete account' }).click();
  await expect(page.getByText(`${address} is deleted.`)).toBeVisible();
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a replacement takes all places, sends at once, and steps back on Undo', async ({ page, servers, tocsin }) => {
      await twoAccountsTwoRules(page, tocsin, servers);
      await openDelete(page, tocsin, ALICE);
      await expect(page.getByText('2 rules use this account, in 2 pairs.')).toBeVisible();
      await page.getByRole('radio', { name: 'One account for all' }).check();
      await page.getByLabel('Account that takes all its places').selectOption({ label: BOB });
      await confirmDelete(page, ALICE);
      await expect(markBeside(page, RULES)).not.toBeAttached();
      await tocsin.report('error', 'Disk 2 failed');
      expect(await senderOf(servers, 'Disk 2 failed')).toBe(BOB);

      await page.getByRole('button', { name: 'Undo' }).click();
      await expect(page.getByText('The account is restored')).toBeVisible();
      await expect(accountRow(page, ALICE)).toContainText('Authorized');
      await tocsin.report('error', 'Disk 3 failed');
      expect(await senderOf(servers, 'Disk 3 failed')).toBe(ALICE);
    });

    test('pair by pair: who is left out is prompted for until it has a sender; what it caught was held', async ({ page, servers, tocsin }) => {
      await twoAccountsTwoRules(page, tocsin, servers);
      await openDelete(page, tocsin, ALICE);
      await page.getByRole('radio', { name: 'Pair by pair' }).check();
      await page.getByLabel('Replacement in Disks, pair 1').selectOption({ label: 'Leave it out' });
      await page.getByLabel('Replacement in Backups, pair 1').selectOption({ label: BOB });
      await confirmDelete(page, ALICE);
      await expect(markBeside(page, RULES)).toBeAttached();

      await tocsin.report('error', 'Disk 2 failed');
      await page.goto(`${tocsin.url}/`);
      const prompt = page.getByRole('listitem').filter({ hasText: 'Disks, pair 1: no sender' });
      await expect(prompt).toContainText(`Its only sender, ${ALICE}, was deleted.`);
      await expect(prompt).toContainText('1 notification held');
      await expect(page.getByText('Backups, pair 1: no sender')).not.toBeAttached();
      await page.goto(`${tocsin.url}/notifications`);
      await page.getByRole('link', { name: 'Disk 2 failed' }).first().click();
      await expect(page.getByText('The senders of its pair were deleted.')).toBeVisible();

      await page.goto(`${tocsin.url}/rules`);
      await expect(page.getByText('1 pair needs a sender')).toBeVisible();
      await page.getByRole('link', { name: 'Choose a sender' }).click();
      await expect(page.getByRole('list', { name: /Senders/ })).toContainText('Deleted account');
      const add = page.getByLabel('Add sender', { exact: true });
      if (javaScriptEnabled) await expect(add).toBeFocused();
      await add.selectOption({ label: BOB });
      await page.getByRole('button', { name: 'Add sender' }).click();
      await expect(page.getByRole('list', { name: /Senders/ })).toContainText(BOB);
      await page.getByRole('button', { name: 'Save rule' }).click();
      await expect(page.getByText('The rule is saved.')).toBeVisible();

      expect(await senderOf(servers, 'Disk 2 failed')).toBe(BOB);
      await expect(page.getByText('needs a sender')).not.toBeAttached();
      await expect(markBeside(page, RULES)).not.toBeAttached();
      await page.goto(`${tocsin.url}/`);
      await expect(page.getByText('no sender')).not.toBeAttached();
    });

    test('a deleted account is restored from the list, with its place kept through an edit of the rule', async ({ page, servers, tocsin }) => {
      await twoAccountsTwoRules(page, tocsin, servers);
      await openDelete(page, tocsin, ALICE);
      await page.getByRole('radio', { name: 'Leave the pairs as they are' }).check();
      await confirmDelete(page, ALICE);
      await page.goto(`${tocsin.url}/rules`);
      await page.getByRole('link', { name: 'Edit Disks' }).click();
      await page.getByLabel('Name', { exact: true }).fill('All disks');
      await page.getByRole('button', { name: 'Save rule' }).click();
      await expect(page.getByText('The rule is saved.')).toBeVisible();

      await page.goto(`${tocsin.url}/accounts`);
      const list = page.getByRole('table', { name: 'Deleted accounts' });
      await expect(list.getByRole('row').filter({ hasText: ALICE })).toContainText('by admin');
      await page.getByRole('button', { name: `Restore ${ALICE}` }).click();
      await expect(page.getByText('The account is restored')).toBeVisible();
      await expect(list).not.toBeAttached();
      await tocsin.report('error', 'Disk 2 failed');
      expect(await senderOf(servers, 'Disk 2 failed')).toBe(ALICE);
    });

    test('the same mailbox is offered back before it is added anew; erased is erased', async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      await addPassword(page, tocsin, servers, ALICE);
      await openDelete(page, tocsin, ALICE);
      await expect(page.getByText('It is the last account')).toBeVisible();
      await confirmDelete(page, ALICE);

      await sendCustomAccount(page, tocsin, servers, custom(servers, ALICE));
      await expect(page.getByText('This mailbox was deleted and can be restored')).toBeVisible();
      await page.getByRole('link', { name: 'Restore' }).click();
      await expect(page.getByRole('heading', { name: 'Restore account' })).toBeVisible();
      await page.getByRole('button', { name: 'Restore' }).click();
      await expect(accountRow(page, ALICE)).toContainText('Authorized');

      await openDelete(page, tocsin, ALICE);
      await confirmDelete(page, ALICE);
      await page.getByText('Erase now').click();
      await page.getByRole('button', { name: `Erase ${ALICE} now` }).click();
      await expect(page.getByText('Its secrets are erased.')).toBeVisible();
      await expect(page.getByRole('table', { name: 'Deleted accounts' })).not.toBeAttached();
      await addPassword(page, tocsin, servers, ALICE);
    });

    test('the default account passes its office on', async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      for (const address of [ALICE, BOB]) await addPassword(page, tocsin, servers, address);
      await page.goto(`${tocsin.url}/accounts`);
      await page.getByRole('link', { name: `Edit ${ALICE}` }).click();
      await page.getByRole('button', { name: 'Set as default' }).click();
      await expect(page.getByText('Sends for rules that have no sender.', { exact: true })).toBeVisible();
      await makeRule(page, tocsin, { name: 'Everything', senders: [], recipients: [OPS] });
      await openDelete(page, tocsin, ALICE);
      await expect(page.getByText('It is the default account')).toBeVisible();
      await page.getByLabel('Default account from now on').selectOption({ label: BOB });
      await confirmDelete(page, ALICE);
      await expect(accountRow(page, BOB)).toContainText('Default');
      await tocsin.report('information', 'Backup done');
      expect(await senderOf(servers, 'Backup done')).toBe(BOB);
    });
  });
}

test('two administrators who delete the same account: one does, the other is told', async ({ page, context, servers, tocsin }) => {
  await setUp(page, tocsin);
  await addPassword(page, tocsin, servers, ALICE);
  await openDelete(page, tocsin, ALICE);
  const other = await context.newPage();
  await other.goto(page.url());
  await confirmDelete(page, ALICE);
  await other.getByRole('button', { name: 'Delete account' }).click();
  await expect(other.getByRole('alert').filter({ hasText: 'does not exist any more' })).toBeVisible();
});
