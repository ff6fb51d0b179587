// Before WebAssembly is there, and where scripts are switched off: the same steps by plain form posts.
import { signInAtProvider } from '../support/provider_page.ts';
import { accountRow, addCustomAccount, addMailbox, editAccount, EXPIRED, makeRule, setUp, signIn, signOut, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

test.use({ javaScriptEnabled: false });

test('set-up and sign-in work without a script', async ({ page, tocsin }) => {
  await setUp(page, tocsin);
  await signOut(page);
  await signIn(page, { password: 'not the password' });
  await expect(page.getByRole('alert')).toBeVisible();
  await signIn(page);
  await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
});

test('accounts are added without a script, by a sign-in at the provider and by a password', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await addMailbox(page, tocsin, 'google', 'alice@example.test');
  await addCustomAccount(page, tocsin, servers, { address: 'bob@example.test', port: servers.ports.submission, security: 'STARTTLS' });
});

test('an account is re-authorized and a rule is made without a script', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await addMailbox(page, tocsin, 'google', 'alice@example.test');
  await makeRule(page, tocsin, { name: 'All', senders: ['alice@example.test'], recipients: ['ops@example.test'] });
  await servers.revoke('google', 'alice@example.test');
  await expect(async () => {
    await page.goto(`${tocsin.url}/accounts`);
    await expect(accountRow(page, 'alice@example.test')).toContainText(EXPIRED, { timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await tocsin.report('error', 'Disk 2 failed');
  await editAccount(page, tocsin, 'alice@example.test');
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  await signInAtProvider(page, 'alice@example.test');
  await expect(page.getByText('Authorized again.')).toBeVisible();
  await servers.waitForMail('ops@example.test', { subject: 'Disk 2 failed' });
});
