// The story that Tocsin exists for, told once by a browser, against the release build and real servers: the one that
// begins "On a bare machine, run one command". `make run` is that command; here the program is started directly.
import { signInAtProvider } from '../support/provider_page.ts';
import { accountRow, addCustomAccount, addMailbox, ADMIN, editAccount, EXPIRED, makeRule, markBeside, setUp, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

const MAILBOX = 'alice@example.test';
const SECOND = 'bob@example.test';
const RECIPIENT = 'ops@example.test';
const RULE = 'Everything that happens';

test('an authorization expires, and nothing that was reported is lost', async ({ page, servers, tocsin }) => {
  await test.step('create the administrator with the set-up code, tell Tocsin the OAuth application', async () => {
    await setUp(page, tocsin);
    await tellOAuthApplication(page, tocsin, servers, 'google');
  });

  await test.step('add a mailbox by signing in at the provider, and a second account; make a rule', async () => {
    await addMailbox(page, tocsin, 'google', MAILBOX);
    await addCustomAccount(page, tocsin, servers, { address: SECOND, port: servers.ports.submissions, security: 'TLS' });
    await makeRule(page, tocsin, { name: RULE, senders: [MAILBOX], recipients: [RECIPIENT] });
  });
  await page.getByRole('link', { name: `Edit ${RULE}` }).click();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(RULE);
  const ruleUrl = page.url();
  const ruleBefore = await page.getByRole('main').ariaSnapshot();

  await test.step('a program reports an event; the mail arrives', async () => {
    await tocsin.report('error', 'Disk 1 failed');
    const [mail] = await servers.waitForMail(RECIPIENT, { subject: 'Disk 1 failed' });
    expect(mail.from).toBe(MAILBOX);
  });

  await test.step('the owner revokes the grant; Tocsin notices by itself before the next event', async () => {
    await page.goto(`${tocsin.url}/accounts`);
    await expect(accountRow(page, MAILBOX)).toContainText('Authorized');
    expect(await servers.revoke('google', MAILBOX)).toBe(1);
    // The page is not loaded again: it changes while somebody looks at it.
    await expect(accountRow(page, MAILBOX)).toContainText(EXPIRED, { timeout: 20_000 });
    await expect(markBeside(page, 'Service Account and Device Pairing')).toBeAttached();
  });

  await test.step('the admin gets a mail through the second account', async () => {
    const [warning] = await servers.waitForMail(ADMIN.address, { where: (mail) => mail.raw.includes(MAILBOX) });
    expect(warning.from).toBe(SECOND);
    expect(warning.text).toContain('Authorization has expired');
  });

  await test.step('three more events come: they are held; the process is killed and started again meanwhile', async () => {
    await tocsin.report('information', 'Backup finished');
    await tocsin.report('error', 'Disk 2 failed');
    await tocsin.killAndRestart();
    await tocsin.report('warning', 'Volume media is 92 % full');
    await page.goto(`${tocsin.url}/notifications`);
    for (const text of ['Backup finished', 'Disk 2 failed', 'Volume media is 92 % full']) {
      await expect(page.getByRole('row').filter({ hasText: text })).toContainText('Held');
    }
  });
  expect((await servers.mail(RECIPIENT)).map((mail) => mail.subject)).toHaveLength(1);

  await test.step('the admin presses Re-authorization and signs in; all three arrive within two seconds, the most severe first', async () => {
    await editAccount(page, tocsin, MAILBOX);
    await page.getByRole('button', { name: 'Continue with Google' }).click();
    const consents = await signInAtProvider(page, MAILBOX);
    const mails = await servers.waitForMail(RECIPIENT, { count: 4 });
    const held = mails.slice(1);
    expect(held.map((mail) => mail.text.match(/Disk 2|Volume media|Backup/)?.[0])).toEqual(['Disk 2', 'Volume media', 'Backup']);
    expect(held.map((mail) => mail.from)).toEqual([MAILBOX, MAILBOX, MAILBOX]);
    expect(held.at(-1).acceptedAt - consents).toBeLessThan(2_000);
    await expect(page.getByText('Authorized again.')).toBeVisible();
    await expect(markBeside(page, 'Service Account and Device Pairing')).not.toBeAttached();
  });

  await test.step('the rule was never touched', async () => {
    await page.goto(ruleUrl);
    await expect(page.getByLabel('Name', { exact: true })).toHaveValue(RULE);
    // The preview counts what was reported meanwhile; the rule itself stands as it did.
    expect(withoutPreview(await page.getByRole('main').ariaSnapshot())).toBe(withoutPreview(ruleBefore));
  });
});

const withoutPreview = (snapshot: string) => snapshot.split(/^.*Would have caught.*$/m)[0];
