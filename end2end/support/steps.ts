// What an administrator does in Tocsin's pages: one function a thing that a person would name. Everything is found by
// its role and words, so the same steps serve with and without JavaScript.
import { readFile } from 'node:fs/promises';
import { expect, type Locator, type Page } from '@playwright/test';
import type { Servers } from '../servers/handle.mjs';
import { passwordOf, signInAtProvider } from './provider_page.ts';
import type { Tocsin } from './tocsin.ts';

export const ADMIN = { name: 'admin', address: 'carol@example.test', password: 'a long administrator password' };

export const EXPIRED = 'Authorization has expired. Reauthorize the account.';

export const PRESETS = {
  google: { key: 'gmail', name: 'Gmail', family: 'Google' },
  microsoft: { key: 'outlook', name: 'Outlook.com', family: 'Microsoft' },
} as const;
export type Family = keyof typeof PRESETS;

/** Creates the administrator with the set-up code, who is signed in from then on. */
export async function setUp(page: Page, tocsin: Tocsin) {
  await page.goto(tocsin.url);
  await expect(page).toHaveURL(/\/setup$/);
  await page.getByLabel('Set-up code').fill(tocsin.setUpCode);
  await page.getByLabel('User name').fill(ADMIN.name);
  await page.getByLabel('E-mail address').fill(ADMIN.address);
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
}

export async function signOut(page: Page) {
  await page.getByRole('button', { name: 'Sign out' }).or(page.getByRole('link', { name: 'Sign out' })).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
}

/** Fills in the sign-in form on the page, and sends it. */
export async function signIn(page: Page, { password = ADMIN.password } = {}) {
  await page.getByLabel('User name').fill(ADMIN.name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

/** Tells Tocsin the OAuth application, and the provider the redirect URIs that the page names. */
export async function tellOAuthApplication(page: Page, tocsin: Tocsin, servers: Servers, family: Family, secret?: string) {
  await page.goto(`${tocsin.url}/settings/oauth/${PRESETS[family].key}`);
  const named = await page.getByLabel(/Redirect URI/).all();
  const redirectUris = await Promise.all(named.map((field) => field.inputValue()));
  const { client_id, client_secret } = await servers.client(family, { redirect_uris: redirectUris });
  await page.getByLabel('Client ID').fill(client_id);
  await page.getByLabel('Client secret', { exact: true }).fill(secret ?? client_secret);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved. The next sign-in uses it.')).toBeVisible();
}

/** Opens the window Add SMTP Service and chooses a provider; without a script a button leads on. */
export async function choosePreset(page: Page, tocsin: Tocsin, name: string) {
  await page.goto(`${tocsin.url}/accounts`);
  await page.getByRole('link', { name: 'Add SMTP Service' }).first().click();
  await page.getByLabel('Select an e-mail account').selectOption({ label: name });
  const on = page.getByRole('button', { name: 'Continue', exact: true });
  if (await on.waitFor({ state: 'hidden', timeout: 1000 }).then(() => false, () => true)) {
    await on.click({ timeout: 3000 }).catch(() => {}); // the script was later than we
  }
}

/** Goes as far as the provider's sign-in page. */
export async function beginAddingMailbox(page: Page, tocsin: Tocsin, family: Family) {
  await choosePreset(page, tocsin, PRESETS[family].name);
  await page.getByRole('button', { name: 'Add Account' }).click();
}

/** Adds a mailbox by signing in at the provider. */
export async function addMailbox(page: Page, tocsin: Tocsin, family: Family, address: string) {
  await beginAddingMailbox(page, tocsin, family);
  await signInAtProvider(page, address);
  await expect(page.getByText('The account is added')).toBeVisible();
}

type CustomAccount = { address: string; port: number; security: 'TLS' | 'STARTTLS' | 'None'; host?: string; password?: string; user?: string; senderName?: string; ca?: string };

/** Fills in the form of a Custom account, and sends it. `ca` is a file; none is given where it is empty. */
export async function sendCustomAccount(page: Page, tocsin: Tocsin, servers: Servers, account: CustomAccount) {
  const { address, port, security, host = 'localhost', password = passwordOf(address), user, senderName, ca = servers.ca } = account;
  await choosePreset(page, tocsin, 'Custom');
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Host').fill(host);
  await page.getByLabel('Port').fill(String(port));
  await page.getByLabel('Security').selectOption({ label: security });
  if (user) await page.getByLabel('User name').fill(user);
  if (senderName) await page.getByLabel('Sender name').fill(senderName);
  if (ca) {
    const authority = page.getByRole('textbox', { name: 'Certificate authority of your own (PEM)' });
    if (!(await authority.isVisible())) await page.getByText('Certificate authority of your own (PEM)').first().click();
    await authority.fill(await readFile(ca, 'utf8'));
  }
  await page.getByRole('button', { name: 'Sign in' }).or(page.getByRole('button', { name: 'Add Account' })).click();
}

/** Adds a mailbox by its password. */
export async function addCustomAccount(page: Page, tocsin: Tocsin, servers: Servers, account: CustomAccount) {
  await sendCustomAccount(page, tocsin, servers, account);
  await expect(page.getByText('The account is added')).toBeVisible();
}

export function accountRow(page: Page, address: string): Locator {
  return page.getByRole('row').filter({ hasText: address });
}

/** Opens the window Edit SMTP Service Account. */
export async function editAccount(page: Page, tocsin: Tocsin, address: string) {
  await page.goto(`${tocsin.url}/accounts`);
  await page.getByRole('link', { name: `Edit ${address}` }).click();
  await expect(page.getByRole('heading', { name: 'Re-authorization', exact: true })).toBeVisible();
}

type AlertRule = { name: string; severities?: string[]; senders: string[]; recipients: string[] };

/** Makes an alert notification rule with one pair. */
export async function makeRule(page: Page, tocsin: Tocsin, { name, severities = ['Information', 'Warning', 'Error'], senders, recipients }: AlertRule) {
  await page.goto(`${tocsin.url}/rules`);
  await page.getByRole('link', { name: 'Add an alert notification rule' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  for (const severity of ['Information', 'Warning', 'Error']) {
    await page.getByRole('checkbox', { name: severity }).setChecked(severities.includes(severity));
  }
  for (const sender of senders) {
    await page.getByLabel('Add sender', { exact: true }).selectOption({ label: sender });
    await page.getByRole('button', { name: 'Add sender' }).click();
    await expect(page.getByRole('list', { name: /Senders/ })).toContainText(sender);
  }
  await page.getByRole('textbox', { name: 'Recipients' }).fill(recipients.join(', '));
  await page.getByRole('button', { name: 'Save rule' }).click();
  await expect(page.getByText('The rule is saved.')).toBeVisible();
}

/** The red mark beside an entry of the navigation. */
export function markBeside(page: Page, entry: string): Locator {
  return page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: entry }).getByText('needs somebody');
}

/** Makes a machine token that may report events; answers it as it is shown, once. */
export async function makeMachineToken(page: Page, tocsin: Tocsin, name: string): Promise<string> {
  await page.goto(`${tocsin.url}/settings`);
  const form = page.locator('form').filter({ has: page.getByRole('button', { name: 'Make token' }) });
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('May').selectOption({ label: 'report events' });
  await form.getByRole('button', { name: 'Make token' }).click();
  await expect(page.getByText('Copy the new token now')).toBeVisible();
  return (await page.getByRole('main').innerHTML()).match(/tocsin_[\w-]+/)![0];
}
