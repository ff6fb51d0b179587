// "Bad input, and what it gets", as far as a person meets it in the pages and at the command line: each says what
// happened and what to change, and changes nothing.
import type { Page } from '@playwright/test';
import { readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Servers } from '../servers/handle.mjs';
import { freePorts } from '../servers/ports.mjs';
import { signInAtProvider } from '../support/provider_page.ts';
import { accountRow, addMailbox, beginAddingMailbox, editAccount, sendCustomAccount, setUp, signIn, signOut, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import { Tocsin } from '../support/tocsin.ts';

const BOB = 'bob@example.test';

async function expectNoAccount(page: Page, tocsin: Tocsin) {
  await page.goto(`${tocsin.url}/accounts`);
  await expect(page.getByText('No account yet')).toBeVisible();
}

const refusal = (page: Page) => page.getByRole('alert').filter({ hasText: /\S/ }).first();

type Row = { what: string; account: (servers: Servers) => Partial<Parameters<typeof sendCustomAccount>[3]>; says: RegExp; change: RegExp };

const REFUSED_SERVERS: Row[] = [
  { what: 'an unknown host', account: () => ({ host: 'smtp.nowhere.invalid' }), says: /no server of this name/i, change: /check the server's name/i },
  { what: 'plain text where TLS is expected', account: ({ ports }) => ({ port: ports.submission, security: 'None' }), says: /does not offer/i, change: /use the port for submission with encryption/i },
  { what: 'TLS where STARTTLS is expected', account: ({ ports }) => ({ port: ports.submission }), says: /encryption could not be agreed on/i, change: /check the TLS mode and the port/i },
  { what: 'STARTTLS where there is none', account: ({ ports }) => ({ port: ports.plain, security: 'STARTTLS' }), says: /does not offer encryption/i, change: /check the TLS mode and the port/i },
  { what: 'an expired certificate', account: ({ ports }) => ({ port: ports.expired }), says: /certificate has expired/i, change: /certificate renewed/i },
  { what: "another host's certificate", account: ({ ports }) => ({ port: ports.foreign }), says: /certificate is for another name/i, change: /check the server's name/i },
  { what: 'a certificate of an unknown authority', account: ({ ports }) => ({ port: ports.unknown }), says: /signed by nobody/i, change: /add the server's certificate or its authority/i },
  { what: 'a wrong password', account: () => ({ password: 'not-the-password' }), says: /did not accept the user name or the password/i, change: /enter the mailbox's user name and password again/i },
];

test.describe('a mail server that refuses', () => {
  for (const { what, account, says, change } of REFUSED_SERVERS) {
    test(`${what} is named, and no account is added`, async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      await sendCustomAccount(page, tocsin, servers, { address: BOB, port: servers.ports.submissions, security: 'TLS', ...account(servers) });
      await expect(refusal(page)).toContainText(says);
      await expect(refusal(page)).toContainText(change);
      await expect(page.getByLabel('E-mail address')).toHaveValue(BOB);
      await expectNoAccount(page, tocsin);
    });
  }

  test('a wrong port is named, and no account is added', async ({ page, servers, tocsin }) => {
    const { nobody } = await freePorts(['nobody']);
    await setUp(page, tocsin);
    await sendCustomAccount(page, tocsin, servers, { address: BOB, port: nobody, security: 'TLS' });
    await expect(refusal(page)).toContainText(/nothing answers at this host and port/i);
    await expectNoAccount(page, tocsin);
  });
});

test('a malformed address is refused by the browser, and by the server where the browser lets it pass', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await sendCustomAccount(page, tocsin, servers, { address: 'bob@@example', password: 'bob-secret', port: servers.ports.submissions, security: 'TLS' });
  const address = page.getByLabel('E-mail address');
  expect(await address.evaluate((input: HTMLInputElement) => input.validity.valid)).toBe(false);
  await address.evaluate((input: HTMLInputElement) => { input.form!.noValidate = true; });
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByLabel('E-mail address')).toHaveAttribute('aria-invalid', 'true');
  await expectNoAccount(page, tocsin);
});

test('a line break in a field that reaches a header is refused', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  for (const [field, value] of [['sender_name', 'NAS\r\nBcc: eve@example.test'], ['address', 'bob@example.test\r\nBcc: eve@example.test']]) {
    const form: Record<string, string> = {
      'form[provider]': 'custom', 'form[address]': BOB, 'form[secret]': 'bob-secret', 'form[host]': 'localhost',
      'form[port]': String(servers.ports.plain), 'form[security]': 'none', [`form[${field}]`]: value,
    };
    const answer = await page.request.post(`${tocsin.url}/api/accounts/add`, { form, headers: { origin: tocsin.url }, maxRedirects: 0 });
    expect(answer.ok(), await answer.text()).toBe(false);
  }
  await expectNoAccount(page, tocsin);
});

test.describe('a sign-in at the provider', () => {
  test.beforeEach(async ({ page, servers, tocsin }) => {
    await setUp(page, tocsin);
    await tellOAuthApplication(page, tocsin, servers, 'google');
  });

  test('that is denied adds nothing and says so', async ({ page, tocsin }) => {
    await beginAddingMailbox(page, tocsin, 'google');
    await signInAtProvider(page, BOB, { deny: true });
    await expect(page.getByText('The sign-in changed nothing')).toBeVisible();
    await expect(page.getByRole('main')).toContainText(/denied|not agree|did not allow/i);
    await expectNoAccount(page, tocsin);
  });

  test('without the mail scope adds nothing and says which box to leave ticked', async ({ page, tocsin }) => {
    await beginAddingMailbox(page, tocsin, 'google');
    await signInAtProvider(page, BOB, { without: [/delete all your e-mail/] });
    await expect(page.getByText('The sign-in changed nothing')).toBeVisible();
    await expect(page.getByRole('main')).toContainText(/box|permission|scope/i);
    await expectNoAccount(page, tocsin);
  });

  test('that comes back a second time, or with a state that nobody gave out, adds nothing', async ({ page, tocsin }) => {
    await beginAddingMailbox(page, tocsin, 'google');
    const back = page.waitForRequest(/\/oauth\/callback\?/);
    await signInAtProvider(page, BOB);
    const url = (await back).url();
    await expect(page.getByText('The account is added')).toBeVisible();
    await page.goto(url);
    await expect(page.getByText('The sign-in changed nothing')).toBeVisible();
    await page.goto(url.replace(/state=[^&]+/, 'state=made-up'));
    await expect(page.getByText('The sign-in changed nothing')).toBeVisible();
    await page.goto(`${tocsin.url}/accounts`);
    await expect(accountRow(page, BOB)).toHaveCount(1);
  });

  test('as another mailbox than the one to re-authorize names both and changes nothing', async ({ page, tocsin }) => {
    await addMailbox(page, tocsin, 'google', BOB);
    await editAccount(page, tocsin, BOB);
    await page.getByRole('button', { name: 'Continue with Google' }).click();
    await signInAtProvider(page, 'alice@example.test');
    await expect(page.getByText('The sign-in changed nothing')).toBeVisible();
    await expect(page.getByRole('main')).toContainText('alice@example.test');
    await expect(page.getByRole('main')).toContainText(BOB);
    await page.goto(`${tocsin.url}/accounts`);
    await expect(accountRow(page, BOB)).toContainText('Authorized');
  });
});

test('an OAuth application with a wrong secret is named as what is at fault', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, 'google', 'not-the-client-secret');
  await beginAddingMailbox(page, tocsin, 'google');
  await signInAtProvider(page, BOB);
  await expect(page.getByText('The sign-in changed nothing')).toBeVisible();
  await expect(page.getByRole('main')).toContainText(/client secret/i);
  await expectNoAccount(page, tocsin);
});

test('a wrong password at sign-in is answered without telling which of the two is wrong', async ({ page, tocsin }) => {
  await setUp(page, tocsin);
  await signOut(page);
  await signIn(page, { password: 'not the password' });
  await expect(refusal(page)).toContainText(/name or (the )?password/i);
});

test('a second process on the same data is refused', async ({ tocsin }) => {
  const { code, output } = await tocsin.command(['serve', '--data', tocsin.data, '--listen', '127.0.0.1:0']);
  expect(code).not.toBe(0);
  expect(output).toMatch(/already|another|in use/i);
});

test('a lost key file is named at the next start, and bringing it back is enough', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await addMailbox(page, tocsin, 'google', BOB);
  await tocsin.kill();
  const key = (await readdir(tocsin.data)).find((name) => /key/.test(name))!;
  await rename(join(tocsin.data, key), join(tocsin.data, 'elsewhere'));
  const { code, output } = await tocsin.command(['serve', '--data', tocsin.data, '--listen', '127.0.0.1:0']);
  expect(code).not.toBe(0);
  expect(output).toMatch(/key/i);
  expect(output).toMatch(/--new-key/);
  await rename(join(tocsin.data, 'elsewhere'), join(tocsin.data, key));
  await tocsin.run(new URL(tocsin.url).host);
  await page.goto(`${tocsin.url}/accounts`);
  await expect(accountRow(page, BOB)).toContainText('Authorized');
});
