// The step lists of the help pages that this product was made from, followed to the letter: each click that they name
// exists under that name. QNAP, "How do I resolve the warning 'Authorization has expired. Reauthorize the account'" in its
// edition of 2022-11-25 and the one before, and QuickMail, "Re-authenticating Email Accounts". The numbers are theirs.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import type { Servers } from '../servers/handle.mjs';
import { OwnMailServer } from '../support/own_mail_server.ts';
import { signInAtProvider } from '../support/provider_page.ts';
import { accountRow, addCustomAccount, addMailbox, ADMIN, EXPIRED, makeRule, markBeside, sendCustomAccount, setUp, signIn, signOut, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import type { Tocsin } from '../support/tocsin.ts';

const ALICE = 'alice@example.test';
const OPS = 'ops@example.test';
const RULE = 'Disks';

/** An account of the type Custom that a rule uses, before the page is asked for help. */
async function customInARule(page: Page, tocsin: Tocsin, servers: Servers) {
  await setUp(page, tocsin);
  await addCustomAccount(page, tocsin, servers, { address: ALICE, port: servers.ports.submission, security: 'STARTTLS' });
  await makeRule(page, tocsin, { name: RULE, senders: [ALICE], recipients: [OPS] });
}

/** An account that was added by signing in, and whose authorization has expired. */
async function expiredGrant(page: Page, tocsin: Tocsin, servers: Servers, family: 'google' | 'microsoft') {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, family);
  await addMailbox(page, tocsin, family, ALICE);
  await makeRule(page, tocsin, { name: RULE, senders: [ALICE], recipients: [OPS] });
  await servers.revoke(family, ALICE);
  await expect(async () => {
    await page.goto(`${tocsin.url}/accounts`);
    await expect(accountRow(page, ALICE)).toContainText(EXPIRED, { timeout: 1000 });
  }).toPass({ timeout: 30_000 });
}

const logIn = (page: Page) => test.step('1. Log in to your NAS as an administrator', async () => {
  await signOut(page);
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
});

const goToEmail = (page: Page) => test.step('2. Go to Service Account and Device Pairing > Email', async () => {
  await page.getByRole('link', { name: 'Service Account and Device Pairing' }).click();
  await expect(page.getByRole('region', { name: 'Email' })).toBeVisible();
});

const remove = (page: Page) => test.step('3. Click the icon to remove the SMTP account', async () => {
  await accountRow(page, ALICE).getByRole('link', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Delete account' }).click();
  await expect(page.getByText(`${ALICE} is deleted.`)).toBeVisible();
});

const addService = (page: Page) => test.step('4. Click + Add SMTP Service', async () => {
  await page.getByRole('link', { name: '+ Add SMTP Service' }).click();
  await expect(page.getByRole('heading', { name: 'Add SMTP Service' })).toBeVisible();
});

/** With a script the choice is enough; without one, or before it is there, Continue takes it up. */
async function select(page: Page, provider: string) {
  await page.getByLabel('Select an e-mail account').selectOption({ label: provider });
  const on = page.getByRole('button', { name: 'Continue', exact: true });
  if (await on.waitFor({ state: 'hidden', timeout: 1000 }).then(() => false, () => true)) {
    await on.click({ timeout: 3000 }).catch(() => {});
  }
}

/** 9. of the newer page, 2. of the older: the account is added back to the notification rules. */
const addBack = (page: Page) => test.step('9. Add your account back to notification rules', async () => {
  await test.step('1. Go to System Notification Rules', async () => {
    await page.getByRole('link', { name: 'System Notification Rules' }).click();
    await expect(page.getByRole('heading', { name: 'System Notification Rules' })).toBeVisible();
  });
  await test.step('2. Select a notification rule that used the original account', async () => {
    await expect(page.getByRole('row').filter({ hasText: RULE })).toContainText('No sender');
  });
  await test.step('3. Go to Edit > Methods and Recipients', async () => {
    await page.getByRole('row').filter({ hasText: RULE }).getByRole('link', { name: 'Edit' }).click();
    await expect(page.getByRole('region', { name: 'Methods and Recipients' })).toBeVisible();
  });
  const pair = page.getByRole('region', { name: 'Methods and Recipients' }).getByRole('region', { name: 'Pair 1' });
  await test.step('4. Select a pair that used the original account', async () => {
    await expect(pair.getByRole('list', { name: 'Senders' })).toContainText('Deleted account');
  });
  await test.step('5. Add your account to the sender list', async () => {
    await pair.getByLabel('Add sender', { exact: true }).selectOption({ label: ALICE });
    await pair.getByRole('button', { name: 'Add sender' }).click();
    await page.getByRole('button', { name: 'Save rule' }).click();
    await expect(page.getByText('The rule is saved.')).toBeVisible();
  });
});

/** What all of it is for. */
async function notificationsArrive(tocsin: Tocsin, servers: Servers, text: string) {
  await tocsin.report('error', text);
  await servers.waitForMail(OPS, { subject: text });
}

test.describe('QNAP, 2022', () => {
  test('a Custom account on a public Gmail server is removed and created again as Gmail', async ({ page, servers, tocsin }) => {
    await customInARule(page, tocsin, servers);
    await tellOAuthApplication(page, tocsin, servers, 'google');
    await logIn(page);
    await goToEmail(page);
    await remove(page);
    await tocsin.report('error', 'Disk 1 failed');
    await addService(page);
    await test.step('5. Select Gmail or Outlook.com from the drop-down menu', () => select(page, 'Gmail'));
    await test.step('6. Click Add Account; the sign in page appears', () => page.getByRole('button', { name: 'Add Account' }).click());
    await test.step('7., 8. Select your account and authorize it', () => signInAtProvider(page, ALICE));
    await expect(page.getByText('The account is added')).toBeVisible();
    await addBack(page);
    await servers.waitForMail(OPS, { subject: 'Disk 1 failed' }); // held meanwhile, not lost
    await notificationsArrive(tocsin, servers, 'Disk 2 failed');
  });

  test('a Custom account elsewhere is removed and created again with the same settings', async ({ page, servers, tocsin }) => {
    await customInARule(page, tocsin, servers);
    await logIn(page);
    await goToEmail(page);
    await remove(page);
    await addService(page);
    await test.step('5., 6. From Select an e-mail account, select Custom, and recreate the original account', async () => {
      await sendCustomAccount(page, tocsin, servers, { address: ALICE, port: servers.ports.submission, security: 'STARTTLS' });
    });
    await test.step('The better way is offered; the page goes on without it', async () => {
      await expect(page.getByText('This mailbox was deleted and can be restored')).toBeVisible();
      await page.getByLabel('Add it as a new account all the same').check();
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByText('The account is added')).toBeVisible();
    });
    await addBack(page);
    await notificationsArrive(tocsin, servers, 'Disk 2 failed');
  });

  test('Yahoo Mail: the page leads to the app password', async ({ page, tocsin }) => {
    await setUp(page, tocsin);
    await goToEmail(page);
    await addService(page);
    await select(page, 'Yahoo');
    await expect(page.getByText('Yahoo needs an app password')).toBeVisible();
    await expect(page.getByLabel('App password', { exact: true })).toBeVisible();
  });

  for (const [family, name, button] of [['google', 'Gmail', 'Continue with Google'], ['microsoft', 'Outlook.com', 'Continue with Microsoft']] as const) {
    test(`${name}: Edit, Re-authorization, authorize`, async ({ page, servers, tocsin }) => {
      await expiredGrant(page, tocsin, servers, family);
      await logIn(page);
      await goToEmail(page);
      await test.step('3. Click the icon on the service provider; the Edit SMTP Service Account window opens', async () => {
        await accountRow(page, ALICE).getByRole('link', { name: 'Edit' }).click();
        await expect(page.getByRole('heading', { name: 'Edit SMTP Service Account' })).toBeVisible();
      });
      await test.step('4. Click Re-authorization; the sign in page appears', async () => {
        await page.getByRole('navigation', { name: 'Sections' }).getByRole('link', { name: 'Re-authorization', exact: true }).click();
        await page.getByRole('button', { name: button }).click();
      });
      await test.step('5., 6. Select your account and authorize it', () => signInAtProvider(page, ALICE));
      await expect(page.getByText('Authorized again.')).toBeVisible();
      await notificationsArrive(tocsin, servers, 'Disk 2 failed');
    });
  }
});

test.describe('QNAP, before 2022', () => {
  test('a Custom account is removed and Gmail is added by Type an email address', async ({ page, servers, tocsin }) => {
    await customInARule(page, tocsin, servers);
    await tellOAuthApplication(page, tocsin, servers, 'google');
    await logIn(page);
    await goToEmail(page);
    await remove(page);
    await addService(page);
    await test.step('3. Select Gmail or Outlook.com from the drop-down menu', () => select(page, 'Gmail'));
    await test.step('4. Click Type an email address; the authorization page opens', () => page.getByRole('button', { name: 'Type an email address' }).click());
    await test.step('5. Finish the authorization', () => signInAtProvider(page, ALICE));
    await expect(page.getByText('The account is added')).toBeVisible();
    await addBack(page);
    await notificationsArrive(tocsin, servers, 'Disk 2 failed');
  });
});

test.describe('QuickMail', () => {
  test('a red indicator, a warning beside the account, and Continue with Google under Re-grant Authorization', async ({ page, servers, tocsin }) => {
    await expiredGrant(page, tocsin, servers, 'google');
    await expect(markBeside(page, 'Service Account and Device Pairing')).toBeAttached();
    await tocsin.report('error', 'Disk 2 failed');
    await accountRow(page, ALICE).getByRole('link', { name: 'Edit' }).click();
    await expect(page.getByText('Re-grant Authorization')).toBeVisible();
    await page.getByRole('button', { name: 'Continue with Google' }).click();
    await signInAtProvider(page, ALICE);
    await expect(page.getByText('Authorized again.')).toBeVisible();
    await servers.waitForMail(OPS, { subject: 'Disk 2 failed' }); // all pending mails are sent at once
    await page.goto(tocsin.url);
    await expect(markBeside(page, 'Service Account and Device Pairing')).not.toBeAttached();
  });

  test('a Custom account: Sending Settings, Test Sending', async ({ page, servers, tocsin }) => {
    await customInARule(page, tocsin, servers);
    await page.goto(`${tocsin.url}/accounts`);
    await accountRow(page, ALICE).getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('link', { name: 'Sending Settings' }).click();
    await page.getByRole('button', { name: 'Test Sending' }).click();
    await expect(page.getByText('The test is sent: the server accepted it.')).toBeVisible();
  });

  test('without access to the mailbox: the link is generated, copied, and given to who has it', async ({ page, browser, servers, tocsin }) => {
    await expiredGrant(page, tocsin, servers, 'google');
    await tocsin.report('error', 'Disk 2 failed');
    await accountRow(page, ALICE).getByRole('link', { name: 'Edit' }).click();
    await page.getByRole('button', { name: 'Make link' }).click();
    const link = await page.getByRole('textbox', { name: 'Re-authorization link' }).inputValue();
    await expect(page.getByRole('button', { name: 'Copy link' })).toBeVisible();
    const owner = await (await browser.newContext()).newPage();
    await owner.goto(link);
    await owner.getByRole('button', { name: 'Continue with Google' }).click();
    await signInAtProvider(owner, ALICE);
    await expect(owner.getByText('Thank you.')).toBeVisible();
    await servers.waitForMail(OPS, { subject: 'Disk 2 failed' });
    await owner.context().close();
  });

  test('Custom accounts in bulk: + Add in Bulk, the columns, Update inbox if it exists, a report by mail, no mark any more', async ({ page, servers, tocsin }) => {
    const mailbox = await OwnMailServer.start('the old password');
    await setUp(page, tocsin);
    await addCustomAccount(page, tocsin, servers, { address: ALICE, host: '127.0.0.1', port: mailbox.port, security: 'None', password: mailbox.password, ca: '' });
    mailbox.password = 'the new password';
    await expect(async () => {
      await page.goto(`${tocsin.url}/accounts`);
      await expect(accountRow(page, ALICE)).toContainText(EXPIRED, { timeout: 1000 });
    }).toPass({ timeout: 30_000 });
    // The report is mailed by an account that works: by this one, or by the imported one itself, which works again.
    await addCustomAccount(page, tocsin, servers, { address: 'bob@example.test', port: servers.ports.submission, security: 'STARTTLS' });
    const file = join(tocsin.data, 'mailboxes.csv');
    await writeFile(file, `Email,Password\n${ALICE},${mailbox.password}\n`);
    await goToEmail(page);
    await test.step('Click + Add in Bulk', () => page.getByRole('link', { name: '+ Add in Bulk' }).click());
    await page.getByLabel('CSV file').setInputFiles(file);
    await page.getByRole('button', { name: 'Continue' }).click();
    await test.step('Map the correct columns', async () => {
      await expect(page.getByRole('heading', { name: 'Map the correct columns' })).toBeVisible();
    });
    await test.step('Check the box Update inbox if it exists', () => page.getByLabel('Update inbox if it exists').check());
    await page.getByRole('button', { name: 'Start' }).click();
    await test.step('An import report will be sent to your email', async () => {
      const subjects = async () => [...mailbox.subjects, ...(await servers.mail(ADMIN.address)).map((mail: { subject: string }) => mail.subject)];
      await expect.poll(subjects).toContainEqual(expect.stringContaining('1 updated'));
    });
    await test.step('The red warning icon will no longer appear', async () => {
      await page.goto(`${tocsin.url}/accounts`);
      await expect(accountRow(page, ALICE)).toContainText('Authorized');
      await expect(markBeside(page, 'Service Account and Device Pairing')).not.toBeAttached();
    });
    mailbox.stop();
  });
});
