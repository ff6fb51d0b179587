// Warned in time: who is told when an account is lost, by whom, and what is said where nobody can be told.
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { accountRow, addCustomAccount, addMailbox, ADMIN, editAccount, EXPIRED, makeRule, markBeside, setUp, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import type { Tocsin } from '../support/tocsin.ts';

const MAILBOX = 'alice@example.test';
const SECOND = 'bob@example.test';
const OWNER = 'ops@example.test';

type Call = { headers: IncomingHttpHeaders; body: string };

/** A program that is told by the webhook. */
async function startReceiver() {
  const calls: Call[] = [];
  const state = { status: 200 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (data) => { body += data; });
    request.on('end', () => {
      calls.push({ headers: request.headers, body });
      response.writeHead(state.status).end(state.status === 200 ? 'taken' : 'not now');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/tocsin`;
  const stop = () => { server.closeAllConnections(); server.close(); };
  return { url, calls, state, stop };
}

/** Checks a call as the page says that a receiver should. */
function isSigned({ headers, body }: Call, secret: string): boolean {
  const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers['tocsin-signature']))!;
  const expected = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return hex === expected && Math.abs(Date.now() / 1000 - Number(seconds)) < 300;
}

async function setOwner(page: Page, tocsin: Tocsin, address: string) {
  await editAccount(page, tocsin, address);
  await page.getByLabel('Owner’s address').fill(OWNER);
  await page.locator('#sending').getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
}

test('an account is lost: the admins, the owner and the account itself are told by the other account, and the history says so', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await addMailbox(page, tocsin, 'google', MAILBOX);
  await addCustomAccount(page, tocsin, servers, { address: SECOND, port: servers.ports.submissions, security: 'TLS' });
  await setOwner(page, tocsin, MAILBOX);

  expect(await servers.revoke('google', MAILBOX)).toBe(1);

  for (const address of [ADMIN.address, OWNER, MAILBOX]) {
    const [mail] = await servers.waitForMail(address, { where: (mail) => mail.subject.includes('cannot send'), timeout: 20_000 });
    expect(mail.from).toBe(SECOND);
    expect(mail.text).toContain(EXPIRED);
  }
  const [owners] = await servers.waitForMail(OWNER, { subject: 'cannot send' });
  const [admins] = await servers.waitForMail(ADMIN.address, { subject: 'cannot send' });
  expect(owners.messageId).not.toBe(admins.messageId);
  expect(owners.text).toContain('still receives');

  await editAccount(page, tocsin, MAILBOX);
  const told = page.getByRole('region', { name: 'What was told' });
  await expect(told.getByRole('row').filter({ hasText: OWNER })).toContainText('Authorization has expired');
  await expect(told.getByRole('row').filter({ hasText: ADMIN.address })).toContainText('Sent');
  await told.getByRole('link', { name: 'Sent' }).first().click();
  await expect(page.getByRole('heading', { name: /cannot send/ })).toBeVisible();
  await page.goto(`${tocsin.url}/settings`);
  await expect(page.getByRole('region', { name: 'Audit log' })).toContainText(`found the authorization expired of ${MAILBOX}`);
});

test('with one account tocsin doctor ends with 0 and says that nobody could be told if it were lost', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await addCustomAccount(page, tocsin, servers, { address: SECOND, port: servers.ports.submissions, security: 'TLS' });
  const fine = await tocsin.command(['doctor']);
  expect(fine.code, fine.output).toBe(0);
  expect(fine.output).toContain('1 of 1 in order');
  expect(fine.output).toContain(`if ${SECOND} loses its authorization, nobody can be told`);
  const json = await tocsin.command(['doctor', '--json']);
  expect(JSON.parse(json.output).standing).toBe('note');
});

test('a webhook is set, tested, told, and says what goes wrong', async ({ page, servers, tocsin }) => {
  const receiver = await startReceiver();
  try {
    await setUp(page, tocsin);
    await tellOAuthApplication(page, tocsin, servers, 'google');
    await addMailbox(page, tocsin, 'google', MAILBOX);
    await makeRule(page, tocsin, { name: 'Everything', senders: [MAILBOX], recipients: [OWNER] });
    await page.goto(`${tocsin.url}/settings`);
    const panel = page.getByRole('region', { name: 'Webhook' });

    await panel.getByLabel('Address').fill('ftp://nowhere');
    await panel.getByRole('button', { name: 'Set webhook' }).click();
    await expect(panel).toContainText('must begin with http');

    await panel.getByLabel('Address').fill(receiver.url);
    await panel.getByRole('button', { name: 'Set webhook' }).click();
    await expect(panel.getByText('Copy the webhook’s secret now')).toBeVisible();
    const secret = await panel.getByLabel('Secret of the webhook').inputValue();
    expect(secret).toMatch(/^tocsin_webhook_/);

    await panel.getByRole('button', { name: 'Send a test' }).click();
    await expect(panel).toContainText('Accepted, status 200');
    await expect(panel.getByText('Copy the webhook’s secret now')).not.toBeVisible();
    expect(receiver.calls).toHaveLength(1);
    expect(isSigned(receiver.calls[0], secret)).toBe(true);
    expect(JSON.parse(receiver.calls[0].body).kind).toBe('test');

    receiver.state.status = 500;
    await panel.getByRole('button', { name: 'Send a test' }).click();
    await expect(panel).toContainText('The receiver fails, status 500');
    await expect(panel).toContainText('not now');
    await expect(panel).toContainText('Look after the receiver');

    receiver.state.status = 200;
    await servers.revoke('google', MAILBOX);
    await expect.poll(() => receiver.calls.length, { timeout: 20_000 }).toBe(3);
    const lost = receiver.calls[2];
    expect(isSigned(lost, secret)).toBe(true);
    expect(JSON.parse(lost.body)).toMatchObject({ kind: 'expired', account: { address: MAILBOX } });

    await test.step('the last account is lost: the Overview and tocsin doctor say so', async () => {
      await tocsin.report('error', 'Disk 2 failed');
      await page.goto(tocsin.url);
      await expect(page.getByText('Nobody could be told')).toBeVisible();
      await expect(page.getByText('The webhook was told.')).toBeVisible();
      await expect(markBeside(page, 'Service Account and Device Pairing')).toBeAttached();
      const doctor = await tocsin.command(['doctor']);
      expect(doctor.code, doctor.output).toBe(1);
      expect(doctor.output).toContain('could not be sent to anybody');
      expect(doctor.output).toContain(`${MAILBOX}: ${EXPIRED.split('.')[0]}`);
      expect(doctor.output).not.toContain(secret);
    });

    await page.goto(`${tocsin.url}/settings`);
    await panel.getByRole('button', { name: 'Remove webhook' }).click();
    await expect(panel.getByRole('button', { name: 'Set webhook' })).toBeVisible();
    await page.goto(tocsin.url);
    await expect(page.getByRole('link', { name: 'Set a webhook' })).toBeVisible();
  } finally {
    receiver.stop();
  }
});

test('a refused OAuth application is one incident, and clears for all accounts when it is mended', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await addMailbox(page, tocsin, 'google', MAILBOX);
  await addMailbox(page, tocsin, 'google', OWNER);
  await addCustomAccount(page, tocsin, servers, { address: SECOND, port: servers.ports.submissions, security: 'TLS' });
  const { client_secret: before } = servers.google;

  await servers.client('google', { client_secret: 'another secret than Tocsin knows' });

  await servers.waitForMail(ADMIN.address, { subject: 'The OAuth application for Gmail is refused', timeout: 20_000 });
  await page.goto(`${tocsin.url}/accounts`);
  for (const address of [MAILBOX, OWNER]) {
    await expect(accountRow(page, address)).toContainText('signing in again does not help', { timeout: 20_000 });
  }
  await page.goto(tocsin.url);
  await expect(page.getByRole('heading', { name: 'The OAuth application for Gmail is refused' })).toBeVisible();
  await expect(page.getByText('2 accounts cannot send')).toBeVisible();
  await expect(markBeside(page, 'Settings')).toBeAttached();

  await servers.client('google', { client_secret: before });
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await page.goto(`${tocsin.url}/accounts`);
  for (const address of [MAILBOX, OWNER]) {
    await expect(accountRow(page, address)).toContainText('Authorized', { timeout: 20_000 });
  }
  await expect(markBeside(page, 'Settings')).not.toBeAttached();
  const mails = await servers.mail(ADMIN.address);
  expect(mails.filter((mail: { subject: string }) => mail.subject.includes('OAuth application'))).toHaveLength(1);
});
