// Signing in at a provider where it cannot send a browser back to Tocsin: by a code, and by pasting the address.
import { expect, type Page } from '@playwright/test';
import { passwordOf, signInAtProvider } from './provider_page.ts';

/** Types the code that Tocsin's page shows on the provider's page, in a tab of its own, and signs in or declines there. */
export async function signInByCode(page: Page, address: string, { deny = false } = {}) {
  const code = await page.locator('code').first().innerText();
  const href = await page.getByRole('link', { name: /devicelogin/ }).getAttribute('href');
  const tab = await page.context().newPage();
  await tab.goto(href!);
  await tab.getByLabel('Code').fill(code);
  await tab.getByRole('button', { name: 'Next' }).click();
  await tab.getByRole('button', { name: 'Continue' }).click();
  await signInAtProvider(tab, address, { password: passwordOf(address), deny });
  if (!deny) await expect(tab.getByRole('heading', { name: 'Done' })).toBeVisible();
  await tab.close();
}

/** Opens the provider's page by the link of Tocsin's, signs in or declines; answers the address that the browser ends at. */
export async function addressAfterSignIn(page: Page, address: string, { deny = false } = {}): Promise<string> {
  const href = await page.getByRole('link', { name: /Continue with/ }).getAttribute('href');
  const tab = await page.context().newPage();
  const end = tab.waitForRequest((request) => /:8726\/oauth\/callback/.test(request.url()));
  await tab.goto(href!);
  await signInAtProvider(tab, address, { deny });
  const url = (await end).url();
  await tab.close();
  return url;
}
