// Adding an account: every kind of provider, Detect, wrong inputs, default, rules without a sender. With and without a script.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { signInAtProvider } from '../support/provider_page.ts';
import { addCustomAccount, choosePreset, makeRule, sendCustomAccount, setUp, signIn, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';
import type { Tocsin } from '../support/tocsin.ts';

const PROVIDERS = [
  'Gmail', 'Outlook.com', 'Microsoft 365', 'Yahoo', 'AOL', 'iCloud', 'Fastmail', 'Zoho Mail', 'GMX', 'QQ', '163', '126', 'Yandex',
  'Mail.ru', 'Amazon SES', 'SendGrid', 'Mailgun', 'Brevo', 'Custom',
];

/** Opens the window and types an address; without a script, Continue sends it. */
async function typeAddress(page: Page, tocsin: Tocsin, address: string) {
  await page.goto(`${tocsin.url}/accounts/add`);
  await page.getByLabel('Type an email address').fill(address);
  const on = page.getByRole('button', { name: 'Continue', exact: true });
  if (await on.waitFor({ state: 'hidden', timeout: 1000 }).then(() => false, () => true)) await on.click({ timeout: 3000 }).catch(() => {});
}

const picked = (page: Page) => page.getByLabel('Select an e-mail account').locator('option:checked');

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled });

    test('the drop-down holds every provider, and says what each needs and where to get it', async ({ page, tocsin }) => {
      await setUp(page, tocsin);
      await page.goto(`${tocsin.url}/accounts`);
      await page.getByRole('link', { name: '+ Add SMTP Service' }).click();
      await expect(page.getByRole('heading', { name: 'Add SMTP Service' })).toBeVisible();
      const offered = await page.getByLabel('Select an e-mail account').locator('option').allTextContents();
      for (const name of PROVIDERS) expect(offered.map((text) => text.trim())).toContain(name);
      for (const name of ['Yahoo', 'iCloud', 'QQ', 'Amazon SES', 'SendGrid']) {
        await choosePreset(page, tocsin, name);
        await expect(page.getByRole('list').filter({ has: page.locator('.steps > li') }).or(page.locator('ol.steps'))).toBeVisible();
        await expect(page.getByRole('link', { name: `Create it at ${name}` })).toHaveAttribute('href', /^https:/);
        await expect(page.getByRole('link', { name: 'The provider’s own guide' })).toHaveAttribute('href', /^https:/);
      }
    });

    test('an address picks its provider by the domain, and an unknown domain is told what to choose', async ({ page, tocsin }) => {
      await setUp(page, tocsin);
      for (const [address, name] of [['me@googlemail.com', 'Gmail'], ['me@hotmail.co.uk', 'Outlook.com'], ['me@yahoo.com.au', 'Yahoo'], ['me@mac.com', 'iCloud'], ['me@zoho.eu', 'Zoho Mail (Europe)'], ['me@gmx.at', 'GMX']]) {
        await typeAddress(page, tocsin, address);
        await expect(picked(page)).toHaveText(name);
      }
      await expect(page.getByLabel('E-mail address', { exact: true })).toHaveValue('me@gmx.at');
      await typeAddress(page, tocsin, 'nas@company.example');
      await expect(page.getByText('company.example belongs to no provider')).toBeVisible();
      await page.getByRole('link', { name: 'Custom' }).click();
      await expect(picked(page)).toHaveText('Custom');
      await expect(page.getByLabel('E-mail address', { exact: true })).toHaveValue('nas@company.example');
    });

    test('Gmail is added by Add Account and by Type an email address: the sign-in page opens', async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      await choosePreset(page, tocsin, 'Gmail');
      await page.getByRole('link', { name: 'Set up the OAuth application' }).click();
      await tellOAuthApplication(page, tocsin, servers, 'google');
      await choosePreset(page, tocsin, 'Gmail');
      await page.getByRole('button', { name: 'Type an email address' }).click();
      await page.waitForURL((url) => url.origin !== tocsin.url);
      await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
      await choosePreset(page, tocsin, 'Gmail');
      await page.getByRole('button', { name: 'Add Account' }).click();
      await signInAtProvider(page, 'alice@example.test');
      await expect(page.getByText('The account is added')).toBeVisible();
    });

    test('Detect finds the real server, fills the form in, and the account is added, tested and put to use', async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      await makeRule(page, tocsin, { name: 'Nobody sends', senders: [], recipients: ['ops@example.test'] });
      await choosePreset(page, tocsin, 'Custom');
      await page.getByRole('button', { name: 'Detect' }).click();
      await expect(page.getByText('enter the e-mail address or the host first', { exact: false }).or(page.getByText('Enter the e-mail address or the host first'))).toBeVisible();
      await page.getByLabel('E-mail address', { exact: true }).fill('bob@example.test');
      await page.getByLabel('Host').fill('localhost');
      await page.getByLabel('Port').fill(String(servers.ports.submission));
      await page.getByRole('button', { name: 'Detect' }).click();
      await expect(page.getByText(`Found localhost, port ${servers.ports.submission}, with a certificate to look at`)).toBeVisible({ timeout: 20_000 });
      await expect(page.getByText("The server's certificate is signed by nobody this NAS trusts.")).toBeVisible();
      await expect(page.getByLabel('Security')).toHaveValue('starttls');
      await expect(page.getByLabel('E-mail address', { exact: true })).toHaveValue('bob@example.test');
      await page.getByText('Certificate authority of your own (PEM)').first().click();
      const authority = page.getByRole('textbox', { name: 'Certificate authority of your own (PEM)' });
      if (javaScriptEnabled) await page.getByLabel('Take it from a file').setInputFiles(servers.ca);
      else await authority.fill(await readFile(servers.ca, 'utf8'));
      await expect(authority).toHaveValue(/BEGIN CERTIFICATE/);
      await page.getByRole('button', { name: 'Detect' }).click();
      await expect(page.getByText('Encrypted, with a trusted certificate.')).toBeVisible({ timeout: 20_000 });
      await expect(page.getByText(/Sign-in: .*PLAIN/)).toBeVisible();

      await addCustomAccount(page, tocsin, servers, { address: 'bob@example.test', port: servers.ports.submission, security: 'STARTTLS' });
      await expect(page.getByRole('heading', { name: /Send a test/ })).toBeVisible();
      await page.getByLabel('Send the test to').fill('ops@example.test');
      await page.getByRole('button', { name: 'Test Sending' }).click();
      await expect(page.getByText('The test is sent')).toBeVisible();
      await page.getByRole('button', { name: 'Set as default' }).click();
      await expect(page.getByText('This account now sends for rules that have no sender.')).toBeVisible();
      await page.getByRole('checkbox', { name: /Nobody sends, pair 1, to ops@example.test/ }).check();
      await page.getByRole('button', { name: 'Send for the ticked pairs' }).click();
      await expect(page.getByText('The account is now in the sender lists of the ticked pairs')).toBeVisible();
      await page.getByRole('link', { name: 'Finish' }).click();
      await tocsin.report('error', 'Disk 2 failed');
      await servers.waitForMail('ops@example.test', { subject: 'Disk 2 failed' });
    });

    test('the wrong way to encrypt is said within seconds, with what to choose', async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      await sendCustomAccount(page, tocsin, servers, { address: 'bob@example.test', port: servers.ports.submissions, security: 'STARTTLS' });
      await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toContainText('speaks TLS from the first byte', { timeout: 10_000 });
      await expect(page.getByRole('alert').filter({ hasText: /\S/ })).not.toContainText('tried again by itself');
      await expect(page.getByRole('alert').filter({ hasText: /\S/ }).getByRole('link', { name: 'To security' })).toBeVisible();
      await sendCustomAccount(page, tocsin, servers, { address: 'bob@example.test', port: servers.ports.submission, security: 'TLS' });
      await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toContainText('STARTTLS', { timeout: 10_000 });
    });

    test('what was typed wrongly is said beside its field, and nothing is added', async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      const bob = { address: 'bob@example.test', port: servers.ports.submission, security: 'STARTTLS' } as const;
      for (const [change, words] of [
        [{ port: 0 }, 'a port from 1 to 65535'],
        [{ host: 'https://mail.example.test' }, "Enter the mail server's name alone"],
        [{ password: 'wrong' }, 'The server did not accept the user name or the password.'],
        [{ ca: '' }, "The server's certificate is signed by nobody this NAS trusts."],
        [{ senderName: 'x'.repeat(2000) }, 'long'],
      ] as const) {
        await sendCustomAccount(page, tocsin, servers, { ...bob, ...change });
        await expect(page.getByText(words, { exact: false }).first()).toBeVisible({ timeout: 20_000 });
      }
      await page.goto(`${tocsin.url}/accounts`);
      await expect(page.getByText('No account yet')).toBeVisible();
    });

    test('a stored password is asked for again when the host changes', async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      await addCustomAccount(page, tocsin, servers, { address: 'bob@example.test', port: servers.ports.submission, security: 'STARTTLS' });
      await page.getByRole('link', { name: 'All settings of the account' }).click();
      await page.getByLabel('Host').first().fill('127.0.0.1');
      await page.getByRole('button', { name: 'Save' }).first().click();
      await expect(page.getByText('Enter the password again: 127.0.0.1 is not the server')).toBeVisible();
      await page.locator('#sending').getByLabel('Password').fill('bob-secret');
      await page.locator('#sending').getByLabel('Host').fill('127.0.0.1');
      await page.locator('#sending').getByRole('button', { name: 'Save' }).click();
      await expect(page.getByText('Saved.')).toBeVisible();
    });
  });
}

test.describe('app passwords', () => {
  test.beforeEach(async ({ page, servers, tocsin }) => {
    await setUp(page, tocsin);
    // Yahoo means the test server here; its accounts still need what looks like an app password.
    const server = `{ host = "localhost", port = ${servers.ports.submissions}, security = "tls", ca = ${JSON.stringify(servers.ca)} }`;
    await writeFile(join(tocsin.data, 'providers.toml'), `[yahoo]\nsmtp = ${server}\n`);
    await tocsin.killAndRestart();
  });

  test('the shape of a pasted app password is recognised, and the usual password noticed', async ({ page, tocsin }) => {
    await choosePreset(page, tocsin, 'Yahoo');
    await page.getByLabel('E-mail address', { exact: true }).fill('bob@example.test');
    const secret = page.getByLabel('App password');
    await secret.fill('abcd efgh ijkl mnop');
    await expect(page.getByText('It has the right shape.')).toBeVisible();
    await secret.fill('Summer-2026!');
    await expect(page.getByText('Yahoo makes them of 16 letters; this one has 11 characters.')).toBeVisible();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toContainText("The mailbox's usual password does not work here.");
  });

  test('without a script the refusal says so', async ({ browser, tocsin }) => {
    const page = await browser.newPage({ javaScriptEnabled: false });
    await page.goto(tocsin.url);
    await signIn(page);
    await choosePreset(page, tocsin, 'Yahoo');
    await page.getByLabel('E-mail address', { exact: true }).fill('bob@example.test');
    await page.getByLabel('App password').fill('Summer-2026!');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toContainText("The mailbox's usual password does not work here.");
    await page.close();
  });
});
