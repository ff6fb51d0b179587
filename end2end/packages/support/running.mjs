// A Tocsin that a package started, seen from the same machine.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** By the file that tells local programs where it is. */
export async function door(data) {
  return JSON.parse(await readFile(join(data, 'report.json'), 'utf8'));
}

/** Whether it answers. */
export async function answers(data) {
  const { url } = await door(data);
  const answer = await fetch(`${url}/healthz`);
  return answer.ok;
}

/**
 * Reports an event under a key, and returns whether one was reported under that key before: so it tells whether the
 * database is still the same.
 */
export async function reportedBefore(data, key) {
  const { url, token } = await door(data);
  const answer = await fetch(`${url}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': key },
    body: JSON.stringify({ application: 'Storage', severity: 'warning', text: 'Disk 2 is warm' }),
  });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return (await answer.json()).repeated;
}
