// Before WebAssembly is there, and where scripts are switched off: the same steps by plain form posts.
import { addCustomAccount, addMailbox, setUp, signIn, signOut, tellOAuthApplication } from '../support/steps.ts';
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
