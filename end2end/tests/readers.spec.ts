// Pages are rendered for several readers at once, whole each time. (A page whose rendering waits for itself answers
// one reader after the other well, and nobody from the first two at a time on.)
import { addCustomAccount, makeRule, setUp } from '../support/steps.ts';
import { expect, test } from '../support/test.ts';

const READERS = 4;
const ROUNDS = 10;

test('every page is answered whole to several readers at once', async ({ page, servers, tocsin }) => {
  await setUp(page, tocsin);
  await addCustomAccount(page, tocsin, servers, { address: 'bob@example.test', port: servers.ports.submissions, security: 'TLS' });
  const account = page.url().replace(/\/start.*/, '');
  await makeRule(page, tocsin, { name: 'Storage alerts', senders: ['bob@example.test'], recipients: ['ops@example.test'] });
  await page.close();
  const session = (await page.context().cookies(tocsin.url)).map(({ name, value }) => `${name}=${value}`).join('; ');

  const pages: [string, string][] = [
    [`${tocsin.url}/`, 'bob@example.test'],
    [`${tocsin.url}/accounts`, 'bob@example.test'],
    [account, 'id="sending"'],
    [`${account}/delete`, 'Delete account'],
    [`${tocsin.url}/rules`, 'Storage alerts'],
    [`${tocsin.url}/notifications`, 'Nothing waits.'],
    [`${tocsin.url}/settings`, 'Audit log'],
  ];
  for (const [url, content] of pages) {
    const read = async () => {
      const answer = await fetch(url, { headers: { cookie: session, accept: 'text/html' }, signal: AbortSignal.timeout(5_000) });
      expect(await answer.text(), url).toContain(content);
    };
    for (let round = 0; round < ROUNDS; round += 1) await Promise.all(Array.from({ length: READERS }, read));
  }
});
