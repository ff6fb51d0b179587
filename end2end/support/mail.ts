// Hands a mail to the test servers as the outside world does: by SMTP, without signing in.
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Servers } from '../servers/handle.mjs';

type Mail = { from: string; to: string; subject: string; headers?: Record<string, string>; text?: string };

export async function sendMail(servers: Servers, { from, to, subject, headers = {}, text = 'Thanks.' }: Mail): Promise<void> {
  const socket = connect(servers.ports.plain, '127.0.0.1');
  let heard = '';
  socket.on('data', (data) => { heard += data; socket.emit('more'); });
  const reply = async (code: string) => {
    while (!/^\d{3} .*\r\n/m.test(heard)) await once(socket, 'more');
    const said = heard;
    heard = '';
    if (!said.trim().split('\r\n').at(-1)!.startsWith(code)) throw new Error(`the server answered ${said}`);
  };
  const say = (line: string, code: string) => { socket.write(`${line}\r\n`); return reply(code); };
  await reply('220');
  await say('EHLO outside.test', '250');
  await say(`MAIL FROM:<${from}>`, '250');
  await say(`RCPT TO:<${to}>`, '250');
  await say('DATA', '354');
  const all = { From: from, To: to, Subject: subject, 'Message-ID': `<${crypto.randomUUID()}@outside.test>`, ...headers };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}`).join('\r\n');
  await say(`${head}\r\n\r\n${text}\r\n.`, '250');
  socket.destroy();
}
