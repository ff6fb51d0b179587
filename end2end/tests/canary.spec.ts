// No log line, page, error, table column or API answer ever contains a password, token, code or client secret that was
// used. What the test server gave out it remembers; everything else is known here.
import { Answers, filesWithSecrets, secretsIn } from '../support/canary.ts';
import { signInAtProvider } from '../support/provider_page.ts';
import { accountRow, addCustomAccount, addMailbox, ADMIN, beginAddingMailbox, editAccount, EXPIRED, makeMachineToken, makeRule, sendCustomAccount, setUp, tellOAuthApplication } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

test('a looked-for secret is found in every spelling', () => {
  const secret = 'pass/word+1';
  const spellings = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')];
  for (const spelling of spellings) expect(secretsIn(`before ${spelling} after`, [secret])).toHaveLength(1);
  expect(secretsIn('before after', [secret])).toEqual([]);
});

test('no secret shows in pages, answers, logs or files', async ({ page, servers, tocsin }) => {
  const answers = new Answers(page.context(), tocsin.url);
  const api: string[] = [];
  await setUp(page, tocsin);

  // Everything that handles secrets, the failures too: they are where secrets slip out.
  await tellOAuthApplication(page, tocsin, servers, 'google', 'a-mistyped-client-secret');
  await beginAddingMailbox(page, tocsin, 'google');
  await signInAtProvider(page, 'alice@example.test');
  await expect(page.getByText('The sign-in changed nothing')).toBeVisible();
  await tellOAuthApplication(page, tocsin, servers, 'google');
  await addMailbox(page, tocsin, 'google', 'alice@example.test');
  await tellOAuthApplication(page, tocsin, servers, 'microsoft');
  await addMailbox(page, tocsin, 'microsoft', 'carol@example.test');
  await sendCustomAccount(page, tocsin, servers, { address: 'bob@example.test', password: 'a-mistyped-password', port: servers.ports.submissions, security: 'TLS' });
  await expect(page.getByRole('alert').filter({ hasText: /\S/ })).toBeVisible();
  await addCustomAccount(page, tocsin, servers, { address: 'bob@example.test', port: servers.ports.submission, security: 'STARTTLS' });
  await makeRule(page, tocsin, { name: 'All', senders: ['alice@example.test', 'bob@example.test'], recipients: ['ops@example.test'] });

  const token = await makeMachineToken(page, tocsin, 'canary');
  const call = async (body: unknown, bearer = token) => {
    const answer = await page.request.post(`${tocsin.url}/api/v1/events`, { data: body, headers: { authorization: `Bearer ${bearer}` } });
    api.push(await answer.text());
    return answer.status();
  };
  expect(await call({ application: 'Canary', severity: 'error', text: 'Disk 2 failed' })).toBe(202);
  expect(await call({ application: 'Canary', severity: 'no such word', text: 'x' })).toBe(422);
  expect(await call({ application: 'Canary', severity: 'error', text: 'x' }, `${token.slice(0, -4)}AAAA`)).toBe(401);
  await servers.waitForMail('ops@example.test', { subject: 'Disk 2 failed' });

  await servers.knobs('google', { tokenFault: { status: 500, body: { error: 'server_error' }, times: 2 } });
  await servers.revoke('google', 'alice@example.test');
  await page.goto(`${tocsin.url}/accounts`);
  await expect(accountRow(page, 'alice@example.test')).toContainText(EXPIRED, { timeout: 30_000 });
  await editAccount(page, tocsin, 'alice@example.test');
  await page.getByRole('button', { name: 'Continue with Google' }).click();
  await signInAtProvider(page, 'alice@example.test');
  await expect(page.getByText('Authorized again.')).toBeVisible();
  for (const path of ['/', '/accounts', '/rules', '/notifications', '/notifications?tab=history', '/settings', '/settings/oauth/gmail', '/settings/oauth/outlook']) await page.goto(tocsin.url + path);
  const session = (await page.context().cookies(tocsin.url)).map((cookie) => cookie.value).find((value) => value.length > 20)!;
  await tocsin.killAndRestart();
  await tocsin.kill('SIGTERM');

  const used = [...(await servers.secrets()), ADMIN.password, 'a-mistyped-client-secret', 'a-mistyped-password', tocsin.setUpCode];
  const machine = [token, session];
  expect(used.length).toBeGreaterThan(10);

  const shown = (await answers.read()).map(({ url, text }) => ({ url: new URL(url).pathname, found: secretsIn(text, used) }));
  expect(shown.length).toBeGreaterThan(20);
  expect(shown.filter(({ found }) => found.length), 'what the browser was sent').toEqual([]);
  expect(secretsIn(api.join('\n'), [...used, ...machine]), 'API answers').toEqual([]);

  const printedCode = tocsin.log.replace(`Set-up code: ${tocsin.setUpCode}`, ''); // printed on purpose, once
  expect(secretsIn(printedCode, [...used, ...machine]), 'the log').toEqual([]);
  expect(await filesWithSecrets(tocsin.data, [...used, ...machine]), 'the data directory').toEqual([]);
  for (const address of ['ops@example.test', ADMIN.address, 'alice@example.test']) {
    const mails = (await servers.mail(address)).map((mail) => mail.raw).join('\n');
    expect(secretsIn(mails, [...used, ...machine]), `mail to ${address}`).toEqual([]);
  }
});
