// What the owner of a mailbox does on the provider's own pages.
import { expect, type Page } from '@playwright/test';
import { USERS } from '../servers/users.mjs';

type Decision = { password?: string; without?: RegExp[]; deny?: boolean };

export function passwordOf(address: string): string {
  return USERS.find((user) => user.address === address)!.password;
}

/**
 * Signs in, then allows what is asked, without the scopes whose words fit `without`, or denies it. Answers when that was
 * decided, in milliseconds since the epoch.
 */
export async function signInAtProvider(page: Page, address: string, { password = passwordOf(address), without = [], deny = false }: Decision = {}): Promise<number> {
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.getByLabel('E-mail address').fill(address);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: /wants to access/ })).toBeVisible();
  for (const words of without) await page.getByLabel(words).uncheck();
  const decided = Date.now();
  await page.getByRole('button', { name: deny ? 'Deny' : 'Allow' }).click();
  return decided;
}
