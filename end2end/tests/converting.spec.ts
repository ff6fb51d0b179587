// A Custom account on a public server of Gmail: recognised, converted in place, and turned back, on the real servers.
import { expectAccessible } from '../support/page_checks.ts';
import { signInAtProvider } from '../support/provider_page.ts';
import { accountRow, addCustomAccount, editAccount, makeRule, setUp, tellOAuthApplication } from '../support/steps.ts';
import { expect, test as base } from '../support/test.ts';
import { Tocsin } from '../support/tocsin.ts';

const BOB = 'bob@example.test';
const RULE = 'Everything';

// Here the public server of Gmail is this machine.
const test = base.extend<{ tocsin: Tocsin }>({
  tocsin: async ({ servers }, use, testInfo) => {
    const tocsin = await Tocsin.start(servers, { hosts: ['localhost'] });
    await use(tocsin);
    await testInfo.attach('tocsin.log', { body: tocsin.log, contentType: 'text/plain' });
    await tocsin.stop();
  },
});

for (const script of [true, false]) {
  test.describe(script ? 'with a script' : 'without a script', () => {
    test.use({ javaScriptEnabled: script });

    test('it keeps its rule, sends by the grant, and is turned back within a day', async ({ page, servers, tocsin }) => {
      await setUp(page, tocsin);
      await tellOAuthApplication(page, tocsin, servers, 'google');
      await addCustomAccount(page, tocsin, servers, { address: BOB, port: servers.ports.submissions, security: 'TLS' });
      await makeRule(page, tocsin, { name: RULE, senders: [BOB], recipients: ['ops@example.test'] });

      await page.goto(`${tocsin.url}/accounts`);
      await accountRow(page, BOB).getByRole('link', { name: 'Convert to Gmail' }).click();
      await expect(page.getByText('This is a Gmail mailbox')).toBeVisible();
      await page.getByRole('link', { name: 'Convert to Gmail' }).click();
      await expect(page.getByRole('heading', { name: 'Convert to Gmail' })).toBeVisible();
      const account = page.url().split('/convert')[0];
      if (script) await expectAccessible(page, 'Convert account');
      await page.getByRole('button', { name: 'Continue with Google' }).click();
      await signInAtProvider(page, BOB);
      await expect(page.getByText(/^Converted\./)).toBeVisible();
      expect(page.url().split('?')[0]).toBe(account);
      await page.goto(`${tocsin.url}/accounts`);
      await expect(accountRow(page, BOB)).toContainText('Gmail');
      await tocsin.report('error', 'Disk 1 failed');
      await servers.waitForMail('ops@example.test', { subject: 'Disk 1 failed' });

      await editAccount(page, tocsin, BOB);
      await page.getByRole('button', { name: 'Turn Back to Custom' }).click();
      await expect(page.getByText('Turned back to Custom.')).toBeVisible();
      await tocsin.report('error', 'Disk 2 failed');
      await servers.waitForMail('ops@example.test', { subject: 'Disk 2 failed' });
      await page.goto(`${tocsin.url}/accounts`);
      await expect(accountRow(page, BOB)).toContainText('Custom');
    });
  });
}

test('another mailbox converts nothing, and neither does a consent that is denied', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await addCustomAccount(page, tocsin, servers, { address: BOB, port: servers.ports.submissions, security: 'TLS' });
  for (const [who, deny, says] of [
    ['alice@example.test', false, `You signed in as alice@example.test, but this account is ${BOB}.`],
    [BOB, true, /permission was not given/],
  ] as const) {
    await editAccount(page, tocsin, BOB);
    await page.getByRole('link', { name: 'Convert to Gmail' }).click();
    await page.getByRole('button', { name: 'Continue with Google' }).click();
    await signInAtProvider(page, who, { deny });
    await expect(page.getByText(says)).toBeVisible();
    await page.goto(`${tocsin.url}/accounts`);
    await expect(accountRow(page, BOB)).toContainText('Custom');
  }
});

test('a password that is refused is told of the other way', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await addCustomAccount(page, tocsin, servers, { address: BOB, port: servers.ports.submissions, security: 'TLS' });
  await editAccount(page, tocsin, BOB);
  const section = page.getByRole('region', { name: 'Re-authorization' });
  await section.getByLabel('Password').fill('not-the-password');
  await section.getByRole('button', { name: 'Re-authorization' }).click();
  await expect(page.getByText(/localhost is a mail server of Gmail/)).toBeVisible();
});
