// nodemailer with its pool, nothing durable: how fast a Node program hands mails to a server.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const PROGRAM = join(import.meta.dirname, 'nodemailer_send.mjs');

/** Mails a second until the sink has the last, and the sender's resident memory. */
export async function nodemailer(sink, { count, connections, bodyBytes }) {
  const before = sink.count;
  const sending = promisify(execFile)(process.execPath, [PROGRAM, sink.port, count, connections, bodyBytes].map(String));
  const [{ stdout }, arrived] = await Promise.all([sending, sink.when(before + count)]);
  const { began, memory } = JSON.parse(stdout);
  // The two processes' clocks have their origins in common terms: the time of day.
  const seconds = (arrived + performance.timeOrigin - began) / 1000;
  return { perSecond: count / seconds, memory };
}
