// Apprise (`mailto://`), as shipped and without the pause that it makes between mails.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { TOOLS } from '../places.mjs';

const PYTHON = join(TOOLS, 'apprise/bin/python');
const PROGRAM = join(import.meta.dirname, 'apprise_send.py');

/** `pace`: `as-shipped` or `unthrottled`. Mails a second, and the sender's resident memory. */
export async function apprise(sink, { count, pace, bodyBytes }) {
  const before = sink.count;
  const { seconds, memory } = JSON.parse(execFileSync(PYTHON, [PROGRAM, sink.port, count, pace, bodyBytes].map(String)));
  await sink.noMoreThan(before + count + 1);
  return { perSecond: count / seconds, memory };
}
