// Receiving: Tocsin watches a mailbox for what answers its own mails, and for nothing else.
import type { Page } from '@playwright/test';
import type { Servers } from '../servers/handle.mjs';
import { sendMail } from '../support/mail.ts';
import { signInAtProvider } from '../support/provider_page.ts';
import { accountRow, addCustomAccount, addMailbox, editAccount, EXPIRED, makeRule, setUp, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import type { Tocsin } from '../support/tocsin.ts';
import { readFile } from 'node:fs/promises';

const MAILBOX = 'alice@example.test';
const PERSON = 'bob@example.test';
const NOBODY = 'ghost@example.test';

const section = (page: Page) => page.getByRole('region', { name: 'Receiving Settings' });

/** Fills in the receiving settings of a Custom account and saves them. */
async function receive(page: Page, servers: Servers, { port = servers.ports.imaps, security = 'TLS', password = '' } = {}) {
  await section(page).getByRole('switch', { name: 'Receive answers' }).check();
  await section(page).getByLabel('IMAP server').fill('localhost');
  await section(page).getByLabel('Port').fill(String(port));
  await section(page).getByLabel('Security').selectOption({ label: security });
  await section(page).getByLabel('Password').fill(password);
  const authority = section(page).getByRole('textbox', { name: 'Certificate authority of your own (PEM)' });
  if (!(await authority.isVisible())) await section(page).getByText('Certificate authority of your own (PEM)').first().click();
  await authority.fill(await readFile(servers.ca, 'utf8'));
  await section(page).getByRole('button', { name: 'Save Receiving Settings' }).click();
}

async function watches(page: Page, tocsin: Tocsin) {
  await editAccount(page, tocsin, MAILBOX);
  await expect(section(page)).toContainText('Watching the mailbox');
}

/** Opens the notification whose text is given. */
async function openNotification(page: Page, tocsin: Tocsin, text: string) {
  await page.goto(`${tocsin.url}/notifications?tab=history`);
  await page.getByRole('link', { name: text }).first().click();
  await expect(page.getByRole('heading', { name: text, level: 1 })).toBeVisible();
}

for (const script of ['on', 'off'] as const) {
  test.describe(`with JavaScript ${script}`, () => {
    test.use({ javaScriptEnabled: script === 'on' });

    test('Test Receiving with a password: what is wrong is said, what works is watched', async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      await addCustomAccount(page, tocsin, servers, { address: MAILBOX, port: servers.ports.submissions, security: 'TLS' });
      await editAccount(page, tocsin, MAILBOX);
      await expect(section(page)).toContainText('Receiving is off');

      await receive(page, servers, { port: servers.ports.plain, security: 'None' });
      await expect(section(page)).toContainText('Enter the password again', { timeout: 20_000 });
      await receive(page, servers, { port: servers.ports.plain, security: 'None', password: 'alice-secret' });
      await expect(section(page).getByRole('alert').first()).toContainText('What answered is not the mail server that was expected', { timeout: 20_000 });
      await editAccount(page, tocsin, MAILBOX);
      await expect(section(page)).toContainText('Receiving is off');

      await receive(page, servers, { port: servers.ports.imap, security: 'STARTTLS' });
      await expect(page.getByText('The receiving settings are saved.')).toBeVisible();
      await section(page).getByRole('button', { name: 'Test Receiving' }).click();
      await expect(page.getByText('Receiving works: the server opened the mailbox for reading.')).toBeVisible();
    });
  });
}

test('a bounce and a reply find their notifications, and no other mail is touched', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await addCustomAccount(page, tocsin, servers, { address: MAILBOX, port: servers.ports.submissions, security: 'TLS' });
  await editAccount(page, tocsin, MAILBOX);
  await receive(page, servers);
  await expect(page.getByText('The receiving settings are saved.')).toBeVisible();
  await makeRule(page, tocsin, { name: 'Both', senders: [MAILBOX], recipients: [PERSON, NOBODY] });
  await sendMail(servers, { from: PERSON, to: MAILBOX, subject: 'A private letter' });

  await tocsin.report('error', 'Disk 1 failed');
  await openNotification(page, tocsin, 'Disk 1 failed');
  const main = page.getByRole('main');
  await expect(main).toContainText('Bounced', { timeout: 20_000 });
  await expect(main).toContainText(`Not delivered to ${NOBODY}`);
  await expect(main).toContainText('There is no such recipient.');
  await expect(main).toContainText('5.1.1');

  await page.goto(`${tocsin.url}/rules`);
  await page.getByRole('link', { name: 'Edit Both' }).click();
  await expect(page.getByText(`Mail to ${NOBODY} came back`)).toBeVisible();
  await expect(page.getByText(`Mail to ${PERSON} came back`)).toHaveCount(0);

  const [mail] = await servers.waitForMail(PERSON, { subject: 'Disk 1 failed' });
  const answer = { from: PERSON, to: MAILBOX, subject: 'Re: Disk 1 failed', headers: { 'In-Reply-To': mail.messageId } };
  await sendMail(servers, { ...answer, subject: 'Automatic reply: Disk 1 failed', headers: { ...answer.headers, 'Auto-Submitted': 'auto-replied' } });
  await openNotification(page, tocsin, 'Disk 1 failed');
  await expect(main).toContainText('Bounced');
  await sendMail(servers, answer);
  await expect(main).toContainText('Acknowledged', { timeout: 20_000 });
  await expect(main).toContainText(`${PERSON} replied.`);

  const mailbox = await servers.mail(MAILBOX);
  expect(mailbox.length).toBeGreaterThanOrEqual(4);
  expect(mailbox.filter(({ seen }) => seen)).toEqual([]);
});

test('with a grant it stops when the authorization is lost, and catches up when it is back', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await addMailbox(page, tocsin, 'google', MAILBOX);
  await makeRule(page, tocsin, { name: 'Everything', senders: [MAILBOX], recipients: [PERSON] });
  await watches(page, tocsin);
  await section(page).getByRole('button', { name: 'Test Receiving' }).click();
  await expect(page.getByText('Receiving works: the server opened the mailbox for reading.')).toBeVisible();
  await tocsin.report('error', 'Disk 1 failed');
  const [mail] = await servers.waitForMail(PERSON, { subject: 'Disk 1 failed' });

  await page.goto(`${tocsin.url}/accounts`);
  await expect(accountRow(page, MAILBOX)).toContainText('Authorized');
  await servers.revoke('google', MAILBOX);
  await expect(accountRow(page, MAILBOX)).toContainText(EXPIRED, { timeout: 20_000 });
  await editAccount(page, tocsin, MAILBOX);
  await expect(section(page)).toContainText('Receiving rests');
  await sendMail(servers, { from: PERSON, to: MAILBOX, subject: 'Re: Disk 1 failed', headers: { 'In-Reply-To': mail.messageId } });

  await page.getByRole('button', { name: 'Continue with Google' }).click();
  await signInAtProvider(page, MAILBOX);
  await openNotification(page, tocsin, 'Disk 1 failed');
  await expect(page.getByRole('main')).toContainText(`${PERSON} replied.`, { timeout: 20_000 });
});
